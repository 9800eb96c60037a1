"""Our own layouts say what their truth says, and are the same each time."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extraction import schema
from extraction.intake.pages import words_of
from tests.extraction.layouts.bills import Money
from tests.extraction.layouts.papers import LAYOUTS, all_scans, paper_of
from tests.extraction.layouts.pens import joined

NAMES = [make().name for make in LAYOUTS]


def letters(text: str) -> str:
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in text.casefold() if letter.isalnum())


def test_there_are_forty_of_different_names() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 40
    assert len({paper.name for paper in all_scans()}) == len(NAMES) + 6


@pytest.mark.parametrize("make", LAYOUTS, ids=NAMES)
def test_what_is_true_of_a_paper_stands_on_it(make: object) -> None:
    paper = paper_of(make())  # type: ignore[operator]
    content = paper.content()
    assert content == paper.content()
    pages = words_of(content)
    assert [page.source for page in pages] == ["text"] * len(pages)
    # Words of a letterhead with spaces between its letters are joined here.
    text = letters(" ".join(word.text for page in pages for word in page.words))
    for name in ("invoice_number", "vendor_tax_id"):
        assert letters(paper.truth[name] or "") in text
    assert str(paper.truth["total"]).replace(".", "") in text
    for word in paper.truth["vendor_name"].split():
        assert letters(word) in text
    assert schema.read(paper.truth).errors == {}


@pytest.mark.parametrize("make", LAYOUTS, ids=NAMES)
def test_the_truth_adds_up(make: object) -> None:
    truth = make().bill.truth  # type: ignore[operator]
    assert sum(item["amount"] for item in truth["items"]) - make().bill.discount in (  # type: ignore[operator]
        truth.get("subtotal", truth["total"]),
        truth["total"],
    )
    assert truth.get("subtotal", truth["total"]) + (truth.get("tax") or 0) == truth["total"]


@pytest.mark.parametrize(
    ("money", "written"),
    [
        (Money(), "1,234,567.80"),
        (Money(thousands=".", point=",", after=" €"), "1.234.567,80 €"),
        (Money(thousands="\u00a0", point=","), "1\u00a0234\u00a0567,80"),
        (Money(groups="indian", before="Rs. "), "Rs. 12,34,567.80"),
        (Money(places=3), "1,234,567.800"),
        (Money(places=0, before="¥"), "¥1,234,568"),
        (Money(indic=True), "١٬٢٣٤٬٥٦٧٫٨٠"),
    ],
)
def test_amounts_are_written_as_they_are_in_many_places(money: Money, written: str) -> None:
    assert money.full(Decimal("1234567.8")) == written


def test_arabic_letters_are_joined() -> None:
    assert joined("فاتورة") == "\ufed3\ufe8e\ufe97\ufeee\ufead\ufe93"
    assert joined("لا") == "\ufefb"
