from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from accounts.choices import Role
from accounts.models import ApiKey, IdempotencyKey
from tests.accounts.conftest import Api, make_key, signed_in
from tests.factories.accounts import make_business, make_member, owner_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def code(answer):
    return answer.status_code, answer.json()["code"]


def test_create_shows_the_text_once(api, business):
    with time_machine.travel(NOW, tick=False):
        fresh = signed_in(owner_of(business))
        made = fresh.post("/api-keys", {"name": "Shop", "scopes": ["write"], "expires_at": "2027-01-01T00:00:00Z"})
        text = made.json()["api_key"]
        key = ApiKey.objects.get()
        expected = {
            "id": key.pk,
            "business_id": business.pk,
            "name": "Shop",
            "scopes": ["read", "write"],
            "expires_at": "2027-01-01T00:00:00Z",
            "last_used_at": None,
            "created_by": owner_of(business).pk,
            "created_at": "2026-11-20T09:00:00Z",
        }
        assert (made.status_code, made.json()) == (201, expected | {"api_key": text})
        read = fresh.get(f"/api-keys/{key.pk}")
        assert (read.json(), read["ETag"]) == (expected, made["ETag"])
        assert Api(x_api_key=text).get("/api-keys").status_code == 403
        assert fresh.get(f"/api-keys/{key.pk}").json()["last_used_at"] == "2026-11-20T09:00:00Z"


def test_create_twice_with_one_key_makes_one_and_keeps_its_text_sealed(api, business):
    first, again = (api.post("/api-keys", {"name": "Shop"}, headers={"idempotency-key": "one"}) for _ in range(2))
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 201, "true")
    assert again.json() == first.json()
    assert ApiKey.objects.filter(business=business).count() == 1
    public_part, secret = first.json()["api_key"].split(":")
    kept = IdempotencyKey.objects.get(key="one").body
    assert (public_part in kept, secret in kept) == (False, False)


def test_create_reads_and_writes_by_default_and_never_ends(api):
    made = api.post("/api-keys", {"name": "Shop"}).json()
    assert (made["scopes"], made["expires_at"]) == (["read", "write"], None)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["name"]),
        ({"name": " "}, ["name"]),
        ({"name": "x" * 101}, ["name"]),
        ({"name": "a", "scopes": []}, ["scopes"]),
        ({"name": "a", "scopes": "read"}, ["scopes"]),
        ({"name": "a", "scopes": ["own"]}, ["scopes[0]"]),
        ({"name": "a", "expires_at": "2020-01-01T00:00:00Z"}, ["expires_at"]),
        ({"name": "a", "expires_at": "tomorrow"}, ["expires_at"]),
        ({"name": "a", "scope": "read"}, ["scope"]),
    ],
)
def test_create_refuses(api, body, fields):
    answer = api.post("/api-keys", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, fields)
    assert ApiKey.objects.count() == 0


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_keys_are_for_those_who_manage(business, role):
    key, _text = make_key(business)
    api = signed_in(make_member(business, role))
    answers = [
        api.get("/api-keys"),
        api.post("/api-keys", {"name": "a"}),
        api.get(f"/api-keys/{key.pk}"),
        api.patch(f"/api-keys/{key.pk}", {"name": "a"}),
        api.delete(f"/api-keys/{key.pk}"),
    ]
    assert [code(answer) for answer in answers] == [(403, "forbidden")] * 5


def test_keys_of_others_are_not_there(business, api):
    key, _text = make_key(make_business())
    for method in ("get", "patch", "put", "delete"):
        assert code(getattr(api, method)(f"/api-keys/{key.pk}")) == (404, "not_found")


def test_key_makes_no_keys(business):
    api = Api(x_api_key=make_key(business)[1])
    assert code(api.post("/api-keys", {"name": "a"})) == (403, "forbidden")


def test_change_and_its_version(api, business):
    key, text = make_key(business)
    tag = api.get(f"/api-keys/{key.pk}")["ETag"]
    changed = api.patch(f"/api-keys/{key.pk}", {"scopes": ["read"]}, headers={"if-match": tag})
    assert (changed.status_code, changed.json()["scopes"], changed.json()["name"]) == (200, ["read"], "Shop")
    assert code(api.put(f"/api-keys/{key.pk}", {"name": "b"}, headers={"if-match": tag})) == (412, "lost_update")
    assert code(api.delete(f"/api-keys/{key.pk}", headers={"if-match": tag})) == (412, "lost_update")
    assert Api(x_api_key=text).post("/auth/logout").status_code == 403


def test_delete_revokes(api, business):
    key, text = make_key(business)
    assert Api().post("/auth/validate-api-key", {"api_key": text}).status_code == 200
    assert api.delete(f"/api-keys/{key.pk}").status_code == 204
    assert code(Api().post("/auth/validate-api-key", {"api_key": text})) == (401, "invalid_api_key")
    assert code(api.get(f"/api-keys/{key.pk}")) == (404, "not_found")
    assert api.get("/api-keys").json()["count"] == 0
    assert ApiKey.objects.get().revoked_at is not None


def test_list_is_sorted_and_sparse(api, business):
    for name in ("b", "c", "a"):
        make_key(business, name=name)
    rows = api.get("/api-keys?ordering=name&fields=name").json()["results"]
    assert rows == [{"name": "a"}, {"name": "b"}, {"name": "c"}]
    assert "secret_hash" not in api.get("/api-keys").content.decode()


def test_a_key_learns_that_a_person_manages_a_business_whatever_its_scopes(business):
    _key, text = make_key(business, scopes=["read", "write"])
    answer = Api(x_api_key=text).patch(f"/businesses/{business.pk}", {"name": "x"})
    assert answer.status_code == 403
    assert answer.json()["detail"] == "This needs a person's login: an API key has no user."
