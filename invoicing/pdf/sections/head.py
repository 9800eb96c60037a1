"""The top of the first page: logo or letterhead, title, number, mark."""

from __future__ import annotations

from typing import Final

from invoicing.pdf.content import Printed
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.blocks import within
from invoicing.pdf.text import ltr

LOGO: Final = (50.0, 14.0)
# A mark this many times as wide as it is high may be wider.
WIDE_MARK: Final = 4
WIDEST_LOGO: Final = 60.0


def draw_head(paper: Paper[Printed], *, numbered: bool = True) -> float:
    """Draw logo or letterhead, then title, number if there is one, and mark; return where they end."""
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    if paper.logo:
        wide, high = logo_size(paper.logo, *LOGO)
        sheet.image(look.left, 18.0 + (LOGO[1] - high) / 2, wide, high)
        room = look.width - max(LOGO[0], wide) - 8.0
    else:
        room = _letterhead(paper)
    heading = sheet.fitted(paper.title, styles.title, room, 12.0)
    sheet.text(look.right, look.first_top + (styles.title.pitch - heading.pitch) / 2, paper.title, heading, "end")
    number = sheet.fitted(paper.number, styles.number, room, 7.0)
    y = look.first_top + styles.title.pitch + 1.0
    text = ltr(paper.number) if paper.document.number else paper.number
    for line in sheet.wrap(text, number, room) if numbered else ():
        sheet.put(look.right, y, line, number, "end")
        y += number.pitch
    return draw_chip(paper, y + 1.2) if paper.mark else y


def logo_size(pixels: tuple[int, int], width: float, height: float) -> tuple[float, float]:
    """Return a logo's measures in its box, which a wide mark may leave."""
    is_wide = pixels[0] > WIDE_MARK * pixels[1]
    return within(pixels, max(width, WIDEST_LOGO) if is_wide else width, height)


def _letterhead(paper: Paper[Printed]) -> float:
    """Draw the seller's name where a logo would stand; return the room left for the title."""
    sheet, look, name = paper.sheet, paper.look, paper.name(paper.document.seller)
    beside = max(60.0, sheet.width(paper.title, paper.styles.title)) + 8.0
    style = paper.styles.letterhead
    lines = sheet.wrap(name, style, max(80.0, look.width - beside))
    if len(lines) > 2:
        # A name this long stands in full among the parties.
        style = style.sized(10.0)
        lines = sheet.wrap(name, style, max(80.0, look.width - beside))[:5]
    sheet.paragraph(look.left, 16.0, lines, style)
    return look.width - 8.0 - max(sheet.extent(line, style) for line in lines)


def draw_chip(paper: Paper[Printed], y: float, *, centred: bool = False) -> float:
    """Draw what the paper is marked as, in an outline at the end or in the middle; return where that ends."""
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    word, sentence = paper.mark or ("", "")
    pieces = [(word, styles.chip)]
    if sentence:
        pieces.append((f"\u00a0 {sentence}", styles.chip_sentence))
    wide = sum(sheet.width(text, style) for text, style in pieces)
    x = (look.page[0] - wide) / 2 - 2.3 if centred else look.right - wide - 4.6
    sheet.outline(x, y, wide + 4.6, 5.2, points=0.8, colour=paper.colours.ink, radius=1.0)
    sheet.pieces(x + 2.3, y + 2.6 - styles.chip.pitch / 2, pieces)
    return y + 5.2
