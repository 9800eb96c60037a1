"""An issued invoice in a browser: sent with words of one's own, paid in part, credited, and seen by its client on a phone."""

from __future__ import annotations

import re

import pytest
from django.test import Client as Session
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect
from playwright.sync_api import Page as Tab

from accounts.models import Business, Delivery, User
from accounts.queue import run_due
from invoicing.models import Invoice
from invoicing.services.papers import pdf_of
from tests.factories.accounts import make_business, make_user
from tests.factories.clients import make_client
from tests.factories.invoicing import make_issued
from tests.invoicing.web.conftest import MOROCCAN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE: ViewportSize = {"width": 390, "height": 844}
MESSAGE = {"en": "With thanks for the work together.", "ar": "شكرًا على العمل معكم."}


@pytest.fixture
def complaints() -> list[str]:
    """Return where errors of the console are gathered."""
    return []


def tab_of(context: BrowserContext, complaints: list[str]) -> Tab:
    """Open a tab whose complaints are gathered."""
    tab = context.new_page()
    tab.on("console", lambda told: complaints.append(told.text) if told.type in {"error", "warning"} else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    return tab


def signed_in(window: Browser, base: str, user: User) -> BrowserContext:
    """Return a window in which a person is signed in."""
    session = Session()
    session.force_login(user)
    context = window.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": session.cookies["sessionid"].value, "url": base}])
    return context


def issued(business: Business, language: str) -> Invoice:
    """Return an invoice over 22,680.00 whose PDF is stored."""
    client = make_client(business, name="Riad Exemple", email="compta@example.com")
    items: list[dict[str, object]] = [
        {"name": "Identity", "unit_price": "15000"},
        {"name": "Pages", "quantity": 3, "unit_price": "1300"},
    ]
    invoice = make_issued(business, client, items, language=language)
    pdf_of(invoice)
    return invoice


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_issued_invoice_is_sent_paid_in_part_credited_and_seen(
    looking_glass: Browser, uncounted: str, complaints: list[str], language: str
) -> None:
    owner = make_user(language=language)
    invoice = issued(make_business(owner=owner, **MOROCCAN, bank_details="IBAN MA64 0111"), language)
    tab = tab_of(signed_in(looking_glass, uncounted, owner), complaints)
    tab.goto(f"{uncounted}/invoices/{invoice.pk}")
    expect(tab.locator(".sheetpic")).to_have_count(1)
    tab.wait_for_function("document.querySelector('.sheetpic').naturalWidth > 1000")

    tab.keyboard.press("s")
    tab.wait_for_url(re.compile("/send$"))
    tab.fill("[name=message]", MESSAGE[language])
    expect(tab.locator("#mail .m-body")).to_contain_text(MESSAGE[language])
    expect(tab.locator("#mail .m-body")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    tab.locator("#send-form button.p").click()
    tab.wait_for_url(re.compile(rf"/invoices/{invoice.pk}$"))
    assert MESSAGE[language] in Delivery.objects.get().text
    assert run_due()
    # The page looks by itself.
    expect(tab.locator("#state .bd.sent")).to_be_visible(timeout=15_000)
    expect(tab.locator("#happened .tl li").first).to_contain_text("compta@example.com")

    tab.keyboard.press("p")
    dialog = tab.locator("#payment-dialog")
    dialog.locator("[name=amount]").fill("8000")
    dialog.locator("button.p").click()
    expect(tab.locator("#state .bd.partially_paid")).to_be_visible()
    expect(tab.locator("#payments .moneys > li")).to_have_count(1)

    tab.keyboard.press("c")
    tab.wait_for_url(re.compile("/credit$"))
    tab.fill("[name=reason]", "Pages")
    for field, quantity in zip(tab.locator("[name^=quantity_]").all(), ("0", "1"), strict=True):
        field.fill(quantity)
    tab.locator("main form button.p").first.click()
    tab.wait_for_url(re.compile(r"/invoices/inv_\w+$"))
    invoice.refresh_from_db()
    assert (invoice.amount_paid, invoice.amount_credited) == (8000, 1560)

    client = looking_glass.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    phone = tab_of(client, complaints)
    phone.goto(f"{uncounted}/pay/{invoice.token}")
    expect(phone.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    expect(phone.locator(".sum .amount")).to_contain_text("13.120,00" if language == "ar" else "13,120.00")
    expect(phone.locator("#bank-details")).to_contain_text("MA64 0111")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    with phone.expect_download() as download:
        phone.locator(".ways form button").click()
    assert download.value.path().read_bytes() == pdf_of(invoice)
    assert client.cookies() == []
    assert complaints == []


def test_a_picture_that_does_not_come_leaves_the_text(looking_glass: Browser, uncounted: str) -> None:
    owner = make_user()
    invoice = issued(make_business(owner=owner, **MOROCCAN), "en")
    context = signed_in(looking_glass, uncounted, owner)
    context.route("**/pages/*", lambda route: route.abort())
    tab = context.new_page()
    tab.goto(f"{uncounted}/invoices/{invoice.pk}")
    expect(tab.locator(".astext .paper")).to_be_visible()


def test_an_invoice_is_sent_without_scripts(looking_glass: Browser, uncounted: str) -> None:
    owner = make_user()
    invoice = issued(make_business(owner=owner, **MOROCCAN), "en")
    session = Session()
    session.force_login(owner)
    context = looking_glass.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": session.cookies["sessionid"].value, "url": uncounted}])
    tab = context.new_page()
    tab.goto(f"{uncounted}/invoices/{invoice.pk}")
    tab.locator(".dhead").get_by_role("link", name="Send").click()
    tab.fill("[name=message]", MESSAGE["en"])
    tab.get_by_role("button", name="Show the mail").click()
    expect(tab.locator("#mail .m-body")).to_contain_text(MESSAGE["en"])
    tab.get_by_role("button", name="Send", exact=True).click()
    expect(tab.locator("#happened .tl li").first).to_contain_text("Mail is on its way")
