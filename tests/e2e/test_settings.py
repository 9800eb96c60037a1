"""A newcomer in a browser: from sign-up over business, logo and numbering to a client that is put away and taken back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import Business
from clients.models import Client
from tests.factories.accounts import make_business

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "seven quiet lamps"


@dataclass
class Seat:
    """A window in one language, what it complained of, and the address of the server."""

    page: Page
    base: str
    language: str
    complaints: list[str]

    def save(self) -> None:
        """Send the page's own form, and see that it was taken."""
        self.page.locator("#settings-form button.p").click()
        expect(self.page.locator(".toast").last).to_be_visible()

    def fits(self) -> None:
        """Check that nothing runs out of the page to the side."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url


@pytest.fixture(params=[("en", 1440), ("ar", 390)], ids=["en-laptop", "ar-phone"])
def seat(request: pytest.FixtureRequest, chromium_path: str, live_server: LiveServer) -> Iterator[Seat]:
    language, width = request.param
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=ViewportSize(width=width, height=900), locale=f"{language}-MA")
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield Seat(page, live_server.url, language, complaints)
        browser.close()
    assert [each for each in complaints if "422" not in each] == []  # a form that was refused is shown with 422


def sign_up(seat: Seat) -> Business:
    """Begin with too little, look at the password, and end on the home page."""
    page = seat.page
    page.goto(f"{seat.base}/accounts/signup/")
    expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{seat.language}"))
    expect(page.locator("[name=country]")).to_have_value("MA")
    page.fill("[name=email]", "owner@example.com")
    page.fill("[name=company_name]", "Studio Exemple")
    page.locator("main form button.p").click()
    expect(page.locator("[name=password1]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=email]")).to_have_value("owner@example.com")
    page.fill("[name=password1]", PASSWORD)
    page.locator(".see").click()
    expect(page.locator("[name=password1]")).to_have_attribute("type", "text")
    seat.fits()
    page.locator("main form button.p").click()
    page.wait_for_url(f"{seat.base}/")
    business = Business.objects.get()
    assert (business.country, business.currency, business.timezone) == ("MA", "MAD", "Africa/Casablanca")
    return business


def fill_in_business(seat: Seat) -> None:
    """Get a number wrong and then right; another country and back loses nothing."""
    page = seat.page
    page.goto(f"{seat.base}/settings")
    page.locator("a[href$='/settings/business']").last.click()
    page.get_by_label(re.compile("^ICE")).fill("12")
    page.fill("[name=address_city]", "Casablanca")
    page.select_option("[name=country]", "FR")
    expect(page.get_by_label(re.compile("^SIRET"))).to_be_visible()
    page.select_option("[name=country]", "MA")
    expect(page.get_by_label(re.compile("^ICE"))).to_have_value("12")
    page.locator("#settings-form button.p").click()
    expect(page.locator("#tax-numbers .hint.err")).to_contain_text("15")
    expect(page.locator("[name=address_city]")).to_have_value("Casablanca")
    page.get_by_label(re.compile("^ICE")).fill("001525713000097")
    seat.save()
    seat.fits()
    assert Business.objects.get().tax_ids == [{"type": "ICE", "value": "001525713000097"}]


def put_up_logo(seat: Seat) -> None:
    page, out = seat.page, io.BytesIO()
    Image.new("RGB", (80, 40), "#0B6B50").save(out, "PNG")
    page.goto(f"{seat.base}/settings/look")
    page.set_input_files("#id_logo", {"name": "logo.png", "mimeType": "image/png", "buffer": out.getvalue()})
    expect(page.locator(".logobox img.logo")).to_be_visible()
    seat.fits()


def choose_numbers(seat: Seat) -> None:
    """See the numbers while typing, be refused what two kinds would share, and save."""
    page = seat.page
    page.goto(f"{seat.base}/settings/numbering")
    page.fill("[name=number_formats_invoice]", "F-{YYYY}-{seq:03}")
    page.fill("[name=next_numbers_invoice]", "41")
    expect(page.locator("#coming-invoice")).to_contain_text(re.compile(r"F-\d{4}-041"))
    expect(page.locator("#coming-invoice")).to_contain_text(re.compile(r"F-\d{4}-001"))
    page.fill("[name=number_formats_credit_note]", "F-{YYYY}-{seq:03}")
    expect(page.locator("#coming-credit_note .err")).to_be_visible()
    page.fill("[name=number_formats_credit_note]", "AV-{YYYY}-{seq:03}")
    expect(page.locator("#coming-credit_note")).to_contain_text("AV-")
    seat.save()
    seat.fits()
    assert Business.objects.get().next_numbers == {"invoice": 41}


def keep_client(seat: Seat, business: Business) -> Client:
    page = seat.page
    page.goto(f"{seat.base}/clients/new")
    page.fill("[name=name]", "Riad Exemple")
    page.fill("[name=email]", "x")
    page.locator("#client-form button.p").click()
    expect(page.locator("[name=email]")).to_have_attribute("aria-invalid", "true")
    page.fill("[name=email]", "compta@riad.example")
    page.locator("#client-form button.p").click()
    page.wait_for_url(re.compile(r"/clients/cli_\w+$"))
    client = Client.objects.get()
    page.goto(f"{seat.base}/clients/new")
    page.locator("[name=name]").press_sequentially("riad ex")
    expect(page.locator("#similar a")).to_have_text("Riad Exemple")
    seat.fits()
    return client


def put_away_and_take_back(seat: Seat, client: Client) -> None:
    page = seat.page
    page.goto(f"{seat.base}/clients/{client.pk}")
    page.locator("main details.more > summary").click()
    page.locator("form[action$='/archive'] button").click()
    undo = page.locator(".toast form[action$='/restore'] button")
    expect(undo).to_be_visible()
    assert Client.objects.active().count() == 0
    undo.click()
    expect(page.locator(".toast").last).to_contain_text("Riad Exemple")
    assert Client.objects.active().count() == 1
    page.goto(f"{seat.base}/clients")
    expect(page.locator("table.clients td.cl")).to_have_text("Riad Exemple")
    seat.fits()


def test_a_newcomer_settles_everything(seat: Seat) -> None:
    business = sign_up(seat)
    fill_in_business(seat)
    put_up_logo(seat)
    choose_numbers(seat)
    put_away_and_take_back(seat, keep_client(seat, business))


def test_the_settings_are_a_list_on_a_phone(seat: Seat) -> None:
    sign_up(seat)
    make_business()
    page = seat.page
    page.set_viewport_size(ViewportSize(width=390, height=844))
    for name in ("profile", "businesses", "business", "defaults", "numbering", "taxes", "payment", "look", "usage"):
        page.goto(f"{seat.base}/settings/{name}")
        seat.fits()
        page.locator(".crumb").click()
        page.wait_for_url(f"{seat.base}/settings")
    seat.fits()
