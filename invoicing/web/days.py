"""Days as people type them: ``5 Dec 2026``, ``5/12/2026``, ``٥ دجنبر ٢٠٢٦``, ``2026-12-05``."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Any, Final

from babel import Locale
from django import forms
from django.utils import timezone

from accounts.schema import ascii_digits
from accounts.search import normalise
from accounts.templatetags.ui import day

CENTURY: Final = 2000
MARKS_OF_DIRECTION: Final = dict.fromkeys((0x200E, 0x200F, 0x061C))
SEPARATOR: Final = r"\s*[-/.،,\s]\s*"
YEAR_FIRST: Final = re.compile(rf"(\d{{4}}){SEPARATOR}(\d{{1,2}}){SEPARATOR}(\d{{1,2}})", re.ASCII)
IN_FIGURES: Final = re.compile(rf"(\d{{1,2}}){SEPARATOR}(\d{{1,2}})(?:{SEPARATOR}(\d{{4}}|\d{{2}}))?", re.ASCII)
DAY_AND_MONTH: Final = re.compile(r"([0-9]{1,2})(?:er)?\W*([^\W\d_]\D*?)\W*([0-9]{4}|[0-9]{2})?")
MONTH_AND_DAY: Final = re.compile(r"([^\W\d_]\D*?)\W*([0-9]{1,2})(?:\D+([0-9]{4}))?")
LANGUAGES: Final = ("en", "fr", "ar", "ar_MA", "ar_SA")


def parse_day(typed: str, *, today: date) -> str:
    """Return a day as people type it as ``YYYY-MM-DD``; what cannot be read comes back as it was typed.

    Without a year it is the one nearest to ``today``. Figures alone are read as day and month, in that order:
    no page of ours writes the month first.
    """
    text = ascii_digits(unicodedata.normalize("NFKC", typed)).translate(MARKS_OF_DIRECTION).strip(" .,،")
    for read in (year_first, in_figures, day_and_month, month_and_day):
        if (found := read(text)) is not None:
            written = made(*found, today=today)
            return written.isoformat() if written else typed.strip()
    return typed.strip()


Parts = tuple[str | None, int, int]


def year_first(text: str) -> Parts | None:
    """Read ``2026-12-05``."""
    match = YEAR_FIRST.fullmatch(text)
    return (match[1], int(match[2]), int(match[3])) if match else None


def in_figures(text: str) -> Parts | None:
    """Read ``5/12/2026``, ``5.12.26`` and ``5/12``."""
    match = IN_FIGURES.fullmatch(text)
    return (match[3], int(match[2]), int(match[1])) if match else None


def day_and_month(text: str) -> Parts | None:
    """Read ``5 December 2026`` in any of our languages."""
    match = DAY_AND_MONTH.fullmatch(text)
    month = month_named(match[2]) if match else None
    return (match[3], month, int(match[1])) if match and month else None


def month_and_day(text: str) -> Parts | None:
    """Read ``December 5, 2026``."""
    match = MONTH_AND_DAY.fullmatch(text)
    month = month_named(match[1]) if match else None
    return (match[3], month, int(match[2])) if match and month else None


def made(year: str | None, month: int, number: int, *, today: date) -> date | None:
    """Return the day, or None where the calendar has none."""
    if year:
        return possible(int(year) + (CENTURY if len(year) == 2 else 0), month, number)
    near = [possible(each, month, number) for each in (today.year - 1, today.year, today.year + 1)]
    return min((each for each in near if each), key=lambda each: abs(each - today), default=None)


def possible(year: int, month: int, number: int) -> date | None:
    """Return the day, or None where the calendar has none."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def month_named(name: str) -> int | None:
    """Return which month a name, or enough letters of one, means in any of our languages."""
    wanted = normalise(name).strip(" .")
    meant = {number for known, number in month_names().items() if len(wanted) >= 3 and known.startswith(wanted)}
    return month_names().get(wanted) or (meant.pop() if len(meant) == 1 else None)


@lru_cache(maxsize=1)
def month_names() -> dict[str, int]:
    """Return the months by their names, in full and in short."""
    names: dict[str, int] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for number, name in Locale.parse(language).months["format"][width].items():
                names.setdefault(normalise(name).strip("."), number)
    return names


class TypedDayField(forms.CharField):
    """A day typed by a person; its value is ``YYYY-MM-DD`` as text, or what could not be read."""

    def __init__(self, **options: Any) -> None:
        attrs = {"autocomplete": "off", "data-day": "", "dir": "auto"}
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **options)

    def to_python(self, value: Any) -> str:
        """Return what was typed as a plain day."""
        typed = super().to_python(value) or ""
        return parse_day(typed, today=timezone.localdate()) if typed else ""

    def prepare_value(self, value: Any) -> Any:
        """Return what the input shows: a stored day as the page writes it, else what was typed."""
        return day(value) if isinstance(value, date) else value


def day_text(written: str) -> str:
    """Return a day that was read (``YYYY-MM-DD``) as the page writes it, or nothing for any other text."""
    try:
        return day(date.fromisoformat(written))
    except ValueError:
        return ""
