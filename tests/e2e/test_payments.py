"""An invoice that is paid by card: its client on a phone, the stand-in for Stripe, and its owner, who refunds half."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Session
from playwright.sync_api import Browser, ViewportSize, expect

from accounts.models import User
from invoicing.models import Invoice, Payment
from invoicing.services.papers import pdf_of
from payments.gateways.sandbox.server import Sandbox
from payments.models import Account
from tests.factories.accounts import make_business, make_user
from tests.factories.clients import make_client
from tests.factories.invoicing import make_issued
from tests.fakes.stripe import KEY, SECRET, stripe_stand_in
from tests.payments.telling import tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = ViewportSize(width=390, height=844)


@pytest.fixture
def box(settings: Any, uncounted: str) -> Iterator[Sandbox]:
    with stripe_stand_in() as stand_in:
        settings.STRIPE_API_KEY, settings.STRIPE_WEBHOOK_SECRET = KEY, SECRET
        settings.STRIPE_API_BASE, settings.PUBLIC_URL = stand_in.base, uncounted
        yield stand_in


def invoice_of(owner: User, language: str) -> Invoice:
    """Return an invoice over 300.00 of a business that takes cards."""
    business = make_business(owner=owner, currency="USD")
    Account.objects.create(business=business, by_installation=True)
    client = make_client(business, name="Riad Exemple", email="compta@example.com")
    invoice = make_issued(business, client, language=language)
    pdf_of(invoice)
    return invoice


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_client_pays_by_card_and_half_goes_back(
    looking_glass: Browser, uncounted: str, box: Sandbox, language: str
) -> None:
    owner = make_user(language=language)
    invoice = invoice_of(owner, language)
    session = Session()
    session.force_login(owner)
    desk = looking_glass.new_context(viewport={"width": 1440, "height": 900})
    desk.add_cookies([{"name": "sessionid", "value": session.cookies["sessionid"].value, "url": uncounted}])
    tab = desk.new_page()
    complaints: list[str] = []
    tab.on("console", lambda told: complaints.append(told.text) if told.type in {"error", "warning"} else None)

    client = looking_glass.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    phone = client.new_page()
    phone.on("console", lambda told: complaints.append(told.text) if told.type in {"error", "warning"} else None)
    phone.goto(f"{uncounted}/pay/{invoice.token}")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.locator(".ways form[action*=checkout] button").click()
    phone.wait_for_url(f"{box.base}/pay/**")
    phone.locator("button").click()
    phone.wait_for_url(re.compile(r"/paid\?session="))
    expect(phone.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    expect(phone.locator("#paid-state:not(.ok)")).to_be_visible()
    tell(box)
    # The page looks by itself.
    expect(phone.locator("#paid-state.ok")).to_be_visible(timeout=20_000)
    phone.locator(".ways a").click()
    expect(phone.locator(".note.ok")).to_be_visible()
    expect(phone.locator("form[action*=checkout]")).to_have_count(0)
    assert client.cookies() == []

    tab.goto(f"{uncounted}/invoices/{invoice.pk}")
    expect(tab.locator("#state .bd.paid")).to_be_visible()
    tab.locator("#payments a[href$=refund]").click()
    tab.fill("[name=amount]", "150")
    tab.fill("[name=reason]", "Half came back")
    tab.locator("main form button.p").click()
    tab.wait_for_url(re.compile(rf"/invoices/{invoice.pk}$"))
    expect(tab.locator("#payments .back")).to_contain_text("Half came back")
    invoice.refresh_from_db()
    assert (invoice.amount_refunded, invoice.amount_due, Payment.objects.count()) == (150, 0, 1)
    tell(box)  # what Stripe tells of it books nothing twice
    invoice.refresh_from_db()
    assert invoice.amount_refunded == 150
    assert complaints == []


def test_a_client_finds_the_invoice_by_number_and_email(looking_glass: Browser, uncounted: str, box: Sandbox) -> None:
    invoice = invoice_of(make_user(), "en")
    phone = looking_glass.new_context(viewport=PHONE).new_page()
    phone.goto(f"{uncounted}/pay/{invoice.business.slug}?invoice={invoice.number}")
    phone.fill("[name=email]", "somebody@example.com")
    phone.locator("main form button").click()
    expect(phone.locator("#form-errors")).to_be_visible()
    phone.fill("[name=email]", "compta@example.com")
    phone.locator("main form button").click()
    phone.wait_for_url(f"{uncounted}/pay/{invoice.token}")
