"""What an invoice or note states, in words and numbers as written, whatever its look."""

from __future__ import annotations

from decimal import Decimal

from invoicing.pdf import formats
from invoicing.pdf.content import Document, LineItem, TaxGroup
from invoicing.pdf.labels import CATEGORIES, label
from invoicing.pdf.paper import Paper
from invoicing.pdf.text import isolate, ltr
from invoicing.pdf.wording import Wording


def dates_and_references(paper: Wording[Document]) -> list[tuple[str, str]]:
    """Return labels and values of what dates the document and what it refers to, the absent ones left out."""
    document, word = paper.document, paper.word
    cells = [(word("issue_date"), paper.issue_day)]
    if document.supply_date and document.supply_date != document.issue_date:
        cells.append((word("supply_date"), paper.day(document.supply_date)))
    if document.is_note:
        cells.append((word("original"), ltr(document.parent_number or "")))
        cells.append((word("original_date"), paper.day(document.parent_issue_date)))
    else:
        cells.append((word("due_date"), paper.day(document.due_date)))
    cells.append((word("reference"), isolate(document.reference)))
    # Two marks of direction alone are an empty value.
    return [(label, text) for label, text in cells if len(text) > 2]


def terms(paper: Wording[Document]) -> list[tuple[str, str]]:
    """Return label and value of the terms of payment, nothing if none are given or nothing is to be paid."""
    text = paper.document.payment_terms.strip()
    return [(paper.word("payment_terms"), text)] if text and paper.document.type != "credit_note" else []


def captions(paper: Paper[Document]) -> tuple[str, str]:
    """Return the keys of what buyer and seller are called: as the law does where it names them.

    A credit note bills nobody.
    """
    by_law = paper.look.name == "compact" or (paper.look.name == "classic" and paper.country == "SA")
    return ("buyer", "seller") if by_law or paper.document.type == "credit_note" else ("billed_to", "from")


def amount_that_matters(paper: Wording[Document]) -> tuple[str, str]:
    """Return label and amount of what is due, or of what a credit note gives."""
    document = paper.document
    if document.type == "credit_note":
        return paper.word("credit_amount"), paper.amount(document.total)
    return paper.word("remaining" if document.amount_paid else "amount_due"), paper.amount(document.amount_due)


def total_name(paper: Wording[Document]) -> str:
    """Return what the total is called."""
    if paper.document.type == "credit_note":
        return paper.word("total_credit")
    return paper.word("total" if paper.document.mentions_tax else "total_plain")


def rows_above_total(paper: Wording[Document]) -> list[tuple[str, str]]:
    """Return what stands above the total: sum, discount, what is taxed, tax."""
    document = paper.document
    gross = document.prices_include_tax
    rows: list[tuple[str, str]] = []
    if not document.mentions_tax:
        return _rows_without_tax(paper)
    if document.discount_amount:
        rows.append((paper.word("subtotal_incl" if gross else "subtotal"), paper.amount(document.subtotal)))
        rows.append((_discount_label(paper), paper.amount(-document.discount_amount)))
    if document.discount_amount or gross or document.seller_country == "SA":
        rows.append((paper.word("taxable_amount"), paper.amount(document.taxable_amount)))
    else:
        rows.append((paper.word("subtotal_only"), paper.amount(document.subtotal)))
    rows.append((_tax_label(paper), paper.amount(document.tax_amount)))
    return rows


def _rows_without_tax(paper: Wording[Document]) -> list[tuple[str, str]]:
    document = paper.document
    if not document.discount_amount:
        return []
    return [
        (paper.word("subtotal_plain"), paper.amount(document.subtotal)),
        (_discount_label(paper), paper.amount(-document.discount_amount)),
    ]


def rows_below_total(paper: Wording[Document]) -> list[tuple[str, str]]:
    """Return what was paid before the issue, and what remains; nothing if nothing was."""
    document = paper.document
    if not document.amount_paid or document.type == "credit_note":
        return []
    return [
        (paper.word("paid"), paper.amount(-document.amount_paid)),
        (paper.word("remaining"), paper.amount(document.amount_due)),
    ]


def tax_in_other_currency(paper: Wording[Document]) -> str:
    """Return the tax in the currency of the seller's country, with its rate; empty if none is asked for."""
    document = paper.document
    if document.tax_currency is None or document.tax_amount_in_tax_currency is None:
        return ""
    other = document.tax_currency
    tax = document.tax_amount_in_tax_currency
    text = f"{paper.word('tax_in').format(paper.currency(other))} "
    text += ltr(paper.amount(tax, max(2, formats.decimals(tax))))
    if document.exchange_rate is not None:
        rate = f"{paper.count(1)} {document.currency} = {paper.quantity(document.exchange_rate)} {other}"
        text += f" ({ltr(rate)})"
    return text


def has_tax_table(document: Document) -> bool:
    """Return whether tax is more than one standard rate."""
    groups = document.tax_groups
    return document.mentions_tax and (len(groups) > 1 or any(group.category != "S" for group in groups))


def category_name(document: Document, group: TaxGroup, language: str) -> str:
    """Return what a category of tax is called: of several rates not each is the standard one."""
    if group.category == "S" and sum(each.category == "S" for each in document.tax_groups) > 1:
        return label("vat", language, document.seller_country)
    names = CATEGORIES.get(group.category)
    return names[language] if names else group.category


def has_discounts(document: Document) -> bool:
    """Return whether a line has a discount of its own."""
    return any(item.discount_rate for item in document.items)


def line_amount(document: Document, item: LineItem) -> Decimal:
    """Return what a line comes to: with tax if its price is, else without."""
    return item.total if document.prices_include_tax else item.net_amount


def _discount_label(paper: Wording[Document]) -> str:
    """Return the discount's name, with its rate if it is the only discount."""
    document = paper.document
    if document.discount_rate and not has_discounts(document):
        return f"{paper.word('discount')} {paper.rate(document.discount_rate)}"
    return paper.word("discount")


def _tax_label(paper: Wording[Document]) -> str:
    groups = paper.document.tax_groups
    if len(groups) == 1 and not has_tax_table(paper.document):
        return f"{paper.word('vat_total')} {paper.rate(groups[0].rate)}"
    return paper.word("vat_total")
