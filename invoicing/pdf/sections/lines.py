"""The table of a document's lines: its columns, by what the lines have."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from invoicing.pdf import formats
from invoicing.pdf.content import Document
from invoicing.pdf.layout import Style
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections import facts
from invoicing.pdf.sections.table import Cell, Column, Table


def lines_table(paper: Paper[Document]) -> Table:
    """Return the table of lines, measured."""
    document = paper.document
    sums = list(accumulate(facts.line_amount(document, item) for item in document.items))
    return Table(paper, _columns(paper), len(document.items), sums)


def _columns(paper: Paper[Document]) -> list[Column]:
    """Return the columns with their values as written; two optional ones or more make the others narrower."""
    document, word, styles = paper.document, paper.word, paper.styles
    items, gross = document.items, document.prices_include_tax
    has_sku, has_unit = any(item.sku for item in items), any(item.unit for item in items)
    discounts = facts.has_discounts(document)
    narrow = has_sku + has_unit + discounts >= 2
    places = formats.price_digits((item.unit_price for item in items), document.currency_digits)
    columns: list[Column] = []
    if has_sku:
        columns.append(Column(head=word("sku"), width=20.0, texts=_plain((item.sku for item in items), styles.row)))
    names = [((item.name, styles.row_name), (item.description.strip(), styles.row_soft)) for item in items]
    columns.append(Column(head=word("description"), texts=names))
    if has_unit:
        columns.append(Column(head=word("unit"), width=16.0, texts=_plain((item.unit for item in items), styles.row)))
    columns.append(
        Column(
            head=word("quantity"),
            width=13.0 if narrow else 16.0,
            numbers=[paper.quantity(item.quantity) for item in items],
        )
    )
    columns.append(
        Column(
            head=word("unit_price_incl" if gross else "unit_price"),
            width=24.0 if narrow else 30.0,
            numbers=[paper.amount(item.unit_price, places) for item in items],
        )
    )
    if discounts:
        rates = [paper.rate(item.discount_rate) if item.discount_rate else formats.NONE for item in items]
        columns.append(Column(head=word("discount_short"), width=15.0, numbers=rates))
    taxes = [formats.NONE if item.tax_category in ("E", "O") else paper.rate(item.tax_rate) for item in items]
    columns.append(Column(head=word("vat"), width=13.0 if narrow else 18.0, numbers=taxes))
    columns.append(
        Column(
            head=word("total_incl" if gross else "net_amount"),
            unit=f"({paper.currency()})",
            width=28.0 if narrow else 34.0,
            numbers=[paper.amount(facts.line_amount(document, item)) for item in items],
        )
    )
    return columns


def _plain(texts: Iterable[str], style: Style) -> list[Cell]:
    return [((text, style),) for text in texts]
