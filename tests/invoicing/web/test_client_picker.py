from __future__ import annotations

import pytest
from django.test import Client as Browser

from accounts.choices import Role
from accounts.models import Business
from clients.models import Client
from invoicing.web.client_picker import initials
from tests.factories.accounts import make_member
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft

pytestmark = pytest.mark.django_db
CHOICES, SPOT = "/invoices/clients", "/invoices/clients/new"


def found(browser: Browser, term: str) -> list[str]:
    return [card["client"].name for card in browser.get(CHOICES, {"q": term}).context["cards"]]


def test_clients_are_found_by_words_of_their_names(browser: Browser, business: Business) -> None:
    for name in ("Riad Exemple", "Clinique Exemple", "مؤسسة المثال"):
        make_client(business, name=name)
    assert found(browser, "exemple ria") == ["Riad Exemple"]
    page = browser.get(CHOICES, {"q": "cli"}).content.decode()
    assert "<mark>Cli</mark>nique Exemple" in page
    assert "New client “<bdi>&lt;b&gt;</bdi>”" in browser.get(CHOICES, {"q": "<b>"}).content.decode()


def test_before_anything_is_typed_those_billed_last_come_first(browser: Browser, business: Business) -> None:
    for name in ("Atlas", "Berbère", "Cèdre"):
        make_draft(business, make_client(business, name=name))
    make_client(business, name="Aaron")
    assert found(browser, "") == ["Cèdre", "Berbère", "Atlas", "Aaron"]


def test_the_card_says_where_a_client_is_and_its_tax_numbers(browser: Browser, business: Business) -> None:
    make_client(
        business, name="Riad Exemple", address={"street": "8 derb Exemple", "city": "Marrakesh", "country": "MA"},
        tax_ids=[{"type": "ICE", "value": "001893350000074"}],
    )  # fmt: skip
    [card] = browser.get(CHOICES).context["cards"]
    assert (card["place"], card["numbers"]) == ("8 derb Exemple, Marrakesh", [("ICE", "001893350000074")])


def test_a_client_is_made_on_the_spot(browser: Browser, business: Business) -> None:
    sent = {"client_name": "Café Exemple", "client_email": "cafe@example.com", "client_type": "individual"}
    answer = browser.post(SPOT, sent)
    made = Client.objects.get()
    assert (answer.status_code, made.name, made.email, made.type) == (
        201, "Café Exemple", "cafe@example.com", "individual",
    )  # fmt: skip
    assert f'data-id="{made.pk}"' in answer.content.decode()
    assert browser.post(SPOT, sent).context["card"]["client"] == made


def test_what_is_wrong_with_a_new_client_shows_at_its_field(browser: Browser, business: Business) -> None:
    answer = browser.post(SPOT, {"client_name": "Café", "client_email": "nobody"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["client_email"])
    assert Client.objects.count() == 0


def test_viewers_make_none_and_strangers_find_none(business: Business, stranger: Browser, customer: Client) -> None:
    viewer = Browser()
    viewer.force_login(make_member(business, Role.VIEWER))
    assert [viewer.get(CHOICES).status_code, viewer.post(SPOT, {"client_name": "X"}).status_code] == [403, 403]
    assert found(stranger, "") == []


def test_initials_of_arabic_names_do_not_join() -> None:
    assert [initials(name) for name in ("Riad Zellige SARL", "رياض الزليج", "Solo", "«–»")] == ["RZ", "ر ا", "S", ""]
