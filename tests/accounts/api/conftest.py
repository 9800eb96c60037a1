"""What tests of the API share."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.identifiers import new_token
from accounts.models import Business, Delivery
from tests.accounts.conftest import Api, signed_in
from tests.factories.accounts import make_business, owner_of


@pytest.fixture(autouse=True)
def _no_hurry(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": "100000/m", "api_burst": "10000/s"}


@pytest.fixture
def business(db) -> Business:
    return make_business()


@pytest.fixture
def api(business) -> Api:
    return signed_in(owner_of(business))


def make_thing(business: Business, subject: str = "a", **fields) -> Delivery:
    fields = {"created_at": timezone.now()} | fields
    created_at = fields.pop("created_at")
    thing = Delivery.objects.create(
        business=business, subject=subject, text="-", message_id=f"<{new_token()}@x>", **fields
    )
    Delivery.objects.filter(pk=thing.pk).update(created_at=created_at)
    thing.created_at = created_at
    return thing
