"""The top of the first page: logo or letterhead, title, number, mark, and the strip of what matters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from invoicing.pdf import formats
from invoicing.pdf.labels import mark
from invoicing.pdf.layout import BASELINE, MM, Style
from invoicing.pdf.paper import FIRST_TOP, HANG, LEFT, RIGHT, WIDTH, Paper
from invoicing.pdf.sections.blocks import within
from invoicing.pdf.text import Line, isolate, ltr

LOGO: Final = (50.0, 14.0)
HERO: Final = 42.0
HERO_GAP: Final = 1.6


def draw_head(paper: Paper) -> float:
    """Draw logo or letterhead, then title, number and mark; return where they end."""
    sheet, styles, document = paper.sheet, paper.styles, paper.document
    room = WIDTH - LOGO[0] - 8.0
    if paper.logo:
        wide, high = within(paper.logo, *LOGO)
        sheet.image(LEFT, 18.0 + (LOGO[1] - high) / 2, wide, high)
    else:
        room = _letterhead(paper)
    heading = sheet.fitted(paper.title, styles.title, room, 12.0)
    sheet.text(RIGHT, FIRST_TOP + (styles.title.pitch - heading.pitch) / 2, paper.title, heading, "end")
    number = sheet.fitted(paper.number, styles.number, room, 7.0)
    y = FIRST_TOP + styles.title.pitch + 1.0
    for line in sheet.wrap(ltr(paper.number) if document.number else paper.number, number, room):
        sheet.put(RIGHT, y, line, number, "end")
        y += number.pitch
    return _chip(paper, y + 1.2) if document.mark else y


def _letterhead(paper: Paper) -> float:
    """Draw the seller's name where a logo would stand; return the room left for the title."""
    sheet, name = paper.sheet, paper.name(paper.document.seller)
    beside = max(60.0, sheet.width(paper.title, paper.styles.title)) + 8.0
    style = paper.styles.letterhead
    lines = sheet.wrap(name, style, max(80.0, WIDTH - beside))
    if len(lines) > 2:
        # A name this long stands in full among the parties.
        style = style.sized(10.0)
        lines = sheet.wrap(name, style, max(80.0, WIDTH - beside))[:5]
    sheet.paragraph(LEFT, 16.0, lines, style)
    return WIDTH - 8.0 - max(line.width * style.size / 1000 / MM for line in lines)


def _chip(paper: Paper, y: float) -> float:
    sheet, styles, document = paper.sheet, paper.styles, paper.document
    word, sentence = mark(document.mark or "copy", document.type, paper.language)
    pieces = [(word, styles.chip)]
    if sentence:
        pieces.append((f"\u00a0 {sentence}", styles.chip_sentence))
    wide = sum(sheet.width(text, style) for text, style in pieces)
    sheet.outline(RIGHT - wide - 4.6, y, wide + 4.6, 5.2, points=0.8, colour=paper.colours.ink, radius=1.0)
    sheet.pieces(RIGHT - wide - 2.3, y + 2.6 - styles.chip.pitch / 2, pieces)
    return y + 5.2


def draw_hero(paper: Paper, top: float) -> float:
    """Draw the strip of dates, reference and the amount that matters; return where it ends."""
    sheet, styles = paper.sheet, paper.styles
    key, amount = _hero_amount(paper)
    big = sheet.fitted(amount, styles.hero_amount, 58.0, 8.0)
    pieces = [(amount, big), (paper.currency(), big.sized(big.size * 0.62))]
    if paper.language == "en":
        pieces.reverse()
    wide = sum(sheet.width(text, style) for text, style in pieces) + HERO_GAP
    cells = _hero_cells(paper)
    widths = _hero_widths(len(cells), WIDTH - max(wide, 30.0) - 4.0)
    style, values = _hero_values(paper, [text for _, text in cells], widths)
    height = 17.0 + max([len(lines) - 1 for lines in values], default=0) * style.pitch
    sheet.surface(LEFT - HANG, top, WIDTH + 2 * HANG, height, 1.5, paper.colours.tint)
    x = LEFT
    baseline = top + 7.0 + _drop(styles.hero_amount)
    for (label_key, _), lines, width in zip(cells, values, widths, strict=True):
        sheet.text(x, top + 3.5, paper.word(label_key), styles.hero_label)
        sheet.paragraph(x, baseline - _drop(style), lines, style)
        x += width
    sheet.text(RIGHT, top + 3.5, paper.word(key), styles.hero_label, "end")
    sheet.pieces(RIGHT - wide, baseline - _drop(pieces[0][1]), pieces, gap=HERO_GAP)
    return top + height


def _hero_values(paper: Paper, texts: Sequence[str], widths: Sequence[float]) -> tuple[Style, list[tuple[Line, ...]]]:
    """Return the values as lines, smaller if one of them would take more than two."""
    style = paper.styles.hero_value
    values = [paper.sheet.wrap(text, style, wide - 3.0) for text, wide in zip(texts, widths, strict=True)]
    if all(len(lines) <= 2 for lines in values):
        return style, values
    style = style.sized(7.5)
    return style, [paper.sheet.wrap(text, style, wide - 3.0) for text, wide in zip(texts, widths, strict=True)]


def _drop(style: Style) -> float:
    """Return how far a line's baseline lies under its top, in millimetres."""
    return (style.leading / 2 + BASELINE * style.size) / MM


def _hero_cells(paper: Paper) -> list[tuple[str, str]]:
    document = paper.document
    cells = [("issue_date", paper.issue_day)]
    if document.is_note:
        parent = document.parent_issue_date
        cells.append(("original", ltr(document.parent_number or "")))
        cells.append(("original_date", _day(paper, parent)))
    else:
        cells.append(("due_date", _day(paper, document.due_date)))
    if document.supply_date and document.supply_date != document.issue_date:
        cells.append(("supply_date", _day(paper, document.supply_date)))
    cells.append(("reference", isolate(document.reference)))
    return [(key, text) for key, text in cells if len(text) > 2]


def _hero_widths(count: int, room: float) -> list[float]:
    usual = [38.0, 38.0, 42.0][:count]
    if count <= 3 and sum(usual) <= room:
        return usual
    return [room / count] * count


def _hero_amount(paper: Paper) -> tuple[str, str]:
    document = paper.document
    if document.type == "credit_note":
        return "credit_amount", paper.amount(document.total)
    return ("remaining" if document.amount_paid else "amount_due"), paper.amount(document.amount_due)


def _day(paper: Paper, value: date | None) -> str:
    return formats.day(value, paper.language, paper.country) if value else ""
