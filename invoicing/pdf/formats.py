"""Numbers, rates and dates as the paper writes them, by language.

An Arabic page may write its numbers with Arabic-Indic digits. Those order themselves among Arabic
words, save a minus sign, which stands on their left as it does before Western digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from invoicing.pdf.content import Digits
from invoicing.pdf.text import ltr

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
NONE: Final = "\u2013"

_ARABIC_INDIC: Final = str.maketrans("0123456789.,%", "٠١٢٣٤٥٦٧٨٩٫٬٪")

_MONTHS: Final = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),  # noqa: SIM905 - a row of names reads better than quoted words
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split(),  # noqa: SIM905 - a row of names reads better than quoted words
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(),  # noqa: SIM905 - a row of names reads better than quoted words
}
# Unicode's CLDR: the months' Arabic names where they are others.
_MOROCCAN: Final = "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر".split()  # noqa: SIM905 - a row of names reads better than quoted words
_FROM_FRENCH: Final = "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر".split()  # noqa: SIM905 - a row of names reads better than quoted words
_MAURITANIAN: Final = "يناير فبراير مارس إبريل مايو يونيو يوليو أغشت شتمبر أكتوبر نوفمبر دجمبر".split()  # noqa: SIM905 - a row of names reads better than quoted words
_LEVANTINE: Final = [
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
]  # fmt: skip - a table reads better in rows
_ARABIC_MONTHS: Final = {
    "MA": _MOROCCAN,
    "MR": _MAURITANIAN,
    **dict.fromkeys(("DZ", "TN"), _FROM_FRENCH),
    **dict.fromkeys(("JO", "LB", "SY", "IQ", "PS"), _LEVANTINE),
}
_ARABIC_CURRENCIES: Final = {
    "MAD": "درهم",
    "AED": "درهم",
    "SAR": "ريال",
    "QAR": "ريال",
    "OMR": "ريال",
    "YER": "ريال",
}  # fmt: skip - a table reads better in rows


def amount(value: Decimal, digits: int, language: str, numerals: Digits = "latn") -> str:
    """Return an amount with `digits` decimals, grouped by thousands; never in exponent form."""
    written = f"{abs(value):,.{digits}f}"
    if language == "fr":
        written = written.replace(",", NBSP).replace(".", ",")
    negative = value < 0 and any(digit in "123456789" for digit in written)
    return in_numerals(f"{MINUS}{written}" if negative else written, numerals)


def in_numerals(written: str, numerals: Digits) -> str:
    """Return a written number in Western or Arabic-Indic digits, with the separators that go with them."""
    if numerals == "latn":
        return written
    translated = written.translate(_ARABIC_INDIC)
    return ltr(translated) if translated.startswith(MINUS) else translated


def decimals(value: Decimal) -> int:
    """Return how many decimals a value needs without its trailing zeros."""
    return len(f"{value:f}".partition(".")[2].rstrip("0"))


def price_digits(values: Iterable[Decimal], digits: int) -> int:
    """Return the decimals of a column of unit prices: its longest, between the currency's and 6."""
    return min(6, max([digits, *(decimals(value) for value in values)]))


def quantity(value: Decimal, language: str, numerals: Digits = "latn") -> str:
    """Return a quantity without trailing zeros."""
    return amount(value, decimals(value), language, numerals)


@lru_cache(maxsize=256)
def rate(percent: Decimal, language: str, numerals: Digits = "latn") -> str:
    """Return a percentage, without decimals if it is whole; a document has few, on many lines.

    The Arabic sign is no part of the number: it follows it as the words do, on the left (CLDR's U+061C).
    """
    sign = f"{NBSP}%" if language == "fr" else "%"
    return in_numerals(f"{amount(percent, decimals(percent), language)}{sign}", numerals)


def day(value: date, language: str, country: str, numerals: Digits = "latn") -> str:
    """Return a date with its month's name, in Arabic the name of the seller's country."""
    months = _MONTHS[language]
    if language == "ar":
        months = _ARABIC_MONTHS.get(country, months)
    return in_numerals(f"{value.day} {months[value.month - 1]} {value.year}", numerals)


def currency(code: str, language: str) -> str:
    """Return the currency's word in Arabic where it is clear, else its code."""
    return _ARABIC_CURRENCIES.get(code, code) if language == "ar" else code
