"""What Stripe's events do to the ledger, whatever their order and however often they come."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Business, Delivery
from accounts.tenancy import Actor
from invoicing.domain.lifecycle import status
from invoicing.models import Invoice, Payment, Refund
from invoicing.services.corrections import cancel_invoice
from invoicing.services.receipts import receipt_of
from invoicing.services.received import overpaid
from invoicing.services.settlement import record_payment
from payments.gateways.sandbox.server import Sandbox
from payments.models import Dispute, PaymentRequest, WebhookEvent
from payments.services.requests import create_checkout, create_link
from tests.factories.accounts import make_business
from tests.factories.invoicing import make_issued
from tests.payments.telling import pay_link, send, tell

pytestmark = pytest.mark.django_db


def link(invoice: Invoice) -> PaymentRequest:
    return create_link(invoice=invoice, actor=Actor.system(invoice.business_id), at=timezone.now())


def paid(box: Sandbox, invoice: Invoice) -> dict[str, Any]:
    return pay_link(box, str(link(invoice).external_id))


def facts(invoice: Invoice) -> tuple[str, Decimal, Decimal, Decimal]:
    invoice.refresh_from_db()
    return status(invoice, at=timezone.now()).value, invoice.amount_paid, invoice.amount_refunded, invoice.amount_due


def outcomes() -> dict[str, str]:
    return {event.type: event.outcome for event in WebhookEvent.objects.all()}


def test_a_payment_is_booked_once_by_its_intent(box: Sandbox, invoice: Invoice) -> None:
    intent = paid(box, invoice)
    tell(box)
    tell(box)
    assert facts(invoice) == ("paid", 300, 0, 0)
    payment = Payment.objects.get()
    assert (payment.external_id, payment.amount, payment.method) == (intent["id"], 300, "stripe")
    assert WebhookEvent.objects.count() == len(box.events) == 3
    assert PaymentRequest.objects.get().state == "paid"


def test_owner_and_client_are_told(box: Sandbox, invoice: Invoice) -> None:
    paid(box, invoice)
    tell(box)
    assert set(Delivery.objects.values_list("template", flat=True)) == {"payment_received", "receipt"}
    assert not Delivery.objects.exclude(state="done").exists()


@pytest.mark.parametrize("seed", range(8))
def test_refunds_end_the_same_in_any_order(box: Sandbox, invoice: Invoice, seed: int) -> None:
    intent = paid(box, invoice)
    box.store.refund({"payment_intent": intent["id"], "amount": 10000})
    box.store.refund({"payment_intent": intent["id"], "amount": 5000})
    events = [event for event in box.events for _ in range(1 + seed % 3)]
    random.Random(seed).shuffle(events)
    for event in events:
        tell(box, [event])
    assert facts(invoice) == ("paid", 300, 150, 0)
    assert sum(refund.amount for refund in Refund.objects.all()) == 150
    assert set(WebhookEvent.objects.values_list("outcome", flat=True)) == {"applied", "ignored"}


def test_all_that_came_went_back(box: Sandbox, invoice: Invoice) -> None:
    intent = paid(box, invoice)
    box.store.refund({"payment_intent": intent["id"]})
    tell(box)
    assert facts(invoice) == ("refunded", 300, 300, 0)


def test_a_refund_that_failed_is_struck(box: Sandbox, invoice: Invoice) -> None:
    intent = paid(box, invoice)
    refund = box.store.refund({"payment_intent": intent["id"], "amount": 10000})
    tell(box)
    assert facts(invoice) == ("paid", 300, 100, 0)
    box.store.fail_refund(refund)
    tell(box)
    assert facts(invoice) == ("paid", 300, 0, 0)
    assert not Refund.objects.exists()


@pytest.mark.parametrize("seed", range(6))
def test_a_refund_that_failed_stays_struck_in_any_order(box: Sandbox, invoice: Invoice, seed: int) -> None:
    intent = paid(box, invoice)
    moments = iter(range(1_800_000_000, 1_900_000_000))
    box.events = [{**event, "created": next(moments)} for event in box.events]
    for amount in (7000, 2000):
        refund = box.store.refund({"payment_intent": intent["id"], "amount": amount})
    box.store.fail_refund(refund)
    events = [{**event, "created": next(moments)} for event in box.events]
    random.Random(seed).shuffle(events)
    for event in events:
        tell(box, [event])
    assert facts(invoice) == ("paid", 300, 70, 0)


def test_another_amount_is_set_aside_for_staff(box: Sandbox, invoice: Invoice) -> None:
    paid(box, invoice)
    for event in box.events:
        thing = event["data"]["object"]
        for name in ("amount_total", "amount_received", "amount"):
            if name in thing:
                thing[name] = 29900
    tell(box)
    assert facts(invoice)[1] == 0
    assert outcomes()["checkout.session.completed"] == "parked"
    assert "299.00 USD was paid, 300" in WebhookEvent.objects.get(type="checkout.session.completed").note


def test_another_currency_is_set_aside_for_staff(box: Sandbox, invoice: Invoice) -> None:
    paid(box, invoice)
    for event in box.events:
        event["data"]["object"]["currency"] = "eur"
    tell(box)
    assert facts(invoice)[1] == 0
    assert outcomes()["payment_intent.succeeded"] == "parked"


def test_what_is_not_ours_changes_nothing(box: Sandbox, invoice: Invoice) -> None:
    intent = paid(box, invoice)
    for event in box.events:
        event["data"]["object"] |= {"metadata": {}, "client_reference_id": None, "id": f"pi_other{event['id'][:4]}"}
        event["data"]["object"].pop("payment_link", None)
    tell(box)
    assert facts(invoice)[1] == 0
    assert intent["id"] not in Payment.objects.values_list("external_id", flat=True)


def test_paid_twice_is_kept_and_shown(box: Sandbox, invoice: Invoice) -> None:
    made = link(invoice)
    actor = Actor.system(invoice.business_id)
    record_payment(invoice=invoice, actor=actor, at=timezone.now(), data={"amount": "300", "method": "bank_transfer"})
    pay_link(box, str(made.external_id))
    tell(box)
    assert facts(invoice) == ("paid", 600, 0, 0)
    assert overpaid(invoice) == 300


def test_a_dispute_flags_and_a_lost_one_is_money_back(box: Sandbox, invoice: Invoice) -> None:
    intent = paid(box, invoice)
    dispute = box.store.dispute(intent)
    box.store.dispute(intent, "lost", dispute["id"])
    events = list(box.events)
    random.Random(3).shuffle(events)
    tell(box, events)
    assert Dispute.objects.get().state == "lost"
    assert facts(invoice) == ("refunded", 300, 300, 0)


def test_a_dispute_that_was_won_changes_no_money(box: Sandbox, invoice: Invoice) -> None:
    intent = paid(box, invoice)
    dispute = box.store.dispute(intent)
    box.store.dispute(intent, "won", dispute["id"])
    tell(box)
    assert Dispute.objects.get().state == "won"
    assert facts(invoice) == ("paid", 300, 0, 0)


def test_a_declined_card_is_noted_and_told(box: Sandbox, invoice: Invoice) -> None:
    made = link(invoice)
    with pytest.raises(Exception, match="declined"):
        pay_link(box, str(made.external_id), "4000000000000002")
    tell(box)
    assert facts(invoice)[0] == "issued"
    assert next(event.kind for event in invoice.events.all()) == "payment_failed"
    assert Delivery.objects.get().template == "payment_trouble"


def test_three_digits_are_rounded_down_and_the_rest_is_booked(box: Sandbox) -> None:
    business = make_business(currency="BHD")
    invoice = make_issued(business, items=[{"name": "Work", "quantity": 1, "unit_price": "12.345"}])
    made = create_checkout(invoice=invoice, at=timezone.now())
    assert (made.amount, made.rest) == (Decimal("12.340"), Decimal("0.005"))
    box.store.pay(box.store.get("cs", str(made.external_id)))
    tell(box)
    assert facts(invoice) == ("paid", Decimal("12.345"), 0, 0)
    by_method = dict(Payment.objects.values_list("method", "amount"))
    assert by_method == {"stripe": Decimal("12.340"), "rounding": Decimal("0.005")}
    receipt = receipt_of(Payment.objects.get(method="stripe"))
    assert (receipt.amount, receipt.balance) == (Decimal("12.340"), 0)


def test_what_was_rounded_is_no_money_that_could_go_back(box: Sandbox) -> None:
    business = make_business(currency="BHD")
    invoice = make_issued(business, items=[{"name": "Work", "quantity": 1, "unit_price": "12.345"}])
    made = create_checkout(invoice=invoice, at=timezone.now())
    intent = box.store.pay(box.store.get("cs", str(made.external_id)))
    box.store.refund({"payment_intent": intent["id"]})
    tell(box)
    assert facts(invoice) == ("refunded", Decimal("12.345"), Decimal("12.340"), 0)
    assert overpaid(invoice) == 0
    cancelled = cancel_invoice(invoice=invoice, actor=Actor.system(business.pk), at=timezone.now())
    assert cancelled.credit_note is not None
    invoice.refresh_from_db()
    assert overpaid(invoice) == 0


def test_an_account_pays_for_its_own_business_alone(box: Sandbox, invoice: Invoice) -> None:
    other = make_issued(make_business(currency="USD"))
    intent = paid(box, other)
    for event in box.events:
        event["data"]["object"]["metadata"] = {"request": "prq_unknown", "invoice": invoice.pk}
        event["data"]["object"].pop("payment_link", None)
    tell(box)
    assert facts(invoice)[1] == facts(other)[1] == 0
    assert intent["id"]


def test_bad_signatures_change_nothing(box: Sandbox, invoice: Invoice, business: Business) -> None:
    paid(box, invoice)
    event = box.events[-1]
    assert send(event, secret="whsec_wrong").status_code == 400
    assert send(event, at=1_000_000).status_code == 400
    assert send({**event, "data": None}).status_code == 400
    assert send(event, url=f"/webhooks/stripe/{business.pk}").status_code == 503
    assert WebhookEvent.objects.count() == 0
