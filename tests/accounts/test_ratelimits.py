from __future__ import annotations

import os
import subprocess
import sys

import pytest
import time_machine
from django.core.cache import caches
from django_ratelimit.core import get_usage

from accounts import ratelimits
from accounts.errors import RateLimited
from accounts.ratelimits import Usage, address_key
from tests.accounts.threads import at_once


@pytest.fixture(autouse=True)
def _limits(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": "100/m", "api_burst": "10/s", "login": "3/m", "few": "2/m"}


def frozen():
    return time_machine.travel(1_800_000_000, tick=False)


@pytest.mark.parametrize(
    ("rate", "parsed"), [("100/m", (100, 60)), ("10/s", (10, 1)), ("5/10m", (5, 600)), ("1/d", (1, 86400))]
)
def test_parse_rate(rate, parsed):
    assert ratelimits.parse_rate(rate) == parsed


def test_hit_counts_down_and_tells_one_too_many():
    with frozen():
        seen = [
            (usage.limit, usage.remaining, usage.exceeded) for usage in (ratelimits.hit("few", "a") for _ in range(4))
        ]
    assert seen == [(2, 1, False), (2, 0, False), (2, 0, True), (2, 0, True)]


def test_hit_counts_each_key_and_each_limit_apart():
    with frozen():
        ratelimits.hit("few", "a")
        assert ratelimits.hit("few", "b").remaining == 1
        assert ratelimits.hit("login", "a").remaining == 2


def test_peek_does_not_count():
    with frozen():
        ratelimits.hit("few", "a")
        assert [ratelimits.peek("few", "a").exceeded for _ in range(3)] == [False] * 3
        ratelimits.hit("few", "a")
        assert ratelimits.peek("few", "a").exceeded is True


def test_a_hit_counts_where_its_window_ends_meanwhile(monkeypatch):
    count = get_usage
    monkeypatch.setattr(ratelimits, "get_usage", lambda *given, **options: count(*given, **options) | {"time_left": -1})
    with frozen():
        seen = [ratelimits.hit("few", "a").exceeded for _ in range(3)]
        usage = ratelimits.hit("few", "a")
    assert (seen, usage.exceeded, usage.retry_after >= 1) == ([False, False, True], True, True)


def test_count_begins_anew_at_the_reset_and_not_before():
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        ratelimits.hit("few", "a")
        reset = ratelimits.hit("few", "a").reset_epoch
        clock.move_to(reset - 1)
        assert ratelimits.hit("few", "a").exceeded is True
        clock.move_to(reset)
        assert ratelimits.hit("few", "a").exceeded is False


def test_enforce_refuses_with_the_seconds_to_wait():
    with frozen():
        ratelimits.enforce("few", "a")
        usage = ratelimits.enforce("few", "a")
        with pytest.raises(RateLimited) as refused:
            ratelimits.enforce("few", "a")
    assert refused.value.extra == {"retry_after": usage.reset_epoch - 1_800_000_000}


def test_threads_get_exactly_the_limit_through():
    with frozen():
        usages = at_once(16, lambda number: [ratelimits.hit("api", "a").exceeded for _ in range(10)])
    flat = [exceeded for each in usages for exceeded in each]
    assert (flat.count(False), flat.count(True)) == (100, 60)


def test_count_request_shows_the_limit_with_less_left():
    with frozen():
        first = ratelimits.count_request("k")
        for _ in range(9):
            ratelimits.count_request("k")
        burst = ratelimits.count_request("k")
    assert (first.limit, first.remaining) == (10, 9)
    assert (burst.limit, burst.remaining, burst.exceeded) == (10, 0, True)


def test_count_request_does_not_charge_the_minute_for_what_the_burst_refuses():
    with frozen():
        for _ in range(50):
            ratelimits.count_request("k")
        assert ratelimits.peek("api", "k").remaining == 90


def test_count_request_shows_the_minute_when_it_is_nearer(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": "2/m"}
    with frozen():
        usages = [ratelimits.count_request("k") for _ in range(3)]
    assert [(usage.limit, usage.remaining, usage.exceeded) for usage in usages] == [
        (2, 1, False),
        (2, 0, False),
        (2, 0, True),
    ]


def test_threads_get_exactly_the_burst_through_and_are_charged_for_no_more():
    with frozen():
        usages = at_once(8, lambda number: [ratelimits.count_request("k").exceeded for _ in range(10)])
        flat = [exceeded for each in usages for exceeded in each]
        assert (flat.count(False), flat.count(True)) == (10, 70)
        assert ratelimits.peek("api", "k").remaining == 90


def test_count_request_begins_anew_at_the_reset():
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        reset = [ratelimits.count_request("k") for _ in range(11)][-1].reset_epoch
        clock.move_to(reset)
        usage = ratelimits.count_request("k")
    assert (reset, usage.remaining, usage.exceeded) == (1_800_000_001, 9, False)


def test_redis_that_does_not_answer_lets_requests_pass(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    with frozen():
        assert [ratelimits.count_request("k").exceeded for _ in range(12)] == [False] * 12


def test_cache_that_does_not_answer_lets_requests_pass(monkeypatch):
    def broken(*args, **options):
        raise ConnectionError

    monkeypatch.setattr(type(caches["default"]), "add", broken)
    with frozen():
        assert ratelimits.hit("few", "a") == Usage(2, 2, 1_800_000_060, exceeded=False)


@pytest.mark.parametrize(
    ("ip", "key"),
    [
        ("192.0.2.7", "address:192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::"),
        ("2001:db8:1:2::9", "address:2001:db8:1:2::"),
        ("", "address:unknown"),
        (None, "address:unknown"),
        ("nonsense", "address:unknown"),
    ],
)
def test_address_key(ip, key):
    assert address_key(ip) == key


def test_failed_logins_of_an_account_are_refused_from_every_address():
    with frozen():
        for last in (1, 2, 3):
            ratelimits.note_failed_login("Studio@example.com ", f"192.0.2.{last}")
        with pytest.raises(RateLimited):
            ratelimits.check_login("studio@example.com", "192.0.2.9")
        ratelimits.check_login("other@example.com", "192.0.2.9")


def test_failed_logins_of_an_address_are_refused_for_every_account():
    with frozen():
        for name in ("a", "b", "c"):
            ratelimits.note_failed_login(name, "192.0.2.1")
        with pytest.raises(RateLimited):
            ratelimits.check_login("d", "192.0.2.1")


def test_failed_login_too_many_is_told_as_such():
    with frozen():
        for _ in range(3):
            ratelimits.note_failed_login("a", "192.0.2.1")
        with pytest.raises(RateLimited):
            ratelimits.note_failed_login("a", "192.0.2.1")


def test_strangers_do_not_keep_an_owner_out_of_an_address_where_they_were_let_in():
    with frozen():
        ratelimits.note_login(["studio", "Studio@example.com"], "192.0.2.50")
        for last in (1, 2, 3):
            ratelimits.note_failed_login("studio@example.com", f"192.0.2.{last}")
        with pytest.raises(RateLimited):
            ratelimits.check_login("studio@example.com", "192.0.2.51")
        ratelimits.check_login("studio@example.com", "192.0.2.50")
        ratelimits.check_login("STUDIO", "192.0.2.50")


def test_failures_at_a_familiar_address_are_counted_too():
    with frozen():
        ratelimits.note_login(["studio"], "192.0.2.50")
        for _ in range(3):
            ratelimits.note_failed_login("studio", "192.0.2.50")
        with pytest.raises(RateLimited):
            ratelimits.check_login("studio", "192.0.2.50")
        ratelimits.check_login("studio", "192.0.2.51")


HITS = """
import django
django.setup()
from accounts import ratelimits
print(sum(not ratelimits.hit("email", "redis-test").exceeded for _ in range(25)))
print(sum(not ratelimits.count_request("redis-test").exceeded for _ in range(25)))
"""


@pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="One process counts alone without Redis.")
def test_processes_get_exactly_the_limit_through_on_redis(settings):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "RATE_LIMIT_EMAIL": "40/d",
        "RATE_LIMIT_API": "40/d",
        "RATE_LIMIT_API_BURST": "1000/s",
        "REDIS_URL": settings.REDIS_URL,
        "VAR_DIR": str(settings.VAR_DIR),
    }
    runs = [
        subprocess.Popen([sys.executable, "-c", HITS], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    counts = [map(int, run.communicate(timeout=60)[0].split()) for run in runs]
    assert [sum(counted) for counted in zip(*counts, strict=True)] == [40, 40]
