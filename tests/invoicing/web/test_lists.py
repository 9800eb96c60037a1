from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Business
from accounts.tenancy import Actor
from invoicing.services.corrections import cancel_invoice
from invoicing.services.settlement import record_payment
from tests.factories.accounts import make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
LIST = "/invoices"


def shown(page: Any) -> list[str]:
    return [f"{invoice.client_name} {status}" for invoice, status in page.context["rows"]]


def sums(page: Any) -> list[tuple[str, int, Decimal, Decimal]]:
    return [(each.currency, each.count, each.total, each.due) for each in page.context["sums"]]


@pytest.fixture
def several(business: Business) -> Business:
    """Return the business with a draft, a paid, an overdue, a cancelled and a euro invoice, each of 360 with tax."""
    actor, now = Actor.system(business.pk), timezone.now()
    clients = {name: make_client(business, name=name) for name in ("Alpha", "Béta", "Gamma", "Delta", "Epsilon")}
    make_draft(business, clients["Alpha"], at=now - timedelta(days=50))
    paid = make_issued(business, clients["Béta"], at=now - timedelta(days=45))
    record_payment(invoice=paid, actor=actor, at=now, data={"amount": "360", "method": "cash"})
    make_issued(business, clients["Gamma"], at=now - timedelta(days=40))
    cancel_invoice(invoice=make_issued(business, clients["Delta"]), actor=actor, at=now)
    make_issued(business, clients["Epsilon"], currency="EUR")
    return business


def test_list_shows_each_with_its_status_newest_first(browser: Browser, several: Business) -> None:
    page = browser.get(LIST)
    assert shown(page) == ["Epsilon issued", "Delta cancelled", "Gamma overdue", "Béta paid", "Alpha draft"]
    assert {str(tab["label"]): tab["count"] for tab in page.context["tabs"]} == {
        "All": 5, "Drafts": 1, "Open": 2, "Overdue": 1, "Paid": 1, "Notes": 0,
    }  # fmt: skip
    assert sums(page) == [
        ("MAD", 4, Decimal(1080), Decimal(360)),
        ("EUR", 1, Decimal(360), Decimal(360)),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=draft", ["Alpha draft"]),
        ("open=true", ["Epsilon issued", "Gamma overdue"]),
        ("status=overdue", ["Gamma overdue"]),
        ("search=beta", ["Béta paid"]),
        ("client_name=bét", ["Béta paid"]),
        ("currency=EUR", ["Epsilon issued"]),
        ("open=true&currency=MAD", ["Gamma overdue"]),
        ("ordering=client_name", ["Alpha draft", "Béta paid", "Delta cancelled", "Epsilon issued", "Gamma overdue"]),
        ("ordering=nonsense&search=alpha", ["Alpha draft"]),
        ("issued_after=2999-01-01", []),
    ],
)
def test_list_is_narrowed_and_sorted(browser: Browser, several: Business, query: str, found: list[str]) -> None:
    assert shown(browser.get(f"{LIST}?{query}")) == found


def test_list_says_what_was_asked_wrongly(browser: Browser, several: Business) -> None:
    page = browser.get(f"{LIST}?currency=EURO")
    assert page.context["problems"] == ["This is not a currency code of three letters, such as EUR."]


def test_tabs_keep_search_and_filters_and_chips_take_one_away(browser: Browser, several: Business) -> None:
    page = browser.get(f"{LIST}?search=a&currency=MAD&status=paid&page=1")
    tabs = {str(tab["label"]): tab for tab in page.context["tabs"]}
    assert (tabs["Paid"]["current"], tabs["All"]["current"]) == (True, False)
    assert tabs["Overdue"]["url"] == "?search=a&currency=MAD&status=overdue"
    assert [(chip["label"], chip["value"], chip["url"]) for chip in page.context["chips"]] == [
        ("Currency", "MAD", "?search=a&status=paid")
    ]


def test_heads_turn_the_order(browser: Browser, several: Business) -> None:
    heads = browser.get(f"{LIST}?ordering=-total&search=a").context["heads"]
    assert (heads["total"]["sort"], heads["total"]["url"]) == ("descending", "?search=a&ordering=total")
    assert (heads["client_name"]["sort"], heads["client_name"]["url"]) == ("", "?search=a&ordering=client_name")
    assert heads["due_date"]["url"] == "?search=a&ordering=-due_date"


def test_list_is_paged(browser: Browser, business: Business) -> None:
    customer = make_client(business)
    for _number in range(26):
        make_draft(business, customer)
    assert [len(shown(browser.get(f"{LIST}?page={page}"))) for page in (1, 2)] == [25, 1]


def test_list_takes_the_same_number_of_queries_however_long(
    browser: Browser, business: Business, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(3):
        make_issued(business)
    browser.get(LIST)  # notes the session
    with django_assert_max_num_queries(16) as few:
        browser.get(LIST)
    for _number in range(9):
        make_issued(business)
    with django_assert_max_num_queries(16) as many:
        browser.get(LIST)
    assert len(few.captured_queries) == len(many.captured_queries)


def test_empty_list_shows_the_way(browser: Browser, business: Business) -> None:
    assert "No invoices yet" in browser.get(LIST).content.decode()


def test_strangers_see_their_own(stranger: Browser, several: Business) -> None:
    assert shown(stranger.get(LIST)) == []


def test_list_shows_the_business_that_is_looked_at(browser: Browser, several: Business) -> None:
    other = make_business(owner=several.memberships.get().user, name="Second")
    make_draft(other, client_name="Elsewhere")
    browser.post("/settings/switch", {"business": other.pk})
    session = browser.session
    session["business_id"] = other.pk
    session.save()
    assert shown(browser.get(LIST)) == ["Elsewhere draft"]
