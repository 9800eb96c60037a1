"""Stretches of the calendar that lists name: this month, last quarter."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

MONTHS_OF_QUARTER, MONTHS_OF_YEAR = 3, 12


class NamedPeriod(TextChoices):
    """A stretch of the calendar that moves along with the day."""

    THIS_MONTH = "this_month", pgettext_lazy("period", "This month")
    LAST_MONTH = "last_month", pgettext_lazy("period", "Last month")
    THIS_QUARTER = "this_quarter", pgettext_lazy("period", "This quarter")
    LAST_QUARTER = "last_quarter", pgettext_lazy("period", "Last quarter")
    THIS_YEAR = "this_year", pgettext_lazy("period", "This year")
    LAST_YEAR = "last_year", pgettext_lazy("period", "Last year")


def days_of(period: str, *, today: date) -> tuple[date, date]:
    """Return the first and the last day of a period, both included."""
    which, _underscore, length = period.partition("_")
    months = {"month": 1, "quarter": MONTHS_OF_QUARTER, "year": MONTHS_OF_YEAR}[length]
    begin = today.replace(month=today.month - (today.month - 1) % months, day=1)
    if which == "last":
        return first_before(begin, months), begin - timedelta(days=1)
    return begin, first_before(begin, -months) - timedelta(days=1)


def first_before(first: date, months: int) -> date:
    """Return the first day of a month some months before one, or after it where they are negative."""
    place = first.year * MONTHS_OF_YEAR + first.month - 1 - months
    return date(place // MONTHS_OF_YEAR, place % MONTHS_OF_YEAR + 1, 1)
