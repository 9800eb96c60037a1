"""The head of the look *classic*: logo and sender over a double rule, the title in the middle."""

from __future__ import annotations

from typing import Final

from invoicing.pdf.content import Printed
from invoicing.pdf.layout import MM, Block
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.blocks import dotted, height, lines, space
from invoicing.pdf.sections.frame import ids_left_out
from invoicing.pdf.sections.head import draw_chip, logo_size
from invoicing.pdf.text import ltr

BOX: Final = (50.0, 20.0)
# The name that stands for a logo may be longer than one is wide.
NAME: Final = 80.0
LEAST: Final = 22.0
RULES: Final = 42.0


def draw_letterhead(paper: Paper[Printed]) -> float:
    """Draw who sends the paper, the double rule, the title and the mark; return where they end."""
    sheet, look, styles = paper.sheet, paper.look, paper.styles
    start, taken = _logo_or_name(paper)
    end = _sender(paper, look.width - taken - 8.0)
    tall = max(LEAST, height(start), height(end))
    columns = [[space((tall - height(column)) / 2), *column] for column in (start, end)]
    y = _double_rule(paper, max(RULES, sheet.flow_columns(columns, look.first_top) + 4.0))
    title = sheet.fitted(paper.title, styles.title, look.width, 10.0)
    sheet.text(look.page[0] / 2, y + 3.4, paper.title, title, "centre")
    y += 3.4 + styles.title.pitch
    return draw_chip(paper, y + 0.6, centred=True) if paper.mark else y


def _logo_or_name(paper: Paper[Printed]) -> tuple[list[Block], float]:
    """Return the logo, or the name where a logo would stand, and the width it takes."""
    sheet, look = paper.sheet, paper.look
    if paper.logo:
        wide, high = logo_size(paper.logo, *BOX)
        return [Block(high, lambda y: sheet.image(look.left, y, wide, high))], max(BOX[0], wide)
    name, style = paper.name(paper.document.seller), paper.styles.letterhead
    if len(sheet.wrap(name, style, NAME)) > 3:
        style = style.sized(9.0)
    return lines(paper, look.left, name, style, NAME), NAME


def _sender(paper: Paper[Printed], room: float) -> list[Block]:
    """Return name, address, how to reach the sender, and the identifiers that the foot has no room for."""
    sheet, look, styles, seller = paper.sheet, paper.look, paper.styles, paper.document.seller
    blocks = lines(paper, look.right, paper.name(seller), styles.sender_name, room, "end") if paper.logo else []
    for line in seller.address_lines:
        blocks += lines(paper, look.right, line, styles.sender, room, "end")
    contact = [ltr(text) for text in (seller.phone, seller.email) if text.strip()]
    joined = dotted(contact, styles.sender)
    wide = sum(sheet.width(text, style) for text, style in joined)
    if joined and wide <= room:
        blocks.append(Block(styles.sender.pitch, lambda y: sheet.pieces(look.right - wide, y, joined)))
    else:
        blocks += [block for text in contact for block in lines(paper, look.right, text, styles.sender, room, "end")]
    for text in ids_left_out(paper):
        blocks += lines(paper, look.right, text, styles.sender, room, "end")
    return blocks


def _double_rule(paper: Paper[Printed], y: float) -> float:
    """Draw a thick and a thin rule, 0.8 mm apart; return where they end."""
    look, accent = paper.look, paper.colours.accent
    thick, thin = 1.5 / MM, 0.4 / MM
    paper.sheet.rule(look.left, look.right, y + thick / 2, 1.5, accent)
    paper.sheet.rule(look.left, look.right, y + thick + 0.8 + thin / 2, 0.4, accent)
    return y + thick + 0.8 + thin
