"""The top of the look *compact*: title and number on one line, then seller, buyer and facts side by side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from invoicing.pdf.content import Printed
from invoicing.pdf.layout import MM, Block
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.blocks import space, strike
from invoicing.pdf.sections.frame import has_contact
from invoicing.pdf.sections.head import draw_chip, logo_size
from invoicing.pdf.sections.parties import party_blocks
from invoicing.pdf.text import Line, ltr

LOGO: Final = (30.0, 9.0)
MIDDLE: Final = 16.5
MIDDLE_OVER_CHIP: Final = 13.6
RULE: Final = 24.0
NAME: Final = 90.0
META: Final = 60.0
BETWEEN: Final = 5.0
INSET: Final = 1.2
ROW: Final = 13.5 / MM
AMOUNT: Final = 20.0 / MM
GAP: Final = 2.8
CURRENCY_GAP: Final = 1.4
# What takes more lines than this stands under the parties.
MOST_LINES: Final = 3


def draw_headline(paper: Paper[Printed], *, numbered: bool = True) -> float:
    """Draw logo or name, title, number if there is one, and mark over a rule; return where that is."""
    sheet, look = paper.sheet, paper.look
    middle = MIDDLE_OVER_CHIP if paper.mark else MIDDLE
    end = MIDDLE + LOGO[1] / 2
    if paper.logo:
        wide, high = logo_size(paper.logo, *LOGO)
        sheet.image(look.left, MIDDLE - high / 2, wide, high)
        taken = max(wide, LOGO[0])
    else:
        style, name = paper.styles.letterhead, paper.name(paper.document.seller)
        wrapped = sheet.wrap(name, style, NAME)
        if len(wrapped) > 2:
            style = style.sized(8.0)
            wrapped = sheet.wrap(name, style, NAME)
        top = max(11.0, MIDDLE - len(wrapped) * style.pitch / 2)
        end = max(end, sheet.paragraph(look.left, top, wrapped, style))
        taken = max(sheet.extent(line, style) for line in wrapped)
    end = max(end, _draw_title(paper, middle, look.width - taken - 6.0, numbered=numbered))
    y = max(RULE, end + 1.2)
    sheet.rule(look.left, look.right, y, 1.2, paper.colours.brand)
    return y


def _draw_title(paper: Paper[Printed], middle: float, room: float, *, numbered: bool) -> float:
    """Draw title and number on one line if they fit, then the mark; return where that ends."""
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    number = ltr(paper.number) if paper.document.number else paper.number
    title = sheet.fitted(paper.title, styles.title, room, 9.0)
    top = middle - title.pitch / 2
    wide, beside = sheet.width(paper.title, title), sheet.width(number, styles.number)
    if not numbered:
        sheet.text(look.right, top, paper.title, title, "end")
        end = top + title.pitch
    elif wide + GAP + beside <= room:
        sheet.pieces(look.right - wide - GAP - beside, top, [(paper.title, title), (number, styles.number)], gap=GAP)
        end = top + title.pitch
    else:
        sheet.text(look.right, top, paper.title, title, "end")
        style = sheet.fitted(number, styles.number, room, 7.0)
        end = sheet.paragraph(look.right, top + title.pitch, sheet.wrap(number, style, room), style, "end")
    return draw_chip(paper, end + 0.6) if paper.mark else end


def draw_columns(
    paper: Paper[Printed],
    y: float,
    captions: tuple[str, str],
    facts: Sequence[tuple[str, str]],
    amount: tuple[str, str],
) -> float:
    """Draw seller, buyer, and the facts with the amount that matters; return where the longest ends."""
    look, document = paper.look, paper.document
    width = (look.width - META - 2 * BETWEEN) / 2
    seller = party_blocks(paper, captions[1], document.seller, look.left, width, contact=not has_contact(paper))
    buyer = party_blocks(paper, captions[0], document.buyer, look.left + width + BETWEEN, width)
    meta = [block for label, value in facts for block in _fact(paper, label, value)]
    return paper.sheet.flow_columns([seller, buyer, [*meta, space(1.1), _amount(paper, *amount)]], y)


def is_short(paper: Paper[Printed], value: str) -> bool:
    """Return whether a value has room beside its label."""
    return len(paper.sheet.wrap(value, paper.styles.meta_value, META / 2)) <= MOST_LINES


def _fact(paper: Paper[Printed], label: str, value: str) -> list[Block]:
    """Return a label and at the end its value, over a hair."""
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    left = look.right - META
    style = sheet.fitted(label, styles.meta_label, META / 2 - 3.0, 6.0)
    room = META - 2 * INSET - sheet.width(label, style) - 3.0
    wrapped = sheet.wrap(value, styles.meta_value, room)
    above = (ROW - styles.meta_value.pitch) / 2

    def draw(y: float, line: Line, *, first: bool, last: bool) -> None:
        if first:
            y += above
            sheet.text(left + INSET, y, label, style)
        sheet.put(look.right - INSET, y, line, styles.meta_value, "end")
        if last:
            sheet.rule(left, look.right, y + styles.meta_value.pitch + above, 0.4, paper.colours.hair)

    count = len(wrapped)
    return [
        Block(
            styles.meta_value.pitch + above * ((at == 0) + (at == count - 1)),
            partial(draw, line=line, first=at == 0, last=at == count - 1),
        )
        for at, line in enumerate(wrapped)
    ]


def _amount(paper: Paper[Printed], label: str, amount: str) -> Block:
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    left = look.right - META
    name = sheet.fitted(label, styles.meta_amount_label, META / 2 - 3.0, 6.0)
    room = META - 2 * INSET - sheet.width(label, name) - 3.0 - CURRENCY_GAP
    whole = sheet.width(amount, styles.meta_amount) + sheet.width(paper.currency(), styles.meta_amount) * 0.62
    big = styles.meta_amount if whole <= room else styles.meta_amount.sized(styles.meta_amount.size * room / whole)
    pieces = [(amount, big), (paper.currency(), big.sized(big.size * 0.62))]
    if paper.language == "en":
        pieces.reverse()
    number = sheet.width(amount, big)
    wide = sum(sheet.width(text, style) for text, style in pieces) + CURRENCY_GAP

    def draw(y: float) -> None:
        sheet.surface(left, y, META, AMOUNT, 1.0, paper.colours.tint)
        middle = y + AMOUNT / 2
        sheet.text(left + INSET, middle - name.pitch / 2, label, name)
        # The smaller currency stands on the amount's baseline.
        lead = pieces[0][1]
        shift = (big.leading - lead.leading) / 2 + 0.244 * (big.size - lead.size)
        top = middle - big.pitch / 2 + shift / MM
        start = look.right - INSET - wide
        sheet.pieces(start, top, pieces, gap=CURRENCY_GAP)
        strike(paper, look.right - INSET if paper.language == "en" else start + number, middle, number)

    return Block(AMOUNT, draw)
