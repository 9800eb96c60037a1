"""What every part of one document shares: its sheet, styles, words and number formats."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from invoicing.pdf import formats
from invoicing.pdf.colours import Palette, palette
from invoicing.pdf.content import Document, Party
from invoicing.pdf.labels import label, title
from invoicing.pdf.layout import Sheet, Style

LEFT: Final = 16.0
RIGHT: Final = 194.0
WIDTH: Final = RIGHT - LEFT
# Filled surfaces hang this far outside the margin, so that all text stays on it.
HANG: Final = 5.0
# The column beside the totals.
CLOSING: Final = 94.0
FIRST_TOP: Final = 14.6
NEXT_TOP: Final = 30.0
BOTTOM: Final = 272.0


class Styles:
    """The styles of the look *modern* in one document's colours."""

    def __init__(self, colours: Palette) -> None:
        ink, soft, quiet, accent = colours.ink, colours.soft, colours.label, colours.accent
        self.title = Style("bold", 24, 26, accent)
        self.number = Style("regular", 10, 14, ink)
        self.letterhead = Style("bold", 14, 18, ink)
        self.chip = Style("bold", 8, 12, ink)
        self.chip_sentence = Style("regular", 8, 12, ink)
        self.hero_label = Style("regular", 7.5, 10, quiet)
        self.hero_value = Style("bold", 9.5, 12.5, ink)
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
        self.other_currency = Style("regular", 8, 11.5, soft)
        self.body = Style("regular", 8.5, 12.5, ink)
        self.bank_label = Style("regular", 8, 12, quiet)
        self.bank_value = Style("regular", 8, 12, ink)
        self.under_code = Style("regular", 7, 9, soft)
        self.foot = Style("regular", 7, 10.5, quiet)
        self.foot_name = Style("bold", 7, 10.5, quiet)
        self.running = Style("regular", 8, 12, soft)
        self.running_bold = Style("bold", 8, 12, ink)


class Paper:
    """One document on its sheet."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.language = document.language
        self.country = document.seller_country
        self.colours = palette(document.brand_colour)
        self.styles = Styles(self.colours)
        self.sheet = Sheet(rtl=document.language == "ar", first_top=FIRST_TOP, next_top=NEXT_TOP, bottom=BOTTOM)
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

    def rate(self, percent: Decimal) -> str:
        """Return a rate in percent."""
        return formats.rate(percent, self.language)

    def name(self, party: Party) -> str:
        """Return a party's name as this language writes it."""
        return (party.name_ar or party.name) if self.language == "ar" else (party.name or party.name_ar)

    @property
    def number(self) -> str:
        """Return the document's number, or words that say it has none yet."""
        return self.document.number or self.word("not_numbered")

    @property
    def issue_day(self) -> str:
        """Return the issue date in words, empty if there is none."""
        day = self.document.issue_date
        return formats.day(day, self.language, self.country) if day else ""
