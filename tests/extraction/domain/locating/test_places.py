"""Values of an invoice found again among the words of its pages, however they are written there."""

from __future__ import annotations

import random
import string
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import example, given
from hypothesis import strategies as st

from extraction import schema
from extraction.domain.locating.places import frame, locate
from extraction.domain.locating.sheet import Sheet
from extraction.intake.words import PageWords, Word
from tests.extraction.pages import page

INVOICE = """Example Paper Ltd Invoice 2026-118
Invoice number: 2026-118 Date: 02.11.2026
Paper A4 white 20 5.00 100.00
Paper A4 red 1 5.00 5.00
Subtotal 105.00
Tax 21.00
Total 126.00 €"""


def found(text: str, **data: Any) -> dict[str, Any]:
    values = schema.read(data)
    assert not values.errors
    return locate(values.values, Sheet([page(text)]))


def is_found(text: str, **data: Any) -> bool:
    return set(data) <= set(found(text, **data))


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        *[("1234.50", text) for text in (
            "1234.50", "1,234.50", "1.234,50", "1 234,50", "1'234.50", "1’234.50", "1234,5", "1\u202f234,50",
            "1\u00a0234,50", "١٢٣٤٫٥٠", "١٬٢٣٤٫٥٠", "۱۲۳۴٫۵۰", "€1,234.50", "1.234,50€", "EUR1234.50", "1,234.50USD",
            "Rs.1,234.50", "1234.50د.م.", "Total:1,234.50", "(1,234.50", "1,234.500", "US$1,234.50", "1,234.50/-",
            "\u200f1,234.50\u200e", "**1.234,50**", "=1234.50", "１２３４.５０",
        )],
        *[("-12.5", text) for text in ("-12.50", "−12,50", "12.50-", "(12.50)", "-€12.50", "€-12.50", "- 12.50", "12.50 -", "12.50 CR", "( 12.50 )")],
        ("123456", "1,23,456.00"),
        ("1234567", "1.234.567"),
        ("1234567", "1 234 567,00"),
        ("1234567.89", "1 234 567,89"),
        ("0.5", ".50"),
        ("0", "0.00"),
        ("120", "120,-"),
        ("120", "120.–"),
        ("120", "120"),
        ("1234", "1.234"),
        ("1.234", "1.234"),
    ],
)  # fmt: skip
def test_an_amount_is_found_however_it_is_written(amount: str, written: str) -> None:
    place = found(f"Total {written} thanks for your order", total=amount).get("total")
    assert place is not None
    assert (place.page, place.is_whole, place.is_opposite) == (1, True, False)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("118", "2026-118"),
        ("2026", "02.11.2026"),
        ("2026", "11/2026"),
        ("118", "INV118"),
        ("118", "118-A"),
        ("18", "118"),
        ("11.8", "118"),
        ("118", "11.8"),
        ("234", "1,234"),
        ("30", "10:30"),
        ("1234.5", "12,34.50.1"),
        ("20261102", "2026.11.02"),
        ("118", "one hundred and eighteen"),
    ],
)
def test_what_is_part_of_something_else_is_no_amount(amount: str, written: str) -> None:
    assert "total" not in found(f"Total {written} thanks for your order", total=amount)


@pytest.mark.parametrize(("amount", "written"), [("12.5", "-12.50"), ("-12.5", "12.50"), ("-12.5", "Total: 12.50")])
def test_the_other_sign_is_told(amount: str, written: str) -> None:
    assert found(f"to pay {written} in all", total=amount)["total"].is_opposite


@pytest.mark.parametrize(
    "written", ["(15%)", "(15.00%)", "(15 %)", "( 15% )", "(١٥٪)", "VAT(15%)", "VAT(15)", "(15", "(15 days)"]
)
def test_brackets_round_a_rate_or_beside_words_are_no_minus(written: str) -> None:
    rate = {"rate": "15", "taxable_amount": "100.00", "tax_amount": "15.00"}
    place = found(f"Tax {written} of 100.00 is 16.00", tax_breakdown=[rate])["tax_breakdown[0].rate"]
    assert not place.is_opposite


@pytest.mark.parametrize("written", ["(12.50)", "(12.50€)", "(€12.50)", "€(12.50)", "(12.50EUR)", "(1 212.50)"])
def test_an_amount_of_money_alone_in_brackets_is_less_than_nothing(written: str) -> None:
    amount = "1212.50" if "1 " in written else "12.50"
    assert found(f"to pay {written} in all", total=amount)["total"].is_opposite
    assert not found(f"to pay {written} in all", total=f"-{amount}")["total"].is_opposite


@pytest.mark.parametrize(
    "written",
    [
        *("2026-11-02", "02.11.2026", "2.11.2026", "02/11/2026", "11/02/2026", "2/11/26", "02-11-26", "20261102", "02 11 2026"),
        *("2026/11/02", "2 November 2026", "November 2, 2026", "2nd Nov 2026", "Nov. 2, 2026", "2-Nov-26", "02NOV2026"),
        *("2 novembre 2026", "lundi 2 novembre 2026", "2. November 2026", "2 de noviembre de 2026", "2 listopada 2026"),
        *("٢ نوفمبر ٢٠٢٦", "٢٠٢٦/١١/٠٢", "2 تشرين الثاني 2026", "2026年11月2日", "2 Kasım 2026", "2 νοεμβρίου 2026"),
    ],
)  # fmt: skip
def test_a_day_is_found_however_it_is_written(written: str) -> None:
    assert is_found(f"Date {written} of this paper", invoice_date="2026-11-02")


@pytest.mark.parametrize(
    "written", ["2026-11-20", "12.11.2026", "2 November 2025", "02.12.2026", "2 December 2026", "202611021"]
)
def test_another_day_is_not_taken_for_it(written: str) -> None:
    assert not is_found(f"Date {written} of this paper", invoice_date="2026-11-02")


@pytest.mark.parametrize(
    ("field", "value", "written"),
    [
        ("vendor_name", "Example Paper Ltd", "EXAMPLE PAPER LTD."),
        ("vendor_name", "Société Générale", "Societe Generale"),
        ("vendor_name", "Office Supply", "Oﬀice Supply"),
        ("vendor_name", "شركة الأفق", "شَرِكة الافق"),
        ("vendor_name", "Industrieservice GmbH", "Industrie-\nservice GmbH"),
        ("vendor_name", "Acme", "Acme|Europa-Allee"),
        ("vendor_name", "Acme", "A\u200bc\u00adme"),
        ("vendor_iban", "DE75512108001245126199", "DE75 5121 0800 1245 1261 99"),
        ("vendor_iban", "DE75 5121 0800 1245 1261 99", "IBAN:DE75512108001245126199"),
        ("vendor_tax_id", "DE136695976", "DE 136 695 976"),
        ("vendor_tax_id", "DE136695976", "USt-IdNr.DE136695976"),
        ("vendor_tax_id", "GB123456789", "VAT 123 4567 89"),
        ("vendor_tax_id", "CHE-123.456.789", "CHE123456789"),
        ("invoice_number", "F-2026/118", "F 2026 118"),
        ("invoice_number", "7", "No 7"),
        ("invoice_number", "#", "No #"),
        ("currency", "EUR", "5 €"),
        ("currency", "EUR", "5EUR"),
        ("currency", "SAR", "5 ر.س"),
        ("currency", "MAD", "5 DH"),
        ("currency", "INR", "Rs. 5"),
        ("currency", "CAD", "$5"),
    ],
)
def test_a_text_is_found_however_it_is_set(field: str, value: str, written: str) -> None:
    assert is_found(f"Hello {written} and so on and on", **{field: value})


@pytest.mark.parametrize(
    ("field", "value", "written"),
    [
        ("vendor_name", "Acme", "Acmeta"),
        ("vendor_name", "Acme Trading", "Acme Holding"),
        ("vendor_tax_id", "DE136695976", "DE1366959761"),
        ("vendor_iban", "DE75512108001245126199", "DE75512108001245126198"),
        ("invoice_number", "7", "77"),
        ("invoice_number", "118", "2026118"),
        ("currency", "EUR", "Europe"),
        ("currency", "USD", "5 €"),
    ],
)
def test_another_text_is_not_taken_for_it(field: str, value: str, written: str) -> None:
    assert not is_found(f"Hello {written} and so on", **{field: value})


def test_a_text_whose_lines_stand_in_a_column_is_found() -> None:
    text = "Long street 5 Invoice to\n12345 Somewhere Studio\nGermany Hello"
    place = found(text, vendor_address="Long street 5\n12345 Somewhere\nGermany")["vendor_address"]
    assert (place.is_whole, place.box) == (True, (0.05, 0.02, 0.22, 0.072))
    part = found(text, vendor_address="Long street 5\n12345 Somewhere\nAustralia")["vendor_address"]
    assert not part.is_whole
    assert not found(text, vendor_address="Short road 5\n54321 Elsewhere")


def test_the_place_that_is_meant_is_chosen() -> None:
    places = found(
        INVOICE,
        invoice_number="2026-118",
        invoice_date="2026-11-02",
        currency="EUR",
        subtotal="105",
        tax="21",
        total="126",
        items=[
            {"description": "Paper A4 white", "quantity": "20", "unit_price": "5", "amount": "100"},
            {"description": "Paper A4 red", "quantity": "1", "unit_price": "5", "amount": "5"},
        ],
    )
    lines = {name: round(place.box[1] / 0.02) for name, place in places.items()}
    assert lines == {
        "invoice_number": 1,
        "invoice_date": 2,
        "subtotal": 5,
        "tax": 6,
        "total": 7,
        "currency": 7,
        **dict.fromkeys((f"items[0].{name}" for name in ("description", "quantity", "unit_price", "amount")), 3),
        **dict.fromkeys((f"items[1].{name}" for name in ("description", "quantity", "unit_price", "amount")), 4),
    }
    row = [places[f"items[1].{name}"].box[0] for name in ("description", "quantity", "unit_price", "amount")]
    assert row == sorted(row)
    assert len(set(row)) == 4
    whole = frame([place for name, place in places.items() if name.startswith("items")])
    assert whole is not None
    assert whole.box == (0.05, 0.06, 0.4, 0.092)


def test_values_stand_on_their_pages() -> None:
    sheet = Sheet([page("Acme says hello to you", 1), page("", 2), page("Total 12.00 for all of it", 3)])
    places = locate(schema.read({"vendor_name": "Acme", "total": "12"}).values, sheet)
    assert {name: place.page for name, place in places.items()} == {"vendor_name": 1, "total": 3}
    # Nothing reaches over the end of a page.
    split = Sheet([page("we are called Acme", 1), page("Trading 1", 2), page("234.00 2", 3), page("November 2026", 4)])
    data = {"vendor_name": "Acme Trading", "total": "1234", "invoice_date": "2026-11-02"}
    assert {name for name, place in locate(schema.read(data).values, split).items() if place.is_whole} == set()


def test_a_scan_cannot_be_judged() -> None:
    assert not Sheet([page(""), page("Scanned by me")]).is_judged
    assert Sheet([page(INVOICE)]).is_judged
    assert locate(schema.read({"total": "1"}).values, Sheet([])) == {}


def test_letters_that_recognition_takes_for_each_other_are_alike_on_scans_alone() -> None:
    values = schema.read({"vendor_iban": "DE75512108001245126199", "invoice_number": "INV-2018"}).values
    text = "lNV-2O18 and DE75 5I21 O8OO 1245 1261 99 are here"
    assert set(locate(values, Sheet([page(text, source="ocr")]))) == {"vendor_iban", "invoice_number"}
    assert locate(values, Sheet([page(text)])) == {}


# Anything among anything

WORDS = st.one_of(
    st.text(max_size=12),
    st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
    st.sampled_from(["\x00", "\x01", "", " ", "2026", "1", "234,50", "-", "EUR", "\u202e", "\ud800", "٫", "..", "年"]),
)
TEXTS = st.one_of(st.none(), WORDS)
AMOUNTS = st.one_of(st.none(), st.decimals(-(10**12), 10**12, places=4))
DATA = st.fixed_dictionaries(
    {
        **dict.fromkeys(("vendor_name", "vendor_address", "vendor_tax_id", "vendor_iban", "invoice_number"), TEXTS),
        **dict.fromkeys(("subtotal", "tax", "total", "discount"), AMOUNTS),
        **dict.fromkeys(
            ("invoice_date", "due_date"), st.one_of(st.none(), st.dates(date(1970, 1, 1), date(9000, 1, 1)))
        ),
        "currency": st.sampled_from([None, "EUR", "SAR", "JPY", "XOF"]),
        "tax_breakdown": st.just([]),
        "items": st.lists(
            st.fixed_dictionaries(
                {"description": TEXTS, "quantity": AMOUNTS, "unit_price": AMOUNTS, "amount": AMOUNTS}
            ),
            max_size=4,
        ),
    }
)
BOX = st.tuples(*[st.floats(-2, 2)] * 4)


@given(DATA, st.lists(st.lists(st.builds(Word, WORDS, BOX), max_size=30), max_size=3))
def test_locating_anything_among_anything_never_raises(data: dict[str, Any], pages: list[list[Word]]) -> None:
    sheet = Sheet([PageWords(number, 1, 1, "text", words) for number, words in enumerate(pages, start=1)])
    for place in locate(data, sheet).values():
        assert 1 <= place.page <= len(pages)


@given(
    st.decimals(0, 10**11, places=2),
    st.sampled_from(
        ["en", "fr", "de", "de_CH", "ar", "ar_EG", "fa", "hi", "en_IN", "es", "pt", "pl", "sv", "it", "nb"]
    ),
    st.sampled_from(["#,##0.00", "#,##0.00 ¤", "¤#,##0.00", "0.00", "#,##0.000"]),
)
@example(Decimal("1234.50"), "ar_EG", "#,##0.00")
@example(Decimal("9999999.99"), "en_IN", "#,##,##0.00")
def test_a_number_written_in_any_locale_is_found(number: Decimal, locale: str, pattern: str) -> None:
    written = format_decimal(number, pattern.replace("¤", "€"), locale, numbering_system="default")
    assert is_found(f"Total {written} for all of this", total=str(number)), written


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["en", "en_GB", "fr", "de", "ar", "ar_MA", "ar_TN", "ar_SY", "ar_EG", "es", "it", "pt", "nl", "pl", "tr", "ru", "sv", "ro", "cs"]),
    st.sampled_from(["short", "medium", "long", "full"]),
)  # fmt: skip
def test_a_day_written_in_any_locale_is_found(day: date, locale: str, form: str) -> None:
    written = format_date(day, form, locale)
    assert is_found(f"Date {written} of this paper", invoice_date=day.isoformat()), written


@pytest.mark.parametrize(
    "letters", [string.ascii_letters, string.digits + ".,", "ابتثجحخدذرزسشصضطظعغفقكلمنهويأإةى", "1"]
)
def test_many_words_take_little_time(letters: str) -> None:
    choose = random.Random(7)
    boxes = [(0.1, place / 2000, 0.2, place / 2000 + 0.0004) for place in range(2000)]
    pages = [
        PageWords(number, 595, 842, "text", [Word("".join(choose.choices(letters, k=6)), box) for box in boxes])
        for number in range(1, 51)
    ]
    items = [
        {"description": f"Thing {n} of all", "quantity": 1, "unit_price": f"{n}.5", "amount": f"{n}.5"}
        for n in range(100)
    ]
    data = {
        "vendor_name": "Example Paper",
        "invoice_date": "2026-11-02",
        "currency": "EUR",
        "total": "5000",
        "items": items,
    }
    values = schema.read(data).values
    locate(values, Sheet(pages[:1]))  # names of months are made once
    begun = time.process_time()
    locate(values, Sheet(pages))
    assert time.process_time() - begun < 0.6  # half of that on a machine that does nothing else
