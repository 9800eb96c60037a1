from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from accounts.models import Business
from accounts.tenancy import Actor
from config.pages.money import Change
from invoicing.services.settlement import record_payment, record_refund
from tests.factories.accounts import make_business, make_user
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)


@pytest.fixture
def business() -> Business:
    owner = make_user(full_name="Owner Person")
    return make_business(
        owner=owner, currency="MAD", country="MA", timezone="Africa/Casablanca", address={"city": "Fes"}
    )


@pytest.fixture
def browser(business: Business) -> Browser:
    browser = Browser()
    browser.force_login(business.memberships.get().user)
    return browser


def pay(invoice: Any, amount: str, at: datetime, method: str = "cash") -> Any:
    actor = Actor.system(invoice.business_id)
    return record_payment(
        invoice=invoice, actor=actor, at=at, data={"amount": amount, "method": method, "received_at": at}
    )


def test_visitors_are_sent_to_the_login(client: Browser) -> None:
    assert client.get("/")["Location"] == "/accounts/login/?next=/"


@pytest.mark.parametrize(
    ("hour", "words"), [(7, "Good morning, Owner"), (12, "Good afternoon, Owner"), (20, "Good evening, Owner")]
)
def test_home_greets_by_the_time_of_the_business(browser: Browser, hour: int, words: str) -> None:
    with time_machine.travel(datetime(2026, 7, 1, hour, tzinfo=UTC), tick=False):
        assert browser.get("/").context["greeting"] == words


def steps(browser: Browser) -> list[str]:
    found = browser.get("/").context["steps"]
    return ["done" if step["done"] else "now" if step["now"] else "later" for step in found]


def test_home_leads_a_newcomer_in_three_steps(browser: Browser, business: Business) -> None:
    Business.objects.update(country="", address={})
    assert steps(browser) == ["now", "later", "later"]
    Business.objects.update(country="MA", address={"city": "Fes"})
    assert steps(browser) == ["done", "now", "later"]
    customer = make_client(business)
    assert steps(browser) == ["done", "done", "now"]
    make_draft(business, customer)
    assert steps(browser) == ["done", "done", "now"]
    make_issued(business, customer)
    assert steps(browser) == []


def test_home_shows_money_in_one_currency_this_month_against_the_last(browser: Browser, business: Business) -> None:
    with time_machine.travel(NOW, tick=False):
        january = datetime(2026, 1, 10, tzinfo=UTC)
        late = make_issued(business, at=january)
        pay(late, "50", datetime(2026, 2, 28, 12, tzinfo=UTC))  # after the 15th
        pay(late, "20", datetime(2026, 2, 15, 12, tzinfo=UTC))
        other = make_issued(business, at=NOW)
        payment = pay(other, "100", NOW)
        record_refund(payment=payment, actor=Actor.system(business.pk), at=NOW, data={"amount": "30"})
        make_issued(business, at=NOW, currency="EUR")
        make_draft(business, at=NOW)
        make_issued(make_business(), at=NOW)
        home, euros = browser.get("/").context, browser.get("/?currency=eur").context
    assert home["currencies"] == ["MAD", "EUR"]
    due = home["shown"].standing
    assert late.due_date is not None
    assert (due.due, due.due_count, due.overdue, due.overdue_count, home["oldest_days"]) == (
        Decimal(460), 2, Decimal(230), 1, (NOW.date() - late.due_date).days,
    )  # fmt: skip
    assert (home["shown"].present.paid, home["paid_change"]) == (70, Change("more", Decimal(20), Decimal(250)))
    assert (home["shown"].present.invoiced, home["invoiced_change"]) == (300, Change("first", Decimal(0)))
    assert (home["month_name"], home["then"]) == ("March", "15 February")
    assert (euros["shown"].currency, euros["shown"].standing.due, euros["paid_change"].kind) == ("EUR", 300, "nothing")


def test_an_unknown_currency_shows_the_businesss_own(browser: Browser, business: Business) -> None:
    make_issued(business)
    assert browser.get("/?currency=XXX").context["shown"].currency == "MAD"


def test_home_has_the_months_as_chart_and_as_table(browser: Browser, business: Business) -> None:
    with time_machine.travel(NOW, tick=False):
        pay(make_issued(business, at=NOW), "100", NOW)
        html = browser.get("/").content.decode()
    assert [len(re.findall('class="month"', part)) for part in html.split('<svg class="chart')[1:]] == [12, 6]
    assert "March 2026: invoiced MAD\xa0300.00, paid MAD\xa0100.00" in html
    assert len(re.findall('<th scope="row">', html)) == 12


def test_home_takes_the_same_number_of_queries_however_much_there_is(
    browser: Browser, business: Business, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with time_machine.travel(NOW, tick=False):
        make_issued(business, at=NOW - timedelta(days=60))
        browser.get("/")  # notes the session
        with django_assert_max_num_queries(20) as few:
            browser.get("/")
        for currency in ("MAD", "EUR", "USD"):
            pay(make_issued(business, at=NOW - timedelta(days=60), currency=currency), "10", NOW)
            make_draft(business, at=NOW - timedelta(days=9))
        make_issued(business, at=NOW)
        with django_assert_max_num_queries(20) as many:
            browser.get("/?todo=all")
    assert len(few.captured_queries) == len(many.captured_queries)


def test_home_shows_the_five_last_written(browser: Browser, business: Business) -> None:
    for name in "ABCDEF":
        make_draft(business, client_name=name)
    shown = [(invoice.client_name, status) for invoice, status in browser.get("/").context["recent"]]
    assert shown == [(name, "draft") for name in "FEDCB"]


def test_shell_finds_invoices_by_what_is_typed_into_its_search(browser: Browser, business: Business) -> None:
    number = make_issued(business).number
    make_issued(business)
    shell = browser.get("/").content.decode()
    found = re.search(r'role="search" action="([^"]+)".*?<input type="search" name="([^"]+)"', shell, re.DOTALL)
    assert found is not None
    page = browser.get(found[1], {found[2]: str(number)})
    words = re.sub(r"<[^>]+>", "", page.content.decode())
    assert (page.status_code, set(re.findall(r"INV-\d{4}-\d+", words))) == (200, {number})
