"""What a plan allows and a business has used: counted in the transaction that uses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import prepared
from accounts.choices import Metric
from accounts.errors import QuotaExceeded, Sentence
from accounts.models import Business, Plan, QuotaCounter

MOST: Final = 2**31 - 1  # what the column of a counter holds


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
    most = (MOST if limit is None else limit) - amount
    if _use(business.pk, metric, period, most, amount):
        return
    counter = QuotaCounter(business=business, metric=metric, period=period)
    QuotaCounter.objects.bulk_create([counter], ignore_conflicts=True)
    if not _use(business.pk, metric, period, most, amount):
        used = QuotaCounter.objects.get(business=business, metric=metric, period=period).used
        raise QuotaExceeded(
            quota.exceeded,
            metric=str(metric),
            used=used,
            limit=limit,
            renews_at=_renews_at(business, metric, at),
        )


@prepared.update
def _use(
    business_id: str, metric: str, period: date, most: int, amount: int
) -> tuple[QuerySet[QuotaCounter], dict[str, Any]]:
    counters = QuotaCounter.objects.filter(business_id=business_id, metric=metric, period=period, used__lte=most)
    return counters, {"used": F("used") + amount}


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
