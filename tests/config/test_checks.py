from __future__ import annotations

import json
from ipaddress import ip_network

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from config import checks

STRONG = "q7Zp2Lw9Xc4Vb8Nm3Kj6Hg1Fd5Sa0Qw7Er2Ty9Ui4Op8As3Df6Gh"


@pytest.fixture
def production(settings):
    settings.EMBEDDED = False
    settings.SECRET_KEY = STRONG
    settings.DEBUG = False
    settings.PUBLIC_URL = "https://pay.example"
    settings.HTTPS, settings.LOOPBACK = True, False
    settings.ALLOWED_HOSTS = ["pay.example"]
    settings.REDIS_URL, settings.WEB_CONCURRENCY = "redis://cache", 4
    return settings


def refused() -> list[tuple[str | None, str]]:
    return [(problem.id, str(problem.msg)) for problem in checks.problems()]


def test_production_with_good_settings_starts(production):
    assert refused() == []
    checks.refuse_unsafe()


def test_production_refuses_the_sandbox(production):
    production.STRIPE_API_KEY = production.SANDBOX_KEY
    assert ["no money would move" in words for _, words in refused()] == [True]
    with pytest.raises(ImproperlyConfigured):
        checks.refuse_unsafe()


def test_production_starts_no_sandbox(production):
    production.SANDBOX = production.EMBEDDED and production.STRIPE_API_KEY == production.SANDBOX_KEY
    with pytest.raises(CommandError, match="embedded mode"):
        call_command("sandbox")


@pytest.mark.parametrize(("base", "count"), [("http://stripe.example", 1), ("https://api.stripe.com", 0)])
def test_production_sends_no_key_in_the_clear(production, base, count):
    production.STRIPE_API_BASE = base
    assert len(refused()) == count


@pytest.mark.parametrize("key", ["short", "a" * 60, "django-insecure-" + STRONG])
def test_production_refuses_a_weak_key(production, key):
    production.SECRET_KEY = key
    assert refused() == [
        (
            "config.E001",
            "SECRET_KEY is weak: it needs at least 50 random characters (leave it out, and one is made under VAR_DIR).",
        )
    ]


def test_production_refuses_debug(production):
    production.DEBUG = True
    assert refused() == [("config.E002", "DEBUG must be off in production.")]


def test_production_refuses_plain_http(production):
    production.PUBLIC_URL, production.HTTPS = "http://pay.example", False
    assert refused() == [("config.E003", "PUBLIC_URL must be https in production, not http://pay.example.")]


def test_production_on_this_machine_may_be_plain(production):
    production.PUBLIC_URL, production.HTTPS, production.LOOPBACK = "http://localhost:8000", False, True
    assert refused() == []


def test_production_refuses_any_host(production):
    production.ALLOWED_HOSTS = ["pay.example", "*"]
    assert refused() == [("config.E004", "ALLOWED_HOSTS must name the hosts; * is refused in production.")]


@pytest.mark.parametrize("embedded", [True, False])
def test_several_processes_need_redis(production, embedded):
    production.EMBEDDED = embedded
    production.REDIS_URL, production.WEB_CONCURRENCY = "", 2
    assert refused() == [
        (
            "config.E005",
            "WEB_CONCURRENCY=2 needs REDIS_URL: limits are counted in one process without it.",
        )
    ]


def test_the_embedded_mode_asks_for_nothing(settings):
    settings.EMBEDDED = True
    settings.DEBUG, settings.SECRET_KEY, settings.ALLOWED_HOSTS = True, "short", ["*"]
    assert refused() == []


def test_https_without_a_proxy_is_pointed_out(production):
    production.TRUSTED_PROXIES = []
    assert [(found.id, found.level) for found in checks.check_production()] == [("config.W001", 30)]
    production.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    assert checks.check_production() == []


def test_a_server_started_otherwise_is_refused_in_one_sentence_each(production):
    production.DEBUG, production.ALLOWED_HOSTS = True, ["*"]
    with pytest.raises(ImproperlyConfigured) as error:
        checks.refuse_unsafe()
    assert str(error.value) == (
        "DEBUG must be off in production. ALLOWED_HOSTS must name the hosts; * is refused in production."
    )


# Models


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("GEMINI_API_KEY", "AIza two", "GEMINI_API_KEY has characters that no key has."),
        ("GEMINI_API_KEY", "AIzaé", "GEMINI_API_KEY has characters that no key has."),
        (
            *("GEMINI_MODEL", "../gemini"),
            "GEMINI_MODEL must be a model's name such as gemini-2.5-flash, not '../gemini'.",
        ),
        (
            *("GEMINI_BASE_URL", "http://gateway.example"),
            "GEMINI_BASE_URL must be https, not http://gateway.example: keys and documents would go in the clear.",
        ),
    ],
)
def test_what_would_make_every_call_fail_is_refused(settings, name, value, sentence):
    setattr(settings, name, value)
    assert refused() == [("config.E007", sentence)]


@pytest.mark.parametrize("address", ["", "https://gateway.example", "http://127.0.0.1:8899", "http://localhost"])
def test_a_gateway_is_https_or_on_this_machine(settings, address):
    settings.GEMINI_API_KEY, settings.GEMINI_BASE_URL = "AIza-1_2", address
    assert refused() == []


ACCOUNT = {
    "type": "service_account",
    "client_email": "a@b.example",
    "private_key": "-",
    "token_uri": "https://b.example",
}


@pytest.fixture
def vertex(settings, tmp_path):
    path = tmp_path / "account.json"
    path.write_text(json.dumps(ACCOUNT))
    settings.VERTEX_PROJECT, settings.VERTEX_LOCATION = "books-2026", "europe-west4"
    settings.GOOGLE_APPLICATION_CREDENTIALS = str(path)
    return settings


def test_vertex_with_all_it_needs_starts(vertex):
    assert refused() == []


@pytest.mark.parametrize("missing", ["VERTEX_PROJECT", "VERTEX_LOCATION", "GOOGLE_APPLICATION_CREDENTIALS"])
def test_half_of_what_vertex_needs_is_refused(vertex, missing):
    setattr(vertex, missing, "")
    sentence = "Vertex needs VERTEX_PROJECT, VERTEX_LOCATION and GOOGLE_APPLICATION_CREDENTIALS; missing: "
    assert refused() == [("config.E008", f"{sentence}{missing}.")]


def test_credentials_alone_may_be_for_something_else(vertex):
    vertex.VERTEX_PROJECT = vertex.VERTEX_LOCATION = ""
    vertex.GOOGLE_APPLICATION_CREDENTIALS = "/nowhere"
    assert refused() == []


@pytest.mark.parametrize("name", ["VERTEX_PROJECT", "VERTEX_LOCATION"])
def test_names_that_vertex_cannot_have_are_refused(vertex, name):
    setattr(vertex, name, "a/../b")
    assert refused() == [("config.E008", f"{name} must have small letters, digits and hyphens alone, not 'a/../b'.")]


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (None, "cannot be read (No such file or directory)"),
        ("{", "is no JSON"),
        ("[]", "is no key of a service account"),
        (json.dumps(ACCOUNT | {"type": "authorized_user"}), "is no key of a service account"),
        (json.dumps(ACCOUNT | {"private_key": ""}), "is no key of a service account"),
    ],
)
def test_a_file_that_is_no_service_account_is_refused(vertex, tmp_path, content, trouble):
    path = tmp_path / "other.json"
    if content is not None:
        path.write_text(content)
    vertex.GOOGLE_APPLICATION_CREDENTIALS = str(path)
    assert refused() == [("config.E008", f"GOOGLE_APPLICATION_CREDENTIALS: {path} {trouble}.")]
