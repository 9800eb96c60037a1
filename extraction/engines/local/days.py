"""Dates as they are written: numbers in all orders, names of months, and terms counted in days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from babel.dates import get_month_names

from extraction.engines.local.amounts import plain
from extraction.engines.local.text import folded

LOCALES: Final = (
    *("en", "fr", "de", "de_AT", "es", "it", "nl", "pt", "ar", "ar_MA", "ar_DZ", "ar_LB", "ar_MR"),
    *("pl", "sv", "da", "nb", "ro", "cs", "tr", "fi", "ca"),
)
# Forms that people write beside those of CLDR; Levantine and North African names of the Gregorian months
MORE_MONTHS: Final[Mapping[int, str]] = {
    1: "janv jänner كانون الثاني جانفي", 2: "fev شباط فيفري", 3: "mrz maerz maer آذار", 4: "نيسان أفريل ابريل إبريل",
    5: "mei أيار ماي", 6: "حزيران جوان", 7: "juil تموز جويلية", 8: "آب أوت اغسطس", 9: "sept أيلول سبتمبر",
    10: "okt تشرين الأول اكتوبر", 11: "تشرين الثاني", 12: "déc dez كانون الأول",
}  # fmt: skip
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
YEAR_FIRST: Final = re.compile(r"(?<![\d.,/-])(\d{4})\s?([-/.年])\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)(?![-/.,]\d)")
YEAR_LAST: Final = re.compile(
    r"(?<![\d.,/-])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})(?!\d)(?![-/.,%]\d)(?!%)"
)
COMPACT: Final = re.compile(r"(?<![\w.,/-])(20\d{2})(\d{2})(\d{2})(?![\w.,/-])")
WORD: Final = r"[^\W\d_]{2,12}"
BETWEEN: Final = r"(?:\.?\s{1,2}|\s?[-/.]\s?|\.\s?)"
DAY_MONTH: Final = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?{BETWEEN}?(?:de |di |d')?({WORD})\.?,?{BETWEEN}?(?:de |del )?'?(\d{{4}}|\d{{2}})(?!\d)",
    re.IGNORECASE,
)
DAY_TWO_MONTH: Final = re.compile(rf"(?<!\d)(\d{{1,2}})\s({WORD} {WORD})\s(\d{{4}})(?!\d)")
MONTH_DAY: Final = re.compile(
    rf"({WORD})\.?{BETWEEN}?(\d{{1,2}})(?:st|nd|rd|th)?,?(?:\s|-|/)\s?(\d{{4}})(?!\d)", re.IGNORECASE
)
YEAR_MONTH_DAY: Final = re.compile(rf"(?<!\d)(\d{{4}})[-\s/]({WORD})[-\s/](\d{{1,2}})(?!\d)")
TERMS: Final = re.compile(
    r"(?<!\d)(\d{1,3})\s{0,2}(?:calendar |banking |working )?(?:days?|tagen?|tage|jours?|dias?|giorni|dagen|dager|dagar|dage|يوما?|ايام|j\.?)(?![^\W\d_])"
)
NET: Final = re.compile(r"\bnet(?:to)?\s{0,2}(\d{1,3})(?![\d.,%])")


@dataclass(frozen=True, slots=True)
class Day:
    """A date in a text; ``is_sure`` unless day and month could be exchanged and nothing tells."""

    value: date
    start: int
    end: int
    is_sure: bool = True


@cache
def months() -> dict[str, int]:
    """Return the months by their folded names and short forms, in all languages that are read."""
    found: dict[str, int] = {}
    for locale in LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    found.setdefault(folded(name).rstrip("."), number)
    for number, names in MORE_MONTHS.items():
        for name in names.split():
            if name not in {"كانون", "تشرين", "الثاني", "الأول"}:
                found.setdefault(folded(name), number)
    for name, number in (("كانون الثاني", 1), ("تشرين الأول", 10), ("تشرين الثاني", 11), ("كانون الأول", 12)):
        found[folded(name)] = number
    return {name: number for name, number in found.items() if not name.isdigit() and len(name) > 1}


def is_month_first(texts: Iterable[str], *, leans: bool) -> tuple[bool, bool]:
    """Return whether numeric dates begin with the month, and whether the dates themselves tell.

    ``leans`` is what all else on the paper speaks for.
    """
    first = second = 0
    for text in texts:
        for found in YEAR_LAST.finditer(plain(text)):
            first += int(found[1]) > 12 >= int(found[3])
            second += int(found[3]) > 12 >= int(found[1])
    if first == second:
        return leans, False
    return second > first, True


def made(year: str, month: int, day: str) -> date | None:
    """Return a date, None for one that does not exist or is not of our time. Years of two digits are of our century."""
    number = int(year) + (2000 if len(year) == 2 else 0)
    try:
        found = date(number, month, int(day))
    except ValueError:
        return None
    return found if EARLIEST <= found < LATEST else None


def days_in(text: str, *, month_first: bool = False, is_told: bool = False) -> list[Day]:
    """Return the dates of a text in their order. ``month_first`` is for those of mere numbers."""
    found: list[Day] = []
    text = plain(text)
    for start, end, value, is_sure in candidates(text, month_first=month_first, is_told=is_told):
        if value and not any(day.start < end and start < day.end for day in found):
            found.append(Day(value, start, end, is_sure))
    return sorted(found, key=lambda day: day.start)


def candidates(text: str, *, month_first: bool, is_told: bool) -> Iterator[tuple[int, int, date | None, bool]]:
    """Yield where dates stand, with their values, the plainest forms first."""
    for at in YEAR_FIRST.finditer(text):
        yield at.start(), at.end(), made(at[1], int(at[3]), at[4]), True
    for at in YEAR_LAST.finditer(text):
        yield at.start(), at.end(), *of_numbers(at, month_first=month_first, is_told=is_told)
    if any(map(str.isalpha, text)):
        yield from named(text)
    for at in COMPACT.finditer(text):
        yield at.start(), at.end(), made(at[1], int(at[2]), at[3]), True


def of_numbers(at: re.Match[str], *, month_first: bool, is_told: bool) -> tuple[date | None, bool]:
    """Return a date of three numbers, the year last, and whether it can be no other."""
    one, two = int(at[1]), int(at[3])
    if one > 12 or two > 12:
        month, day = (two, at[1]) if one > 12 else (one, at[3])
        return made(at[4], month, day), True
    if month_first and at[2] != ".":
        return made(at[4], one, at[3]), is_told or one == two
    return made(at[4], two, at[1]), is_told or one == two or at[2] == "."


def named(text: str) -> Iterator[tuple[int, int, date | None, bool]]:
    """Yield the dates with the name of a month."""
    for pattern, (year, month, day) in (
        (DAY_TWO_MONTH, (3, 2, 1)),
        (DAY_MONTH, (3, 2, 1)),
        (MONTH_DAY, (3, 1, 2)),
        (YEAR_MONTH_DAY, (1, 2, 3)),
    ):
        for at in pattern.finditer(text):
            number = months().get(folded(at[month]).rstrip("."))
            if number:
                yield at.start(), at.end(), made(at[year], number, at[day]), True


def due_by_terms(text: str, begins: date) -> date | None:
    """Return when it is due by terms such as ``30 days net``; None where there are none, or several."""
    told = folded(plain(text)[:2000])
    counts = {int(each) for each in NET.findall(told)} or {int(each) for each in TERMS.findall(told)}
    if len(counts) == 1 and (count := counts.pop()) <= 180:
        return begins + timedelta(days=count)
    return None
