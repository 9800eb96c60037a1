"""Asking for money: links and checkouts, their replacements, and a gateway that fails."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import LostUpdate, NotFound
from accounts.models import Business
from accounts.queue import run_due
from accounts.tenancy import Actor
from invoicing.errors import InvalidInvoice
from invoicing.models import Invoice
from invoicing.services.corrections import cancel_invoice
from invoicing.services.settlement import record_payment
from payments.errors import GatewayDown, GatewayRefused, LinkIsOpen, NotConfigured, NothingDue, TooLarge, TooSmall
from payments.gateways.sandbox.server import Fault, Sandbox
from payments.jobs.links import close_stale
from payments.models import LinkChange, PaymentRequest
from payments.services.requests import create_checkout, create_link
from tests.factories.accounts import make_business
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db


def ask(invoice: Invoice, **options: Any) -> PaymentRequest:
    return create_link(invoice=invoice, actor=Actor.system(invoice.business_id), at=timezone.now(), **options)


def pay_by_hand(invoice: Invoice, amount: str) -> None:
    data = {"amount": amount, "method": "cash"}
    record_payment(invoice=invoice, actor=Actor.system(invoice.business_id), at=timezone.now(), data=data)
    invoice.refresh_from_db()


def test_a_link_asks_for_what_is_due(box: Sandbox, invoice: Invoice) -> None:
    link = ask(invoice)
    made = box.store.get("plink", str(link.external_id))
    assert (made["amount"], made["currency"], made["active"]) == (30000, "usd", True)
    assert made["restrictions"] == {"completed_sessions": {"limit": 1}}
    assert made["asked"]["line_items"][0]["price_data"]["product_data"]["name"] == f"Invoice {invoice.number}"
    assert link.url == f"{box.base}/pay/{link.external_id}"
    assert next(event.kind for event in invoice.events.all()) == "payment_link_created"


def test_it_lives_sixty_days_after_the_due_date(box: Sandbox, invoice: Invoice) -> None:
    link = ask(invoice)
    assert link.expires_at is not None
    assert invoice.due_date is not None
    assert (link.expires_at.date() - invoice.due_date).days == 60


def test_one_that_is_open_stays(box: Sandbox, invoice: Invoice) -> None:
    link = ask(invoice)
    with pytest.raises(LinkIsOpen) as refusal:
        ask(invoice)
    assert refusal.value.extra["payment_link_url"] == link.url


def test_another_balance_replaces_it(box: Sandbox, invoice: Invoice) -> None:
    old = ask(invoice)
    pay_by_hand(invoice, "100")
    new = ask(invoice)
    run_due()
    assert new.amount == 200
    assert not box.store.get("plink", str(old.external_id))["active"]
    assert box.store.get("plink", str(new.external_id))["active"]


def test_what_no_longer_fits_is_closed_without_being_asked(box: Sandbox, invoice: Invoice) -> None:
    link = ask(invoice)
    assert close_stale() == 0
    pay_by_hand(invoice, "300")
    assert close_stale() == 1
    run_due()
    assert not box.store.get("plink", str(link.external_id))["active"]
    assert LinkChange.objects.get().state == "done"


def test_a_cancelled_invoice_closes_its_link(box: Sandbox, invoice: Invoice) -> None:
    link = ask(invoice)
    outcome = cancel_invoice(invoice=invoice, actor=Actor.system(invoice.business_id), at=timezone.now())
    assert outcome.credit_note is not None  # it was linked: the client may have seen it
    close_stale()
    run_due()
    assert not box.store.get("plink", str(link.external_id))["active"]


def test_a_gateway_that_is_down_closes_it_later(box: Sandbox, invoice: Invoice) -> None:
    ask(invoice)
    pay_by_hand(invoice, "300")
    box.faults += [Fault(status=503)] * 3
    close_stale()
    run_due()
    change = LinkChange.objects.get()
    assert (change.state, change.attempts) == ("queued", 1)
    LinkChange.objects.update(run_after=timezone.now())
    run_due()
    assert LinkChange.objects.get().state == "done"


def test_a_draft_is_issued_in_the_same_step(box: Sandbox, business: Business) -> None:
    draft = make_draft(business)
    link = ask(draft)
    draft.refresh_from_db()
    assert (draft.state, link.amount) == ("issued", 300)


def test_nothing_changes_when_the_gateway_fails(box: Sandbox, business: Business) -> None:
    draft = make_draft(business)
    box.faults += [Fault(status=500)] * 3
    with pytest.raises(GatewayDown):
        ask(draft)
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("draft", None)
    assert len(box.calls) == 0
    assert ask(draft).state == "open"


def test_two_retries_suffice(box: Sandbox, invoice: Invoice) -> None:
    box.faults += [Fault(status=500), Fault(drop=True)]
    assert ask(invoice).state == "open"
    assert len(box.store.all("payment_link")) == 1


def test_an_answer_that_was_lost_makes_no_second_link(box: Sandbox, invoice: Invoice) -> None:
    box.faults += [Fault(status=500, after=True)] * 3
    with pytest.raises(GatewayDown):
        ask(invoice)
    assert len(box.store.all("payment_link")) == 1
    link = ask(invoice)
    assert [made["id"] for made in box.store.all("payment_link")] == [link.external_id]


def test_an_order_that_was_begun_is_finished(box: Sandbox, invoice: Invoice) -> None:
    first = ask(invoice, order_key="a")
    assert ask(invoice, order_key="a").pk == first.pk
    PaymentRequest.objects.update(state="new", url="", external_id=None)  # as a crash after the call leaves it
    again = ask(invoice, order_key="a")
    assert (again.pk, again.state, again.external_id) == (first.pk, "open", first.external_id)
    assert len(box.store.all("payment_link")) == 1


def test_a_draft_that_cannot_be_issued_asks_for_nothing(box: Sandbox) -> None:
    business = make_business(country="MA", currency="MAD", tax_rate=20)
    draft = make_draft(business)
    with pytest.raises(InvalidInvoice):
        ask(draft)
    assert box.calls == []


def test_a_stale_version_is_refused(box: Sandbox, business: Business) -> None:
    with pytest.raises(LostUpdate):
        ask(make_draft(business), version=7)


@pytest.mark.parametrize(
    ("price", "currency", "refusal"),
    [("0.49", "USD", TooSmall), ("1000000.00", "USD", TooLarge), ("40", "JPY", TooSmall)],
)
def test_what_stripe_does_not_take_is_refused_before_the_call(
    box: Sandbox, price: str, currency: str, refusal: type[Exception]
) -> None:
    items = [{"name": "Work", "quantity": 1, "unit_price": price}]
    with pytest.raises(refusal):
        ask(make_issued(make_business(currency=currency), items=items))
    assert box.calls == []


@pytest.mark.parametrize(
    ("price", "currency", "units"),
    [("1500", "JPY", 1500), ("1500", "ISK", 150000), ("12.345", "KWD", 12340), ("99.99", "EUR", 9999)],
)
def test_units_are_stripes(box: Sandbox, price: str, currency: str, units: int) -> None:
    items = [{"name": "Work", "quantity": 1, "unit_price": price}]
    link = ask(make_issued(make_business(currency=currency), items=items))
    assert box.store.get("plink", str(link.external_id))["amount"] == units


def test_nothing_due_is_nothing_to_ask_for(box: Sandbox, invoice: Invoice) -> None:
    pay_by_hand(invoice, "300")
    with pytest.raises(NothingDue):
        ask(invoice)


def test_a_wrong_key_is_said(box: Sandbox, invoice: Invoice, settings: Any) -> None:
    settings.STRIPE_API_KEY = "sk_test_wrong"
    with pytest.raises(GatewayRefused) as refusal:
        ask(invoice)
    assert "Invalid API Key" in refusal.value.extra["reason"]


def test_without_a_key_it_is_not_configured(invoice: Invoice) -> None:
    with pytest.raises(NotConfigured):
        ask(invoice)


def test_in_production_staff_say_who_may_use_the_installations_key(
    box: Sandbox, invoice: Invoice, settings: Any
) -> None:
    settings.EMBEDDED = False
    with pytest.raises(NotConfigured):
        ask(invoice)


def test_a_stranger_finds_nothing(box: Sandbox, invoice: Invoice) -> None:
    with pytest.raises(NotFound):
        create_link(invoice=invoice, actor=Actor.system(make_business().pk), at=timezone.now())


def test_a_checkout_is_offered_again_while_there_is_time(box: Sandbox, invoice: Invoice) -> None:
    now = timezone.now()
    first = create_checkout(invoice=invoice, at=now)
    assert create_checkout(invoice=invoice, at=now + timedelta(minutes=30)).pk == first.pk
    assert create_checkout(invoice=invoice, at=now, amount=Decimal(50)).amount == 50
    session = box.store.get("cs", str(first.external_id))
    assert (session["amount_total"], session["asked"]["locale"]) == (30000, "en")


def test_arabic_goes_by_the_browser(box: Sandbox, business: Business) -> None:
    invoice = make_issued(business, language="ar")
    session = create_checkout(invoice=invoice, at=timezone.now())
    assert box.store.get("cs", str(session.external_id))["asked"]["locale"] == "auto"
