"""The totals, which stay together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from invoicing.pdf import formats
from invoicing.pdf.layout import Block
from invoicing.pdf.paper import HANG, RIGHT, Paper
from invoicing.pdf.sections.taxes import needs_tax_table
from invoicing.pdf.text import Line, ltr

WIDTH: Final = 74.0
LEFT: Final = RIGHT - WIDTH
ROW: Final = 6.2


def totals(paper: Paper) -> list[Block]:
    """Return the totals, which stay together as one block."""
    sheet, styles, document = paper.sheet, paper.styles, paper.document
    before, after = _total_rows(paper), _paid_rows(paper)
    total = paper.amount(document.total)
    big = sheet.fitted(total, styles.grand_value, 44.0, 8.0)
    numbers = [number for _, number in (*before, *after)]
    block = max([sheet.width(total, big), *(sheet.width(n, styles.total_value) for n in numbers)])
    other = _other_currency(paper)
    name = paper.word("total_credit" if document.type == "credit_note" else "total")
    label_style = sheet.fitted(name, styles.grand_label, 62.0 - sheet.width(total, big), 7.0)

    def rows(y: float, shown: Sequence[tuple[str, str]]) -> float:
        for text, number in shown:
            style = sheet.fitted(text, styles.total_label, 72.0 - sheet.width(number, styles.total_value), 6.0)
            top = y + ROW / 2
            sheet.text(LEFT, top - style.pitch / 2, text, style)
            sheet.number(RIGHT, top - styles.total_value.pitch / 2, number, styles.total_value, block)
            y += ROW
        return y

    def draw(y: float) -> None:
        y = rows(y, before) + 1.6
        sheet.surface(LEFT - HANG, y, WIDTH + 2 * HANG, 12.0, 1.5, paper.colours.tint)
        middle = y + 6.0
        pieces = [(name, label_style), (paper.currency(), styles.grand_currency)]
        sheet.pieces(LEFT, middle - label_style.pitch / 2, pieces, gap=1.2)
        sheet.number(RIGHT, middle - big.pitch / 2, total, big, block)
        if document.mark == "cancelled":
            ends = sheet.width(total, big)
            shift = block - ends if sheet.rtl else 0.0
            sheet.rule(RIGHT - ends - shift, RIGHT - shift, middle, 1.0, paper.colours.ink)
        y = rows(y + 12.0 + (1.6 if after else 0.0), after)
        if other:
            sheet.paragraph(LEFT, y + 1.4, other, styles.other_currency)

    height = ROW * (len(before) + len(after)) + 1.6 + 12.0 + (1.6 if after else 0.0)
    height += 1.4 + len(other) * styles.other_currency.pitch if other else 0.0
    return [Block(height, draw)]


def _total_rows(paper: Paper) -> list[tuple[str, str]]:
    """Return what stands above the total: sum, discount, what is taxed, tax."""
    document = paper.document
    gross = document.prices_include_tax
    rows: list[tuple[str, str]] = []
    if document.discount_amount:
        rows.append((paper.word("subtotal_incl" if gross else "subtotal"), paper.amount(document.subtotal)))
        rows.append((_discount_label(paper), paper.amount(-document.discount_amount)))
    if document.discount_amount or gross or document.seller_country == "SA":
        rows.append((paper.word("taxable_amount"), paper.amount(document.taxable_amount)))
    else:
        rows.append((paper.word("subtotal_only"), paper.amount(document.subtotal)))
    rows.append((_tax_label(paper), paper.amount(document.tax_amount)))
    return rows


def _discount_label(paper: Paper) -> str:
    """Return the discount's name, with its rate if it is the only discount."""
    document = paper.document
    if document.discount_rate and not any(item.discount_rate for item in document.items):
        return f"{paper.word('discount')} {ltr(paper.rate(document.discount_rate))}"
    return paper.word("discount")


def _tax_label(paper: Paper) -> str:
    groups = paper.document.tax_groups
    if len(groups) == 1 and not needs_tax_table(paper):
        return f"{paper.word('vat')} {ltr(paper.rate(groups[0].rate))}"
    return paper.word("vat")


def _paid_rows(paper: Paper) -> list[tuple[str, str]]:
    document = paper.document
    if not document.amount_paid or document.type == "credit_note":
        return []
    return [
        (paper.word("paid"), paper.amount(-document.amount_paid)),
        (paper.word("remaining"), paper.amount(document.amount_due)),
    ]


def _other_currency(paper: Paper) -> list[Line]:
    """Return the tax in the currency of the seller's country, with its rate, as lines."""
    document = paper.document
    if document.tax_currency is None or document.tax_amount_in_tax_currency is None:
        return []
    other = document.tax_currency
    text = f"{paper.word('tax_in').format(paper.currency(other))} "
    tax = document.tax_amount_in_tax_currency
    text += ltr(formats.amount(tax, max(2, formats.decimals(tax)), paper.language))
    if document.exchange_rate is not None:
        rate = formats.quantity(document.exchange_rate, paper.language)
        text += f" ({ltr(f'1 {document.currency} = {rate} {other}')})"
    return list(paper.sheet.wrap(text, paper.styles.other_currency, WIDTH))
