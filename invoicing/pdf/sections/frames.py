"""The frames of the look *classic*: who is billed, and number, dates and references beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from invoicing.pdf.content import Printed
from invoicing.pdf.layout import Style
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.blocks import height
from invoicing.pdf.sections.parties import party_blocks
from invoicing.pdf.text import Line

META: Final = 72.0
LABEL: Final = 31.0
BETWEEN: Final = 6.0
LEAST: Final = 35.0
ROW: Final = 7.0
TALLEST_ROW: Final = 9.0
INSET: Final = 3.4
ABOVE: Final = 2.2
# What takes more lines than this stands under the frames.
MOST_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class MetaRow:
    """A label and its value as lines; `height` is what they need."""

    label: Sequence[Line]
    value: Sequence[Line]
    height: float


def draw_frames(paper: Paper[Printed], y: float, key: str, facts: Sequence[tuple[str, str]]) -> float:
    """Draw the buyer's frame and that of the facts; return where the taller one ends."""
    sheet, look = paper.sheet, paper.look
    rows = [_row(paper, label, value) for label, value in facts]
    width = look.width - META - BETWEEN
    buyer = party_blocks(paper, key, paper.document.buyer, look.left + INSET, width - 2 * INSET)
    least = max(LEAST, sum(row.height for row in rows))
    if y + least > sheet.bottom:
        y = sheet.next_page()
    tall = max(least, height(buyer) + 2 * ABOVE)
    fits = y + tall <= sheet.bottom
    _draw_meta(paper, y, rows, tall if fits else least)
    page = sheet.page
    end = sheet.flow(buyer, y + ABOVE) + ABOVE
    if fits:
        _frame(paper, y, y + tall, width)
        return y + tall
    # A buyer that is longer than the page has a frame on each.
    last = sheet.page
    for at in range(page, last + 1):
        sheet.page = at
        _frame(paper, y if at == page else sheet.next_top - ABOVE, end if at == last else sheet.bottom, width)
    return end


def is_short(paper: Paper[Printed], value: str) -> bool:
    """Return whether a value has room beside its label."""
    return len(paper.sheet.wrap(value, paper.styles.meta_value, META - LABEL - 2 * INSET)) <= MOST_LINES


def _row(paper: Paper[Printed], label: str, value: str) -> MetaRow:
    sheet, styles = paper.sheet, paper.styles
    name = sheet.wrap(label, styles.meta_label, LABEL - INSET - 1.0)
    lines = sheet.wrap(value, styles.meta_value, META - LABEL - 2 * INSET)
    return MetaRow(name, lines, max(ROW, max(len(name), len(lines)) * styles.meta_value.pitch + 2.76))


def _draw_meta(paper: Paper[Printed], y: float, rows: Sequence[MetaRow], tall: float) -> None:
    """Draw the facts row by row, the labels on a fill, stretched to the frame's height if no row becomes too tall."""
    sheet, styles, colours, look = paper.sheet, paper.styles, paper.colours, paper.look
    left = look.right - META
    needed = sum(row.height for row in rows)
    stretch = min((tall - needed) / max(1, len(rows)), TALLEST_ROW - ROW)
    # An empty row under the last one would look like a fact that is missing.
    tall = needed + len(rows) * stretch if rows else tall
    sheet.surface(left, y, LABEL, tall, 0, colours.fill)
    sheet.upright(left + LABEL, y, y + tall, 0.4, colours.rule)
    at = y
    for place, row in enumerate(rows):
        high = row.height + stretch
        _draw_lines(paper, left + INSET, at + high / 2, row.label, styles.meta_label)
        _draw_lines(paper, left + LABEL + INSET, at + high / 2, row.value, styles.meta_value)
        at += high
        if place < len(rows) - 1:
            sheet.rule(left, look.right, at, 0.4, colours.rule)
    sheet.outline(left, y, META, tall, points=0.5, colour=colours.frame)


def _draw_lines(paper: Paper[Printed], x: float, middle: float, wrapped: Sequence[Line], style: Style) -> None:
    paper.sheet.paragraph(x, middle - len(wrapped) * style.pitch / 2, wrapped, style)


def _frame(paper: Paper[Printed], top: float, end: float, width: float) -> None:
    paper.sheet.outline(paper.look.left, top, width, end - top, points=0.5, colour=paper.colours.frame)
