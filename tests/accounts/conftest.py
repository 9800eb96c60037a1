"""What tests of accounts share."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey, Business, User
from accounts.services.api_keys import create_api_key
from accounts.services.tokens import start_family
from tests.factories.accounts import make_actor, owner_of


class Api:
    """A client of the API: JSON bodies, and credentials if it was given any."""

    def __init__(self, **headers: str) -> None:
        self.client = Client(headers=headers or None)

    def __getattr__(self, method: str) -> Any:
        def call(path: str, body: Any = None, **options: Any) -> Any:
            if method != "get":
                options = {"content_type": "application/json"} | options
            if body is not None:
                options["data"] = body
            return getattr(self.client, method)(f"/api/v1{path}", **options)

        return call


def signed_in(user: User) -> Api:
    """Return a client with an access token of the user."""
    return Api(authorization=f"Bearer {start_family(user=user, at=timezone.now()).access_token}")


def make_key(business: Business, **data: Any) -> tuple[ApiKey, str]:
    """Return an API key of the business with its text."""
    actor = make_actor(user=owner_of(business))
    return create_api_key(actor=actor, business=business, data={"name": "Shop"} | data, at=timezone.now())
