from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.services.settlement import record_payment
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db


def test_client_page_shows_amounts_by_currency_and_invoices(
    browser: Browser, business: Business, customer: Client
) -> None:
    invoice = make_issued(business, customer)
    make_issued(business, customer, currency="EUR")
    make_draft(business, customer)
    make_issued(business)
    actor = Actor.system(business.pk)
    record_payment(invoice=invoice, actor=actor, at=timezone.now(), data={"amount": "100", "method": "cash"})
    page = browser.get(f"/clients/{customer.pk}")
    assert page.context["figures"] == [
        {"currency": "EUR", "invoiced": Decimal(360), "paid": 0, "due": Decimal(360)},
        {"currency": "MAD", "invoiced": Decimal(360), "paid": Decimal(100), "due": Decimal(260)},
    ]
    assert [status for _invoice, status in page.context["invoices"]] == ["draft", "issued", "partially_paid"]


def test_client_page_without_invoices_says_so(browser: Browser, customer: Client) -> None:
    page = browser.get(f"/clients/{customer.pk}")
    assert (page.status_code, page.context["figures"], page.context["invoices"]) == (200, [], [])
    assert browser.get("/clients/new").status_code == 200


def test_client_page_of_a_stranger_is_not_there(stranger: Browser, customer: Client) -> None:
    assert stranger.get(f"/clients/{customer.pk}").status_code == 404
