from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from invoicing.web.forms import NumberField, currency_choices, number_text, parse_number


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("1234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1\u00a0234\u00a0567,5", "1234567.5"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1’234.56", "1234.56"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("12,34,567.89", "1234567.89"),
        ("١٢٣٤", "1234"),
        ("١٬٢٣٤٫٥٦", "1234.56"),
        ("۱۲۳۴٫۵", "1234.5"),
        ("١٢،٥", "12.5"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        (",5", "0.5"),
        (".5", "0.5"),
        ("12.", "12"),
        ("0,125", "0.125"),
        ("1234,567", "1234.567"),
        ("1 234,567", "1234.567"),
        (" 7 ", "7"),
        ("+7", "7"),
        ("-7,5", "-7.5"),
        ("\u22127", "-7"),
        ("\u200f15", "15"),
        ("１５", "15"),
        ("0", "0"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr", "ar", "ar-ma"])
def test_parse_number_reads_what_means_one_thing(typed, plain, language):
    with translation.override(language):
        assert parse_number(typed) == plain


@pytest.mark.parametrize(
    ("typed", "language", "plain"),
    [
        ("1,234", "en", "1234"),
        ("1,234", "fr", "1.234"),
        ("1,234", "ar", "1234"),
        ("1,234", "ar-ma", "1.234"),
        ("1.234", "en", "1.234"),
        ("1.234", "fr", "1.234"),
        ("1.234", "ar-ma", "1234"),
        ("١،٢٣٤", "ar", "1234"),
    ],
)
def test_parse_number_reads_the_ambiguous_as_the_language_writes(typed, language, plain):
    with translation.override(language):
        assert parse_number(typed) == plain


@pytest.mark.parametrize(
    "typed", ["12 34", "1,23,4", "1.2.3", "1,2.3,4", "twelve", "12a", "1e3", "--1", ".", "-", "15%"]
)
def test_parse_number_leaves_the_unreadable_to_the_service(typed):
    assert parse_number(f" {typed} ") == typed


@pytest.mark.parametrize(
    ("typed", "plain"), [("15%", "15"), ("15 %", "15"), ("٪١٥", "15"), ("5,5\u202f%", "5.5"), ("20", "20")]
)
def test_parse_number_takes_a_percent_sign_off_rates(typed, plain):
    assert parse_number(typed, percent=True) == plain


@pytest.mark.parametrize("language", ["en", "fr", "ar", "ar-ma"])
@pytest.mark.parametrize("value", ["0", "1.234", "12.5", "1000", "1234.5678", "123456.789", "0.000001", "15000.000000"])
def test_number_text_is_read_back_as_the_same_number(language, value):
    with translation.override(language):
        assert Decimal(parse_number(number_text(Decimal(value)))) == Decimal(value)


@pytest.mark.parametrize(
    ("language", "written"), [("en", "15000.50"), ("fr", "15000,50"), ("ar", "15000.50"), ("ar-ma", "15000,50")]
)
def test_number_text_writes_the_point_of_the_language(language, written):
    with translation.override(language):
        assert number_text(Decimal("15000.5"), places=2) == written


def test_number_field_shows_a_stored_number_and_keeps_what_was_typed():
    field = NumberField(percent=True)
    with translation.override("fr"):
        assert field.prepare_value(Decimal("5.5000")) == "5,5"
    assert field.prepare_value("15 %") == "15 %"
    assert field.clean("15 %") == "15"


def test_currency_choices_begin_with_those_named():
    codes = [code for code, _name in currency_choices("MAD", "EUR", "MAD")]
    assert codes[:3] == ["MAD", "EUR", "AED"]
    assert len(codes) == len(set(codes))
