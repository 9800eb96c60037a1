"""The totals, each between its two names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from invoicing.pdf import formats
from invoicing.pdf.layout import Block, Style
from invoicing.pdf.sections import facts
from invoicing.pdf.sections.blocks import strike
from invoicing.pdf.sections.totals import ROW, SPACE, TOTAL
from invoicing.pdf.text import ltr
from invoicing.pdf.two_languages import TwoLanguages

# Between a number and its names.
GAP: Final = 5.0


class Row(NamedTuple):
    """A number as written between its names."""

    label: str
    arabic: str
    number: str


def totals(paper: TwoLanguages) -> Block:
    """Return the totals as one block, the one that matters on a tint."""
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    before = _rows(facts.rows_above_total(paper), facts.rows_above_total(paper.arabic))
    after = _rows(facts.rows_below_total(paper), facts.rows_below_total(paper.arabic))
    total = paper.amount(paper.document.total)
    other = _tax_in_other_currency(paper)
    left = look.right - look.totals
    big = sheet.fitted(total, styles.grand_value, look.totals - 72.0, 8.0)
    numbers = [(total, big), *((row.number, styles.total_value) for row in (*before, *after))]
    numbers += [(row.number, styles.other_currency) for row in other]
    block = max(sheet.width(number, style) for number, style in numbers)
    side = (look.totals - block) / 2 - GAP
    end = left + side + GAP + block

    def draw_row(y: float, row: Row, label: Style, value: Style) -> float:
        middle = y + ROW / 2
        name, arabic = (sheet.fitted(text, label, side, 7.0) for text in (row.label, row.arabic))
        sheet.text(left, middle - name.pitch / 2, row.label, name)
        sheet.number(end, middle - value.pitch / 2, row.number, value, block)
        sheet.text(look.right, middle - arabic.pitch / 2, row.arabic, arabic, "end", 1)
        return y + ROW

    def draw(y: float) -> None:
        for row in before:
            y = draw_row(y, row, styles.total_label, styles.total_value)
        y += SPACE
        sheet.surface(left - look.hang, y, look.totals + 2 * look.hang, TOTAL, 1.5, paper.colours.tint)
        middle = y + TOTAL / 2
        _put_name(paper, left, middle, side, 0)
        sheet.number(end, middle - big.pitch / 2, total, big, block)
        _put_name(paper.arabic, look.right, middle, side, 1)
        strike(paper, end, middle, sheet.width(total, big))
        y += TOTAL + (SPACE if after else 0.0)
        for row in after:
            y = draw_row(y, row, styles.total_label, styles.total_value)
        for row in other:
            y = draw_row(y, row, styles.other_currency, styles.other_currency)

    height = ROW * (len(before) + len(after) + len(other)) + SPACE + TOTAL + (SPACE if after else 0.0)
    return Block(height, draw)


def _put_name(paper: TwoLanguages, x: float, middle: float, room: float, base: int) -> None:
    """Draw what the total is called, and its currency."""
    name, currency, small = facts.total_name(paper), paper.currency(), paper.styles.grand_currency
    style = paper.sheet.fitted(name, paper.styles.grand_label, room - paper.sheet.width(currency, small) - 0.9, 7.0)
    paper.sheet.pieces(x, middle - style.pitch / 2, [(name, style), (currency, small)], gap=0.9, base=base)


def _rows(rows: Sequence[tuple[str, str]], arabic: Sequence[tuple[str, str]]) -> list[Row]:
    return [Row(label, other, number) for (label, number), (other, _) in zip(rows, arabic, strict=True)]


def _tax_in_other_currency(paper: TwoLanguages) -> list[Row]:
    """Return the tax in the currency of the seller's country, and under it the rate."""
    document = paper.document
    other, tax = document.tax_currency, document.tax_amount_in_tax_currency
    if other is None or tax is None:
        return []
    names = [each.word("tax_in").format(each.currency(other)) for each in (paper, paper.arabic)]
    rows = [Row(names[0], names[1], paper.amount(tax, max(2, formats.decimals(tax))))]
    if document.exchange_rate is not None:
        rate = ltr(f"1 {document.currency} = {paper.quantity(document.exchange_rate)} {other}")
        rows.append(Row(paper.word("exchange_rate"), paper.arabic.word("exchange_rate"), rate))
    return rows
