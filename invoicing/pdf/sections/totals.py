"""The totals, which stay together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from invoicing.pdf.content import Document, Printed
from invoicing.pdf.layout import Block
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections import facts

ROW: Final = 6.2
TOTAL: Final = 12.0
SPACE: Final = 1.6

LabelledAmount = tuple[str, str]


def totals(paper: Paper[Document]) -> list[Block]:
    """Return a document's totals."""
    total = facts.total_name(paper), paper.amount(paper.document.total)
    after = facts.rows_below_total(paper)
    return sums(paper, facts.rows_above_total(paper), total, after, facts.tax_in_other_currency(paper))


def sums(
    paper: Paper[Printed],
    before: Sequence[LabelledAmount],
    total: LabelledAmount,
    after: Sequence[LabelledAmount] = (),
    below: str = "",
) -> list[Block]:
    """Return amounts under each other, the one that matters on a tint, as one block.

    Each is a label and an amount as written; `below` is a sentence under them.
    """
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    left = look.right - look.totals
    name, amount = total
    big = sheet.fitted(amount, styles.grand_value, look.totals - 30.0, 8.0)
    numbers = [number for _, number in (*before, *after)]
    block = max([sheet.width(amount, big), *(sheet.width(n, styles.total_value) for n in numbers)])
    label_style = sheet.fitted(name, styles.grand_label, look.totals - 12.0 - sheet.width(amount, big), 7.0)
    sentence = sheet.wrap(below, styles.other_currency, look.totals) if below else ()

    def rows(y: float, shown: Sequence[LabelledAmount]) -> float:
        for text, number in shown:
            room = look.totals - 2.0 - sheet.width(number, styles.total_value)
            style = sheet.fitted(text, styles.total_label, room, 6.0)
            top = y + ROW / 2
            sheet.text(left, top - style.pitch / 2, text, style)
            sheet.number(look.right, top - styles.total_value.pitch / 2, number, styles.total_value, block)
            y += ROW
        return y

    def draw(y: float) -> None:
        y = rows(y, before) + SPACE
        sheet.surface(left - look.hang, y, look.totals + 2 * look.hang, TOTAL, 1.5, paper.colours.tint)
        middle = y + TOTAL / 2
        pieces = [(name, label_style), (paper.currency(), styles.grand_currency)]
        sheet.pieces(left, middle - label_style.pitch / 2, pieces, gap=1.2)
        sheet.number(look.right, middle - big.pitch / 2, amount, big, block)
        if paper.document.mark == "cancelled":
            ends = sheet.width(amount, big)
            shift = block - ends if sheet.rtl else 0.0
            sheet.rule(look.right - ends - shift, look.right - shift, middle, 1.0, paper.colours.ink)
        y = rows(y + TOTAL + (SPACE if after else 0.0), after)
        if sentence:
            sheet.paragraph(left, y + 1.4, sentence, styles.other_currency)

    height = ROW * (len(before) + len(after)) + SPACE + TOTAL + (SPACE if after else 0.0)
    height += 1.4 + len(sentence) * styles.other_currency.pitch if sentence else 0.0
    return [Block(height, draw)]
