"""The parts of an invoice, in reading order: head, parties, lines, closing, notes, foot.

Each part is measured when it is made and drawn where it fits. Measures are those of the look
*modern*; a further look is a further set of these functions over the same sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from invoicing.pdf import formats, qr
from invoicing.pdf.content import Document, LineItem, Party, TaxGroup
from invoicing.pdf.labels import CATEGORIES, REVERSE_CHARGE, id_label, label, mark, title
from invoicing.pdf.layout import MM, Block, Palette, Sheet, Style
from invoicing.pdf.text import Line, isolate, ltr

LEFT: Final = 16.0
RIGHT: Final = 194.0
WIDTH: Final = RIGHT - LEFT
HANG: Final = 5.0
FIRST_TOP: Final = 14.6
NEXT_TOP: Final = 30.0
BOTTOM: Final = 272.0
FOOT_END: Final = 287.0
FOOT_RULE: Final = 277.0
LOGO_BOX: Final = (50.0, 14.0)
COLUMN: Final = 84.0
CLOSING_START: Final = 94.0
CLOSING_END: Final = 74.0
TALLEST_ROW: Final = 120.0
CARRY: Final = 8.6
QR_SIZES: Final = {"payment": 25.0, "zatca": 35.0}


class Styles:
    """The look's styles in one document's colours."""

    def __init__(self, colours: Palette) -> None:
        ink, soft, quiet, accent = colours.ink, colours.soft, colours.label, colours.accent
        self.title = Style("bold", 24, 26, accent)
        self.number = Style("regular", 10, 14, ink)
        self.seller = Style("bold", 14, 18, ink)
        self.chip = Style("bold", 8, 12, ink)
        self.chip_sentence = Style("regular", 8, 12, ink)
        self.hero_label = Style("regular", 7.5, 10, quiet)
        self.hero_value = Style("bold", 9.5, 13, ink)
        self.hero_amount = Style("bold", 15, 18, accent)
        self.caption = Style("bold", 7.5, 11, accent)
        self.name = Style("bold", 10.5, 14, ink)
        self.address = Style("regular", 8.5, 12.5, ink)
        self.id_label = Style("regular", 8, 11.5, quiet)
        self.id_value = Style("regular", 8, 11.5, ink)
        self.contact = Style("regular", 8, 11.5, soft)
        self.head = Style("bold", 7.5, 10, soft)
        self.head_unit = Style("regular", 7.5, 10, soft)
        self.row = Style("regular", 9, 12.5, ink)
        self.row_name = Style("bold", 9, 12.5, ink)
        self.row_soft = Style("regular", 8, 11.5, soft)
        self.carry = Style("bold", 8.5, 12.5, soft)
        self.tax_head = Style("bold", 7, 10, soft)
        self.tax_row = Style("regular", 8, 11.5, ink)
        self.legal = Style("regular", 7.5, 11.5, soft)
        self.total_label = Style("regular", 9, 12.5, soft)
        self.total_value = Style("regular", 9, 12.5, ink)
        self.grand_label = Style("bold", 10, 14, ink)
        self.grand_currency = Style("regular", 8.5, 14, ink)
        self.grand_value = Style("bold", 14, 18, accent)
        self.in_other = Style("regular", 8, 11.5, soft)
        self.body = Style("regular", 8.5, 12.5, ink)
        self.bank_label = Style("regular", 8, 12, quiet)
        self.bank_value = Style("regular", 8, 12, ink)
        self.under_code = Style("regular", 7, 9, soft)
        self.foot = Style("regular", 7, 10.5, quiet)
        self.foot_name = Style("bold", 7, 10.5, quiet)
        self.running = Style("regular", 8, 12, soft)
        self.running_bold = Style("bold", 8, 12, ink)


class Paper:
    """One document on its sheet, with what every part needs."""

    def __init__(self, document: Document, colours: Palette) -> None:
        self.document = document
        self.language = document.language
        self.country = document.seller_country
        self.colours = colours
        self.styles = Styles(colours)
        self.sheet = Sheet(
            rtl=document.language == "ar", first_top=FIRST_TOP, next_top=NEXT_TOP, bottom=BOTTOM
        )
        self.title = title(document.type, document.language, document.seller_country)
        self.logo = self.sheet.load_image(document.logo) if document.logo else None

    def word(self, key: str) -> str:
        """Return one of the paper's own words."""
        return label(key, self.language, self.country)

    def amount(self, value: Decimal) -> str:
        """Return an amount in the document's currency."""
        return formats.amount(value, self.document.currency_digits, self.language)

    def currency(self, code: str | None = None) -> str:
        """Return the word or code of a currency, the document's unless another is given."""
        return formats.currency(code or self.document.currency, self.language)

    def party_name(self, party: Party) -> str:
        """Return a party's name as this language writes it."""
        return (party.name_ar or party.name) if self.language == "ar" else (party.name or party.name_ar)


# -- what stands on every page ---------------------------------------------------------------------------


def dress_page(paper: Paper, page: int) -> None:
    """Draw what lies under a page's text, and the running head of all pages but the first."""
    document, sheet = paper.document, paper.sheet
    if document.mark in ("draft", "cancelled"):
        word, _ = mark(document.mark, document.type, paper.language)
        size = 110.0 if sheet.rtl else min(120.0, 120.0 * 150 / sheet.width(word, Style("bold", 120, 1, "")))
        sheet.watermark(word, size, paper.colours.shadow)
    if page:
        _running_head(paper)


def _running_head(paper: Paper) -> None:
    document, sheet, styles = paper.document, paper.sheet, paper.styles
    x, room = LEFT, 62.0
    if paper.logo:
        wide, high = _within(paper.logo, 20.0, 5.0)
        sheet.image(x, 14.0, wide, high)
        x, room = x + wide + 2.5, room - wide - 2.5
    y = 14.4
    sheet.text(x, y, sheet.clipped(paper.party_name(document.seller), styles.running_bold, room), styles.running_bold)
    number = document.number or paper.word("not_numbered")
    day = formats.day(document.issue_date, paper.language, paper.country) if document.issue_date else ""
    right = [sheet.clipped(ltr(number), styles.running, 44.0), day]
    gap = 3.0
    used = sheet.width(paper.title, styles.running_bold) + 1.2
    used += sum(sheet.width(text, styles.running) + 2 * gap for text in right if text)
    buyer = sheet.clipped(paper.party_name(document.buyer), styles.running, max(12.0, 112.0 - used))
    parts = [text for text in (*right, buyer) if text]
    total = sheet.width(paper.title, styles.running_bold) + 1.2
    total += sum(sheet.width(text, styles.running) for text in parts) + 2 * gap * (len(parts) - 1)
    x = RIGHT - total
    sheet.text(x, y, paper.title, styles.running_bold)
    x += sheet.width(paper.title, styles.running_bold) + 1.2
    for at, text in enumerate(parts):
        if at:
            sheet.text(x + gap, y, "·", styles.running, "centre")
            x += 2 * gap
        sheet.text(x, y, text, styles.running)
        x += sheet.width(text, styles.running)


def foot(paper: Paper) -> list[tuple[Line, Style, float]]:
    """Return the foot's lines, each with its style and where it begins after the start edge."""
    sheet, styles = paper.sheet, paper.styles
    seller = paper.document.seller
    found: list[tuple[Line, Style, float]] = []
    own = sheet.wrap(paper.document.footer, styles.foot, WIDTH) if paper.document.footer.strip() else ()
    if len(own) <= 3:
        found += [(line, styles.foot, 0.0) for line in own]
    name = sheet.clipped(paper.party_name(seller), styles.foot_name, 90.0)
    contact = _joined([*map(isolate, seller.address_lines), ltr(seller.phone), ltr(seller.email)])
    found.append((sheet.wrap(name, styles.foot_name)[0], styles.foot_name, 0.0))
    if contact:
        at = sheet.width(name, styles.foot_name)
        line = sheet.wrap(sheet.clipped(f"{SEPARATOR}{contact}", styles.foot, WIDTH - at), styles.foot)[0]
        found.append((line, styles.foot, at))
    ids = _joined(f"{id_label(key, paper.language)} {_id_value(value)}" for key, value in seller.ids)
    line = sheet.wrap(sheet.clipped(ids, styles.foot, WIDTH - 32), styles.foot)[0]
    found.append((line, styles.foot, 0.0))
    return found
