from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounts.choices import Role
from clients.queries import find_clients, known_categories
from tests.factories.accounts import make_actor, make_business
from tests.factories.clients import make_client

pytestmark = pytest.mark.django_db


def test_find_clients_shows_members_and_viewers_their_own() -> None:
    business = make_business()
    atlas = make_client(business, name="Atlas")
    make_client(business, name="Atlas old", archived_at=datetime(2026, 11, 1, tzinfo=UTC))
    for role in (Role.MEMBER, Role.VIEWER):
        assert find_clients(actor=make_actor(business, role), term="atl") == [atlas]
    assert find_clients(actor=make_actor(), term="atl") == []
    assert find_clients(actor=make_actor(business), term="atl", business=make_business()) == []


def test_find_clients_is_by_name_and_limited() -> None:
    business = make_business()
    for name in ("C", "A", "B"):
        make_client(business, name=name)
    found = find_clients(actor=make_actor(business), term="", business=business, limit=2)
    assert [client.name for client in found] == ["A", "B"]


def test_known_categories_are_each_there_once() -> None:
    business = make_business()
    make_client(business, categories=["retail", "Café"])
    make_client(business, categories=["retail"])
    make_client(make_business(), categories=["other"])
    assert known_categories(business=business) == ["Café", "retail"]
