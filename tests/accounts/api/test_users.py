from __future__ import annotations

import pytest

from accounts.choices import Role
from accounts.models import Business
from tests.accounts.conftest import Api, make_key, signed_in
from tests.factories.accounts import make_business, make_member, make_user, owner_of

pytestmark = pytest.mark.django_db


def code(answer):
    return answer.status_code, answer.json()["code"]


def test_me_shows_the_default_business_s_contact(business, api):
    Business.objects.update(name="Atlas", phone="+212522000000", address={"city": "Fès"})
    other = make_business(name="Other")
    make_member(other, Role.VIEWER, user=owner_of(business))
    answer = api.get("/users/me").json()
    assert (answer["company_name"], answer["phone"], answer["address"]) == ("Atlas", "+212522000000", {"city": "Fès"})
    assert [(each["name"], each["role"], each["is_default"]) for each in answer["businesses"]] == [
        ("Atlas", "owner", True),
        ("Other", "viewer", False),
    ]
    assert api.get("/auth/me").json() == answer


def test_me_of_whoever_has_no_business():
    answer = signed_in(make_user()).get("/users/me").json()
    assert (answer["company_name"], answer["address"], answer["businesses"]) == ("", "", [])


def test_me_is_for_persons(business):
    api = Api(x_api_key=make_key(business)[1])
    assert code(api.get("/users/me")) == (403, "forbidden")
    assert code(api.patch("/users/me", {"language": "fr"})) == (403, "forbidden")


@pytest.mark.parametrize("method", ["put", "patch"])
def test_change_leaves_what_was_not_given(api, method):
    before = api.get("/users/me").json()
    answer = getattr(api, method)("/users/me", {"full_name": "Neu", "company_name": "Neu GmbH", "address": "Weg 1"})
    expected = before | {"full_name": "Neu", "company_name": "Neu GmbH", "address": "Weg 1"}
    expected["businesses"] = [before["businesses"][0] | {"name": "Neu GmbH"}]
    assert (answer.status_code, answer.json()) == (200, expected)


def test_answer_can_be_sent_back(api):
    read = api.get("/users/me").json()
    assert api.put("/users/me", read).json() == read


def test_change_of_the_email_unverifies_it(api):
    answer = api.patch("/users/me", {"email": "new@example.com"})
    assert (answer.json()["email"], answer.json()["is_verified"]) == ("new@example.com", False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "taken@example.com"}, "email"),
        ({"username": "Taken"}, "username"),
        ({"language": "de"}, "language"),
        ({"phone": "12"}, "phone"),
        ({"address": ["x"]}, "address"),
        ({"company_name": ""}, "company_name"),
    ],
)
def test_change_refuses_and_changes_nothing(api, change, field):
    make_user(username="taken", email="taken@example.com")
    before = api.get("/users/me").json()
    answer = api.patch("/users/me", {"full_name": "Neu"} | change)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert api.get("/users/me").json() == before


def test_change_by_whoever_may_not_manage_the_business():
    member = make_member(make_business(), Role.MEMBER)
    api = signed_in(member)
    assert code(api.patch("/users/me", {"company_name": "Mine"})) == (403, "forbidden")
    assert api.patch("/users/me", {"full_name": "Neu"}).status_code == 200


def test_stale_change_is_refused(api):
    tag = api.get("/users/me")["ETag"]
    changed = api.patch("/users/me", {"language": "fr"}, headers={"if-match": tag})
    assert changed.status_code == 200
    assert code(api.patch("/users/me", {"language": "ar"}, headers={"if-match": tag})) == (412, "lost_update")
    again = api.patch("/users/me", {"language": "ar"}, headers={"if-match": changed["ETag"]})
    assert again.status_code == 200


def test_sparse_me(api):
    assert list(api.get("/users/me?fields=email,language").json()) == ["email", "language"]
    assert code(api.get("/users/me?page=1")) == (400, "unknown_parameter")
