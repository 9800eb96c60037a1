from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.models import ApiKey, Business
from accounts.services.api_keys import hash_secret
from tests.accounts.conftest import Api, make_key
from tests.factories.accounts import make_business, make_member, owner_of

pytestmark = pytest.mark.django_db
PAGE = "/settings/api-keys"


@pytest.fixture
def business() -> Business:
    return make_business(name="Studio")


def browser_as(business: Business, role: str = Role.OWNER) -> Client:
    browser = Client()
    browser.force_login(owner_of(business) if role == Role.OWNER else make_member(business, role))
    return browser


def test_a_new_key_is_shown_once_and_opens_the_api(business: Business) -> None:
    browser = browser_as(business, Role.ADMIN)
    page = browser.post(PAGE, {"name": "Shop", "scope": "read", "expires": ""})
    text = page.context["new_text"]
    assert (page.status_code, page["Cache-Control"], page.content.decode().count(text)) == (200, "private, no-store", 2)
    key = ApiKey.objects.get()
    assert (key.name, key.scopes, key.expires_at, key.secret_hash) == (
        "Shop", ["read"], None, hash_secret(text.partition(":")[2]),
    )  # fmt: skip
    again = browser.get(PAGE).content.decode()
    assert (text.partition(":")[2] in again, "Shop" in again) == (False, True)
    assert Api(x_api_key=text).get("/invoices").status_code == 200


def test_a_key_may_write_and_expire(business: Business) -> None:
    before = timezone.now()
    browser_as(business).post(PAGE, {"name": "Shop", "scope": "write", "expires": "30"})
    key = ApiKey.objects.get()
    assert key.expires_at is not None
    assert (key.scopes, round((key.expires_at - before) / timedelta(days=1))) == (["read", "write"], 30)


@pytest.mark.parametrize(
    ("data", "field"),
    [({"name": ""}, "name"), ({"name": "x" * 101}, "name"), ({"scope": "all"}, "scope"), ({"expires": "1"}, "expires")],
)
def test_what_is_wrong_shows_at_its_field(business: Business, data: dict[str, str], field: str) -> None:
    page = browser_as(business).post(PAGE, {"name": "Shop", "scope": "read", "expires": ""} | data)
    assert (page.status_code, list(page.context["form"].errors), ApiKey.objects.count()) == (422, [field], 0)


def test_revoking_asks_and_then_ends_the_key(business: Business) -> None:
    key, text = make_key(business)
    browser = browser_as(business)
    page = browser.get(PAGE, {"revoke": key.pk})
    assert (page.context["asked"], f'id="revoke-{key.pk}"' in page.content.decode()) == (key, True)
    assert browser.post(PAGE, {"revoke": key.pk})["Location"] == PAGE
    assert (Api(x_api_key=text).get("/invoices").status_code, list(browser.get(PAGE).context["keys"])) == (401, [])
    assert browser.post(PAGE, {"revoke": key.pk}).status_code == 404


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_others_neither_see_nor_make_nor_revoke_keys(business: Business, role: str) -> None:
    key, _text = make_key(business, name="Till of ours")
    browser = browser_as(business, role)
    page = browser.get(PAGE)
    assert (page.status_code, page.context["keys"], "Till of ours" in page.content.decode()) == (200, [], False)
    assert browser.post(PAGE, {"name": "Mine", "scope": "read"}).status_code == 403
    assert browser.post(PAGE, {"revoke": key.pk}).status_code == 403
    assert ApiKey.objects.get().revoked_at is None


@pytest.mark.parametrize("pk", ["", "x"])
def test_a_key_of_elsewhere_is_not_there(business: Business, pk: str) -> None:
    elsewhere, _text = make_key(make_business())
    browser = browser_as(business)
    for chosen in (pk, elsewhere.pk):
        assert browser.post(PAGE, {"revoke": chosen}).status_code == 404
        assert browser.get(PAGE, {"revoke": chosen}).context["asked"] is None
    assert ApiKey.objects.get().revoked_at is None


def test_an_expired_key_is_marked(business: Business) -> None:
    key, _text = make_key(business)
    ApiKey.objects.update(expires_at=timezone.now())
    shown: list[Any] = browser_as(business).get(PAGE).context["keys"]
    assert shown == [(key, True)]
