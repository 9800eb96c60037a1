"""Days on a sheet, in figures of any order and with the months' names of many languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from babel.dates import get_month_names

from extraction.domain.locating.sheet import BETWEEN, LETTER, PAGE_END, Hit, Sheet, plain

LOCALES: Final = (
    *(
        "ar",
        "ar_DZ",
        "ar_MA",
        "ar_SY",
        "ar_TN",
        "ca",
        "cs",
        "da",
        "de",
        "de_AT",
        "el",
        "en",
        "es",
        "fa",
        "fi",
        "fr",
        "he",
    ),
    *("hi", "hu", "id", "it", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "tr", "uk"),
)
# What people write beside the names of CLDR
MORE: Final[Mapping[int, str]] = {
    1: "janv", 2: "fev", 3: "mrz maerz mar", 4: "ابريل avr apr", 5: "mei", 6: "jun", 7: "juil jul", 8: "اغسطس aug",
    9: "sept سبتمبر", 10: "اكتوبر okt", 11: "nov نوفمبر", 12: "dec dez ديسمبر",
}  # fmt: skip
REACH: Final = 48  # characters before and behind the year
MOST_YEARS: Final = 2000  # that are looked at
MOST_HITS: Final = 50
SPACE: Final = rf"[\s{BETWEEN}]"
SIGN: Final = rf"[^\w{PAGE_END}]"
APART: Final = rf"{SPACE}?[./\-–,·年月]{SPACE}?|{SPACE}"
NEAR: Final = rf"{SIGN}{{0,3}}(?:(?:de|of|do|del|d){SPACE}?['’]?{SPACE}?)?"


@lru_cache(maxsize=12)
def names_of(month: int) -> str:
    """Return a pattern of a month's names, the longest first."""
    names = {plain(name) for name in MORE[month].split()}
    for locale in LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                names.add(plain(get_month_names(width, context, locale)[month]).rstrip("."))
    spelt = sorted((name for name in names if not name.isdigit() and len(name) > 1), key=len, reverse=True)
    words = "|".join(re.escape(name).replace("\\ ", SPACE) for name in spelt)
    return rf"(?<!{LETTER})(?:{words})(?!{LETTER})"


def pattern_of(day: date) -> re.Pattern[str]:
    """Return a pattern that finds a day in the text of a sheet."""
    d, m, full, short = f"0?{day.day}", f"0?{day.month}", f"{day.year:04d}", f"{day.year % 100:02d}"
    y, month = f"(?:{full}|['’]?{short})", names_of(day.month)
    nth = rf"{d}(?:{SPACE}?(?:st|nd|rd|th|er|eme))?"
    figures = [
        rf"(?P<a>{APART}){part}(?P=a){full}".replace("(?P<a>", f"(?P<a{index}>").replace("(?P=a)", f"(?P=a{index})")
        for index, part in enumerate((m, d))
    ]
    forms = (
        f"{d}{figures[0]}", f"{m}{figures[1]}",
        rf"{d}(?P<b0>[./\-–]){m}(?P=b0){short}", rf"{m}(?P<b1>[./\-–]){d}(?P=b1){short}",
        rf"{full}(?:{APART}){m}(?:{APART}){d}",
        f"{full}{day.month:02d}{day.day:02d}", f"{day.day:02d}{day.month:02d}{full}",
        f"{nth}{NEAR}{month}{NEAR}{y}", f"{month}{NEAR}{nth}{NEAR}{y}", f"{full}{NEAR}{month}{NEAR}{d}",
    )  # fmt: skip
    return re.compile(rf"(?<!\d)(?:{'|'.join(forms)})(?!\d)")


def day_hits(sheet: Sheet, day: date) -> list[Hit]:
    """Return where a day stands, in the order of reading."""
    pattern, text, found, behind = pattern_of(day), sheet.text, [], -1
    for position in years(text, f"{day.year % 100:02d}"):
        for match in pattern.finditer(text, max(position - REACH, behind, 0), min(position + REACH, len(text))):
            found.append(sheet.hit(match.start(), match.end()))
            behind = match.end()
        if len(found) >= MOST_HITS:
            break
    return found


def years(text: str, year: str) -> Iterator[int]:
    """Yield where two digits stand that may end a year, a few thousand at most."""
    position = -1
    for _each in range(MOST_YEARS):
        position = text.find(year, position + 1)
        if position < 0:
            return
        yield position
