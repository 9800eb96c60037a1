"""Sending money back at Stripe: once, whatever fails on the way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import InProgress
from accounts.queue import run_due
from accounts.tenancy import Actor
from invoicing.errors import InvalidInvoice, MoreThanLeft
from invoicing.models import Invoice, Payment, Refund
from invoicing.services.received import overpaid
from invoicing.services.settlement import record_payment
from payments.errors import GatewayDown, GatewayRefused
from payments.gateways.base import Returned
from payments.gateways.sandbox.server import Fault, Sandbox
from payments.models import GatewayRefund
from payments.services.refunds import refund_overpaid, refund_payment, settled
from payments.services.requests import create_link
from tests.factories.accounts import make_business
from tests.factories.invoicing import make_issued
from tests.payments.telling import pay_link, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(box: Sandbox, invoice: Invoice) -> Payment:
    link = create_link(invoice=invoice, actor=Actor.system(invoice.business_id), at=timezone.now())
    pay_link(box, str(link.external_id))
    tell(box)
    return Payment.objects.get()


def give_back(payment: Payment, order_key: str = "", **data: Any) -> Refund:
    actor = Actor.system(payment.business_id)
    return refund_payment(payment=payment, actor=actor, at=timezone.now(), data=data, order_key=order_key)


def refunded(box: Sandbox) -> list[int]:
    return [refund["amount"] for refund in box.store.all("refund")]


def test_a_part_goes_back_at_stripe(box: Sandbox, payment: Payment, invoice: Invoice) -> None:
    refund = give_back(payment, amount="100.50", reason="A day less")
    assert refunded(box) == [10050]
    assert (refund.external_id or "").startswith("re_")
    assert refund.reason == "A day less"
    tell(box)
    assert Refund.objects.count() == 1
    invoice.refresh_from_db()
    assert (invoice.amount_refunded, invoice.amount_due) == (100.5, 0)


def test_an_event_that_comes_first_is_no_second_refund(box: Sandbox, payment: Payment) -> None:
    give_back(payment, amount="100")
    Refund.objects.all()
    GatewayRefund.objects.update(refund=None, status="asked", external_id="")
    Refund.objects.all().delete()
    tell(box)
    assert sum(refund.amount for refund in Refund.objects.all()) == 100


def test_what_an_event_told_first_takes_our_name(box: Sandbox, payment: Payment) -> None:
    box.store.refund({"payment_intent": payment.external_id, "amount": 2000})  # in Stripe's own dashboard
    mine = give_back(payment, amount="40", reason="Goodwill")
    tell(box, [event for event in box.events if event["type"] == "charge.refunded"])
    assert sorted(refund.amount for refund in Refund.objects.all()) == [20, 40]
    tell(box)
    assert sorted(refund.amount for refund in Refund.objects.all()) == [20, 40]
    assert GatewayRefund.objects.get().refund_id == mine.pk
    give_back(payment, amount="1")
    assert refunded(box) == [100, 4000, 2000]


def test_a_rest_is_named_by_the_order_that_it_was(box: Sandbox, payment: Payment) -> None:
    box.store.refund({"payment_intent": payment.external_id, "amount": 6000, "metadata": {}})
    tell(box, [event for event in box.events if event["type"] == "charge.refunded"])
    assert [refund.amount for refund in Refund.objects.all()] == [60]
    order = GatewayRefund.objects.create(
        business=payment.business, payment=payment, amount=40, reason="Ours", created_at=timezone.now()
    )
    settled(order, Returned("re_ours", Decimal(40), "USD"), is_own=False, at=timezone.now())
    assert sorted((refund.amount, refund.reason) for refund in Refund.objects.all()) == [(20, ""), (40, "Ours")]
    order.refresh_from_db()
    assert order.status == "booked"


def test_more_than_is_left_is_refused_before_the_call(box: Sandbox, payment: Payment) -> None:
    give_back(payment, amount="250")
    with pytest.raises(MoreThanLeft):
        give_back(payment, amount="51")
    assert refunded(box) == [25000]


def test_without_an_amount_all_that_is_left_goes_back(box: Sandbox, payment: Payment, invoice: Invoice) -> None:
    give_back(payment, amount="1")
    give_back(payment)
    invoice.refresh_from_db()
    assert (invoice.amount_refunded, invoice.settlement) == (300, "refunded")


def test_when_stripe_is_down_a_job_finds_out(box: Sandbox, payment: Payment) -> None:
    box.faults += [Fault(status=500)] * 3
    with pytest.raises(GatewayDown):
        give_back(payment)
    with pytest.raises(InProgress):
        give_back(payment)
    GatewayRefund.objects.update(run_after=timezone.now())
    run_due()
    order = GatewayRefund.objects.get()
    assert (order.status, refunded(box)) == ("failed", [])
    give_back(payment)
    assert refunded(box) == [30000]


def test_a_refund_whose_answer_was_lost_is_found(box: Sandbox, payment: Payment, invoice: Invoice) -> None:
    box.faults += [Fault(status=500, after=True)] * 3
    with pytest.raises(GatewayDown):
        give_back(payment, amount="40", reason="Goodwill")
    GatewayRefund.objects.update(run_after=timezone.now())
    run_due()
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, refunded(box)) == (40, "Goodwill", [4000])
    tell(box)
    assert Refund.objects.count() == 1


def test_an_order_that_was_begun_is_finished(box: Sandbox, payment: Payment) -> None:
    first = give_back(payment, order_key="a", amount="30")
    assert give_back(payment, order_key="a", amount="30").pk == first.pk
    GatewayRefund.objects.update(refund=None, status="asked", external_id="")  # as a crash after the call leaves it
    Refund.objects.all().delete()
    give_back(payment, order_key="a", amount="30")
    assert (refunded(box), Refund.objects.count()) == ([3000], 1)


def test_what_stripe_refuses_is_said(box: Sandbox, payment: Payment) -> None:
    box.store.refund({"payment_intent": payment.external_id})  # in Stripe's own dashboard, and its event is late
    with pytest.raises(GatewayRefused, match="already been refunded"):
        give_back(payment)
    assert GatewayRefund.objects.get().status == "failed"


def test_what_was_paid_twice_goes_back_in_one_step(box: Sandbox, invoice: Invoice) -> None:
    actor, at = Actor.system(invoice.business_id), timezone.now() - timedelta(minutes=1)
    link = create_link(invoice=invoice, actor=actor, at=at)
    record_payment(invoice=invoice, actor=actor, at=at, data={"amount": "120", "method": "cash"})
    pay_link(box, str(link.external_id))
    tell(box)
    invoice.refresh_from_db()
    assert overpaid(invoice) == 120
    refund_overpaid(invoice=invoice, actor=actor, at=timezone.now())
    invoice.refresh_from_db()
    assert (overpaid(invoice), invoice.amount_due, invoice.settlement, refunded(box)) == (0, 0, "paid", [12000])


def test_a_payment_by_hand_goes_back_by_hand(box: Sandbox, invoice: Invoice) -> None:
    actor = Actor.system(invoice.business_id)
    cash = record_payment(invoice=invoice, actor=actor, at=timezone.now(), data={"amount": "10", "method": "cash"})
    give_back(cash)
    assert box.calls == []


def test_an_event_that_is_quicker_than_the_answer_is_the_same_refund(box: Sandbox, payment: Payment) -> None:
    order = GatewayRefund.objects.create(
        business=payment.business, payment=payment, amount=40, reason="Ours", reopen=True, created_at=timezone.now()
    )
    made = box.store.refund({"payment_intent": payment.external_id, "amount": 4000, "metadata": {"refund": order.pk}})
    tell(box)
    refund = settled(order, Returned(made["id"], Decimal(40), "USD"), is_own=False, at=timezone.now())
    assert refund is not None
    assert (refund.amount, refund.reason, refund.lowers_paid) == (40, "Ours", True)
    assert Refund.objects.count() == 1


@pytest.mark.parametrize(("amount", "total"), [(None, 300), ("100", 100), ("0.01", "0.01"), ("299.99", "299.99")])
def test_a_credit_note_is_written_with_it(
    box: Sandbox, payment: Payment, invoice: Invoice, amount: str | None, total: Any
) -> None:
    ordered = {"amount": amount} if amount else {}
    refund = give_back(payment, **ordered, credit_note=True, reason="Returned")
    note = refund.credit_note
    assert note is not None
    assert (note.state, note.type, note.parent_id, note.reason) == ("draft", "credit_note", invoice.pk, "Returned")
    assert note.total == Decimal(total)
    tell(box)
    assert Invoice.objects.filter(type="credit_note").count() == 1


def test_lines_are_chosen_for_it(box: Sandbox, payment: Payment, invoice: Invoice) -> None:
    line = invoice.lines.get()
    items = [{"parent_item_id": line.pk, "quantity": Decimal("0.5")}]
    note = give_back(payment, amount="100", credit_note=True, items=items).credit_note
    assert note is not None
    assert note.total == 75


def test_a_credit_note_that_cannot_be_is_refused_before_any_money_moves(box: Sandbox, payment: Payment) -> None:
    items = [{"parent_item_id": "itm_unknown"}]
    with pytest.raises(InvalidInvoice) as refusal:
        give_back(payment, amount="100", credit_note=True, items=items)
    assert list(refusal.value.errors) == ["items[0].parent_item_id"]
    with pytest.raises(InvalidInvoice):
        give_back(payment, items=items)
    assert (refunded(box), GatewayRefund.objects.count()) == ([], 0)


def test_the_credit_note_is_written_when_the_answer_was_lost(box: Sandbox, payment: Payment) -> None:
    box.faults += [Fault(status=500, after=True)] * 3
    with pytest.raises(GatewayDown):
        give_back(payment, amount="40", credit_note=True)
    GatewayRefund.objects.update(run_after=timezone.now())
    run_due()
    note = Refund.objects.get().credit_note
    assert note is not None
    assert (note.total, note.state) == (40, "draft")


def test_a_refund_by_hand_has_its_credit_note_too(invoice: Invoice) -> None:
    actor = Actor.system(invoice.business_id)
    cash = record_payment(invoice=invoice, actor=actor, at=timezone.now(), data={"amount": "300", "method": "cash"})
    note = give_back(cash, credit_note=True).credit_note
    assert note is not None
    assert (note.total, note.reason) == (300, "Refund")


def test_of_three_digits_the_last_is_nought(box: Sandbox) -> None:
    business = make_business(currency="KWD")
    invoice = make_issued(business, items=[{"name": "Work", "quantity": 1, "unit_price": "12.345"}])
    link = create_link(invoice=invoice, actor=Actor.system(business.pk), at=timezone.now())
    pay_link(box, str(link.external_id))
    tell(box)
    payment = Payment.objects.get(method="stripe")
    with pytest.raises(InvalidInvoice) as refusal:
        give_back(payment, amount="1.234")
    assert list(refusal.value.errors) == ["amount"]
    give_back(payment, amount="1.230")
    give_back(payment)
    assert refunded(box) == [11110, 1230]
