"""Reading invoices by layout and labels: each rule on a paper of its own, and what must never happen."""

from __future__ import annotations

import io
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from extraction import reconcile, schema
from extraction.engines.base import Answer, KnownVendor, OwnNames, Paper
from extraction.engines.local.amounts import Style, amounts_in
from extraction.engines.local.days import days_in, due_by_terms
from extraction.engines.local.engine import Local
from extraction.intake.pages import words_of
from extraction.intake.words import PageWords, Word

Line = tuple[float, float, str]
PLAIN: list[Line] = [
    (60, 60, "Example Paper Ltd"),
    (60, 74, "12 Mill Lane, Leeds"),
    (380, 60, "Invoice No: EP-2031"),
    (380, 74, "Invoice Date: 5 March 2026"),
    (380, 88, "Due Date: 4 April 2026"),
    (60, 130, "Bill to:"),
    (60, 144, "Studio North"),
    (60, 220, "Description"), (320, 220, "Qty"), (390, 220, "Unit Price"), (490, 220, "Amount"),
    (60, 240, "Paper A4"), (320, 240, "20"), (390, 240, "£5.00"), (490, 240, "£100.00"),
    (60, 254, "Envelopes"), (320, 254, "10"), (390, 254, "£2.50"), (490, 254, "£25.00"),
    (390, 290, "Subtotal"), (490, 290, "£125.00"),
    (390, 304, "VAT 20%"), (490, 304, "£25.00"),
    (390, 318, "Total"), (490, 318, "£150.00"),
]  # fmt: skip


def drawn(lines: list[Line]) -> bytes:
    """Return a page of A4 with texts at points from its upper left corner."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    canvas.setFont("Helvetica", 10)
    for left, top, text in lines:
        canvas.drawString(left, 842 - top, text)
    canvas.save()
    return out.getvalue()


def answer_to(content: bytes, **about: Any) -> Answer:
    answer = Local().read(Paper(content, "", words_of(content), "", "", **about), model="", mode="")
    assert answer is not None
    return answer


def read(lines: list[Line], **about: Any) -> dict[str, Any]:
    return schema.read(answer_to(drawn(lines), **about).data).values


def replaced(text: str, by: str) -> list[Line]:
    assert any(line[2] == text for line in PLAIN)
    return [(left, top, by if each == text else each) for left, top, each in PLAIN]


def test_a_plain_invoice_is_read_whole() -> None:
    data = read(PLAIN)
    assert {
        name: data[name] for name in ("invoice_number", "invoice_date", "due_date", "currency", "language", "type")
    } == {
        "invoice_number": "EP-2031",
        "invoice_date": date(2026, 3, 5),
        "due_date": date(2026, 4, 4),
        "currency": "GBP",
        "language": "en",
        "type": "computerized",
    }
    assert (data["vendor_name"], data["buyer_name"]) == ("Example Paper Ltd", "Studio North")
    assert [data[name] for name in ("subtotal", "tax", "total")] == [Decimal(125), Decimal(25), Decimal(150)]
    assert data["tax_breakdown"] == [{"rate": Decimal(20), "taxable_amount": Decimal(125), "tax_amount": Decimal(25)}]
    items = [(item["description"], item["quantity"], item["unit_price"], item["amount"]) for item in data["items"]]
    assert items == [
        ("Paper A4", Decimal(20), Decimal(5), Decimal(100)),
        ("Envelopes", Decimal(10), Decimal("2.5"), Decimal(25)),
    ]


def without(*texts: str) -> list[Line]:
    assert {line[2] for line in PLAIN} >= set(texts)
    return [line for line in PLAIN if line[2] not in texts]


FACTS = ("Invoice No: EP-2031", "Invoice Date: 5 March 2026", "Due Date: 4 April 2026")


def test_captions_below_their_values_name_them() -> None:
    data = read(
        [
            *without(*FACTS),
            *((60, 170, "EP-2031"), (200, 170, "5 March 2026"), (340, 170, "4 April 2026")),
            *((60, 182, "Invoice No"), (200, 182, "Invoice Date"), (340, 182, "Due Date")),
        ]
    )
    assert (data["invoice_number"], data["invoice_date"], data["due_date"]) == (
        *("EP-2031", date(2026, 3, 5), date(2026, 4, 4)),
    )


def test_a_code_right_below_the_name_of_the_paper_is_its_number_and_sure() -> None:
    content = drawn([*without(FACTS[0]), (380, 34, "Invoice"), (380, 46, "INV-2026-0047")])
    answer = answer_to(content)
    assert (answer.data["invoice_number"], answer.score >= 0.8) == ("INV-2026-0047", True)


def test_a_tax_number_below_the_name_of_the_paper_is_not_its_number() -> None:
    content = drawn([*without(FACTS[0]), (380, 34, "Invoice"), (380, 46, "DE136695976")])
    assert answer_to(content).data["invoice_number"] is None


def test_letters_that_are_set_apart_are_a_name() -> None:
    left, letters = 60.0, []
    for letter in "Skerry Boats":
        if letter != " ":
            letters.append((left, 40.0, letter))
        left += stringWidth(letter, "Helvetica", 10) + 4
    data = read([*without("Example Paper Ltd"), *letters])
    assert data["vendor_name"] == "Skerry Boats"


@pytest.mark.parametrize("number", ["123456782 RT0001", "T7010501234560", "CHE-406.024.366 MWST"])
def test_tax_numbers_of_more_countries_are_known_by_their_form(number: str) -> None:
    assert read([*PLAIN, (60, 88, f"Reg. {number}")])["vendor_tax_id"] == number


def test_months_of_morocco_are_known() -> None:
    found = [day.value for text in ("12 نونبر 2026", "1 دجنبر 2026") for day in days_in(text)]
    assert found == [date(2026, 11, 12), date(2026, 12, 1)]


def test_what_adds_up_is_believed_and_what_does_not_is_doubted() -> None:
    assert answer_to(drawn(PLAIN)).score >= 0.8
    doubtful = answer_to(drawn(replaced("£150.00", "£190.00")))
    assert doubtful.score < 0.8
    assert doubtful.reason == "text_layer"


def test_items_that_do_not_add_up_are_left_out() -> None:
    assert read(replaced("£100.00", "£140.00"))["items"] == []


def test_dates_of_numbers_are_read_by_what_the_paper_shows() -> None:
    first = replaced("Invoice Date: 5 March 2026", "Invoice Date: 03/05/2026")
    assert read([(left, top, text.replace("4 April 2026", "04/25/2026")) for left, top, text in first])[
        "invoice_date"
    ] == date(2026, 3, 5)
    assert read([(left, top, text.replace("4 April 2026", "25/05/2026")) for left, top, text in first])[
        "invoice_date"
    ] == date(2026, 5, 3)


def test_terms_in_days_make_the_due_date() -> None:
    assert read(replaced("Due Date: 4 April 2026", "Terms: 30 days net"))["due_date"] == date(2026, 4, 4)


def test_our_own_business_is_the_buyer_and_never_the_vendor() -> None:
    data = read(PLAIN, own=OwnNames(("Example Paper Ltd",)))
    assert data["vendor_name"] != "Example Paper Ltd"
    assert data["buyer_name"] == "Example Paper Ltd"


def test_a_vendor_that_was_verified_before_is_known_again() -> None:
    assert read(PLAIN, known_vendors=[KnownVendor("Example Paper Limited")])["vendor_name"] == "Example Paper Limited"


def test_check_digits_choose_the_tax_number_and_the_iban() -> None:
    marks: list[Line] = [
        (60, 700, "VAT No: DE136695976"),
        (60, 714, "Customer VAT No: FR40303265045"),
        (60, 728, "IBAN: DE75 5121 0800 1245 1261 99 BIC COBADEFF"),
    ]
    data = read([*PLAIN, *marks])
    assert (data["vendor_tax_id"], data["buyer_tax_id"]) == ("DE136695976", "FR40303265045")
    assert data["vendor_iban"] == "DE75512108001245126199"


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1.000,00", ",", "1000.00"),
        ("1,000.00", ".", "1000.00"),
        ("1 000,00 €", ",", "1000.00"),
        ("CHF 1'000.00", ".", "1000.00"),
        ("₹ 1,00,000.50", ".", "100000.50"),
        ("١٬٢٣٤٫٥٦", ".", "1234.56"),
        ("(5.00)", ".", "-5.00"),
        ("5,00-", ",", "-5.00"),
        ("1.234", ",", "1234"),
        ("0,025", ",", "0.025"),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, mark: str, value: str) -> None:
    assert [each.value for each in amounts_in(text, Style(mark))] == [Decimal(value)]


@pytest.mark.parametrize("text", ["2026-11-05", "12/30/2026", "INV-2020", "A-123"])
def test_what_is_part_of_a_code_or_date_is_no_number(text: str) -> None:
    assert amounts_in(text, Style()) == []


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-05", "05.11.2026", "5 November 2026", "November 5, 2026", "5. November 2026", "5 novembre 2026",
        "5 de noviembre de 2026", "05-Nov-2026", "٠٥/١١/٢٠٢٦", "5 نوفمبر 2026", "5 تشرين الثاني 2026", "20261105",
    ],
)  # fmt: skip
def test_dates_are_read_in_all_written_forms(text: str) -> None:
    assert [each.value for each in days_in(text)] == [date(2026, 11, 5)]


def test_a_day_of_the_hijri_calendar_is_not_taken_for_another() -> None:
    assert days_in("1448/05/24 هـ") == []


def test_two_terms_make_no_due_date() -> None:
    assert due_by_terms("30 Tage netto, 10 Tage 3% Skonto", date(2026, 1, 1)) is None


WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "Invoice",
        "No",
        "Total",
        "1.000,00",
        "19%",
        "€",
        "05/11/2026",
        "Qty",
        "Amount",
        "رقم",
        "الإجمالي",
        "VAT",
        "IBAN:",
        "(",
    ]
)
SIDE = st.floats(-0.5, 1.5)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(WORDS, SIDE, SIDE, SIDE, SIDE), max_size=60))
def test_no_words_break_it(words: list[tuple[str, float, float, float, float]]) -> None:
    page = PageWords(
        1, 595, 842, "text", [Word(text, (left, top, right, bottom)) for text, left, top, right, bottom in words]
    )
    answer = Local().read(Paper(b"", "", [page], "", ""), model="", mode="")
    if answer is not None:
        data = schema.read(answer.data)
        assert data.errors == {}
        reconcile.checks_of(data.values)


@pytest.mark.parametrize("text", ["Total", "1,1", "1 000", "VAT", "DE1", "a@", "9/9/", "Invoice", "12.5%"])
def test_the_largest_papers_are_read_in_two_seconds(text: str) -> None:
    words = [
        Word(text, (column / 100, row / 100, (column + 0.9) / 100, (row + 0.9) / 100))
        for row in range(100)
        for column in range(100)
    ]
    pages = [PageWords(number, 595, 842, "text", words) for number in range(1, 51)]
    begun = time.process_time()
    Local().read(Paper(b"", "", pages, "", ""), model="", mode="")
    assert time.process_time() - begun < 2


def test_a_paper_without_words_is_for_others() -> None:
    assert Local().read(Paper(b"", "", [PageWords(1, 595, 842)], "", ""), model="", mode="") is None
