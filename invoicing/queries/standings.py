"""What clients owe, when they were last billed, and how they pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from accounts.models import Business
from clients.models import Client, ClientQuerySet
from invoicing.choices import DocumentState, InvoiceType, Settlement
from invoicing.domain.lifecycle import Status, status_condition, today
from invoicing.models import Invoice
from invoicing.models.fields import AmountField
from invoicing.models.invoice import OPEN

ZERO: Final = Decimal(0)
OWING: Final = "owing"
OVERDUE: Final = "overdue"
PAID_SHOWN: Final = 100  # the latest paid documents, whose days to pay are averaged


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed in one currency, and how much of it is overdue."""

    currency: str
    amount: Decimal
    overdue: Decimal


@dataclass(slots=True)
class ClientStanding:
    """What one client owes by currency, and the day of their last invoice, if there is any."""

    owed: list[Owed] = field(default_factory=list)
    last_issued: date | None = None


@dataclass(frozen=True, slots=True)
class ClientYear:
    """A client in one currency: owed, overdue, invoiced this year, and the mean days from issue to payment."""

    currency: str
    owed: Decimal
    overdue: Decimal
    invoiced: Decimal
    days_to_pay: int | None


def client_standings(client_ids: Collection[str], *, at: datetime) -> dict[str, ClientStanding]:
    """Return how clients stand, by their ids, in two queries."""
    standings = {client_id: ClientStanding() for client_id in client_ids}
    open_rows = Invoice.objects.filter(OPEN, client_id__in=standings)
    for row in sums_owed(open_rows, "client_id", "currency", at=at):
        standings[row["client_id"]].owed.append(Owed(row["currency"], row["amount"], row["late"] or ZERO))
    issued = Invoice.objects.filter(client_id__in=standings, state=DocumentState.ISSUED).order_by()
    for client_id, last in issued.values_list("client_id").annotate(last=Max("issue_date")):
        standings[client_id].last_issued = last
    return standings


def sums_owed(rows: QuerySet[Invoice], *keys: str, at: datetime) -> list[dict[str, Any]]:
    """Return what is open and what of it is late, by ``keys``, in one query."""
    late = Sum("amount_due", filter=Q(overdue_at__lte=at), output_field=AmountField())
    amount = Sum("amount_due", output_field=AmountField())
    return list(rows.order_by(*keys).values(*keys).annotate(amount=amount, late=late, count=Count("pk")))


def owed_by(clients: QuerySet[Client], *, at: datetime) -> list[Owed]:
    """Return what clients owe together by currency, the most frequent first, in one query."""
    rows = Invoice.objects.filter(OPEN, client_id__in=clients.order_by().values("pk"))
    found = sorted(sums_owed(rows, "currency", at=at), key=lambda row: -row["count"])
    return [Owed(row["currency"], row["amount"], row["late"] or ZERO) for row in found]


def standing_of_clients(rows: ClientQuerySet, standing: str, *, at: datetime) -> ClientQuerySet:
    """Keep clients who owe something (``owing``) or are late with it (``overdue``); any other word keeps all."""
    if standing not in {OWING, OVERDUE}:
        return rows
    open_rows = Invoice.objects.filter(OPEN)
    if standing == OVERDUE:
        open_rows = open_rows.filter(overdue_at__lte=at)
    return rows.filter(pk__in=open_rows.order_by().values("client_id"))


def client_counts(business: Business, *, at: datetime) -> dict[str, int]:
    """Return how many clients are ``active``, ``archived``, ``owing`` and ``overdue``, in two queries."""
    counts = Client.objects.filter(business=business).aggregate(
        active=Count("pk", filter=Q(archived_at=None)), archived=Count("pk", filter=Q(archived_at__isnull=False))
    )
    owing = Invoice.objects.filter(OPEN, business=business, client__archived_at=None)
    late = Count("client_id", distinct=True, filter=Q(overdue_at__lte=at))
    return counts | owing.aggregate(owing=Count("client_id", distinct=True), overdue=late)


def client_years(client: Client, *, business: Business, at: datetime) -> list[ClientYear]:
    """Return a client's figures by currency, in two queries. Notes of credit lower what was invoiced."""
    begins = today(business.timezone, at=at).replace(month=1, day=1)
    this_year = Q(issue_date__gte=begins)
    rows = Invoice.objects.filter(client=client, state=DocumentState.ISSUED).exclude(type=InvoiceType.CREDIT_NOTE)
    sums = rows.order_by("currency").values("currency").annotate(
        open_sum=Sum("amount_due", filter=OPEN, output_field=AmountField()),
        late_sum=Sum("amount_due", filter=OPEN & Q(overdue_at__lte=at), output_field=AmountField()),
        asked=Sum("total", filter=this_year, output_field=AmountField()),
        credited=Sum("amount_credited", filter=this_year, output_field=AmountField()),
    )  # fmt: skip
    days = days_to_pay(rows, zone=ZoneInfo(business.timezone))
    return [
        ClientYear(
            currency=row["currency"],
            owed=row["open_sum"] or ZERO,
            overdue=row["late_sum"] or ZERO,
            invoiced=(row["asked"] or ZERO) - (row["credited"] or ZERO),
            days_to_pay=days.get(row["currency"]),
        )
        for row in sums
    ]


def days_to_pay(rows: QuerySet[Invoice], *, zone: ZoneInfo) -> dict[str, int]:
    """Return by currency the mean days from issue to full payment of the documents paid last."""
    paid = rows.filter(settlement=Settlement.PAID, paid_at__isnull=False).order_by(F("paid_at").desc())
    spans: dict[str, list[int]] = defaultdict(list)
    for currency, issued, moment in paid.values_list("currency", "issue_date", "paid_at")[:PAID_SHOWN]:
        if issued is not None and moment is not None:
            spans[currency].append(max(0, (moment.astimezone(zone).date() - issued).days))
    return {currency: round(sum(each) / len(each)) for currency, each in spans.items()}


def client_invoices(client: Client, tab: str, *, at: datetime, limit: int) -> list[Invoice]:
    """Return the documents last written for a client that stand in a tab."""
    rows = Invoice.objects.filter(client=client)
    conditions = client_tabs(at=at)
    return list(rows.filter(conditions.get(tab, Q())).order_by("-created_at", "-id")[:limit])


def client_tabs(*, at: datetime) -> dict[str, Q]:
    """Return the views of a client's documents."""
    return {
        "all": Q(),
        "open": OPEN,
        "overdue": status_condition(Status.OVERDUE, at=at) & OPEN,
        "paid": status_condition(Status.PAID, at=at),
        "draft": Q(state=DocumentState.DRAFT),
    }


def client_tab_counts(client: Client, *, at: datetime) -> dict[str, int]:
    """Return how many of a client's documents stand in each view, in one query."""
    counted = {name: Count("pk", filter=condition) for name, condition in client_tabs(at=at).items()}
    return dict(Invoice.objects.filter(client=client).aggregate(**counted))
