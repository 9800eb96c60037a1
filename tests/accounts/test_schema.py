from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import get_cc_module

from accounts import schema
from accounts.errors import Invalid
from accounts.schema import Cleaner, FieldError


def refusal(clean: Callable[..., Any], *args: Any, **options: Any) -> str:
    """Return the sentence with which a cleaner refuses."""
    with pytest.raises(FieldError) as caught:
        clean(*args, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  Atlas  ", "Atlas"),
        ("Cafe\u0301", "Café"),
        ("Atlas \u202egnp.\u2066exe\u2069", "Atlas gnp.exe"),
        ("شركة\u200f (تجربة)", "شركة\u200f (تجربة)"),
        (None, ""),
    ],
)
def test_text_is_normalised(value: object, text: str) -> None:
    assert schema.clean_text(value, 50) == text


@pytest.mark.parametrize("value", ["a\x00b", "a\nb", "a\tb", "a\x1bb", "a\u2028b", "a\ud800b", "a\x85b"])
def test_text_refuses_control_characters_in_a_single_line(value: str) -> None:
    assert refusal(schema.clean_text, value, 50) == "This has characters that cannot be printed."


def test_text_of_several_lines_keeps_lines_and_tabs() -> None:
    assert schema.clean_text("a\r\nb\rc\u2029d\te", 50, multiline=True) == "a\nb\nc\nd\te"
    assert refusal(schema.clean_text, "a\x00b", 50, multiline=True) == "This has characters that cannot be printed."


def test_text_refuses_what_is_too_long_missing_or_no_text() -> None:
    assert refusal(schema.clean_text, "abcd", 3) == "At most 3 characters fit; this has 4."
    assert refusal(schema.clean_text, " ", 3, required=True) == "This is needed."
    assert refusal(schema.clean_text, "\u200b\u2060", 3, required=True) == "This is needed."
    assert refusal(schema.clean_text, 5, 3) == "A text is needed here."


def test_choice_names_the_words() -> None:
    assert schema.clean_choice("b", ["a", "b"]) == "b"
    assert refusal(schema.clean_choice, "c", ["a", "b"]) == "Choose one of: a, b."


def test_boolean_takes_no_text_or_number() -> None:
    assert schema.clean_boolean(False) is False
    for value in ("true", 1, None):
        assert refusal(schema.clean_boolean, value) == "This is either true or false."


def test_email_folds_only_the_domain() -> None:
    assert schema.clean_email(" Nour.Test@EXAMPLE.com ") == "Nour.Test@example.com"
    assert schema.clean_email("") == ""


@pytest.mark.parametrize("value", ["nour", "nour@", "a b@example.com", "a@b", "nour@example.com\nBcc:x@y.com"])
def test_email_refuses_what_is_none(value: str) -> None:
    assert refusal(schema.clean_email, value)


@pytest.mark.parametrize("value", ["javascript:alert(1)", "ftp://example.com", "example.com", "http://"])
def test_url_is_http_or_https(value: str) -> None:
    assert schema.clean_url("https://example.com/a?b=c") == "https://example.com/a?b=c"
    assert refusal(schema.clean_url, value) == "This is not a web address, such as https://example.com."


def test_country_is_of_iso_3166() -> None:
    assert schema.clean_country("ma") == "MA"
    assert len(schema.COUNTRIES) == 250  # the 249 of ISO 3166-1 and Kosovo's XK
    for value in ("ZZ", "EU", "UK", "Morocco"):
        assert refusal(schema.clean_country, value) == "This is not a country code of two letters, such as MA."


def test_currency_has_a_minor_unit() -> None:
    assert schema.clean_currency("mad") == "MAD"
    for value in ("XXX", "XAU", "ABC", "€"):
        assert refusal(schema.clean_currency, value) == "This is not a currency code of three letters, such as EUR."


def test_timezone_is_of_the_database() -> None:
    assert schema.clean_timezone("Africa/Casablanca") == "Africa/Casablanca"
    for value in ("Casablanca", "../../etc/passwd", "localtime"):
        assert refusal(schema.clean_timezone, value) == "This is not a time zone, such as Africa/Casablanca."


@pytest.mark.parametrize(
    ("value", "country", "number"),
    [
        ("+212 600-111222", "", "+212600111222"),
        ("00212600111222", "", "+212600111222"),
        ("0600111222", "MA", "+212600111222"),
        ("٠٦٠٠١١١٢٢٢", "MA", "+212600111222"),
        ("+1 555 123 4567", "MA", "+15551234567"),
        ("", "MA", ""),
    ],
)
def test_phone_is_kept_in_e164(value: str, country: str, number: str) -> None:
    assert schema.clean_phone(value, country) == number


@pytest.mark.parametrize(
    ("value", "country", "sentence"),
    [
        ("0600111222", "", "Begin with + and the country's code, such as +212."),
        ("+999123456", "", "No country has this code. Begin with + and the country's code, such as +212."),
        ("0612", "MA", "This telephone number is too short."),
        ("+9665", "", "This telephone number is too short."),
        ("+2126001112223", "", "This telephone number is too long."),
        ("+21260011122233344455566", "", "This telephone number is too long."),
        ("call me", "MA", "This is not a telephone number."),
        ("+212600111222 ext. 5", "", "Leave out the extension."),
    ],
)
def test_phone_refuses_with_the_reason(value: str, country: str, sentence: str) -> None:
    assert refusal(schema.clean_phone, value, country) == sentence


@pytest.mark.parametrize(
    ("value", "country", "number"),
    [
        ("300 000 000 000 003", "SA", "300000000000003"),
        ("٣٠٠٠٠٠٠٠٠٠٠٠٠٠٣", "SA", "300000000000003"),
        ("40 303 265 045", "FR", "FR40303265045"),
        ("fr40303265045", "FR", "FR40303265045"),
        ("DE 136.695.976", "FR", "DE136695976"),
        ("DE136695976", "", "DE136695976"),
        ("094259216", "GR", "EL094259216"),
        ("GB 980 7806 84", "GB", "GB980780684"),
        ("XI980780684", "GB", "XI980780684"),
        ("NO 995 525 828 MVA", "NO", "995525828MVA"),
        ("CHE-107.787.577 IVA", "CH", "CHE107787577IVA"),
        ("100-1234", "AE", "100-1234"),
        ("1234567890", "", "1234567890"),
        ("12345678", "MA", "12345678"),
        ("", "SA", ""),
    ],
)
def test_vat_number_is_kept_in_its_country_s_form(value: str, country: str, number: str) -> None:
    assert schema.clean_vat_number(value, country) == number


@pytest.mark.parametrize(
    ("value", "country", "sentence"),
    [
        ("30000000000003", "SA", "15 digits are needed; this has 14."),
        ("400000000000003", "SA", "A Saudi VAT number begins and ends with 3."),
        ("300000000000004", "SA", "A Saudi VAT number begins and ends with 3."),
        ("30000000000000X", "SA", "Only digits are allowed here."),
        ("FR40303265046", "", "The check digits do not match."),
        ("DE13669597", "DE", "This has the wrong number of characters."),
        ("GB 980 7806 8X", "GB", "This does not have the form of such a number."),
        ("1" * 31, "", "At most 30 characters fit; this has 31."),
    ],
)
def test_vat_number_refuses_with_the_reason(value: str, country: str, sentence: str) -> None:
    assert refusal(schema.clean_vat_number, value, country) == sentence


def test_vat_number_has_rules_for_every_member_of_the_union() -> None:
    for prefix in schema.EU_PREFIXES:
        assert get_cc_module({"EL": "GR", "XI": "GB"}.get(prefix, prefix), "vat") is not None, prefix


@settings(max_examples=300)
@given(st.text(max_size=25), st.sampled_from(sorted(schema.COUNTRIES)))
def test_vat_number_and_phone_take_or_refuse_any_text(value: str, country: str) -> None:
    for clean in (schema.clean_vat_number, schema.clean_phone):
        with suppress(FieldError):
            assert len(clean(value, country)) <= 30


def test_tax_ids_are_checked_where_a_library_knows_them() -> None:
    entries = [
        {"type": "ice", "value": "001 561 191 000 066"},
        {"type": "IF", "value": "12345678"},
        {"type": "SIRET", "value": "73282932000074"},
        {"type": "Steuernummer", "value": "12/345/67890"},
    ]
    assert schema.clean_tax_ids(entries) == [
        {"type": "ICE", "value": "001561191000066"},
        {"type": "IF", "value": "12345678"},
        {"type": "SIRET", "value": "73282932000074"},
        {"type": "Steuernummer", "value": "12/345/67890"},
    ]
    assert schema.clean_tax_ids(None) == []


def test_tax_ids_name_the_entry_that_is_wrong() -> None:
    entries = [
        {"type": "ICE", "value": "00156119100006"},
        {"type": "ICE", "value": "001561191000067"},
        {"type": "IF", "value": "1"},
        {"type": "if", "value": "2"},
        {"type": "", "value": "2"},
        {"type": "RC"},
        "ICE 5",
    ]
    with pytest.raises(FieldError) as caught:
        schema.clean_tax_ids(entries)
    assert caught.value.errors == {
        "[0].value": ["15 digits are needed; this has 14."],
        "[1].value": ["The check digits do not match."],
        "[3].type": ["This type is given twice."],
        "[4].type": ["This is needed."],
        "[5].value": ["This is needed."],
        "[6]": ["An object with type and value is needed here."],
    }


def test_tax_ids_are_a_list_of_at_most_twenty() -> None:
    assert refusal(schema.clean_tax_ids, {"type": "IF"}) == "A list is needed here."
    assert refusal(schema.clean_tax_ids, [{}] * 21) == "At most 20 fit."


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("12.50", "12.50"),
        (Decimal("0.001"), "0.001"),
        (7, "7"),
        ("١٢٫٥"[:2], "12"),
        ("-0", "-0"),
        (Decimal("1E+2"), "1E+2"),
    ],
)
def test_decimal_is_kept_exactly(value: object, number: str) -> None:
    assert str(schema.clean_decimal(value, places=6)) == number


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        True,
        "NaN",
        "Infinity",
        Decimal("NaN"),
        Decimal("Infinity"),
        "1_000",
        "1,5",
        "1e5",
        "x",
        [],
        "9" * 41,
    ],
)
def test_decimal_refuses_what_is_no_plain_number(value: object) -> None:
    assert refusal(schema.clean_decimal, value, places=6) == "A number is needed here."


def test_decimal_refuses_too_many_digits() -> None:
    assert refusal(schema.clean_decimal, "1.1234567", places=6) == "At most 6 decimals fit."
    assert refusal(schema.clean_decimal, Decimal("1E-999999"), places=6) == "At most 6 decimals fit."
    for value in ("1234567890123.456", Decimal("1E+999999"), 10**400):
        assert refusal(schema.clean_decimal, value, places=6) == "At most 15 digits fit."
    assert refusal(schema.clean_decimal, "", places=6, required=True) == "A number is needed here."
    assert schema.clean_decimal(" ", places=6) is None


def test_rate_is_a_percentage() -> None:
    assert schema.clean_rate("20.1250") == Decimal("20.1250")
    assert schema.clean_rate(None) is None
    assert refusal(schema.clean_rate, "100.01") == "At most 100 is allowed."
    assert refusal(schema.clean_rate, Decimal(-1)) == "At least 0 is needed."
    assert refusal(schema.clean_rate, "5.12345") == "At most 4 decimals fit."


def test_degrees_are_bounded_and_rounded() -> None:
    assert schema.clean_latitude(Decimal("33.573110000000003")) == Decimal("33.573110")
    assert schema.clean_longitude("-180") == Decimal(-180)
    assert schema.clean_latitude("") is None
    assert refusal(schema.clean_latitude, "90.1") == "At most 90 is allowed."
    assert refusal(schema.clean_longitude, -181) == "At least -180 is needed."


def test_address_takes_a_text_or_an_object() -> None:
    assert schema.clean_address("12, rue Exemple\r\nRabat") == {"text": "12, rue Exemple\nRabat"}
    assert schema.clean_address({"country": "ma", "city": " Rabat ", "region": "", "building_number": 12}) == {
        "building_number": "12",
        "city": "Rabat",
        "country": "MA",
    }
    assert schema.clean_address(None) == schema.clean_address(" ") == schema.clean_address({}) == {}


def test_address_names_the_part_that_is_wrong() -> None:
    with pytest.raises(FieldError) as caught:
        schema.clean_address({"country": "Maroc", "town": "Rabat", "city": ["Rabat"]})
    assert caught.value.errors == {
        ".country": ["This is not a country code of two letters, such as MA."],
        ".town": [
            "An address has: text, line2, building_number, street, district, city, region, postal_code, country."
        ],
        ".city": ["A text is needed here."],
    }
    assert refusal(schema.clean_address, 5) == "A text or an object is needed here."


PLACE = {
    "building_number": "8228",
    "street": "Example Street",
    "line2": "Floor 2",
    "district": "Olaya",
    "city": "Riyadh",
    "region": "Centre",
    "postal_code": "12611",
}


@pytest.mark.parametrize(
    ("country", "language", "lines"),
    [
        ("MA", "fr", ["8228 Example Street", "Floor 2", "Olaya", "12611 Riyadh", "Centre"]),
        ("SA", "en", ["8228 Example Street, Olaya", "Floor 2", "Riyadh 12611", "Centre"]),
        ("SA", "ar", ["8228 Example Street، Olaya", "Floor 2", "Riyadh 12611", "Centre"]),
        ("US", "en", ["8228 Example Street", "Floor 2", "Olaya", "Riyadh, Centre 12611"]),
        ("DE", "en", ["Example Street 8228", "Floor 2", "Olaya", "12611 Riyadh", "Centre"]),
        ("GB", "en", ["8228 Example Street", "Floor 2", "Olaya", "Riyadh", "Centre", "12611"]),
    ],
)
def test_address_lines_follow_the_country(country: str, language: str, lines: list[str]) -> None:
    assert schema.address_lines(PLACE | {"country": country}, language) == lines


def test_address_lines_leave_out_what_is_missing() -> None:
    assert schema.address_lines({"region": "CA", "country": "US"}, "en") == ["CA"]
    assert schema.address_lines({"text": "PO Box 1\n\nRabat", "city": "Rabat"}, "en") == [
        "PO Box 1",
        "Rabat",
        "Rabat",
    ]
    assert schema.address_lines({}, "en", with_country=True) == []


@pytest.mark.parametrize(("language", "name"), [("en", "Morocco"), ("fr", "Maroc"), ("ar", "المغرب")])
def test_address_lines_name_the_country(language: str, name: str) -> None:
    assert schema.address_lines({"city": "Rabat", "country": "MA"}, language, with_country=True) == [
        "Rabat",
        name,
    ]


def test_cleaner_gathers_all_errors_by_field() -> None:
    cleaner = Cleaner(
        {"email": "x", "address": {"town": ""}, "name": "Atlas", "tax_ids": [{"type": "ICE", "value": "1"}]}
    )
    assert cleaner.take("name", schema.clean_text, 200) == "Atlas"
    assert cleaner.take("phone", schema.clean_phone) is None
    cleaners: dict[str, Callable[..., Any]] = {
        "email": schema.clean_email,
        "address": schema.clean_address,
        "tax_ids": schema.clean_tax_ids,
    }
    for name, clean in cleaners.items():
        assert cleaner.take(name, clean) is None
    cleaner.refuse("email", "And this.")
    with pytest.raises(Invalid) as caught:
        cleaner.done(Invalid)
    assert caught.value.errors == {
        "email": ["This is not an e-mail address, such as name@example.com.", "And this."],
        "address.town": [
            "An address has: text, line2, building_number, street, district, city, region, postal_code, country."
        ],
        "tax_ids[0].value": ["15 digits are needed; this has 1."],
    }


def test_cleaner_returns_what_was_given() -> None:
    cleaner = Cleaner({"phone": "", "other": 1})
    cleaner.take("phone", schema.clean_phone, "MA")
    cleaner.take("email", schema.clean_email)
    assert cleaner.done(Invalid) == {"phone": ""}


@pytest.mark.parametrize(
    ("country", "currency"),
    [("SA", "SAR"), ("MA", "MAD"), ("FR", "EUR"), ("HR", "EUR"), ("BG", "EUR"), ("US", "USD"), ("", ""), ("AQ", "")],
)
def test_currency_of_a_country_is_its_tender_of_today(country: str, currency: str) -> None:
    assert schema.currency_of(country) == currency


def test_text_of_several_lines_loses_overrides_and_keeps_isolates() -> None:
    assert schema.clean_text("a\u202eb\n\u2066c\u2069", 20, multiline=True) == "ab\n\u2066c\u2069"


@pytest.mark.parametrize("value", ["9999-12-31", "0001-01-01"])
def test_a_day_far_away_is_refused_by_its_year(value: str) -> None:
    assert refusal(schema.clean_date, value) == "The year must lie between 1970 and 9000."
