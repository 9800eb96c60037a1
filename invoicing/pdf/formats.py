"""Numbers, rates and dates as the paper writes them, by language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
NONE: Final = "\u2013"

_MONTHS: Final = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),  # noqa: SIM905 - a row of names reads better than quoted words
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split(),  # noqa: SIM905 - a row of names reads better than quoted words
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split(),  # noqa: SIM905 - a row of names reads better than quoted words
    "ar-MA": "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر".split(),  # noqa: SIM905 - a row of names reads better than quoted words
}
_ARABIC_CURRENCIES: Final = {
    "MAD": "درهم",
    "AED": "درهم",
    "SAR": "ريال",
    "QAR": "ريال",
    "OMR": "ريال",
    "YER": "ريال",
}  # fmt: skip - a table reads better in rows


def amount(value: Decimal, digits: int, language: str) -> str:
    """Return an amount with `digits` decimals, grouped by thousands; never in exponent form."""
    written = f"{abs(value):,.{digits}f}"
    if language == "fr":
        written = written.replace(",", NBSP).replace(".", ",")
    return f"{MINUS}{written}" if value < 0 else written


def decimals(value: Decimal) -> int:
    """Return how many decimals a value needs without its trailing zeros."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def price_digits(values: Iterable[Decimal], digits: int) -> int:
    """Return the decimals of a column of unit prices: its longest, between the currency's and 6."""
    return min(6, max([digits, *(decimals(value) for value in values)]))


def quantity(value: Decimal, language: str) -> str:
    """Return a quantity without trailing zeros."""
    return amount(value, decimals(value), language)


def rate(percent: Decimal, language: str) -> str:
    """Return a percentage, without decimals if it is whole."""
    sign = f"{NBSP}%" if language == "fr" else "%"
    return f"{amount(percent, decimals(percent), language)}{sign}"


def day(value: date, language: str, country: str) -> str:
    """Return a date with its month's name; Morocco's Arabic names differ."""
    months = _MONTHS["ar-MA" if (language, country) == ("ar", "MA") else language]
    return f"{value.day} {months[value.month - 1]} {value.year}"


def currency(code: str, language: str) -> str:
    """Return the currency's word in Arabic where it is clear, else its code."""
    return _ARABIC_CURRENCIES.get(code, code) if language == "ar" else code
