"""What a plan allows and a business has used: counted in the transaction that uses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Metric
from accounts.errors import QuotaExceeded, Sentence
from accounts.models import Business, Plan, QuotaCounter


@dataclass(frozen=True, slots=True)
class Quota:
    """How one metric is counted."""

    limit: Callable[[Plan], int | None]
    first_day: Callable[[date], date]
    next_first_day: Callable[[date], date]
    exceeded: Sentence


def _month(day: date) -> date:
    return day.replace(day=1)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


QUOTAS: Mapping[str, Quota] = MappingProxyType(
    {
        Metric.INVOICES: Quota(
            limit=lambda plan: plan.invoices_per_month,
            first_day=_month,
            next_first_day=_next_month,
            exceeded=_("The plan's invoices of this month are used up."),
        ),
        Metric.EMAILS: Quota(
            limit=lambda plan: plan.emails_per_day,
            first_day=lambda day: day,
            next_first_day=lambda day: day + timedelta(days=1),
            exceeded=_("The plan's emails of today are used up."),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class QuotaUsage:
    """What is used of a metric in the current period. ``limit`` None: without bound."""

    metric: str
    used: int
    limit: int | None
    renews_at: datetime


def _today(business: Business, at: datetime) -> date:
    return at.astimezone(ZoneInfo(business.timezone)).date()


def _renews_at(business: Business, metric: str, at: datetime) -> datetime:
    day = QUOTAS[metric].next_first_day(_today(business, at))
    return datetime.combine(day, time(), tzinfo=ZoneInfo(business.timezone)).astimezone(ZoneInfo("UTC"))


def consume(*, business: Business, metric: str, at: datetime, amount: int = 1) -> None:
    """Use some of a quota in the caller's transaction; a rollback gives it back.

    Periods are months (invoices) and days (emails) in the business's time zone. Raises ``QuotaExceeded`` with
    ``used``, ``limit`` and ``renews_at``.
    """
    quota = QUOTAS[metric]
    limit = quota.limit(business.plan)
    period = quota.first_day(_today(business, at))
    counters = QuotaCounter.objects.filter(business=business, metric=metric, period=period)
    room = counters.filter(Q() if limit is None else Q(used__lte=limit - amount))
    if room.update(used=F("used") + amount):
        return
    QuotaCounter.objects.bulk_create(
        [QuotaCounter(business=business, metric=metric, period=period)], ignore_conflicts=True
    )
    if not room.update(used=F("used") + amount):
        used = counters.values_list("used", flat=True).get()
        raise QuotaExceeded(
            quota.exceeded,
            metric=str(metric),
            used=used,
            limit=limit,
            renews_at=_renews_at(business, metric, at),
        )


def usage(business: Business, at: datetime) -> list[QuotaUsage]:
    """Return what the business has used of each metric in the current period, in one query."""
    today = _today(business, at)
    periods = {metric: quota.first_day(today) for metric, quota in QUOTAS.items()}
    rows = QuotaCounter.objects.filter(business=business, period__in=set(periods.values()))
    used = {(row.metric, row.period): row.used for row in rows}
    return [
        QuotaUsage(
            metric=str(metric),
            used=used.get((str(metric), periods[metric]), 0),
            limit=quota.limit(business.plan),
            renews_at=_renews_at(business, metric, at),
        )
        for metric, quota in QUOTAS.items()
    ]
