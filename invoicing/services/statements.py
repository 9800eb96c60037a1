"""A client's statement of account: for a period, by currency, as values, as a table and as a PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.errors import Invalid
from accounts.models import Business
from accounts.schema import Cleaner, clean_date
from accounts.tables import Cell, Table
from clients.models import Client
from invoicing.domain.lifecycle import today
from invoicing.domain.snapshot import buyer_of, seller_of
from invoicing.domain.statement import Account, Row, accounts
from invoicing.money import minor_digits, round_money
from invoicing.pdf import content
from invoicing.pdf.papers import render_statement
from invoicing.queries import account_entries
from invoicing.services.printing import letterhead

# The heads of the table; machines read them too, so they are the API's names in every language.
HEADS: Final = ("currency", "date", "kind", "number", "reference", "debit", "credit", "balance")


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a business, both included; ``first`` is None where it begins with the first entry."""

    first: date | None
    last: date


@dataclass(frozen=True, slots=True)
class Statement:
    """What a client's account was in a period."""

    client: Client
    period: Period
    accounts: tuple[Account, ...]

    @property
    def first(self) -> date:
        """The period's first day, which is that of the first entry where none was asked for."""
        days = (row.entry.day for account in self.accounts for row in account.rows)
        return self.period.first or min(days, default=self.period.last)


def clean_period(data: Mapping[str, Any], *, business: Business, at: datetime) -> Period:
    """Return the period that ``from`` and ``to`` name, days in the business's time zone.

    Without ``from`` it begins with the account, without ``to`` it ends today; a later day counts as today. Raises
    ``Invalid``.
    """
    cleaner = Cleaner(data)
    first = cleaner.take("from", clean_date)
    last = cleaner.take("to", clean_date)
    this_day = today(business.timezone, at=at)
    if first and last and first > last:
        cleaner.refuse("from", _("The first day must not be after the last one."))
    elif first and first > this_day:
        cleaner.refuse("from", _("This must not be in the future."))
    cleaner.done(Invalid)
    return Period(first, min(last or this_day, this_day))


def statement_of(client: Client, period: Period) -> Statement:
    """Return a client's statement, in three queries. ``client.business`` is read too."""
    zone = ZoneInfo(client.business.timezone)
    entries = account_entries(client.pk, until=period.last, zone=zone)
    return Statement(client, period, tuple(accounts(entries, first=period.first, last=period.last)))


def file_name(statement: Statement) -> str:
    """Return the name under which a statement is saved, without its ending, in characters that are safe everywhere."""
    safe = re.sub(r"[^A-Za-z0-9]+", "-", statement.client.name).strip("-")[:60].strip("-")
    parts = ["statement", safe, statement.first.isoformat(), statement.period.last.isoformat()]
    return "_".join(filter(None, parts))


def table_of(statement: Statement) -> Table:
    """Return a statement as a table: the accounts under each other, each with its opening and closing balance.

    Amounts are plain numbers with the currency's decimals.
    """
    return Table(title=_("Statement of account"), heads=HEADS, rows=table_rows(statement))


def table_rows(statement: Statement) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a statement's table."""
    for account in statement.accounts:
        currency = account.currency
        opening, closing = (
            round_money(account.opening_balance, currency),
            round_money(account.closing_balance, currency),
        )
        yield currency, statement.first, "opening_balance", "", "", None, None, opening
        for row in account.rows:
            yield (
                currency,
                row.entry.day,
                row.entry.kind,
                row.entry.number,
                row.entry.reference,
                *amounts(row, currency),
            )
        yield currency, statement.period.last, "closing_balance", "", "", None, None, closing


def amounts(row: Row, currency: str) -> tuple[Cell, Cell, Cell]:
    """Return debit, credit and balance of a row; a side on which nothing stands is empty."""
    debit, credit, balance = (round_money(each, currency) for each in (row.debit, row.credit, row.balance))
    return debit or None, credit or None, balance


def statement_pdf(statement: Statement) -> bytes:
    """Return a statement as a PDF, in the client's language, else the business's, as both are now."""
    return render_statement(content_of(statement))


def content_of(statement: Statement) -> content.Statement:
    """Return what is printed of a statement."""
    client, business = statement.client, statement.client.business
    seller, language = seller_of(business), client.language or business.language
    return content.Statement(
        **letterhead(seller, buyer_of(client, {}), language),
        number=f"{statement.first} – {statement.period.last}",
        issue_date=None,
        currency=business.currency,
        currency_digits=minor_digits(business.currency),
        footer=business.footer,
        bank_details=seller["bank_details"],
        first=statement.first,
        last=statement.period.last,
        accounts=tuple(account_content(account) for account in statement.accounts),
    )


def account_content(account: Account) -> content.StatementAccount:
    """Return what is printed of a statement in one currency."""
    return content.StatementAccount(
        currency=account.currency,
        currency_digits=minor_digits(account.currency),
        opening_balance=account.opening_balance,
        rows=tuple(
            content.StatementRow(
                date=row.entry.day,
                kind=row.entry.kind,
                number=row.entry.number,
                reference=row.entry.reference,
                method=row.entry.method,
                debit=row.debit,
                credit=row.credit,
                balance=row.balance,
            )
            for row in account.rows
        ),
        total_debit=account.debit,
        total_credit=account.credit,
        closing_balance=account.closing_balance,
        overdue=account.overdue,
        held=account.held,
        open_items=tuple(
            content.OpenItem(
                kind=item.entry.kind,
                number=item.entry.number,
                issue_date=item.entry.day,
                due_date=item.entry.due_date,
                total=item.entry.amount,
                amount_due=item.amount_due,
                is_overdue=item.is_overdue,
            )
            for item in account.open_items
        ),
    )
