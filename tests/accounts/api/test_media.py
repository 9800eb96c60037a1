from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from accounts.api.media import dumps, loads
from accounts.choices import Role

pytestmark = pytest.mark.urls("tests.accounts.api.views")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1.50", "1.5"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("1E-7", "0.0000001"),
        ("0.00", "0"),
        ("-0.0", "0"),
        ("-1.10", "-1.1"),
        ("123456789012345.678901", "123456789012345.678901"),
        ("10.00", "10"),
    ],
)
def test_decimal_is_written_exactly(value, written):
    assert dumps([Decimal(value)]) == f"[{written}]".encode()


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_decimal_that_is_no_number_is_never_written(value):
    with pytest.raises(TypeError):
        dumps([Decimal(value)])


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**15), max_value=10**15))
def test_decimal_comes_back_the_same(value):
    assert loads(dumps({"a": value}))["a"] == value


def test_moments_and_days_and_lazy_texts():
    riyadh = timezone(timedelta(hours=3))
    data = {
        "utc": datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        "local": datetime(2026, 11, 20, 12, 0, 0, 250000, tzinfo=riyadh),
        "day": date(2026, 11, 20),
        "text": gettext_lazy("Owner"),
        "choice": Role.OWNER,
        Role.ADMIN: {"a"},
    }
    assert json.loads(dumps(data)) == {
        "utc": "2026-11-20T09:00:00Z",
        "local": "2026-11-20T09:00:00.250000Z",
        "day": "2026-11-20",
        "text": "Owner",
        "choice": "owner",
        "admin": ["a"],
    }


# What comes in


def test_numbers_come_in_exactly(api):
    body = '{"price": 0.1, "count": 3, "big": 12345678901234567890, "small": 1e-7, "text": "é"}'
    answer = api.post("/echo", data=body, content_type="application/json")
    assert answer.json()["types"] == {
        "price": "Decimal",
        "count": "int",
        "big": "Decimal",
        "small": "Decimal",
        "text": "str",
    }
    assert answer.content.startswith(
        '{"got":{"price":0.1,"count":3,"big":12345678901234567890,"small":0.0000001,"text":"é"}'.encode()
    )


@pytest.mark.parametrize(
    "body",
    [
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": -Infinity}',
        '{"a": 1e51}',
        '{"a": 1e-51}',
        '{"a": 1e999999999999}',
        '{"a": ' + "9" * 42 + "}",
        '{"a": 0.' + "9" * 50 + "}",
        '{"a": 01}',
        '{"a": 1, "a": 2}',
        '{"a": 1',
        "[]",
        "7",
        '"a"',
        "null",
        "\ufeff{}",
        "[" * 100_000,
        '{"a":' * 100_000,
        "{'a': 1}",
    ],
)
def test_nonsense_is_a_400(api, body):
    answer = api.post("/echo", data=body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_integer_beyond_64_bits_comes_back_the_same():
    body = b'{"a":1234567890123456789012345678901234567890}'
    assert dumps(loads(body)) == body


def test_bytes_that_are_not_utf8_are_a_400(api):
    answer = api.post("/echo", data=b'{"a": "\xe9"}', content_type="application/json")
    assert (answer.status_code, answer.json()["detail"]) == (400, "The body is not UTF-8.")


def test_texts_that_cannot_be_kept_are_named(api):
    body = '{"a": "x\\u0000", "items": [{"name": "ok"}, {"name": "\\ud800"}], "pair": "\\ud83d\\ude00"}'
    answer = api.post("/echo", data=body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["errors"]) == ["a", "items[1].name"]


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("Application/JSON; charset=UTF-8", 200),
        ("application/json; charset=latin-1", 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/merge-patch+json", 415),
        ("", 415),
    ],
)
def test_media_type_of_the_request(api, content_type, status):
    assert api.post("/echo", data=b"{}", content_type=content_type).status_code == status


def test_no_body_is_an_empty_object(api):
    assert api.client.post("/api/v1/echo", content_type="application/json").json()["got"] == {}


def test_body_too_large_is_a_413(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = b'{"a": "' + b"x" * 100 + b'"}'
    answer = api.post("/echo", data=body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert api.post("/echo", data=b'{"a": "x"}', content_type="application/json").status_code == 200
