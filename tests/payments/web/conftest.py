from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from accounts.choices import Role
from accounts.models import Business
from tests.factories.accounts import make_member, owner_of

Sit = Callable[..., Browser]


@pytest.fixture
def sit(business: Business) -> Sit:
    """Return what opens a browser in which somebody of the business is signed in."""

    def opened(role: str = Role.OWNER) -> Browser:
        browser = Browser()
        browser.force_login(owner_of(business) if role == Role.OWNER else make_member(business, role))
        return browser

    return opened
