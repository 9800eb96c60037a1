from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.tenancy import Actor
from clients.models import Client
from invoicing.queries.lately import clients_billed_lately, items_billed_lately
from tests.factories.accounts import make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft

pytestmark = pytest.mark.django_db


def test_clients_billed_lately_come_once_the_last_first_without_archived_ones() -> None:
    business = make_business()
    one, two, three = (make_client(business, name=name) for name in ("One", "Two", "Three"))
    for client in (one, two, three, one):
        make_draft(business, client)
    make_draft(make_business())
    Client.objects.filter(pk=three.pk).update(archived_at=timezone.now())
    found = clients_billed_lately(actor=Actor.system(business.pk), business=business, limit=5)
    assert found == [one, two]


def test_items_billed_lately_come_once_as_they_were_billed_last() -> None:
    business = make_business(currency="MAD")
    make_draft(business, items=[{"name": "Care", "unit_price": "10"}, {"name": "Design", "unit_price": "100"}])
    make_draft(business, items=[{"name": "Care", "unit_price": "12", "unit": "h"}], currency="EUR")
    make_draft(make_business(), items=[{"name": "Theirs", "unit_price": "1"}])
    found = items_billed_lately(actor=Actor.system(business.pk), business=business, limit=5)
    assert [(item.name, item.unit, int(item.unit_price), item.currency) for item in found] == [
        ("Care", "h", 12, "EUR"),
        ("Design", "", 100, "MAD"),
    ]
