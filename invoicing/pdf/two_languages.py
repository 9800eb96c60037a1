"""A paper in Arabic and another language beside it: the same values, every word in both."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final
from unicodedata import bidirectional

from invoicing.pdf import formats
from invoicing.pdf.colours import palette
from invoicing.pdf.content import Document, Party
from invoicing.pdf.labels import label, mark, title
from invoicing.pdf.looks.bilingual import BilingualStyles, bilingual
from invoicing.pdf.paper import Paper

# What an Arabic reader sees in full where the other language has one word for both.
_FULLER: Final = {"vat_total": "vat_full"}


class TwoLanguages(Paper[Document]):
    """An invoice or note in two languages: numbers as the other language writes them, dates as ISO 8601.

    The page reads from the left; `arabic` is the same paper with its words in Arabic.
    """

    styles: BilingualStyles

    def __init__(self, document: Document) -> None:
        """Begin a paper whose `language` and `second_language` differ, one of them Arabic."""
        beside = document.second_language if document.language == "ar" else document.language
        assert beside is not None
        super().__init__(replace(document, language=beside, look="modern", digits="latn"), document.type)
        self.look = bilingual(document.paper_size, palette(document.brand_colour))
        self.styles = BilingualStyles(self.look.colours)
        self.sheet.both = True
        self.spoken: str = beside
        self.arabic = copy(self)
        self.arabic.spoken = "ar"
        self.arabic.document = replace(document, digits="latn", language="ar")
        self.arabic.title = title(document.type, "ar", document.seller_country, taxed=document.states_tax)
        self.arabic.mark = mark(document.mark, document.type, "ar") if document.mark else None
        self.leading = self.arabic if document.language == "ar" else self

    def word(self, key: str) -> str:
        """Return one of the paper's own words."""
        if self.spoken != "ar":
            return label(key, self.spoken, self.country)
        if key == "total" and self.document.tax_amount:
            key = "total_incl"
        return label(_FULLER.get(key, key), "ar", self.country)

    def rate(self, percent: Decimal) -> str:
        """Return a rate in percent, among words of this language."""
        return formats.rate(percent, self.spoken)

    def currency(self, code: str | None = None) -> str:
        """Return the word or code of a currency, the document's unless another is given."""
        return formats.currency(code or self.document.currency, self.spoken)

    def day(self, value: date | None) -> str:
        """Return a date that both languages read, empty if there is none."""
        return value.isoformat() if value else ""

    def name(self, party: Party) -> str:
        """Return a party's name in this language, or the only one it has."""
        names = sides(party.name, party.name_ar)
        own, other = names[::-1] if self.spoken == "ar" else names
        return own or other


def is_in_two_languages(document: Document) -> bool:
    """Return whether a document is printed in Arabic and another language."""
    return document.second_language is not None and (document.language == "ar") != (document.second_language == "ar")


def sides(text: str, arabic: str) -> tuple[str, str]:
    """Return what stands at the left and at the right; what is there once stands on its own side."""
    text, arabic = text.strip(), arabic.strip()
    if not arabic or text == arabic:
        return ("", text) if reads_from_right(text) else (text, "")
    return text, arabic


def sides_of_lines(lines: Sequence[str], arabic: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the lines of an address for the left and for the right, those given once on their own side."""
    if arabic:
        return lines, arabic
    return ((), lines) if reads_from_right("".join(lines)) else (lines, ())


def paragraphs(text: str) -> tuple[list[str], list[str]]:
    """Return a text's paragraphs that read from the left, and those that read from the right."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return [line for line in lines if not reads_from_right(line)], [line for line in lines if reads_from_right(line)]


def reads_from_right(text: str) -> bool:
    """Return whether the first strong character of a text is one from right to left (UAX #9, P2 and P3)."""
    strong = (kind for kind in map(bidirectional, text) if kind in ("L", "R", "AL"))
    return next(strong, "L") != "L"
