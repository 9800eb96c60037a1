from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.tenancy import Actor
from invoicing.models import Invoice
from invoicing.queries import client_figures
from invoicing.services.settlement import record_payment, record_refund
from tests.factories.accounts import make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db


def pay(invoice: Invoice, amount: int) -> Any:
    actor = Actor.system(invoice.business_id)
    return record_payment(invoice=invoice, actor=actor, at=timezone.now(), data={"amount": amount, "method": "cash"})


def test_client_figures_add_no_unlike_currencies(django_assert_num_queries: Any) -> None:
    business = make_business(currency="MAD")
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
