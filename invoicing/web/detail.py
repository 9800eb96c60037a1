"""One invoice: as it prints, how it stands, what happened, and what can be done now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Permission, QueueState
from accounts.identifiers import new_token
from accounts.models import Delivery
from invoicing.choices import PaymentMethod
from invoicing.domain.lifecycle import Status, claims, status, today
from invoicing.models import Artifact, Invoice, InvoiceQuerySet, Payment
from invoicing.queries import refunds_of
from invoicing.queries.mails import mails_about
from invoicing.services.issuing import Preview, preview_invoice
from invoicing.services.papers import pdf_of
from invoicing.services.printing import public_url
from invoicing.web.base import InvoicePage
from invoicing.web.files import Sheets, edition, sheets_of
from invoicing.web.forms import PaymentForm, amount_text
from invoicing.web.offers import cancelling, head_of, offers_of
from invoicing.web.paper import paper_of
from invoicing.web.timeline import is_under_way, timeline

FROZEN_SENTENCE = gettext_lazy("An issued invoice cannot be changed. To correct it, issue a credit note.")
MANY_LINES: Final = 60  # a draft with more is drawn after its page has come
MOST_LOOKS: Final = 14  # how often a page looks by itself whether something is done; some three minutes in all
FIRST_WAIT: Final = 1.0  # seconds
LONGEST_WAIT: Final = 20.0


@dataclass(frozen=True, slots=True)
class Progress:
    """What is under way, and when the page looks again; ``look`` counts from 1."""

    sheets: Sheets | None
    under_way: bool
    look: int = 0

    @property
    def wait(self) -> str:
        """How long until the next look, as htmx takes it; each wait is longer than the last."""
        return f"{min(FIRST_WAIT * 1.35**self.look, LONGEST_WAIT):.1f}s"

    @property
    def goes_on(self) -> bool:
        """Whether the page looks again."""
        return self.under_way and self.look < MOST_LOOKS


class InvoiceDetail(InvoicePage):
    """The page of one invoice. Upper apps may add to it."""

    template_name = "invoicing/invoice_detail.html"

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show it."""
        invoice = self.invoice_or_404(pk)
        return self.page(self.template_name, self.shown(invoice, at=timezone.now()))

    def shown(self, invoice: Invoice, *, at: datetime) -> dict[str, Any]:
        """Return what the page shows."""
        lines = list(invoice.lines.all())
        preview = self.preview(invoice) if invoice.is_draft else None
        context = self.standing(invoice, at=at, is_long=len(lines) > MANY_LINES)
        deliveries, owed = context["deliveries"], claims(invoice)
        was_sent = bool(invoice.sent_at or any(mail.state != QueueState.FAILED for mail in deliveries))
        may_write = self.actor.may(self.business.pk, Permission.WRITE)
        offers = offers_of(invoice, was_sent=was_sent) if may_write else {}
        able = {name for name, offer in offers.items() if not offer.reason}
        return (
            context
            | self.neighbours(invoice)
            | {
                "paper": paper_of(invoice, lines=lines),
                "payments": payments_of(invoice),
                "notes": list(invoice.notes_to_it.order_by("created_at", "id")),
                "is_claim": owed,
                "settled_percent": settled_percent(invoice),
                "days": days_left(invoice, at=at) if invoice.amount_due else None,
                "public_url": "" if invoice.is_draft else public_url(invoice),
                "stops": stops_of(preview) if preview else [],
                "warnings": [warning["detail"] for warning in (preview.warnings if preview else invoice.warnings)],
                "was_sent": was_sent,
                "may_write": may_write,
                "offers": list(offers.values()),
                "able": able,
                "head": head_of(offers, is_late=context["status"] == Status.OVERDUE),
                "cancelling": cancelling(invoice) if "cancel" in able else None,
                "payment_form": payment_form(invoice) if "pay" in able else None,
                "frozen_sentence": FROZEN_SENTENCE,
                "once": new_token(16),
            }
        )

    def standing(self, invoice: Invoice, *, at: datetime, is_long: bool = False, look: int = 0) -> dict[str, Any]:
        """Return what of the page changes by itself: state, mails, timeline and the pictures of the PDF."""
        mails = deliveries_of(invoice)
        deliveries = [mail for mail in mails if mail.topic == "invoice"]
        sheets = None if is_long and invoice.is_draft else self.sheets(invoice)
        failed = deliveries[0] if deliveries and deliveries[0].state == QueueState.FAILED else None
        under_way = sheets is None or any(is_under_way(mail, at=at) for mail in mails)
        return {
            "invoice": invoice,
            "status": status(invoice, at=at).value,
            "deliveries": deliveries,
            "events": timeline(invoice, deliveries=mails),
            "failed_mail": failed,
            "progress": Progress(sheets, under_way, look),
            "edition": edition(invoice),
        }

    def sheets(self, invoice: Invoice) -> Sheets | None:
        """Return the pages of the PDF; None while the worker makes it."""
        if not invoice.is_draft and not invoice.pdf_key:
            rows = Artifact.objects.filter(invoice=invoice, kind="pdf")
            if rows.filter(state__in=(QueueState.QUEUED, QueueState.RUNNING), attempts__lte=1).exists():
                return None
        return sheets_of(pdf_of(invoice))

    def neighbours(self, invoice: Invoice) -> dict[str, str]:
        """Return the addresses of the documents before and after it in the list, the newest first."""
        when, pk = invoice.created_at, invoice.pk
        newer = self.invoices().filter(Q(created_at__gt=when) | Q(pk__gt=pk), created_at__gte=when)
        older = self.invoices().filter(Q(created_at__lt=when) | Q(pk__lt=pk), created_at__lte=when)
        return {
            "newer_url": first_url(newer.order_by("created_at", "id")),
            "older_url": first_url(older.order_by("-created_at", "-id")),
        }

    def preview(self, invoice: Invoice) -> Preview:
        """Ask the service what would stop a draft from being issued."""
        copy = self.invoice_or_404(invoice.pk)
        return preview_invoice(actor=self.actor, business=self.business, data={}, at=timezone.now(), invoice=copy)


class InvoiceProgress(InvoiceDetail):
    """The parts of the page that change by themselves, asked for while something is under way."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Return them, with when to look again."""
        asked = request.GET.get("look", "")
        look = min(int(asked), MOST_LOOKS) if asked.isascii() and asked.isdecimal() else 1
        context = self.standing(self.invoice_or_404(pk), at=timezone.now(), look=look)
        context |= {
            "may_write": self.actor.may(self.business.pk, Permission.WRITE),
            "redraw": context["progress"].sheets is not None and "drawn" not in request.GET,
        }
        return render(request, "invoicing/invoice_progress.html", context)


def first_url(rows: InvoiceQuerySet) -> str:
    """Return the page of the first of some documents, or nothing."""
    pk = rows.values_list("pk", flat=True).first()
    return reverse("invoicing:invoice_detail", args=[pk]) if pk else ""


def payments_of(invoice: Invoice) -> list[dict[str, Any]]:
    """Return what was received and, of each payment, what went back and is left."""
    payments = list(Payment.objects.filter(invoice=invoice).order_by("-received_at", "-id"))
    refunds = refunds_of([payment.pk for payment in payments]) if payments else {}
    shown = []
    for payment in payments:
        returned = sum((row["amount"] for row in refunds[payment.pk]), Decimal(0))
        shown.append(
            {
                "payment": payment,
                "refunds": [row | {"minus": -row["amount"]} for row in refunds[payment.pk]],
                "method": dict(PaymentMethod.choices).get(payment.method, payment.method),
                "returned": returned,
                "left": payment.amount - returned,
            }
        )
    return shown


def settled_percent(invoice: Invoice) -> str:
    """Return how much of an invoice is settled, 0 to 100 with a point, for the bar."""
    if not invoice.total:
        return "100"
    settled = (invoice.amount_paid + invoice.amount_credited) * 100 / invoice.total
    return str(min(settled, Decimal(100)).to_integral_value(ROUND_DOWN))


def days_left(invoice: Invoice, *, at: Any) -> int | None:
    """Return the days until the due date, negative once it is over."""
    if invoice.due_date is None:
        return None
    return (invoice.due_date - today(invoice.business.timezone, at=at)).days


def stops_of(preview: Preview) -> list[dict[str, str]]:
    """Return what stands in the way of issuing a draft, each with where to mend it."""
    stops = []
    for name, sentences in preview.stops.items():
        if name.startswith("business."):
            link = {"url": reverse("accounts:settings_business"), "action": _("Settings")}
        elif name.startswith("client") and preview.invoice.client_id:
            link = {"url": reverse("clients:client_edit", args=[preview.invoice.client_id]), "action": _("Edit client")}
        else:
            link = {"url": reverse("invoicing:invoice_edit", args=[preview.invoice.pk]), "action": _("Edit")}
        stops += [{"text": str(sentence), **link} for sentence in sentences]
    return stops


def deliveries_of(invoice: Invoice) -> list[Delivery]:
    """Return the mails about an invoice, the last one first."""
    return list(mails_about(invoice).defer("text", "html").order_by("-created_at", "-id"))


def payment_form(invoice: Invoice) -> PaymentForm:
    """Return the form for a payment: of all that is due, today, by transfer."""
    zone_today = today(invoice.business.timezone, at=timezone.now())
    form = PaymentForm(
        initial={
            "amount": amount_text(invoice.amount_due, invoice.currency),
            "method": PaymentMethod.BANK_TRANSFER.value,
            "received_at": zone_today,
        }
    )
    form.address_to(invoice.client_email)
    return form
