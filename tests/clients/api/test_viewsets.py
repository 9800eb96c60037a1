from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import Business
from clients.models import Client
from tests.factories.accounts import make_business, make_member, make_user
from tests.factories.clients import SAUDI, make_client
from tests.factories.invoicing import make_draft

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("_frozen"),
    pytest.mark.urls("tests.clients.api.urls"),
]
URL = "/api/v1/clients"
FIELDS = [
    "id",
    "business_id",
    "type",
    "name",
    "name_ar",
    "contact_name",
    "email",
    "phone",
    "vat_number",
    "cr_number",
    "tax_ids",
    "vat_registered",
    "address",
    "latitude",
    "longitude",
    "categories",
    "currency",
    "language",
    "send_mail",
    "notes",
    "archived",
    "created_at",
    "updated_at",
]


@pytest.fixture
def _frozen() -> Any:
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False):
        yield


@pytest.fixture
def business() -> Business:
    return make_business(country="MA")


def browser_of(business: Business, role: str = Role.MEMBER) -> Browser:
    """Return a browser of a member in the role, or of an outsider."""
    user = make_business().memberships.get().user if role == "outsider" else make_member(business, role)
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def member(business: Business) -> Browser:
    return browser_of(business)


def send(browser: Browser, method: str, url: str, data: Any = None, **headers: str) -> Any:
    return browser.generic(method, url, "" if data is None else json.dumps(data), "application/json", headers=headers)


def test_create_answers_with_the_whole_client(member: Browser, business: Business) -> None:
    data = {
        "name": "Atlas",
        "email": "billing@EXAMPLE.com",
        "phone": "0600111222",
        "tax_ids": [{"type": "ICE", "value": "001561191000066"}],
        "address": "12, rue Exemple\nRabat",
        "latitude": 34.020882,
        "longitude": "-6.841650",
        "categories": ["Retail"],
    }
    response = send(member, "POST", URL, data)
    client = Client.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": client.pk,
        "business_id": business.pk,
        "type": "business",
        "name": "Atlas",
        "name_ar": "",
        "contact_name": "",
        "email": "billing@example.com",
        "phone": "+212600111222",
        "vat_number": "",
        "cr_number": "",
        "tax_ids": [{"type": "ICE", "value": "001561191000066"}],
        "vat_registered": True,
        "address": {"text": "12, rue Exemple\nRabat"},
        "latitude": 34.020882,
        "longitude": -6.84165,
        "categories": ["Retail"],
        "currency": "",
        "language": "",
        "send_mail": True,
        "notes": "",
        "archived": False,
        "created_at": "2026-11-20T09:00:00Z",
        "updated_at": "2026-11-20T09:00:00Z",
    }
    assert response["ETag"] == f'"{client.pk}-1"'
    assert response["Location"] == f"{URL}/{client.pk}"


def test_create_names_what_is_wrong(member: Browser) -> None:
    response = send(member, "POST", URL, {"email": "x", "address": {"country": "Maroc"}})
    assert response.status_code == 400
    assert response.json() == {
        "detail": "Some fields need your attention.",
        "code": "invalid",
        "errors": {
            "name": ["This is needed."],
            "email": ["This is not an e-mail address, such as name@example.com."],
            "address.country": ["This is not a country code of two letters, such as MA."],
        },
    }


def test_create_holds_saudi_business_clients_to_the_rule() -> None:
    member = browser_of(make_business(country="SA"))
    response = send(member, "POST", URL, {"name": "A", **SAUDI, "vat_number": "30000000000003"})
    assert response.json()["errors"] == {"vat_number": ["15 digits are needed; this has 14."]}
    assert send(member, "POST", URL, {"name": "A", **SAUDI}).status_code == 201
    assert send(member, "POST", URL, {"name": "A", "type": "individual"}).status_code == 201


def test_create_with_a_key_makes_one_client(member: Browser) -> None:
    answers = [send(member, "POST", URL, {"name": "A"}, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotent-Replayed"] == "true"
    assert Client.objects.count() == 1


def test_list_shows_the_newest_first_without_archived_ones(member: Browser, business: Business) -> None:
    first, second = make_client(business, name="B"), make_client(business, name="A")
    Client.objects.filter(pk=first.pk).update(created_at="2026-11-19T00:00:00Z")
    make_client(business, archived_at="2026-11-20T00:00:00Z")
    make_client(make_business())
    answer = member.get(URL).json()
    assert [entry["id"] for entry in answer["results"]] == [second.pk, first.pk]
    assert answer["count"] == 2
    assert list(answer["results"][0]) == FIELDS


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("ordering=name", ["A", "B"]),
        ("ordering=-name", ["B", "A"]),
        ("search=a@example", ["A"]),
        ("type=individual", ["B"]),
        ("country=MA", ["A"]),
        ("category=Retail", ["B"]),
        ("archived=true", ["C"]),
        ("cursor=&ordering=updated_at,name&page_size=100", ["A", "B"]),
    ],
)
def test_list_filters_and_sorts(member: Browser, business: Business, query: str, names: list[str]) -> None:
    make_client(business, name="A", email="a@example.com", address={"country": "MA"})
    make_client(business, name="B", type="individual", categories=["Retail"])
    make_client(business, name="C", archived_at="2026-11-20T00:00:00Z")
    assert [entry["name"] for entry in member.get(f"{URL}?{query}").json()["results"]] == names


@pytest.mark.parametrize("query", ["typ=x", "type=x", "country=XX", "archived=x", "ordering=email", "fields=x"])
def test_list_refuses_unknown_parameters_and_values(member: Browser, query: str) -> None:
    response = member.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [query.partition("=")[0]]


def test_fields_are_the_ones_asked_for(member: Browser, business: Business) -> None:
    client = make_client(business, name="A")
    assert member.get(f"{URL}?fields=name,archived").json()["results"] == [{"name": "A", "archived": False}]
    assert member.get(f"{URL}/{client.pk}?fields=id").json() == {"id": client.pk}


def test_list_reads_rows_once_and_counts_once(member: Browser, business: Business) -> None:
    for _ in range(20):
        make_client(business)
    with CaptureQueriesContext(connection) as queries:
        member.get(f"{URL}?page_size=100")
    assert len([query for query in queries if "clients_client" in query["sql"]]) == 2


def test_retrieve_shows_archived_clients_too(member: Browser, business: Business) -> None:
    client = make_client(business, archived_at="2026-11-20T00:00:00Z")
    response = member.get(f"{URL}/{client.pk}")
    assert (response.status_code, response.json()["archived"], list(response.json())) == (200, True, FIELDS)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_update_keeps_absent_fields(member: Browser, business: Business, method: str) -> None:
    client = make_client(business, name="A", phone="+212600111222")
    response = send(member, method, f"{URL}/{client.pk}", {"name": "B"}, **{"If-Match": f'"{client.pk}-1"'})
    assert response.status_code == 200
    assert (response.json()["name"], response.json()["phone"]) == ("B", "+212600111222")
    assert response["ETag"] == f'"{client.pk}-2"'


def test_what_was_read_can_be_sent_back(member: Browser, business: Business) -> None:
    client = make_client(business, latitude="34.020882", tax_ids=[{"type": "RC", "value": "1"}])
    read = member.get(f"{URL}/{client.pk}").json()
    assert send(member, "PUT", f"{URL}/{client.pk}", read).json() == read


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_stale_version_is_a_412(member: Browser, business: Business, method: str) -> None:
    client = make_client(business, version=2)
    response = send(member, method, f"{URL}/{client.pk}", {"name": "B"}, **{"If-Match": f'"{client.pk}-1"'})
    assert (response.status_code, response.json()["code"]) == (412, "lost_update")


def test_a_taken_email_is_a_400(member: Browser, business: Business) -> None:
    make_client(business, name="A", email="a@example.com")
    response = send(member, "POST", URL, {"name": "B", "email": "A@example.com"})
    assert response.json()["errors"] == {"email": ["Another client has this address: A."]}


def test_delete_without_invoices_is_a_204(member: Browser, business: Business) -> None:
    client = make_client(business)
    response = member.delete(f"{URL}/{client.pk}")
    assert (response.status_code, response.content, Client.objects.count()) == (204, b"", 0)


def test_delete_with_invoices_archives(member: Browser, business: Business) -> None:
    client = make_client(business)
    draft = make_draft(business, client=client)
    response = member.delete(f"{URL}/{client.pk}")
    assert response.status_code == 200
    assert response.json()["message"] == "The client has invoices, so it was archived."
    assert response.json()["client"]["archived"] is True
    draft.refresh_from_db()
    assert draft.client_id == client.pk
    restored = send(member, "PATCH", f"{URL}/{client.pk}", {"archived": False})
    assert restored.json()["archived"] is False


CALLS = [("GET", ""), ("POST", ""), ("GET", "/{id}"), ("PUT", "/{id}"), ("PATCH", "/{id}"), ("DELETE", "/{id}")]


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        (Role.MEMBER, [200, 201, 200, 200, 200, 204]),
        (Role.VIEWER, [200, 403, 200, 403, 403, 403]),
        ("outsider", [404, 404, 404, 404, 404, 404]),
    ],
)
def test_calls_ask_for_the_role(business: Business, role: str, statuses: list[int]) -> None:
    browser = browser_of(business, role)
    found = []
    for method, path in CALLS:
        client = make_client(business)
        query = "" if path else f"?business_id={business.pk}"
        found.append(send(browser, method, URL + path.format(id=client.pk) + query, {"name": "N"}).status_code)
    assert found == statuses


def test_calls_ask_for_a_login(business: Business) -> None:
    client = make_client(business)
    found = [send(Browser(), method, URL + path.format(id=client.pk), {}).status_code for method, path in CALLS]
    assert found == [401] * len(CALLS)


def test_a_user_without_a_business_finds_none() -> None:
    browser = Browser()
    browser.force_login(make_user())
    assert browser.get(URL).status_code == 404
