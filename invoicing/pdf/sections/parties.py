"""Who is billed, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from invoicing.pdf.content import Party, Printed
from invoicing.pdf.labels import id_label
from invoicing.pdf.layout import Block
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.blocks import caption, dotted, lines, space
from invoicing.pdf.text import ltr

BETWEEN: Final = 10.0


def draw_parties(paper: Paper[Printed], y: float, captions: tuple[str, str] = ("billed_to", "from")) -> float:
    """Draw buyer and seller side by side; return where the longer one ends."""
    document, look = paper.document, paper.look
    width = (look.width - BETWEEN) / 2
    buyer = party_blocks(paper, captions[0], document.buyer, look.left, width)
    seller = party_blocks(paper, captions[1], document.seller, look.right - width, width)
    return paper.sheet.flow_columns([buyer, seller], y)


def party_blocks(
    paper: Paper[Printed], key: str, party: Party, x: float, width: float, *, contact: bool = True
) -> list[Block]:
    """Return a party under its heading: name, address, identifiers, and how to reach it."""
    styles = paper.styles
    _, under_name, under_address = paper.look.party_gaps
    blocks = caption(paper, x, key, width)
    blocks += lines(paper, x, paper.name(party), styles.name, width)
    blocks.append(space(under_name))
    for line in party.address_lines:
        blocks += lines(paper, x, line, styles.address, width)
    blocks.append(space(under_address))
    blocks += _ids(paper, party, x, width)
    return [*blocks, *_contact(paper, party, x, width)] if contact else blocks


def _contact(paper: Paper[Printed], party: Party, x: float, width: float) -> list[Block]:
    """Return mail and telephone, on one line if they fit."""
    style = paper.styles.contact
    contact = [ltr(text) for text in (party.email, party.phone) if text.strip()]
    joined = dotted(contact, style)
    if joined and sum(paper.sheet.width(text, style) for text, style in joined) <= width:
        return [Block(style.pitch, lambda y: paper.sheet.pieces(x, y, joined))]
    return [block for text in contact for block in lines(paper, x, text, style, width)]


def _ids(paper: Paper[Printed], party: Party, x: float, width: float) -> list[Block]:
    """Return identifiers: two a line where both fit, in Arabic one a line under each other."""
    sheet, styles = paper.sheet, paper.styles
    pairs = [(id_label(key, paper.language, paper.country), value) for key, value in party.ids if value.strip()]
    half = width / 2 - 2.0
    one_a_line = sheet.rtl or paper.look.ids_beside_labels
    widths = [_id_indent(paper, k) + sheet.width(v, styles.id_value) for k, v in pairs]
    blocks: list[Block] = []
    at = 0
    while at < len(pairs):
        if not one_a_line and len(pairs) > 2 and at + 1 < len(pairs) and max(widths[at : at + 2]) <= half:
            blocks.append(_id_row(paper, [(x, pairs[at]), (x + width / 2, pairs[at + 1])]))
            at += 2
        elif widths[at] <= width:
            blocks.append(_id_row(paper, [(x, pairs[at])]))
            at += 1
        else:
            blocks += lines(paper, x, pairs[at][0], styles.id_label, width)
            blocks += lines(paper, x, pairs[at][1], styles.id_value, width)
            at += 1
    return blocks


def _id_row(paper: Paper[Printed], cells: Sequence[tuple[float, tuple[str, str]]]) -> Block:
    sheet, styles = paper.sheet, paper.styles

    def draw(y: float) -> None:
        for x, (name, value) in cells:
            sheet.text(x, y, name, styles.id_label)
            sheet.text(x + _id_indent(paper, name), y, value, styles.id_value)

    return Block(styles.id_value.pitch, draw)


def _id_indent(paper: Paper[Printed], name: str) -> float:
    """Return how far after its name an identifier stands; in Arabic they stand under each other."""
    wide = paper.sheet.width(name, paper.styles.id_label)
    aligned = paper.sheet.rtl and not paper.look.ids_beside_labels
    return max(38.0, wide + 2.0) if aligned else wide + 1.0
