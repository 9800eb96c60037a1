"""Amounts in words, in English, French and Arabic.

English and French numbers come from num2words. Its Arabic is not used: it repeats thousands
(101,000), leaves hundreds in the construct state, and keeps the number in one object for all threads.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from num2words import num2words

from invoicing.pdf import formats
from invoicing.pdf.currencies import Arabic, Money, Name, money

# Above this the scales below have no name; no amount of ours is so large.
_LIMIT: Final = 10**15

_AND: Final = {"en": " and ", "fr": " et ", "ar": " و"}
_MINUS: Final = {"en": "minus ", "fr": "moins ", "ar": "سالب "}
# By language and the seller's country: only … and no more.
_CLOSED: Final = {("ar", "SA"): "فقط {} لا غير"}

_FRENCH_FEMININE: Final = ("livre", "couronne", "roupie", "piastre")
_ROUND_MILLIONS: Final = re.compile(r"(?:million|milliard|billion)s?\Z")
_VOWELS: Final = tuple("aeiouéè")

_UNITS: Final = ["", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"]
_FEMININE_UNITS: Final = ["", "إحدى", "اثنتان", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثماني", "تسع", "عشر"]
_TENS: Final = ["", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]
_HUNDREDS: Final = [
    "",
    "مائة",
    "مائتان",
    "ثلاثمائة",
    "أربعمائة",
    "خمسمائة",
    "ستمائة",
    "سبعمائة",
    "ثمانمائة",
    "تسعمائة",
]  # fmt: skip - a table reads better in rows


def _scale(one: str, few: str) -> Arabic:
    return Arabic(one, one, f"{one}ان", few, f"{one}ًا", one, f"{one}ان", feminine=False)


def _construct(scale: Arabic) -> Arabic:
    """Return a scale as it stands before its noun: no nun in the dual, no tanwin."""
    dual = scale.two.removesuffix("ن")
    return scale._replace(two=dual, pair=dual, many=scale.one)


_SCALES: Final = [
    (value, scale, _construct(scale))
    for value, scale in (
        (10**12, _scale("تريليون", "تريليونات")),
        (10**9, _scale("مليار", "مليارات")),
        (10**6, _scale("مليون", "ملايين")),
        (10**3, _scale("ألف", "آلاف")),
    )
]


def amount_in_words(amount: Decimal, currency: str, digits: int, language: str, country: str = "") -> str:
    """Return an amount as a sentence, such as *Two thousand Saudi riyals and fifty halalas.*, without a label.

    The words say what the figures say at `digits` decimals. `country` is the seller's: in Saudi Arabia
    the Arabic sentence is closed against additions. A currency without a name here, or an amount of 10¹⁵
    and more, stays in figures with the currency's code.
    """
    whole, _, fraction = f"{abs(amount):.{digits}f}".partition(".")
    named = money(currency)
    if named is None or int(whole) >= _LIMIT:
        return f"{formats.amount(amount, digits, language)}{formats.NBSP}{currency}"
    said = _said(int(whole), fraction, named, language)
    if amount < 0 and int(whole + fraction):
        said = _MINUS[language] + said
    said = _CLOSED.get((language, country), "{}").format(said)
    return f"{said[0].upper()}{said[1:]}."


def _said(whole: int, fraction: str, named: Money, language: str) -> str:
    """Return the whole units and the minor ones; nought of either is not said beside the other."""
    parts = int(fraction or 0)
    major = _quantity(whole, named.major, language)
    if not parts:
        return major
    if named.minor is None or len(fraction) != named.digits:
        return f"{major}{_AND[language]}{fraction}/1{'0' * len(fraction)}"
    minor = _quantity(parts, named.minor, language)
    return f"{major}{_AND[language]}{minor}" if whole else minor


def _quantity(number: int, name: Name, language: str) -> str:
    if language == "ar":
        return _arabic(number, name.ar)
    return _french(number, name.fr) if language == "fr" else _english(number, name.en)


def _english(number: int, names: tuple[str, str]) -> str:
    spelt = num2words(number, lang="en").replace(" and ", " ").replace(",", "")
    return f"{spelt} {names[number != 1]}"


def _french(number: int, names: tuple[str, str]) -> str:
    spelt: str = num2words(number, lang="fr")
    name = names[number >= 2]
    if spelt.endswith("un") and name.startswith(_FRENCH_FEMININE):
        spelt += "e"
    if _ROUND_MILLIONS.search(spelt):
        return f"{spelt} d’{name}" if name.startswith(_VOWELS) else f"{spelt} de {name}"
    return f"{spelt} {name}"


def _arabic(number: int, noun: Arabic) -> str:
    """Return a counted noun in the nominative; the number's last two digits govern the noun."""
    last = number % 100
    if number == 0:
        return f"صفر {noun.one}"
    if number in (1, 2):
        return noun.single if number == 1 else noun.two
    if last in (1, 2):
        # One and two follow a noun and never precede it: مائة درهم ودرهمان, as in ألف ليلة وليلة.
        return f"{_arabic(number - last, noun)} و{noun.another if last == 1 else noun.pair}"
    if last == 0:
        return f"{_numeral(number, noun)} {noun.one}"
    return f"{_numeral(number, noun)} {noun.few if last <= 10 else noun.many}"


def _numeral(number: int, noun: Arabic) -> str:
    """Return a number as it stands before its noun."""
    parts: list[str] = []
    for value, scale, construct in _SCALES:
        count, number = divmod(number, value)
        if count:
            parts.append(_arabic(count, scale if number else construct))
    hundreds, last = divmod(number, 100)
    if hundreds:
        parts.append(_HUNDREDS[hundreds] if last or hundreds != 2 else "مائتا")
    if last:
        parts.append(_below_hundred(last, feminine=noun.feminine))
    return " و".join(parts)


def _below_hundred(number: int, *, feminine: bool) -> str:
    units = _FEMININE_UNITS if feminine else _UNITS
    tens, unit = divmod(number, 10)
    if number <= 10:
        return units[number]
    if tens == 1:
        return f"{_teen(unit, units)} {'عشرة' if feminine else 'عشر'}"
    if not unit:
        return _TENS[tens]
    # Eight of a feminine noun loses its ya where no noun follows.
    return f"{'ثمانٍ' if feminine and unit == 8 else units[unit]} و{_TENS[tens]}"


def _teen(unit: int, units: list[str]) -> str:
    if unit == 1:
        return "أحد" if units is _UNITS else "إحدى"
    return units[2].removesuffix("ن") if unit == 2 else units[unit]
