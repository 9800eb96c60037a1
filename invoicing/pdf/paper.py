"""What every part of one paper shares: its sheet, its look, its words and number formats."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from invoicing.pdf import formats
from invoicing.pdf.content import Digits, Party, Printed
from invoicing.pdf.labels import label, mark, title
from invoicing.pdf.layout import Sheet
from invoicing.pdf.looks import look_for

P_co = TypeVar("P_co", bound=Printed, covariant=True)


class Paper(Generic[P_co]):
    """One paper on its sheet: an invoice, a note, a receipt, a statement."""

    def __init__(self, document: P_co, kind: str) -> None:
        """Begin a paper; `kind` is the document's type, which gives title and marks their words."""
        self.document = document
        self.language = document.language
        self.country = document.seller_country
        # Beside another language, and on a page that has no Arabic, digits are Western.
        arabic_alone = document.language == "ar" and document.second_language is None
        self.numerals: Digits = document.digits if arabic_alone else "latn"
        self.look = look_for(document.look, document.paper_size, document.brand_colour)
        self.colours = self.look.colours
        self.styles = self.look.styles
        self.sheet = Sheet(
            page=self.look.page,
            rtl=document.language == "ar",
            first_top=self.look.first_top,
            next_top=self.look.next_top,
            bottom=self.look.bottom,
        )
        self.title = title(kind, document.language, document.seller_country, taxed=document.states_tax)
        self.mark = mark(document.mark, kind, document.language) if document.mark else None
        self.logo = self.sheet.load_image(document.logo) if document.logo else None

    def word(self, key: str) -> str:
        """Return one of the paper's own words."""
        return label(key, self.language, self.country)

    def amount(self, value: Decimal, digits: int | None = None) -> str:
        """Return an amount with the decimals of the document's currency, unless others are asked for."""
        digits = self.document.currency_digits if digits is None else digits
        return formats.amount(value, digits, self.language, self.numerals)

    def quantity(self, value: Decimal) -> str:
        """Return a quantity without trailing zeros."""
        return formats.quantity(value, self.language, self.numerals)

    def count(self, number: int) -> str:
        """Return a whole number that counts something: a page, a line."""
        return formats.in_numerals(str(number), self.numerals)

    def rate(self, percent: Decimal) -> str:
        """Return a rate in percent."""
        return formats.rate(percent, self.language, self.numerals)

    def day(self, value: date | None) -> str:
        """Return a date with its month's name, in figures beside another language; empty if there is none."""
        if value is None:
            return ""
        if self.document.second_language is not None:
            return value.isoformat()
        return formats.day(value, self.language, self.country, self.numerals)

    def currency(self, code: str | None = None) -> str:
        """Return the word or code of a currency, the document's unless another is given."""
        return formats.currency(code or self.document.currency, self.language)

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
        return self.day(self.document.issue_date)

    def to_pdf(self) -> bytes:
        """Return the pages as a PDF file that says what it is."""
        document = self.document
        return self.sheet.to_pdf(
            title=f"{self.title} {document.number}" if document.number else self.title,
            author=self.name(document.seller),
            language=document.language,
            day=document.issue_date,
        )
