"""What currencies are called on papers: codes, signs and names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from babel.numbers import get_currency_name, get_currency_symbol
from iso4217 import Currency

from extraction.domain.locating.sheet import GAP, LETTER, plain

LOCALES: Final = ("en", "fr", "ar", "de", "es", "it", "nl", "pt")
# What papers write beside what CLDR knows
MORE: Final[Mapping[str, str]] = {
    "AED": "dh dhs درهم", "BHD": "bd دينار", "CHF": "fr. sfr sfr.", "DKK": "kr.", "DZD": "da دج", "EGP": "le l.e. جنيه",
    "INR": "rs rs. ₹", "JOD": "jd دينار", "JPY": "¥ 円", "CNY": "rmb ¥ 元", "KWD": "kd دينار", "LKR": "rs rs.",
    "MAD": "dh dhs درهم", "NOK": "kr.", "OMR": "ro ريال", "PKR": "rs rs.", "QAR": "qr ريال", "SAR": "sr ريال ﷼",
    "SEK": "kr.", "TND": "dt دينار", "XAF": "fcfa cfa", "XOF": "fcfa cfa", "YER": "ريال",
}  # fmt: skip
SHARED: Final[Mapping[str, str]] = {"$": "USD CAD AUD NZD SGD HKD MXN TWD ARS CLP COP", "kr": "SEK NOK DKK ISK"}
WORD: Final = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=200)
def names_of(code: str) -> tuple[str, ...]:
    """Return what a currency is called, the longest name first."""
    names = {code, *MORE.get(code, "").split(), *(sign for sign, codes in SHARED.items() if code in codes.split())}
    for locale in LOCALES:
        names |= {get_currency_symbol(code, locale), *(get_currency_name(code, count, locale) for count in (1, 2))}
    return tuple(sorted({plain(name).rstrip(".") for name in names} - {""}, key=len, reverse=True))


@lru_cache(maxsize=200)
def pattern_of(code: str) -> re.Pattern[str]:
    """Return a pattern that finds a currency's names as they stand in the text of a sheet."""
    names = "|".join(re.escape(name).replace(r"\ ", GAP) for name in names_of(code))
    return re.compile(rf"(?<!{LETTER})(?:{names})(?!{LETTER})")


def _letters() -> frozenset[str]:
    names = [each.code for each in Currency] + " ".join(MORE.values()).split() + ["euro", "euros", "kr"]
    names += [get_currency_symbol(each.code, locale) for each in Currency for locale in ("en", "ar")]
    words = {word for name in names for word in WORD.findall(plain(name))}
    return frozenset(word for word in words if len(word) > 1 or not word.isascii()) | {"r"}


# The runs of letters that may be written at a number without making it something else
LETTERS: Final = _letters() | {"cr"}
