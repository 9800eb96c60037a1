"""From sign-up to a paid page in a browser: the way a newcomer goes, in Arabic, and the public page at its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import zxingcpp
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import Delivery
from accounts.queue import run_due
from invoicing.models import Invoice
from tests.invoicing.pdf import reading

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "seven quiet lamps"
LOOKED_AT = 2500  # milliseconds; a view counts after two seconds


@pytest.fixture
def chromium(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """Return where errors of the console and breaches of the Content-Security-Policy are gathered."""
    return []


@pytest.fixture
def base(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Return the address of a server whose links lead to itself."""
    monkeypatch.setattr(settings, "PUBLIC_URL", live_server.url)
    monkeypatch.setattr(settings, "MAIL_DIR", tmp_path / "mail")
    return str(live_server.url)


def opened(browser: Browser, complaints: list[str], *, language: str = "en-US", scripts: bool = True) -> BrowserContext:
    """Return a window of its own, whose complaints are gathered, and which reaches this machine alone."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=language, java_script_enabled=scripts)

    def refuse_the_outside(route: Route) -> None:
        if "//localhost" in route.request.url:
            route.continue_()
        else:
            complaints.append(f"asked for {route.request.url}")
            route.abort()

    def listen(page: Page) -> None:
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}") if message.type in {"error", "warning"} else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))

    context.route("**/*", refuse_the_outside)
    context.on("page", listen)
    return context


def sign_up(page: Page, base: str, *, email: str, business: str) -> None:
    page.goto(f"{base}/accounts/signup/")
    page.fill("[name=email]", email)
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=company_name]", business)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"{base}/")


def fill_in_business(page: Page, base: str) -> None:
    """Say who sells: a studio in Morocco with the numbers that its law wants."""
    page.goto(f"{base}/settings/business")
    page.fill("[name=legal_name]", "Studio Exemple SARL")
    page.fill("[name=legal_name_ar]", "استوديو المثال ش.م.م")
    page.select_option("[name=country]", "MA")
    expect(page.locator("#tax-numbers")).to_contain_text("CNSS")
    page.fill("[name=address_street]", "12 rue des Exemples")
    page.fill("[name=address_city]", "Casablanca")
    numbers = {"ICE": "001525713000097", "IF": "12345678", "TP": "87654321"}
    for kind, value in numbers.items():
        page.get_by_label(re.compile(rf"^{kind}\b")).fill(value)
    page.locator("main form:has([name=legal_name]) button[type=submit]").last.click()
    expect(page.locator(".toast")).to_be_visible()
    page.goto(f"{base}/settings/defaults")
    page.select_option("[name=currency]", "MAD")
    page.select_option("[name=timezone]", "Africa/Casablanca")
    page.locator("main form:has([name=currency]) button[type=submit]").last.click()
    expect(page.locator(".toast")).to_be_visible()
    expect(page.locator("[name=currency]")).to_have_value("MAD")
    page.goto(f"{base}/settings/taxes")
    page.locator("label.ratebox").first.click()
    page.locator("main form:has([name=rate]) button[type=submit]").last.click()
    expect(page.locator(".toast")).to_be_visible()


def add_client(page: Page, base: str) -> None:
    page.goto(f"{base}/clients/new")
    page.fill("[name=name]", "مؤسسة المثال للتجارة")
    page.fill("[name=email]", "client@example.com")
    page.locator("main form:has([name=email]) button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/clients/cli_"))


def write_invoice(page: Page, base: str) -> None:
    """Write the lines by keyboard alone, while the server reckons."""
    page.goto(f"{base}/invoices/new")
    page.click("#client-search")
    page.keyboard.type("المثال")
    expect(page.locator("#client-list [role=option]").first).to_contain_text("مؤسسة المثال للتجارة")
    page.keyboard.press("Enter")
    expect(page.locator("#client-card")).to_contain_text("مؤسسة المثال للتجارة")
    page.select_option("#id_language", "ar")
    page.fill("[name=items-0-name]", "تصميم الهوية البصرية")
    page.fill("[name=items-0-unit_price]", "15,000.00")
    page.keyboard.press("Enter")
    page.keyboard.type("صفحات الموقع")
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    page.keyboard.type("٢٠٠٠")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowDown")
    page.fill("[name=discount_rate]", "10 %")
    expect(page.locator("#totals dd.t")).to_have_text("22,680.00")
    expect(page.locator("#ready")).to_contain_text("Ready to issue as")
    expect(page.locator("#paper img")).to_be_visible()


def mail_to(address: str) -> EmailMessage:
    """Return the mail that became a file for somebody."""
    for path in Path(settings.MAIL_DIR).glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        if address in str(message["To"]):
            assert isinstance(message, EmailMessage)
            return message
    raise AssertionError(f"no mail to {address}")


def test_newcomer_sends_an_arabic_invoice_that_the_client_opens(
    base: str, chromium: Browser, complaints: list[str]
) -> None:
    page = opened(chromium, complaints).new_page()
    sign_up(page, base, email="owner@example.com", business="Studio Exemple")
    expect(page.locator("ol.steps li.now")).to_contain_text("Say who you are")
    fill_in_business(page, base)
    add_client(page, base)
    page.goto(f"{base}/")
    expect(page.locator("ol.steps li.now")).to_contain_text("Write your first invoice")
    write_invoice(page, base)

    page.locator(".strip").get_by_role("button", name="Issue").click()
    page.locator("#issue-dialog").get_by_role("button", name="Issue").click()
    page.wait_for_url(re.compile(r"/invoices/inv_\w+$"))
    invoice = Invoice.objects.get()
    assert invoice.number is not None
    expect(page.locator(".dhead h1")).to_have_text(invoice.number)
    expect(page.locator(".duebox .amount")).to_contain_text("22,680.00")
    page.locator(".dhead").get_by_role("link", name="Send").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("client@example.com")
    expect(page.locator(".tl li").first).to_contain_text("Mail is on its way")

    run_due()
    assert {delivery.state for delivery in Delivery.objects.all()} == {"done"}
    page.reload()
    expect(page.locator(".tl li").first).to_contain_text("Sent by mail")
    page.goto(f"{base}/dev/mail")
    page.get_by_role("link", name=re.compile(invoice.number)).first.click()
    expect(page.locator(".mini")).to_contain_text(f"invoice_{invoice.number}.pdf")

    mail = mail_to("client@example.com")
    [attachment] = mail.iter_attachments()
    pdf = attachment.get_content()
    text = reading.text(pdf)
    assert "تصميم الهوية البصرية" in text
    assert "مؤسسة المثال للتجارة" in text
    assert "22,680.00" in text
    [code] = zxingcpp.read_barcodes(reading.picture(pdf))
    assert code.text == f"{base}/pay/{invoice.token}"

    client = opened(chromium, complaints).new_page()
    client.goto(code.text)
    expect(client.locator("html")).to_have_attribute("lang", "ar")
    expect(client.locator(".sum .amount")).to_contain_text("22.680,00")
    assert Invoice.objects.get().viewed_at is None
    client.wait_for_timeout(LOOKED_AT)
    assert Invoice.objects.get().viewed_at is not None
    with client.expect_download() as download:
        client.locator(".ways form button").click()
    assert download.value.path().read_bytes() == pdf
    page.goto(f"{base}/invoices/{invoice.pk}")
    expect(page.locator(".dhead .bd")).to_have_text("Viewed")

    other = opened(chromium, complaints).new_page()
    sign_up(other, base, email="other@example.com", business="Elsewhere")
    other.goto(f"{base}/invoices")
    expect(other.locator("main")).to_contain_text("No invoices yet")
    assert complaints == []
    for path in (f"/invoices/{invoice.pk}", f"/invoices/{invoice.pk}/pdf", f"/clients/{invoice.client_id}"):
        assert other.request.get(f"{base}{path}").status == 404


def test_members_who_look_at_the_public_page_are_not_the_client(
    base: str, chromium: Browser, complaints: list[str]
) -> None:
    page = opened(chromium, complaints).new_page()
    sign_up(page, base, email="owner@example.com", business="Studio Exemple")
    page.goto(f"{base}/invoices/new")
    page.fill("[name=client_name]", "Client Exemple")
    page.fill("[name=items-0-name]", "Work")
    page.fill("[name=items-0-unit_price]", "100")
    page.locator(".strip").get_by_role("button", name="Issue").click()
    page.locator("#issue-dialog").get_by_role("button", name="Issue").click()
    page.wait_for_url(re.compile(r"/invoices/inv_\w+$"))
    page.goto(f"{base}/pay/{Invoice.objects.get().token}")
    page.wait_for_timeout(LOOKED_AT)
    assert (Invoice.objects.get().viewed_at, complaints) == (None, [])


def test_invoice_is_written_and_issued_without_scripts(base: str, chromium: Browser, complaints: list[str]) -> None:
    page = opened(chromium, complaints, scripts=False).new_page()
    sign_up(page, base, email="owner@example.com", business="Studio Exemple")
    page.goto(f"{base}/invoices/new")
    page.fill("[name=client_name]", "Client Exemple")
    for row, (name, price) in enumerate((("One", "100"), ("Two", "200"), ("Three", "300"))):
        page.fill(f"[name=items-{row}-name]", name)
        page.fill(f"[name=items-{row}-unit_price]", price)
    page.click("#add-line")
    page.fill("[name=items-3-name]", "Four")
    page.fill("[name=items-3-unit_price]", "400,50")
    page.get_by_role("button", name="Reckon the totals").click()
    expect(page.locator("#totals dd.t")).to_have_text("1,000.50")
    page.locator("[data-row='0'] .x").click()
    expect(page.locator("#totals dd.t")).to_have_text("900.50")
    page.locator(".strip").get_by_role("button", name="Issue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Issue this invoice?")
    page.get_by_role("button", name="Issue", exact=True).click()
    expect(page.locator(".duebox .amount")).to_contain_text("900.50")
    page.get_by_role("link", name="Record payment").click()
    page.fill("[name=amount]", "900,50")
    page.get_by_role("button", name="Record payment").click()
    expect(page.locator(".dhead .bd")).to_have_text("Paid")
    assert complaints == []


def test_long_names_leave_the_page_to_the_pointer(chromium: Browser, base: str, complaints: list[str]) -> None:
    context = opened(chromium, complaints)
    page = context.new_page()
    sign_up(page, base, email="long@example.com", business="Society " * 20)
    page.goto(f"{base}/settings/profile")
    page.fill("[name=full_name]", "Name " * 30)
    page.locator("main form:has([name=full_name]) button[type=submit]").click()
    expect(page.locator(".toast")).to_be_visible()
    foot, side = (page.locator(each).bounding_box() for each in ("summary.me", "aside.side"))
    assert foot is not None
    assert side is not None
    assert foot["x"] + foot["width"] <= side["x"] + side["width"]
    context.close()
    assert complaints == []


def test_long_words_stay_on_the_paper(chromium: Browser, base: str, complaints: list[str]) -> None:
    context = opened(chromium, complaints, language="ar", scripts=False)
    page = context.new_page()
    sign_up(page, base, email="words@example.com", business="Studio")
    page.goto(f"{base}/invoices/new")
    page.fill("[name=client_name]", "M" * 200)
    page.fill("[name=reference]", "R" * 100)
    page.fill("[name=notes]", "N" * 300)
    page.fill("[name=items-0-name]", "W" * 200)
    page.fill("[name=items-0-unit_price]", "1")
    page.locator("button[value=reckon]").last.click()
    expect(page.locator("#paper .paper")).to_contain_text("R" * 100)
    page.wait_for_load_state("load")  # with its styles
    outside = page.evaluate(
        """() => {
          const paper = document.querySelector("#paper .paper").getBoundingClientRect();
          const beyond = (box) => box.left < paper.left - 1 || box.right > paper.right + 1;
          const texts = [...document.querySelectorAll("#paper .paper :is(b, bdi, span, p, td)")];
          return texts.filter((text) => beyond(text.getBoundingClientRect())).map((text) => text.textContent);
        }"""
    )
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    context.close()
    assert (outside, wide, complaints) == ([], 0, [])
