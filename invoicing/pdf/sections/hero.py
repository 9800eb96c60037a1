"""The strip of what matters: dates and references, and the amount at its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from invoicing.pdf.content import Printed
from invoicing.pdf.layout import BASELINE, MM, Style
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.blocks import strike
from invoicing.pdf.text import Line

HERO: Final = 42.0
GAP: Final = 1.6
HEIGHT: Final = 17.0
CELL: Final = 38.0
# The size of values that would take more than two lines in the usual one, and the most that they may take then.
SMALLER: Final = 7.5
MOST_LINES: Final = 4


def is_short(paper: Paper[Printed], value: str) -> bool:
    """Return whether a value has room in a cell of the strip."""
    return len(paper.sheet.wrap(value, paper.styles.hero_value.sized(SMALLER), CELL - 3.0)) <= MOST_LINES


def draw_hero(paper: Paper[Printed], top: float, cells: Sequence[tuple[str, str]], amount: tuple[str, str]) -> float:
    """Draw labels and values, then the label and amount that matters; return where the strip ends."""
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    name, number = amount
    big = sheet.fitted(number, styles.hero_amount, 58.0, 8.0)
    pieces = [(number, big), (paper.currency(), big.sized(big.size * 0.62))]
    if paper.language == "en":
        pieces.reverse()
    wide = sum(sheet.width(text, style) for text, style in pieces) + GAP
    widths = _widths(len(cells), look.width - max(wide, 30.0) - 4.0)
    style, values = _values(paper, [text for _, text in cells], widths)
    height = HEIGHT + max([len(lines) - 1 for lines in values], default=0) * style.pitch
    sheet.surface(look.left - look.hang, top, look.width + 2 * look.hang, height, 1.5, paper.colours.tint)
    x = look.left
    baseline = top + 7.0 + _drop(styles.hero_amount)
    for (label, _), lines, width in zip(cells, values, widths, strict=True):
        sheet.text(x, top + 3.5, label, styles.hero_label)
        sheet.paragraph(x, baseline - _drop(style), lines, style)
        x += width
    sheet.text(look.right, top + 3.5, name, styles.hero_label, "end")
    sheet.pieces(look.right - wide, baseline - _drop(pieces[0][1]), pieces, gap=GAP)
    figures = sheet.width(number, big)
    end = look.right if paper.language == "en" else look.right - wide + figures
    strike(paper, end, baseline - BASELINE * big.size / MM, figures)
    return top + height


def _values(
    paper: Paper[Printed], texts: Sequence[str], widths: Sequence[float]
) -> tuple[Style, list[tuple[Line, ...]]]:
    """Return the values as lines, smaller if one of them would take more than two."""
    style = paper.styles.hero_value
    values = [paper.sheet.wrap(text, style, wide - 3.0) for text, wide in zip(texts, widths, strict=True)]
    if all(len(lines) <= 2 for lines in values):
        return style, values
    style = style.sized(SMALLER)
    return style, [paper.sheet.wrap(text, style, wide - 3.0) for text, wide in zip(texts, widths, strict=True)]


def _drop(style: Style) -> float:
    """Return how far a line's baseline lies under its top, in millimetres."""
    return (style.leading / 2 + BASELINE * style.size) / MM


def _widths(count: int, room: float) -> list[float]:
    usual = [CELL, CELL, 42.0][:count]
    if count <= 3 and sum(usual) <= room:
        return usual
    return [room / count] * count
