from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Business
from accounts.tenancy import Actor
from invoicing.domain.lifecycle import Status
from invoicing.models import Invoice
from invoicing.queries import client_figures, lines_of, refunds_of, status_counts
from invoicing.services.settlement import record_payment, record_refund
from tests.factories.accounts import make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def business() -> Business:
    return make_business(currency="MAD")


def pay(invoice: Invoice, amount: int) -> Any:
    actor = Actor.system(invoice.business_id)
    return record_payment(invoice=invoice, actor=actor, at=timezone.now(), data={"amount": amount, "method": "cash"})


def test_lines_of_keeps_their_order_and_their_invoice(business: Business, django_assert_num_queries: Any) -> None:
    first = make_draft(business, items=[{"name": name, "unit_price": 1} for name in ("b", "a", "c")])
    second = make_draft(business)
    with django_assert_num_queries(1):
        found = lines_of([first.pk, second.pk, "inv_none"])
    names = {invoice_id: [line["name"] for line in lines] for invoice_id, lines in found.items()}
    assert names == {first.pk: ["b", "a", "c"], second.pk: ["Consulting"], "inv_none": []}


def test_refunds_of_groups_by_payment(business: Business) -> None:
    payment, other = (pay(make_issued(business), 300) for _ in range(2))
    refund = record_refund(payment=payment, actor=Actor.system(business.pk), at=timezone.now(), data={"amount": 5})
    assert [row["id"] for row in refunds_of([payment.pk, other.pk])[payment.pk]] == [refund.pk]
    assert refunds_of([other.pk]) == {other.pk: []}


def test_client_figures_add_no_unlike_currencies(business: Business, django_assert_num_queries: Any) -> None:
    client, other = make_client(business), make_client(business)
    make_issued(business, client, currency="EUR")
    make_draft(business, client)
    payment = pay(make_issued(business, client), 200)
    record_refund(payment=payment, actor=Actor.system(business.pk), at=timezone.now(), data={"amount": 50})
    with django_assert_num_queries(3):
        figures = client_figures([client.pk, other.pk])
    assert figures == {
        client.pk: {
            "invoiced": {"EUR": Decimal(300), "MAD": Decimal(300)},
            "paid": {"MAD": Decimal(150)},
            "due": {"EUR": Decimal(300), "MAD": Decimal(150)},
        },
        other.pk: {"invoiced": {}, "paid": {}, "due": {}},
    }


def test_status_counts_name_every_status(business: Business, django_assert_num_queries: Any) -> None:
    make_draft(business)
    make_issued(business)
    pay(make_issued(business), 1)
    make_draft(make_business())
    with django_assert_num_queries(1):
        counts = status_counts(Invoice.objects.filter(business=business), at=timezone.now())
    assert counts == dict.fromkeys(Status.values, 0) | {"draft": 1, "issued": 1, "partially_paid": 1}
