"""A client's statement of account and a payment's receipt in the API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Invoice, Payment
from invoicing.services.settlement import record_payment
from tests.factories.clients import make_client
from tests.factories.invoicing import make_issued
from tests.invoicing.api.conftest import Caller, key_of, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(business: Business) -> Client:
    return make_client(business, name="Riad Exemple")


@pytest.fixture
def invoice(business: Business, client: Client) -> Invoice:
    return make_issued(business, client, reference="PO 7", due_date="2026-12-20")


@pytest.fixture
def payment(invoice: Invoice) -> Payment:
    actor, data = Actor.system(invoice.business_id), {"amount": 100, "method": "cash", "reference": "R 1"}
    return record_payment(invoice=invoice, actor=actor, at=timezone.now(), data=data)


def path(client: Client, query: str = "") -> str:
    return f"/clients/{client.pk}/statement{query}"


def test_statement_as_json(viewer: Caller, client: Client, invoice: Invoice, payment: Payment) -> None:
    found = read(viewer.get(path(client, "?from=2026-11-01&to=2026-11-30")))
    entry = {"date": "2026-11-20", "number": "INV-2026-0001", "invoice_id": invoice.pk}
    assert found == {
        "client_id": client.pk,
        "client_name": "Riad Exemple",
        "from": "2026-11-01",
        "to": "2026-11-20",
        "accounts": [
            {
                "currency": "MAD",
                "opening_balance": 0,
                "rows": [
                    entry
                    | {"kind": "invoice", "id": invoice.pk, "reference": "PO 7", "method": None}
                    | {"debit": 300, "credit": 0, "balance": 300},
                    entry
                    | {"kind": "payment", "id": payment.pk, "reference": "R 1", "method": "cash"}
                    | {"debit": 0, "credit": 100, "balance": 200},
                ],
                "total_debit": 300,
                "total_credit": 100,
                "closing_balance": 200,
                "overdue": 0,
                "held": 0,
                "open_items": [
                    {
                        "id": invoice.pk,
                        "number": "INV-2026-0001",
                        "kind": "invoice",
                        "issue_date": "2026-11-20",
                        "due_date": "2026-12-20",
                        "total": 300,
                        "amount_due": 200,
                        "overdue": False,
                    }
                ],
            }
        ],
    }
    due = read(viewer.get(f"/clients/{client.pk}?fields=due"))["due"]
    assert due == {"MAD": Decimal(200)}


def test_statement_without_bounds_is_of_all_until_today(viewer: Caller, client: Client, payment: Payment) -> None:
    found = read(viewer.get(path(client, "?fields=from,to")))
    assert found == {"from": "2026-11-20", "to": "2026-11-20"}
    nothing = read(viewer.get(path(client, "?to=2026-11-19")))
    assert (nothing["from"], nothing["accounts"]) == ("2026-11-19", [])


def test_statement_takes_as_many_queries_for_many_rows_as_for_few(
    viewer: Caller, business: Business, client: Client, invoice: Invoice, django_assert_num_queries: Any
) -> None:
    viewer.get(path(client))  # what a process reads once
    for rows in (1, 6):
        with django_assert_num_queries(7):
            assert len(read(viewer.get(path(client)))["accounts"][0]["rows"]) == rows
        for _number in range(5):
            make_issued(business, client)


@pytest.mark.parametrize(
    ("query", "code", "named"),
    [
        ("?from=yesterday", "invalid", "from"),
        ("?to=2026-13-01", "invalid", "to"),
        ("?from=2026-02-01&to=2026-01-01", "invalid", "from"),
        ("?from=2026-11-21", "invalid", "from"),
        ("?format=xml", "invalid", "format"),
        ("?form=pdf", "unknown_parameter", "form"),
        ("?fields=account", "unknown_field", "fields"),
        ("?from=2026-01-01&from=2026-02-01", "invalid", "from"),
    ],
)
def test_statement_refuses_by_name(viewer: Caller, client: Client, query: str, code: str, named: str) -> None:
    refused = read(viewer.get(path(client, query)), 400)
    assert (refused["code"], list(refused["errors"])) == (code, [named])


def test_unknown_parameter_of_a_statement_names_the_nearest(viewer: Caller, client: Client) -> None:
    assert "“format”" in read(viewer.get(path(client, "?formt=pdf")), 400)["detail"]


def test_statement_as_pdf_and_csv(viewer: Caller, client: Client, payment: Payment) -> None:
    pdf = viewer.get(path(client, "?format=pdf&from=2026-11-01"))
    name = "statement_Riad-Exemple_2026-11-01_2026-11-20"
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    assert pdf["Content-Disposition"] == f'attachment; filename="{name}.pdf"'
    assert pdf.content.startswith(b"%PDF-")
    table = viewer.get(path(client, "?format=csv&from=2026-11-01"))
    assert (table.status_code, table["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert table["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    assert table.streaming
    lines = b"".join(table.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "currency,date,kind,number,reference,debit,credit,balance"
    assert lines[-1] == "MAD,2026-11-20,closing_balance,,,,,200.00"


def test_statement_is_for_those_who_may_read(
    viewer: Caller, outsider: Caller, nobody: Caller, business: Business, client: Client
) -> None:
    callers = (viewer, key_of(business, "read"), outsider, nobody)
    assert [caller.get(path(client)).status_code for caller in callers] == [200, 200, 404, 401]
    assert viewer.post(path(client)).status_code == 405


def test_receipt_is_a_pdf_under_a_safe_name(viewer: Caller, payment: Payment) -> None:
    found = viewer.get(f"/payments/{payment.pk}/receipt")
    assert (found.status_code, found["Content-Type"]) == (200, "application/pdf")
    assert found["Content-Disposition"] == 'attachment; filename="receipt_RC-INV-2026-0001-1.pdf"'
    assert found.content == viewer.get(f"/payments/{payment.pk}/receipt").content
    assert read(viewer.get(f"/payments/{payment.pk}/receipt?fields=id"), 400)["code"] == "unknown_parameter"


def test_receipt_is_for_those_who_may_read(
    viewer: Caller, outsider: Caller, nobody: Caller, business: Business, payment: Payment
) -> None:
    callers = (viewer, key_of(business, "read"), outsider, nobody)
    statuses = [caller.get(f"/payments/{payment.pk}/receipt").status_code for caller in callers]
    assert statuses == [200, 200, 404, 401]
    assert viewer.get("/payments/rfd_none/receipt").status_code == 404
