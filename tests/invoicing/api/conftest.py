"""Callers of the API in every role, at one frozen moment, far from the rate limits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Business
from accounts.services.api_keys import create_api_key
from accounts.tenancy import Actor
from tests.factories.accounts import make_business, make_member

NOW = "2026-11-20T09:00:00Z"
V1 = "/api/v1"


class Caller:
    """Somebody who calls the API: a signed-in user, a key, or nobody."""

    def __init__(self, user: Any = None, key: str = "") -> None:
        self.browser = Browser()
        self.headers = {"X-Api-Key": key} if key else {}
        if user is not None:
            self.browser.force_login(user)

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        body = b"" if data is None else data if isinstance(data, bytes) else json.dumps(data, default=str).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.browser.generic(
            method, V1 + path, body, content_type="application/json", headers=self.headers | named
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        return self.send("POST", path, {} if data is None else data, **headers)

    def put(self, path: str, data: Any, **headers: str) -> Any:
        return self.send("PUT", path, data, **headers)

    def patch(self, path: str, data: Any, **headers: str) -> Any:
        return self.send("PATCH", path, data, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, **headers)


def read(response: Any, status: int = 200) -> Any:
    """Return an answer's JSON with its numbers exact, after looking at its status."""
    assert response.status_code == status, response.content.decode()
    return json.loads(response.content, parse_float=Decimal)


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _unlimited(settings: Any) -> None:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "100000/m")


@pytest.fixture
def business() -> Business:
    return make_business(currency="MAD")


@pytest.fixture
def member(business: Business) -> Caller:
    return Caller(make_member(business, Role.MEMBER))


@pytest.fixture
def viewer(business: Business) -> Caller:
    return Caller(make_member(business, Role.VIEWER))


@pytest.fixture
def outsider() -> Caller:
    return Caller(make_business().memberships.get().user)


@pytest.fixture
def nobody() -> Caller:
    return Caller()


def key_of(business: Business, *scopes: str) -> Caller:
    """Return a program with a key of these scopes."""
    _key, text = create_api_key(
        actor=Actor.system(business.pk),
        business=business,
        data={"name": "A program", "scopes": list(scopes)},
        at=timezone.now(),
    )
    return Caller(key=text)
