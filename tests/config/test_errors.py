from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.template import Engine
from django.test import Client
from rest_framework import exceptions as drf
from rest_framework.exceptions import ErrorDetail

from accounts.errors import AppError, Invalid
from config import errors

pytestmark = [pytest.mark.urls("tests.config.urls"), pytest.mark.django_db]

ROOT = Path(__file__).resolve().parent.parent.parent
FIELDS = "Some fields need your attention."


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def leaves(kind: type[AppError]) -> list[type[AppError]]:
    below = [leaf for child in kind.__subclasses__() for leaf in leaves(child)]
    return below or [kind]


def test_every_refusal_has_a_status():
    assert [kind for kind in leaves(AppError) if not set(kind.__mro__) & set(errors.STATUS)] == []


def spoken() -> dict[str, str]:
    """Return the machine words that the code gives to refusals, each with a place where it does."""
    found: dict[str, str] = {}
    for app in ("accounts", "clients", "config", "invoicing", "payments", "extraction"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                pairs: list[tuple[str | None, ast.expr | None]] = []
                if isinstance(node, ast.Call) and not str(getattr(node.func, "id", "")).startswith("FieldError"):
                    pairs = [(each.arg, each.value) for each in node.keywords]
                elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    pairs = [(node.targets[0].id, node.value)]
                elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                    pairs = [(node.target.id, node.value)]
                for name, value in pairs:
                    if name in {"code", "default_code"} and isinstance(value, ast.Constant) and value.value:
                        found[str(value.value)] = str(path)
    return found


# What REST framework says by itself, and what the last lines of config/errors.py pass to refusal().
BESIDES = {
    errors.CODES.get(kind.default_code, kind.default_code)
    for kind in vars(drf).values()
    if isinstance(kind, type) and issubclass(kind, drf.APIException) and kind is not drf.APIException
} | {"bad_request", "csrf_failed", "server_error"}


def test_every_word_is_in_the_table_and_nothing_else():
    found = spoken() | dict.fromkeys(BESIDES, "here")
    assert {word: path for word, path in found.items() if word not in errors.WORDS} == {}
    assert set(errors.WORDS) - set(found) == set()


def test_every_word_of_a_refusal_has_its_status():
    for kind in leaves(AppError):
        status = errors.STATUS[next(each for each in kind.__mro__ if each in errors.STATUS)]
        assert status in errors.WORDS[kind.code][0], kind


def test_a_refusal_without_a_line_takes_its_ancestors_status():
    class Narrow(Invalid):
        pass

    assert errors.status_of(Narrow()) == 400


@pytest.mark.parametrize(
    ("detail", "flat"),
    [
        ({"name": ["a", "b"]}, {"name": ["a", "b"]}),
        ({"items": [{}, {"quantity": ["a"]}]}, {"items[1].quantity": ["a"]}),
        ({"items": {1: {"quantity": ["a"]}}}, {"items[1].quantity": ["a"]}),
        ({"items": {"non_field_errors": ["a"]}}, {"items": ["a"]}),
        ({"tags": {0: ["a"], 2: ["b"]}}, {"tags[0]": ["a"], "tags[2]": ["b"]}),
        ({"notes": {"one": ["a"]}}, {"notes.one": ["a"]}),
        ({"a": {"b": {"c": "x"}}}, {"a.b.c": ["x"]}),
        ([{}, {"name": ["a"]}], {"[1].name": ["a"]}),
        (["a"], {"non_field_errors": ["a"]}),
        ({"non_field_errors": ["a"]}, {"non_field_errors": ["a"]}),
        ({"a": [["x"], ["y"]]}, {"a[0]": ["x"], "a[1]": ["y"]}),
        ({}, {}),
    ],
)
def test_flatten_names_fields_as_paths(detail, flat):
    assert dict(errors.flatten(detail)) == flat


def test_a_sentence_about_the_whole_becomes_the_detail():
    body = errors.validation_body({"non_field_errors": [ErrorDetail("They differ.", "invalid")]})
    assert body == {
        "detail": "They differ.",
        "code": "invalid",
        "errors": {"non_field_errors": ["They differ."]},
    }


ANSWERS = [
    ("conflict", 409, {"detail": "It is so already.", "code": "conflict"}),
    (
        "limited",
        429,
        {
            "detail": "Too many requests. Wait a moment, then try again.",
            "code": "rate_limited",
            "retry_after": 7,
        },
    ),
    (
        "stranger",
        401,
        {"detail": "The user name or the password is wrong.", "code": "wrong_credentials"},
    ),
    ("impossible", 409, {"detail": "It is paid.", "code": "impossible_move", "possible": ["refund"]}),
    ("fields", 400, {"detail": FIELDS, "code": "invalid", "errors": {"items[0].quantity": ["Too small."]}}),
    ("missing", 404, {"detail": "Not found.", "code": "not_found"}),
    ("denied", 403, {"detail": "Not here.", "code": "forbidden"}),
    ("model", 400, {"detail": FIELDS, "code": "invalid", "errors": {"name": ["Too long."]}}),
    ("large", 413, {"detail": "The request is too large.", "code": "too_large"}),
    (
        "throttled",
        429,
        {"detail": "Request was throttled. Expected available in 12 seconds.", "code": "rate_limited"},
    ),
    ("parse", 400, {"detail": "Malformed request.", "code": "parse_error"}),
]


@pytest.mark.parametrize(("case", "status", "body"), ANSWERS)
def test_the_api_answers_in_one_shape(visitor, case, status, body):
    answer = visitor.get(f"/api/v1/wrong/{case}")
    assert (answer.status_code, answer.json()) == (status, body)


@pytest.mark.parametrize(
    ("case", "header", "value"),
    [
        ("limited", "Retry-After", "7"),
        ("throttled", "Retry-After", "12"),
        ("stranger", "WWW-Authenticate", "Bearer"),
    ],
)
def test_the_api_answers_with_the_headers_of_the_status(visitor, case, header, value):
    assert visitor.get(f"/api/v1/wrong/{case}")[header] == value


def test_nested_fields_are_named_by_their_path(visitor):
    order = {
        "client": {"quantity": 0, "name": "a"},
        "items": [{"quantity": 1, "name": "a"}, {"quantity": 0}],
        "tags": ["abc", "abcd"],
        "notes": {"one": "abcd"},
    }
    answer = visitor.post("/api/v1/wrong/order", order, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json() == {
        "detail": FIELDS,
        "code": "invalid",
        "errors": {
            "client.quantity": ["Ensure this value is greater than or equal to 1."],
            "items[1].quantity": ["Ensure this value is greater than or equal to 1."],
            "items[1].name": ["This field is required."],
            "tags[1]": ["Ensure this field has no more than 3 characters."],
            "notes.one": ["Ensure this field has no more than 3 characters."],
        },
    }


def test_a_body_that_is_no_json_is_a_parse_error(visitor):
    answer = visitor.post("/api/v1/wrong/order", "{", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_another_media_type_is_named(visitor):
    answer = visitor.post("/api/v1/wrong/order", "a=1", content_type="text/csv")
    assert (answer.status_code, answer.json()) == (
        415,
        {"detail": 'Unsupported media type "text/csv" in request.', "code": "unsupported_media_type"},
    )


def test_another_method_names_the_allowed_ones(visitor):
    answer = visitor.delete("/api/v1/wrong/order")
    assert (answer.status_code, answer.json()) == (
        405,
        {"detail": 'Method "DELETE" not allowed.', "code": "method_not_allowed"},
    )
    assert answer["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_a_stranger_is_asked_for_a_token(visitor):
    answer = visitor.get("/api/v1/closed")
    assert (answer.status_code, answer.json()) == (
        401,
        {"detail": "Authentication credentials were not provided.", "code": "not_authenticated"},
    )
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1/nothing", "/api/v2/invoices"])
@pytest.mark.parametrize("debug", [False, True])
def test_an_unknown_address_of_the_api_is_json(visitor, settings, path, debug):
    settings.DEBUG = debug
    answer = visitor.get(path)
    assert (answer.status_code, answer.json()) == (
        404,
        {"detail": "There is nothing at this address.", "code": "not_found"},
    )


def test_a_failure_tells_its_request_id_alone(visitor):
    answer = visitor.get("/api/v1/wrong/failure", headers={"X-Request-ID": "request-1"})
    assert (answer.status_code, answer.json()) == (
        500,
        {
            "detail": "Something went wrong on our side. Tell us the request id: request-1.",
            "code": "server_error",
            "request_id": "request-1",
        },
    )


@pytest.mark.parametrize(
    ("case", "status"),
    [
        ("conflict", 409),
        ("limited", 429),
        ("missing", 404),
        ("denied", 403),
        ("impossible", 409),
        ("large", 413),
    ],
)
def test_pages_answer_with_the_same_status(visitor, case, status):
    answer = visitor.get(f"/wrong/{case}", headers={"Accept": "text/html"})
    assert (answer.status_code, answer["Content-Type"]) == (status, "text/html; charset=utf-8")


def test_a_page_says_what_was_refused(visitor):
    answer = visitor.get("/wrong/conflict", headers={"Accept": "text/html"})
    assert "It is so already." in answer.content.decode()


def test_a_page_waits_as_the_api_does(visitor):
    assert visitor.get("/wrong/limited")["Retry-After"] == "7"


def test_a_failed_page_tells_its_request_id_and_nothing_of_the_inside(visitor):
    answer = visitor.get("/wrong/failure", headers={"X-Request-ID": "request-1", "Accept": "text/html"})
    text = answer.content.decode()
    assert answer.status_code == 500
    assert ("request-1" in text, "sk_live_inside" in text, "RuntimeError" in text) == (True, False, False)


def test_a_failure_is_answered_even_when_templates_fail(visitor, monkeypatch):
    def broken(*_args):
        raise RuntimeError("no templates")

    monkeypatch.setattr(errors, "select_template", broken)
    answer = visitor.get("/wrong/failure", headers={"X-Request-ID": "request-1", "Accept": "text/html"})
    assert answer.status_code == 500
    assert "request-1" in answer.content.decode()


def test_a_failure_of_the_database_has_the_same_look(visitor, monkeypatch):
    def gone(_request):
        raise OperationalError("the database is gone")

    monkeypatch.setattr("django.contrib.auth.context_processors.auth", gone)
    Engine.get_default().__dict__.pop("template_context_processors", None)
    try:
        answer = visitor.get("/wrong/failure", headers={"X-Request-ID": "request-1", "Accept": "text/html"})
    finally:
        Engine.get_default().__dict__.pop("template_context_processors", None)
    page = answer.content.decode()
    assert answer.status_code == 500
    assert [part in page for part in ("request-1", "This went wrong on our side", "css/app")] == [True, True, True]


def test_an_address_that_is_not_there_tells_a_stranger_nothing(visitor):
    page = visitor.get("/nowhere", headers={"Accept": "text/html"}).content.decode()
    assert "The address is wrong, or it no longer works." in page
    assert "business" not in page


def test_a_script_of_a_page_gets_json(visitor):
    answer = visitor.get("/wrong/conflict", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (409, {"detail": "It is so already.", "code": "conflict"})


def test_a_form_without_its_token_is_refused(db):
    answer = Client(enforce_csrf_checks=True).post("/i18n/setlang/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


def stale_form(data: dict[str, Any], **headers: str) -> str:
    visitor = Client(enforce_csrf_checks=True)
    answer = visitor.post("/i18n/setlang/?x=1", data, headers={"Accept": "text/html"} | headers)
    assert answer.status_code == 403
    return answer.content.decode()


HERE = {"Origin": "http://testserver", "Referer": "http://testserver/clients/new"}


def test_a_stale_form_of_ours_can_be_sent_again(db):
    page = stale_form({"name": "Riad <b>", "csrfmiddlewaretoken": "old"}, **HERE)
    assert '<form method="post" action="/i18n/setlang/?x=1">' in page
    assert '<input type="hidden" name="name" value="Riad &lt;b&gt;">' in page
    assert ('href="/clients/new"' in page, 'value="old"' in page) == (True, False)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Referer": "http://testserver/clients/new"},
        {"Referer": "https://evil.example/"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_form_from_elsewhere_is_not_offered_again(db, headers):
    page = stale_form({"name": "Riad"}, **headers)
    assert ("Riad" in page, "evil.example" in page, 'href="/"' in page) == (False, False, True)


@pytest.mark.parametrize("secret", ["password", "code", "old_password"])
def test_a_stale_form_hands_back_no_password(db, secret):
    page = stale_form({"login": "me", secret: "hush"}, **HERE)
    assert ("hush" in page, 'href="/clients/new"' in page) == (False, True)
