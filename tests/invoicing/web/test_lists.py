from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.domain.lifecycle import Status
from invoicing.services.corrections import cancel_invoice
from invoicing.services.settlement import record_payment
from invoicing.web.narrowing import status_choices
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
        ("search=360,00", ["Epsilon issued", "Delta cancelled", "Gamma overdue", "Béta paid", "Alpha draft"]),
        ("search=361", []),
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
    page = browser.get(f"{LIST}?currency=EURO&issued=yesterday&min_amount=much")
    assert page.context["problems"] == [
        "Currency: This is not a currency code of three letters, such as EUR.",
        "Total from: A number is needed here.",
        "“yesterday” is no period. Known are: this_month, last_month, this_quarter, last_quarter, this_year, last_year.",
    ]
    assert len(shown(page)) == 5


def test_tabs_keep_search_and_filters_and_chips_take_one_away(browser: Browser, several: Business) -> None:
    page = browser.get(f"{LIST}?search=a&currency=MAD&status=paid&page=1")
    tabs = {str(tab["label"]): tab for tab in page.context["tabs"]}
    assert (tabs["Paid"]["current"], tabs["All"]["current"]) == (True, False)
    assert tabs["Overdue"]["url"] == "?search=a&currency=MAD&status=overdue"
    assert chips(page) == [("Currency", "MAD", "?search=a&status=paid")]


def chips(page: Any) -> list[tuple[str, str, str]]:
    return [(str(chip.label), chip.value, chip.clear_url) for chip in page.context["chips"] if chip.value]


@time_machine.travel("2026-11-20T12:00:00Z", tick=False)
def test_chips_say_what_the_list_is_narrowed_by(browser: Browser, several: Business) -> None:
    client = Client.objects.get(name="Gamma")
    query = f"client_id={client.pk}&issued=last_quarter&due_after=2026-10-01&min_amount=100&max_amount=5000.5"
    assert chips(browser.get(f"{LIST}?{query}&status=overdue,paid,draft")) == [
        ("Status", "Draft, Paid +1", f"?{query}"),
        ("Client", "Gamma", f"?{query.partition('&')[2]}&status=overdue%2Cpaid%2Cdraft"),
        ("Issued", "last quarter", f"?{query.replace('&issued=last_quarter', '')}&status=overdue%2Cpaid%2Cdraft"),
        ("Due", "from 1 Oct 2026", f"?{query.replace('&due_after=2026-10-01', '')}&status=overdue%2Cpaid%2Cdraft"),
        ("Amount", "100 – 5,000.50", f"?{query.partition('&min')[0]}&status=overdue%2Cpaid%2Cdraft"),
    ]


def test_several_statuses_are_ticked_as_a_form_sends_them(browser: Browser, several: Business) -> None:
    page = browser.get(f"{LIST}?status=draft&status=paid&client_name=&min_amount=&open=true")
    assert shown(page) == ["Béta paid", "Alpha draft"]
    assert page.context["query"] == "status=draft%2Cpaid"


@time_machine.travel("2026-11-20T12:00:00Z", tick=False)
def test_a_named_period_moves_with_the_day(browser: Browser, several: Business) -> None:
    assert shown(browser.get(f"{LIST}?issued=this_month")) == ["Epsilon issued", "Delta cancelled"]
    assert shown(browser.get(f"{LIST}?issued=last_month")) == ["Gamma overdue", "Béta paid"]
    # Days that are typed win over the period that was chosen before.
    page = browser.get(f"{LIST}?issued=last_month&issued_after=2026-11-01")
    assert (shown(page), page.context["asked"]["issued"]) == (["Epsilon issued", "Delta cancelled"], "")


def test_nothing_left_names_the_filters(browser: Browser, several: Business) -> None:
    page = browser.get(f"{LIST}?search=nobody&currency=EUR")
    assert page.context["filters_named"] == ["“nobody”", "Currency: EUR"]
    assert "Nothing matches “nobody” · Currency: EUR" in page.content.decode()


def test_each_row_can_be_ticked_and_opened(browser: Browser, several: Business) -> None:
    html = browser.get(LIST).content.decode()
    assert len(re.findall(r'<input type="checkbox" name="selected" value="inv_', html)) == 5
    assert len(re.findall(r'<a class="go" href="/invoices/inv_', html)) == 5


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


def test_the_menu_of_statuses_follows_a_documents_life() -> None:
    values = [value for value, _word in status_choices()]
    assert values[:2] == ["draft", "issued"]
    assert sorted(values) == sorted(Status.values)
