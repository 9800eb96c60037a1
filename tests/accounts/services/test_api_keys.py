from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.choices import Role
from accounts.errors import Invalid, LostUpdate, NotAllowed, NotFound
from accounts.models import ApiKey
from accounts.services.api_keys import create_api_key, key_version, revoke_api_key, split_key, update_api_key
from tests.factories.accounts import make_actor, make_business

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def make(**data):
    business = make_business()
    actor = make_actor(business)
    key, _text = create_api_key(actor=actor, business=business, data={"name": "Shop"} | data, at=AT)
    return actor, key


def test_text_of_a_key_has_two_random_halves():
    business = make_business()
    actor = make_actor(business)
    texts = [create_api_key(actor=actor, business=business, data={"name": "a"}, at=AT)[1] for _ in range(2)]
    halves = [half for text in texts for half in split_key(text)]
    assert [half[:3] for half in halves] == ["pk_", "sk_"] * 2
    assert len(set(halves)) == 4


@pytest.mark.parametrize(
    ("given", "kept"),
    [(["read"], ["read"]), (["write"], ["read", "write"]), (["write", "read", "read"], ["read", "write"])],
)
def test_whoever_may_write_may_read(given, kept):
    assert make(scopes=given)[1].scopes == kept


@pytest.mark.parametrize("scopes", [[], "read", None, ["own"], [7], [["read"]], {"read": 1}])
def test_scopes_are_read_and_write_alone(scopes):
    with pytest.raises(Invalid) as refused:
        make(scopes=scopes)
    assert list(refused.value.errors) == ["scopes"]


@pytest.mark.parametrize("end", [AT, AT - timedelta(days=1), datetime(2027, 1, 1), "2027-01-01", 7])  # noqa: DTZ001 -- refused
def test_end_lies_ahead_and_has_a_zone(end):
    with pytest.raises(Invalid) as refused:
        make(expires_at=end)
    assert list(refused.value.errors) == ["expires_at"]


def test_end_can_be_taken_away():
    actor, key = make(expires_at=AT + timedelta(days=1))
    assert update_api_key(actor=actor, key=key, data={"expires_at": None}, at=AT).expires_at is None


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
def test_owner_and_admin_manage_keys(role):
    business = make_business()
    create_api_key(actor=make_actor(business, role), business=business, data={"name": "a"}, at=AT)
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_member_and_viewer_do_not(role):
    _actor, key = make()
    other = make_actor(key.business, role)
    with pytest.raises(NotAllowed):
        create_api_key(actor=other, business=key.business, data={"name": "a"}, at=AT)
    with pytest.raises(NotAllowed):
        update_api_key(actor=other, key=key, data={"name": "a"}, at=AT)
    with pytest.raises(NotAllowed):
        revoke_api_key(actor=other, key=key, at=AT)


def test_outsider_does_not_learn_of_a_key():
    _actor, key = make()
    with pytest.raises(NotFound):
        revoke_api_key(actor=make_actor(), key=key, at=AT)


def test_version_changes_with_what_can_be_changed_alone():
    actor, key = make()
    version = key_version(key)
    key.last_used_at = AT
    assert key_version(key) == version
    changed = update_api_key(actor=actor, key=key, data={"name": "b"}, at=AT, version=version)
    assert key_version(changed) != version
    for change in (update_api_key, revoke_api_key):
        with pytest.raises(LostUpdate):
            change(actor=actor, key=key, at=AT, version=version, **({"data": {}} if change is update_api_key else {}))


def test_revoked_key_stays_revoked():
    actor, key = make()
    revoke_api_key(actor=actor, key=key, at=AT)
    with pytest.raises(NotFound):
        update_api_key(actor=actor, key=key, data={"name": "b"}, at=AT)
    with pytest.raises(NotFound):
        revoke_api_key(actor=actor, key=key, at=AT + timedelta(days=1))
    assert ApiKey.objects.get().revoked_at == AT
