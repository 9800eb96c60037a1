from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Delivery
from accounts.tenancy import Actor
from invoicing.models import Invoice, Payment, Refund
from invoicing.services.corrections import write_note
from invoicing.services.received import book_received
from payments.gateways.sandbox.server import Fault, Sandbox
from payments.models import Account, PaymentRequest
from payments.services.requests import create_link
from tests.factories.accounts import make_business, owner_of
from tests.payments.telling import pay_link, tell
from tests.payments.web.conftest import Sit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def served(invoice: Invoice) -> None:
    Account.objects.create(business=invoice.business, by_installation=True)


def paid(box: Sandbox, invoice: Invoice) -> Payment:
    actor = Actor.system(invoice.business_id)
    link = create_link(invoice=invoice, actor=actor, at=timezone.now())
    pay_link(box, str(link.external_id))
    tell(box)
    return Payment.objects.get(invoice=invoice)


def page_of(invoice: Invoice) -> str:
    return f"/invoices/{invoice.pk}"


def test_a_link_is_made_once_and_shown(box: Sandbox, invoice: Invoice, sit: Sit) -> None:
    browser = sit(Role.MEMBER)
    assert "Make a payment link" in browser.get(page_of(invoice)).content.decode()
    assert "300.00" in browser.get(f"{page_of(invoice)}/payment-link").content.decode()
    for _ in range(2):
        assert browser.post(f"{page_of(invoice)}/payment-link", {"once": "a"}).status_code == 302
    link = PaymentRequest.objects.get()
    assert link.url in browser.get(page_of(invoice)).content.decode()
    text = browser.post(f"{page_of(invoice)}/payment-link", {"once": "b"}, follow=True).content.decode()
    assert "already has an open payment link" in text


def test_a_link_for_another_amount_is_replaced(box: Sandbox, invoice: Invoice, sit: Sit) -> None:
    browser = sit()
    browser.post(f"{page_of(invoice)}/payment-link", {"once": "a"})
    browser.post(f"{page_of(invoice)}/payment", {"amount": "100", "method": "cash", "received_at": "", "once": "b"})
    assert "asks for another amount" in browser.get(page_of(invoice)).content.decode()
    browser.post(f"{page_of(invoice)}/payment-link", {"once": "c"})
    assert [str(request.amount) for request in PaymentRequest.objects.filter(state="open")] == ["200.0000"]


@pytest.mark.parametrize(("status", "words"), [(500, "does not answer"), (400, "Stripe refused this")])
def test_what_the_gateway_refuses_is_said_on_the_page(
    box: Sandbox, invoice: Invoice, sit: Sit, status: int, words: str
) -> None:
    box.faults = [Fault(status=status, path="/v1/payment_links") for _ in range(9)]
    answer = sit().post(f"{page_of(invoice)}/payment-link", {"once": "a"}, follow=True)
    assert words in answer.content.decode()
    assert not PaymentRequest.objects.exclude(state="failed").exists()


def test_half_is_refunded_at_the_gateway_and_a_credit_note_offered(box: Sandbox, invoice: Invoice, sit: Sit) -> None:
    payment = paid(box, invoice)
    browser = sit(Role.MEMBER)
    address = f"{page_of(invoice)}/payments/{payment.pk}/refund"
    assert "to the card of the client" in browser.get(address).content.decode()
    data = {"amount": "150", "reason": "Half came back", "credit": "on", "once": "a"}
    answer = browser.post(address, data)
    refund = Refund.objects.get()
    assert answer["Location"] == f"{page_of(invoice)}/credit?refund={refund.pk}"
    assert browser.post(address, data)["Location"] == answer["Location"]
    assert [refund.amount for refund in Refund.objects.all()] == [Decimal(150)]
    form = browser.get(answer["Location"]).context["form"]
    assert [form[name].value() for name in form.fields if name != "once"] == ["Half came back", "1"]
    assert len([call for call in box.calls if call[:2] == ("POST", "/v1/refunds")]) == 1


def test_more_than_is_left_is_said_at_the_amount(box: Sandbox, invoice: Invoice, sit: Sit) -> None:
    payment = paid(box, invoice)
    answer = sit().post(f"{page_of(invoice)}/payments/{payment.pk}/refund", {"amount": "301", "once": "a"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["amount"])
    assert not Refund.objects.exists()


def test_an_overpayment_is_shown_and_goes_back_in_one_step(box: Sandbox, invoice: Invoice, sit: Sit) -> None:
    browser = sit()
    browser.post(f"{page_of(invoice)}/payment-link", {"once": "a"})
    link = PaymentRequest.objects.get()
    browser.post(f"{page_of(invoice)}/payment", {"amount": "300", "method": "cash", "received_at": "", "once": "b"})
    pay_link(box, str(link.external_id))
    tell(box)
    assert f"{page_of(invoice)}/overpaid" in browser.get(page_of(invoice)).content.decode()
    browser.post(f"{page_of(invoice)}/overpaid", {"once": "c"})
    assert [refund.amount for refund in Refund.objects.all()] == [Decimal(300)]
    assert f"{page_of(invoice)}/overpaid" not in browser.get(page_of(invoice)).content.decode()
    assert "Nothing was paid beyond" in browser.get(f"{page_of(invoice)}/overpaid").content.decode()


def test_what_was_rounded_off_cannot_be_refunded_by_itself(box: Sandbox, sit: Sit, invoice: Invoice) -> None:
    book_received(
        invoice=invoice,
        actor=Actor.system(invoice.business_id),
        at=timezone.now(),
        amount=Decimal("299.99"),
        rest=Decimal("0.01"),
        external_id="pi_1",
        received_at=timezone.now(),
    )
    text = sit().get(page_of(invoice)).content.decode()
    rounding, card = Payment.objects.order_by("amount")
    assert "less than Stripe can ask for" in text
    assert (f"{card.pk}/refund" in text, f"{rounding.pk}/refund" in text) == (True, False)


@pytest.mark.parametrize("path", ["payment-link", "overpaid", "refund"])
def test_a_viewer_and_a_stranger_change_nothing(box: Sandbox, invoice: Invoice, sit: Sit, path: str) -> None:
    payment = paid(box, invoice)
    before = len(box.calls)
    address = f"{page_of(invoice)}/{f'payments/{payment.pk}/refund' if path == 'refund' else path}"
    assert sit(Role.VIEWER).post(address, {"amount": "1"}).status_code == 403
    stranger = sit()
    stranger.force_login(owner_of(make_business(name="Elsewhere")))
    assert stranger.post(address, {"amount": "1"}).status_code == 404
    assert (Refund.objects.count(), len(box.calls)) == (0, before)


def test_the_receipt_of_a_payment_by_hand_goes_to_the_client(invoice: Invoice, sit: Sit) -> None:
    browser = sit(Role.MEMBER)
    assert str(invoice.client_email) in browser.get(f"{page_of(invoice)}/payment").content.decode()
    for once, asked in (("a", {}), ("b", {"send_receipt": "on"})):
        data = {"amount": "100", "method": "cash", "received_at": "", "once": once} | asked
        assert browser.post(f"{page_of(invoice)}/payment", data).status_code == 302
    assert [(mail.template, mail.to) for mail in Delivery.objects.all()] == [("receipt", [invoice.client_email])]


def test_where_all_is_credited_no_credit_note_is_offered(box: Sandbox, invoice: Invoice, sit: Sit) -> None:
    payment = paid(box, invoice)
    actor = Actor.system(invoice.business_id)
    write_note(parent=invoice, kind="credit_note", actor=actor, at=timezone.now(), data={"reason": "-", "issue": True})
    form = sit().get(f"{page_of(invoice)}/payments/{payment.pk}/refund").context["form"]
    assert list(form.fields) == ["once", "amount", "reason", "reopen"]
