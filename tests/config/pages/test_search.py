from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client as Browser

from accounts.choices import Role
from accounts.models import Business
from config.pages import search
from config.pages.search import ON_PAGE, commands_for
from tests.factories.accounts import make_business, make_member, owner_of
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
SEARCH = "/search"
PALETTE = {"HX-Request": "true", "HX-Target": "palette-found"}


@pytest.fixture
def business() -> Business:
    return make_business(currency="MAD", country="MA", address={"city": "Fes"})


@pytest.fixture
def browser(business: Business) -> Browser:
    browser = Browser()
    browser.force_login(owner_of(business))
    return browser


def found(browser: Browser, term: str) -> dict[str, list[str]]:
    groups = browser.get(SEARCH, {"q": term}).context["groups"]
    return {
        group.name: [row.name if group.name == "clients" else row[0].client_name for row in group.rows]
        for group in groups
    }


def test_search_finds_clients_and_documents_by_words(browser: Browser, business: Business) -> None:
    zellige = make_client(business, name="Riad Zellige")
    make_issued(business, zellige)
    make_issued(business, make_client(business, name="Other"))
    assert found(browser, "zell RIAD") == {"clients": ["Riad Zellige"], "invoices": ["Riad Zellige"]}
    assert found(browser, "nobody") == {}


def test_search_finds_a_number_and_a_reference(browser: Browser, business: Business) -> None:
    invoice = make_issued(business, make_client(business, name="One"), reference="PO-778")
    assert found(browser, str(invoice.number)) == {"invoices": ["One"]}
    assert found(browser, "po-778") == {"invoices": ["One"]}


@pytest.mark.parametrize("term", ["22,680", "22680.00", "22.680,00", "22 680,00 MAD", "٢٢٬٦٨٠٫٠٠"])
def test_search_finds_an_amount_however_it_is_typed(browser: Browser, business: Business, term: str) -> None:
    item = {"name": "Work", "quantity": 1, "unit_price": "22680"}
    make_issued(business, make_client(business, name="That"), [item])
    make_issued(business, make_client(business, name="Other"))
    assert found(browser, term) == {"amounts": ["That"]}


def test_search_tells_how_many_there_are_and_where(browser: Browser, business: Business) -> None:
    customer = make_client(business, name="Often")
    for _number in range(ON_PAGE + 2):
        make_draft(business, customer)
    group = browser.get(SEARCH, {"q": "often"}).context["groups"][1]
    assert (len(group.rows), group.count, group.url) == (ON_PAGE, ON_PAGE + 2, "/invoices?search=often")
    assert browser.get(group.url).context["page"].paginator.count == ON_PAGE + 2


def test_search_stays_within_the_business(browser: Browser) -> None:
    other = make_business()
    make_issued(other, make_client(other, name="Foreign"))
    assert found(browser, "foreign") == {}


@pytest.mark.parametrize(
    "term", ["", " ", "%", "_", "'; drop table", "<script>", "a" * 5000, "9" * 400, "\\", "1e999", "NaN", "-"]
)
def test_search_takes_whatever_is_typed(browser: Browser, business: Business, term: str) -> None:
    make_issued(business)
    answer = browser.get(SEARCH, {"q": term})
    assert (answer.status_code, b"<script>" in answer.content) == (200, False)


def test_search_takes_the_same_number_of_queries_however_much_is_found(
    browser: Browser, business: Business, django_assert_max_num_queries: Any
) -> None:
    make_issued(business, make_client(business, name="Many 300"))
    browser.get(SEARCH)  # notes the session
    with django_assert_max_num_queries(14) as few:
        browser.get(SEARCH, {"q": "300"})
    for number in range(8):
        make_issued(business, make_client(business, name=f"Many 300 {number}"))
    with django_assert_max_num_queries(14) as many:
        browser.get(SEARCH, {"q": "300"})
    assert len(few.captured_queries) == len(many.captured_queries)


def test_search_sends_visitors_to_the_login(client: Browser) -> None:
    assert client.get("/search?q=x")["Location"] == "/accounts/login/?next=/search%3Fq%3Dx"


def test_palette_shows_what_is_found_then_what_can_be_done(browser: Browser, business: Business) -> None:
    make_issued(business, make_client(business, name="Riad Zellige"))
    page = browser.get(SEARCH, {"q": "zell"}, headers=PALETTE).content.decode()
    assert re.findall(r'aria-labelledby="palette-(\w+)"', page) == ["clients", "invoices", "do"]
    assert "Riad <mark>Zell</mark>ige" in page
    assert "<html" not in page


def test_palette_looks_for_a_letter_among_the_newest(
    browser: Browser, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "NEWEST", 1)
    for name in ("Zq one", "Zq two"):
        make_issued(business, make_client(business, name=name))
    invoices = {
        term: browser.get(SEARCH, {"q": term}, headers=PALETTE).content.decode().count('id="palette-invoices-')
        for term in ("zq", "zq one")
    }
    assert invoices == {"zq": 1, "zq one": 1}
    assert len(found(browser, "zq")["invoices"]) == 2


def test_palette_offers_a_viewer_nothing_that_writes(business: Business) -> None:
    viewer = Browser()
    viewer.force_login(make_member(business, Role.VIEWER))
    make_client(business, name="Riad")
    page = viewer.get(SEARCH, {"q": "ri"}, headers=PALETTE).content.decode()
    assert ("palette-clients-1" in page, "/invoices/new" in page) == (True, False)


def test_commands_are_found_by_words_of_their_name() -> None:
    assert [str(command.label) for command in commands_for("cli ne", writes=True)] == ["New client"]
    assert [command.value for command in commands_for("العربية", writes=False)] == ["ar"]
    assert commands_for("no such thing", writes=True) == []
