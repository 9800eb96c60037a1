from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from invoicing.pdf import Document, TaxGroup
from invoicing.pdf.content import LookName
from invoicing.pdf.layout import Style
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections import facts
from invoicing.pdf.sections.lines import lines_table
from invoicing.pdf.sections.totals import left_of_totals, totals
from tests.invoicing.pdf import documents


def paper(document: Document) -> Paper[Document]:
    made = Paper(document, document.type)
    made.sheet.next_page()
    return made


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (documents.full("en", look="classic"), 78),
        (documents.invoice("en", look="classic"), 76),
        (documents.standard("en", look="classic"), 67),
        (documents.invoice("en", look="compact"), 70),
        (documents.invoice("en"), 74),
    ],
)
def test_totals_begin_at_a_rule_of_the_table_where_it_has_any(document: Document, expected: float) -> None:
    made = paper(document)
    left = left_of_totals(made, lines_table(made))
    assert made.look.right - left == pytest.approx(expected)


@pytest.mark.parametrize(
    ("look", "whole", "more"), [("modern", 4 * 6.2 + 13.6, 14.0), ("classic", 36.4, 13.2), ("compact", 30.0, 11.6)]
)
def test_totals_are_as_high_as_their_rows(look: LookName, whole: float, more: float) -> None:
    paid = {"amount_paid": Decimal(2680), "amount_due": Decimal(20000)}
    heights = []
    for changes in ({}, paid):
        made = paper(documents.invoice("en", look=look, **changes))
        (block,) = totals(made, lines_table(made))
        heights.append(block.height)
    assert heights == pytest.approx([whole, whole + more])


def rows(**changes: Any) -> list[str]:
    return [label for label, _ in facts.rows_above_total(paper(documents.invoice("en", **changes)))]


def test_rows_above_the_total_are_those_that_say_something() -> None:
    assert rows() == ["Subtotal", "Discount 10%", "Taxable amount", "VAT 20%"]
    assert rows(discount_amount=Decimal(0)) == ["Subtotal", "VAT 20%"]


@pytest.mark.parametrize("look", ["modern", "classic", "compact"])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_no_label_runs_into_a_wide_amount(monkeypatch: pytest.MonkeyPatch, language: str, look: LookName) -> None:
    group = TaxGroup("S", Decimal("8.875"), Decimal(18900), Decimal("8765432.10"))
    total = Decimal("123456789012.34")
    changes = {"seller_country": "US", "tax_amount": group.tax_amount, "total": total, "tax_groups": (group,)}
    made = paper(documents.invoice(language, look=look, **changes))
    sheet, ends, starts = made.sheet, [], []

    def text(x: float, _y: float, words: str, style: Style, *_more: Any) -> None:
        ends.append(x + sheet.width(words, style))

    def number(x: float, _y: float, words: str, style: Style, block: float) -> None:
        starts.append(x - (block if sheet.rtl else sheet.width(words, style)))

    monkeypatch.setattr(sheet, "text", text)
    monkeypatch.setattr(sheet, "number", number)
    (block,) = totals(made, lines_table(made))
    block.draw(100.0)
    # The total's label has two pieces, the last of them its currency.
    labels = [*ends[:4], ends[5]]
    assert all(end + 1.0 <= start for end, start in zip(labels, starts, strict=True))
