from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from invoicing.pdf import Document, render, text
from invoicing.pdf.fonts import face
from invoicing.pdf.paper import Paper
from tests.invoicing.pdf import documents, reading

READERS = [reading.text, reading.poppler_text]


def paper(document: Document) -> Paper[Document]:
    return Paper(document, document.type)


def visual(value: str, base: int = 1) -> str:
    """Return what a line shows from left to right."""
    (line,) = text.lines(value, "regular", None, base)
    return "".join(glyph.text for run in line.runs for glyph in run.glyphs)


def arabic_digits(**changes: Any) -> Document:
    return documents.invoice("ar", digits="arab", **changes)


@pytest.mark.parametrize(
    ("language", "second", "expected"),
    [("ar", None, "١٬٢٣٤٫٥٠"), ("ar", "en", "1,234.50"), ("en", None, "1,234.50"), ("fr", None, "1\u00a0234,50")],
)
def test_arabic_digits_are_for_arabic_pages_alone(language: str, second: Any, expected: str) -> None:
    document = replace(documents.invoice(language, digits="arab"), second_language=second)
    assert paper(document).amount(Decimal("1234.5")) == expected


def test_dates_beside_another_language_are_figures() -> None:
    document = replace(documents.invoice("ar"), second_language="en")
    assert paper(document).day(date(2026, 10, 2)) == "2026-10-02"
    assert paper(document).day(None) == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("−2100", "−٢٬١٠٠٫٠٠"),
        ("1234567.89", "١٬٢٣٤٬٥٦٧٫٨٩"),
    ],
)
def test_arabic_digits_stand_in_order(value: str, expected: str) -> None:
    written = paper(arabic_digits()).amount(Decimal(value.replace("−", "-")))
    assert visual(written) == expected
    assert visual(f"المبلغ {written} فقط") == f"طقف {expected} غلبملا"


def test_arabic_percent_follows_its_number_as_words_do() -> None:
    assert visual(paper(arabic_digits()).rate(Decimal(20))) == "٪٢٠"
    assert visual(f"الضريبة {paper(arabic_digits()).rate(Decimal('5.5'))}") == "٪٥٫٥ ةبيرضلا"
    assert visual(f"الضريبة {paper(documents.invoice('ar')).rate(Decimal('5.5'))}") == "5.5% ةبيرضلا"


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_arabic_digits_are_of_one_width(weight: str) -> None:
    for digits in ("٠١٢٣٤٥٦٧٨٩", "0123456789"):
        assert len({glyph.advance for glyph in face(weight).shape(digits, rtl=False).glyphs}) == 1


@pytest.mark.parametrize("reader", READERS)
def test_arabic_digits_are_read_back_in_order(reader: Callable[[bytes], str]) -> None:
    document = arabic_digits(
        currency="USD",
        tax_currency="MAD",
        exchange_rate=Decimal("9.8425"),
        tax_amount_in_tax_currency=Decimal("37204.65"),
    )
    read = reader(render(document))
    for value in (
        "٢٢٬٦٨٠٫٠٠",
        "−٢٬١٠٠٫٠٠",
        "٣٬٧٨٠٫٠٠",
        "١٥٬٠٠٠٫٠٠",
        "٢٠",
        "١٠",
        "٢٠٢٦",
        "١ USD = ٩٫٨٤٢٥ MAD",
        "٣٧٬٢٠٤٫٦٥",
    ):
        assert value in read
    one_page = " ".join(read.split())
    assert "٢ أكتوبر ٢٠٢٦" in one_page
    assert "١ نونبر ٢٠٢٦" in one_page
    assert "صفحة ١ من ١" in one_page


@pytest.mark.parametrize("reader", READERS)
def test_identifiers_keep_western_digits(reader: Callable[[bytes], str]) -> None:
    read = reader(render(arabic_digits())).replace("\u00a0", " ")
    for value in (
        "INV-2026-0047",
        "PO-8841",
        "001523784000091",
        "002190665000026",
        "412905",
        "MA64 0077 8000 0123 4567 8901 2396",
        "+212 522 48 61 90",
    ):
        assert value in read


def test_every_western_number_on_a_page_of_arabic_digits_was_given() -> None:
    document = documents.simplified("ar", digits="arab", items=(documents.item("بند", "2", "5462.50", "15"),))
    given = " ".join(
        (
            str(document.number),
            document.reference,
            document.notes,
            *document.seller.address_lines,
            *(value for _, value in document.seller.ids),
            document.seller.phone,
        )
    )
    read = reading.text(render(document)).replace("\u00a0", " ")
    found = re.findall(r"[0-9]+", read)
    assert len(found) >= 8
    assert [number for number in found if number not in given] == []
