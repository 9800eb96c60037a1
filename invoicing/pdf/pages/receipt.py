"""A receipt of payment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

from invoicing.pdf.content import PaidInvoice, Receipt
from invoicing.pdf.formats import NBSP
from invoicing.pdf.labels import METHODS
from invoicing.pdf.layout import Block
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections import frame, top
from invoicing.pdf.sections.blocks import caption, lines, space, without_widow
from invoicing.pdf.sections.closing import draw_footer, draw_table
from invoicing.pdf.sections.table import Cell, Column, Table
from invoicing.pdf.sections.totals import LabelledAmount, left_of_totals, sums
from invoicing.pdf.text import isolate, ltr

LONGEST_CODE: Final = 18


def draw(paper: Paper[Receipt]) -> None:
    """Draw a receipt on as many pages as it takes."""
    sheet = paper.sheet
    sheet.bottom -= frame.foot_height(paper)
    sheet.dress = partial(frame.dress_page, paper)
    sheet.next_page()
    amount = (paper.word("amount_received"), paper.amount(paper.document.amount))
    y = top.draw_top(paper, _facts(paper), amount, captions=("received_from", "received_by"))
    table = _table(paper)
    start = _beside_sums(paper, left_of_totals(paper, table) - paper.look.closing_gap - paper.look.left)
    y = draw_table(paper, table, top.table_top(paper, y), start, sums(paper, *_settled(paper), table=table))
    draw_footer(paper, y)
    frame.draw_feet(paper)


def _facts(paper: Paper[Receipt]) -> list[tuple[str, str]]:
    receipt = paper.document
    facts = [
        (paper.word("received_on"), paper.day(receipt.issue_date)),
        (paper.word("method"), METHODS[receipt.method][paper.language]),
        (paper.word("transaction"), isolate(_shortened(receipt.transaction))),
    ]
    return [(label, text) for label, text in facts if len(text) > 2]


def _shortened(transaction: str) -> str:
    """Return a gateway's long code by its beginning and end, which tell it from others; words stay whole."""
    if len(transaction) <= LONGEST_CODE or " " in transaction:
        return transaction
    return f"{transaction[:7]}…{transaction[-4:]}"


def _table(paper: Paper[Receipt]) -> Table:
    """Return the table of the invoices that the payment was for."""
    invoices, styles = paper.document.invoices, paper.styles
    names: list[Cell] = [
        ((ltr(each.number), styles.row_name), (each.description, styles.row_soft)) for each in invoices
    ]
    days: list[Cell] = [((paper.day(each.issue_date), styles.row),) for each in invoices]

    def numbers(of: str) -> list[str]:
        return [paper.amount(getattr(each, of)) for each in invoices]

    columns = [
        Column(head=paper.word("invoice"), texts=names),
        Column(head=paper.word("issued"), width=30.0, texts=days),
        Column(head=paper.word("total_incl"), width=28.0, numbers=numbers("total")),
        Column(head=paper.word("paid_before"), width=28.0, numbers=numbers("paid_before")),
        Column(head=paper.word("this_payment"), width=34.0, numbers=numbers("amount"), unit=f"({paper.currency()})"),
    ]
    return Table(paper, columns, len(invoices), [])


def _settled(paper: Paper[Receipt]) -> tuple[list[LabelledAmount], LabelledAmount, list[LabelledAmount]]:
    """Return how the balance comes about: what was billed, credited and paid, and what of it was too much."""
    invoices = paper.document.invoices
    total, credited = _sum(invoices, "total"), _sum(invoices, "credited")
    paid = _sum(invoices, "paid_before") + _sum(invoices, "amount")
    rows = [(paper.word("invoice_total" if len(invoices) == 1 else "invoices_total"), paper.amount(total))]
    if credited:
        rows.append((paper.word("credited"), paper.amount(-credited)))
    rows.append((paper.word("paid_to_date"), paper.amount(-paid)))
    beyond = credited + paid - total
    after = [(paper.word("held"), paper.amount(beyond))] if beyond > 0 else []
    return rows, (paper.word("remaining"), paper.amount(paper.document.balance)), after


def _sum(invoices: Sequence[PaidInvoice], of: str) -> Decimal:
    return sum((getattr(each, of) for each in invoices), Decimal(0))


def _beside_sums(paper: Paper[Receipt], room: float) -> list[Block]:
    """Return the amount in words, and what a receipt is and is not."""
    receipt, styles, look = paper.document, paper.styles, paper.look
    blocks: list[Block] = []
    if said := without_widow(receipt.amount_in_words):
        blocks += caption(paper, look.left, "received_sum", room)
        blocks += [*lines(paper, look.left, said, styles.body, room), space(5.0)]
    blocks += caption(paper, look.left, "mentions", room)
    sentences = [paper.word("not_an_invoice")]
    if receipt.balance > 0 and receipt.balance_due_date:
        sentences.append(paper.word("balance_by").format(_said(paper, receipt.balance_due_date)))
    return blocks + lines(paper, look.left, " ".join(sentences), styles.body, room)


def _said(paper: Paper[Receipt], day: date) -> str:
    """Return a day as it stands in a sentence, on one line; French counts the first of a month as such."""
    said = paper.day(day).replace(" ", NBSP)
    return said.replace("1", "1er", 1) if paper.language == "fr" and day.day == 1 else said
