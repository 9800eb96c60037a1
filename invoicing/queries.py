"""What is read of invoices over several tables: lines, money by client, and figures by status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q, QuerySet, Sum

from accounts.models import Business
from clients.models import Client
from invoicing.choices import DocumentState, InvoiceType
from invoicing.domain.lifecycle import Status, status, status_condition
from invoicing.domain.statement import Entry
from invoicing.models import Event, Invoice, InvoiceQuerySet, Line, Payment, Refund
from invoicing.models.fields import AmountField
from invoicing.models.invoice import OPEN

# Documents that ask for money of themselves; a credit note lowers what its invoice asks for.
CLAIMS = Q(state=DocumentState.ISSUED) & ~Q(type=InvoiceType.CREDIT_NOTE)
LINE_COLUMNS = (
    "id", "parent_line_id", "name", "description", "name_ar", "description_ar", "sku", "type", "quantity", "unit",
    "unit_price", "discount_rate", "tax_rate", "tax_category", "exemption_reason", "subtotal", "discount_amount",
    "net_amount", "tax_amount", "total",
)  # fmt: skip
PAYMENT_COLUMNS = ("id", "invoice_id", "amount", "currency", "method", "received_at", "reference", "created_at")
REFUND_COLUMNS = ("id", "payment_id", "amount", "payment__currency", "reason", "lowers_paid", "created_at")
DOCUMENT_COLUMNS = (
    "id", "parent_id", "type", "number", "reference", "issue_date", "due_date", "issued_at", "currency", "total",
)  # fmt: skip
OF_REFUND = ("payment__invoice_id", "payment__invoice__number", "payment__method")
EVENT_COLUMNS = ("id", "kind", "at", "actor_id", "actor_name", "channel", "ip", "data")

Row = Mapping[str, Any]
Money = dict[str, Decimal]  # amounts by currency
ZERO = Decimal(0)
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


# Pages


@dataclass(frozen=True, slots=True)
class ListSum:
    """What a list adds up to in one currency. ``total`` leaves out credit notes and what was cancelled."""

    currency: str
    count: int
    total: Decimal
    due: Decimal


@dataclass(slots=True)
class Figures:
    """How a business stands in one currency. ``paid`` is what was received in the month less what went back."""

    currency: str
    due: Decimal = ZERO
    due_count: int = 0
    overdue: Decimal = ZERO
    overdue_count: int = 0
    oldest_due_date: date | None = None
    paid: Decimal = ZERO
    paid_before: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Beginning:
    """How far a business has come."""

    has_details: bool
    has_client: bool
    has_draft: bool
    has_issued: bool


def tab_counts(rows: InvoiceQuerySet, *, at: datetime) -> dict[str, int]:
    """Return how many documents stand in each view of the list, in one query."""
    views = {
        "all": Q(),
        "draft": status_condition(Status.DRAFT, at=at),
        "open": OPEN,
        "overdue": status_condition(Status.OVERDUE, at=at),
        "paid": status_condition(Status.PAID, at=at),
        "notes": Q(type__in=[InvoiceType.CREDIT_NOTE, InvoiceType.DEBIT_NOTE]),
    }
    return dict(rows.aggregate(**{name: Count("pk", filter=condition) for name, condition in views.items()}))


def list_sums(rows: QuerySet[Invoice]) -> list[ListSum]:
    """Return what documents add up to by currency, the most frequent first, in one query."""
    claims = ~Q(type=InvoiceType.CREDIT_NOTE) & ~Q(state=DocumentState.CANCELLED)
    sums = (
        rows.order_by()
        .values("currency")
        .annotate(
            count=Count("pk"),
            total_sum=Sum("total", filter=claims, output_field=AmountField()),
            due_sum=Sum("amount_due", filter=OPEN, output_field=AmountField()),
        )
    )
    found = [ListSum(row["currency"], row["count"], row["total_sum"] or ZERO, row["due_sum"] or ZERO) for row in sums]
    return sorted(found, key=lambda each: (-each.count, each.currency))


def currencies_used(business: Business) -> list[str]:
    """Return the currencies of a business's documents."""
    rows = Invoice.objects.filter(business=business).order_by("currency")
    return list(rows.values_list("currency", flat=True).distinct())


def month_bounds(business: Business, *, at: datetime) -> tuple[datetime, datetime]:
    """Return when this month and the last one began, in the business's time zone."""
    zone = ZoneInfo(business.timezone)
    first = at.astimezone(zone).date().replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    return datetime.combine(first, time(), zone), datetime.combine(before, time(), zone)


def figures_by_currency(business: Business, *, at: datetime) -> list[Figures]:
    """Return how a business stands in each of its currencies, its own first, in three queries."""
    found: dict[str, Figures] = {business.currency: Figures(business.currency)}
    overdue = status_condition(Status.OVERDUE, at=at)
    open_rows = Invoice.objects.filter(business=business).with_amount_due().order_by().values("currency")
    for row in open_rows.annotate(
        due=Sum("amount_due", output_field=AmountField()),
        late=Sum("amount_due", filter=overdue, output_field=AmountField()),
        due_count=Count("pk"),
        late_count=Count("pk", filter=overdue),
        oldest=Min("due_date", filter=overdue),
    ):
        each = found.setdefault(row["currency"], Figures(row["currency"]))
        each.due, each.due_count = row["due"], row["due_count"]
        each.overdue, each.overdue_count = row["late"] or ZERO, row["late_count"]
        each.oldest_due_date = row["oldest"]
    this_month, last_month = month_bounds(business, at=at)
    moved = (
        (Payment.objects.filter(business=business), "currency", "received_at", 1),
        (Refund.objects.filter(business=business), "payment__currency", "created_at", -1),
    )
    for rows, currency, moment, sign in moved:
        periods = {
            "paid": Q(**{f"{moment}__gte": this_month, f"{moment}__lte": at}),
            "paid_before": Q(**{f"{moment}__gte": last_month, f"{moment}__lt": this_month}),
        }
        sums = {name: Sum("amount", filter=period, output_field=AmountField()) for name, period in periods.items()}
        for row in rows.filter(**{f"{moment}__gte": last_month}).order_by().values(currency).annotate(**sums):
            each = found.setdefault(row[currency], Figures(row[currency]))
            each.paid += sign * (row["paid"] or ZERO)
            each.paid_before += sign * (row["paid_before"] or ZERO)
    return list(found.values())


def recent_invoices(business: Business, *, limit: int = 5) -> list[Invoice]:
    """Return the documents last written."""
    return list(Invoice.objects.filter(business=business).order_by("-created_at", "-id")[:limit])


def beginning(business: Business) -> Beginning:
    """Return how far a business has come, in two queries."""
    states = set(Invoice.objects.filter(business=business).order_by().values_list("state", flat=True).distinct())
    return Beginning(
        has_details=bool(business.country and business.address),
        has_client=bool(states) or Client.objects.filter(business=business).exists(),
        has_draft=DocumentState.DRAFT in states,
        has_issued=bool(states - {DocumentState.DRAFT.value}),
    )


def statuses_of(invoices: Sequence[Invoice], *, at: datetime) -> list[str]:
    """Return the label of each document at a moment."""
    return [status(invoice, at=at).value for invoice in invoices]


def invoices_of_client(client: Client, *, limit: int = 10) -> list[Invoice]:
    """Return the documents last written for a client."""
    return list(Invoice.objects.filter(client=client).order_by("-created_at", "-id")[:limit])


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
