"""What a paper says in its language, however it is drawn: its own words, amounts, days and names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from invoicing.pdf import formats
from invoicing.pdf.content import Digits, Party, Printed
from invoicing.pdf.labels import label

P_co = TypeVar("P_co", bound=Printed, covariant=True)


class Wording(Generic[P_co]):
    """The words and number formats of one document."""

    def __init__(self, document: P_co) -> None:
        """Take the language and the digits of a document."""
        self.document = document
        self.language = document.language
        self.country = document.seller_country
        # Beside another language, and on a page that has no Arabic, digits are Western.
        arabic_alone = document.language == "ar" and document.second_language is None
        self.numerals: Digits = document.digits if arabic_alone else "latn"

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
