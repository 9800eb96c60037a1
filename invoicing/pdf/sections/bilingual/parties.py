"""Who sells and who buys: a band for each, its identifiers between its two names."""

from __future__ import annotations

from typing import Final, NamedTuple

from invoicing.pdf.content import Party
from invoicing.pdf.labels import id_label
from invoicing.pdf.layout import Block, Style
from invoicing.pdf.sections.bilingual.pairs import caption, centred, left_lines, right_lines
from invoicing.pdf.sections.blocks import space
from invoicing.pdf.text import isolate, ltr
from invoicing.pdf.two_languages import TwoLanguages, sides, sides_of_lines

# The names stand on both sides of what is usually the middle of the page.
MIDDLE: Final = 62.0
LABEL: Final = 17.0
VALUE: Final = 26.0
HUG: Final = 1.0
UNDER_NAME: Final = 0.7
# No label and no value beside labels is wider; what is stands on lines of its own.
WIDEST_LABEL: Final = 34.0
WIDEST_VALUE: Final = 38.0


class Middle(NamedTuple):
    """Where the identifiers stand: the edges of all of them, and those of their values."""

    left: float
    right: float
    first: float
    last: float

    @property
    def centre(self) -> float:
        """Return the middle of the values."""
        return (self.first + self.last) / 2


class Identifier(NamedTuple):
    """A number with its name in both languages; the Arabic one may be empty."""

    label: str
    arabic: str
    value: str


def draw_parties(paper: TwoLanguages, y: float) -> float:
    """Draw seller and buyer under each other; return where the buyer ends."""
    document = paper.document
    middle = _middle(paper, [*_identifiers(paper, document.seller), *_identifiers(paper, document.buyer)])
    y = _band(paper, y, "seller", document.seller, middle, contacts=[document.seller.email])
    return _band(paper, y + 4.0, "buyer", document.buyer, middle, contacts=[document.buyer.email, document.buyer.phone])


def _band(paper: TwoLanguages, y: float, key: str, party: Party, middle: Middle, contacts: list[str]) -> float:
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    head = caption(paper, key)
    if y + head.height + styles.name.pitch > sheet.bottom:
        y = sheet.next_page()
    head.draw(y)
    room = min(middle.left - look.left, look.right - middle.right)
    names = sides(party.name, party.name_ar)
    addresses = sides_of_lines(party.address_lines, party.address_lines_ar)
    left = [*left_lines(paper, names[0], styles.name, room), space(UNDER_NAME)]
    right = [*right_lines(paper, names[1], styles.name, room), space(UNDER_NAME)]
    for line in addresses[0]:
        left += left_lines(paper, line, styles.address, room)
    for line in addresses[1]:
        right += right_lines(paper, line, styles.address, room)
    between = [space(0.3)]
    for identifier in _identifiers(paper, party):
        between += _identifier(paper, identifier, middle)
    for text in contacts:
        if text.strip():
            between += _under(paper, ltr(text), styles.contact, middle)
    return sheet.flow_columns([left, between, right], y + head.height)


def _identifiers(paper: TwoLanguages, party: Party) -> list[Identifier]:
    found = []
    for key, value in party.ids:
        if value.strip():
            label, arabic = (id_label(key, language, paper.country) for language in (paper.language, "ar"))
            found.append(Identifier(label, "" if arabic == label else arabic, value))
    return found


def _beside(paper: TwoLanguages, identifier: Identifier) -> bool:
    """Return whether a number stands on one line with its names."""
    sheet, styles = paper.sheet, paper.styles
    widths = [sheet.width(label, styles.id_label) for label in (identifier.label, identifier.arabic)]
    return max(widths) <= WIDEST_LABEL and sheet.width(isolate(identifier.value), styles.id_value) <= WIDEST_VALUE


def _middle(paper: TwoLanguages, identifiers: list[Identifier]) -> Middle:
    """Return where all identifiers stand: in the middle, wider if long names or numbers ask for it."""
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    beside = [identifier for identifier in identifiers if _beside(paper, identifier)]
    label = max([sheet.width(each.label, styles.id_label) for each in beside], default=0.0)
    arabic = max([sheet.width(each.arabic, styles.id_label) for each in beside], default=0.0)
    value = max([VALUE, *(sheet.width(isolate(each.value), styles.id_value) for each in beside)])
    centre = (look.left + look.right) / 2
    if max(label, arabic) <= LABEL and value <= VALUE:
        return Middle(centre - MIDDLE / 2, centre + MIDDLE / 2, centre - VALUE / 2, centre + VALUE / 2)
    taken = label + arabic + value + 2 * HUG
    first = centre - taken / 2 + label + HUG
    half = max(MIDDLE, taken + 4.0) / 2
    return Middle(centre - half, centre + half, first, first + value)


def _identifier(paper: TwoLanguages, identifier: Identifier, middle: Middle) -> list[Block]:
    sheet, styles = paper.sheet, paper.styles
    value = isolate(identifier.value)

    def draw(y: float) -> None:
        sheet.text(middle.first - HUG, y, identifier.label, styles.id_label, "end")
        sheet.text(middle.centre, y, value, styles.id_value, "centre")
        if identifier.arabic:
            sheet.text(middle.last + HUG, y, identifier.arabic, styles.id_label, base=1)

    if _beside(paper, identifier):
        return [Block(styles.id_value.pitch, draw)]
    blocks: list[Block] = []
    for text, style in (
        (identifier.label, styles.id_label),
        (identifier.arabic, styles.id_label),
        (value, styles.id_value),
    ):
        if text:
            blocks += _under(paper, text, style, middle)
    return blocks


def _under(paper: TwoLanguages, text: str, style: Style, middle: Middle) -> list[Block]:
    """Return a text under the values, or across the whole middle if it is wider than that allows."""
    room = 2 * min(middle.centre - middle.left, middle.right - middle.centre)
    fits = paper.sheet.width(text, style) <= room
    centre = middle.centre if fits else (middle.left + middle.right) / 2
    return centred(paper, centre, paper.sheet.wrap(text, style, middle.right - middle.left), style)
