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

PARTY: Final = 84.0


def draw_parties(paper: Paper[Printed], y: float, captions: tuple[str, str] = ("billed_to", "from")) -> float:
    """Draw buyer and seller side by side; return where the longer one ends."""
    document = paper.document
    buyer = _party(paper, captions[0], document.buyer, paper.look.left)
    seller = _party(paper, captions[1], document.seller, paper.look.right - PARTY)
    return paper.sheet.flow_columns([buyer, seller], y)


def _party(paper: Paper[Printed], key: str, party: Party, x: float) -> list[Block]:
    styles = paper.styles
    blocks = caption(paper, x, key, PARTY)
    blocks += lines(paper, x, paper.name(party), styles.name, PARTY)
    blocks.append(space(0.3))
    for line in party.address_lines:
        blocks += lines(paper, x, line, styles.address, PARTY)
    blocks.append(space(1.1))
    blocks += _ids(paper, party, x)
    contact = [ltr(text) for text in (party.email, party.phone) if text.strip()]
    joined = dotted(contact, styles.contact)
    if joined and sum(paper.sheet.width(text, style) for text, style in joined) <= PARTY:
        return [*blocks, Block(styles.contact.pitch, lambda y: paper.sheet.pieces(x, y, joined))]
    for text in contact:
        blocks += lines(paper, x, text, styles.contact, PARTY)
    return blocks


def _ids(paper: Paper[Printed], party: Party, x: float) -> list[Block]:
    """Return identifiers: two a line where both fit, in Arabic one a line under each other."""
    sheet, styles = paper.sheet, paper.styles
    pairs = [(id_label(key, paper.language, paper.country), value) for key, value in party.ids if value.strip()]
    half = PARTY / 2 - 2.0
    widths = [_id_indent(paper, k) + sheet.width(v, styles.id_value) for k, v in pairs]
    blocks: list[Block] = []
    at = 0
    while at < len(pairs):
        if not sheet.rtl and len(pairs) > 2 and at + 1 < len(pairs) and max(widths[at : at + 2]) <= half:
            blocks.append(_id_row(paper, [(x, pairs[at]), (x + PARTY / 2, pairs[at + 1])]))
            at += 2
        elif widths[at] <= PARTY:
            blocks.append(_id_row(paper, [(x, pairs[at])]))
            at += 1
        else:
            blocks += lines(paper, x, pairs[at][0], styles.id_label, PARTY)
            blocks += lines(paper, x, pairs[at][1], styles.id_value, PARTY)
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
    return max(38.0, wide + 2.0) if paper.sheet.rtl else wide + 1.0
