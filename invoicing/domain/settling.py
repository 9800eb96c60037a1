"""What an invoice's amount due and settlement follow from: the ledger and the notes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from invoicing.choices import DocumentState, InvoiceType, PaymentMethod, Settlement
from invoicing.domain import lifecycle
from invoicing.models import Invoice, Payment, Refund
from invoicing.models.fields import AmountField


def settle(invoice: Invoice, *, at: datetime, credited_now: Decimal = Decimal(0)) -> None:
    """Reckon what is paid, returned, credited and due, on a locked document that the caller saves.

    ``amount_due = max(0, total − credited − paid)``. ``credited_now`` is of a note that is being issued right now.
    """
    received = sum_of(Payment.objects.filter(invoice=invoice))
    refunds = Refund.objects.filter(payment__invoice=invoice)
    notes = Invoice.objects.filter(parent=invoice, type=InvoiceType.CREDIT_NOTE, state=DocumentState.ISSUED)
    invoice.amount_credited = sum_of(notes, "total") + credited_now
    invoice.amount_paid = received - sum_of(refunds.filter(lowers_paid=True))
    invoice.amount_refunded = sum_of(refunds)
    if not lifecycle.claims(invoice):
        return
    due = invoice.total - invoice.amount_credited - invoice.amount_paid
    invoice.amount_due = max(due, Decimal(0))
    invoice.settlement = _settlement(invoice, money_of(invoice))
    if invoice.settlement == Settlement.OPEN:
        invoice.paid_at = None
    elif invoice.settlement == Settlement.PAID:
        invoice.paid_at = invoice.paid_at or at


def _settlement(invoice: Invoice, received: Decimal) -> Settlement:
    if invoice.amount_due:
        return Settlement.OPEN
    if received and invoice.amount_refunded >= received:
        return Settlement.REFUNDED
    if not received and invoice.amount_credited:
        return Settlement.CREDITED
    return Settlement.PAID


def money_of(invoice: Invoice) -> Decimal:
    """Return the money that came in for a document: what was booked as rounding is none, and cannot go back."""
    return sum_of(Payment.objects.filter(invoice=invoice).exclude(method=PaymentMethod.ROUNDING))


def sum_of(rows: Any, column: str = "amount") -> Decimal:
    """Return the exact sum of a column of amounts, 0 of none."""
    total: Decimal | None = rows.aggregate(sum=Sum(column, output_field=AmountField()))["sum"]
    return total or Decimal(0)
