"""What lists add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import Business
from invoicing.choices import DocumentState, InvoiceType
from invoicing.domain.lifecycle import Status, status_condition
from invoicing.models import Invoice, InvoiceQuerySet
from invoicing.models.fields import AmountField
from invoicing.models.invoice import OPEN

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ListSum:
    """What a list adds up to in one currency. ``total`` leaves out credit notes and what was cancelled."""

    currency: str
    count: int
    total: Decimal
    due: Decimal


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


def overdue_count(business: Business, *, at: datetime) -> int:
    """Return how many documents of a business are overdue."""
    return Invoice.objects.filter(business=business).overdue(at=at).count()


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
