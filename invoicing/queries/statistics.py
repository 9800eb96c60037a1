"""How businesses stand: documents by status, money by currency and by month.

Each question is one query, whose conditions are plain ones on stored columns that stand in one index together with
what is added up. Where several periods or labels are asked for, it is a union of such conditions: a database counts
a stretch of an index in half the time it takes to sort rows into groups.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, reduce
from itertools import chain
from operator import or_
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Min, Q, QuerySet, Sum, Value, When

from accounts.models import Business
from invoicing.choices import DocumentState, InvoiceType, Settlement
from invoicing.domain.lifecycle import Status, open_condition, status_condition
from invoicing.models import CarriedForward, Invoice, Payment, Refund
from invoicing.models.fields import AmountField
from invoicing.queries import movements
from invoicing.queries.figures import CLAIMS
from invoicing.queries.movements import Movement, Span

MONTHS: Final = 12
BEFORE: Final = -1  # the place of what lies before the first month
SO_FAR: Final = -2  # the place of last month's first days, as many as have passed of the present one
INVOICES: Final = (InvoiceType.GENERAL, InvoiceType.STANDARD, InvoiceType.SIMPLIFIED)  # all but notes
# The first that fits, of an issued document that is open
OPEN_LABELS: Final = (Status.OVERDUE, Status.PARTIALLY_PAID, Status.VIEWED, Status.SENT, Status.ISSUED)
OTHER_LABELS: Final = tuple(label for label in Status if label not in OPEN_LABELS)
ZERO: Final = Decimal(0)

Amount: TypeAlias = tuple[int, str, Decimal]  # the place of its month, its currency, and how much
Sums: TypeAlias = dict[tuple[int, str], Decimal]  # by place and currency
Period: TypeAlias = tuple[int, date | None, date | None]  # its place, its first day, and the first day after it


@dataclass(slots=True)
class Standing:
    """How businesses stand in one currency.

    ``revenue`` is what was received less what went back; ``due`` all that is due, overdue included, of ``due_count``
    invoices and debit notes.
    """

    currency: str
    revenue: Decimal = ZERO
    due: Decimal = ZERO
    due_count: int = 0
    overdue: Decimal = ZERO
    overdue_count: int = 0
    oldest_due_date: date | None = None


@dataclass(slots=True)
class MonthSum:
    """What was invoiced in a month in one currency, less what was credited of it, and received, less what went back."""

    month: date
    currency: str
    invoiced: Decimal = ZERO
    paid: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Figures:
    """A business's money in one currency: what is due, the present month, and the months until it.

    ``before`` is what was invoiced and paid in as many days of the month before as have passed of this one.
    """

    standing: Standing
    months: list[MonthSum]
    before: MonthSum

    @property
    def currency(self) -> str:
        """The currency of all amounts."""
        return self.standing.currency

    @property
    def present(self) -> MonthSum:
        """The present month."""
        return self.months[-1]


class Statistics:
    """The figures of businesses at a moment: what is not asked for is not queried, and seven queries answer everything.

    The first business sets the currency that comes first. A month is that of the issue date, or of the moment that
    money moved, in the time zone of the business whose money it is; the last one is the present month where it is
    latest. ``compared`` keeps the first days of last month apart, for ``so_far``.
    """

    def __init__(
        self, businesses: Sequence[Business], *, at: datetime, months: int = MONTHS, compared: bool = False
    ) -> None:
        self.businesses = businesses
        self.currency = businesses[0].currency
        self.at = at
        self.day = max(at.astimezone(ZoneInfo(each.timezone)).date() for each in businesses)
        self.months = last_months(self.day, months)
        self.compared = compared

    # What is asked

    @cached_property
    def by_status(self) -> dict[str, int]:
        """How many invoices bear each status; notes are none."""
        counts = dict.fromkeys(Status.values, 0)
        for row in self.settled_rows:
            counts[row["label"]] += row["count"]
        for row in self.open_rows:
            if row["type"] in INVOICES:
                counts[row["label"]] += row["count"]
        return counts

    @cached_property
    def by_currency(self) -> list[Standing]:
        """How the businesses stand in each currency, the first one's own before the others."""
        found = {standing.currency: standing for standing in self.dues}
        for _place, currency, amount in (*self.received_before, *self.received, *self.returned):
            found.setdefault(currency, Standing(currency)).revenue += amount
        return self.own_first(found)

    @cached_property
    def dues(self) -> list[Standing]:
        """What is due in each currency, ``revenue`` left out."""
        found = {self.currency: Standing(self.currency)}
        for row in self.open_rows:
            if row["type"] == InvoiceType.CREDIT_NOTE:
                continue
            standing = found.setdefault(row["currency"], Standing(row["currency"]))
            standing.due += row["due"]
            standing.due_count += row["count"]
            if row["label"] == Status.OVERDUE:
                standing.overdue += row["due"]
                standing.overdue_count += row["count"]
                dates = (standing.oldest_due_date, row["oldest"])
                standing.oldest_due_date = min((day for day in dates if day), default=None)
        return self.own_first(found)

    @cached_property
    def by_month(self) -> list[MonthSum]:
        """Each month, the oldest first, in each currency in which anything was invoiced or paid in any of them."""
        invoiced, paid = self.monthly
        currencies = {currency: currency for place, currency in (*invoiced, *paid) if place != BEFORE}
        currencies.setdefault(self.currency, self.currency)
        ordered = self.own_first(currencies)
        return [self.month(place, currency) for place in range(len(self.months)) for currency in ordered]

    def month(self, place: int, currency: str) -> MonthSum:
        """Return the sums of a month, given by its place, in one currency."""
        parts = (place, SO_FAR) if self.compared and place == len(self.months) - 2 else (place,)
        invoiced, paid = (sum((sums.get((part, currency), ZERO) for part in parts), ZERO) for sums in self.monthly)
        return MonthSum(self.months[place], currency, invoiced, paid)

    def so_far(self, currency: str) -> MonthSum:
        """Return the sums of last month's first days, as many as have passed of the present month."""
        invoiced, paid = (sums.get((SO_FAR, currency), ZERO) for sums in self.monthly)
        return MonthSum(self.months[-2], currency, invoiced, paid)

    @cached_property
    def monthly(self) -> tuple[Sums, Sums]:
        """What was invoiced and what was paid, by place and currency."""
        return sums_of(self.invoiced), sums_of((*self.received, *self.returned))

    def own_first(self, found: Mapping[str, Any]) -> list[Any]:
        """Return what stands for each currency: the businesses' own, then the others by their codes."""
        return [found[code] for code in sorted(found, key=lambda code: (code != self.currency, code))]

    # What is read

    @cached_property
    def settled_rows(self) -> list[dict[str, Any]]:
        """How many invoices bear each label that is settled once the state is known."""
        counts = [
            Invoice.objects.filter(of(self.businesses), status_condition(label, at=self.at), type=kind)
            .order_by()
            .values(label=Value(str(label)))
            .annotate(count=Count("*"))
            for label in OTHER_LABELS
            for kind in INVOICES
        ]
        return united(counts)

    @cached_property
    def open_rows(self) -> list[dict[str, Any]]:
        """How many open documents of each label there are, what is due of them, and the first due date."""
        rows = Invoice.objects.filter(of(self.businesses), state=DocumentState.ISSUED, settlement=Settlement.OPEN)
        later = Case(*(When(open_condition(label, at=self.at), then=Value(str(label))) for label in OPEN_LABELS))
        # One stretch of the index each, by the column that it is sorted by
        stretches = (
            (rows.filter(overdue_at__lte=self.at), Value(str(Status.OVERDUE))),
            (rows.filter(overdue_at__gt=self.at), later),
            (rows.filter(overdue_at=None), later),
        )
        due = Sum("amount_due", output_field=AmountField())
        return united(
            [
                part.order_by()
                .annotate(label=label)
                .values("currency", "type", "label")
                .annotate(count=Count("*"), due=due, oldest=Min("due_date"))
                for part, label in stretches
            ]
        )

    @cached_property
    def invoiced(self) -> list[Amount]:
        """What was invoiced by month and currency, less what was credited of it."""
        found = self.placed((*self.carried_of("invoiced"), *movements.invoiced(self.since)))
        return [*found, *self.invoiced_by_rows] if self.uncarried else found

    @property
    def invoiced_by_rows(self) -> list[Amount]:
        """What is invoiced of the businesses of which nothing is carried forward."""
        rows = Invoice.objects.filter(of(self.uncarried), CLAIMS)
        asked = {name: Sum(name, output_field=AmountField()) for name in ("total", "amount_credited")}
        sums = [
            rows.filter(issue_date__gte=first, **({"issue_date__lt": until} if until else {}))
            .order_by()
            .values("currency")
            .annotate(place=Value(place), **{f"{name}_sum": value for name, value in asked.items()})
            for place, first, until in self.periods
        ]
        return [(row["place"], row["currency"], row["total_sum"] - row["amount_credited_sum"]) for row in united(sums)]

    @cached_property
    def received(self) -> list[Amount]:
        """What was received by month and currency."""
        found = [amount for amount in self.received_since_ever if amount[0] != BEFORE]
        return [*found, *self.payments(self.periods)]

    @cached_property
    def received_before(self) -> list[Amount]:
        """What was received before the first month, by currency."""
        found = [amount for amount in self.received_since_ever if amount[0] == BEFORE]
        return [*found, *self.payments([(BEFORE, None, self.months[0])])]

    @cached_property
    def received_since_ever(self) -> list[Amount]:
        """What was received by the businesses whose sums are carried forward."""
        return self.placed((*self.carried_of("received"), *movements.received(self.since)))

    @cached_property
    def returned(self) -> list[Amount]:
        """What went back by month and currency, as negative amounts; also before the first month."""
        place = Case(
            *(
                When(self.during("created_at", first, until, self.businesses), then=Value(place))
                for place, first, until in self.periods
            ),
            default=Value(BEFORE),
        )
        rows = Refund.objects.filter(of(self.businesses)).order_by().annotate(place=place)
        sums = rows.values("place", "payment__currency").annotate(sum=Sum("amount", output_field=AmountField()))
        return [(row["place"], row["payment__currency"], -row["sum"]) for row in sums]

    def payments(self, periods: Sequence[Period]) -> list[Amount]:
        """Return what was received in periods by the businesses of which nothing is carried forward, by currency."""
        if not self.uncarried:
            return []
        sums = [
            Payment.objects.filter(self.during("received_at", first, until, self.uncarried))
            .order_by()
            .values("currency")
            .annotate(place=Value(place), sum=Sum("amount", output_field=AmountField()))
            for place, first, until in periods
        ]
        return [(row["place"], row["currency"], row["sum"]) for row in united(sums)]

    @cached_property
    def periods(self) -> list[tuple[int, date, date | None]]:
        """The months with their places: the first day, and the first day after, None of the present month."""
        found = [
            (place, first, until)
            for place, (first, until) in enumerate(zip(self.months, (*self.months[1:], None), strict=True))
        ]
        if self.compared:
            place, first, until = found[-2]
            begun = same_day(self.day) + timedelta(days=1)
            found[-2:-1] = [(SO_FAR, first, begun), (place, begun, until)]
        return found

    # What is carried forward

    @cached_property
    def carried(self) -> dict[str, CarriedForward]:
        """What is carried forward, by the business's id."""
        zones = {each.pk: each.timezone for each in self.businesses}
        rows = CarriedForward.objects.filter(of(self.businesses), until__lte=self.at)
        return {row.business_id: row for row in rows if row.timezone == zones[row.business_id]}

    @property
    def uncarried(self) -> list[Business]:
        """The businesses of which nothing is carried forward: their rows are added up."""
        return [each for each in self.businesses if each.pk not in self.carried]

    def carried_of(self, kind: str) -> Iterable[Movement]:
        """Return what is carried forward of one kind."""
        return chain.from_iterable(movements.carried(row.sums[kind]) for row in self.carried.values())

    @property
    def since(self) -> list[Span]:
        """What was written since."""
        ids: dict[tuple[datetime, str], list[str]] = defaultdict(list)
        for pk, row in self.carried.items():
            ids[row.until, row.timezone].append(pk)
        return [Span(found, zone, since=until) for (until, zone), found in ids.items()]

    def placed(self, moved: Iterable[Movement]) -> list[Amount]:
        """Return movements by the places of their days."""
        return [(self.place_of(each.day), each.currency, each.amount) for each in moved]

    def place_of(self, day: date) -> int:
        """Return the place of a day's month; what comes after the last one counts to it."""
        if self.compared and self.months[-2] <= day <= same_day(self.day):
            return SO_FAR
        return bisect(self.months, day) - 1

    def during(self, moment: str, first: date | None, until: date | None, businesses: Sequence[Business]) -> Q:
        """Return the condition of businesses' rows whose moment lies in a period, each in its own time zone."""
        zones: dict[str, list[Business]] = defaultdict(list)
        for business in businesses:
            zones[business.timezone].append(business)
        conditions = []
        for name, same_zone in zones.items():
            bounds = {f"{moment}__gte": first, f"{moment}__lt": until}
            given = {lookup: begin(day, ZoneInfo(name)) for lookup, day in bounds.items() if day}
            conditions.append(of(same_zone) & Q(**given))
        return reduce(or_, conditions)


def figures_by_currency(business: Business, *, at: datetime) -> list[Figures]:
    """Return a business's money in each of its currencies, its own first, in five queries."""
    statistics = Statistics([business], at=at, compared=True)
    months: dict[str, list[MonthSum]] = defaultdict(list)
    for each in statistics.by_month:
        months[each.currency].append(each)
    dues = {standing.currency: standing for standing in statistics.dues}
    currencies = statistics.own_first({currency: currency for currency in (*months, *dues)})
    return [
        Figures(
            standing=dues.get(currency) or Standing(currency),
            months=months.get(currency) or [MonthSum(month, currency) for month in statistics.months],
            before=statistics.so_far(currency),
        )
        for currency in currencies
    ]


def of(businesses: Sequence[Business]) -> Q:
    """Return the condition of what belongs to businesses."""
    ids = [business.pk for business in businesses]
    return Q(business_id=ids[0]) if len(ids) == 1 else Q(business_id__in=ids)


def united(querysets: Sequence[QuerySet[Any, Any]]) -> list[dict[str, Any]]:
    """Return the rows of several questions, asked in one query."""
    first, *others = querysets
    return list(first.union(*others, all=True) if others else first)


def sums_of(rows: Sequence[Amount]) -> Sums:
    """Return amounts added up by place and currency."""
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for place, currency, amount in rows:
        sums[place, currency] += amount
    return sums


def last_months(day: date, count: int) -> list[date]:
    """Return the first days of the last months until that of ``day``, the oldest first."""
    found = [day.replace(day=1)]
    while len(found) < count:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def same_day(day: date) -> date:
    """Return the same day of the month before, or the last day of a shorter one: 28 February for 31 March."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def begin(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment a day begins in a time zone."""
    return datetime.combine(day, time(), zone)
