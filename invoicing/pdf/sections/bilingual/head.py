"""The top of the first page: logo or both names, the title in both languages, number, mark."""

from __future__ import annotations

from typing import Final

from invoicing.pdf.layout import Style
from invoicing.pdf.sections.blocks import within
from invoicing.pdf.sections.head import LOGO
from invoicing.pdf.text import ltr
from invoicing.pdf.two_languages import TwoLanguages, sides

# Between the two halves of a mark.
BETWEEN: Final = 6.0


def draw_head(paper: TwoLanguages) -> float:
    """Draw logo or letterhead, then the titles under each other, number and mark; return where they end."""
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    if paper.logo:
        room = look.width - LOGO[0] - 8.0
        wide, high = within(paper.logo, *LOGO)
        sheet.image(look.left, 18.0 + (LOGO[1] - high) / 2, wide, high)
    else:
        room = _letterhead(paper)
    y = look.first_top
    for title, style, base in ((paper.arabic.title, styles.title, 1), (paper.title, styles.title_beside, 0)):
        heading = sheet.fitted(title, style, room, 10.0)
        sheet.text(look.right, y + (style.pitch - heading.pitch) / 2, title, heading, "end", base)
        y += style.pitch
    y += 1.0
    if paper.document.number:
        number = sheet.fitted(paper.document.number, styles.number, room, 7.0)
        for line in sheet.wrap(ltr(paper.document.number), number, room):
            sheet.put(look.right, y, line, number, "end")
            y += number.pitch
    else:
        word = f"{paper.word('not_numbered')}\u00a0 · \u00a0"
        arabic = sheet.width(paper.arabic.word("not_numbered"), styles.number)
        sheet.text(look.right, y, paper.arabic.word("not_numbered"), styles.number, "end", 1)
        sheet.text(look.right - arabic, y, word, styles.number, "end")
        y += styles.number.pitch
    return _chip(paper, y + 1.2) if paper.mark else y


def _letterhead(paper: TwoLanguages) -> float:
    """Draw the seller's names where a logo would stand; return the room left for the titles."""
    sheet, look, styles = paper.sheet, paper.look, paper.styles
    titles = (paper.arabic.title, styles.title), (paper.title, styles.title_beside)
    beside = max(60.0, *(sheet.width(title, style) for title, style in titles)) + 8.0
    room, y, widest = max(80.0, look.width - beside), 16.0, 0.0
    left, right = sides(paper.document.seller.name, paper.document.seller.name_ar)
    for name, usual, base in ((left, styles.letterhead, 0), (right, styles.letterhead_beside, 1)):
        if not name:
            continue
        long = len(sheet.wrap(name, usual, room, base)) > (1 if left and right else 2)
        # A name this long stands in full among the parties.
        style = usual.sized(9.0) if long else usual
        found = sheet.wrap(name, style, room, base)[:3]
        y = sheet.paragraph(look.left, y, found, style)
        widest = max([widest, *(sheet.extent(line, style) for line in found)])
    return look.width - 8.0 - widest


def _chip(paper: TwoLanguages, y: float) -> float:
    """Draw what the paper is marked as, in both languages and one outline; return where that ends."""
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    (left, left_width), (right, right_width) = (_said(each) for each in (paper, paper.arabic))
    wide = left_width + BETWEEN + right_width
    sheet.outline(look.right - wide - 4.6, y, wide + 4.6, 5.2, points=0.8, colour=paper.colours.ink, radius=1.0)
    top = y + 2.6 - styles.chip.pitch / 2
    sheet.pieces(look.right - wide - 2.3, top, left)
    sheet.pieces(look.right - 2.3, top, right, base=1)
    return y + 5.2


def _said(paper: TwoLanguages) -> tuple[list[tuple[str, Style]], float]:
    word, sentence = paper.mark or ("", "")
    pieces = [(word, paper.styles.chip)]
    if sentence:
        pieces.append((f"\u00a0 {sentence}", paper.styles.chip_sentence))
    return pieces, sum(paper.sheet.width(text, style) for text, style in pieces)
