from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client as Browser

from accounts.choices import Role
from accounts.models import Business
from accounts.tenancy import Actor
from invoicing.services.settlement import record_payment
from tests.factories.accounts import make_member
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
PATHS = ("/invoices/export", "/clients/export")
NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # the 21st in Casablanca
INVOICE_HEADS = [
    "Number", "Type", "Status", "Client's reference", "Client's name", "Client's email", "Issue date", "Due date",
    "Currency", "Subtotal", "Discount", "Taxable amount", "Tax", "Total", "Credited", "Paid", "Refunded", "Amount due",
]  # fmt: skip


def content(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def table(browser: Browser, query: str) -> list[list[str]]:
    """Return the rows of a CSV file with its heads."""
    text = content(browser.get(query)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def sheet(browser: Browser, query: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content(browser.get(query)))).active


def links(page: Any, path: str) -> list[str]:
    """Return where the menu leads."""
    return [unescape(url) for url in re.findall(rf'href="({path}\?[^"]+)" download', page.content.decode())]


def test_invoices_are_exported_in_words(browser: Browser, business: Business) -> None:
    with time_machine.travel(NOW, tick=False):
        client = make_client(business, name="+Riad", email="compta@example.com")
        invoice = make_issued(business, client, reference="PO-7")
        data = {"amount": "60", "method": "cash"}
        record_payment(invoice=invoice, actor=Actor.system(business.pk), at=NOW, data=data)
        make_draft(business, make_client(business, name="Zitoun", email=""), currency="JPY", issue_date="2026-11-02")
        found = table(browser, "/invoices/export?format=csv&ordering=client_name")
        response = browser.get("/invoices/export?format=csv")
    assert found == [
        INVOICE_HEADS,
        [
            "INV-2026-0001", "Invoice", "Partly paid", "PO-7", "'+Riad", "compta@example.com", "2026-11-21",
            "2026-12-21", "MAD", "300.00", "0.00", "300.00", "60.00", "360.00", "0.00", "60.00", "0.00", "300.00",
        ],
        [
            "", "Invoice", "Draft", "", "Zitoun", "", "2026-11-02", "2026-12-02", "JPY", "300", "0", "300", "60", "360", "0", "0",
            "0", "360",
        ],
    ]  # fmt: skip
    assert response["Content-Disposition"] == 'attachment; filename="invoices-2026-11-21.csv"'
    assert response["Cache-Control"] == "private, no-store"


def test_a_spreadsheet_begins_at_the_right_in_arabic(browser: Browser, business: Business) -> None:
    user = business.memberships.get().user
    user.language = "ar"
    user.save()
    make_issued(business, issue_date="2026-01-31")
    for path in PATHS:
        found = sheet(browser, f"{path}?format=xlsx")
        assert found.sheet_view.rightToLeft is True
        assert re.search("[\u0600-\u06ff]", found.title + found["A1"].value)
    days = [cell.value for cell in sheet(browser, "/invoices/export?format=xlsx")["G"]]
    assert days[1:] == [datetime(2026, 1, 31)]  # noqa: DTZ001 -- a spreadsheet has none


def test_an_export_holds_what_the_list_shows(browser: Browser, business: Business) -> None:
    for number, name in enumerate(("Café Zitoun", "Atlas", "Cafe Rif"), 1):
        make_issued(business, make_client(business, name=name), items=[{"name": "One", "unit_price": number}])
    make_draft(business, make_client(business, name="Café des Ébauches"))
    for query, names in (
        ("search=cafe&open=true&ordering=-total", ["Cafe Rif", "Café Zitoun"]),
        ("status=draft", ["Café des Ébauches"]),
        ("ordering=client_name&page=1", ["Atlas", "Cafe Rif", "Café Zitoun", "Café des Ébauches"]),
        ("", ["Café des Ébauches", "Cafe Rif", "Atlas", "Café Zitoun"]),
    ):
        page = browser.get(f"/invoices?{query}")
        assert [invoice.client_name for invoice, _status in page.context["rows"]] == names
        spreadsheet, text = links(page, "/invoices/export")
        assert [row[4] for row in table(browser, text)[1:]] == names
        assert [cell.value for cell in sheet(browser, spreadsheet)["E"]][1:] == names


def test_clients_are_exported_with_what_they_owe(browser: Browser, business: Business) -> None:
    address = {"street": "12 rue des Exemples", "city": "Fès", "country": "MA"}
    client = make_client(business, name="Atlas", email="a@example.com", address=address, categories=["Retail"])
    make_issued(business, client)
    make_issued(business, client, currency="EUR", tax_rate=0)
    make_client(business, name="Gone", archived_at=NOW)
    assert table(browser, "/clients/export?format=csv") == [
        [
            "Name", "Type", "Contact", "Email", "Phone", "VAT number", "Commercial registration", "Other tax numbers",
            "Categories", "Notes", "Address", "Invoiced (MAD)", "Paid (MAD)", "Amount due (MAD)", "Invoiced (EUR)",
            "Paid (EUR)", "Amount due (EUR)",
        ],
        [
            "Atlas", "Business", "", "a@example.com", "", "", "", "", "Retail", "",
            "12 rue des Exemples, Fès, Morocco", "360.00", "0.00", "360.00", "300.00", "0.00", "300.00",
        ],
    ]  # fmt: skip


def test_an_export_of_clients_holds_what_the_list_shows(browser: Browser, business: Business) -> None:
    for name in ("Zitoun", "Atlas", "Rif Atlas"):
        make_client(business, name=name)
    make_client(business, name="Gone", archived_at=NOW)
    for query in ("", "search=atlas&ordering=-name", "archived=true", "ordering=-created_at"):
        page = browser.get(f"/clients?{query}")
        names = [client.name for client in page.context["page"].object_list]
        spreadsheet, text = links(page, "/clients/export")
        assert [row[0] for row in table(browser, text)[1:]] == names != []
        assert [cell.value for cell in sheet(browser, spreadsheet)["A"]][1:] == names


def test_lists_without_anything_offer_no_export(browser: Browser) -> None:
    for path in ("/invoices", "/clients"):
        assert links(browser.get(path), f"{path}/export") == []


@pytest.mark.parametrize("query", ["", "?format=pdf", "?format=CSV"])
@pytest.mark.parametrize("path", PATHS)
def test_another_kind_of_file_is_not_there(browser: Browser, path: str, query: str) -> None:
    assert browser.get(path + query).status_code == 404


@pytest.mark.parametrize(
    ("path", "query"),
    [("/invoices", "issued_after=tomorrow&search=x"), ("/clients", "type=nothing"), ("/invoices", "min_amount=much")],
)
def test_wrong_filters_lead_back_to_the_list(browser: Browser, path: str, query: str) -> None:
    assert browser.get(f"{path}/export?{query}&format=csv")["Location"] == f"{path}?{query}"


@pytest.mark.parametrize("path", PATHS)
def test_who_may_read_may_export(business: Business, stranger: Browser, client: Browser, path: str) -> None:
    make_issued(business, make_client(business, name="Riad Exemple"))
    viewer = Browser()
    viewer.force_login(make_member(business, Role.VIEWER))
    assert any("Riad Exemple" in row for row in table(viewer, f"{path}?format=csv"))
    assert len(table(stranger, f"{path}?format=csv")) == 1
    assert client.get(f"{path}?format=csv")["Location"].startswith("/accounts/login/")


def test_a_day_of_the_name_is_the_businesss(browser: Browser, business: Business) -> None:
    make_draft(business)
    with time_machine.travel(NOW, tick=False):
        for path in PATHS:
            assert str(date(2026, 11, 21)) in browser.get(f"{path}?format=xlsx")["Content-Disposition"]
