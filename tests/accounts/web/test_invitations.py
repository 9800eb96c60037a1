from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Business, Invitation, Membership, User
from accounts.services.invitations import VALID_FOR, invite, revoke_invitation
from tests.accounts.services.test_invitations import token_of
from tests.factories.accounts import PASSWORD, make_actor, make_business, make_user, owner_of

pytestmark = pytest.mark.django_db
EMAIL = "new@example.com"


@pytest.fixture
def business() -> Business:
    return make_business(name="Studio <Argan>")


@pytest.fixture
def link(business: Business) -> str:
    actor = make_actor(user=owner_of(business))
    invite(actor=actor, business=business, email=EMAIL, role="viewer", at=timezone.now())
    return f"/invitations/{token_of(EMAIL)}"


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_a_visitor_sees_who_invites_and_how_to_join(client: Client, link: str) -> None:
    page = client.get(link)
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    text = page.content.decode()
    assert "Studio &lt;Argan&gt;" in text
    assert f'href="/accounts/login/?next={link}"' in text


def test_a_visitor_signs_up_and_is_in(client: Client, business: Business, link: str) -> None:
    answer = client.post(link, {"full_name": "New Person", "password": PASSWORD}, headers={"Accept-Language": "fr"})
    user = User.objects.get(email=EMAIL)
    assert (answer.status_code, answer["Location"], user.language) == (302, "/", "fr")
    assert (client.session["business_id"], user.memberships.get().role) == (business.pk, "viewer")
    assert client.get("/settings/business").context["business"] == business


@pytest.mark.parametrize(("data", "fields"), [({}, ["password"]), ({"password": "1"}, ["password"])])
def test_what_is_wrong_shows_at_its_field(client: Client, link: str, data: dict[str, str], fields: list[str]) -> None:
    page = client.post(link, data)
    assert (page.status_code, list(page.context["form"].errors), User.objects.count()) == (422, fields, 1)


def test_who_has_an_account_already_is_told_to_log_in(client: Client, link: str) -> None:
    make_user(email=EMAIL)
    page = client.post(link, {"password": PASSWORD})
    assert (page.status_code, page.context["form"].non_field_errors()) == (422, ["This e-mail address is taken."])


def test_signing_up_counts_like_any_other(client: Client, link: str, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"register": "2/h"}
    assert [client.post(link, {"password": "1"}).status_code for _each in range(3)] == [422, 422, 429]


def test_who_is_signed_in_joins_once_and_goes_on(business: Business, link: str) -> None:
    user = make_user(email=EMAIL)
    other = make_business(owner=user)
    browser = browser_of(user)
    assert browser.get(link).status_code == 200
    for _each in range(2):
        assert browser.post(link)["Location"] == "/"
    assert browser.get(link)["Location"] == "/"
    assert browser.session["business_id"] == business.pk
    assert list(user.memberships.order_by("pk").values_list("business", "role")) == [
        (other.pk, "owner"), (business.pk, "viewer"),
    ]  # fmt: skip


def test_somebody_else_is_told_kindly_and_does_not_join(link: str) -> None:
    stranger = make_user(email="other@example.com")
    browser = browser_of(stranger)
    for page in (browser.get(link), browser.post(link)):
        assert (page.status_code, page.context["wrong_address"]) == (403, True)
        assert "other@example.com" in page.content.decode()
    assert (stranger.memberships.count(), Invitation.objects.get().accepted_at) == (0, None)


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("why", ["unknown", "expired", "revoked", "accepted", "archived", "resent"])
def test_a_link_that_is_over_says_why(business: Business, link: str, why: str, signed_in: bool) -> None:
    now, row = timezone.now(), Invitation.objects.get()
    match why:
        case "unknown":
            link = "/invitations/unknown"
        case "expired":
            Invitation.objects.update(expires_at=now - timedelta(seconds=1))
        case "revoked":
            revoke_invitation(actor=make_actor(user=owner_of(business)), invitation=row, at=now)
        case "accepted":
            browser_of(make_user(email=EMAIL)).post(link)
        case "archived":
            Business.objects.update(archived_at=now)
        case "resent":
            Invitation.objects.update(expires_at=now)
            invite(actor=make_actor(user=owner_of(business)), business=business, email=EMAIL, at=now + VALID_FOR)
    before = Membership.objects.count()
    browser = browser_of(make_user()) if signed_in else Client()
    for page in (browser.get(link), browser.post(link, {"password": PASSWORD})):
        assert (page.status_code, bool(page.context["over"])) == (410, True)
        assert "Studio" not in page.content.decode()
    assert (Membership.objects.count(), User.objects.filter(email=EMAIL).exists()) == (before, why == "accepted")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_page_speaks_the_visitors_language(client: Client, link: str, language: str) -> None:
    page = client.get(link, headers={"Accept-Language": language}).content.decode()
    assert f'<html lang="{language}' in page
