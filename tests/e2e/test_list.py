"""The list of invoices in a browser: ticking rows, what they add up to, typing a search, views, and the files."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client as Session
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import Business, Delivery
from accounts.queue import run_due
from invoicing.models import Invoice
from tests.factories.accounts import make_business, owner_of
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TICKED = "input[name=selected]:checked"


@pytest.fixture
def business() -> Business:
    business = make_business(name="Studio Exemple", currency="MAD", timezone="Africa/Casablanca")
    for name in ("Alpha", "Beta", "Gamma"):
        make_issued(business, make_client(business, name=name, email=f"{name.lower()}@example.com"))
    make_issued(business, make_client(business, name="Delta", email="delta@example.com"), currency="EUR")
    make_draft(business, make_client(business, name="Epsilon", email=""))
    return business


@pytest.fixture
def page(looking_glass: Browser, uncounted: str, business: Business) -> Iterator[Page]:
    """Return the list as the owner sees it; in the end the console had nothing to say."""
    session, complaints = Session(), list[str]()
    session.force_login(owner_of(business))
    context: BrowserContext = looking_glass.new_context(viewport={"width": 1440, "height": 900}, base_url=uncounted)
    context.add_cookies([{"name": "sessionid", "value": session.cookies["sessionid"].value, "url": uncounted}])
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/invoices")
    yield page
    context.close()
    assert complaints == []


def box(page: Page, name: str) -> None:
    page.locator(f"tr:has-text('{name}') input[name=selected]").click()


def test_rows_are_ticked_one_by_one_in_ranges_and_all(page: Page) -> None:
    bar = page.locator("[data-bar]")
    expect(bar).to_be_hidden()
    box(page, "Epsilon")
    page.keyboard.down("Shift")
    box(page, "Beta")
    page.keyboard.up("Shift")
    expect(page.locator(TICKED)).to_have_count(4)
    expect(bar.locator(".said")).to_have_text("Selected: 4 · EUR\xa0300.00 · MAD\xa0900.00")
    page.get_by_label("Select this page").click()
    expect(page.locator(TICKED)).to_have_count(5)
    page.keyboard.press("Escape")
    expect(page.locator(TICKED)).to_have_count(0)
    expect(bar).to_be_hidden()


def test_the_chosen_are_sent_after_a_look_at_what_will_happen(page: Page) -> None:
    box(page, "Epsilon")
    box(page, "Alpha")
    page.locator("[data-bar]").get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Send 1 invoice?")).to_be_visible()
    expect(page.get_by_text("The client has no email address.")).to_be_visible()
    page.get_by_role("button", name="Send 1").click()
    expect(page.locator("#toasts")).to_contain_text("1 mail is on its way.")
    assert [delivery.to for delivery in Delivery.objects.all()] == [["alpha@example.com"]]


def test_typing_narrows_the_list_and_keeps_the_place(page: Page) -> None:
    field = page.get_by_label("Number, client or amount").last
    field.click()
    page.keyboard.type("gam", delay=30)
    expect(page.locator("#found tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/invoices\?search=gam$"))
    expect(field).to_be_focused()
    page.get_by_label("Save view").click()
    page.get_by_label("Name of the view").fill("Gammas")
    page.locator(".views").get_by_role("button", name="Save view").click()
    expect(page.locator(".tabs [aria-current]")).to_have_text("Gammas")


def test_a_zip_is_waited_for_and_comes_by_itself(page: Page) -> None:
    page.get_by_label("Select this page").click()
    page.locator("[data-bar]").get_by_role("button", name="ZIP of PDFs").click()
    expect(page.locator("#files")).to_contain_text("0 of 4 PDFs are ready.")
    with page.expect_download() as coming:
        run_due(limit=20)
    archive = zipfile.ZipFile(io.BytesIO(Path(coming.value.path()).read_bytes()))
    numbers = Invoice.objects.exclude(number=None).values_list("number", flat=True)
    assert sorted(archive.namelist()) == sorted(f"invoice_{number}.pdf" for number in numbers)
    expect(page.locator("#files")).to_contain_text("4 PDFs are ready.")
