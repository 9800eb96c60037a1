"""A statement of account: what a client was billed and paid, one currency at a time. Pure.

The balance is what is due, document by document: an invoice is never less than settled, so what came in beyond it
lowers no other claim. Such money is *held* for the client and stated by itself. A row shows its whole amount on its
own side; the part of it that does not change what is due stands on the other side too, so that each balance is the
one before it, plus the debit, less the credit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, get_args

Kind = Literal["invoice", "debit_note", "credit_note", "payment", "refund"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
CLAIMS: Final = frozenset({"invoice", "debit_note"})
MONEY: Final = frozenset({"payment", "refund"})
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that moved an account. ``amount`` is positive; ``claim`` is the id of the document it belongs to.

    ``number`` is the document's, or of money that of the document it was for; ``lowers_paid`` says of a refund that
    it made its amount due again.
    """

    kind: Kind
    id: str
    claim: str
    day: date
    moment: datetime
    currency: str
    amount: Decimal
    number: str
    reference: str = ""
    method: str = ""
    due_date: date | None = None
    lowers_paid: bool = False

    @property
    def order(self) -> tuple[date, bool, datetime, int, str]:
        """Where it stands: by day, documents before money, then by moment; of one moment in the order of ``KINDS``."""
        return self.day, self.kind in MONEY, self.moment, KINDS.index(self.kind), self.id


@dataclass(frozen=True, slots=True)
class Row:
    """An entry with what it did to the balance."""

    entry: Entry
    debit: Decimal
    credit: Decimal
    balance: Decimal

    @property
    def without_effect(self) -> Decimal:
        """The part of its amount that changed nothing of what is due."""
        return min(self.debit, self.credit)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A document of which something is due at the end of the period."""

    entry: Entry
    amount_due: Decimal
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Account:
    """A statement in one currency. ``held`` is what came in beyond what was due and has not gone back."""

    currency: str
    opening_balance: Decimal
    rows: tuple[Row, ...]
    closing_balance: Decimal
    held: Decimal
    open_items: tuple[OpenItem, ...]

    @property
    def debit(self) -> Decimal:
        """The sum of what was debited."""
        return sum((row.debit for row in self.rows), ZERO)

    @property
    def credit(self) -> Decimal:
        """The sum of what was credited."""
        return sum((row.credit for row in self.rows), ZERO)

    @property
    def overdue(self) -> Decimal:
        """The sum of what is overdue at the end of the period."""
        return sum((item.amount_due for item in self.open_items if item.is_overdue), ZERO)


@dataclass(slots=True)
class _Claim:
    """How a document that asks for money stands while its entries are gone through."""

    document: Entry | None = None
    credited: Decimal = ZERO
    received: Decimal = ZERO
    returned: Decimal = ZERO
    reopened: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.document.amount if self.document else ZERO

    @property
    def due(self) -> Decimal:
        """What is due, as ``domain.settling`` reckons it."""
        return max(self.total - self.credited - (self.received - self.reopened), ZERO)

    @property
    def held(self) -> Decimal:
        return max(self.received - self.returned + self.credited - self.total, ZERO)

    def take(self, entry: Entry) -> Decimal:
        """Take an entry in and return how much more is due by it."""
        before = self.due
        match entry.kind:
            case "credit_note":
                self.credited += entry.amount
            case "payment":
                self.received += entry.amount
            case "refund":
                self.returned += entry.amount
                self.reopened += entry.amount if entry.lowers_paid else ZERO
            case _:
                self.document = entry
        return self.due - before


@dataclass(slots=True)
class _Ledger:
    """An account while its entries are gone through."""

    currency: str
    balance: Decimal = ZERO
    opening_balance: Decimal = ZERO
    rows: list[Row] = field(default_factory=list)
    claims: dict[str, _Claim] = field(default_factory=lambda: defaultdict(_Claim))

    def take(self, entry: Entry, first: date | None) -> None:
        change = self.claims[entry.claim].take(entry)
        self.balance += change
        if first is not None and entry.day < first:
            self.opening_balance = self.balance
            return
        debits = entry.kind in CLAIMS or entry.kind == "refund"
        debit = entry.amount if debits else entry.amount + change
        self.rows.append(Row(entry, debit, debit - change, self.balance))

    def closed(self, last: date) -> Account:
        documents = [(claim.document, claim.due) for claim in self.claims.values() if claim.document and claim.due]
        items = [
            OpenItem(document, due, document.due_date is not None and document.due_date < last)
            for document, due in documents
        ]
        items.sort(key=lambda item: (item.entry.due_date or date.max, item.entry.order))
        held = sum((claim.held for claim in self.claims.values()), ZERO)
        return Account(self.currency, self.opening_balance, tuple(self.rows), self.balance, held, tuple(items))


def accounts(entries: Iterable[Entry], *, first: date | None, last: date) -> list[Account]:
    """Return an account for each currency in which something moved or stands, in the order of their codes.

    ``first`` and ``last`` are the period's days; None for the beginning. What comes after ``last`` is left out.
    """
    ledgers: dict[str, _Ledger] = {}
    for entry in sorted((entry for entry in entries if entry.day <= last), key=lambda entry: entry.order):
        ledger = ledgers.setdefault(entry.currency, _Ledger(entry.currency))
        ledger.take(entry, first)
    closed = [ledgers[currency].closed(last) for currency in sorted(ledgers)]
    return [each for each in closed if each.rows or each.opening_balance or each.closing_balance or each.held]
