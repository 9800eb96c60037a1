from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clients.filters import ClientFilter
from clients.models import Client
from tests.factories.accounts import make_business
from tests.factories.clients import make_client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["A", "B"]),
        ({"type": "individual"}, ["B"]),
        ({"country": "MA"}, ["A"]),
        ({"country": "ma"}, ["A"]),
        ({"category": "Retail"}, ["B"]),
        ({"archived": "true"}, ["C"]),
        ({"archived": "false"}, ["A", "B"]),
        ({"search": "a@"}, ["A"]),
        ({"type": "business", "country": "MA", "search": "a"}, ["A"]),
    ],
)
def test_filters_combine_and_hide_what_is_archived(query: dict[str, str], names: list[str]) -> None:
    business = make_business()
    make_client(business, name="A", email="a@example.com", address={"country": "MA"})
    make_client(business, name="B", email="b@example.com", type="individual", categories=["Retail"])
    make_client(business, name="C", email="c@example.com", archived_at=datetime(2026, 11, 1, tzinfo=UTC))
    filters = ClientFilter(query, queryset=Client.objects.order_by("name"))
    assert filters.is_valid()
    assert [client.name for client in filters.qs] == names


@pytest.mark.parametrize("query", [{"type": "x"}, {"country": "XX"}, {"archived": "maybe"}, {"search": "\0"}])
def test_filters_refuse_unknown_words(query: dict[str, str]) -> None:
    assert ClientFilter(query, queryset=Client.objects.all()).is_valid() is False
