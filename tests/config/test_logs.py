from __future__ import annotations

import json
import logging
import sys

import pytest

from config import logs


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Authorization: Bearer pk_abcdef12:sk_abcdef12", "Authorization: ***"),
        ("{'Authorization': 'Token abc'}", "{'Authorization': '***'}"),
        ("Cookie: sessionid=abc; csrftoken=def", "Cookie: ***"),
        ("sent bearer abc.def-ghi", "sent bearer ***"),
        ("key pk_abcdef12:sk_abcdef12 was used", "key pk_***:sk_*** was used"),
        ("whsec_abcdef12 sk_test_51Habc", "whsec_*** sk_***"),
        ('{"password": "one two", "name": "x"}', '{"password": "***", "name": "x"}'),
        ("{'new_password1': 'it\\'s'}", "{'new_password1': '***'s'}"),
        ("password=abc&name=x", "password=***&name=x"),
        ("GET /reset?token=abc123", "GET /reset?token=***"),
        ("refresh_token: abc, done", "refresh_token: ***, done"),
        ("api_key=AIzaSyA1234567890abcdefghij", "api_key=***"),
        ("used AIzaSyA1234567890abcdefghij here", "used *** here"),
        ("eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl", "***"),
        ("postgresql://me:hidden@db/name", "postgresql://me:***@db/name"),
        ("redis://:hidden@cache/0", "redis://:***@cache/0"),
        ("otp=123456", "otp=***"),
        ("Not Found: /pay/UzOj8VzpHNFo/foo", "Not Found: /pay/***/foo"),
        ("Forbidden: /accounts/password/reset/key/4fQ7-c5x1-ab/", "Forbidden: /accounts/password/reset/key/***/"),
        ("GET /accounts/confirm-email/MQ:1vLx:a_b/ 404", "GET /accounts/confirm-email/***/ 404"),
        ("POST /webhooks/inbox/nN2wKU3d 500", "POST /webhooks/inbox/*** 500"),
    ],
)
def test_mask_covers_secrets(text, masked):
    assert logs.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "invoice inv_abc issued, 22,680.00 MAD",
        "GET /clients/cli_abc 200 12 ms",
        "the password was changed",
        "three tokens: none",
        "http://localhost:8000/a@b",
        "risk_assessment done",
    ],
)
def test_mask_leaves_the_rest(text):
    assert logs.mask(text) == text.replace("tokens: none", "tokens: ***")


def record(message: str = "told %s", *args: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord("a.logger", logging.WARNING, "file.py", 1, message, args or ("this",), None)
    made.created = 1_700_000_000.5
    made.__dict__.update(extra)
    logs.Context().filter(made)
    return made


def test_json_is_one_line_with_the_request_and_the_user():
    logs.request_id.set("request-1")
    logs.user_id.set("usr_1")
    line = logs.JsonFormatter().format(record(kind="delivery", row=7, api_key="abc", note="password=abc"))
    assert json.loads(line) == {
        "time": "2023-11-14T22:13:20.500+00:00",
        "level": "warning",
        "logger": "a.logger",
        "message": "told this",
        "request_id": "request-1",
        "user_id": "usr_1",
        "kind": "delivery",
        "row": 7,
        "api_key": "***",
        "note": "password=***",
    }
    assert "\n" not in line


def test_json_carries_the_traceback_masked():
    try:
        raise ValueError("password=abc")
    except ValueError:
        made = record()
        made.exc_info = sys.exc_info()
    exception = json.loads(logs.JsonFormatter().format(made))["exception"]
    assert exception.splitlines()[0] == "Traceback (most recent call last):"
    assert exception.splitlines()[-1] == "ValueError: password=***"


def test_text_is_readable_and_masked():
    logs.request_id.set("request-1")
    line = logs.TextFormatter().format(record("password=%s", "abc"))
    assert line.split(" ", 1)[1] == "WARNING a.logger [request-1] password=***"


@pytest.mark.parametrize(("form", "formatter"), [("json", logs.JsonFormatter), ("text", logs.TextFormatter)])
def test_configure_gives_the_root_one_handler(form, formatter):
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        logs.configure({"format": form, "level": "INFO"})
        assert [type(handler.formatter) for handler in root.handlers] == [formatter]
        assert logging.getLogger("django").handlers == []
    finally:
        root.handlers[:], level = before
        root.setLevel(level)
