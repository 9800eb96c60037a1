from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Business
from accounts.tenancy import Actor
from invoicing.choices import DocumentState
from invoicing.domain import lifecycle
from invoicing.domain.statement import accounts
from invoicing.models import Invoice, Payment, Refund
from invoicing.queries import account_entries, client_figures, lines_of, refunds_of
from invoicing.services.corrections import cancel_invoice, write_note
from invoicing.services.settlement import record_payment, record_refund
from tests.factories.accounts import make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued
from tests.invoicing.histories import History

pytestmark = pytest.mark.django_db


@pytest.fixture
def business() -> Business:
    return make_business(currency="MAD")


def pay(invoice: Invoice, amount: int) -> Any:
    actor = Actor.system(invoice.business_id)
    return record_payment(invoice=invoice, actor=actor, at=timezone.now(), data={"amount": amount, "method": "cash"})


def test_lines_of_keeps_their_order_and_their_invoice(business: Business, django_assert_num_queries: Any) -> None:
    first = make_draft(business, items=[{"name": name, "unit_price": 1} for name in ("b", "a", "c")])
    second = make_draft(business)
    with django_assert_num_queries(1):
        found = lines_of([first.pk, second.pk, "inv_none"])
    names = {invoice_id: [line["name"] for line in lines] for invoice_id, lines in found.items()}
    assert names == {first.pk: ["b", "a", "c"], second.pk: ["Consulting"], "inv_none": []}


def test_refunds_of_groups_by_payment(business: Business) -> None:
    payment, other = (pay(make_issued(business), 300) for _ in range(2))
    refund = record_refund(payment=payment, actor=Actor.system(business.pk), at=timezone.now(), data={"amount": 5})
    assert [row["id"] for row in refunds_of([payment.pk, other.pk])[payment.pk]] == [refund.pk]
    assert refunds_of([other.pk]) == {other.pk: []}


# Statements of account

CASABLANCA = ZoneInfo("Africa/Casablanca")


def test_account_entries_are_of_what_was_issued_and_stands(business: Business, django_assert_num_queries: Any) -> None:
    client = make_client(business)
    with time_machine.travel("2026-11-20T23:30:00Z", tick=False):  # the 21st in Casablanca
        invoice = make_issued(business, client, issue_date="2026-11-20", reference="PO 7")
        payment = pay(invoice, 100)
        refund = record_refund(
            payment=payment,
            actor=Actor.system(business.pk),
            at=timezone.now(),
            data={"amount": 10, "reason": "Too much"},
        )
        note = write_note(
            parent=invoice,
            kind="credit_note",
            actor=Actor.system(business.pk),
            at=timezone.now(),
            data={"reason": "Less", "items": [{"name": "Consulting", "quantity": 1}], "issue": True},
        )
        make_draft(business, client)
        make_issued(business)
        gone = make_issued(business, client)
        cancel_invoice(invoice=gone, actor=Actor.system(business.pk), at=timezone.now())
    gone.refresh_from_db()
    assert gone.state == DocumentState.CANCELLED
    with django_assert_num_queries(3):
        found = account_entries(client.pk, until=date(2026, 11, 21), zone=CASABLANCA)
    found.sort(key=lambda each: each.order)
    shown = [(each.kind, each.id, each.claim, each.day.day, each.amount, each.number, each.reference) for each in found]
    assert shown == [
        ("invoice", invoice.pk, invoice.pk, 20, 300, invoice.number, "PO 7"),
        ("credit_note", note.pk, invoice.pk, 20, 150, note.number, ""),
        ("payment", payment.pk, invoice.pk, 21, 100, invoice.number, ""),
        ("refund", refund.pk, invoice.pk, 21, 10, invoice.number, "Too much"),
    ]
    before = account_entries(client.pk, until=date(2026, 11, 20), zone=CASABLANCA)
    assert sorted(each.kind for each in before) == ["credit_note", "invoice"]


@pytest.mark.parametrize("seed", range(10))
def test_closing_balance_is_what_the_documents_amounts_due_add_up_to(seed: int) -> None:
    business = make_business(currency="MAD", timezone="Africa/Casablanca")
    client, chance = make_client(business), Random(seed)
    history, at = History(business, client, chance), datetime(2026, 1, 5, 9, tzinfo=UTC)
    for _step in range(70):
        at += timedelta(hours=chance.choice([1, 12, 72]))
        with time_machine.travel(at, tick=False):
            history.act()
    today = lifecycle.today(business.timezone, at=at)
    entries = account_entries(client.pk, until=today, zone=CASABLANCA)
    assert {each.kind for each in entries} == {"invoice", "credit_note", "debit_note", "payment", "refund"}
    first = date(2026, 1, 20)
    whole, part = (accounts(entries, first=begin, last=today) for begin in (None, first))
    due = {currency: amount for currency, amount in client_figures([client.pk])[client.pk]["due"].items() if amount}
    for found in (whole, part):
        assert {each.currency: each.closing_balance for each in found if each.closing_balance} == due
        for account in found:
            balance = account.opening_balance
            for row in account.rows:
                balance += row.debit - row.credit
                assert (row.balance, min(row.debit, row.credit) >= 0) == (balance, True)
            assert balance == account.closing_balance == sum(item.amount_due for item in account.open_items)
    # A later period opens as an earlier one closes.
    before = accounts(entries, first=None, last=first - timedelta(days=1))
    closed = {each.currency: each.closing_balance for each in before if each.closing_balance}
    assert {each.currency: each.opening_balance for each in part if each.opening_balance} == closed
    held = sum((each.held for each in whole), Decimal(0))
    claims = Invoice.objects.filter(client=client, state=DocumentState.ISSUED).exclude(type="credit_note")
    beyond = [
        sum(Payment.objects.filter(invoice=claim).values_list("amount", flat=True))
        - sum(Refund.objects.filter(payment__invoice=claim).values_list("amount", flat=True))
        + claim.amount_credited
        - claim.total
        for claim in claims
    ]
    assert held == sum(amount for amount in beyond if amount > 0)
