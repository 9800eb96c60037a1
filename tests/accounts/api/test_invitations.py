from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Business, Delivery, Invitation
from accounts.services.invitations import VALID_FOR, accept_invitation
from tests.accounts.conftest import Api, make_key, signed_in
from tests.accounts.services.test_invitations import token_of
from tests.factories.accounts import make_business, make_member, make_user, owner_of

pytestmark = pytest.mark.django_db
NAMES = [
    "id", "business_id", "email", "role", "status", "invited_by", "sent_at", "expires_at", "accepted_at", "revoked_at",
    "created_at",
]  # fmt: skip


def members(business: Business) -> str:
    return f"/businesses/{business.pk}/members"


def offers(business: Business) -> str:
    return f"/businesses/{business.pk}/invitations"


def invited(api: Api, business: Business, email: str = "new@example.com", **more: Any) -> dict[str, Any]:
    answer = api.post(members(business), {"email": email} | more)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_inviting_answers_with_the_invitation_and_never_with_its_link(api: Api, business: Business) -> None:
    answer = api.post(members(business), {"email": "New@example.com", "role": "viewer"})
    made = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1{offers(business)}/{made['id']}")
    assert list(made) == NAMES
    assert {name: made[name] for name in ("business_id", "email", "role", "status", "invited_by", "accepted_at")} == {
        "business_id": business.pk, "email": "new@example.com", "role": "viewer", "status": "pending",
        "invited_by": owner_of(business).pk, "accepted_at": None,
    }  # fmt: skip
    assert token_of("new@example.com") not in answer.content.decode()


def test_the_members_list_is_as_it_was(api: Api, business: Business) -> None:
    invited(api, business)
    entries = api.get(members(business)).json()["results"]
    assert [list(entry) for entry in entries] == [["user_id", "email", "username", "full_name", "role", "created_at"]]


def test_a_known_and_an_unknown_address_are_answered_alike(api: Api, business: Business) -> None:
    make_user(email="known@example.com")
    known, unknown = invited(api, business, "known@example.com"), invited(api, business, "other@example.com")
    own = {"id", "email", "sent_at", "expires_at", "created_at"}
    assert {name: known[name] for name in known if name not in own} == {
        name: unknown[name] for name in unknown if name not in own
    }


@pytest.mark.parametrize(
    ("body", "field"), [({}, "email"), ({"email": "x"}, "email"), ({"email": "a@example.com", "role": "boss"}, "role")]
)
def test_what_is_wrong_is_a_400_that_names_it(api: Api, business: Business, body: dict[str, Any], field: str) -> None:
    answer = api.post(members(business), body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_member_and_whoever_is_invited_are_a_409(api: Api, business: Business) -> None:
    colleague = make_member(business)
    invited(api, business)
    answers = [api.post(members(business), {"email": email}) for email in (colleague.email, "new@example.com")]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (409, "already_member"), (409, "already_invited"),
    ]  # fmt: skip


def test_the_same_order_is_carried_out_once(api: Api, business: Business) -> None:
    answers = [
        api.post(members(business), {"email": "new@example.com"}, headers={"Idempotency-Key": "one"})
        for _each in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert (answers[0].json(), Delivery.objects.count()) == (answers[1].json(), 1)


def test_an_admin_makes_no_owner(business: Business) -> None:
    admin = signed_in(make_member(business, Role.ADMIN))
    answer = admin.post(members(business), {"email": "new@example.com", "role": "owner"})
    assert (answer.status_code, answer.json()["code"], Invitation.objects.count()) == (403, "forbidden", 0)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_only_who_manages_the_business_sees_and_sends_invitations(api: Api, business: Business, role: str) -> None:
    one = f"{offers(business)}/{invited(api, business)['id']}"
    low, stranger = signed_in(make_member(business, role)), signed_in(owner_of(make_business()))
    key = Api(x_api_key=make_key(business)[1])
    for caller, status in ((low, 403), (stranger, 404), (key, 403)):
        answers = [
            caller.post(members(business), {"email": "b@example.com"}), caller.get(offers(business)), caller.get(one),
            caller.post(f"{one}/resend"), caller.delete(one),
        ]  # fmt: skip
        assert [answer.status_code for answer in answers] == [status] * 5
    assert (Invitation.objects.get().revoked_at, Delivery.objects.count()) == (None, 1)


def test_another_businesss_invitation_is_not_there(api: Api, business: Business) -> None:
    other = make_business(owner=owner_of(business))
    one = invited(signed_in(owner_of(business)), other)
    for address in (offers(business), offers(make_business())):
        assert api.get(f"{address}/{one['id']}").status_code == 404
    assert api.get(f"{offers(other)}/unknown").status_code == 404


def test_invitations_are_listed_with_where_they_stand(api: Api, business: Business) -> None:
    for email in ("a@example.com", "b@example.com", "c@example.com", "d@example.com"):
        invited(api, business, email)
    now = timezone.now()
    accept_invitation(user=make_user(email="a@example.com"), token=token_of("a@example.com"), at=now)
    Invitation.objects.filter(email="b@example.com").update(expires_at=now)
    withdrawn = Invitation.objects.get(email="c@example.com").pk
    assert api.delete(f"{offers(business)}/{withdrawn}").status_code == 204
    listed = api.get(f"{offers(business)}?ordering=email&fields=email,status").json()["results"]
    assert listed == [
        {"email": "a@example.com", "status": "accepted"}, {"email": "b@example.com", "status": "expired"},
        {"email": "c@example.com", "status": "revoked"}, {"email": "d@example.com", "status": "pending"},
    ]  # fmt: skip


def test_sending_again_is_for_another_week_and_not_without_end(api: Api, business: Business) -> None:
    one = f"{offers(business)}/{invited(api, business)['id']}"
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    first = token_of("new@example.com")
    answer = api.post(f"{one}/resend")
    assert (answer.status_code, answer.json()["status"], token_of("new@example.com") != first) == (200, "pending", True)
    assert Invitation.objects.get().expires_at > timezone.now() + VALID_FOR - timedelta(minutes=1)
    assert [api.post(f"{one}/resend").status_code for _each in range(2)] == [200, 429]


def test_what_has_its_answer_is_neither_sent_nor_withdrawn(api: Api, business: Business) -> None:
    one = f"{offers(business)}/{invited(api, business)['id']}"
    accept_invitation(user=make_user(email="new@example.com"), token=token_of("new@example.com"), at=timezone.now())
    assert [api.post(f"{one}/resend").status_code, api.delete(one).status_code] == [409, 409]


def test_a_stale_tag_withdraws_nothing(api: Api, business: Business) -> None:
    one = f"{offers(business)}/{invited(api, business)['id']}"
    tag = api.get(one)["ETag"]
    api.post(f"{one}/resend")
    assert api.delete(one, headers={"If-Match": tag}).status_code == 412
    assert api.delete(one, headers={"If-Match": api.get(one)["ETag"]}).status_code == 204
