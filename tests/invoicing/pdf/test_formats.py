from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel import Locale

from invoicing.pdf import formats


@pytest.mark.parametrize(
    ("value", "digits", "language", "expected"),
    [
        ("22680", 2, "en", "22,680.00"),
        ("22680", 2, "ar", "22,680.00"),
        ("22680", 2, "fr", "22\u00a0680,00"),
        ("1234567.891", 3, "fr", "1\u00a0234\u00a0567,891"),
        ("500", 0, "en", "500"),
        ("-2100", 2, "en", "\u22122,100.00"),
        ("-0.50", 2, "fr", "\u22120,50"),
        ("999999999999999.99", 2, "en", "999,999,999,999,999.99"),
        ("1E+3", 2, "en", "1,000.00"),
        ("0", 2, "ar", "0.00"),
        ("-0.00", 2, "en", "0.00"),
        ("-0.004", 2, "fr", "0,00"),
    ],
)
def test_amount_is_written_by_language(value: str, digits: int, language: str, expected: str) -> None:
    assert formats.amount(Decimal(value), digits, language) == expected


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        ("3.000000", "en", "3"),
        ("1000", "en", "1,000"),
        ("1E+3", "en", "1,000"),
        ("0.5", "fr", "0,5"),
        ("1.250", "ar", "1.25"),
    ],
)
def test_quantity_has_no_trailing_zeros(value: str, language: str, expected: str) -> None:
    assert formats.quantity(Decimal(value), language) == expected


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [("20.00", "en", "20%"), ("20", "fr", "20\u00a0%"), ("5.50", "fr", "5,5\u00a0%"), ("15", "ar", "15%")],
)
def test_rate_is_whole_if_it_can(value: str, language: str, expected: str) -> None:
    assert formats.rate(Decimal(value), language) == expected


@pytest.mark.parametrize(
    ("day", "language", "country", "expected"),
    [
        (date(2026, 10, 2), "en", "MA", "2 Oct 2026"),
        (date(2026, 10, 2), "fr", "MA", "2 oct. 2026"),
        (date(2026, 8, 31), "fr", "FR", "31 août 2026"),
        (date(2026, 10, 2), "ar", "SA", "2 أكتوبر 2026"),
        (date(2026, 11, 1), "ar", "SA", "1 نوفمبر 2026"),
        (date(2026, 11, 1), "ar", "MA", "1 نونبر 2026"),
        (date(2026, 7, 1), "ar", "MA", "1 يوليوز 2026"),
        (date(2026, 8, 1), "ar", "MA", "1 غشت 2026"),
        (date(2026, 9, 1), "ar", "MA", "1 شتنبر 2026"),
        (date(2026, 12, 1), "ar", "MA", "1 دجنبر 2026"),
        (date(2026, 5, 1), "ar", "MA", "1 ماي 2026"),
        (date(2026, 5, 1), "ar", "FR", "1 مايو 2026"),
        (date(2026, 1, 31), "ar", "LB", "31 كانون الثاني 2026"),
        (date(2026, 11, 1), "ar", "JO", "1 تشرين الثاني 2026"),
        (date(2026, 7, 1), "ar", "TN", "1 جويلية 2026"),
        (date(2026, 12, 1), "ar", "MR", "1 دجمبر 2026"),
        (date(2026, 5, 1), "en", "LB", "1 May 2026"),
    ],
)
def test_day_names_its_month_as_the_country_does(day: date, language: str, country: str, expected: str) -> None:
    assert formats.day(day, language, country) == expected


@pytest.mark.parametrize("country", ["SA", "AE", "EG", "LY", "MA", "DZ", "TN", "MR", "JO", "LB", "SY", "IQ", "PS"])
def test_arabic_months_are_those_of_unicode(country: str) -> None:
    names = Locale("ar", country).months["format"]["wide"]
    for month in range(1, 13):
        assert formats.day(date(2026, month, 9), "ar", country) == f"9 {names[month]} 2026"


def test_french_months_are_those_of_unicode() -> None:
    names = Locale("fr").months["format"]["abbreviated"]
    for month in range(1, 13):
        assert formats.day(date(2026, month, 9), "fr", "MA") == f"9 {names[month]} 2026"


def test_price_digits_are_the_columns_longest() -> None:
    prices = [Decimal("1.5"), Decimal("2.1234"), Decimal("3.000000")]
    assert formats.price_digits(prices, 2) == 4
    assert formats.price_digits([Decimal(1)], 0) == 0
    assert formats.price_digits([Decimal("0.123456789")], 2) == 6


def test_currency_is_a_word_in_arabic_where_it_is_clear() -> None:
    assert [formats.currency(code, "ar") for code in ("MAD", "SAR", "USD")] == ["درهم", "ريال", "USD"]
    assert formats.currency("MAD", "fr") == "MAD"


# -- Arabic-Indic digits ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        ("22680", 2, "٢٢٬٦٨٠٫٠٠"),
        ("1234567.891", 3, "١٬٢٣٤٬٥٦٧٫٨٩١"),
        ("500", 0, "٥٠٠"),
        ("0", 2, "٠٫٠٠"),
        # The minus stays on the left.
        ("-2100.5", 2, "\u2066\u2212٢٬١٠٠٫٥٠\u2069"),
    ],
)
def test_amount_can_have_arabic_digits(value: str, digits: int, expected: str) -> None:
    assert formats.amount(Decimal(value), digits, "ar", "arab") == expected


def test_other_formats_can_have_arabic_digits() -> None:
    assert formats.quantity(Decimal("1.250"), "ar", "arab") == "١٫٢٥"
    assert formats.rate(Decimal("5.50"), "ar", "arab") == "٥٫٥٪"
    assert formats.rate(Decimal(15), "ar", "arab") == "١٥٪"
    assert formats.day(date(2026, 10, 2), "ar", "SA", "arab") == "٢ أكتوبر ٢٠٢٦"
    assert formats.in_numerals("12", "latn") == "12"
