"""The strip of what matters: pairs of labels with one value between them, the amount at its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from invoicing.pdf.content import Document
from invoicing.pdf.layout import BASELINE, MM, Style
from invoicing.pdf.sections.bilingual.pairs import pair_width, put_pair
from invoicing.pdf.sections.blocks import strike
from invoicing.pdf.text import Line, isolate, ltr
from invoicing.pdf.two_languages import TwoLanguages

HERO: Final = 42.0
HEIGHT: Final = 17.0
# A second row, for what has no place beside the amount.
FURTHER: Final = 11.5
GAP: Final = 6.0
CELLS: Final = (34.0, 39.0, 34.0)
AMOUNT: Final = 53.0
# What the number of the amount keeps free on both sides.
FREE: Final = 3.0
LABEL_SIZES: Final = (7.5, 7.0)


class Cell(NamedTuple):
    """The key of a pair of labels, and the value between them."""

    key: str
    value: str


class Strip(NamedTuple):
    """How wide the cells are, and how their labels are set; `stacked` under each other where a row is too short."""

    widths: tuple[float, ...]
    amount: float
    label: Style
    stacked: bool


def draw_hero(paper: TwoLanguages, top: float) -> float:
    """Draw dates, references and the amount that matters; return where the strip ends."""
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    cells = _cells(paper.document, paper)
    short = [cell for cell in cells if sheet.width(cell.value, styles.hero_value) <= min(CELLS)]
    first = short[: len(CELLS)]
    further = [cell for cell in cells if cell not in first]
    strip = _strip(paper, first)
    shift = strip.label.pitch if strip.stacked else 0.0
    ends = [_value(paper, cell, width) for cell, width in zip(first, strip.widths, strict=True)]
    wide = look.width if len(further) == 1 else look.width - strip.amount - GAP
    below = [_value(paper, cell, (wide - GAP * (len(further) - 1)) / len(further)) for cell in further]
    height = HEIGHT + shift + _rest(ends)
    end = top + height + (FURTHER + shift + _rest(below) if further else 0.0)
    sheet.surface(look.left - look.hang, top, look.width + 2 * look.hang, end - top, 1.5, paper.colours.tint)
    baseline = top + shift + 7.0 + _drop(styles.hero_amount)
    x = look.left
    for cell, width, value in zip(first, strip.widths, ends, strict=True):
        _draw_labels(paper, cell.key, (x, x + width), top + 3.5, strip)
        _draw_value(paper, x + width / 2, baseline, value)
        x += width + GAP
    _draw_amount(paper, look.right - strip.amount, top + 3.5, baseline, strip)
    x = look.left
    for cell, value in zip(further, below, strict=True):
        width = max(
            [*strip.widths[:1], _pair(paper, cell.key, strip), *(sheet.extent(line, value[1]) for line in value[0])]
        )
        _draw_labels(paper, cell.key, (x, x + width), top + height - 2.0, strip)
        _draw_value(paper, x + width / 2, baseline + height - 5.5, value)
        x += width + GAP
    return end


def _cells(document: Document, paper: TwoLanguages) -> list[Cell]:
    """Return what dates the document and what it refers to, the absent ones left out."""
    cells = [Cell("issue_date", paper.issue_day)]
    supplied = document.supply_date if document.supply_date != document.issue_date else None
    if document.is_note:
        cells.append(Cell("original", ltr(document.parent_number or "")))
        cells.append(Cell("original_date", paper.day(document.parent_issue_date)))
        cells.append(Cell("supply_date", paper.day(supplied)))
    else:
        cells.append(Cell("supply_date", paper.day(supplied)))
        cells.append(Cell("due_date", paper.day(document.due_date)))
    cells.append(Cell("reference", isolate(document.reference)))
    # Two marks of direction alone are an empty value.
    return [cell for cell in cells if len(cell.value) > 2]


def _amount(paper: TwoLanguages) -> Cell:
    document = paper.document
    if document.type == "credit_note":
        return Cell("credit_amount", paper.amount(document.total))
    return Cell("remaining" if document.amount_paid else "amount_due", paper.amount(document.amount_due))


def _strip(paper: TwoLanguages, cells: Sequence[Cell]) -> Strip:
    """Return the usual widths if all labels fit, else what each needs and a part of what is left."""
    room = paper.look.width - GAP * len(cells)
    for size in LABEL_SIZES:
        style = paper.styles.hero_label.sized(size)
        needs = [pair_width(paper, cell.key, style) for cell in cells]
        amount = max(_amount_width(paper), pair_width(paper, _amount(paper).key, style))
        usual = CELLS[: len(cells)]
        if amount <= AMOUNT and all(need <= width for need, width in zip(needs, usual, strict=True)):
            return Strip(usual, AMOUNT, style, stacked=False)
        spare = room - sum(needs) - amount
        if spare >= 0 and cells:
            share = spare / len(cells)
            return Strip(tuple(need + share for need in needs), amount, style, stacked=False)
    amount = min(max(AMOUNT, _amount_width(paper)), room)
    each = (room - amount) / max(1, len(cells))
    return Strip((each,) * len(cells), amount, paper.styles.hero_label, stacked=True)


def _pair(paper: TwoLanguages, key: str, strip: Strip) -> float:
    return pair_width(paper, key, strip.label)


def _value(paper: TwoLanguages, cell: Cell, width: float) -> tuple[Sequence[Line], Style]:
    """Return a value as lines, set smaller if it would take more than two."""
    sheet = paper.sheet
    style = sheet.fitted(cell.value, paper.styles.hero_value, width, 7.5)
    return sheet.wrap(cell.value, style, width), style


def _rest(values: Sequence[tuple[Sequence[Line], Style]]) -> float:
    """Return what the lines after the first take."""
    return max([(len(lines) - 1) * style.pitch for lines, style in values], default=0.0)


def _draw_labels(paper: TwoLanguages, key: str, edges: tuple[float, float], y: float, strip: Strip) -> None:
    if not strip.stacked:
        put_pair(paper, y, key, strip.label, edges)
        return
    for text, top, base in ((paper.arabic.word(key), y, 1), (paper.word(key), y + strip.label.pitch, 0)):
        fitted = paper.sheet.fitted(text, strip.label, edges[1] - edges[0], 5.0)
        paper.sheet.text(sum(edges) / 2, top, text, fitted, "centre", base)


def _draw_value(paper: TwoLanguages, x: float, baseline: float, value: tuple[Sequence[Line], Style]) -> None:
    lines, style = value
    paper.sheet.paragraph(x, baseline - _drop(style), lines, style, "centre")


def _currencies(paper: TwoLanguages) -> tuple[str, str]:
    """Return the currency's code and Arabic word; a code for both stands once."""
    code, word = paper.currency(), paper.arabic.currency()
    return code, "" if word == code else word


def _amount_style(paper: TwoLanguages, room: float) -> Style:
    return paper.sheet.fitted(_amount(paper).value, paper.styles.hero_amount, room, 8.0)


def _amount_width(paper: TwoLanguages) -> float:
    big = _amount_style(paper, 58.0)
    small = big.sized(big.size * 0.62)
    words = [paper.sheet.width(word, small) + FREE for word in _currencies(paper) if word]
    return paper.sheet.width(_amount(paper).value, big) + sum(words)


def _draw_amount(paper: TwoLanguages, x: float, y: float, baseline: float, strip: Strip) -> None:
    """Draw the labels, and between the words of the currency the number, in the middle of what they leave."""
    sheet, right, amount = paper.sheet, paper.look.right, _amount(paper)
    _draw_labels(paper, amount.key, (x, right), y, strip)
    big = _amount_style(paper, 58.0)
    small = big.sized(big.size * 0.62)
    code, word = _currencies(paper)
    start, end = x + sheet.width(code, small), right - sheet.width(word, small) if word else right
    sheet.text(x, baseline - _drop(small), code, small)
    wide = sheet.width(amount.value, big)
    strike(paper, (start + end + wide) / 2 if word else right, baseline - BASELINE * big.size / MM, wide)
    if word:
        sheet.text((start + end) / 2, baseline - _drop(big), amount.value, big, "centre")
        sheet.text(right, baseline - _drop(small), word, small, "end", 1)
    else:
        sheet.text(right, baseline - _drop(big), amount.value, big, "end")


def _drop(style: Style) -> float:
    """Return how far a line's baseline lies under its top, in millimetres."""
    return (style.leading / 2 + BASELINE * style.size) / MM
