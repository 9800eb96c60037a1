"""What moved the figures of a business: documents issued, credited or cancelled, and money received.

Each movement has the moment when it was written, and none is ever changed or taken away: what was issued keeps its
total, its date and its currency, and so does a payment. So the sums of all movements until a moment that has passed
stay as they are, and can be carried forward.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncDate

from invoicing.choices import InvoiceType
from invoicing.models import Invoice, Payment
from invoicing.models.fields import AmountField


class Movement(NamedTuple):
    """What a day's figures changed by in one currency: the day is the issue date, or when money moved."""

    day: date
    currency: str
    amount: Decimal


class Span(NamedTuple):
    """Some businesses of one time zone, and the moments between which something was written, without the second."""

    business_ids: Sequence[str]
    timezone: str
    since: datetime | None = None
    until: datetime | None = None

    def of(self, moment: str) -> Q:
        """Return the condition of the rows whose ``moment`` lies in it."""
        bounds = {"isnull": False, "gte": self.since, "lt": self.until}
        given = {f"{moment}__{lookup}": value for lookup, value in bounds.items() if value is not None}
        return Q(business_id__in=self.business_ids, **given)


def invoiced(spans: Sequence[Span]) -> Iterator[Movement]:
    """Yield what issued invoices and debit notes asked for, less what was credited or cancelled of it, in one query.

    What is credited lowers the figures of the day on which its invoice was issued.
    """
    credit_note = Q(type=InvoiceType.CREDIT_NOTE)
    parts = []
    for span in spans:
        issued, cancelled = (Invoice.objects.filter(span.of(moment)) for moment in ("issued_at", "cancelled_at"))
        parts += [
            by_day(issued.filter(~credit_note), F("issue_date"), 1),
            by_day(issued.filter(credit_note), F("parent__issue_date"), -1),
            by_day(cancelled.filter(~credit_note), F("issue_date"), -1),
        ]
    return movements(parts)


def received(spans: Sequence[Span]) -> Iterator[Movement]:
    """Yield what was received, by the days of the span's time zone, in one query."""
    parts = []
    for span in spans:
        day = TruncDate("received_at", tzinfo=ZoneInfo(span.timezone))
        parts.append(by_day(Payment.objects.filter(span.of("created_at")), day, 1, "amount"))
    return movements(parts)


def carried(sums: Mapping[str, Mapping[str, str]]) -> Iterator[Movement]:
    """Yield what is carried forward of one kind."""
    for day, amounts in sums.items():
        for currency, amount in amounts.items():
            yield Movement(date.fromisoformat(day), currency, Decimal(amount))


def by_day(rows: QuerySet[Any], day: Any, sign: int, column: str = "total") -> QuerySet[Any, Any]:
    """Return sums of a column by currency and day."""
    sums = rows.order_by().values("currency", day=day)
    found: QuerySet[Any, Any] = sums.annotate(sign=Value(sign), sum=Sum(column, output_field=AmountField()))
    return found


def movements(parts: Sequence[QuerySet[Any, Any]]) -> Iterator[Movement]:
    """Yield the movements of several questions, asked in one query."""
    if not parts:
        return
    first, *others = parts
    for row in first.union(*others, all=True) if others else first:
        yield Movement(row["day"], row["currency"], row["sign"] * row["sum"])
