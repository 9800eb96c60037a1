"""A stand-in for Stripe, a business that it serves, and an invoice of 300."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import Business
from invoicing.models import Invoice
from payments.gateways.sandbox.server import Sandbox
from tests.factories.accounts import make_business
from tests.factories.invoicing import make_issued
from tests.fakes.stripe import KEY, SECRET, stripe_stand_in


@pytest.fixture
def box(settings: Any) -> Iterator[Sandbox]:
    with stripe_stand_in() as stand_in:
        settings.STRIPE_API_KEY = KEY
        settings.STRIPE_WEBHOOK_SECRET = SECRET
        settings.STRIPE_API_BASE = stand_in.base
        yield stand_in


@pytest.fixture
def business() -> Business:
    return make_business(currency="USD")


@pytest.fixture
def invoice(business: Business) -> Invoice:
    return make_issued(business)  # 300.00
