"""Files of one invoice: its PDF, its pages as pictures, the receipts of its payments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from accounts.errors import NotFound
from accounts.ratelimits import enforce
from invoicing.models import Invoice, Payment
from invoicing.pdf.picture import page_png
from invoicing.services import receipts
from invoicing.services.papers import file_name, pdf_of
from invoicing.web.base import InvoicePage

PICTURE_WIDTH: Final = 1240  # pixels; A4 at 150 dots an inch
PICTURE_AGE: Final = 600  # seconds
MOST_PICTURES: Final = 20  # of one document; the rest is in the PDF
A4: Final = (595, 842)  # points
COUNT: Final = re.compile(rb"/Count (\d+)")
SIZE: Final = re.compile(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)")


@dataclass(frozen=True, slots=True)
class Sheets:
    """How many pages a PDF of ours has, and their width and height in points."""

    count: int
    width: int
    height: int

    @property
    def numbers(self) -> range:
        """The pages that are shown, counted from 1."""
        return range(1, min(self.count, MOST_PICTURES) + 1)

    @property
    def rest(self) -> int:
        """How many pages are not shown."""
        return max(self.count - MOST_PICTURES, 0)


def sheets_of(pdf: bytes) -> Sheets:
    """Read from a PDF of ours how many pages of which size it has."""
    count, size = COUNT.search(pdf), SIZE.search(pdf)
    width, height = (round(float(size[1])), round(float(size[2]))) if size else A4
    return Sheets(int(count[1]) if count else 1, width, height)


def edition(invoice: Invoice) -> str:
    """Return what changes with the pictures of an invoice, so that an old one is not shown again."""
    return f"{invoice.version}-{invoice.business.version}" if invoice.is_draft else f"{invoice.version}"


class InvoicePdf(InvoicePage):
    """The PDF, to be kept or, with ``?show``, to be looked at."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Return it."""
        return pdf_response(self.invoice_or_404(pk), attachment="show" not in request.GET)


class InvoiceSheet(InvoicePage):
    """One page of the PDF as a picture."""

    def get(self, request: HttpRequest, pk: str, page: int) -> HttpResponse:
        """Draw it. Raises ``NotFound`` where there is no such page, and ``RateLimited``."""
        enforce("picture", self.actor.key)
        return sheet_response(self.invoice_or_404(pk), page)


class Receipt(InvoicePage):
    """The receipt of one of its payments."""

    def get(self, request: HttpRequest, pk: str, payment: str) -> HttpResponse:
        """Return it as PDF. Raises ``NotFound``."""
        invoice = self.invoice_or_404(pk)
        found = Payment.objects.filter(invoice=invoice, pk=payment).first()
        if found is None:
            raise NotFound
        found.invoice = invoice
        return download(receipts.receipt_pdf(found), receipts.file_name(found), attachment="show" not in request.GET)


def sheet_response(invoice: Invoice, page: int) -> HttpResponse:
    """Return a page of an invoice's PDF, counted from 1, as PNG. Raises ``NotFound``."""
    pdf = pdf_of(invoice)
    if page not in sheets_of(pdf).numbers:
        raise NotFound
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": 'inline; filename="page.png"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": f"private, max-age={PICTURE_AGE}",
    }
    return HttpResponse(page_png(pdf, page=page - 1, width=PICTURE_WIDTH), content_type="image/png", headers=headers)


def pdf_response(invoice: Invoice, *, attachment: bool = True) -> HttpResponse:
    """Return an invoice's PDF, to be kept or to be looked at."""
    return download(pdf_of(invoice), file_name(invoice), attachment=attachment)


def download(content: bytes, name: str, *, attachment: bool = True) -> HttpResponse:
    """Return a PDF under a name."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(attachment, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
