"""What is read of invoices over several tables: lines, money by client, and figures by status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from invoicing.choices import DocumentState, InvoiceType
from invoicing.domain.lifecycle import Status, status_condition
from invoicing.models import Event, Invoice, InvoiceQuerySet, Line, Payment, Refund
from invoicing.models.fields import AmountField

# Documents that ask for money of themselves; a credit note lowers what its invoice asks for.
CLAIMS = Q(state=DocumentState.ISSUED) & ~Q(type=InvoiceType.CREDIT_NOTE)
LINE_COLUMNS = (
    "id", "parent_line_id", "name", "description", "sku", "type", "quantity", "unit", "unit_price", "discount_rate",
    "tax_rate", "tax_category", "exemption_reason", "subtotal", "discount_amount", "net_amount", "tax_amount", "total",
)  # fmt: skip
PAYMENT_COLUMNS = ("id", "invoice_id", "amount", "currency", "method", "received_at", "reference", "created_at")
REFUND_COLUMNS = ("id", "payment_id", "amount", "payment__currency", "reason", "lowers_paid", "created_at")
EVENT_COLUMNS = ("id", "kind", "at", "actor_id", "actor_name", "channel", "ip", "data")

Row = Mapping[str, Any]
Money = dict[str, Decimal]  # amounts by currency


def lines_of(invoice_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the lines of invoices in their order, as rows by the invoice's id, in one query."""
    found: dict[str, list[dict[str, Any]]] = {invoice_id: [] for invoice_id in invoice_ids}
    rows = Line.objects.filter(invoice_id__in=list(invoice_ids)).order_by("invoice_id", "position")
    for row in rows.values("invoice_id", *LINE_COLUMNS):
        found[row.pop("invoice_id")].append(row)
    return found


def payments_of(invoice_id: str) -> QuerySet[Payment, dict[str, Any]]:
    """Return an invoice's payments as rows."""
    return Payment.objects.filter(invoice_id=invoice_id).values(*PAYMENT_COLUMNS)


def refunds_of(payment_ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the refunds of payments, oldest first, as rows by the payment's id, in one query."""
    found: dict[str, list[dict[str, Any]]] = {payment_id: [] for payment_id in payment_ids}
    rows = Refund.objects.filter(payment_id__in=list(payment_ids)).order_by("created_at", "id")
    for row in rows.values(*REFUND_COLUMNS):
        found[row["payment_id"]].append(row)
    return found


def events_of(invoice_id: str) -> QuerySet[Event, dict[str, Any]]:
    """Return an invoice's timeline as rows."""
    return Event.objects.filter(invoice_id=invoice_id).values(*EVENT_COLUMNS)


def added(rows: QuerySet[Any], keys: Sequence[str], **columns: str) -> list[dict[str, Any]]:
    """Return sums of amounts by ``keys``, in one query."""
    sums = {name: Sum(column, output_field=AmountField()) for name, column in columns.items()}
    return list(rows.order_by().values(*keys).annotate(**sums))


def client_figures(client_ids: Collection[str]) -> dict[str, dict[str, Money]]:
    """Return by client's id what was ``invoiced``, ``paid`` and is ``due``, each by currency, in three queries.

    Invoiced is what issued invoices and debit notes ask for, less what was credited of it; paid is what was
    received less what went back. Unlike currencies are never added.
    """
    ids = list(client_ids)
    figures: dict[str, dict[str, Money]] = {
        client_id: {name: defaultdict(Decimal) for name in ("invoiced", "paid", "due")} for client_id in ids
    }
    claims = Invoice.objects.filter(CLAIMS, client_id__in=ids)
    for row in added(
        claims, ("client_id", "currency"), asked="total", credited="amount_credited", open_amount="amount_due"
    ):
        of_client = figures[row["client_id"]]
        of_client["invoiced"][row["currency"]] += row["asked"] - row["credited"]
        of_client["due"][row["currency"]] += row["open_amount"]
    received = Payment.objects.filter(invoice__client_id__in=ids)
    for row in added(received, ("invoice__client_id", "currency"), sum="amount"):
        figures[row["invoice__client_id"]]["paid"][row["currency"]] += row["sum"]
    returned = Refund.objects.filter(payment__invoice__client_id__in=ids)
    for row in added(returned, ("payment__invoice__client_id", "payment__currency"), sum="amount"):
        figures[row["payment__invoice__client_id"]]["paid"][row["payment__currency"]] -= row["sum"]
    return figures


def status_counts(rows: InvoiceQuerySet, *, at: datetime) -> dict[str, int]:
    """Return how many documents bear each status at a moment, in one query."""
    counts = {label: Count("pk", filter=status_condition(label, at=at)) for label in Status.values}
    return dict(rows.aggregate(**counts))


def open_amounts(rows: InvoiceQuerySet) -> Money:
    """Return what is due on documents, by currency, in one query."""
    return {row["currency"]: row["due"] for row in added(rows.with_amount_due(), ("currency",), due="amount_due")}
