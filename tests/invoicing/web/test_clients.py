from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Invoice
from invoicing.queries import ClientYear
from invoicing.queries.standings import Owed
from invoicing.services.settlement import record_payment
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db


def pay(invoice: Invoice, amount: str, *, at: datetime | None = None) -> None:
    actor, at = Actor.system(invoice.business_id), at or timezone.now()
    record_payment(invoice=invoice, actor=actor, at=at, data={"amount": amount, "method": "cash"})


def late(invoice: Invoice) -> Invoice:
    Invoice.objects.filter(pk=invoice.pk).update(overdue_at=timezone.now() - timedelta(days=1))
    return invoice


def test_client_page_shows_amounts_by_currency_and_invoices(
    browser: Browser, business: Business, customer: Client
) -> None:
    pay(make_issued(business, customer), "100")
    late(make_issued(business, customer, currency="EUR"))
    make_draft(business, customer)
    make_issued(business)
    pay(make_issued(business, customer), "360", at=timezone.now() + timedelta(days=3))
    page = browser.get(f"/clients/{customer.pk}")
    assert page.context["figures"] == [
        ClientYear("EUR", owed=Decimal(360), overdue=Decimal(360), invoiced=Decimal(360), days_to_pay=None),
        ClientYear("MAD", owed=Decimal(260), overdue=Decimal(0), invoiced=Decimal(720), days_to_pay=3),
    ]
    assert [status for _invoice, status in page.context["invoices"]] == ["paid", "draft", "overdue", "partially_paid"]
    counts = {str(each["url"]): each["count"] for each in page.context["tabs"]}
    assert counts == {
        "?tab=all#invoices": 4, "?tab=open#invoices": 2, "?tab=overdue#invoices": 1, "?tab=paid#invoices": 1,
        "?tab=draft#invoices": 1,
    }  # fmt: skip
    late_ones = browser.get(f"/clients/{customer.pk}?tab=overdue").context["invoices"]
    assert [status for _invoice, status in late_ones] == ["overdue"]


def test_client_page_without_invoices_says_so(browser: Browser, customer: Client) -> None:
    page = browser.get(f"/clients/{customer.pk}")
    assert (page.status_code, page.context["figures"], page.context["invoices"]) == (200, [], [])
    assert "Nothing was written for this client yet." in page.content.decode()
    assert browser.get("/clients/new").status_code == 200


def test_a_client_with_invoices_can_be_archived_and_not_deleted(
    browser: Browser, business: Business, customer: Client
) -> None:
    assert "It is gone for good." in browser.get(f"/clients/{customer.pk}/delete").content.decode()
    make_draft(business, customer)
    page = browser.get(f"/clients/{customer.pk}/delete").content.decode()
    assert ("This client cannot be deleted" in page, "It is gone for good." in page) == (True, False)


# The list


def names(page: Any) -> list[str]:
    return [client.name for client, _standing in page.context["rows"]]


@pytest.fixture
def four(business: Business) -> list[Client]:
    """Return a client who is late in two currencies, one who owes, one who has paid, and an archived one who owes."""
    clients = [make_client(business, name=name) for name in ("Late", "Owing", "Paid", "Archived")]
    late(make_issued(business, clients[0]))
    make_issued(business, clients[0], currency="EUR")
    make_issued(business, clients[1])
    pay(make_issued(business, clients[2]), "360")
    make_issued(business, clients[3])
    Client.objects.filter(pk=clients[3].pk).update(archived_at=timezone.now())
    return clients


def test_the_list_shows_what_each_client_owes(browser: Browser, business: Business, four: list[Client]) -> None:
    page = browser.get("/clients")
    today = timezone.now().astimezone(ZoneInfo(business.timezone)).date()
    standings = {client.name: standing for client, standing in page.context["rows"]}
    assert list(standings) == ["Late", "Owing", "Paid"]
    assert standings["Late"].owed == [
        Owed("EUR", Decimal(360), Decimal(0)), Owed("MAD", Decimal(360), Decimal(360)),
    ]  # fmt: skip
    assert (standings["Paid"].owed, standings["Paid"].last_issued) == ([], today)
    assert page.context["owed"] == [Owed("MAD", Decimal(720), Decimal(360)), Owed("EUR", Decimal(360), Decimal(0))]
    assert [each["count"] for each in page.context["tabs"]] == [3, 2, 1, 1]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("standing=owing", ["Late", "Owing"]),
        ("standing=overdue", ["Late"]),
        ("standing=overdue&search=owing", []),
        ("standing=nonsense", ["Late", "Owing", "Paid"]),
        ("archived=true", ["Archived"]),
    ],
)
def test_the_list_is_narrowed(browser: Browser, four: list[Client], query: str, shown: list[str]) -> None:
    page = browser.get(f"/clients?{query}")
    assert (page.status_code, names(page)) == (200, shown)


def test_a_tab_keeps_what_is_searched_for(browser: Browser, four: list[Client]) -> None:
    tabs = browser.get("/clients?search=a&country=MA&standing=owing&page=1").context["tabs"]
    assert [each["url"] for each in tabs] == [
        "/clients?search=a&country=MA", "/clients?search=a&country=MA&standing=owing",
        "/clients?search=a&country=MA&standing=overdue", "/clients?search=a&country=MA&archived=true",
    ]  # fmt: skip


def test_the_list_asks_as_often_for_many_clients_as_for_one(
    browser: Browser, business: Business, four: list[Client], django_assert_num_queries: Any
) -> None:
    browser.get("/clients")
    with CaptureQueriesContext(connection) as few:
        browser.get("/clients")
    for number in range(12):
        make_issued(business, make_client(business, name=f"More {number}"), currency="EUR")
    with django_assert_num_queries(len(few)):
        browser.get("/clients")


def test_a_client_s_page_asks_as_often_for_many_invoices_as_for_one(
    browser: Browser, business: Business, customer: Client, django_assert_num_queries: Any
) -> None:
    make_issued(business, customer)
    browser.get(f"/clients/{customer.pk}")
    with CaptureQueriesContext(connection) as few:
        browser.get(f"/clients/{customer.pk}")
    for _number in range(5):
        make_issued(business, customer, currency="EUR")
    with django_assert_num_queries(len(few)):
        browser.get(f"/clients/{customer.pk}")


def test_the_list_of_a_stranger_is_empty(stranger: Browser, four: list[Client]) -> None:
    assert stranger.get("/clients").context["clients"] == []


def test_client_page_of_a_stranger_is_not_there(stranger: Browser, customer: Client) -> None:
    assert stranger.get(f"/clients/{customer.pk}").status_code == 404
