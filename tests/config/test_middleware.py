from __future__ import annotations

import gzip
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network

import brotli
import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from config.middleware import client_address
from tests.factories.accounts import make_user

pytestmark = [pytest.mark.urls("tests.config.urls"), pytest.mark.django_db]


@pytest.fixture
def proxies(settings):
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1"), ip_network("10.0.0.0/8")]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def test_a_request_gets_an_id(client):
    first, second = client.get("/seen")["X-Request-ID"], client.get("/seen")["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{16}", first)
    assert first != second


def test_a_request_keeps_the_id_it_brings(client):
    assert client.get("/seen", headers={"X-Request-ID": "from-the-proxy.1"})["X-Request-ID"] == "from-the-proxy.1"


@pytest.mark.parametrize("given", ["short", "with space in it", "a" * 65, "line\nbreak-1234"])
def test_an_id_of_another_form_is_replaced(client, given):
    assert client.get("/seen", headers={"X-Request-ID": given})["X-Request-ID"] != given


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
    ],
)
def test_the_address_is_the_last_one_that_no_proxy_of_ours_has(proxies, peer, forwarded, address):
    assert client_address(peer, forwarded) == address


def test_a_trusted_proxy_is_believed(client, proxies):
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    seen = client.get("/seen", headers=headers).json()
    assert (seen["address"], seen["client_ip"], seen["secure"]) == ("203.0.113.9", "203.0.113.9", True)


def test_a_stranger_is_not_believed(client, proxies):
    headers = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"}
    seen = client.get("/seen", headers=headers, REMOTE_ADDR="203.0.113.9").json()
    assert (seen["address"], seen["client_ip"], seen["secure"]) == ("203.0.113.9", "203.0.113.9", False)


def test_a_user_is_spoken_to_in_their_language(client):
    client.force_login(make_user(language="ar"))
    answer = client.get("/seen", headers={"Accept-Language": "fr"})
    assert (answer.json()["language"], answer["Content-Language"]) == ("ar", "ar")


def test_a_visitor_is_spoken_to_in_the_browsers_language(client):
    assert client.get("/seen", headers={"Accept-Language": "fr"}).json()["language"] == "fr"


def lines(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "config.requests"]


def test_a_request_is_logged_without_its_query(client, caplog):
    with caplog.at_level(logging.INFO, "config.requests"):
        client.get("/seen?token=hidden")
    assert [re.sub(r"\d+ ms", "N ms", line) for line in lines(caplog)] == ["GET /seen 200 N ms"]


def test_nul_is_refused_before_it_reaches_the_database(client):
    assert client.get("/open/a%00b").status_code == 404
    assert client.get("/seen?x=a%00").status_code == 400
    assert client.post("/seen", {"x": "a\0"}).status_code == 400
    assert client.post("/seen?x=a", {"x": "a"}).status_code == 200


def test_a_path_cannot_begin_a_line_of_its_own(client, caplog):
    with caplog.at_level(logging.INFO, "config.requests"):
        client.get("/x%0a%1b%E2%80%A812:00 ل")
    assert [re.sub(r"\d+ ms", "N ms", line) for line in lines(caplog)] == [r"GET /x\n\x1b\u202812:00 ل 404 N ms"]


def test_a_path_that_opens_something_is_logged_as_its_pattern(client, caplog):
    with caplog.at_level(logging.INFO, "config.requests"):
        client.get("/open/abcdef")
    assert [re.sub(r"\d+ ms", "N ms", line) for line in lines(caplog)] == ["GET /open/<token> 200 N ms"]


def test_a_page_carries_the_security_headers(client):
    answer = client.get("/seen")
    names = ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")
    assert [answer.headers.get(name) for name in names] == ["nosniff", "DENY", "same-origin", "same-origin"]


def test_a_page_loads_from_here_alone(client):
    policy = client.get("/seen")["Content-Security-Policy"]
    assert sorted(policy.split("; ")) == [
        "base-uri 'none'",
        "default-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
    ]


@pytest.mark.parametrize("path", ["/wrong/failure", "/wrong/missing", "/nothing", "/api/v1/nothing"])
def test_an_error_carries_them_too(client, path):
    client.raise_request_exception = False
    answer = client.get(path)
    assert "default-src 'self'" in answer["Content-Security-Policy"].split("; ")
    assert answer["X-Request-ID"]


@pytest.mark.django_db
def test_session_is_noted_once_a_minute(client: Client) -> None:
    client.force_login(make_user())
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False) as clock:
        for _page in range(3):
            client.get("/settings/security")
        first = UserSession.objects.get().last_seen_at
        cache.clear()  # a minute later
        clock.shift(61)
        client.get("/settings/security")
    assert UserSession.objects.get().last_seen_at - first == timedelta(seconds=61)


LIMITS = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def limits_of(answer):
    return [int(answer[name]) for name in LIMITS]


@pytest.fixture
def _few(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api": "5/m", "api_burst": "100/s"}


@pytest.mark.usefixtures("_few")
@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("/api/v1/broken", {}, 500),
        ("/api/v1/wrong/failure", {}, 500),
        ("/api/v1/nothing", {}, 404),
        ("/api/v1/invoices", {}, 401),
        ("/api/v1/invoices", {"HTTP_HOST": "elsewhere.example"}, 400),
        ("/api/v1/schema", {}, 200),
    ],
)
def test_every_answer_of_the_api_tells_the_limit_and_counts_once(path, options, status):
    visitor = Client(raise_request_exception=False)
    with time_machine.travel(1_800_000_000, tick=False):
        answers = [visitor.get(path, **options) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [status, status]
    first, second = map(limits_of, answers)
    assert (first[:2], second[:2]) == ([5, 4], [5, 3])
    assert 1_800_000_000 < first[2] <= 1_800_000_060


def test_pages_tell_no_limit(client):
    assert not set(LIMITS) & set(client.get("/seen").headers)


@pytest.mark.parametrize(
    ("accepted", "coding", "unpacked"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, br;q=0.5", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
        ("gzip, br;q=0.0, deflate", "gzip", gzip.decompress),
        ("gzip, library", "gzip", gzip.decompress),
    ],
)
def test_pages_are_compressed(client: Client, accepted: str, coding: str, unpacked: Callable[[bytes], bytes]) -> None:
    page = client.get("/accounts/login/", headers={"Accept-Encoding": accepted})
    assert (page["Content-Encoding"], page["Content-Length"]) == (coding, str(len(page.content)))
    assert "Accept-Encoding" in page["Vary"]
    assert unpacked(page.content).startswith(b"<!doctype html>")


def test_the_length_of_a_page_tells_nothing(client: Client) -> None:
    pages = [client.get("/accounts/login/", headers={"Accept-Encoding": "br"}) for _ in range(20)]
    assert len({len(brotli.decompress(page.content)) for page in pages}) > 3


def test_what_is_not_a_page_is_not_compressed(client: Client) -> None:
    asked = {"Accept-Encoding": "gzip, br"}
    assert "Content-Encoding" not in client.get("/api/v1/schema", headers=asked)
    assert "Content-Encoding" not in client.get("/accounts/login/")


@pytest.mark.parametrize(("address", "host"), [("/accounts/login/?next=%00", "testserver"), ("/", "evil.example")])
def test_what_is_sent_amiss_is_a_quiet_400(caplog: pytest.LogCaptureFixture, address: str, host: str) -> None:
    assert Client().get(address, headers={"Host": host}).status_code == 400
    assert [record.name for record in caplog.records if record.levelno >= logging.ERROR] == []
