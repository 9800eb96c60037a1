"""Lists as files."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Business
from accounts.tenancy import Actor
from invoicing.services.exports import CLIENT_FIELDS, INVOICE_FIELDS
from invoicing.services.settlement import record_payment
from tests.factories.accounts import make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued
from tests.invoicing.api.conftest import Caller, key_of, read

pytestmark = pytest.mark.django_db
PATHS = ("/invoices/export", "/clients/export")


def content(response: Any) -> bytes:
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content)


def rows(caller: Caller, query: str) -> list[dict[str, str]]:
    """Return the rows of an export in CSV."""
    text = content(caller.get(query)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheet(caller: Caller, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of an export in XLSX."""
    book = openpyxl.load_workbook(io.BytesIO(content(caller.get(query))))
    return [tuple(cell.value for cell in row) for row in book.active.iter_rows()]


def column(caller: Caller, query: str, name: str) -> list[str]:
    return [row[name] for row in rows(caller, query)]


# Invoices


def test_an_invoice_is_exported_with_the_names_and_values_of_the_list(business: Business, viewer: Caller) -> None:
    client = make_client(business, name="=Atlas", email="a@example.com", phone="+212600111222")
    invoice = make_issued(business, client, reference="PO-7", tax_rate=20)
    record_payment(
        invoice=invoice, actor=Actor.system(business.pk), at=timezone.now(), data={"amount": "60.50", "method": "cash"}
    )
    invoice.refresh_from_db()
    [found] = rows(viewer, "/invoices/export")
    assert list(found) == list(INVOICE_FIELDS)
    shown = {name: text for name, text in found.items() if text}
    assert shown == {
        "id": invoice.pk,
        "business_id": business.pk,
        "invoice_number": "INV-2026-0001",
        "type": "general",
        "status": "partially_paid",
        "reference": "PO-7",
        "client_id": client.pk,
        "client_type": "business",
        "client_name": "'=Atlas",
        "client_email": "a@example.com",
        "client_phone": "'+212600111222",
        "issue_date": "2026-11-20",
        "due_date": "2026-12-20",
        "currency": "MAD",
        "subtotal": "300.00",
        "discount_amount": "0.00",
        "taxable_amount": "300.00",
        "tax_amount": "60.00",
        "total": "360.00",
        "amount_credited": "0.00",
        "amount_paid": "60.50",
        "amount_refunded": "0.00",
        "amount_due": "299.50",
        "payment_link": f"{settings.PUBLIC_URL}/pay/{invoice.token}",
        "issued_at": "2026-11-20T09:00:00Z",
        "created_at": "2026-11-20T09:00:00Z",
        "updated_at": "2026-11-20T09:00:00Z",
    }
    listed = read(viewer.get("/invoices"))["results"][0]
    assert set(INVOICE_FIELDS) <= set(listed)
    plain = set(shown) - {"client_name", "client_phone"}
    assert {name: str(listed[name]) for name in plain if not isinstance(listed[name], Decimal | int)} == {
        name: shown[name] for name in plain if not isinstance(listed[name], Decimal | int)
    }
    amounts = [name for name in INVOICE_FIELDS if isinstance(listed[name], Decimal | int)]
    assert {name: Decimal(found[name]) for name in amounts} == {name: listed[name] for name in amounts}


def test_amounts_have_the_decimals_of_their_currency(business: Business, viewer: Caller) -> None:
    for currency, price in (("JPY", "5"), ("BHD", "1.125"), ("EUR", "1.1")):
        make_issued(business, currency=currency, items=[{"name": "One", "unit_price": price}])
    query = "/invoices/export?ordering=total&fields=currency,total"
    assert rows(viewer, query) == [
        {"currency": "EUR", "total": "1.10"},
        {"currency": "BHD", "total": "1.125"},
        {"currency": "JPY", "total": "5"},
    ]
    assert sheet(viewer, f"{query}&format=xlsx") == [("currency", "total"), ("EUR", 1.1), ("BHD", 1.125), ("JPY", 5)]


def test_a_spreadsheet_has_days_and_moments(business: Business, viewer: Caller) -> None:
    invoice = make_issued(business)
    make_draft(business)
    assert sheet(
        viewer, "/invoices/export?format=xlsx&fields=invoice_number,issue_date,issued_at&ordering=invoice_number"
    ) == [
        ("invoice_number", "issue_date", "issued_at"),
        (invoice.number, datetime(2026, 11, 20), datetime(2026, 11, 20, 9)),  # noqa: DTZ001 -- a spreadsheet has none
        (None, None, None),
    ]


def test_an_export_takes_the_filters_search_and_ordering_of_the_list(business: Business, viewer: Caller) -> None:
    other = make_business()
    for number, name in enumerate(("Café Zitoun", "Atlas", "Cafe Rif"), 1):
        make_issued(business, make_client(business, name=name), items=[{"name": "One", "unit_price": number}])
    make_draft(business, make_client(business, name="Café des Ébauches"))
    make_issued(other, make_client(other, name="Café d’ailleurs"))
    for query in (
        "search=cafe&status=issued&ordering=-total",
        "client_name=caf%C3%A9&ordering=client_name",
        "min_amount=2&max_amount=3&ordering=total",
        "status=draft",
        "ordering=-client_name,total",
        "",
    ):
        listed = [row["id"] for row in read(viewer.get(f"/invoices?page_size=100&{query}"))["results"]]
        assert column(viewer, f"/invoices/export?{query}", "id") == listed
        assert listed


def test_days_of_filters_are_those_of_the_business(viewer: Caller, business: Business) -> None:
    Business.objects.filter(pk=business.pk).update(timezone="Pacific/Auckland")
    make_draft(business)  # the 20th at 22:00 there
    assert len(rows(viewer, "/invoices/export?created_after=2026-11-20&created_before=2026-11-20")) == 1
    assert rows(viewer, "/invoices/export?created_after=2026-11-21") == []


# Clients


def test_a_client_is_exported_with_its_figures_by_currency(business: Business, viewer: Caller) -> None:
    client = make_client(
        business,
        name="Atlas",
        email="a@example.com",
        phone="+212600111222",
        tax_ids=[{"type": "ICE", "value": "001561191000066"}, {"type": "IF", "value": "123"}],
        categories=["Retail", "@home"],
        address={"street": "12 rue des Exemples", "city": "Fès", "country": "MA"},
        latitude=Decimal("34.033000"),
        notes="-5 %",
    )
    invoice = make_issued(business, client)
    make_issued(business, client, currency="EUR")
    record_payment(
        invoice=invoice, actor=Actor.system(business.pk), at=timezone.now(), data={"amount": 100, "method": "cash"}
    )
    [found] = rows(viewer, "/clients/export")
    figures = [f"{name}_{currency}" for name in ("invoiced", "paid", "due") for currency in ("MAD", "EUR")]
    assert list(found) == [*(name for name in CLIENT_FIELDS if name not in {"invoiced", "paid", "due"}), *figures]
    assert {name: text for name, text in found.items() if text} == {
        "id": client.pk,
        "business_id": business.pk,
        "type": "business",
        "name": "Atlas",
        "email": "a@example.com",
        "phone": "'+212600111222",
        "tax_ids": "ICE 001561191000066, IF 123",
        "vat_registered": "true",
        "address_street": "12 rue des Exemples",
        "address_city": "Fès",
        "address_country": "MA",
        "latitude": "34.033",
        "categories": "Retail, @home",
        "send_mail": "true",
        "notes": "'-5 %",
        "archived": "false",
        "created_at": "2026-11-20T09:00:00Z",
        "updated_at": "2026-11-20T09:00:00Z",
        "invoiced_MAD": "300.00",
        "invoiced_EUR": "300.00",
        "paid_MAD": "100.00",
        "paid_EUR": "0.00",
        "due_MAD": "200.00",
        "due_EUR": "300.00",
    }


def test_clients_are_exported_as_the_list_filters_and_sorts_them(business: Business, viewer: Caller) -> None:
    for name, kind in (("Cafe Rif", "business"), ("Atlas", "individual"), ("Café Zitoun", "business")):
        make_client(business, name=name, type=kind)
    make_client(business, name="Gone", archived_at=timezone.now())
    make_client(make_business(), name="Elsewhere")
    for query in ("", "search=cafe&ordering=name", "type=individual", "archived=true", "ordering=-name"):
        listed = [row["id"] for row in read(viewer.get(f"/clients?page_size=100&{query}"))["results"]]
        assert column(viewer, f"/clients/export?{query}", "id") == listed
        assert listed


def test_figures_are_read_where_they_are_asked_for(business: Business, viewer: Caller) -> None:
    make_issued(business)
    with CaptureQueriesContext(connection) as asked:
        assert len(sheet(viewer, "/clients/export?format=xlsx&fields=name,address_city")[0]) == 2
    assert not [query for query in asked.captured_queries if "invoicing_payment" in query["sql"]]
    assert list(rows(viewer, "/clients/export?fields=due,name")[0]) == ["name", "due_MAD"]


# Both


@pytest.mark.parametrize("path", PATHS)
def test_a_file_is_named_by_its_day(viewer: Caller, path: str) -> None:
    name = path.split("/")[1]
    for query, ending, kind in (
        ("", "csv", "text/csv; charset=utf-8"),
        ("?format=csv", "csv", "text/csv; charset=utf-8"),
        ("?format=xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ):
        response = viewer.get(path + query)
        assert response.streaming
        assert response["Content-Type"] == kind
        assert response["Content-Disposition"] == f'attachment; filename="{name}-2026-11-20.{ending}"'
        assert response["Cache-Control"] == "no-store"
        assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} <= set(response.headers)
        assert content(response)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "query",
    ["format=pdf", "fromat=csv", "page=2", "page_size=5", "cursor=", "fields=nmae", "ordering=nmae", "type=nothing"],
)
def test_what_is_wrong_is_named_as_in_lists(viewer: Caller, path: str, query: str) -> None:
    answer = read(viewer.get(f"{path}?{query}"), 400)
    assert list(answer["errors"]) == [query.partition("=")[0]]


@pytest.mark.parametrize("path", PATHS)
def test_who_may_read_may_export(
    business: Business, member: Caller, viewer: Caller, outsider: Caller, nobody: Caller, path: str
) -> None:
    make_issued(business)
    one = f"{path}?business_id={business.pk}"
    for caller in (member, viewer, key_of(business, "read")):
        assert [row["business_id"] for row in rows(caller, one)] == [business.pk]
    assert rows(outsider, path) == []
    assert outsider.get(one).status_code == 404
    assert nobody.get(path).status_code == 401


@pytest.mark.parametrize("path", PATHS)
def test_exports_are_for_reading_alone(member: Caller, path: str) -> None:
    assert member.post(path).status_code == 405


@pytest.mark.parametrize("path", PATHS)
def test_an_export_counts_against_the_rate_limit(viewer: Caller, settings: Any, path: str) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": "1/m"}
    assert viewer.get(path).status_code == 200
    assert viewer.get(path).status_code == 429


@pytest.fixture
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("invoicing.services.exports.BATCH", 2)


@pytest.mark.usefixtures("_small_batches")
@pytest.mark.parametrize("path", PATHS)
def test_rows_are_read_by_the_batch(business: Business, viewer: Caller, path: str) -> None:
    for _each in range(5):
        make_issued(business)
    assert len({row["id"] for row in rows(viewer, path)}) == 5
