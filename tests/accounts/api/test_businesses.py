from __future__ import annotations

import io
import json
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from accounts.choices import Role
from accounts.models import Business, Membership, Plan, User
from tests.accounts.conftest import Api, make_key, signed_in
from tests.factories.accounts import make_business, make_member, make_user, owner_of
from tests.factories.invoicing import make_issued

pytestmark = pytest.mark.django_db
OUTSIDER = "outsider"
FIELDS = [
    "id", "name", "legal_name", "legal_name_ar", "country", "currency", "language", "timezone", "address", "address_ar",
    "vat_number", "cr_number", "tax_ids", "phone", "email", "website", "logo", "brand_colour", "look", "paper_size",
    "digits", "second_language", "signature_frame", "bank_details", "notes", "footer", "payment_terms", "tax_rate", "number_formats", "next_numbers", "slug", "payment_link",
    "webhook_inbox_url", "plan", "role", "archived", "created_at", "updated_at",
]  # fmt: skip


@pytest.fixture
def business() -> Business:
    return make_business(name="Studio", country="MA", currency="MAD")


def api_as(business: Business, role: str) -> Api:
    """Return the API as the owner, a new member in the role, or an outsider."""
    if role == OUTSIDER:
        return signed_in(owner_of(make_business()))
    return signed_in(owner_of(business) if role == Role.OWNER else make_member(business, role))


def key_as(business: Business, *scopes: str) -> Api:
    """Return the API as a program with a key of the scopes."""
    return Api(**{"x-api-key": make_key(business, scopes=list(scopes))[1]})


def picture(kind: str = "PNG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, kind)
    return SimpleUploadedFile("logo", out.getvalue(), f"image/{kind.lower()}")


def put_logo(api: Api, business: Business, **files: Any) -> Any:
    path = f"/api/v1/businesses/{business.pk}/logo"
    return api.client.put(path, encode_multipart(BOUNDARY, files), content_type=MULTIPART_CONTENT)


# Reading


def test_a_business_has_every_field(business: Business) -> None:
    answer = api_as(business, Role.OWNER).get(f"/businesses/{business.pk}")
    body = answer.json()
    assert (answer.status_code, list(body)) == (200, FIELDS)
    assert (body["tax_rate"], body["address"], body["logo"], body["role"], body["plan"]) == (
        0, {}, None, "owner", "enterprise",
    )  # fmt: skip
    assert body["number_formats"] == {
        "invoice": "INV-{YYYY}-{seq:04}", "credit_note": "CN-{YYYY}-{seq:04}", "debit_note": "DN-{YYYY}-{seq:04}",
    }  # fmt: skip
    assert body["next_numbers"] == {"invoice": 1, "credit_note": 1, "debit_note": 1}
    assert body["webhook_inbox_url"] == f"http://localhost:8000/webhooks/inbox/{business.inbox_token}"


def test_the_next_number_is_the_one_that_comes(business: Business) -> None:
    make_issued(business)
    body = api_as(business, Role.VIEWER).get(f"/businesses/{business.pk}?fields=next_numbers").json()
    assert body == {"next_numbers": {"invoice": 2, "credit_note": 1, "debit_note": 1}}


def test_the_list_shows_the_caller_s_businesses_alone(business: Business) -> None:
    second = make_business(owner=owner_of(business), name="Second")
    make_business(name="Elsewhere")
    body = signed_in(owner_of(business)).get("/businesses?ordering=name&fields=name").json()
    assert (body["count"], body["results"]) == (2, [{"name": "Second"}, {"name": "Studio"}])
    one = signed_in(owner_of(business)).get(f"/businesses?business_id={second.pk}&fields=id").json()
    assert one["results"] == [{"id": second.pk}]


def test_a_key_sees_its_own_business_alone(business: Business) -> None:
    make_business(owner=owner_of(business))
    body = key_as(business, "read").get("/businesses?fields=id").json()
    assert body["results"] == [{"id": business.pk}]


def test_the_inbox_is_a_secret_of_those_who_write(business: Business) -> None:
    path = f"/businesses/{business.pk}?fields=webhook_inbox_url"
    shown = [bool(api_as(business, role).get(path).json()["webhook_inbox_url"]) for role in Role.values]
    assert dict(zip(Role.values, shown, strict=True)) == {"owner": True, "admin": True, "member": True, "viewer": False}
    assert key_as(business, "read").get(path).json() == {"webhook_inbox_url": None}


def test_fields_that_are_not_asked_for_are_not_looked_up(business: Business, django_assert_num_queries: Any) -> None:
    api = key_as(business, "read")
    api.get(f"/businesses/{business.pk}?fields=name")
    with django_assert_num_queries(2):  # the key with its business, and the business
        api.get(f"/businesses/{business.pk}?fields=name")


def test_an_unknown_parameter_is_named_with_the_nearest(business: Business) -> None:
    answer = api_as(business, Role.OWNER).get("/businesses?oredring=name")
    assert (answer.status_code, answer.json()["errors"]) == (
        400, {"oredring": ["“oredring” is not known here. Did you mean “ordering”?"]},
    )  # fmt: skip


# Writing


def test_create_opens_a_business(business: Business) -> None:
    api = signed_in(owner_of(business))
    answer = api.post("/businesses", {"name": "Second", "country": "SA", "tax_rate": 15, "address": "Riyadh"})
    body = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/businesses/{body['id']}")
    assert (body["name"], body["currency"], body["tax_rate"], body["address"], body["role"]) == (
        "Second", "SAR", 15, {"text": "Riyadh"}, "owner",
    )  # fmt: skip
    assert body["webhook_inbox_url"] is not None
    assert owner_of(Business.objects.get(pk=body["id"])) == owner_of(business)
    assert api.get(f"/businesses/{body['id']}").json()["name"] == "Second"


def test_create_by_a_person_without_a_business() -> None:
    user = make_user()
    assert signed_in(user).post("/businesses", {"name": "First"}).status_code == 201
    assert [each.business.name for each in user.memberships.all()] == ["First"]


def test_create_twice_with_one_key_opens_one(business: Business) -> None:
    api = signed_in(owner_of(business))
    answers = [api.post("/businesses", {"name": "Second"}, headers={"Idempotency-Key": "k1"}) for _each in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert (answers[0].json()["id"] == answers[1].json()["id"], answers[1]["Idempotent-Replayed"]) == (True, "true")
    assert Business.objects.filter(name="Second").count() == 1


def test_create_names_what_is_wrong(business: Business) -> None:
    answer = signed_in(owner_of(business)).post("/businesses", {"country": "XX", "name": ""})
    assert (answer.status_code, answer.json()["code"], sorted(answer.json()["errors"])) == (
        400, "invalid", ["country", "name"],
    )  # fmt: skip


def test_create_names_what_no_business_has(business: Business) -> None:
    answer = signed_in(owner_of(business)).post("/businesses", {"name": "Second", "tax_id": "1"})
    assert (answer.status_code, answer.json()["code"], answer.json()["errors"]) == (
        400, "unknown_field", {"tax_id": ["“tax_id” is not known here. Did you mean “tax_ids”?"]},
    )  # fmt: skip


def test_create_is_nothing_for_a_key(business: Business) -> None:
    assert key_as(business, "read", "write").post("/businesses", {"name": "Second"}).status_code == 403


@pytest.mark.parametrize("method", ["put", "patch"])
def test_update_changes_what_is_sent_and_leaves_the_rest(business: Business, method: str) -> None:
    api = api_as(business, Role.ADMIN)
    answer = getattr(api, method)(
        f"/businesses/{business.pk}",
        {"legal_name": "Studio SARL", "tax_ids": [{"type": "ICE", "value": "001561191000066"}]},
    )
    body = answer.json()
    assert (answer.status_code, body["name"], body["legal_name"], body["currency"]) == (
        200,
        "Studio",
        "Studio SARL",
        "MAD",
    )
    assert body["tax_ids"] == [{"type": "ICE", "value": "001561191000066"}]


LOOK = {
    "brand_colour": "#AA3300", "look": "classic", "paper_size": "letter", "digits": "arab", "second_language": "ar",
    "signature_frame": True,
}  # fmt: skip


@pytest.mark.parametrize("method", ["put", "patch"])
def test_the_look_of_papers_is_written_and_read(business: Business, method: str) -> None:
    api = api_as(business, Role.OWNER)
    before = api.get(f"/businesses/{business.pk}").json()
    assert {name: before[name] for name in LOOK} == {
        "brand_colour": "#0B6B50", "look": "modern", "paper_size": "a4", "digits": "latn", "second_language": "auto",
        "signature_frame": False,
    }  # fmt: skip
    assert getattr(api, method)(f"/businesses/{business.pk}", LOOK).status_code == 200
    after = api.get(f"/businesses/{business.pk}").json()
    assert {name: after[name] for name in LOOK} == LOOK


def test_a_business_is_opened_with_its_look(business: Business) -> None:
    body = signed_in(owner_of(business)).post("/businesses", {"name": "Second", "country": "US"} | LOOK).json()
    assert {name: body[name] for name in LOOK} == LOOK


def test_an_unknown_look_is_refused_by_its_name(business: Business) -> None:
    wrong = dict.fromkeys(LOOK, "x") | {"signature_frame": 1}
    answer = api_as(business, Role.OWNER).patch(f"/businesses/{business.pk}", wrong)
    assert (answer.status_code, sorted(answer.json()["errors"])) == (400, sorted(LOOK))


def test_what_was_read_can_be_sent_back(business: Business) -> None:
    make_issued(business)
    api = api_as(business, Role.OWNER)
    body = api.get(f"/businesses/{business.pk}").json()
    answer = api.put(f"/businesses/{business.pk}", body)
    after = answer.json()
    assert (answer.status_code, {name for name in body if body[name] != after[name]}) == (200, {"updated_at"})


def test_decimals_stay_exact(business: Business) -> None:
    api = api_as(business, Role.OWNER)
    answer = api.client.patch(
        f"/api/v1/businesses/{business.pk}", '{"tax_rate": 5.5000}', content_type="application/json"
    )
    assert b'"tax_rate":5.5,' in answer.content


def test_update_with_a_stale_tag_is_refused(business: Business) -> None:
    api = api_as(business, Role.OWNER)
    tag = api.get(f"/businesses/{business.pk}")["ETag"]
    path = f"/api/v1/businesses/{business.pk}"
    bodies = [json.dumps({"name": name}) for name in ("First", "Second")]
    answers = [
        api.client.patch(path, body, content_type="application/json", headers={"If-Match": tag}) for body in bodies
    ]
    assert [answer.status_code for answer in answers] == [200, 412]
    assert (answers[1].json()["code"], Business.objects.get().name) == ("lost_update", "First")
    assert answers[0]["ETag"] != tag


ACTS = {
    "read": ("get", "", None),
    "usage": ("get", "/usage", None),
    "members": ("get", "/members", None),
    "change": ("patch", "", {"name": "New"}),
    "archive": ("post", "/archive", None),
    "delete": ("delete", "", None),
}
ALLOWED = {
    "read": {Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER},
    "usage": {Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER},
    "members": {Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER},
    "change": {Role.OWNER, Role.ADMIN},
    "archive": {Role.OWNER},
    "delete": {Role.OWNER},
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", [*Role.values, OUTSIDER])
def test_who_may_do_what(business: Business, act: str, role: str) -> None:
    method, rest, body = ACTS[act]
    status = getattr(api_as(business, role), method)(f"/businesses/{business.pk}{rest}", body).status_code
    expected = 404 if role == OUTSIDER else 403 if role not in ALLOWED[act] else 204 if act == "delete" else 200
    assert status == expected


@pytest.mark.parametrize("act", ACTS)
def test_a_key_reads_and_manages_nothing(business: Business, act: str) -> None:
    method, rest, body = ACTS[act]
    api = key_as(business, "read", "write")
    status = getattr(api, method)(f"/businesses/{business.pk}{rest}", body).status_code
    assert status == (200 if act in {"read", "usage", "members"} else 403)


@pytest.mark.parametrize("act", ACTS)
def test_visitors_are_refused_before_anything_is_told(business: Business, act: str) -> None:
    method, rest, body = ACTS[act]
    answer = getattr(Api(), method)(f"/businesses/{business.pk}{rest}", body)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_archive_puts_away_and_delete_refuses_what_is_kept(business: Business) -> None:
    make_issued(business)
    api = api_as(business, Role.OWNER)
    refusal = api.delete(f"/businesses/{business.pk}")
    assert (refusal.status_code, refusal.json()["detail"]) == (
        409, "This business has documents that must be kept. Archive it instead.",
    )  # fmt: skip
    assert api.post(f"/businesses/{business.pk}/archive").json()["name"] == "Studio"
    assert (api.get(f"/businesses/{business.pk}/usage").status_code, Business.objects.count()) == (200, 1)


def test_usage_tells_what_is_used_and_when_it_renews(business: Business) -> None:
    Business.objects.update(plan=Plan.objects.get(code="free"))
    business.refresh_from_db()
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False):
        make_issued(business)
        body = api_as(business, Role.VIEWER).get(f"/businesses/{business.pk}/usage").json()
    assert body == {
        "plan": "free",
        "metrics": [
            {"metric": "invoices", "used": 1, "limit": 10, "renews_at": "2026-12-01T00:00:00Z"},
            {"metric": "emails", "used": 0, "limit": 5, "renews_at": "2026-11-21T00:00:00Z"},
        ],
    }


def test_usage_is_sparse(business: Business) -> None:
    api = api_as(business, Role.VIEWER)
    assert api.get(f"/businesses/{business.pk}/usage?fields=plan").json() == {"plan": business.plan_id}
    wrong = api.get(f"/businesses/{business.pk}/usage?fields=currency")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "unknown_field")


# The logo


def test_the_logo_is_put_read_and_deleted(business: Business) -> None:
    api = api_as(business, Role.ADMIN)
    path = f"/businesses/{business.pk}/logo"
    assert api.get(path).status_code == 404
    assert put_logo(api, business, logo=picture("JPEG")).status_code == 204
    shown = api_as(business, Role.VIEWER).get(path)
    assert (shown.status_code, shown["Content-Type"], shown.content[:4]) == (200, "image/png", b"\x89PNG")
    assert (shown["X-Content-Type-Options"], shown["Content-Security-Policy"]) == (
        "nosniff",
        "default-src 'none'; sandbox",
    )
    body = api.get(f"/businesses/{business.pk}?fields=logo").json()
    assert body == {"logo": f"http://localhost:8000/api/v1/businesses/{business.pk}/logo"}
    assert (api.delete(path).status_code, api.get(path).status_code) == (204, 404)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "A file is needed here."),
        ({"logo": "text"}, "A file is needed here."),
        ({"logo": SimpleUploadedFile("x.svg", b"<svg/>")}, "This is not a picture in PNG, JPEG, WebP or GIF."),
    ],
)
def test_what_is_no_picture_is_refused(business: Business, files: dict[str, Any], sentence: str) -> None:
    answer = put_logo(api_as(business, Role.OWNER), business, **files)
    assert (answer.status_code, answer.json()["errors"]) == (400, {"logo": [sentence]})


def test_too_large_a_body_is_refused_unread(business: Business) -> None:
    answer = put_logo(api_as(business, Role.OWNER), business, logo=SimpleUploadedFile("x.png", b"x" * 2_200_000))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_logo_in_json_is_refused_by_its_type(business: Business) -> None:
    answer = api_as(business, Role.OWNER).put(f"/businesses/{business.pk}/logo", {"logo": "x"})
    assert answer.status_code == 415


@pytest.mark.parametrize(("role", "status"), [(Role.MEMBER, 403), (Role.VIEWER, 403), (OUTSIDER, 404)])
def test_others_do_not_change_the_logo(business: Business, role: str, status: int) -> None:
    api = api_as(business, role)
    assert put_logo(api, business, logo=picture()).status_code == status
    assert api.delete(f"/businesses/{business.pk}/logo").status_code == status


# Members


def path_of(business: Business, user: User) -> str:
    return f"/businesses/{business.pk}/members/{user.pk}"


def test_members_are_listed_by_user(business: Business) -> None:
    user = make_member(business, Role.VIEWER, full_name="Viewing Person")
    body = api_as(business, Role.OWNER).get(f"/businesses/{business.pk}/members?ordering=created_at").json()
    owner = owner_of(business)
    assert [(each["user_id"], each["email"], each["role"]) for each in body["results"]] == [
        (owner.pk, owner.email, "owner"), (user.pk, user.email, "viewer"),
    ]  # fmt: skip
    assert list(body["results"][0]) == ["user_id", "email", "username", "full_name", "role", "created_at"]


def test_one_member_is_read_with_a_tag_that_the_next_change_needs(business: Business) -> None:
    user = make_member(business, Role.VIEWER)
    api = api_as(business, Role.OWNER)
    read = api.get(path_of(business, user))
    path = f"/api/v1{path_of(business, user)}"
    assert read.json()["role"] == "viewer"
    statuses = [
        api.client.patch(
            path, json.dumps({"role": role}), content_type="application/json", headers={"If-Match": read["ETag"]}
        ).status_code
        for role in (Role.MEMBER, Role.ADMIN)
    ]
    assert (statuses, Membership.objects.get(user=user).role) == ([200, 412], Role.MEMBER)


@pytest.mark.parametrize("method", ["put", "patch"])
def test_an_owner_changes_a_role(business: Business, method: str) -> None:
    user = make_member(business, Role.VIEWER)
    answer = getattr(api_as(business, Role.OWNER), method)(path_of(business, user), {"role": "admin"})
    assert (answer.status_code, answer.json()["role"]) == (200, "admin")


@pytest.mark.parametrize("body", [{}, {"role": "boss"}, {"role": 7}, {"role": None}])
def test_a_role_must_be_one_of_four(business: Business, body: dict[str, Any]) -> None:
    user = make_member(business, Role.VIEWER)
    answer = api_as(business, Role.OWNER).patch(path_of(business, user), body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["role"])


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ADMIN, 200), (Role.MEMBER, 403), (Role.VIEWER, 403), (OUTSIDER, 404)]
)
def test_who_may_change_a_role(business: Business, role: str, status: int) -> None:
    user = make_member(business, Role.VIEWER)
    assert api_as(business, role).patch(path_of(business, user), {"role": "member"}).status_code == status


@pytest.mark.parametrize(
    ("role", "status"), [(Role.ADMIN, 204), (Role.MEMBER, 403), (Role.VIEWER, 403), (OUTSIDER, 404)]
)
def test_who_may_send_a_member_away(business: Business, role: str, status: int) -> None:
    user = make_member(business, Role.VIEWER)
    assert api_as(business, role).delete(path_of(business, user)).status_code == status


def test_a_viewer_may_leave(business: Business) -> None:
    user = make_member(business, Role.VIEWER)
    assert signed_in(user).delete(path_of(business, user)).status_code == 204
    assert user.memberships.count() == 0


def test_the_last_owner_cannot_go(business: Business) -> None:
    answer = api_as(business, Role.OWNER).delete(path_of(business, owner_of(business)))
    assert (answer.status_code, answer.json()["detail"]) == (
        409, "A business needs an owner. Make somebody else an owner first.",
    )  # fmt: skip


def test_a_member_of_another_business_is_not_there(business: Business) -> None:
    other = make_business(owner=owner_of(business))
    user = make_member(other, Role.VIEWER)
    api = api_as(business, Role.OWNER)
    assert [api.get(path_of(each, user)).status_code for each in (business, other)] == [404, 200]


@pytest.mark.parametrize("path", ["/businesses/%00", "/businesses/%00/members", "/businesses/x/members/%00"])
def test_what_is_no_id_is_not_there(business: Business, path: str) -> None:
    assert api_as(business, Role.OWNER).get(path).status_code == 404


def test_a_browser_s_session_is_enough(business: Business) -> None:
    browser = Client()
    browser.force_login(owner_of(business))
    assert browser.get(f"/api/v1/businesses/{business.pk}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/archive"), ("DELETE", ""), ("DELETE", "/logo"), ("PUT", "/logo")]
)
def test_what_was_changed_in_the_meantime_is_left_alone(business: Business, method: str, path: str) -> None:
    api = api_as(business, Role.OWNER)
    tag = api.get(f"/businesses/{business.pk}")["ETag"]
    assert api.patch(f"/businesses/{business.pk}", {"footer": "Thank you"}).status_code == 200
    body = encode_multipart(BOUNDARY, {"logo": picture("PNG")})
    address = f"/api/v1/businesses/{business.pk}{path}"
    kind = MULTIPART_CONTENT if method == "PUT" else "application/json"
    sent = body if method == "PUT" else b""
    answer = api.client.generic(method, address, sent, content_type=kind, headers={"if-match": tag})
    assert (answer.status_code, answer.json()["code"]) == (412, "lost_update")
    assert Business.objects.filter(pk=business.pk, archived_at=None).exists()


def test_a_new_logo_has_the_tag_of_its_business(business: Business) -> None:
    api = api_as(business, Role.OWNER)
    put = put_logo(api, business, logo=picture("PNG"))
    assert (
        put["ETag"]
        == api.get(f"/businesses/{business.pk}/logo")["ETag"]
        == api.get(f"/businesses/{business.pk}")["ETag"]
    )


# The archive


def test_an_archived_business_can_be_read_and_restored_by_its_owner(business: Business) -> None:
    owner = signed_in(owner_of(business))
    viewer, outsider = api_as(business, Role.VIEWER), signed_in(make_user())
    path = f"/businesses/{business.pk}"
    assert owner.post(f"{path}/archive").json()["archived"] is True
    assert owner.get("/businesses").json()["results"] == []
    assert [row["id"] for row in owner.get("/businesses?archived=true").json()["results"]] == [business.pk]
    assert [each.get(path).status_code for each in (owner, viewer, outsider)] == [200, 200, 404]
    assert [each.patch(path, {"name": "x"}).status_code for each in (owner, viewer, outsider)] == [409, 403, 404]
    assert [each.post(f"{path}/restore").status_code for each in (viewer, outsider, owner)] == [403, 404, 200]
    assert [row["archived"] for row in owner.get("/businesses").json()["results"]] == [False]
    assert owner.post(f"{path}/restore").status_code == 200


def test_a_word_for_the_archive_that_is_none_is_refused(business: Business) -> None:
    answer = signed_in(owner_of(business)).get("/businesses?archived=yes")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["archived"])
