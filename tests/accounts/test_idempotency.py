from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Business, Delivery, IdempotencyKey, User
from accounts.services import idempotency
from accounts.services.idempotency import Answer
from tests.accounts.api import views
from tests.accounts.conftest import make_key, signed_in
from tests.accounts.threads import at_once
from tests.factories.accounts import make_business, make_member, owner_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.api.views")]


@pytest.fixture(autouse=True)
def _no_hurry(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": "100000/m", "api_burst": "10000/s"}


@pytest.fixture
def business(db) -> Business:
    return make_business()


@pytest.fixture
def api(business):
    return signed_in(owner_of(business))


def post(api, subject="a", key="k1", **more):
    return api.post("/things", {"subject": subject} | more, headers={"idempotency-key": key})


def code(answer):
    return answer.status_code, answer.json()["code"]


def test_same_key_and_body_give_the_first_answer_again(api):
    first, second = post(api), post(api)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    assert ("Idempotent-Replayed" in first, second["Idempotent-Replayed"]) == (False, "true")
    assert second["Content-Type"] == "application/json"
    assert Delivery.objects.count() == 1


def test_without_a_key_each_request_counts(api):
    for _ in range(2):
        assert api.post("/things", {"subject": "a"}).status_code == 201
    assert (Delivery.objects.count(), IdempotencyKey.objects.count()) == (2, 0)


def test_same_body_otherwise_written_is_the_same(api):
    headers = {"idempotency-key": "k1"}
    bodies = ['{"subject": "a", "attempts": 1}', '{"attempts":1.0,"subject":"\\u0061"}']
    answers = [api.post("/things", data=body, content_type="application/json", headers=headers) for body in bodies]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Delivery.objects.count() == 1


def test_same_key_with_another_body_or_address_is_a_409(api, business):
    post(api)
    assert code(post(api, "b")) == (409, "idempotency_key_reused")
    elsewhere = api.post(f"/things?business_id={business.pk}", {"subject": "a"}, headers={"idempotency-key": "k1"})
    assert code(elsewhere) == (409, "idempotency_key_reused")
    assert Delivery.objects.count() == 1


def test_files_are_told_apart_by_their_content(api):
    def send(*contents):
        files = [SimpleUploadedFile("a.txt", content) for content in contents]
        return api.client.post("/api/v1/upload", {"file": files, "note": "x"}, headers={"idempotency-key": "k1"})

    first, again, other, fewer = send(b"aa", b"bb"), send(b"aa", b"bb"), send(b"ab", b"bb"), send(b"bb")
    assert (first.json(), again["Idempotent-Replayed"]) == ({"sizes": [2, 2], "first": ["a", "b"]}, "true")
    assert (code(other), code(fewer)) == ((409, "idempotency_key_reused"), (409, "idempotency_key_reused"))


def test_keys_of_different_callers_are_apart(api, business):
    _key, text = make_key(business)
    other = signed_in(make_member(business))
    for who in (api, other):
        assert post(who).status_code == 201
    answer = api.client.post(
        "/api/v1/things",
        {"subject": "a"},
        content_type="application/json",
        headers={"idempotency-key": "k1", "x-api-key": text, "authorization": ""},
    )
    assert answer.status_code == 201
    assert Delivery.objects.count() == 3


@pytest.mark.parametrize("key", ["", "x" * 256, "clé", "a\tb"])
def test_malformed_key_is_a_400(api, key):
    answer = post(api, key=key.encode().decode("latin-1"))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])
    assert Delivery.objects.count() == 0


def test_longest_key_is_good(api):
    assert post(api, key="x" * 255).status_code == 201


def test_refusal_is_kept_without_its_effect(api):
    first = post(api, "conflict")
    second = post(api, "conflict")
    assert code(first) == code(second) == (409, "conflict")
    assert second["Idempotent-Replayed"] == "true"
    assert Delivery.objects.count() == 0


def test_invalid_body_is_kept_too(api):
    first = post(api, "x" * 21)
    second = post(api, "x" * 21)
    assert (first.status_code, first.content, second["Idempotent-Replayed"]) == (400, second.content, "true")


def test_limit_is_neither_kept_nor_left_with_its_effect(api):
    first = post(api, "limited")
    assert (code(first), first["Retry-After"]) == ((429, "rate_limited"), "7")
    assert (IdempotencyKey.objects.count(), Delivery.objects.count()) == (0, 0)
    assert "Idempotent-Replayed" not in post(api, "limited")


def test_failure_of_ours_is_not_kept(api):
    api.client.raise_request_exception = False
    assert post(api, "crash").status_code == 500
    assert (IdempotencyKey.objects.count(), Delivery.objects.count()) == (0, 0)
    assert post(api, "a").status_code == 201


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        (200, True),
        (400, True),
        (401, False),
        (403, False),
        (404, True),
        (412, False),
        (429, False),
        (500, False),
        (503, False),
    ],
)
def test_what_is_kept(status, kept):
    assert Answer(status, "{}").is_kept is kept


def test_key_is_forgotten_after_a_day(api):
    now = timezone.now()
    post(api)
    IdempotencyKey.objects.update(created_at=now - timedelta(hours=24) + timedelta(minutes=1))
    assert post(api)["Idempotent-Replayed"] == "true"
    IdempotencyKey.objects.update(created_at=now - timedelta(hours=24))
    assert "Idempotent-Replayed" not in post(api)
    assert Delivery.objects.count() == 2


# Two at once


def run_slow(api):
    """Start a request that stands still in its handler, and return what tells its answer."""
    views.hold.clear()
    views.entered.clear()

    def run():
        try:
            return post(api, "slow")
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    answer = pool.submit(run)
    assert views.entered.wait(timeout=20)
    return answer


@pytest.mark.django_db(transaction=True)
def test_second_is_told_at_once_while_the_first_runs(transactional_db, business, api):
    first = run_slow(api)
    try:
        second = post(api, "slow")
    finally:
        views.hold.set()
    assert (code(second), second["Retry-After"]) == ((409, "in_progress"), "1")
    assert first.result(timeout=20).status_code == 201
    third = post(api, "slow")
    assert (third.status_code, third["Idempotent-Replayed"]) == (201, "true")
    assert Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_have_one_effect(transactional_db, business, api):
    answers = at_once(8, lambda number: post(api))
    made = [answer for answer in answers if answer.status_code == 201 and "Idempotent-Replayed" not in answer]
    others = {answer.status_code for answer in answers if answer not in made}
    assert (len(made), others <= {201, 409}, Delivery.objects.count()) == (1, True, 1)


@pytest.mark.django_db(transaction=True)
def test_unique_row_lets_one_effect_through_where_the_cache_is_lost(transactional_db, business, api, monkeypatch):
    def broken(*args, **options):
        raise ConnectionError

    monkeypatch.setattr(type(caches["default"]), "add", broken)
    made = []

    def act() -> Answer:
        with transaction.atomic():
            made.append(1)
            User.objects.filter(pk=owner_of(business).pk).update(full_name="x")
        return Answer(201, "{}")

    def run(number):
        return idempotency.carry_out(actor_key="a", key="k", fingerprint="f", at=timezone.now(), act=act)

    answers = at_once(6, run)
    assert [(answer.status, answer.body) for answer in answers] == [(201, "{}")] * 6
    assert (sum(not answer.replayed for answer in answers), len(made)) == (1, 1)


def test_mark_goes_with_the_request_also_when_it_fails():
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), idempotency.running("a", "k") as is_first:
            _ = 1 / (0 if is_first else 1)


def test_mark_of_a_crashed_process_lapses(monkeypatch):
    monkeypatch.setattr(idempotency, "RUNNING_FOR", 1)
    crashed = idempotency.running("crashed", "k")
    assert crashed.__enter__() is True
    with idempotency.running("crashed", "k") as is_first:
        assert is_first is False
    time.sleep(1.1)  # in earnest: Redis has a clock of its own
    with idempotency.running("crashed", "k") as is_first:
        assert is_first is True


def test_threads_see_one_mark():
    gate = threading.Barrier(8)

    def mark(number):
        with idempotency.running("a", "k") as is_first:
            gate.wait(timeout=20)
        return is_first

    assert sorted(at_once(8, mark)) == [False] * 7 + [True]
