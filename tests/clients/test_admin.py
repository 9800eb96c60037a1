from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.admin.utils import quote
from django.test import Client as Browser

from clients.models import Client
from tests.factories.accounts import make_business, make_user
from tests.factories.clients import SAUDI, make_client
from tests.factories.invoicing import make_draft

pytestmark = pytest.mark.django_db
URL = "/admin/clients/client/"


@pytest.fixture
def staff() -> Browser:
    browser = Browser()
    browser.force_login(make_user(is_staff=True, is_superuser=True))
    return browser


def address(client: Client) -> str:
    """Return where the admin shows a client."""
    return f"{URL}{quote(client.pk)}/"


def typed(client: Client, **changes: Any) -> dict[str, Any]:
    """Return what the form of a client holds, with changes."""
    kept = {
        "type": client.type,
        "name": client.name,
        "email": client.email,
        "vat_number": client.vat_number,
        "cr_number": client.cr_number,
        "vat_registered": "on",
        "send_mail": "on",
        "tax_ids": json.dumps(client.tax_ids),
        "address": json.dumps(client.address),
        "categories": "[]",
    }
    return kept | changes


@pytest.mark.parametrize("term", ["elan", "300000000000003", "Studio of Atlas"])
def test_admin_finds_clients_of_all_businesses(staff: Browser, term: str) -> None:
    found = make_client(make_business(name="Studio of Atlas"), name="Élan", **SAUDI)
    other = make_client(make_business())
    page = staff.get(URL, {"q": term}).content.decode()
    assert (address(found) in page, address(other) in page) == (True, False)
    assert staff.get(URL, {"archived_at__isempty": "1", "type": "business"}).status_code == 200


def test_admin_saves_by_the_service(staff: Browser) -> None:
    client = make_client(make_business(country="SA"), name="A", **SAUDI)
    response = staff.post(address(client) + "change/", typed(client, name="Élan"))
    assert response.status_code == 302
    client.refresh_from_db()
    assert (client.name, client.version) == ("Élan", 2)
    assert client.search_text.startswith("elan\n")


def test_admin_shows_what_the_service_refuses(staff: Browser) -> None:
    client = make_client(make_business(country="SA"), name="A", **SAUDI)
    response = staff.post(address(client) + "change/", typed(client, vat_number="3", address=json.dumps({"town": "x"})))
    errors = response.context["adminform"].form.errors
    assert list(errors) == ["address", "vat_number"]
    assert errors["vat_number"] == ["15 digits are needed; this has 1."]
    client.refresh_from_db()
    assert client.version == 1


def test_admin_makes_no_clients(staff: Browser) -> None:
    assert staff.get(f"{URL}add/").status_code == 403


def test_admin_deletes_only_what_was_not_billed(staff: Browser) -> None:
    business = make_business()
    free, billed = make_client(business), make_client(business)
    make_draft(business, client=billed)
    for client in (free, billed):
        staff.post(address(client) + "delete/", {"post": "yes"})
    assert list(Client.objects.all()) == [billed]
    another = make_client(business)
    staff.post(URL, {"action": "delete_selected", "_selected_action": [another.pk], "post": "yes"})
    assert list(Client.objects.all()) == [billed]


def test_admin_is_for_staff_alone() -> None:
    browser = Browser()
    browser.force_login(make_user())
    assert browser.get(URL).status_code == 302
