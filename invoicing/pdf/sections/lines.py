"""The table of a document's lines: its columns, by look, by country and by what the lines have."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import Final

from invoicing.pdf import formats
from invoicing.pdf.content import Document, LineItem
from invoicing.pdf.looks.look import ColumnSet
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections import facts
from invoicing.pdf.sections.table import Cell, Column, Table


def lines_table(paper: Paper[Document]) -> Table:
    """Return the table of lines, measured; the sums that it carries are those of its last column."""
    document = paper.document
    widths = _column_set(paper)
    unused = _unused(document)
    columns = [_column(paper, key, widths) for key in widths if key not in unused]
    with_tax = "total" in widths
    amounts = (item.total if with_tax else facts.line_amount(document, item) for item in document.items)
    return Table(paper, columns, len(document.items), list(accumulate(amounts)))


def _column_set(paper: Paper[Document]) -> ColumnSet:
    """Return the widths of all columns that the document could have."""
    table = paper.look.table
    if paper.country == "SA" and table.saudi:
        return table.saudi
    optional = {"sku", "unit", "discount"} - _unused(paper.document)
    return table.tight if table.tight and len(optional) >= 2 else table.columns


def _unused(document: Document) -> set[str]:
    """Return the columns that no line has a value for."""
    used = {
        "sku": any(item.sku for item in document.items),
        "unit": any(item.unit for item in document.items),
        "discount": facts.has_discounts(document),
        **dict.fromkeys(("rate", "tax", "net"), document.mentions_tax),
    }
    return {key for key, is_used in used.items() if not is_used}


def _column(paper: Paper[Document], key: str, widths: ColumnSet) -> Column:
    """Return one column with its values as written."""
    document, styles = paper.document, paper.styles
    items, width = document.items, widths[key]
    if key == "place":
        places = [paper.count(place) for place in range(1, len(items) + 1)]
        return Column(head="#", width=width, numbers=places, align="centre", style=styles.row_code)
    head = paper.word(_head(document, key))
    if key == "description":
        return Column(head=head, texts=[_name(paper, item, has_sku="sku" in widths) for item in items])
    if key in ("sku", "unit"):
        texts = [((getattr(item, key), styles.row_code),) for item in items]
        return Column(head=head, width=width, texts=texts, words_stay_whole=True)
    column = Column(head=head, width=width, numbers=_numbers(paper, key))
    if key in ("amount", "total"):
        column.unit, column.style = f"({paper.currency()})", styles.row_amount
    if key == "tax" and "rate" not in widths and facts.has_tax_table(document):
        column.under = [_rate(paper, item) for item in items]
    return column


def _head(document: Document, key: str) -> str:
    """Return the key of a column's name; where prices include tax, two are called so."""
    if not document.mentions_tax and key in ("total", "amount"):
        return "amount"
    if document.prices_include_tax and key in ("price", "amount"):
        return {"price": "unit_price_incl", "amount": "total_incl"}[key]
    return _HEADS.get(key, key)


def _name(paper: Paper[Document], item: LineItem, *, has_sku: bool) -> Cell:
    """Return name and description, and between them the SKU where it has no column of its own."""
    styles = paper.styles
    texts = (item.name, item.description.strip())
    if paper.language == "ar":
        texts = (item.name_ar or texts[0], item.description_ar.strip() or texts[1])
    name, description = (texts[0], styles.row_name), (texts[1], styles.row_soft)
    return (name, description) if has_sku else (name, (item.sku, styles.row_soft), description)


def _rate(paper: Paper[Document], item: LineItem) -> str:
    return formats.NONE if item.tax_category in ("E", "O") else paper.rate(item.tax_rate)


def _numbers(paper: Paper[Document], key: str) -> list[str]:
    items = paper.document.items
    if key == "price":
        digits = formats.price_digits((item.unit_price for item in items), paper.document.currency_digits)
        return [paper.amount(item.unit_price, digits) for item in items]
    return [_NUMBERS[key](paper, item) for item in items]


def _discount(paper: Paper[Document], item: LineItem) -> str:
    return paper.rate(item.discount_rate) if item.discount_rate else formats.NONE


_HEADS: Final = {
    "price": "unit_price",
    "discount": "discount_short",
    "net": "net_amount",
    "rate": "vat",
    "tax": "tax_amount",
    "total": "total_incl",
    "amount": "net_amount",
}
_NUMBERS: Final[dict[str, Callable[[Paper[Document], LineItem], str]]] = {
    "quantity": lambda paper, item: paper.quantity(item.quantity),
    "discount": _discount,
    "net": lambda paper, item: paper.amount(item.net_amount),
    "rate": _rate,
    "tax": lambda paper, item: paper.amount(item.tax_amount),
    "total": lambda paper, item: paper.amount(item.total),
    "amount": lambda paper, item: paper.amount(facts.line_amount(paper.document, item)),
}
