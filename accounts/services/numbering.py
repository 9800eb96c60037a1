"""What the numbers of documents will look like, shown before it is settled."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import Business
from accounts.services.businesses import clean_business

COMING: Final = 3


@dataclass(frozen=True, slots=True)
class NumbersToCome:
    """The numbers of one kind of document: the next ones if issued today, and the first after the count begins anew.

    ``restarts`` is ``year``, ``month``, ``day`` or empty; ``next_number`` is the count of the first of ``coming``.
    """

    kind: str
    format: str
    next_number: int
    coming: tuple[str, ...]
    restarts: str
    after: str


def numbers_to_come(*, business: Business, data: Mapping[str, Any], at: datetime) -> list[NumbersToCome]:
    """Return by kind the numbers that would come with changed ``number_formats`` and ``next_numbers``.

    Nothing is stored. Raises ``Invalid`` naming the fields.
    """
    trial = copy(business)
    for name, value in clean_business(business, data).items():
        setattr(trial, name, value)
    day = at.astimezone(ZoneInfo(business.timezone)).date()
    next_numbers = import_string(settings.BUSINESS_NUMBERING["next_numbers"])(trial, on=day)
    format_of = import_string(settings.BUSINESS_NUMBERING["format_of"])
    return [_to_come(kind, format_of(trial, kind), number, day) for kind, number in next_numbers.items()]


def _to_come(kind: str, number_format: Any, number: int, day: date) -> NumbersToCome:
    restarts, begin = _restart(number_format, day)
    return NumbersToCome(
        kind=kind,
        format=number_format.text,
        next_number=number,
        coming=tuple(number_format.render(number + more, day) for more in range(COMING)),
        restarts=restarts,
        after=number_format.render(1, begin) if restarts else "",
    )


def _restart(number_format: Any, day: date) -> tuple[str, date]:
    """Return how often the count begins anew, and on which day it next does."""
    begins = {
        "day": day + timedelta(days=1),
        "month": (day.replace(day=1) + timedelta(days=32)).replace(day=1),
        "year": date(day.year + 1, 1, 1),
    }
    for name, begin in begins.items():
        # A format without days has the same period tomorrow, unless tomorrow is another month.
        within = begin if name != "day" else _in_month(day)
        if number_format.period(within) != number_format.period(day):
            return name, begin
    return "", day


def _in_month(day: date) -> date:
    """Return another day of the same month."""
    return day.replace(day=2 if day.day == 1 else 1)
