"""What the frame of every page tells beside its links: work to do, and how much of the plan is used."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.choices import Metric
from accounts.quotas import usage
from accounts.web.base import desk_of
from accounts.web.settings import Meter, meter_of
from extraction.queries import work_waiting
from invoicing.queries.lists import overdue_count


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the counts beside the links and the use of the plan, each read in one query when a template asks."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "nav_counts": {
            "invoices": SimpleLazyObject(lambda: overdue(request)),
            "documents": SimpleLazyObject(lambda: to_verify(request)),
        },
        "plan_usage": SimpleLazyObject(lambda: invoices_used(request)),
    }


def overdue(request: HttpRequest) -> int:
    """Return how many invoices are overdue: work, where a total would be none."""
    business = desk_of(request).business
    return overdue_count(business, at=timezone.now()) if business else 0


def to_verify(request: HttpRequest) -> int:
    """Return how many documents wait to be verified, or could not be read."""
    business = desk_of(request).business
    return sum(work_waiting(business.pk)) if business else 0


def invoices_used(request: HttpRequest) -> Meter | None:
    """Return how much of the month's invoices is used, or None where the plan has no limit."""
    business = desk_of(request).business
    if business is None or business.plan.invoices_per_month is None:
        return None
    found = next(each for each in usage(business, timezone.now()) if each.metric == Metric.INVOICES)
    return meter_of(found, ZoneInfo(business.timezone))
