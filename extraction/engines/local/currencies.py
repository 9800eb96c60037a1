"""Currencies by their codes, signs and names, and by the country of the paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from babel.core import get_global
from iso4217 import Currency as Iso

from extraction.engines.local.text import folded

CODES: Final = frozenset(each.code for each in Iso) - {"XXX", "XTS", "ALL", "TOP", "TRY", "CUP", "MOP", "PAB"} | {"TRY"}
# A sign, and the currency where it is one country's alone
SIGNS: Final[Mapping[str, str]] = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₺": "TRY", "₪": "ILS", "₩": "KRW", "₫": "VND", "₦": "NGN",
    "₱": "PHP", "฿": "THB", "₴": "UAH", "₸": "KZT", "₼": "AZN", "₾": "GEL", "₵": "GHS", "₡": "CRC", "zł": "PLN",
    "Kč": "CZK", "Ft": "HUF", "lei": "RON", "R$": "BRL", "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD",
    "AU$": "AUD", "NZ$": "NZD", "S$": "SGD", "HK$": "HKD", "MX$": "MXN", "NT$": "TWD", "Fr.": "CHF", "SFr.": "CHF",
    "Rs.": "INR", "Rs": "INR", "R": "ZAR", "RM": "MYR", "Rp": "IDR", "Dhs": "AED", "Dhs.": "AED", "DHS": "AED", "SR": "SAR",
    "S.R.": "SAR", "LE": "EGP", "L.E.": "EGP", "Euro": "EUR", "Euros": "EUR", "EURO": "EUR", "﷼": "SAR",
    "ر.س": "SAR", "ر.س.": "SAR", "د.إ": "AED", "د.إ.": "AED", "ج.م": "EGP", "ج.م.": "EGP", "د.م": "MAD", "د.م.": "MAD",
    "د.ج": "DZD", "د.ج.": "DZD", "د.ت": "TND", "د.ت.": "TND", "د.ك": "KWD", "د.ك.": "KWD", "د.ب": "BHD", "د.ب.": "BHD",
    "ر.ع": "OMR", "ر.ع.": "OMR", "ر.ق": "QAR", "ر.ق.": "QAR", "د.أ": "JOD", "د.ا": "JOD", "ل.ل": "LBP", "د.ع": "IQD",
    "ر.ي": "YER", "ل.س": "SYP", "د.ل": "LYD", "ريال": "", "درهم": "", "دينار": "", "جنيه": "EGP", "يورو": "EUR",
    "دولار": "USD", "$": "", "¥": "", "￥": "", "kr": "", "kr.": "", "Kr": "", "元": "CNY", "円": "JPY", "DH": "MAD", "Dh": "MAD", "DT": "TND",
    "DA": "DZD",
}  # fmt: skip
# Currencies that a sign of several countries may stand for; the first where nothing tells
SEVERAL: Final[Mapping[str, tuple[str, ...]]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD", "ARS", "CLP", "COP"),
    "¥": ("JPY", "CNY"),
    "￥": ("CNY", "JPY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "kr.": ("DKK", "NOK", "SEK", "ISK"),
    "Kr": ("SEK", "NOK", "DKK", "ISK"),
    "ريال": ("SAR", "QAR", "OMR", "YER"),
    "درهم": ("AED", "MAD"),
    "دينار": ("KWD", "BHD", "JOD", "TND", "DZD", "IQD", "LYD"),
    "Rs": ("INR", "PKR", "LKR", "NPR", "MUR"),
    "Rs.": ("INR", "PKR", "LKR", "NPR", "MUR"),
}
NAMES: Final[Mapping[str, str]] = {
    "euro": "EUR", "euros": "EUR", "us dollar": "USD", "us dollars": "USD", "indian rupees": "INR", "rupees": "INR",
    "swiss francs": "CHF", "pounds sterling": "GBP", "saudi riyal": "SAR", "saudi riyals": "SAR",
    "ريال سعودي": "SAR", "الريال السعودي": "SAR", "درهم اماراتي": "AED", "درهم مغربي": "MAD", "جنيه مصري": "EGP",
    "دينار كويتي": "KWD", "دينار اردني": "JOD", "دينار تونسي": "TND", "دينار جزائري": "DZD", "ريال قطري": "QAR",
    "ريال عماني": "OMR", "دينار بحريني": "BHD", "دولار امريكي": "USD", "dirhams": "MAD", "uae dirham": "AED",
    "schweizer franken": "CHF",
}  # fmt: skip
_WORDS: Final = sorted([*SIGNS, *CODES], key=len, reverse=True)
_ANY: Final = "|".join(re.escape(word) for word in _WORDS)
AT_END: Final = re.compile(rf"(?<![^\W\d_])({_ANY})[\s:]{{0,3}}[-–(]?\s?$")
AT_START: Final = re.compile(rf"\s{{0,2}}\)?\s?({_ANY})(?![^\W\d_])")
CODE: Final = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")


def code_in(text: str, *, at_end: bool) -> str:
    """Return the currency that is written right before or right behind a number: a code, a sign, or empty."""
    found = AT_END.search(text) if at_end else AT_START.match(text)
    return found[1] if found else ""


def currency_of(country: str) -> str:
    """Return the currency of a country of today, empty where it is not known."""
    rows = get_global("territory_currencies").get(country, ())
    return next((code for code, _begin, end, is_tender in rows if end is None and is_tender), "")


def currency_by(written: Counter[str], text: str, countries: list[str]) -> tuple[str, bool]:
    """Return a paper's currency, and whether it stands there without a doubt.

    ``written`` counts what stands beside amounts, ``countries`` are where vendor and buyer seem to be, the surest
    first.
    """
    votes: Counter[str] = Counter()
    for sign, count in written.items():
        if sign in CODES or (SIGNS.get(sign) and sign not in SEVERAL):
            votes[sign if sign in CODES else SIGNS[sign]] += count
    alone = {sign: count for sign, count in written.items() if sign in SEVERAL}
    named = names_in(text)
    if votes:
        best = votes.most_common(1)[0][0]
        of_sign = sum(count for sign, count in alone.items() if best not in SEVERAL[sign])
        if votes[best] >= of_sign:
            return best, True
    if alone:
        sign = max(alone, key=lambda each: alone[each])
        local = [currency_of(country) for country in countries]
        choices = SEVERAL[sign]
        told = [code for code in [*votes, *named, *local] if code in choices]
        return (told or choices)[0], bool(told)
    if named:
        return named.most_common(1)[0][0], True
    return next((code for country in countries if (code := currency_of(country))), ""), False


def names_in(text: str) -> Counter[str]:
    """Count currencies that a text names anywhere, by code or name."""
    found = Counter(code for code in CODE.findall(text) if code in CODES)
    plain = f" {folded(text[:20_000])} "
    for name, code in NAMES.items():
        found[code] += plain.count(f" {name}")
    return +found
