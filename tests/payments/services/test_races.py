"""Several at once: two phones at the Pay button, two owners who send money back, an invoice that changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.errors import LostUpdate
from accounts.queue import run_due
from accounts.tenancy import Actor
from invoicing.models import Invoice, Payment, Refund
from invoicing.services.corrections import cancel_invoice, write_note
from invoicing.services.received import overpaid
from invoicing.services.settlement import record_payment
from payments.errors import NothingDue
from payments.gateways.sandbox.server import Sandbox
from payments.gateways.stripe import Stripe
from payments.models import Account, GatewayRefund, LinkChange, PaymentRequest
from payments.services import refunds, requests
from payments.services.refunds import refund_overpaid, refund_payment
from payments.services.requests import create_checkout, create_link
from tests.accounts.threads import at_once, returned
from tests.payments.telling import pay_link, tell

pytestmark = pytest.mark.django_db


def system(invoice: Invoice) -> Actor:
    return Actor.system(invoice.business_id)


def once_before(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, act: Callable[[], object]) -> None:
    """Let ``act`` happen right before the first call of a function, as another process would."""
    original, waiting = getattr(owner, name), [act]

    def meanwhile(*args: Any, **options: Any) -> Any:
        if waiting:
            waiting.pop()()
        return original(*args, **options)

    monkeypatch.setattr(owner, name, meanwhile)


def paid(box: Sandbox, invoice: Invoice) -> Payment:
    link = create_link(invoice=invoice, actor=system(invoice), at=timezone.now())
    pay_link(box, str(link.external_id))
    tell(box)
    invoice.refresh_from_db()
    return Payment.objects.get(invoice=invoice, method="stripe")


def pay_by_hand_before(invoice: Invoice) -> None:
    """Record 120 in cash that came before what is paid by card: the newest money goes back first."""
    data = {"amount": "120", "method": "cash"}
    record_payment(invoice=invoice, actor=system(invoice), at=timezone.now() - timedelta(minutes=1), data=data)


@pytest.mark.parametrize("named_by", ["answer", "event"])
def test_the_wish_that_it_is_due_again_outlives_an_event_without_a_name(
    box: Sandbox, invoice: Invoice, monkeypatch: pytest.MonkeyPatch, named_by: str
) -> None:
    payment = paid(box, invoice)
    settled = refunds.settled

    def after_the_event(*args: Any, **options: Any) -> Any:
        tell(box, [event for event in box.events if event["type"] == "charge.refunded"])
        if named_by == "event":
            tell(box)
        return settled(*args, **options)

    monkeypatch.setattr(refunds, "settled", after_the_event)
    data = {"amount": "100", "reopen": True, "reason": "Ours"}
    refund = refund_payment(payment=payment, actor=system(invoice), at=timezone.now(), data=data)
    assert (refund.amount, refund.reason, refund.lowers_paid) == (100, "Ours", True)
    invoice.refresh_from_db()
    assert (invoice.amount_due, invoice.amount_paid, invoice.settlement) == (100, 200, "open")
    tell(box)
    invoice.refresh_from_db()
    assert (invoice.amount_due, Refund.objects.count()) == (100, 1)


def test_an_overpayment_goes_back_once_though_two_send_it(
    box: Sandbox, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = create_link(invoice=invoice, actor=system(invoice), at=timezone.now())
    pay_by_hand_before(invoice)
    pay_link(box, str(link.external_id))
    tell(box)
    mine, theirs = Invoice.objects.get(), Invoice.objects.get()

    def another() -> None:
        refund_overpaid(invoice=theirs, actor=system(invoice), at=timezone.now())

    once_before(monkeypatch, refunds, "refund_payment", another)
    with pytest.raises(LostUpdate):
        refund_overpaid(invoice=mine, actor=system(invoice), at=timezone.now())
    assert [refund["amount"] for refund in box.store.all("refund")] == [12000]
    assert overpaid(Invoice.objects.get()) == 0


def test_a_page_that_is_old_sends_an_overpayment_back_no_second_time(box: Sandbox, invoice: Invoice) -> None:
    link = create_link(invoice=invoice, actor=system(invoice), at=timezone.now())
    pay_by_hand_before(invoice)
    pay_link(box, str(link.external_id))
    tell(box)
    old = Invoice.objects.get()
    for _ in range(2):
        refund_overpaid(invoice=old, actor=system(invoice), at=timezone.now())
    assert [refund["amount"] for refund in box.store.all("refund")] == [12000]


def test_two_phones_at_once_are_led_to_one_session(
    box: Sandbox, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    others: list[PaymentRequest] = []
    once_before(
        monkeypatch,
        Stripe,
        "create_checkout",
        lambda: others.append(create_checkout(invoice=Invoice.objects.get(), at=timezone.now())),
    )
    mine = create_checkout(invoice=invoice, at=timezone.now())
    assert mine.url == others[0].url
    assert (len(box.store.all("checkout.session")), PaymentRequest.objects.get().state) == (1, "open")


def test_a_session_that_is_paid_before_the_other_phone_hears_of_it_stays_paid(
    box: Sandbox, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another() -> None:
        request = create_checkout(invoice=Invoice.objects.get(), at=timezone.now())
        box.store.pay(box.store.get("cs", str(request.external_id)))
        tell(box)

    once_before(monkeypatch, Stripe, "create_checkout", another)
    with pytest.raises(NothingDue):
        create_checkout(invoice=invoice, at=timezone.now())
    assert (PaymentRequest.objects.get().state, Payment.objects.count()) == ("paid", 1)


@pytest.mark.parametrize("how", ["cancelled", "credited"])
@pytest.mark.parametrize("kind", ["checkout", "link"])
def test_what_is_cancelled_or_credited_meanwhile_leads_nobody_to_pay(
    box: Sandbox, invoice: Invoice, monkeypatch: pytest.MonkeyPatch, how: str, kind: str
) -> None:
    def meanwhile() -> None:
        theirs = Invoice.objects.get(pk=invoice.pk)
        if how == "cancelled":
            cancel_invoice(invoice=theirs, actor=system(invoice), at=timezone.now())
        else:
            data = {"reason": "-", "issue": True}
            write_note(parent=theirs, kind="credit_note", actor=system(invoice), at=timezone.now(), data=data)

    once_before(monkeypatch, Stripe, f"create_{kind}", meanwhile)
    options = {"actor": system(invoice)} if kind == "link" else {}
    with pytest.raises(NothingDue):
        getattr(requests, f"create_{kind}")(invoice=invoice, at=timezone.now(), **options)
    assert PaymentRequest.objects.get().state == "closed"
    assert LinkChange.objects.count() == 1
    run_due()
    closed = [row.get("status") == "expired" or row.get("active") is False for row in asked_for(box)]
    assert closed == [True]


def asked_for(box: Sandbox) -> list[dict[str, Any]]:
    return [*box.store.all("checkout.session"), *box.store.all("payment_link")]


def test_when_one_is_paid_the_others_close_at_once_and_what_slips_through_goes_back(
    box: Sandbox, invoice: Invoice
) -> None:
    link = create_link(invoice=invoice, actor=system(invoice), at=timezone.now())
    checkout = create_checkout(invoice=invoice, at=timezone.now())
    on_page = box.store.session_of_link(box.store.get("plink", str(link.external_id)))
    box.store.pay(box.store.get("cs", str(checkout.external_id)))
    box.store.pay(on_page)  # both before anybody told us
    tell(box)
    invoice.refresh_from_db()
    assert (Payment.objects.count(), invoice.amount_due, overpaid(invoice)) == (2, 0, 300)
    refund_overpaid(invoice=invoice, actor=system(invoice), at=timezone.now())
    invoice.refresh_from_db()
    assert (invoice.settlement, overpaid(invoice), Refund.objects.count()) == ("paid", 0, 1)


def test_what_is_paid_closes_what_else_asked_for_it_at_once(box: Sandbox, invoice: Invoice) -> None:
    link = create_link(invoice=invoice, actor=system(invoice), at=timezone.now())
    checkout = create_checkout(invoice=invoice, at=timezone.now())
    box.store.pay(box.store.get("cs", str(checkout.external_id)))
    tell(box)
    link.refresh_from_db()
    assert (link.state, box.store.get("plink", str(link.external_id))["active"]) == ("closed", False)


def test_money_that_came_after_the_invoice_was_cancelled_is_kept_and_goes_back(box: Sandbox, invoice: Invoice) -> None:
    checkout = create_checkout(invoice=invoice, at=timezone.now())
    cancel_invoice(invoice=invoice, actor=system(invoice), at=timezone.now())
    box.store.pay(box.store.get("cs", str(checkout.external_id)))
    tell(box)
    invoice.refresh_from_db()
    assert (Payment.objects.count(), invoice.amount_due, overpaid(invoice)) == (1, 0, 300)
    refund_overpaid(invoice=invoice, actor=system(invoice), at=timezone.now())
    invoice.refresh_from_db()
    assert (overpaid(invoice), invoice.amount_due, invoice.amount_refunded) == (0, 0, 300)


def test_money_goes_back_by_the_account_that_took_it(box: Sandbox, invoice: Invoice) -> None:
    payment = paid(box, invoice)
    box.keys |= {"sk_test_of_their_own"}
    account, _ = Account.objects.get_or_create(business=invoice.business)
    account.key = "sk_test_of_their_own"
    account.save()
    # Another request, by the new account, was paid since.
    PaymentRequest.objects.create(
        business=invoice.business,
        invoice=invoice,
        kind="checkout",
        state="paid",
        own_account=True,
        amount=1,
        currency="USD",
        created_at=timezone.now(),
    )
    assert not refunds.till_of_payment(payment).is_own


@pytest.mark.django_db(transaction=True)
def test_two_refunds_at_once_never_return_more_than_was_paid(box: Sandbox, invoice: Invoice) -> None:
    payment = paid(box, invoice)

    def give_back(_: int) -> Refund:
        mine = Payment.objects.get(pk=payment.pk)
        return refund_payment(payment=mine, actor=system(invoice), at=timezone.now(), data={"amount": "200"})

    answers = at_once(4, give_back)
    assert len(returned(answers)) == 1
    assert [refund["amount"] for refund in box.store.all("refund")] == [20000]
    assert GatewayRefund.objects.filter(status="booked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_phones_at_once_are_led_to_one_session(box: Sandbox, invoice: Invoice) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("One writes at a time there.")

    def press(_: int) -> str:
        return create_checkout(invoice=Invoice.objects.get(pk=invoice.pk), at=timezone.now()).url

    answers = at_once(4, press)
    assert len(set(returned(answers))) == 1
    assert len(box.store.all("checkout.session")) == 1
