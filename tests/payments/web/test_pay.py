from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.tenancy import Actor
from invoicing.models import Invoice
from invoicing.services.settlement import mark_paid
from payments.gateways.sandbox.server import Fault, Sandbox
from payments.models import Account, PaymentRequest
from tests.factories.accounts import owner_of
from tests.factories.invoicing import make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def account(invoice: Invoice) -> Account:
    return Account.objects.create(business=invoice.business, by_installation=True, part_payments=True)


def pressed(invoice: Invoice, amount: str = "", browser: Browser | None = None) -> Any:
    return (browser or Browser()).post(f"/pay/{invoice.token}/checkout", {"amount": amount} if amount else {})


def test_the_button_leads_to_the_gateway_for_all_or_a_part(box: Sandbox, invoice: Invoice) -> None:
    answer = pressed(invoice)
    assert (answer.status_code, answer["Location"].startswith(f"{box.base}/pay/cs_")) == (303, True)
    assert pressed(invoice)["Location"] == answer["Location"]
    assert pressed(invoice, "120.50")["Location"] != answer["Location"]
    assert sorted(PaymentRequest.objects.values_list("amount", flat=True)) == [120.5, 300]


@pytest.mark.parametrize("amount", ["300.01", "-1", "0", "0.1", "1.005", "NaN", "1e9", "<b>", "１２x"])
def test_an_amount_that_cannot_be_paid_is_refused_at_its_field(box: Sandbox, invoice: Invoice, amount: str) -> None:
    answer = pressed(invoice, amount)
    assert (answer.status_code, 'id="part-error"' in answer.content.decode(), box.calls) == (422, True, [])
    assert "<b>" not in answer.content.decode()


def test_who_allows_no_parts_is_paid_in_full(box: Sandbox, invoice: Invoice) -> None:
    Account.objects.update(part_payments=False)
    pressed(invoice, "1")
    assert PaymentRequest.objects.get().amount == 300


@pytest.mark.parametrize("status", [500, 400])
def test_a_gateway_that_fails_is_said_on_the_page(box: Sandbox, invoice: Invoice, status: int) -> None:
    box.faults = [Fault(status=status, path="/v1/checkout") for _ in range(9)]
    answer = pressed(invoice)
    assert (answer.status_code, "Nothing was charged" in answer.content.decode()) == (502, True)
    box.faults = []
    assert pressed(invoice).status_code == 303


def test_what_is_paid_meanwhile_is_not_paid_again(box: Sandbox, invoice: Invoice) -> None:
    mark_paid(invoice=invoice, actor=Actor.system(invoice.business_id), at=timezone.now())
    answer = pressed(invoice)
    assert (answer.status_code, answer["Location"]) == (302, f"/pay/{invoice.token}?language=en")
    assert box.calls == []


def test_a_draft_is_not_paid_even_by_its_writer(box: Sandbox, invoice: Invoice) -> None:
    draft = make_draft(invoice.business)
    browser = Browser()
    browser.force_login(owner_of(invoice.business))
    assert pressed(draft, browser=browser).status_code == 302
    assert pressed(draft).status_code == 404
    assert box.calls == []


def test_the_form_that_finds_an_invoice_can_be_sent_by_a_browser(invoice: Invoice) -> None:
    address = f"/pay/{invoice.business.slug}"
    browser = Browser(enforce_csrf_checks=True)
    page = browser.get(address)
    # With "no-referrer" a browser sends ``Origin: null``, which the check refuses.
    assert (page["Referrer-Policy"], "no-referrer" in page.content.decode()) == ("same-origin", False)
    assert browser.post(address, {"number": invoice.number, "email": invoice.client_email}).status_code == 403
    data = {
        "number": invoice.number,
        "email": invoice.client_email,
        "csrfmiddlewaretoken": browser.cookies["csrftoken"].value,
    }
    assert browser.post(address, data)["Location"] == f"/pay/{invoice.token}"


def test_guessing_comes_to_an_end(invoice: Invoice) -> None:
    told = [
        Browser().post(f"/pay/{invoice.business.slug}", {"number": invoice.number, "email": f"{n}@example.com"})
        for n in range(12)
    ]
    assert [answer.status_code for answer in told] == [422] * 10 + [429] * 2
    unknown = Browser().post("/pay/there-is-none", {"number": "1", "email": "a@example.com"})
    assert unknown.status_code == 404
