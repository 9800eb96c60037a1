"""The replay of an account, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from invoicing.domain.statement import Account, Entry, accounts

JANUARY, FEBRUARY, MARCH = date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)


def entry(kind: Any, amount: int | str, day: date, *, hour: int = 9, claim: str = "a", **fields: Any) -> Entry:
    values: dict[str, Any] = {
        "id": f"{kind} {day} {hour}",
        "claim": claim,
        "moment": datetime.combine(day, time(hour), UTC),
        "currency": "MAD",
        "number": claim.upper(),
    } | fields
    return Entry(kind=kind, day=day, amount=Decimal(amount), **values)


def only(entries: list[Entry], *, first: date | None = None, last: date = MARCH) -> Account:
    (account,) = accounts(entries, first=first, last=last)
    return account


def rows(account: Account) -> list[tuple[str, int, int, int]]:
    return [(row.entry.kind, int(row.debit), int(row.credit), int(row.balance)) for row in account.rows]


def test_invoice_note_payment_and_refund_move_the_balance() -> None:
    account = only(
        [
            entry("refund", 10, MARCH, lowers_paid=True),
            entry("invoice", 100, JANUARY),
            entry("payment", 40, FEBRUARY, hour=12),
            entry("credit_note", 20, FEBRUARY),
            entry("debit_note", 5, MARCH, claim="d"),
        ]
    )
    assert rows(account) == [
        ("invoice", 100, 0, 100),
        ("credit_note", 0, 20, 80),
        ("payment", 0, 40, 40),
        ("debit_note", 5, 0, 45),
        ("refund", 10, 0, 55),
    ]
    assert (account.opening_balance, account.closing_balance, account.held) == (0, 55, 0)
    assert (account.debit, account.credit) == (115, 60)


def test_a_period_opens_with_what_was_due_before_it() -> None:
    entries = [entry("invoice", 100, JANUARY), entry("payment", 40, FEBRUARY), entry("payment", 60, MARCH)]
    account = only(entries, first=FEBRUARY, last=FEBRUARY)
    assert (account.opening_balance, rows(account), account.closing_balance) == (100, [("payment", 0, 40, 60)], 60)
    assert only(entries, first=FEBRUARY, last=MARCH).closing_balance == 0
    assert accounts(entries, first=None, last=date(2025, 12, 31)) == []
    # Nothing moved since, and nothing is due.
    assert accounts(entries, first=date(2026, 4, 1), last=date(2026, 4, 30)) == []


def test_on_one_day_documents_stand_before_money() -> None:
    account = only([entry("payment", 100, JANUARY, hour=8), entry("invoice", 100, JANUARY, hour=17)])
    assert rows(account) == [("invoice", 100, 0, 100), ("payment", 0, 100, 0)]


def test_of_one_moment_a_note_follows_its_invoice_and_a_refund_its_payment() -> None:
    kinds = ["refund", "payment", "credit_note", "debit_note", "invoice"]
    account = only([entry(kind, 10, JANUARY, claim=kind) for kind in kinds])
    assert [row.entry.kind for row in account.rows] == kinds[::-1]


def test_what_comes_in_beyond_what_is_due_is_held_and_lowers_no_other_claim() -> None:
    entries = [
        entry("invoice", 100, JANUARY),
        entry("invoice", 70, JANUARY, hour=10, claim="b"),
        entry("payment", 100, JANUARY, hour=12),
        entry("credit_note", 30, FEBRUARY),
    ]
    account = only(entries)
    assert rows(account)[-1] == ("credit_note", 30, 30, 70)
    assert (account.closing_balance, account.held) == (70, 30)
    account = only([*entries, entry("refund", 30, MARCH)])
    assert rows(account)[-1] == ("refund", 30, 30, 70)
    assert account.rows[-1].without_effect == 30
    assert (account.closing_balance, account.held) == (70, 0)


def test_refund_that_opens_nothing_leaves_nothing_due() -> None:
    account = only([entry("invoice", 100, JANUARY), entry("payment", 100, FEBRUARY), entry("refund", 100, MARCH)])
    assert rows(account)[-1] == ("refund", 100, 100, 0)
    assert (account.closing_balance, account.held) == (0, 0)


def test_money_that_came_before_its_invoice_is_held_until_then() -> None:
    entries = [entry("payment", 40, JANUARY), entry("invoice", 100, FEBRUARY)]
    assert rows(only(entries)) == [("payment", 40, 40, 0), ("invoice", 100, 40, 60)]
    early = only(entries, last=JANUARY)
    assert (early.closing_balance, early.held, early.open_items) == (0, 40, ())


def test_open_items_say_what_is_overdue_at_the_periods_end() -> None:
    entries = [
        entry("invoice", 100, JANUARY, due_date=FEBRUARY),
        entry("payment", 40, FEBRUARY),
        entry("invoice", 7, JANUARY, hour=10, claim="b", due_date=MARCH),
        entry("invoice", 9, JANUARY, hour=11, claim="c"),
        entry("invoice", 5, JANUARY, hour=12, claim="d", due_date=JANUARY),
        entry("credit_note", 5, FEBRUARY, hour=7, claim="d"),
    ]
    account = only(entries)
    found = [(item.entry.number, int(item.amount_due), item.is_overdue) for item in account.open_items]
    assert found == [("A", 60, True), ("B", 7, False), ("C", 9, False)]
    assert account.overdue == 60


def test_unlike_currencies_are_never_added() -> None:
    found = accounts(
        [entry("invoice", 100, JANUARY), entry("invoice", 7, FEBRUARY, claim="b", currency="EUR")],
        first=FEBRUARY,
        last=MARCH,
    )
    assert [(each.currency, each.opening_balance, each.closing_balance) for each in found] == [
        ("EUR", 0, 7),
        ("MAD", 100, 100),
    ]
