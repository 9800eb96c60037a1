"""Stripe is down for a while: nothing hangs, nothing is lost, it is said, and it works again after."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Business
from accounts.queue import run_due
from accounts.tenancy import Actor
from invoicing.models import Invoice, Payment, Refund
from invoicing.services.settlement import record_payment
from payments.gateways.sandbox.server import Fault, Sandbox
from payments.jobs.links import close_stale
from payments.models import GatewayRefund, LinkChange, PaymentRequest, WebhookEvent
from payments.services.requests import create_checkout, create_link
from tests.factories.accounts import owner_of
from tests.factories.invoicing import make_draft, make_issued
from tests.invoicing.api.conftest import Caller
from tests.payments.telling import pay_link, send, tell

pytestmark = pytest.mark.django_db
MOST_SECONDS = 25.0  # for a person who waits, retries included

# By what goes wrong: how each of the next calls fails.
OUTAGES: dict[str, Callable[[], Fault]] = {
    "errors": lambda: Fault(status=503),
    "dropped": lambda: Fault(drop=True),
    "lost": lambda: Fault(status=500, after=True),
}


@pytest.fixture(params=list(OUTAGES))
def down(request: Any, box: Sandbox) -> Callable[[], None]:
    """Return what lets all calls fail until the faults are cleared."""
    return lambda: box.faults.extend(OUTAGES[request.param]() for _ in range(200))


def owner(business: Business) -> tuple[Browser, Caller]:
    browser = Browser()
    browser.force_login(owner_of(business))
    return browser, Caller(owner_of(business))


def test_asking_for_money(box: Sandbox, business: Business, down: Callable[[], None]) -> None:
    invoice, draft, other = make_issued(business), make_draft(business), make_issued(business)
    browser, caller = owner(business)
    down()
    page = Browser().post(f"/pay/{invoice.token}/checkout", {})
    assert page.status_code == 502
    assert 'role="alert"' in page.content.decode()
    answer = caller.post(f"/invoices/{draft.pk}/payment-link", {}, idempotency_key="k")
    assert (answer.status_code, answer.json()["code"]) == (502, "gateway_failed")
    said = browser.post(f"/invoices/{other.pk}/payment-link", {"once": "a"}, follow=True).content.decode()
    assert "does not answer" in said
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("draft", None)
    assert not PaymentRequest.objects.filter(state="open").exists()

    box.faults.clear()
    assert Browser().post(f"/pay/{invoice.token}/checkout", {}).status_code == 303
    assert caller.post(f"/invoices/{draft.pk}/payment-link", {}, idempotency_key="k").status_code == 201
    browser.post(f"/invoices/{other.pk}/payment-link", {"once": "a"})
    asked = PaymentRequest.objects.filter(state="open", kind="link")
    assert set(asked.values_list("external_id", flat=True)) == {
        link["id"] for link in box.store.all("payment_link") if link["active"]
    }
    assert asked.count() == 2


def test_sending_money_back(box: Sandbox, invoice: Invoice, down: Callable[[], None]) -> None:
    link = create_link(invoice=invoice, actor=Actor.system(invoice.business_id), at=timezone.now())
    pay_link(box, str(link.external_id))
    tell(box)
    payment = Payment.objects.get()
    browser, caller = owner(invoice.business)
    path = f"/invoices/{invoice.pk}/payments/{payment.pk}/refund"
    down()
    said = browser.post(path, {"amount": "40", "reason": "", "once": "a"}, follow=True).content.decode()
    assert "being found out" in said
    GatewayRefund.objects.update(run_after=timezone.now())
    run_due()
    order = GatewayRefund.objects.get()
    assert (order.state, order.status) == ("queued", "asked")

    box.faults.clear()
    GatewayRefund.objects.update(run_after=timezone.now())
    run_due()
    missing = 40 - sum(refund.amount for refund in Refund.objects.all())
    if missing:
        assert caller.post(f"/payments/{payment.pk}/refunds", {"amount": missing}).status_code == 201
    tell(box)
    assert [refund["amount"] for refund in box.store.all("refund")] == [4000]
    assert sum(refund.amount for refund in Refund.objects.all()) == 40


def test_what_the_worker_does(box: Sandbox, invoice: Invoice, down: Callable[[], None]) -> None:
    actor, at = Actor.system(invoice.business_id), timezone.now()
    link = create_link(invoice=invoice, actor=actor, at=at)
    asked = create_checkout(invoice=invoice, at=at)
    box.store.pay(box.store.get("cs", str(asked.external_id)))
    session = str(asked.external_id)
    assert Browser().get(f"/pay/{invoice.token}/paid", {"session": session}).status_code == 200
    down()
    # What Stripe tells needs no Stripe.
    assert all(send(event).status_code == 200 for event in box.events)
    WebhookEvent.objects.update(run_after=timezone.now())
    run_due()
    invoice.refresh_from_db()
    assert (invoice.amount_paid, invoice.settlement) == (300, "paid")
    lookup = WebhookEvent.objects.get(type="lookup")
    assert (lookup.state, lookup.attempts) == ("queued", 1)

    box.faults.clear()
    for rows in (WebhookEvent.objects, LinkChange.objects):
        rows.update(run_after=timezone.now())
    run_due()
    close_stale()
    run_due()
    assert not box.store.get("plink", str(link.external_id))["active"]
    assert WebhookEvent.objects.get(type="lookup").outcome == "applied"
    assert Payment.objects.count() == 1


def test_a_payment_by_hand_does_not_wait_for_it(box: Sandbox, invoice: Invoice, down: Callable[[], None]) -> None:
    create_link(invoice=invoice, actor=Actor.system(invoice.business_id), at=timezone.now())
    down()
    data = {"amount": "300", "method": "cash"}
    began = time.monotonic()
    record_payment(invoice=invoice, actor=Actor.system(invoice.business_id), at=timezone.now(), data=data)
    assert time.monotonic() - began < 1


@pytest.mark.slow
def test_a_slow_stripe_is_given_up_in_time(box: Sandbox, invoice: Invoice) -> None:
    box.faults += [Fault(delay=60)] * 5
    began = time.monotonic()
    assert Browser().post(f"/pay/{invoice.token}/checkout", {}).status_code == 502
    assert time.monotonic() - began <= MOST_SECONDS
