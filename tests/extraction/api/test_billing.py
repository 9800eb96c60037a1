"""Documents billed on and exported, over the API."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import Business
from extraction.models import Document
from invoicing.models import Invoice
from tests.extraction import papers
from tests.factories.accounts import make_business, make_member
from tests.factories.extraction import make_document, make_read
from tests.invoicing.api.conftest import Caller, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(business: Business) -> Caller:
    return Caller(make_member(business, Role.MEMBER))


def test_a_document_is_billed_on_once_by_its_key(member: Caller, business: Business) -> None:
    document = make_read(business)
    body = {"client_name": "Riad", "markup": 10, "lines": [0]}
    made = [member.post(f"/documents/{document.pk}/invoice", body, idempotency_key="k1") for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201]
    invoice = made[0].json()
    assert made[1].json() == invoice
    assert (invoice["status"], invoice["currency"], invoice["items"][0]["unit_price"]) == ("draft", "EUR", 5.5)
    assert made[0]["Location"] == f"/api/v1/invoices/{invoice['id']}"
    assert member.get(f"/invoices/{invoice['id']}")["ETag"] == made[0]["ETag"]
    assert Invoice.objects.count() == 1
    assert read(member.get(f"/documents/{document.pk}"))["invoices"] == [invoice["id"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"lines": [7], "client_name": "Riad"}, "lines[0]"),
        ({"markup": 5000, "client_name": "Riad"}, "markup"),
        ({"line": [0]}, "line"),
        ({"client_id": "cli_none"}, "client_id"),
    ],
)
def test_a_wrong_body_is_named(member: Caller, business: Business, body: dict[str, Any], field: str) -> None:
    answer = member.post(f"/documents/{make_read(business).pk}/invoice", body)
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_nothing_read_is_a_conflict(member: Caller, business: Business) -> None:
    answer = member.post(f"/documents/{make_document(business).pk}/invoice", {"client_name": "Riad"})
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_read")


def test_who_may_bill(business: Business) -> None:
    document = make_read(business)
    viewer, outsider = Caller(make_member(business, Role.VIEWER)), Caller(make_business().memberships.get().user)
    asked = [caller.post(f"/documents/{document.pk}/invoice", {"client_name": "R"}) for caller in (viewer, outsider)]
    assert [answer.status_code for answer in asked] == [403, 404]


def exported(caller: Caller, query: str = "") -> list[dict[str, str]]:
    answer = caller.get(f"/documents/export?{query}")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_the_list_is_a_file_with_its_filters_and_safe_from_formulas(member: Caller, business: Business) -> None:
    make_read(business)
    make_document(business, papers.plain(), vendor_name="=cmd()", remarks="+1", name="@x.pdf")
    assert [row["number"] for row in exported(member, "status=done")] == ["2026-118"]
    row = exported(member, "status=done&fields=vendor,tax,total,currency")[0]
    assert row == {"vendor": "Example Paper Ltd", "tax": "20.00", "total": "120.00", "currency": "EUR"}
    strange = exported(member, "search=cmd")[0]
    assert (strange["vendor"], strange["remarks"], strange["file_name"]) == ("'=cmd()", "'+1", "'@x.pdf")
    assert member.get("/documents/export?format=pdf").status_code == 400


def test_documents_are_narrowed_by_whether_they_are_verified(member: Caller, business: Business) -> None:
    found = make_read(business)
    make_document(business, papers.plain())
    member.patch(f"/documents/{found.pk}/data", {"manual_verified": True})
    ids = {
        word: [row["id"] for row in read(member.get(f"/documents?verified={word}"))["results"]]
        for word in ("true", "false")
    }
    assert ids["true"] == [found.pk]
    assert ids["false"] == [Document.objects.exclude(pk=found.pk).get().pk]
