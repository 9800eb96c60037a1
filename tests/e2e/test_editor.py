"""Writing an invoice in a browser: by keyboard alone, in English and Arabic, in two windows, from a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client as Session
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from accounts.models import Business, User
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Invoice
from invoicing.services.drafts import save_draft
from invoicing.services.issuing import issue_invoice
from tests.factories.accounts import make_business, owner_of
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVED = re.compile(r"/invoices/inv_\w+/edit$")
PICTURE = "#paper img"


@pytest.fixture
def business() -> Business:
    tax_ids = [
        {"type": "ICE", "value": "001525713000097"},
        {"type": "IF", "value": "1234"},
        {"type": "TP", "value": "5"},
    ]
    return make_business(
        name="Studio Exemple", country="MA", currency="MAD", tax_rate=20, tax_ids=tax_ids, timezone="Africa/Casablanca"
    )


@pytest.fixture
def owner(business: Business) -> User:
    return owner_of(business)


@pytest.fixture
def customer(business: Business) -> Client:
    make_client(business, name="Atlas Exemple")
    address = {"street": "8 derb Exemple", "city": "Marrakesh", "country": "MA"}
    return make_client(business, name="Riad Exemple", email="compta@example.com", address=address)


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def window(
    looking_glass: Browser, uncounted: str, owner: User, customer: Client, complaints: list[str]
) -> Iterator[BrowserContext]:
    """Return a window in which the owner is signed in; in the end its console had nothing to say."""
    session = Session()
    session.force_login(owner)
    context = looking_glass.new_context(viewport={"width": 1440, "height": 900}, base_url=uncounted)
    context.add_cookies([{"name": "sessionid", "value": session.cookies["sessionid"].value, "url": uncounted}])
    context.grant_permissions(["clipboard-read", "clipboard-write"])

    def listen(page: Page) -> None:
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))

    context.on("page", listen)
    yield context
    context.close()


def new_invoice(window: BrowserContext) -> Page:
    page = window.new_page()
    page.goto("/invoices/new")
    expect(page.locator("#client-search")).to_be_focused()
    return page


def names(page: Page) -> list[str]:
    fields = page.locator("#lines .row [name$='-name']")
    return [fields.nth(number).input_value() for number in range(fields.count())]


def choose_client(page: Page, letters: str) -> None:
    page.keyboard.type(letters)
    expect(page.locator("#client-list [role=option]").first).to_contain_text("Riad Exemple")
    page.keyboard.press("Enter")


def type_line(page: Page, *cells: str) -> None:
    for number, cell in enumerate(cells):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(cell)


def test_who_was_logged_out_is_told_so_and_gets_back_what_was_typed(window: BrowserContext, owner: User) -> None:
    page = new_invoice(window)
    choose_client(page, "ria")
    expect(page.locator("#id_items-0-name")).to_be_focused()
    type_line(page, "Logo", "1", "500")
    expect(page).to_have_url(SAVED)
    window.clear_cookies(name="sessionid")
    page.fill("[name=notes]", "Typed too late")
    expect(page.locator('[data-notice="held"]')).to_be_visible()
    expect(page.locator('[data-notice="failed"]')).to_be_hidden()
    session = Session()
    session.force_login(owner)
    window.add_cookies([{"name": "sessionid", "value": session.cookies["sessionid"].value, "url": page.url}])
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("[name=notes]")).to_have_value("Typed too late")


@pytest.mark.parametrize(
    ("language", "items", "prices", "total"),
    [
        ("en", ("Brand identity", "Web page"), ("15,000.00", "2000"), "25,200.00"),
        ("ar", ("الهوية البصرية", "صفحات الموقع"), ("15.000,00", "٢٠٠٠"), "25.200,00"),
    ],
)
def test_an_invoice_is_written_by_keyboard_alone(
    window: BrowserContext,
    owner: User,
    complaints: list[str],
    language: str,
    items: tuple[str, str],
    prices: tuple[str, str],
    total: str,
) -> None:
    User.objects.filter(pk=owner.pk).update(language=language)
    page = new_invoice(window)
    choose_client(page, "ria")
    expect(page.locator("#client-card")).to_contain_text("8 derb Exemple, Marrakesh")
    type_line(page, items[0], "1", prices[0])
    page.keyboard.press("Enter")
    type_line(page, items[1], "3", prices[1])
    expect(page.locator("#totals dd.t")).to_have_text(total)
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#line-news")).not_to_be_empty()
    assert names(page) == [items[1], items[0], ""]
    expect(page).to_have_url(SAVED)
    expect(page.locator(PICTURE)).to_be_visible()
    page.keyboard.press("Control+Backspace")
    assert names(page) == [items[0], ""]
    page.locator("#toasts button").click()
    assert names(page) == [items[1], items[0], ""]
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/invoices/inv_\w+/send$"))
    invoice = Invoice.objects.get()
    assert [(line.name, line.quantity, line.unit_price) for line in invoice.lines.all()] == [
        (items[1], 3, 2000),
        (items[0], 1, 15000),
    ]
    assert complaints == []


def test_a_client_is_made_on_the_spot_and_the_form_stays(window: BrowserContext, complaints: list[str]) -> None:
    page = new_invoice(window)
    page.fill("[name=reference]", "PO-1")
    page.click("#client-search")
    page.keyboard.type("Café Neuf")
    expect(page.locator("#client-option-new")).to_contain_text("Café Neuf")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#id_client_email")).to_be_focused()
    page.keyboard.type("neuf@example.com")
    page.keyboard.press("Enter")
    expect(page.locator("#client-card")).to_contain_text("Café Neuf")
    made = Client.objects.get(email="neuf@example.com")
    assert (made.name, page.input_value("[name=reference]")) == ("Café Neuf", "PO-1")
    type_line(page, "Work", "2", "50")
    expect(page).to_have_url(SAVED)
    assert Invoice.objects.get().client_id == made.pk
    page.click("[data-change-client]")
    choose_client(page, "riad")
    expect(page.locator("#client-card")).to_contain_text("Riad Exemple")
    assert complaints == []


def test_an_item_that_was_billed_before_brings_its_price(
    window: BrowserContext, business: Business, complaints: list[str]
) -> None:
    make_draft(business, items=[{"name": "Monthly care", "unit_price": "1250"}])
    page = new_invoice(window)
    page.locator("#lines [name$='-name']").first.fill("Monthly care")
    expect(page.locator("#lines [name$='-unit_price']").first).to_have_value("1,250.00")
    expect(page.locator("#totals dd.t")).to_have_text("1,500.00")
    assert complaints == []


def test_rows_of_a_spreadsheet_become_lines(window: BrowserContext, complaints: list[str]) -> None:
    page = new_invoice(window)
    choose_client(page, "riad")
    page.evaluate("navigator.clipboard.writeText('Design\\t2\\t1,500.00\\nHosting\\t12\\t99.90\\n')")
    page.keyboard.press("Control+V")
    expect(page.locator("#totals dd").first).to_have_text("4,198.80")
    assert names(page) == ["Design", "Hosting", ""]
    assert complaints == []


def test_a_line_is_carried_by_its_handle_and_by_its_menu(window: BrowserContext, complaints: list[str]) -> None:
    page = new_invoice(window)
    choose_client(page, "riad")
    for name in ("One", "Two", "Three"):
        type_line(page, name, "1", "10")
        page.keyboard.press("Enter")
    boxes = [page.locator("[data-grip]").nth(number).bounding_box() for number in range(3)]
    first, last = boxes[0], boxes[2]
    assert first is not None
    assert last is not None
    page.mouse.move(first["x"] + 8, first["y"] + 12)
    page.mouse.down()
    page.mouse.move(first["x"] + 8, last["y"] + 20, steps=8)
    page.mouse.up()
    assert names(page) == ["Two", "Three", "One", ""]
    expect(page.locator("#line-news")).to_have_text("One: line 3 of 3")
    page.locator("[data-grip]").nth(2).click()
    page.locator("#line-menu [data-line=up]").click()
    assert names(page) == ["Two", "One", "Three", ""]
    assert complaints == []


def test_what_somebody_else_saved_is_not_overwritten(window: BrowserContext, complaints: list[str]) -> None:
    page = new_invoice(window)
    choose_client(page, "riad")
    type_line(page, "Work", "1", "100")
    expect(page).to_have_url(SAVED)
    invoice = Invoice.objects.get()
    save_draft(
        actor=Actor.system(invoice.business_id),
        business=invoice.business,
        data={"reference": "Theirs"},
        at=timezone.now(),
        invoice=invoice,
    )
    page.fill("[name=notes]", "Mine")
    expect(page.locator("#trouble")).to_be_focused()
    assert (Invoice.objects.get().reference, page.input_value("[name=notes]")) == ("Theirs", "Mine")
    page.click("[data-mine]")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    stored = Invoice.objects.get()
    assert (stored.reference, stored.notes) == ("", "Mine")
    issue_invoice(invoice=stored, actor=Actor.system(stored.business_id), at=timezone.now())
    page.fill("[name=notes]", "Too late")
    expect(page.locator("#trouble")).to_contain_text("was issued in the meantime")
    assert Invoice.objects.get().notes == "Mine"
    # The browser itself writes each refusal into the console.
    assert [each for each in complaints if "409" not in each] == []


def test_what_cannot_be_saved_without_a_network_is_saved_later(window: BrowserContext) -> None:
    page = new_invoice(window)

    def drop(route: Route) -> None:
        route.abort("internetdisconnected")

    page.route("**/invoices/keep", drop)
    choose_client(page, "riad")
    type_line(page, "Work", "1", "100")
    expect(page.locator("#saved")).to_contain_text("no connection")
    assert Invoice.objects.count() == 0
    page.unroute("**/invoices/keep")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    assert Invoice.objects.count() == 1


def test_whoever_leaves_by_a_link_takes_the_last_words_along(window: BrowserContext, complaints: list[str]) -> None:
    page = new_invoice(window)
    choose_client(page, "riad")
    type_line(page, "Work", "1", "100")
    page.locator("aside.side").get_by_role("link", name="Clients").click()
    page.wait_for_url("**/clients")
    assert (Invoice.objects.get().total, complaints) == (120, [])


def test_what_stops_the_issue_leads_to_its_field(window: BrowserContext, complaints: list[str]) -> None:
    page = new_invoice(window)
    choose_client(page, "riad")
    type_line(page, "Work", "1", "dear")
    expect(page.locator("#ready [data-stop] a")).to_have_count(1)  # a blank invoice has two
    expect(page.locator("#ready [data-stop] a")).to_have_attribute("href", "#id_items-0-unit_price")
    page.focus("[name=notes]")
    page.locator(".strip").get_by_role("button", name="Issue", exact=True).click()
    expect(page.locator("#id_items-0-unit_price")).to_be_focused()
    expect(page.locator("#issue-dialog")).not_to_be_visible()
    page.keyboard.type("1500")
    page.fill("[name=due_date]", "5 dec")
    page.fill("[name=notes]", "Thanks")
    expect(page.locator("#ready")).to_contain_text("Ready to issue as")
    expect(page.locator("#id_items-0-unit_price")).to_have_value("1,500.00")
    expect(page.locator("[name=due_date]")).to_have_value(re.compile(r"5 Dec 20\d\d"))
    assert complaints == []
