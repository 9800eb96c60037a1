from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Invoice, Payment
from invoicing.services.settlement import record_payment, record_refund
from tests.factories.accounts import make_member
from tests.factories.invoicing import make_issued

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False):
        yield


@pytest.fixture
def invoice(business: Business, customer: Client) -> Invoice:
    return make_issued(business, customer, due_date="2026-11-20")  # 360.00


@pytest.fixture
def payment(invoice: Invoice) -> Payment:
    actor, data = Actor.system(invoice.business_id), {"amount": 360, "method": "cash", "reference": "R 1"}
    return record_payment(invoice=invoice, actor=actor, at=timezone.now(), data=data)


def show(browser: Browser, customer: Client, query: str = "") -> Any:
    return browser.get(f"/clients/{customer.pk}/statement{query}")


def current(page: Any) -> list[str]:
    return [tab["label"] for tab in page.context["tabs"] if tab["current"]]


def test_statement_is_of_this_year_unless_asked(browser: Browser, customer: Client, payment: Payment) -> None:
    page = show(browser, customer)
    assert (str(page.context["first"]), str(page.context["last"])) == ("2026-01-01", "2026-11-20")
    assert current(page) == ["This year"]
    (account,) = page.context["accounts"]
    assert [(row["debit"], row["credit"], row["balance"]) for row in account["rows"]] == [
        (Decimal(360), None, Decimal(360)),
        (None, Decimal(360), Decimal(0)),
    ]
    assert {row["url"] for row in account["rows"]} == {f"/invoices/{payment.invoice_id}"}


@pytest.mark.parametrize(
    ("label", "query"),
    [
        ("This month", "?from=2026-11-01&to=2026-11-20"),
        ("Last month", "?from=2026-10-01&to=2026-10-31"),
        ("This quarter", "?from=2026-10-01&to=2026-11-20"),
        ("This year", "?from=2026-01-01&to=2026-11-20"),
        ("All", "?period=all"),
    ],
)
def test_periods_on_offer(browser: Browser, customer: Client, invoice: Invoice, label: str, query: str) -> None:
    page = show(browser, customer, query)
    assert (page.status_code, current(page)) == (200, [label])
    assert {tab["label"]: tab["url"] for tab in page.context["tabs"]}[label] == query
    assert page.context["pdf_url"] == f"/clients/{customer.pk}/statement/pdf{query}"


def test_days_of_ones_own_are_no_period_on_offer(browser: Browser, customer: Client, invoice: Invoice) -> None:
    page = show(browser, customer, "?from=2026-11-19")
    assert (current(page), page.context["csv_url"]) == (
        [],
        f"/clients/{customer.pk}/statement/csv?from=2026-11-19&to=2026-11-20",
    )
    assert len(page.context["accounts"]) == 1


def test_wrong_days_are_named_above_this_years_statement(browser: Browser, customer: Client, invoice: Invoice) -> None:
    page = show(browser, customer, "?from=x&to=2026-99-99")
    assert page.status_code == 400
    assert page.context["problems"] == [
        "From: This is no date. Write it as YYYY-MM-DD.",
        "To: This is no date. Write it as YYYY-MM-DD.",
    ]
    assert len(page.context["accounts"]) == 1


def test_empty_period_says_so(browser: Browser, customer: Client) -> None:
    page = show(browser, customer)
    assert (page.context["accounts"], "Nothing in this period" in page.content.decode()) == ([], True)


def test_what_moved_nothing_is_said(browser: Browser, customer: Client, payment: Payment) -> None:
    actor = Actor.system(payment.business_id)
    record_refund(payment=payment, actor=actor, at=timezone.now(), data={"amount": 10})
    account = show(browser, customer).context["accounts"][0]
    assert [row["part"] for row in account["rows"]][:2] == ["", ""]
    assert "10.00" in account["rows"][2]["part"]
    assert account["closing"] == 0


def test_each_currency_has_a_part_of_its_own(
    browser: Browser, business: Business, customer: Client, invoice: Invoice
) -> None:
    assert "<h2>MAD</h2>" not in show(browser, customer).content.decode()
    make_issued(business, customer, currency="EUR")
    page = show(browser, customer)
    assert [account["currency"] for account in page.context["accounts"]] == ["EUR", "MAD"]
    assert re.findall("<h2>([A-Z]{3})</h2>", page.content.decode()) == ["EUR", "MAD"]


def test_files_of_a_statement(browser: Browser, customer: Client, payment: Payment) -> None:
    pdf = browser.get(f"/clients/{customer.pk}/statement/pdf?from=2026-11-01&to=2026-11-20")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert pdf["Content-Disposition"] == 'attachment; filename="statement_Riad-Exemple_2026-11-01_2026-11-20.pdf"'
    table: Any = browser.get(f"/clients/{customer.pk}/statement/csv?period=all")
    lines = b"".join(table.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in lines[1:]] == ["opening_balance", "invoice", "payment", "closing_balance"]
    assert browser.get(f"/clients/{customer.pk}/statement/pdf?from=x").status_code == 400


def test_statement_is_for_members(stranger: Browser, business: Business, customer: Client, invoice: Invoice) -> None:
    viewer = Browser()
    viewer.force_login(make_member(business, Role.VIEWER))
    for path in ("", "/pdf", "/csv"):
        address = f"/clients/{customer.pk}/statement{path}"
        assert [each.get(address).status_code for each in (viewer, stranger, Browser())] == [200, 404, 302]


def test_clients_page_leads_to_the_statement(browser: Browser, customer: Client) -> None:
    page = browser.get(f"/clients/{customer.pk}").content.decode()
    assert f'href="/clients/{customer.pk}/statement"' in page


def test_receipt_stands_at_each_payment(
    browser: Browser, stranger: Browser, business: Business, payment: Payment
) -> None:
    address = f"/invoices/{payment.invoice_id}/payments/{payment.pk}/receipt"
    assert f'href="{address}"' in browser.get(f"/invoices/{payment.invoice_id}").content.decode()
    found = browser.get(address)
    assert found["Content-Disposition"] == 'attachment; filename="receipt_RC-INV-2026-0001-1.pdf"'
    assert found.content.startswith(b"%PDF-")
    other = make_issued(business)
    assert browser.get(f"/invoices/{other.pk}/payments/{payment.pk}/receipt").status_code == 404
    assert stranger.get(address).status_code == 404
