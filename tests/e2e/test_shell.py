"""The frame of every page in a browser: palette, shortcuts, and what happens when the session or the network is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import Business
from clients.models import Client
from tests.factories.accounts import PASSWORD, make_business, owner_of
from tests.factories.clients import make_client
from tests.factories.invoicing import make_issued

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


SAVE = "main form .b.p[type=submit]"


@pytest.fixture
def business() -> Business:
    business = make_business(name="Sample", country="MA", currency="MAD", language="fr", address={"city": "Fes"})
    for name in ("Riad Zellige", "Dar Exemple"):
        make_issued(business, make_client(business, name=name))
    return business


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(chromium_path: str, live_server: LiveServer, business: Business, complaints: list[str]) -> Iterator[Page]:
    """Return a page of the owner; in the end it had nothing to complain of."""
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800}, base_url=live_server.url)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/accounts/login/?next=/clients")
        log_in(page, business)
        page.wait_for_url("**/clients")
        yield page
        browser.close()
    assert complaints == []


def log_in(page: Page, business: Business) -> None:
    page.fill("[name=login]", owner_of(business).email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form:has([name=password]) button[type=submit]").click()


def test_palette_finds_while_one_types_and_opens_by_keyboard(page: Page) -> None:
    page.locator("main h1").click()
    page.keyboard.press("Control+k")
    term = page.locator("#palette-term")
    expect(term).to_be_focused()
    expect(page.locator("#palette-do-1")).to_be_visible()
    page.keyboard.type("zell")
    first = page.locator("#palette-clients-1")
    expect(first.locator("mark")).to_have_text("Zell")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(term).to_have_attribute("aria-activedescendant", "palette-clients-1")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#palette-invoices-1")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/cli_*")


def test_palette_gives_the_focus_back(page: Page) -> None:
    link = page.locator("main a.go").first
    link.focus()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-term")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(link).to_be_focused()


def test_palette_changes_the_theme_on_the_page_as_it_stands(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("dark")
    expect(page.locator("[role=option]")).to_have_count(1)
    with page.expect_response("**/settings/theme"):
        page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("#palette")).to_be_hidden()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_palette_searches_on_the_page_where_nothing_is_chosen(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("no such thing")
    expect(page.locator("#palette-found .none")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=no+such+thing")


def test_typing_into_the_search_of_the_side_goes_on_in_the_palette(page: Page) -> None:
    page.locator(".side .find input").click()
    page.keyboard.type("dar")
    expect(page.locator("#palette-term")).to_have_value("dar")
    expect(page.locator("#palette-clients-1")).to_contain_text("Dar Exemple")


def test_one_escape_closes_the_palette_whatever_is_typed(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("dar")
    page.keyboard.press("Escape")
    expect(page.locator("#palette-term")).to_be_hidden()


@pytest.mark.parametrize(
    ("keys", "address"),
    [
        ("g i", "/invoices"),
        ("g h", "/"),
        ("g s", "/settings/business"),
        ("n", "/clients/new"),
        ("j j Enter", "/clients/cli_*"),
    ],
)
def test_shortcuts_lead_somewhere(page: Page, keys: str, address: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)
    page.wait_for_url(f"**{address}")


def test_shortcuts_rest_in_fields_and_when_switched_off(page: Page) -> None:
    page.locator("main input[type=search]").click()
    page.keyboard.type("gi")
    page.keyboard.press("Escape")
    page.locator("main h1").click()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("i")
    assert "/invoices" not in page.url
    page.reload()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_hidden()


def test_shortcuts_go_by_the_place_of_the_key_on_an_arabic_keyboard(page: Page) -> None:
    press = "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))"
    for pair in (["ل", "KeyG"], ["ه", "KeyI"]):
        page.evaluate(press, pair)
    page.wait_for_url("**/invoices")


def test_what_was_typed_outlives_the_session(page: Page, business: Business) -> None:
    page.goto("/clients/new")
    page.fill("[name=name]", "Long typed")
    page.fill("[name=notes]", "Two\nlines")
    Session.objects.all().delete()
    page.locator(SAVE).click()
    page.wait_for_url("**/accounts/login/**")
    expect(page.locator('[data-notice="held"]')).to_be_visible()
    page.fill("[name=login]", "wrong")
    page.fill("[name=password]", "wrong")
    page.locator("main form:has([name=password]) button[type=submit]").click()
    log_in(page, business)
    page.wait_for_url("**/clients/new")
    expect(page.locator("[name=name]")).to_have_value("Long typed")
    expect(page.locator("[name=notes]")).to_have_value("Two\nlines")
    expect(page.locator('[data-notice="restored"]')).to_be_visible()
    page.locator(SAVE).click()
    page.wait_for_url("**/clients/cli_*")
    assert Client.objects.filter(name="Long typed").count() == 1
    page.goto("/clients/new")
    expect(page.locator("[name=name]")).to_have_value("")


def test_lines_of_an_invoice_outlive_the_session(page: Page, business: Business, complaints: list[str]) -> None:
    page.goto("/invoices/new")
    page.context.clear_cookies(name="sessionid")
    names = page.locator('#lines [name$="-name"]')
    for index, name in enumerate(("Alpha", "Beta")):
        names.nth(index).fill(name)
        expect(names).to_have_count(index + 2)
    page.evaluate("document.getElementById('editor').requestSubmit(document.querySelector('[name=act][value=save]'))")
    page.wait_for_url("**/accounts/login/**")
    log_in(page, business)
    page.wait_for_url("**/invoices/new")
    expect(names.nth(0)).to_have_value("Alpha")
    expect(names.nth(1)).to_have_value("Beta")
    expect(names).to_have_count(3)
    complaints.clear()  # the requests of its own that were refused meanwhile


def test_what_was_typed_is_given_to_nobody_else(page: Page) -> None:
    page.goto("/clients/new")
    page.fill("[name=name]", "Private")
    Session.objects.all().delete()
    page.locator(SAVE).click()
    page.wait_for_url("**/accounts/login/**")
    log_in(page, make_business(country="MA"))
    page.wait_for_url("**/clients/new")
    expect(page.locator("[name=name]")).to_have_value("")
    assert page.evaluate("sessionStorage.getItem('kept-form')") is None


def test_another_language_loses_nothing_that_was_typed(page: Page) -> None:
    page.goto("/clients/new")
    page.fill("[name=name]", "Half typed")
    page.locator(".side summary.me").click()
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("[name=name]")).to_have_value("Half typed")


def test_no_password_is_kept(page: Page) -> None:
    page.goto("/accounts/password/change/")
    for field in page.locator("main input[type=password]").all():
        field.fill("hush-hush-1")
    Session.objects.all().delete()
    page.locator(SAVE).click()
    page.wait_for_url("**/accounts/login/**")
    assert "hush" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_a_stale_form_is_sent_once_more(page: Page, complaints: list[str]) -> None:
    page.goto("/clients/new")
    page.fill("[name=name]", "Stale")
    page.evaluate("document.querySelector('main [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    page.locator(SAVE).click()
    page.get_by_role("button", name="Send it again").click()
    page.wait_for_url("**/clients/cli_*")
    expect(page.locator("h1")).to_contain_text("Stale")
    assert [complaint for complaint in complaints if "403" not in complaint] == []
    complaints.clear()


def test_a_lost_network_is_said_and_nothing_is_sent(page: Page) -> None:
    page.goto("/clients/new")
    page.fill("[name=name]", "Offline")
    page.context.set_offline(True)
    notice = page.locator('[data-notice="offline"]')
    expect(notice).to_be_visible()
    page.locator(SAVE).click()
    expect(page.locator("[name=name]")).to_have_value("Offline")
    page.context.set_offline(False)
    expect(notice).to_be_hidden()
    page.locator(SAVE).click()
    page.wait_for_url("**/clients/cli_*")


def test_a_double_click_makes_one_client(page: Page) -> None:
    page.goto("/clients/new")
    page.fill("[name=name]", "Once")
    page.locator(SAVE).dblclick()
    page.wait_for_url("**/clients/cli_*")
    assert Client.objects.filter(name="Once").count() == 1


def test_a_dialog_closes_by_a_press_behind_it_alone(page: Page) -> None:
    page.locator("main h1").click()
    page.keyboard.press("?")
    sheet = page.locator("#shortcuts")
    box = sheet.bounding_box()
    assert box
    page.mouse.click(box["x"] + 6, box["y"] + 6)
    expect(sheet).to_be_visible()
    page.mouse.click(box["x"] - 20, box["y"] + 6)
    expect(sheet).to_be_hidden()


def test_search_works_on_its_page(page: Page) -> None:
    page.goto("/search")
    page.fill("main [name=q]", "zell")
    expect(page.locator("#found h2").first).to_contain_text(re.compile("Clients"))
    page.wait_for_url("**/search?q=zell")
