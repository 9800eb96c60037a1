from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import Business, User
from clients.models import Client
from tests.factories.accounts import make_business, make_user
from tests.factories.clients import make_client

MOROCCAN: dict[str, Any] = {
    "name": "Studio Argan",
    "legal_name": "Studio Argan SARL",
    "country": "MA",
    "currency": "MAD",
    "timezone": "Africa/Casablanca",
    "tax_rate": 20,
    "address": {"street": "12 rue des Exemples", "city": "Casablanca", "country": "MA"},
    "tax_ids": [
        {"type": "ICE", "value": "001525713000097"},
        {"type": "IF", "value": "12345678"},
        {"type": "TP", "value": "87654321"},
    ],
    "email": "studio@example.com",
}


@pytest.fixture
def owner() -> User:
    return make_user(full_name="Owner Person")


@pytest.fixture
def business(owner: User) -> Business:
    return make_business(owner=owner, **MOROCCAN)


@pytest.fixture
def customer(business: Business) -> Client:
    return make_client(business, name="Riad Exemple", email="compta@example.com")


@pytest.fixture
def browser(owner: User, business: Business) -> Browser:
    """Return a browser in which the owner is signed in."""
    browser = Browser()
    browser.force_login(owner)
    return browser


@pytest.fixture
def stranger() -> Browser:
    """Return a browser in which the owner of another business is signed in."""
    browser = Browser()
    browser.force_login(make_business(name="Elsewhere").memberships.get().user)
    return browser


def line(index: int, name: str, price: str, **fields: str) -> dict[str, str]:
    """Return a row of the editor as a page sends it."""
    row = {"name": name, "quantity": "", "unit_price": price, "tax_rate": ""} | fields
    return {f"items-{index}-{field}": value for field, value in row.items()}


Post = Callable[..., Any]
