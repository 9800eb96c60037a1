"""What an archived business holds: read, and not changed; nothing is written into another in its place."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Business
from clients.models import Client
from invoicing.models import Invoice
from tests.factories.accounts import make_business, make_member, owner_of
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued
from tests.invoicing.api.conftest import Caller, key_of, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(business: Business) -> Client:
    return make_client(business)


@pytest.fixture
def invoice(business: Business, client: Client) -> Invoice:
    return make_issued(business, client)


@pytest.fixture
def owner(business: Business, invoice: Invoice) -> Caller:
    """Return the owner of the business, which they have archived, and of another one."""
    user = owner_of(business)
    make_business(owner=user)
    caller = Caller(user)
    read(caller.post(f"/businesses/{business.pk}/archive"))
    return caller


def test_its_documents_can_be_read_by_their_ids(
    owner: Caller, business: Business, client: Client, invoice: Invoice
) -> None:
    assert read(owner.get(f"/invoices/{invoice.pk}"))["invoice_number"] == "INV-2026-0001"
    download = owner.get(f"/invoices/{invoice.pk}/download")
    assert (download.status_code, download.content[:5]) == (200, b"%PDF-")
    assert read(owner.get(f"/clients/{client.pk}/statement"))["client_id"] == client.pk
    assert len(read(owner.get(f"/invoices/{invoice.pk}/events"))["results"]) == 2
    viewer = Caller(make_member(business, Role.VIEWER))
    assert read(viewer.get(f"/invoices/{invoice.pk}"))["id"] == invoice.pk


def test_its_lists_can_be_read_where_it_is_named(owner: Caller, business: Business, invoice: Invoice) -> None:
    named = f"business_id={business.pk}"
    assert [row["id"] for row in read(owner.get(f"/invoices?{named}"))["results"]] == [invoice.pk]
    assert [row["id"] for row in read(owner.get(f"/invoices?status=issued&{named}"))["results"]] == [invoice.pk]
    assert read(owner.get(f"/invoices/find?invoice_number=INV-2026-0001&{named}"))["id"] == invoice.pk
    assert b"INV-2026-0001" in b"".join(owner.get(f"/invoices/export?{named}").streaming_content)
    assert read(owner.get(f"/users/me/stats?{named}"))["total_invoices"] == 1
    assert read(owner.get("/invoices"))["results"] == []


def test_nothing_in_it_is_changed(owner: Caller, business: Business, client: Client, invoice: Invoice) -> None:
    answers = [
        owner.patch(f"/invoices/{invoice.pk}", {"notes": "x"}),
        owner.post(f"/invoices/{invoice.pk}/payments", {"amount": 1, "method": "cash"}),
        owner.delete(f"/clients/{client.pk}"),
        owner.post("/invoices", {"business_id": business.pk, "client_name": "x", "items": []}),
    ]
    for answer in answers:
        assert read(answer, 409)["code"] == "business_archived"


def test_strangers_do_not_learn_of_it(owner: Caller, outsider: Caller, business: Business, invoice: Invoice) -> None:
    assert outsider.get(f"/invoices/{invoice.pk}").status_code == 404
    assert outsider.patch(f"/invoices/{invoice.pk}", {"notes": "x"}).status_code == 404
    assert outsider.get(f"/invoices?business_id={business.pk}").status_code == 404


def test_nothing_is_written_into_another_business_in_its_place(owner: Caller, business: Business) -> None:
    body = {"client_name": "x", "items": [{"name": "a", "unit_price": 1}]}
    for path in ("/invoices", "/invoices/preview", "/clients"):
        assert set(read(owner.post(path, body if path != "/clients" else {"name": "x"}), 400)["errors"]) == {
            "business_id"
        }
    other = Business.objects.exclude(pk=business.pk).get()
    assert read(owner.post("/invoices", body | {"business_id": other.pk}), 201)["business_id"] == other.pk
    read(owner.post(f"/businesses/{business.pk}/restore"))
    assert read(owner.post("/invoices", body), 201)["business_id"] == business.pk


def test_a_business_opened_after_it_takes_its_place(business: Business) -> None:
    caller = Caller(owner_of(business))
    read(caller.post(f"/businesses/{business.pk}/archive"))
    opened = read(caller.post("/businesses", {"name": "Another"}), 201)
    body = {"client_name": "x", "items": [{"name": "a", "unit_price": 1}]}
    assert read(caller.post("/invoices", body), 201)["business_id"] == opened["id"]


def test_its_keys_do_not_work(business: Business) -> None:
    draft, program = make_draft(business), key_of(business, "read")
    Business.objects.filter(pk=business.pk).update(archived_at=timezone.now())
    assert read(program.get(f"/invoices/{draft.pk}"), 401)["code"] == "invalid_api_key"
