from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.utils import timezone
from rest_framework.request import Request
from rest_framework_simplejwt.tokens import AccessToken

from accounts.authentication import ApiKeyAuthentication, JWTAuthentication, note_use
from accounts.choices import Role
from accounts.errors import NotFound, WrongCredentials
from accounts.models import ApiKey, TokenFamily, User
from accounts.queries import actor_for, default_business
from accounts.services.tokens import revoke_all, start_family
from tests.accounts.conftest import Api, make_key, signed_in
from tests.factories.accounts import PASSWORD, make_business, make_member, make_user, owner_of

pytestmark = pytest.mark.django_db


def asking(**headers) -> Any:
    return Request(RequestFactory(headers=headers).get("/api/v1/clients", REMOTE_ADDR="192.0.2.7"))


def authenticated(authenticator, request) -> tuple[Any, Any]:
    found = authenticator.authenticate(request)
    assert found is not None
    return found


def business_with_key(**data):
    business = make_business()
    key, text = make_key(business, **data)
    return business, key, text


# API keys


@pytest.mark.parametrize("form", ["bearer", "header"])
def test_key_opens_its_business_alone(form):
    business, key, text = business_with_key(scopes=["read"])
    make_business(owner=owner_of(business))
    headers = {"authorization": f"Bearer {text}"} if form == "bearer" else {"x_api_key": text}
    request = asking(**headers)
    holder, _key = authenticated(ApiKeyAuthentication(), request)
    actor = request.actor
    assert holder.is_authenticated is True
    assert (actor.business_ids, actor.key, actor.user_id, actor.ip) == ([business.pk], key.pk, None, "192.0.2.7")
    assert [actor.may(business.pk, p) for p in ("read", "write", "manage", "own")] == [True, False, False, False]


def test_key_with_write_manages_nothing():
    business, _key, text = business_with_key(scopes=["write"])
    request = asking(x_api_key=text)
    ApiKeyAuthentication().authenticate(request)
    allowed = [request.actor.may(business.pk, p) for p in ("read", "write", "manage", "own")]
    assert allowed == [True, True, False, False]


def test_secret_is_not_stored():
    _business, key, text = business_with_key()
    secret = text.partition(":")[2]
    assert len(secret) == 43
    assert secret not in str(ApiKey.objects.filter(pk=key.pk).values().get())


def spoilt(text: str) -> list[str]:
    public, secret = text.split(":")
    return [f"{public}:{secret}x", f"{public}:", public, f"{public}x:{secret}", f":{secret}", "pk_:sk_", f"{text}:"]


def test_wrong_key_is_refused():
    _business, _key, text = business_with_key()
    for wrong in spoilt(text):
        with pytest.raises(WrongCredentials) as refused:
            ApiKeyAuthentication().authenticate(asking(x_api_key=wrong))
        assert refused.value.machine_code == "invalid_api_key"


def test_revoked_key_is_refused():
    _business, key, text = business_with_key()
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
    with pytest.raises(WrongCredentials):
        ApiKeyAuthentication().authenticate(asking(x_api_key=text))


def test_key_is_good_until_it_expires():
    end = datetime(2027, 1, 1, tzinfo=UTC)
    with time_machine.travel(end - timedelta(days=1), tick=False) as clock:
        _business, _key, text = business_with_key(expires_at=end)
        clock.move_to(end - timedelta(seconds=1))
        assert ApiKeyAuthentication().authenticate(asking(x_api_key=text)) is not None
        clock.move_to(end)
        with pytest.raises(WrongCredentials):
            ApiKeyAuthentication().authenticate(asking(x_api_key=text))


def test_key_of_an_archived_business_is_refused():
    business, _key, text = business_with_key()
    business.archived_at = timezone.now()
    business.save()
    with pytest.raises(WrongCredentials):
        ApiKeyAuthentication().authenticate(asking(x_api_key=text))


def test_use_of_a_key_is_noted_once_a_minute(django_assert_num_queries):
    _business, key, _text = business_with_key()
    start = timezone.now()
    note_use(key, start)
    key.refresh_from_db()
    with django_assert_num_queries(0):
        note_use(key, start + timedelta(seconds=60))
    note_use(key, start + timedelta(seconds=61))
    key.refresh_from_db()
    assert key.last_used_at == start + timedelta(seconds=61)


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x"])
def test_key_authentication_passes_what_is_no_key(header):
    assert ApiKeyAuthentication().authenticate(asking(authorization=header)) is None


# Access tokens


def test_token_opens_all_businesses_with_their_roles(django_assert_num_queries):
    user = make_user()
    own = make_business(owner=user)
    other = make_business()
    make_member(other, Role.VIEWER, user=user)
    archived = make_business(owner=user, archived_at=timezone.now())
    request = asking(authorization=f"bearer {start_family(user=user, at=timezone.now()).access_token}")
    with django_assert_num_queries(2):
        found, _token = authenticated(JWTAuthentication(), request)
    assert found == user
    assert request.actor.roles == {own.pk: "owner", other.pk: "viewer"}
    assert archived.pk not in request.actor.roles
    assert (request.actor.key, request.actor.default_business_id) == (user.pk, own.pk)


def test_token_lives_thirty_minutes():
    user = make_user()
    with time_machine.travel(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), tick=False) as clock:
        request = asking(authorization=f"Bearer {start_family(user=user, at=timezone.now()).access_token}")
        clock.shift(timedelta(minutes=30, seconds=-1))
        assert JWTAuthentication().authenticate(request) is not None
        clock.shift(timedelta(seconds=1))
        with pytest.raises(WrongCredentials):
            JWTAuthentication().authenticate(request)


def test_refresh_token_is_no_access_token():
    pair = start_family(user=make_user(), at=timezone.now())
    with pytest.raises(WrongCredentials):
        JWTAuthentication().authenticate(asking(authorization=f"Bearer {pair.refresh_token}"))


def test_token_ends_with_the_logout():
    user = make_user()
    request = asking(authorization=f"Bearer {start_family(user=user, at=timezone.now()).access_token}")
    revoke_all(user=user, at=timezone.now())
    with pytest.raises(WrongCredentials):
        JWTAuthentication().authenticate(request)


def test_token_ends_with_its_family():
    user = make_user()
    request = asking(authorization=f"Bearer {start_family(user=user, at=timezone.now()).access_token}")
    TokenFamily.objects.update(revoked_at=timezone.now())
    with pytest.raises(WrongCredentials):
        JWTAuthentication().authenticate(request)


def test_token_of_an_inactive_user_is_a_403():
    user = make_user()
    api = signed_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    answer = api.get("/auth/me")
    assert (answer.status_code, answer.json()["code"]) == (403, "account_inactive")


@pytest.mark.parametrize("claims", [{}, {"sub": "usr_nobody", "ver": 0, "fam": "fam_none"}, {"sub": None}])
def test_signed_token_without_a_user_is_refused(claims):
    token = AccessToken()
    for name, value in claims.items():
        token[name] = value
    with pytest.raises(WrongCredentials):
        JWTAuthentication().authenticate(asking(authorization=f"Bearer {token}"))


def test_token_of_one_user_does_not_open_another():
    mine = start_family(user=make_user(), at=timezone.now())
    other = make_user()
    token = AccessToken(mine.access_token)  # type: ignore[arg-type]  # the package means the text
    token["sub"] = other.pk
    with pytest.raises(WrongCredentials):
        JWTAuthentication().authenticate(asking(authorization=f"Bearer {token}"))


@pytest.mark.parametrize("header", ["Bearer x", "Bearer a.b.c", "Bearer  ", "Bearer eyJhbGciOiJub25lIn0.e30."])
def test_token_that_is_none_is_refused(header):
    answer = Api(authorization=header).get("/auth/me")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


# Sessions, and nothing


def test_nothing_is_a_401_that_names_the_scheme():
    answer = Api().get("/auth/me")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["code"] == "not_authenticated"


def test_session_reads_without_and_writes_with_csrf():
    user = make_user()
    make_business(owner=user)
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/v1/auth/me").json()["id"] == user.pk
    change: dict[str, Any] = {"data": {"language": "fr"}, "content_type": "application/json"}
    refused = client.patch("/api/v1/users/me", **change)
    assert (refused.status_code, refused.json()) == (
        403,
        {"detail": "This form is no longer valid. Load the page again, then repeat.", "code": "csrf_failed"},
    )
    client.cookies["csrftoken"] = "a" * 32
    assert client.patch("/api/v1/users/me", **change, headers={"x-csrftoken": "a" * 32}).status_code == 200


def test_token_needs_no_csrf_beside_a_session():
    user = make_user()
    make_business(owner=user)
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    token = start_family(user=user, at=timezone.now()).access_token
    answer = client.patch(
        "/api/v1/users/me",
        data={"language": "fr"},
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200


# Actors


def test_actor_takes_the_first_business_when_the_chosen_one_is_gone():
    user = make_user()
    first = make_business(owner=user)
    chosen = make_business(owner=user)
    user.default_business = chosen
    assert actor_for(user).default_business_id == chosen.pk
    chosen.archived_at = timezone.now()
    chosen.save()
    assert actor_for(user).default_business_id == first.pk


def test_default_business_of_whoever_has_none():
    actor = actor_for(make_user(password=PASSWORD))
    with pytest.raises(NotFound):
        default_business(actor)
