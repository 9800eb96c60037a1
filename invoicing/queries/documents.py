"""What is read of documents: their lines, money, timeline, and what moved a client's account."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.models import Business
from clients.models import Client
from invoicing.choices import DocumentState, InvoiceType
from invoicing.domain.lifecycle import status
from invoicing.domain.statement import Entry
from invoicing.models import Event, Invoice, Line, Payment, Refund

LINE_COLUMNS = (
    "id", "parent_line_id", "name", "description", "name_ar", "description_ar", "sku", "type", "quantity", "unit",
    "unit_price", "discount_rate", "tax_rate", "tax_category", "exemption_reason", "subtotal", "discount_amount",
    "net_amount", "tax_amount", "total",
)  # fmt: skip
PAYMENT_COLUMNS = ("id", "invoice_id", "amount", "currency", "method", "received_at", "reference", "created_at")
REFUND_COLUMNS = (
    "id", "payment_id", "amount", "payment__currency", "reason", "lowers_paid", "credit_note_id", "created_at",
)  # fmt: skip
DOCUMENT_COLUMNS = (
    "id", "parent_id", "type", "number", "reference", "issue_date", "due_date", "issued_at", "currency", "total",
)  # fmt: skip
OF_REFUND = ("payment__invoice_id", "payment__invoice__number", "payment__method")
EVENT_COLUMNS = ("id", "kind", "at", "actor_id", "actor_name", "channel", "ip", "data")
NOTES = frozenset({InvoiceType.CREDIT_NOTE, InvoiceType.DEBIT_NOTE})


def lines_of(invoice_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the lines of invoices in their order, as rows by the invoice's id, in one query."""
    found: dict[str, list[dict[str, Any]]] = {invoice_id: [] for invoice_id in invoice_ids}
    rows = Line.objects.filter(invoice_id__in=list(invoice_ids)).order_by("invoice_id", "position")
    for row in rows.values("invoice_id", *LINE_COLUMNS):
        found[row.pop("invoice_id")].append(row)
    return found


def payments_of(invoice_id: str) -> QuerySet[Payment, dict[str, Any]]:
    """Return an invoice's payments as rows."""
    rows: QuerySet[Payment, dict[str, Any]] = Payment.objects.filter(invoice_id=invoice_id).values(*PAYMENT_COLUMNS)
    return rows


def refunds_of(payment_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the refunds of payments, oldest first, as rows by the payment's id, in one query."""
    found: dict[str, list[dict[str, Any]]] = {payment_id: [] for payment_id in payment_ids}
    rows = Refund.objects.filter(payment_id__in=list(payment_ids)).order_by("created_at", "id")
    for row in rows.values(*REFUND_COLUMNS):
        found[row["payment_id"]].append(row)
    return found


def events_of(invoice_id: str) -> QuerySet[Event, dict[str, Any]]:
    """Return an invoice's timeline as rows."""
    rows: QuerySet[Event, dict[str, Any]] = Event.objects.filter(invoice_id=invoice_id).values(*EVENT_COLUMNS)
    return rows


def recent_invoices(business: Business, *, limit: int = 5) -> list[Invoice]:
    """Return the documents last written."""
    return list(Invoice.objects.filter(business=business).order_by("-created_at", "-id")[:limit])


def statuses_of(invoices: Sequence[Invoice], *, at: datetime) -> list[str]:
    """Return the label of each document at a moment."""
    return [status(invoice, at=at).value for invoice in invoices]


def invoices_of_client(client: Client, *, limit: int = 10) -> list[Invoice]:
    """Return the documents last written for a client."""
    return list(Invoice.objects.filter(client=client).order_by("-created_at", "-id")[:limit])


@dataclass(frozen=True, slots=True)
class Beginning:
    """How far a business has come."""

    has_details: bool
    has_client: bool
    has_draft: bool
    has_issued: bool


def beginning(business: Business) -> Beginning:
    """Return how far a business has come, in two queries."""
    states = set(Invoice.objects.filter(business=business).order_by().values_list("state", flat=True).distinct())
    return Beginning(
        has_details=bool(business.country and business.address),
        has_client=bool(states) or Client.objects.filter(business=business).exists(),
        has_draft=DocumentState.DRAFT in states,
        has_issued=bool(states - {DocumentState.DRAFT.value}),
    )


# Statements of account


def account_entries(client_id: str, *, until: date, zone: ZoneInfo) -> list[Entry]:
    """Return what moved a client's account until a day of ``zone``, included, in three queries.

    A document counts by its issue date, money by its moment. Drafts and cancelled documents never moved anything.
    """
    end = datetime.combine(until + timedelta(days=1), time(), zone)
    documents = Invoice.objects.filter(client_id=client_id, state=DocumentState.ISSUED, issue_date__lte=until)
    payments = Payment.objects.filter(
        invoice__client_id=client_id, invoice__state=DocumentState.ISSUED, received_at__lt=end
    )
    refunds = Refund.objects.filter(
        payment__invoice__client_id=client_id, payment__invoice__state=DocumentState.ISSUED, created_at__lt=end
    )
    entries = [
        Entry(
            kind=row["type"] if row["type"] in NOTES else "invoice",
            id=row["id"],
            claim=row["parent_id"] if row["type"] == InvoiceType.CREDIT_NOTE else row["id"],
            day=row["issue_date"],
            moment=row["issued_at"],
            currency=row["currency"],
            amount=row["total"],
            number=row["number"],
            reference=row["reference"],
            due_date=row["due_date"],
        )
        for row in documents.order_by().values(*DOCUMENT_COLUMNS)
    ]
    entries += [
        Entry(
            kind="payment",
            id=row["id"],
            claim=row["invoice_id"],
            day=row["received_at"].astimezone(zone).date(),
            moment=row["received_at"],
            currency=row["currency"],
            amount=row["amount"],
            number=row["invoice__number"],
            reference=row["reference"],
            method=row["method"],
        )
        for row in payments.order_by().values(*PAYMENT_COLUMNS, "invoice__number")
    ]
    entries += [
        Entry(
            kind="refund",
            id=row["id"],
            claim=row["payment__invoice_id"],
            day=row["created_at"].astimezone(zone).date(),
            moment=row["created_at"],
            currency=row["payment__currency"],
            amount=row["amount"],
            number=row["payment__invoice__number"],
            reference=row["reason"],
            method=row["payment__method"],
            lowers_paid=row["lowers_paid"],
        )
        for row in refunds.order_by().values(*REFUND_COLUMNS, *OF_REFUND)
    ]
    return entries
