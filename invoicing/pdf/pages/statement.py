"""A statement of account: for each currency a strip of what matters, the table of entries, the sums, the open items."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final

from invoicing.pdf.content import OpenItem, Statement, StatementAccount, StatementRow
from invoicing.pdf.labels import ENTRIES, METHODS
from invoicing.pdf.layout import Block
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections import frame, top
from invoicing.pdf.sections.blocks import caption, height, lines, space, together
from invoicing.pdf.sections.closing import draw_footer, draw_table
from invoicing.pdf.sections.payment import bank_rows, how_to_pay
from invoicing.pdf.sections.table import Cell, Column, Table
from invoicing.pdf.sections.totals import LabelledAmount, left_of_totals, sums
from invoicing.pdf.text import isolate, ltr

# The head of the table of open items stays with its first rows.
OPEN_LEAST: Final = 30.0
# Narrower pages have what an entry refers to under its name.
ROOM_FOR_DETAILS: Final = 176.0
MOST_BESIDE: Final = 8
# An account has many rows of one line, which stand closer than lines with descriptions.
PADDING: Final = 1.6
# What the part of an entry is called that changed nothing of what is due.
PARTS: Final = {
    "invoice": "from_held",
    "debit_note": "from_held",
    "credit_note": "into_held",
    "payment": "into_held",
    "refund": "not_due_again",
}


def draw(paper: Paper[Statement]) -> None:
    """Draw a statement on as many pages as it takes; that of each currency begins on one of its own."""
    sheet = paper.sheet
    sheet.bottom -= frame.foot_height(paper)
    dressed = copy(paper)
    dressed.document = replace(paper.document, number=_period(paper))
    for account in paper.document.accounts or (_empty(paper.document),):
        # The first page of each has its own head.
        sheet.dress = partial(_dress_first, dressed)
        sheet.next_page()
        sheet.dress = partial(frame.dress_page, dressed)
        _draw_account(in_currency(paper, account), account)
    frame.draw_feet(paper)


def _dress_first(paper: Paper[Statement], _page: int) -> None:
    frame.dress_page(paper, 0)


def _empty(statement: Statement) -> StatementAccount:
    """Return an account on which nothing moved and nothing stands."""
    none = Decimal(0)
    return StatementAccount(statement.currency, statement.currency_digits, none, (), none, none, none, none, none, ())


def in_currency(paper: Paper[Statement], account: StatementAccount) -> Paper[Statement]:
    """Return the paper as it writes the amounts of one account, on the same sheet."""
    written = copy(paper)
    written.document = replace(paper.document, currency=account.currency, currency_digits=account.currency_digits)
    written.look = replace(paper.look, table=replace(paper.look.table, padding=min(PADDING, paper.look.table.padding)))
    return written


def _draw_account(paper: Paper[Statement], account: StatementAccount) -> None:
    look = paper.look
    amount = (paper.word("closing_balance"), paper.amount(account.closing_balance))
    y = top.draw_top(paper, _facts(paper, account), amount, captions=("account_of", "statement_by"), numbered=False)
    table = _entries(paper, account)
    room = left_of_totals(paper, table) - look.closing_gap - look.left
    short = _open_items_beside(paper, account.open_items, room)
    parts = [short, _how_to_pay(paper, account, room)]
    if not account.rows:
        parts.insert(0, lines(paper, look.left, paper.word("nothing_moved"), paper.styles.body, room))
    start = [block for part in parts if part for block in (*part, space(5.0))]
    y = draw_table(paper, table, top.table_top(paper, y), start, sums(paper, *_closing(paper, account), table=table))
    if account.open_items and not short:
        y = _draw_open_items(paper, account.open_items, y + 7.0)
    draw_footer(paper, y)


def _facts(paper: Paper[Statement], account: StatementAccount) -> list[tuple[str, str]]:
    facts = [
        (paper.word("period"), _period(paper)),
        (paper.word("opening_balance"), ltr(paper.amount(account.opening_balance))),
    ]
    if account.overdue:
        facts.append((paper.word("overdue"), ltr(paper.amount(account.overdue))))
    return facts


def _period(paper: Paper[Statement]) -> str:
    """Return two days with a dash between them; month and year stand once where they are the same."""
    first, last = paper.day(paper.document.first), paper.day(paper.document.last)
    begin, end = first.split(" "), last.split(" ")
    while begin and begin[-1] == end[-1]:
        begin.pop()
        end.pop()
    return f"{isolate(' '.join(begin))} – {isolate(last)}" if begin else last


def _entries(paper: Paper[Statement], account: StatementAccount) -> Table:
    """Return the table of entries. What they refer to has a column, where that leaves the type as large as usual."""
    if paper.look.width >= ROOM_FOR_DETAILS:
        table = _entries_table(paper, account, apart=True)
        if table.scale == 1.0:
            return table
    return _entries_table(paper, account, apart=False)


def _entries_table(paper: Paper[Statement], account: StatementAccount, *, apart: bool) -> Table:
    """Return the opening balance and the entries, what they refer to `apart` or under their names."""
    styles, rows = paper.styles, account.rows
    opening = paper.word("opening_balance")
    days: list[Cell] = [((paper.day(paper.document.first), styles.row),)]
    days += [((paper.day(row.date), styles.row),) for row in rows]
    names: list[Cell] = [((opening, styles.row_name),), *(_name(paper, row) for row in rows)]
    about: list[Cell] = [(), *(_about(paper, row) for row in rows)]
    if apart:
        texts = [Column(head=paper.word("document"), width=44.0, texts=names), Column(head="", texts=about)]
    else:
        both: list[Cell] = [(*name, *more) for name, more in zip(names, about, strict=True)]
        texts = [Column(head=paper.word("document"), texts=both)]
    columns = [
        Column(head=paper.word("date"), width=24.0, texts=days),
        *texts,
        Column(head=paper.word("debit"), width=22.0, numbers=["", *(_side(paper, row.debit) for row in rows)]),
        Column(head=paper.word("credit"), width=22.0, numbers=["", *(_side(paper, row.credit) for row in rows)]),
        Column(
            head=paper.word("balance"),
            width=28.0,
            unit=f"({paper.currency()})",
            numbers=[paper.amount(account.opening_balance), *(paper.amount(row.balance) for row in rows)],
        ),
    ]
    balances = [account.opening_balance, *(row.balance for row in rows)]
    return Table(paper, columns, len(rows) + 1, balances)


def _name(paper: Paper[Statement], row: StatementRow) -> Cell:
    """Return what an entry is called: its kind, with the number of the document that it is or was for."""
    return ((f"{ENTRIES[row.kind][paper.language]} {ltr(row.number)}", paper.styles.row_name),)


def _about(paper: Paper[Statement], row: StatementRow) -> Cell:
    """Return what an entry refers to, and what of it changed nothing of what is due."""
    style = paper.styles.row_soft
    method = METHODS[row.method][paper.language] if row.method else ""
    joined = " · ".join(filter(None, (method, row.reference and isolate(row.reference))))
    room = paper.look.table.narrowest_description
    about = [joined] if paper.sheet.width(joined, style) <= room else [method, isolate(row.reference)]
    if unmoved := min(row.debit, row.credit):
        about.append(paper.word(PARTS[row.kind]).format(ltr(paper.amount(unmoved))))
    return [(text, style) for text in about if text]


def _side(paper: Paper[Statement], amount: Decimal) -> str:
    return paper.amount(amount) if amount else ""


def _closing(
    paper: Paper[Statement], account: StatementAccount
) -> tuple[list[LabelledAmount], LabelledAmount, list[LabelledAmount]]:
    """Return how the closing balance comes about, and what it is made of."""
    before = [
        (paper.word("opening_balance"), paper.amount(account.opening_balance)),
        (paper.word("total_debit"), paper.amount(account.total_debit)),
        (paper.word("total_credits"), paper.amount(-account.total_credit)),
    ]
    after = [(paper.word("held"), paper.amount(account.held))] if account.held else []
    if account.overdue:
        after.append((paper.word("not_yet_due"), paper.amount(account.closing_balance - account.overdue)))
        after.append((paper.word("overdue"), paper.amount(account.overdue)))
    return before, (paper.word("closing_balance"), paper.amount(account.closing_balance)), after


def _open_items_beside(paper: Paper[Statement], items: Sequence[OpenItem], room: float) -> list[Block]:
    """Return what is due by when, to stand beside the sums; nothing where that would not fit there."""
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    overdue = paper.word("overdue")
    numbers = [ltr(item.number) for item in items]
    amounts = [paper.amount(item.amount_due) for item in items]
    block = max((sheet.width(amount, styles.tax_row) for amount in amounts), default=0.0)
    number = max((sheet.width(each, styles.tax_row) for each in numbers), default=0.0) + 4.0
    day = max((sheet.width(paper.day(item.due_date), styles.tax_row) for item in items), default=0.0) + 3.0
    word = sheet.width(overdue, styles.tax_head) + 3.0 if any(item.is_overdue for item in items) else 0.0
    heads = [(0.0, paper.word("document")), (number, paper.word("due_date"))]
    if not 0 < len(items) <= MOST_BESIDE or number + max(day + word, 22.0) + max(block, 22.0) > room:
        return []

    def draw_head(y: float) -> None:
        for x, text in heads:
            sheet.text(look.left + x, y, text, styles.tax_head)
        sheet.text(look.left + room, y, paper.word("remaining"), styles.tax_head, "end")
        sheet.rule(look.left, look.left + room, y + styles.tax_head.pitch + 1.4, 0.6, paper.colours.soft)

    def draw_item(at: int, y: float) -> None:
        sheet.text(look.left, y, numbers[at], styles.tax_row)
        pieces = [(paper.day(items[at].due_date), styles.tax_row)]
        if items[at].is_overdue:
            pieces.append((overdue, styles.tax_head))
        sheet.pieces(look.left + number, y, pieces, gap=2.0)
        sheet.number(look.left + room, y, amounts[at], styles.tax_row, block)

    rows = [Block(styles.tax_row.pitch + 0.6, partial(draw_item, at)) for at in range(len(items))]
    head_block = Block(styles.tax_head.pitch + 2.4, draw_head)
    return [together([*caption(paper, look.left, "open_items", room), head_block, *rows])]


def _draw_open_items(paper: Paper[Statement], items: Sequence[OpenItem], y: float) -> float:
    """Draw what is due by when as a table; return where that ends."""
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    names: list[Cell] = [
        ((f"{ENTRIES[item.kind][paper.language]} {ltr(item.number)}", styles.row_name),) for item in items
    ]
    issued: list[Cell] = [((paper.day(item.issue_date), styles.row),) for item in items]
    overdue = paper.word("overdue")
    due: list[Cell] = [
        ((paper.day(item.due_date), styles.row), (overdue if item.is_overdue else "", styles.caption)) for item in items
    ]
    columns = [
        Column(head=paper.word("document"), texts=names),
        Column(head=paper.word("issued"), width=30.0, texts=issued),
        Column(head=paper.word("due_date"), width=34.0, texts=due),
        Column(head=paper.word("total"), width=28.0, numbers=[paper.amount(item.total) for item in items]),
        Column(
            head=paper.word("remaining"),
            width=34.0,
            unit=f"({paper.currency()})",
            numbers=[paper.amount(item.amount_due) for item in items],
        ),
    ]
    table = Table(paper, columns, len(items), [])
    title = caption(paper, look.left, "open_items", look.width)
    if y + height(title) + OPEN_LEAST > sheet.bottom:
        y = sheet.next_page()
    return table.draw(sheet.flow(title, y) + 1.0, closing=0.0)


def _how_to_pay(paper: Paper[Statement], account: StatementAccount, room: float) -> list[Block]:
    """Return the bank's details where something is due."""
    if not account.closing_balance:
        return []
    return how_to_pay(paper, paper.look.left, room, bank_rows(paper, paper.document.bank_details))
