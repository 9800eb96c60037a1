"""What the pages of invoicing share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import InProgress, NotFound
from accounts.services.idempotency import Answer, carry_out
from accounts.web.base import DashboardMixin
from invoicing.models import Invoice, InvoiceQuerySet

UNPROCESSABLE = 422  # the status of a form that is shown again, which htmx swaps in too


@dataclass(frozen=True, slots=True)
class Link:
    """Where a person can go on."""

    url: str
    label: str


class InvoicePage(DashboardMixin):
    """A page about invoices of the business that is looked at."""

    nav_active = "invoices"

    def invoices(self) -> InvoiceQuerySet:
        """Return the invoices of the business."""
        return Invoice.objects.for_actor(self.actor).filter(business=self.business)

    def invoice_or_404(self, pk: str) -> Invoice:
        """Return one invoice of the business. Raises ``NotFound``."""
        invoice = self.invoices().select_related("client", "parent").filter(pk=pk).first()
        if invoice is None:
            raise NotFound
        invoice.business = self.business
        return invoice

    def page(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Render a page of this app."""
        return render(self.request, template, self.get_context_data(**context), status=status)

    def once(self, act: Callable[[], str], *, otherwise: str) -> HttpResponse:
        """Carry out what a form orders and go where ``act`` says; the same form sent twice is carried out once.

        ``otherwise`` is where the second one goes while the first still runs.
        """
        posted = self.request.POST
        if not posted.get("once"):
            return redirect(act())
        digest = self.order_digest()
        try:
            answer = carry_out(
                actor_key=self.actor.key,
                key=f"page:{digest}",
                fingerprint=digest,
                at=timezone.now(),
                act=lambda: Answer(302, "", {"Location": act()}),
            )
        except InProgress:
            messages.info(self.request, _("This is being done already."))
            return redirect(otherwise)
        return redirect(answer.headers["Location"])

    def order_digest(self) -> str:
        """Return what names the order that a form gives: the same form with other content is another one."""
        posted = self.request.POST
        content = sorted((name, values) for name, values in posted.lists() if name != "csrfmiddlewaretoken")
        return hashlib.sha256(repr((self.request.path, content)).encode()).hexdigest()


def detail_url(invoice: Invoice) -> str:
    """Return the page of an invoice."""
    return reverse("invoicing:invoice_detail", args=[invoice.pk])


def edit_url(invoice: Invoice) -> str:
    """Return the page on which an invoice is written."""
    return reverse("invoicing:invoice_edit", args=[invoice.pk])
