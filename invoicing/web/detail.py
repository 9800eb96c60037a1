"""One invoice: as it prints, how it stands, what happened, and what can be done now."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Permission, QueueState
from accounts.errors import NotFound
from accounts.identifiers import new_token
from accounts.models import Delivery
from invoicing.choices import PaymentMethod
from invoicing.domain.lifecycle import claims, possible, status, today
from invoicing.errors import CreditNoteRequired, RefundFirst
from invoicing.models import Invoice, Payment
from invoicing.queries import refunds_of
from invoicing.services import receipts
from invoicing.services.corrections import SAUDI_TAX_INVOICES, handed_over
from invoicing.services.issuing import Preview, preview_invoice
from invoicing.services.papers import file_name, pdf_of
from invoicing.services.printing import public_url
from invoicing.web.base import InvoicePage
from invoicing.web.forms import PaymentForm, amount_text
from invoicing.web.paper import paper_of
from invoicing.web.timeline import timeline

FROZEN_SENTENCE = gettext_lazy("An issued invoice cannot be changed. To correct it, issue a credit note.")


@dataclass(frozen=True, slots=True)
class Cancelling:
    """What cancelling would do now, or why it cannot be done."""

    text: str
    allowed: bool = True
    way_on: str = ""


class InvoiceDetail(InvoicePage):
    """The page of one invoice."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show it."""
        invoice = self.invoice_or_404(pk)
        return self.page("invoicing/invoice_detail.html", self.shown(invoice))

    def shown(self, invoice: Invoice) -> dict[str, Any]:
        """Return what the page shows."""
        at = timezone.now()
        label = status(invoice, at=at)
        preview = self.preview(invoice) if invoice.is_draft else None
        acts = possible(invoice) if self.actor.may(self.business.pk, Permission.WRITE) else []
        owed, mail = claims(invoice), last_mail(invoice)
        return {
            "invoice": invoice,
            "status": label.value,
            "paper": paper_of(invoice, lines=list(invoice.lines.all())),
            "events": timeline(invoice),
            "payments": payments_of(invoice),
            "notes": list(invoice.notes_to_it.order_by("created_at", "id")),
            "is_claim": owed,
            "settled_percent": settled_percent(invoice),
            "days": days_left(invoice, at=at) if invoice.amount_due else None,
            "public_url": "" if invoice.is_draft else public_url(invoice),
            "stops": stops_of(preview) if preview else [],
            "warnings": [warning["detail"] for warning in (preview.warnings if preview else invoice.warnings)],
            "failed_mail": mail if mail and mail.state == QueueState.FAILED else None,
            "was_sent": bool(invoice.sent_at or (mail and mail.state != QueueState.FAILED)),
            "can_edit": "edit" in acts,
            "can_issue": "issue" in acts,
            "can_send": "send" in acts or "issue" in acts,
            "can_mark_sent": "mark_sent" in acts and invoice.sent_at is None,
            "can_pay": "pay" in acts and owed and invoice.amount_due > 0,
            "can_credit": "credit" in acts and owed and invoice.amount_credited < invoice.total,
            "can_debit": "debit" in acts and owed and not invoice.is_note,
            "can_amend": "amend" in acts,
            "can_delete": "delete" in acts,
            "can_cancel": "cancel" in acts and owed,
            "cancelling": cancelling(invoice) if "cancel" in acts and owed else None,
            "payment_form": payment_form(invoice) if "pay" in acts and owed else None,
            "frozen_sentence": FROZEN_SENTENCE,
            "once": new_token(16),
        }

    def preview(self, invoice: Invoice) -> Preview:
        """Ask the service what would stop a draft from being issued."""
        copy = self.invoice_or_404(invoice.pk)
        return preview_invoice(actor=self.actor, business=self.business, data={}, at=timezone.now(), invoice=copy)


class InvoicePdf(InvoicePage):
    """The PDF, to be kept or, with ``?show``, to be looked at."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Return it."""
        return pdf_response(self.invoice_or_404(pk), attachment="show" not in request.GET)


class Receipt(InvoicePage):
    """The receipt of one of its payments."""

    def get(self, request: HttpRequest, pk: str, payment: str) -> HttpResponse:
        """Return it as a PDF. Raises ``NotFound``."""
        invoice = self.invoice_or_404(pk)
        found = Payment.objects.filter(invoice=invoice, pk=payment).first()
        if found is None:
            raise NotFound
        found.invoice = invoice
        return download(receipts.receipt_pdf(found), receipts.file_name(found))


def pdf_response(invoice: Invoice, *, attachment: bool = True) -> HttpResponse:
    """Return an invoice's PDF under its name."""
    return download(pdf_of(invoice), file_name(invoice), attachment=attachment)


def download(content: bytes, name: str, *, attachment: bool = True) -> HttpResponse:
    """Return a PDF under its name (RFC 6266)."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(attachment, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


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


def last_mail(invoice: Invoice) -> Delivery | None:
    """Return the mail that was last queued for an invoice."""
    return Delivery.objects.filter(topic="invoice", topic_id=invoice.pk).order_by("-created_at", "-id").first()


def cancelling(invoice: Invoice) -> Cancelling:
    """Say what cancelling an issued invoice would do. The service decides; this only tells beforehand."""
    credit_url = reverse("invoicing:invoice_credit", args=[invoice.pk])
    if invoice.amount_paid > 0:
        return Cancelling(str(RefundFirst.default), allowed=False)
    seller = invoice.seller or {}
    if seller.get("country") == "SA" and invoice.type in SAUDI_TAX_INVOICES:
        return Cancelling(str(CreditNoteRequired.default), allowed=False, way_on=credit_url)
    if handed_over(invoice):
        return Cancelling(
            _(
                "The client has this invoice, so a credit note over all that is left of it is issued. Both stay in your books."
            )
        )
    return Cancelling(
        _("Nobody has seen this invoice, so it is cancelled. Its number stays used. This cannot be undone.")
    )


def payment_form(invoice: Invoice) -> PaymentForm:
    """Return the form for a payment: of all that is due, today, by transfer."""
    zone_today = today(invoice.business.timezone, at=timezone.now())
    return PaymentForm(
        initial={
            "amount": amount_text(invoice.amount_due, invoice.currency),
            "method": PaymentMethod.BANK_TRANSFER.value,
            "received_at": zone_today,
        }
    )
