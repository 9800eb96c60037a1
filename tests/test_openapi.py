"""The API's description: whole, valid, and what is really served."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client as Browser
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

METHODS = ("get", "post", "put", "patch", "delete")
REACH_STRIPE = {"post /api/v1/invoices/{invoice_id}/payment-link", "post /api/v1/payments/{payment_id}/refunds"}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(request=None, public=True))


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in schema["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def resolved(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the document, or what it refers to."""
    if "$ref" not in part:
        return part
    found: Any = schema
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return dict(found)


def test_the_command_has_nothing_to_warn_of() -> None:
    GENERATOR_STATS.reset()
    stdout = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=stdout, stderr=io.StringIO())
    assert yaml.safe_load(stdout.getvalue())["openapi"] == "3.1.0"


def test_the_served_document_is_valid() -> None:
    response = Browser().get("/api/v1/schema", headers={"Accept": "application/json"})
    assert response.status_code == 200
    document = response.json()
    validate_schema(document)
    assert document["openapi"] == "3.1.0"


def test_each_operation_says_what_it_does_and_what_it_may_refuse(schema: dict[str, Any]) -> None:
    found = list(operations(schema))
    assert len({operation["operationId"] for _path, _method, operation in found}) == len(found)
    for path, method, operation in found:
        name = f"{method} {path}"
        assert operation.get("summary"), name
        assert operation.get("description"), name
        assert operation.get("tags"), name
        codes = set(operation["responses"])
        assert any(code.startswith("2") for code in codes), name
        assert {"400", "429"} <= codes, name
        for code, answer in operation["responses"].items():
            described = resolved(schema, answer)
            assert described["description"], f"{name} {code}"
            if int(code) >= 400:
                refusal = described["content"]["application/json"]
                assert refusal["schema"] == {"$ref": "#/components/schemas/Error"}, f"{name} {code}"
                assert refusal["examples"], f"{name} {code}"
        if operation.get("security") and {} not in operation["security"]:
            assert "401" in codes, name
        assert ({"502", "503"} <= codes) == (name in REACH_STRIPE), name
        if "{invoice_id}" in path:
            assert "404" in codes, name


def test_each_request_and_each_answer_has_an_example(schema: dict[str, Any]) -> None:
    without = []
    for path, method, operation in operations(schema):
        asked = operation.get("requestBody", {}).get("content", {})
        told = [
            content
            for answer in operation["responses"].values()
            for kind, content in resolved(schema, answer).get("content", {}).items()
            if "json" in kind
        ]
        # A file stands for itself: its bytes cannot be written down here.
        sent = [content for kind, content in asked.items() if kind != "multipart/form-data"]
        without += [f"{method} {path}" for content in [*sent, *told] if not content.get("examples")]
    assert without == []


def test_the_main_flow_is_shown_in_four_languages_of_code(schema: dict[str, Any]) -> None:
    shown = {
        f"{method.upper()} {path.removeprefix('/api/v1')}": [sample["label"] for sample in operation["x-codeSamples"]]
        for path, method, operation in operations(schema)
        if "x-codeSamples" in operation
    }
    steps = """POST /auth/register|POST /auth/login|POST /api-keys|POST /clients|POST /invoices/preview|POST /invoices
        |POST /invoices/{invoice_id}/issue|POST /invoices/{invoice_id}/send-email
        |POST /invoices/{invoice_id}/payments|GET /invoices/{invoice_id}"""
    assert set(shown) == {step.strip() for step in steps.split("|")}
    assert all(labels == ["curl", "Python", "JavaScript", "PHP"] for labels in shown.values())


def test_each_parameter_is_described(schema: dict[str, Any]) -> None:
    bare = [
        f"{method} {path} {parameter['name']}"
        for path, method, operation in operations(schema)
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query" and not parameter.get("description")
    ]
    assert bare == []


def test_the_list_of_invoices_takes_all_filters(schema: dict[str, Any]) -> None:
    parameters = schema["paths"]["/api/v1/invoices"]["get"]["parameters"]
    names = sorted(parameter["name"] for parameter in parameters if parameter["in"] == "query")
    assert names == sorted(
        """business_id client_email client_id client_name created_after created_before currency cursor due_after
        due_before fields invoice_number issued_after issued_before max_amount min_amount open ordering page page_size
        reference search status type""".split()  # noqa: SIM905 -- easier to read and to compare
    )


def test_amounts_are_numbers(schema: dict[str, Any]) -> None:
    invoice = schema["components"]["schemas"]["Invoice"]["properties"]
    assert {invoice[name]["type"] for name in ("total", "amount_due", "tax_rate")} == {"number"}
    item = resolved(schema, invoice["items"]["items"])["properties"]
    assert {item[name]["type"] for name in ("quantity", "unit_price", "net_amount")} == {"number"}


@pytest.mark.django_db  # closing an answer looks at connections
@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_pages_load_our_own_assets_alone(path: str) -> None:
    browser = Browser()
    response = browser.get(path)
    assert response.status_code == 200
    policy = response["Content-Security-Policy"]
    assert "unsafe-eval" not in policy
    assert "script-src" not in policy or "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    page = response.content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    sources = re.findall(r'<(?!a\b)[^<>]*?\b(?:src|href)="([^"]+)"', page)
    assert sources
    for source in sources:
        assert source.startswith("/"), source
        asset = browser.get(source)
        assert asset.status_code == 200, source
        asset.close()


def test_amounts_in_bodies_are_numbers_or_the_same_as_text(schema: dict[str, Any]) -> None:
    parts = schema["components"]["schemas"]
    rate = parts["InvoiceInput"]["properties"]["tax_rate"]
    assert [each["type"] for each in rate["anyOf"]] == ["number", "string"]
    number, text = rate["anyOf"]
    assert (number["minimum"], number["maximum"], "4 decimals" in number["description"]) == (0, 100, True)
    accepted = [
        value for value in ("20", "0.1234", ".5", "0.12345", "1e3", "", "x") if re.search(text["pattern"], value)
    ]
    assert accepted == ["20", "0.1234", ".5"]
    assert parts["Invoice"]["properties"]["tax_rate"]["type"] == "number"


def test_the_bounds_of_lines_are_said(schema: dict[str, Any]) -> None:
    parts = schema["components"]["schemas"]
    for name in ("InvoiceInput", "NoteInput"):
        items = parts[name]["properties"]["items"]
        assert (items["minItems"], items["maxItems"]) == (1, 1000)
