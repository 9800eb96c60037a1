"""What the client will get of an invoice that is being written, beside its PDF: the mail and the public page."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from accounts.templatetags.ui import regional_language
from invoicing.domain.snapshot import seller_name, seller_of
from invoicing.services.issuing import Preview
from invoicing.web.detail import days_left
from invoicing.web.editor import EditorPage, taxes_of
from invoicing.web.mail_preview import mail_preview

NO_CONTENT: Final = 204


class Side(EditorPage):
    """A part of the page that shows what is typed so far; nothing where there is nothing to show."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        preview, _refusals = self.preview_so_far(self.editor_sent())
        return HttpResponse(status=NO_CONTENT) if preview is None else self.shown(preview)

    def shown(self, preview: Preview) -> HttpResponse:
        """Return the part."""
        raise NotImplementedError


class InvoiceAsMail(Side):
    """The mail that brings it."""

    def shown(self, preview: Preview) -> HttpResponse:
        """Return the mail in the words it has by default."""
        return HttpResponse(mail_preview(preview.invoice, at=timezone.now()))


class InvoiceAsPage(Side):
    """The page on which it is paid, in its own language."""

    def shown(self, preview: Preview) -> HttpResponse:
        """Return what stands at the top of the page."""
        invoice, seller = preview.invoice, seller_of(self.business)
        with translation.override(regional_language(invoice.language, self.business.country)):
            context = {
                "invoice": invoice,
                "seller_name": seller_name(seller, invoice.language),
                "bank_details": seller["bank_details"],
                "days": days_left(invoice, at=timezone.now()),
                "lines": [(line, line.subtotal - line.discount_amount) for line in preview.lines],
                "taxes": taxes_of(preview),
                "minus_discount": -invoice.discount_amount,
            }
            return render(self.request, "invoicing/editor_pay.html", context)
