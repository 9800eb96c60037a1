"""Carrying sums forward, so that the statistics of a business with very many documents are there at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count

from accounts.models import Business
from invoicing.models import CarriedForward, Invoice
from invoicing.queries.movements import Movement, Span, carried, invoiced, received

WORTH = 2_000  # documents of a business from which on adding them up takes longer than looking up what was carried
# Whatever writes a movement has committed it by then, or never will.
SETTLED_FOR = timedelta(days=1)

Sums = dict[str, dict[str, str]]  # amounts as texts, by day and currency


def last_settled(at: datetime) -> datetime:
    """Return the moment until which sums are carried forward: a midnight in UTC, at least a day ago."""
    return (at - SETTLED_FOR).replace(hour=0, minute=0, second=0, microsecond=0)


def large_businesses() -> Iterator[Business]:
    """Yield the businesses that have documents enough."""
    counts = Invoice.objects.order_by().values("business_id").annotate(count=Count("*")).filter(count__gte=WORTH)
    ids = [row["business_id"] for row in counts]
    yield from Business.objects.filter(pk__in=ids).order_by("pk")


def carry_forward(*, business: Business, until: datetime, anew: bool = False) -> CarriedForward:
    """Add to what is carried what was written since, until a moment; ``anew`` adds up everything there is.

    Months are those of the business's time zone: where that was changed, everything is added up again.
    """
    with transaction.atomic():
        row = CarriedForward.objects.select_for_update().filter(business=business).first()
        if row is None or anew or row.timezone != business.timezone:
            row = CarriedForward(business=business, until=until, timezone=business.timezone)
            span = Span([business.pk], business.timezone, until=until)
        elif row.until < until:
            span = Span([business.pk], business.timezone, row.until, until)
        else:
            return row
        moved = {"invoiced": invoiced([span]), "received": received([span])}
        row.sums = {kind: added(row.sums.get(kind, {}), rows, until=until) for kind, rows in moved.items()}
        row.until = until
        fields = {name: getattr(row, name) for name in ("until", "timezone", "sums")}
        CarriedForward.objects.update_or_create(business=business, defaults=fields)
    return row


def added(sums: Mapping[str, Mapping[str, str]], rows: Iterable[Movement], *, until: datetime) -> Sums:
    """Return sums with movements added to them; what lies before the last two months is kept by month."""
    by_day: dict[date, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    days_from = (until.date().replace(day=1) - timedelta(days=1)).replace(day=1)
    for each in (*carried(sums), *rows):
        day = each.day if each.day >= days_from else each.day.replace(day=1)
        by_day[day][each.currency] += each.amount
    return {
        day.isoformat(): {currency: str(amount) for currency, amount in sorted(amounts.items())}
        for day, amounts in sorted(by_day.items())
    }
