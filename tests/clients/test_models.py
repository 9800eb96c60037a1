from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from clients.models import Client
from tests.factories.accounts import make_business
from tests.factories.clients import make_client

pytestmark = pytest.mark.django_db


def test_client_email_is_unique_in_a_business_whatever_its_case() -> None:
    business = make_business()
    make_client(business, email="a@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_client(business, email="A@example.com")
    make_client(make_business(), email="a@example.com")
    make_client(business, email="")
    make_client(business, email="")
    assert Client.objects.count() == 4


def test_client_type_is_of_the_list() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_client(make_business(), type="company")


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("ATLAS", ["Atlas Élan"]),
        ("elan atlas", ["Atlas Élan"]),
        ("600111", ["Atlas Élan"]),
        ("de1366", ["Rif"]),
        ("الأطلس", ["Rif"]),
        ("rif@", ["Rif"]),
        ("%", []),
        ("atlas rif", []),
        ("", ["Atlas Élan", "Rif"]),
    ],
)
def test_clients_match_each_word(term: str, found: list[str]) -> None:
    business = make_business()
    make_client(business, name="Atlas Élan", phone="+212600111222")
    make_client(business, name="Rif", name_ar="الاَطلس", email="rif@example.com", vat_number="DE136695976")
    assert [client.name for client in Client.objects.matching(term).order_by("name")] == found


@pytest.mark.parametrize("category", ["Retail", "عملاء", 'with "quotes" \\ and 100%'])
def test_clients_are_found_by_category(category: str) -> None:
    business = make_business()
    make_client(business, name="A", categories=["Other", category])
    make_client(business, name="B", categories=[f"{category} more", category.lower() + "x"])
    assert [client.name for client in Client.objects.in_category(category)] == ["A"]
