"""The totals, which stay together: on a tint, in a box or between rules, by look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from invoicing.pdf.content import Document, Printed
from invoicing.pdf.layout import Block, Style
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections import facts
from invoicing.pdf.sections.blocks import strike
from invoicing.pdf.sections.table import Table

ROW: Final = 6.2
TOTAL: Final = 12.0
SPACE: Final = 1.6

LabelledAmount = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Measures:
    """The heights of rows and of the total, what stands above it, and how far text stands inside both edges."""

    row: float
    total: float
    space: float
    inset: float


MEASURES: Final = {
    "open": Measures(ROW, TOTAL, SPACE, 0.0),
    "boxed": Measures(6.6, 10.0, 0.0, 1.8),
    "striped": Measures(5.0, 8.6, 1.4, 1.2),
}


def totals(paper: Paper[Document], table: Table | None = None) -> list[Block]:
    """Return a document's totals, in the columns of the table that they end."""
    total = facts.total_name(paper), paper.amount(paper.document.total)
    after = facts.rows_below_total(paper)
    return sums(paper, facts.rows_above_total(paper), total, after, facts.tax_in_other_currency(paper), table)


def sums(
    paper: Paper[Printed],
    before: Sequence[LabelledAmount],
    total: LabelledAmount,
    after: Sequence[LabelledAmount] = (),
    below: str = "",
    table: Table | None = None,
) -> list[Block]:
    """Return amounts under each other, the one that matters set apart, as one block.

    Each is a label and an amount as written; `below` is a sentence under them. The last of those after the
    total is what remains of it.
    """
    drawn = Sums(paper, before, total, after, table)
    style, look = paper.styles.other_currency, paper.look
    sentence = paper.sheet.wrap(below, style, look.right - drawn.left - 2 * drawn.measures.inset) if below else ()

    def draw(y: float) -> None:
        drawn.draw(y)
        if sentence:
            paper.sheet.paragraph(drawn.left + drawn.measures.inset, y + drawn.height + 1.4, sentence, style)

    return [Block(drawn.height + (1.4 + len(sentence) * style.pitch if sentence else 0.0), draw)]


def left_of_totals(paper: Paper[Printed], table: Table | None) -> float:
    """Return where the totals begin: in a box, at a rule between columns."""
    look = paper.look
    if look.table.dress == "boxed" and table is not None:
        for column in reversed(table.columns):
            wide = look.right - column.start
            if column.width and look.totals <= wide <= look.totals + 20.0:
                return column.start
    return look.right - look.totals


class Sums:
    """Amounts under each other, measured for one look."""

    def __init__(
        self,
        paper: Paper[Printed],
        before: Sequence[LabelledAmount],
        total: LabelledAmount,
        after: Sequence[LabelledAmount],
        table: Table | None,
    ) -> None:
        """Measure the amounts; they are as wide as the widest of them."""
        self.paper, self.before, self.total, self.after = paper, before, total, after
        sheet, styles, look = paper.sheet, paper.styles, paper.look
        self.dress = look.table.dress
        self.measures = MEASURES[self.dress]
        self.left = left_of_totals(paper, table)
        self.width = look.right - self.left
        self.big = sheet.fitted(total[1], styles.grand_value, self.width - 30.0, 8.0)
        numbers = [sheet.width(number, styles.total_value) for _, number in before]
        due = [sheet.width(number, styles.due_value) for _, number in after]
        self.block = max([sheet.width(total[1], self.big), *numbers, *due])
        last = table.columns[-1].taken if table else 0.0
        self.cell = max(last, self.block + 2 * self.measures.inset)
        rows = len(before) + len(after)
        self.height = self.measures.row * rows + self.measures.space + self.measures.total
        self.height += SPACE if after and self.dress != "boxed" else 0.0

    def draw(self, y: float) -> None:
        """Draw the rows, the total and what remains."""
        top, measures = y, self.measures
        if self.dress == "boxed":
            self._fill_total(y + measures.row * len(self.before))
        for label, number in self.before:
            self._row(y, label, number, self.paper.styles.total_label, self.paper.styles.total_value)
            y += measures.row
        y += measures.space
        self._total(y)
        y += measures.total + (SPACE if self.after and self.dress != "boxed" else 0.0)
        for at, (label, number) in enumerate(self.after):
            is_last = at == len(self.after) - 1
            styles = self.paper.styles
            label_style, style = (
                (styles.due_label, styles.due_value) if is_last else (styles.total_label, styles.total_value)
            )
            self._row(y, label, number, label_style, style)
            y += measures.row
        if self.dress == "boxed":
            self._box(top)

    def _row(self, y: float, label: str, number: str, label_style: Style, style: Style) -> None:
        sheet, inset, right = self.paper.sheet, self.measures.inset, self.paper.look.right
        name = sheet.fitted(label, label_style, self.width - 2 * inset - self._taken(number, style), 6.0)
        middle = y + self.measures.row / 2
        sheet.text(self.left + inset, middle - name.pitch / 2, label, name)
        sheet.number(right - inset, middle - style.pitch / 2, number, style, self.block)

    def _taken(self, number: str, style: Style) -> float:
        """Return how much of a row its amount takes; from the right amounts end together, at the widest of them."""
        if self.dress == "boxed":
            return self.cell
        return 2.0 + (self.block if self.paper.sheet.rtl else self.paper.sheet.width(number, style))

    def _total(self, y: float) -> None:
        """Draw the total, struck through if the document is cancelled."""
        paper, inset = self.paper, self.measures.inset
        sheet, styles, right = paper.sheet, paper.styles, paper.look.right - inset
        name, amount = self.total
        self._surface(y)
        middle = y + self.measures.total / 2
        beside = sheet.width(paper.currency(), styles.grand_currency) + 1.2
        label = sheet.fitted(
            name, styles.grand_label, self.width - 2 * inset - self._taken(amount, self.big) - beside, 7.0
        )
        pieces = [(name, label), (paper.currency(), styles.grand_currency)]
        sheet.pieces(self.left + inset, middle - pieces[0][1].pitch / 2, pieces, gap=1.2)
        sheet.number(right, middle - self.big.pitch / 2, amount, self.big, self.block)
        wide = sheet.width(amount, self.big)
        strike(paper, right - (self.block - wide if sheet.rtl else 0.0), middle, wide)

    def _surface(self, y: float) -> None:
        """Draw what sets the total apart: a tint, or a rule above and below; a box has its own."""
        sheet, look, colours, tall = self.paper.sheet, self.paper.look, self.paper.colours, self.measures.total
        if self.dress == "open":
            sheet.surface(self.left - look.hang, y, self.width + 2 * look.hang, tall, 1.5, colours.tint)
        elif self.dress == "striped":
            sheet.rule(self.left, look.right, y, 0.8, colours.ink)
            sheet.rule(self.left, look.right, y + tall, 0.8, colours.ink)

    def _fill_total(self, y: float) -> None:
        self.paper.sheet.surface(self.left, y, self.width, self.measures.total, 0, self.paper.colours.fill)

    def _box(self, top: float) -> None:
        """Draw the frame, the rules between rows, and the one before the amounts."""
        sheet, look, colours, measures = self.paper.sheet, self.paper.look, self.paper.colours, self.measures
        for at in range(1, len(self.before)):
            sheet.rule(self.left, look.right, top + at * measures.row, 0.4, colours.rule)
        total = top + len(self.before) * measures.row
        for at in range(len(self.after)):
            sheet.rule(self.left, look.right, total + measures.total + at * measures.row, 0.4, colours.rule)
        sheet.upright(look.right - self.cell, top, top + self.height, 0.4, colours.rule)
        sheet.outline(self.left, top, self.width, self.height, points=0.5, colour=colours.frame)
        sheet.rule(self.left, look.right, total, 0.8, colours.accent)
