from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Business, User
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Invoice
from invoicing.services.drafts import save_draft
from tests.factories.accounts import make_member
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued
from tests.invoicing.web.conftest import line

pytestmark = pytest.mark.django_db
NEW = "/invoices/new"
TWO_LINES = line(0, "Identity", "15000") | line(1, "Web page", "2 000,00", quantity="3")


def once(page: Any) -> str:
    """Return what names the one order of a page's form."""
    found = re.search(r'name="once" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def stops(page: Any) -> list[str]:
    return [point.text for point in page.context["points"] if point.state == "stop"]


def names(response: Any) -> list[str]:
    return [str(row["name"].value() or "") for row in response.context["editor"].rows]


def test_new_shows_blank_rows_for_pages_without_scripts(browser: Browser, customer: Client) -> None:
    page = browser.get(NEW)
    assert (page.status_code, names(page)) == (200, ["", "", ""])
    assert page.context["form"]["currency"].value() == "MAD"


def test_new_takes_client_language_and_currency_from_the_address(browser: Browser, business: Business) -> None:
    customer = make_client(business, language="fr", currency="EUR")
    form = browser.get(f"{NEW}?client={customer.pk}").context["form"]
    assert [form[name].value() for name in ("client_id", "language", "currency")] == [customer.pk, "fr", "EUR"]


def test_new_ignores_a_strangers_client(browser: Browser, stranger: Browser, customer: Client) -> None:
    form = stranger.get(f"{NEW}?client={customer.pk}").context["form"]
    assert form["client_id"].value() == ""


def test_save_writes_a_draft_with_numbers_as_people_type_them(browser: Browser, customer: Client) -> None:
    data = {"client_id": customer.pk, "currency": "MAD", "discount_rate": "10 %", "act": "save"} | TWO_LINES
    response = browser.post(NEW, data)
    invoice = Invoice.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/invoices/{invoice.pk}/edit")
    assert (invoice.client, invoice.subtotal, invoice.discount_amount, invoice.tax_amount, invoice.total) == (
        customer, Decimal(21000), Decimal(2100), Decimal(3780), Decimal(22680),
    )  # fmt: skip
    assert [(each.name, each.quantity, each.unit_price) for each in invoice.lines.all()] == [
        ("Identity", Decimal(1), Decimal(15000)),
        ("Web page", Decimal(3), Decimal(2000)),
    ]


@pytest.mark.parametrize(
    ("language", "price", "stored"), [("en", "1,234", "1234"), ("fr", "1,234", "1.234"), ("ar", "١٬٢٣٤٫٥", "1234.5")]
)
def test_save_reads_prices_as_the_language_of_the_page_writes_them(
    browser: Browser, owner: User, customer: Client, language: str, price: str, stored: str
) -> None:
    owner.language = language
    owner.save()
    browser.post(NEW, {"client_id": customer.pk, "currency": "MAD"} | line(0, "Identity", price))
    assert Invoice.objects.get().lines.get().unit_price == Decimal(stored)


def test_save_keeps_the_order_in_which_rows_were_sent(browser: Browser, customer: Client) -> None:
    rows = line(7, "First", "1") | line(2, "Second", "2") | line(9, "", "") | line(4, "Third", "3")
    browser.post(NEW, {"client_id": customer.pk, "currency": "MAD"} | rows)
    assert list(Invoice.objects.get().lines.values_list("name", flat=True)) == ["First", "Second", "Third"]


def test_save_takes_as_many_lines_as_an_invoice_has(browser: Browser, customer: Client) -> None:
    rows: dict[str, str] = {}
    for number in range(200):
        rows |= line(number, f"Line {number}", "1", unit="h", sku="X", discount_rate="", description="")
    assert browser.post(NEW, {"client_id": customer.pk, "currency": "MAD"} | rows).status_code == 302
    assert Invoice.objects.get().lines.count() == 200


def test_save_makes_a_client_on_the_spot(browser: Browser, business: Business) -> None:
    fields = {"client_name": "Café Exemple", "client_email": "cafe@example.com", "client_type": "individual"}
    browser.post(NEW, {"client_id": "", "currency": "MAD"} | fields | TWO_LINES)
    made = Client.objects.get()
    assert (made.name, made.email, made.type) == ("Café Exemple", "cafe@example.com", "individual")
    assert Invoice.objects.get().client == made


def test_save_shows_errors_at_their_fields_and_keeps_what_was_typed(browser: Browser, customer: Client) -> None:
    rows = line(0, "", "") | line(3, "Identity", "dear", tax_rate="120") | line(5, "", "7")
    page = browser.post(NEW, {"client_id": customer.pk, "currency": "MAD", "due_date": "soon"} | rows)
    editor = page.context["editor"]
    assert (page.status_code, Invoice.objects.count()) == (422, 0)
    assert list(editor.form.errors) == ["due_date"]
    assert [sorted(row.errors) for row in editor.rows] == [[], ["tax_rate", "unit_price"], ["name"]]
    assert 'value="dear"' in page.content.decode()
    assert [point.state for point in page.context["points"]] == ["stop"] * len(page.context["points"])


def test_save_without_client_or_lines_says_so(browser: Browser, business: Business) -> None:
    page = browser.post(NEW, {"client_id": "", "currency": "MAD"} | line(0, "", ""))
    assert {name: list(texts) for name, texts in page.context["form"].errors.items()} == {
        "__all__": ["Add at least one line."],
        "client_id": ["Say who is billed: choose a client, or give a name or an email."],
    }


def test_save_sent_twice_is_one_draft(browser: Browser, customer: Client) -> None:
    data = {"once": once(browser.get(NEW)), "client_id": customer.pk, "currency": "MAD"} | TWO_LINES
    first, second = browser.post(NEW, data), browser.post(NEW, data)
    assert (Invoice.objects.count(), first["Location"]) == (1, second["Location"])
    browser.post(NEW, data | line(0, "Something else", "5"))
    assert Invoice.objects.count() == 2


def test_save_after_an_error_goes_through_with_the_same_page(browser: Browser, customer: Client) -> None:
    data = {"once": once(browser.get(NEW)), "client_id": customer.pk, "currency": "MAD"}
    assert browser.post(NEW, data | line(0, "Identity", "dear")).status_code == 422
    assert browser.post(NEW, data | line(0, "Identity", "7")).status_code == 302


@pytest.mark.parametrize(
    ("act", "after"),
    [
        ("add", ["A", "B", "C", ""]),
        ("remove:1", ["A", "C"]),
        ("up:1", ["B", "A", "C"]),
        ("up:0", ["A", "B", "C"]),
        ("down:0", ["B", "A", "C"]),
        ("down:2", ["A", "B", "C"]),
        ("reckon", ["A", "B", "C"]),
    ],
)
def test_rows_are_rearranged_without_scripts(browser: Browser, customer: Client, act: str, after: list[str]) -> None:
    rows = line(0, "A", "1") | line(1, "B", "2") | line(2, "C", "3")
    page = browser.post(NEW, {"client_id": customer.pk, "currency": "MAD", "act": act} | rows)
    assert (page.status_code, names(page), Invoice.objects.count()) == (200, after, 0)
    assert page.context["preview"].invoice.subtotal == sum({"A": 1, "B": 2, "C": 3}.get(name, 0) for name in after)


def test_issue_from_the_editor_gives_the_number(browser: Browser, customer: Client) -> None:
    response = browser.post(NEW, {"client_id": customer.pk, "currency": "MAD", "act": "issue"} | TWO_LINES)
    invoice = Invoice.objects.get()
    assert (invoice.state, response["Location"]) == ("issued", f"/invoices/{invoice.pk}")
    assert invoice.number == f"INV-{timezone.now().year}-0001"


def test_issue_of_what_cannot_be_issued_keeps_the_draft_and_shows_why(
    browser: Browser, business: Business, customer: Client
) -> None:
    business.tax_ids = []
    business.save()
    data = {"client_id": customer.pk, "currency": "MAD", "act": "issue"} | TWO_LINES
    page = browser.post(NEW, data, follow=True)
    assert Invoice.objects.get().state == "draft"
    assert stops(page) == ["To invoice with tax, enter ICE, IF, TP in the settings of the business."]


def test_send_from_the_editor_saves_and_asks_for_the_mail(browser: Browser, customer: Client) -> None:
    response = browser.post(NEW, {"client_id": customer.pk, "currency": "MAD", "act": "send"} | TWO_LINES)
    invoice = Invoice.objects.get()
    assert (invoice.state, response["Location"]) == ("draft", f"/invoices/{invoice.pk}/send")


def test_edit_shows_what_is_stored_and_saves_it_unchanged(browser: Browser, owner: User, business: Business) -> None:
    owner.language = "fr"
    owner.save()
    item = {
        "name": "Export", "description": "Two\nlines", "sku": "X-1", "type": "product", "quantity": "2.5", "unit": "kg",
        "unit_price": "1234.5678", "discount_rate": "5.5", "tax_rate": "0", "tax_category": "G",
        "exemption_reason": "Export of goods",
    }  # fmt: skip
    invoice = make_draft(business, items=[item], discount_rate="2.5", reference="PO 1", supply_date="2026-01-05")
    page = browser.get(f"/invoices/{invoice.pk}/edit")
    sent = {
        field.html_name: field.value() if field.value() is not None else ""
        for form in (page.context["form"], *page.context["editor"].rows)
        for field in form
    }
    assert browser.post(f"/invoices/{invoice.pk}/edit", sent | {"act": "save"}).status_code == 302
    stored = Invoice.objects.get()
    fields = ("client_id", "type", "currency", "discount_rate", "reference", "supply_date", "total", "due_date_given")
    assert [getattr(stored, name) for name in fields] == [getattr(invoice, name) for name in fields]
    kept = stored.lines.get()
    assert {name: str(getattr(kept, name)).rstrip("0").rstrip(".") or "0" for name in item} == item


def fields_shown(page: Any) -> list[list[str]]:
    """Return the names of the further fields of each row."""
    return [[field.name for _column, field in fields] for _row, _amount, _hints, fields in page.context["line_rows"]]


def test_names_in_arabic_are_asked_for_where_the_paper_is_in_two_languages(
    browser: Browser, business: Business, customer: Client
) -> None:
    assert (fields_shown(browser.get(NEW)), browser.get(NEW).context["editor"].languages_in_two) == ([[], [], []], [])
    Business.objects.update(second_language="ar", language="fr")
    page = browser.get(NEW)
    assert fields_shown(page) == [["name_ar", "description_ar"]] * 3
    assert 'data-in-two="en fr"' in page.content.decode()
    sent = {"client_id": customer.pk, "currency": "MAD", "language": "ar", "act": "reckon"} | TWO_LINES
    assert fields_shown(browser.post(NEW, sent)) == [[], []]


def test_names_in_arabic_are_stored_and_show_wherever_they_are_used(
    browser: Browser, business: Business, customer: Client
) -> None:
    arabic = {"items-0-name_ar": "تصميم", "items-0-description_ar": "صفحتان"}
    data = {"client_id": customer.pk, "currency": "MAD", "language": "en", "act": "save"}
    browser.post(NEW, data | line(0, "Design", "10") | arabic)
    stored = Invoice.objects.get()
    assert list(stored.lines.values_list("name_ar", "description_ar")) == [("تصميم", "صفحتان")]
    assert fields_shown(browser.get(f"/invoices/{stored.pk}/edit")) == [["name_ar", "description_ar"]] * 2


def test_columns_show_where_they_are_used_or_asked_for(browser: Browser, customer: Client) -> None:
    data = {"client_id": customer.pk, "currency": "MAD", "act": "reckon", "columns": ["unit", "nothing"]}
    page = browser.post(NEW, data | line(0, "Design", "10", sku="X-1") | line(1, "Care", "5"))
    assert page.context["editor"].columns == ["tax", "unit", "sku"]
    assert fields_shown(page) == [["unit", "sku"]] * 2
    assert [(name, shown, used) for name, _word, shown, used in page.context["editor"].column_choices] == [
        ("tax", True, True), ("description", False, False), ("unit", True, False), ("discount", False, False),
        ("sku", True, True), ("kind", False, False), ("category", False, False),
    ]  # fmt: skip


def test_who_charges_no_tax_sees_none(browser: Browser, business: Business, customer: Client) -> None:
    Business.objects.update(tax_rate=0)
    assert "items-0-tax_rate" not in browser.get(NEW).content.decode()
    data = {"client_id": customer.pk, "currency": "MAD"}
    page = browser.post("/invoices/preview", data | line(0, "Design", "10"))
    assert (page.context["columns"], page.context["taxes"]) == ([], [])
    taxed = browser.post("/invoices/preview", data | line(0, "Design", "10", tax_rate="20"))
    assert (taxed.context["columns"], len(taxed.context["taxes"])) == (["tax"], 1)


def test_a_row_with_an_arabic_name_alone_is_not_lost(browser: Browser, customer: Client) -> None:
    data = {"client_id": customer.pk, "currency": "MAD", "act": "save"}
    answer = browser.post(NEW, data | line(0, "", "") | {"items-0-name_ar": "تصميم"})
    assert (answer.status_code, sorted(answer.context["editor"].rows[0].errors)) == (422, ["name", "unit_price"])


def test_edit_adds_a_blank_row_and_shows_the_due_date_that_follows(browser: Browser, business: Business) -> None:
    invoice = make_draft(business, payment_terms="Net 15", issue_date="2026-01-05")
    page = browser.get(f"/invoices/{invoice.pk}/edit")
    assert names(page) == ["Consulting", ""]
    assert 'value="5 Jan 2026"' in page.content.decode()
    assert 'placeholder="20 Jan 2026"' in page.content.decode()


@pytest.mark.parametrize(
    ("language", "typed"), [("en", "5 Dec 2025"), ("ar", "٥ دجنبر ٢٠٢٥"), ("fr", "5/12/25"), ("en", "2025-12-05")]
)
def test_save_reads_days_as_people_type_them(
    browser: Browser, owner: User, customer: Client, language: str, typed: str
) -> None:
    owner.language = language
    owner.save()
    browser.post(NEW, {"client_id": customer.pk, "currency": "MAD", "issue_date": typed} | TWO_LINES)
    assert str(Invoice.objects.get().issue_date_wish) == "2025-12-05"


def test_preview_writes_days_and_prices_back_as_they_were_read(browser: Browser, customer: Client) -> None:
    data = {"client_id": customer.pk, "issue_date": "5/12/25", "due_date": "soon"} | line(3, "Identity", "1500,5")
    html = browser.post("/invoices/preview", data).content.decode()
    assert '<data data-for="id_issue_date" data-as="value" value="5 Dec 2025"></data>' in html
    assert 'data-for="id_due_date" data-as="value"' not in html
    assert 'id="amount-3" data-price="1,500.50"' in html


def test_edit_of_what_somebody_else_saved_keeps_what_was_typed(
    browser: Browser, business: Business, customer: Client
) -> None:
    invoice = make_draft(business, customer)
    page = browser.get(f"/invoices/{invoice.pk}/edit")
    version = page.context["form"]["version"].value()
    save_draft(
        actor=Actor.system(business.pk), business=business, data={"notes": "Theirs"}, at=timezone.now(), invoice=invoice
    )
    data = {"version": version, "client_id": customer.pk, "currency": "MAD", "notes": "Mine"} | TWO_LINES
    lost = browser.post(f"/invoices/{invoice.pk}/edit", data)
    assert (lost.status_code, Invoice.objects.get().notes) == (409, "Theirs")
    assert lost.context["form"]["notes"].value() == "Mine"
    again = {"version": lost.context["form"]["version"].value()}
    assert browser.post(f"/invoices/{invoice.pk}/edit", data | again).status_code == 302
    assert Invoice.objects.get().notes == "Mine"


def test_edit_of_what_was_issued_meanwhile_goes_to_the_invoice(
    browser: Browser, business: Business, customer: Client
) -> None:
    invoice = make_issued(business, customer)
    data = {"version": invoice.version, "client_id": customer.pk, "currency": "MAD"} | TWO_LINES
    response = browser.post(f"/invoices/{invoice.pk}/edit", data)
    assert (response.status_code, response["Location"]) == (302, f"/invoices/{invoice.pk}")
    assert Invoice.objects.get().subtotal == Decimal(300)


def test_edit_of_an_issued_invoice_changes_what_may_change(browser: Browser, business: Business) -> None:
    invoice = make_issued(business)
    page = browser.get(f"/invoices/{invoice.pk}/edit")
    sent = {field.html_name: field.value() or "" for field in page.context["form"]}
    response = browser.post(f"/invoices/{invoice.pk}/edit", sent | {"reference": "PO 7", "due_date": "2030-01-31"})
    stored = Invoice.objects.get()
    assert (response.status_code, stored.reference, str(stored.due_date)) == (302, "PO 7", "2030-01-31")
    wrong = browser.post(f"/invoices/{invoice.pk}/edit", sent | {"client_email": "nobody", "version": stored.version})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["client_email"])


def test_preview_reckons_and_stores_nothing(browser: Browser, customer: Client) -> None:
    data = {"client_id": customer.pk, "currency": "MAD", "discount_rate": "10"} | TWO_LINES
    page = browser.post("/invoices/preview", data)
    invoice = page.context["preview"].invoice
    assert (page.status_code, invoice.total, Invoice.objects.count()) == (200, Decimal(22680), 0)
    assert [(row.index, amount) for row, amount, *_more in page.context["line_rows"]] == [
        ("0", Decimal(15000)),
        ("1", Decimal(6000)),
    ]
    assert [(point.state, point.text, point.number) for point in page.context["points"]] == [
        ("fine", "Ready to be issued", f"INV-{timezone.now().year}-0001"),
        ("fine", "Your ICE, IF and TP are on it", ""),
        ("advice", "The client has no phone number", ""),
    ]


def test_preview_of_the_unfinished_reckons_what_is_there(browser: Browser, business: Business) -> None:
    rows = line(0, "Identity", "100") | line(1, "Half a line", "") | line(2, "", "50")
    page = browser.post("/invoices/preview", {"currency": "MAD"} | rows)
    assert page.context["preview"].invoice.subtotal == Decimal(150)
    assert stops(page) == ["Choose a client", "A line has no name yet", "A line has no price yet"]


def test_preview_says_what_cannot_be_read_beside_the_line(browser: Browser, customer: Client) -> None:
    rows = line(0, "", "") | line(4, "Identity", "dear")
    page = browser.post("/invoices/preview", {"client_id": customer.pk, "currency": "MAD"} | rows)
    assert page.context["preview"] is None
    assert list(page.context["hints"]) == ["items-4"]


def test_preview_shows_what_stops_the_issue_beside_the_line(browser: Browser, customer: Client) -> None:
    rows = line(2, "Export", "100", tax_rate="0", tax_category="G")
    page = browser.post("/invoices/preview", {"client_id": customer.pk, "currency": "MAD"} | rows)
    assert page.context["hints"] == {"items-2": ["Say why no tax is charged: this category needs a reason."]}
    assert '<div class="hint stop" id="hint-items-2">' in page.content.decode()


def test_preview_of_a_draft_leaves_it_as_it_is(browser: Browser, business: Business, customer: Client) -> None:
    invoice = make_draft(business, customer)
    data = {"invoice": invoice.pk, "client_id": customer.pk, "currency": "EUR"} | TWO_LINES
    page = browser.post("/invoices/preview", data)
    assert page.context["preview"].invoice.subtotal == Decimal(21000)
    stored = Invoice.objects.get()
    assert (stored.currency, stored.subtotal, stored.version) == ("MAD", Decimal(300), invoice.version)


def test_strangers_find_nothing(browser: Browser, stranger: Browser, business: Business, customer: Client) -> None:
    invoice = make_draft(business, customer)
    assert stranger.get(f"/invoices/{invoice.pk}/edit").status_code == 404
    assert stranger.post(f"/invoices/{invoice.pk}/edit", TWO_LINES).status_code == 404
    assert stranger.post("/invoices/preview", {"invoice": invoice.pk} | TWO_LINES).status_code == 404
    refused = stranger.post(NEW, {"client_id": customer.pk, "currency": "MAD"} | TWO_LINES)
    assert list(refused.context["form"].errors) == ["client_id"]


def test_viewers_do_not_write(business: Business) -> None:
    viewer = Browser()
    viewer.force_login(make_member(business, Role.VIEWER))
    assert [viewer.get(NEW).status_code, viewer.post(NEW, TWO_LINES).status_code] == [403, 403]


def test_visitors_are_sent_to_the_login(client: Browser) -> None:
    assert client.get(NEW)["Location"] == "/accounts/login/?next=/invoices/new"


def test_save_shows_every_refusal_of_a_line_and_of_the_next(browser: Browser, customer: Client) -> None:
    data = {"client_id": customer.pk, "act": "save"} | line(0, "", "x", quantity="0") | line(1, "x" * 201, "-1")
    response = browser.post(NEW, data)
    wrong = [sorted(row.errors) for row in response.context["editor"].rows]
    assert (response.status_code, wrong) == (422, [["name", "quantity", "unit_price"], ["name", "unit_price"]])


@pytest.mark.parametrize("version", ["x", "-1"])
def test_save_takes_an_unreadable_version_for_a_stale_one(browser: Browser, business: Business, version: str) -> None:
    draft = make_draft(business)
    response = browser.post(f"/invoices/{draft.pk}/edit", {"version": version, "act": "save"} | TWO_LINES)
    assert (response.status_code, response.context["lost_update"]) == (409, True)


def test_amend_takes_an_unreadable_version_for_a_stale_one(browser: Browser, business: Business) -> None:
    issued = make_issued(business)
    response = browser.post(f"/invoices/{issued.pk}/edit", {"version": "x", "notes": "New"})
    issued.refresh_from_db()
    assert (response.status_code, issued.notes) == (422, "")


def test_issue_of_a_page_without_scripts_saves_and_asks(browser: Browser, customer: Client) -> None:
    page = browser.get(NEW).content.decode()
    response = browser.post(NEW, {"client_id": customer.pk, "act": "ask"} | TWO_LINES)
    invoice = Invoice.objects.get()
    assert (response["Location"], invoice.number) == (f"/invoices/{invoice.pk}/issue", None)
    assert re.findall(r'value="(\w+)" data-dialog="issue-dialog"', page) == ["ask", "ask", "ask"]
