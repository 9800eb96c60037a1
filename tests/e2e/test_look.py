"""The look of the invoice in a browser: the picture follows what is chosen, and stays until the next one has come."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import Business
from tests.factories.accounts import PASSWORD, make_business, owner_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURE = "#picture .shot > img:not(.was)"


@pytest.fixture
def business() -> Business:
    return make_business(name="Sample", country="MA", currency="MAD", language="fr")


@pytest.fixture
def page(chromium_path: str, live_server: LiveServer, business: Business) -> Iterator[Page]:
    """Return a page on which the owner has the look before them; in the end it had nothing to complain of."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}/accounts/login/?next=/settings/look")
        page.fill("[name=login]", owner_of(business).email)
        page.fill("[name=password]", PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/settings/look")
        drawn(page)
        yield page
        browser.close()
    assert complaints == []


def drawn(page: Page) -> str:
    """Wait for the picture, and return its address."""
    page.wait_for_function("path => document.querySelector(path)?.naturalWidth === 1000", arg=PICTURE)
    return str(page.locator(PICTURE).get_attribute("src"))


def test_the_picture_follows_what_is_chosen(page: Page, business: Business) -> None:
    page.locator("label.look", has_text="Classic").click()
    expect(page.locator(PICTURE)).to_have_attribute("src", re.compile("look=classic"))
    page.select_option("[name=paper_size]", "letter")
    expect(page.locator(PICTURE)).to_have_attribute("height", "1294")
    page.fill("[name=own_colour]", "#F2B705")
    expect(page.locator("#colour-hint")).to_contain_text("#796012")
    expect(page.locator('[name=brand_colour][value="own"]')).to_be_checked()
    page.fill("[name=own_colour]", "#F2B70")
    expect(page.locator("#colour-hint")).to_contain_text("Write a colour as #")
    assert "brand_colour=%23F2B705" in drawn(page)
    page.fill("[name=own_colour]", "#8C2D1E")
    expect(page.locator(PICTURE)).to_have_attribute("src", re.compile("8C2D1E"))
    page.focus("#show-ar")
    page.keyboard.press("Enter")
    expect(page.locator("#show-ar")).to_be_focused()
    expect(page.locator(PICTURE)).to_have_attribute("src", re.compile("language=ar"))
    drawn(page)
    assert page.locator(".was").count() == 0
    assert Business.objects.get().look == "modern"
    page.locator("#look-form button.p").click()
    expect(page.locator(".toast")).to_be_visible()
    saved = Business.objects.get()
    assert (saved.look, saved.paper_size, saved.brand_colour) == ("classic", "letter", "#8C2D1E")
    drawn(page)


def test_a_larger_picture_stays_in_its_frame(page: Page) -> None:
    page.click("#larger")
    assert page.locator(PICTURE).evaluate("image => image.offsetWidth") == 860
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_picture_that_fails_can_be_asked_for_again(page: Page) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=200, content_type="image/png", body="no picture")

    page.route("**/settings/look/picture*", refuse)
    page.locator("label.look", has_text="Compact").click()
    expect(page.locator("[data-shot-failed]")).to_be_visible()
    page.unroute("**/settings/look/picture*")
    page.click("[data-shot-again]")
    expect(page.locator("[data-shot-failed]")).to_be_hidden()
    assert "look=compact" in drawn(page)


def test_what_is_chosen_survives_a_new_logo(page: Page, business: Business) -> None:
    page.locator("label.look", has_text="Compact").click()
    expect(page.locator(PICTURE)).to_have_attribute("src", re.compile("look=compact"))
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "PNG")
    page.set_input_files("#id_logo", {"name": "logo.png", "mimeType": "image/png", "buffer": out.getvalue()})
    expect(page.locator("main img.logo")).to_be_visible()
    expect(page.locator('[name=look][value="compact"]')).to_be_checked()
    drawn(page)
    page.locator("#look-form button.p").click()
    expect(page.locator(".toast")).to_be_visible()
    assert (Business.objects.get().look, bool(Business.objects.get().logo_key)) == ("compact", True)
