from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from accounts.choices import Role
from accounts.models import Delivery
from tests.accounts.api.conftest import make_thing
from tests.accounts.conftest import Api, make_key, signed_in
from tests.factories.accounts import make_business, make_member, make_user, owner_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.api.views")]


def error(answer):
    return answer.status_code, answer.json()["code"]


# Order of refusals: 401, 404, 403, 415, 400


def test_refusals_come_in_their_order(business):
    thing = make_thing(business)
    path = f"/things/{thing.pk}?nonsense=1"
    xml = {"data": "<a/>", "content_type": "application/xml"}
    outsider, viewer = signed_in(owner_of(make_business())), signed_in(make_member(business, Role.VIEWER))
    member = signed_in(make_member(business, Role.MEMBER))
    assert error(Api().put(path, **xml)) == (401, "not_authenticated")
    assert error(outsider.put(path, **xml)) == (404, "not_found")
    assert error(viewer.put(path, **xml)) == (403, "forbidden")
    assert error(member.put(path, **xml)) == (415, "unsupported_media_type")
    assert error(member.put(path, {"subject": "b"})) == (400, "unknown_parameter")
    assert member.put(f"/things/{thing.pk}", {"subject": "b"}).status_code == 200


def test_create_is_refused_before_its_body_is_read(business):
    viewer = signed_in(make_member(business, Role.VIEWER))
    assert error(viewer.post("/things", data="{", content_type="application/json")) == (403, "forbidden")


def test_scope_of_a_key_bounds_it(business):
    thing = make_thing(business)
    _key, text = make_key(business, scopes=["read"])
    api = Api(x_api_key=text)
    assert api.get(f"/things/{thing.pk}").status_code == 200
    assert error(api.post("/things", {"subject": "a"})) == (403, "forbidden")


@pytest.mark.parametrize("pk", ["dlv_none", "%00", "a%00b", "é", "x" * 500])
def test_what_is_not_there_is_a_404(api, pk):
    assert error(api.get(f"/things/{pk}")) == (404, "not_found")


def test_unknown_method_is_a_405(api):
    assert error(api.delete("/things")) == (405, "method_not_allowed")
    assert error(api.options("/things")) == (405, "method_not_allowed")


def test_unknown_address_is_a_404_with_limits():
    answer = Client().get("/api/v2/nothing")
    assert error(answer) == (404, "not_found")
    assert answer.headers.keys() >= {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}


def test_answers_in_json_whatever_is_accepted(api, business):
    answer = api.get("/things", headers={"accept": "text/html"})
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200,
        "application/json",
        "no-store",
    )


# Businesses


def test_list_shows_the_default_business_unless_another_is_named(business):
    user = owner_of(business)
    other = make_business(owner=user)
    mine, theirs = make_thing(business), make_thing(other)
    make_thing(make_business())
    api = signed_in(user)
    assert [row["id"] for row in api.get("/things").json()["results"]] == [mine.pk]
    assert [row["id"] for row in api.get(f"/things?business_id={other.pk}").json()["results"]] == [theirs.pk]


def test_stranger_s_business_is_a_404(api):
    stranger = make_business()
    assert error(api.get(f"/things?business_id={stranger.pk}")) == (404, "not_found")
    assert error(api.post("/things", {"subject": "a", "business_id": stranger.pk})) == (404, "not_found")
    assert Delivery.objects.count() == 0


def test_create_takes_the_business_from_the_body_or_the_query(business):
    user = owner_of(business)
    other = make_business(owner=user)
    api = signed_in(user)
    made = [
        api.post("/things", {"subject": "a"}),
        api.post("/things", {"subject": "b", "business_id": other.pk}),
        api.post(f"/things?business_id={other.pk}", {"subject": "c"}),
        api.post("/things", {"subject": "d", "business_id": None}),
    ]
    assert [answer.status_code for answer in made] == [201] * 4
    rows = Delivery.objects.order_by("subject").values_list("subject", "business_id")
    assert list(rows) == [("a", business.pk), ("b", other.pk), ("c", other.pk), ("d", business.pk)]


def test_address_and_body_must_not_name_different_businesses(business):
    user = owner_of(business)
    other, api = make_business(owner=user), signed_in(user)
    same = api.post(f"/things?business_id={other.pk}", {"subject": "a", "business_id": other.pk})
    assert (same.status_code, Delivery.objects.get().business_id) == (201, other.pk)
    different = api.post(f"/things?business_id={other.pk}", {"subject": "a", "business_id": business.pk})
    assert (different.status_code, list(different.json()["errors"])) == (400, ["business_id"])


@pytest.mark.parametrize("given", [7, True, ["a"], {"id": "a"}])
def test_business_id_of_another_type_is_a_400(api, given):
    answer = api.post("/things", {"subject": "a", "business_id": given})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["business_id"])


def test_user_without_a_business_is_told():
    api = signed_in(make_user())
    assert error(api.get("/things")) == (404, "not_found")
    assert error(api.post("/things", {"subject": "a"})) == (404, "not_found")


def test_role_counts_in_the_business_that_is_meant(business):
    user = owner_of(business)
    other = make_business()
    make_member(other, Role.VIEWER, user=user)
    api = signed_in(user)
    assert error(api.post("/things", {"subject": "a", "business_id": other.pk})) == (403, "forbidden")


# Parameters and fields


def test_unknown_parameter_names_the_nearest(api):
    answer = api.get("/things?page_sise=5&x=1")
    assert error(answer) == (400, "unknown_parameter")
    assert answer.json()["errors"] == {
        "page_sise": ["“page_sise” is not known here. Did you mean “page_size”?"],
        "x": ["“x” is not known here. Known: business_id, cursor, fields, ordering, page, page_size, subject."],
    }


def test_parameter_with_nul_is_a_400(api):
    answer = api.get("/things?subject=a%00")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["subject"])


def test_fields_are_kept_in_the_order_asked(api, business):
    thing = make_thing(business)
    assert api.get("/things?fields=subject,id").json()["results"] == [{"subject": "a", "id": thing.pk}]
    assert api.get(f"/things/{thing.pk}?fields=text").json() == {"text": "-"}


def test_columns_that_are_not_asked_are_not_queried(api, business, django_assert_num_queries):
    make_thing(business)
    with django_assert_num_queries(4) as seen:  # user, memberships, count, rows
        api.get("/things?fields=subject")
    assert '"text"' not in seen.captured_queries[-1]["sql"]


@pytest.mark.parametrize("query", ["fields=nonsense", "fields=", "fields=id,,text", "fields=id;text"])
def test_unknown_field_is_a_400(api, business, query):
    thing = make_thing(business)
    for path in ("/things", f"/things/{thing.pk}"):
        answer = api.get(f"{path}?{query}")
        assert error(answer) == (400, "unknown_field")
        assert list(answer.json()["errors"]) == ["fields"]


def test_fields_belong_to_reading(api):
    assert error(api.post("/things?fields=id", {"subject": "a"})) == (400, "unknown_parameter")


# Lost updates


def test_etag_changes_with_the_row_and_stale_ones_are_refused(api, business):
    thing = make_thing(business)
    path = f"/things/{thing.pk}"
    tag = api.get(path)["ETag"]
    assert tag == f'"{thing.pk}-0"'
    changed = api.put(path, {"subject": "b"}, headers={"if-match": tag})
    assert (changed.status_code, changed["ETag"]) == (200, f'"{thing.pk}-1"')
    assert error(api.put(path, {"subject": "c"}, headers={"if-match": tag})) == (412, "lost_update")
    assert error(api.delete(path, headers={"if-match": tag})) == (412, "lost_update")
    assert api.put(path, {"subject": "d"}, headers={"if-match": "*"}).status_code == 200
    assert api.put(path, {"subject": "e"}).status_code == 200


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ('"{id}-0"', 200),
        ('"other-0", "{id}-0"', 200),
        ('W/"{id}-0"', 412),
        ('"other-0"', 412),
        ("{id}-0", 412),
        ('""', 412),
        ("", 412),
        ('"{id}-00"', 412),
    ],
)
def test_if_match(api, business, header, status):
    thing = make_thing(business)
    answer = api.put(f"/things/{thing.pk}", {"subject": "b"}, headers={"if-match": header.format(id=thing.pk)})
    assert answer.status_code == status


# Limits


def test_limits_are_told_and_kept(settings, business):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": "3/m", "api_burst": "100/s"}
    with time_machine.travel(1_800_000_000, tick=False):
        api = signed_in(owner_of(business))
        answers = [api.get("/things") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["X-RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert {answer["X-RateLimit-Limit"] for answer in answers} == {"3"}
    wait = int(answers[-1]["X-RateLimit-Reset"]) - 1_800_000_000
    assert answers[-1]["Retry-After"] == str(wait)
    assert answers[-1].json()["code"] == "rate_limited"


def test_each_key_and_user_has_limits_of_its_own(settings, business):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": "1/m"}
    with time_machine.travel(1_800_000_000, tick=False):
        user, other = signed_in(owner_of(business)), signed_in(make_member(business))
        key = Api(x_api_key=make_key(business)[1])
        assert [who.get("/things").status_code for who in (user, other, key, user)] == [200, 200, 200, 429]


def test_wrong_credentials_count_for_the_address(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": "2/m"}
    with time_machine.travel(1_800_000_000, tick=False):
        wrong = Api(authorization="Bearer pk_a:sk_b")
        assert [wrong.get("/things").status_code for _ in range(3)] == [401, 401, 429]
        assert wrong.get("/things", REMOTE_ADDR="192.0.2.8").status_code == 401


def test_refusals_tell_the_limits_too(api):
    for answer in (Api().get("/things"), api.get("/things/none"), api.get("/things?x=1"), api.delete("/things")):
        assert "X-RateLimit-Remaining" in answer.headers
