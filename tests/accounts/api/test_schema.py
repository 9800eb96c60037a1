from __future__ import annotations

import pytest
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from accounts.api import urls
from accounts.api.schema import sparse_answers
from tests.accounts.api import views


def described(patterns):
    reset_generator_stats()
    schema = SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)
    messages = [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]
    reset_generator_stats()
    return schema, messages


@pytest.fixture(scope="module")
def accounts_schema():
    schema, messages = described(urls.urlpatterns)
    validate_schema(schema)
    assert messages == []
    return schema


@pytest.fixture(scope="module")
def things_schema():
    return described(views.router.urls)[0]


def operations(schema):
    return [(path, method, each) for path, methods in schema["paths"].items() for method, each in methods.items()]


def names(operation, place):
    return {each["name"] for each in operation.get("parameters", ()) if each["in"] == place}


def test_every_operation_refuses_in_the_one_shape(accounts_schema):
    error = {"$ref": "#/components/schemas/Error"}
    for _path, _method, operation in operations(accounts_schema):
        for status in ("400", "429"):
            name = operation["responses"][status]["$ref"].rpartition("/")[2]
            content = accounts_schema["components"]["responses"][name]["content"]
            assert content["application/json"]["schema"] == error
    assert accounts_schema["components"]["schemas"]["Error"]["required"] == ["code", "detail"]


def test_every_operation_has_an_example(accounts_schema):
    for path, method, operation in operations(accounts_schema):
        sent = operation.get("requestBody", {}).get("content", {})
        answered = operation["responses"][min(operation["responses"])].get("content", {})
        described = {**answered, **sent}.get("application/json")
        assert described is None or "examples" in described, (path, method)


def test_every_answer_tells_the_limits(accounts_schema):
    for _path, _method, operation in operations(accounts_schema):
        success = min(operation["responses"])
        headers = operation["responses"][success]["headers"]
        assert headers.keys() >= {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}


def test_open_operations_need_no_credentials(accounts_schema):
    login = accounts_schema["paths"]["/auth/login"]["post"]
    assert ("401" in login["responses"], login["security"]) == (True, [{}])
    assert accounts_schema["paths"]["/auth/me"]["get"]["security"] == [{"apiKey": []}, {"bearer": []}, {"session": []}]


def test_list_is_described(things_schema):
    listing = things_schema["paths"]["/things"]["get"]
    known = {"page", "page_size", "cursor", "ordering", "fields", "business_id"}
    assert names(listing, "query") == known
    content = listing["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    page = things_schema["components"]["schemas"][content.rpartition("/")[2]]
    assert list(page["properties"]) == ["count", "next", "previous", "page", "page_size", "results"]


def test_idempotency_and_versions_are_described(things_schema):
    create = things_schema["paths"]["/things"]["post"]
    change = things_schema["paths"]["/things/{id}"]["put"]
    read = things_schema["paths"]["/things/{id}"]["get"]
    assert names(create, "header") == {"Idempotency-Key"}
    assert names(change, "header") == {"If-Match"}
    assert "ETag" in read["responses"]["200"]["headers"]


def test_sparse_answers_require_nothing_and_bodies_what_they_need():
    part = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
    listing = {
        "type": "object",
        "properties": {"results": {"type": "array", "items": {"$ref": "#/components/schemas/A"}}},
    }
    fields = {"parameters": [{"name": "fields"}]}

    def answers(name):
        return {
            "responses": {
                "200": {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}
            }
        }

    document = {
        "components": {"schemas": {"A": dict(part), "B": dict(part), "PageOfA": listing}},
        "paths": {
            "/as": {"get": fields | answers("PageOfA"), "post": answers("A")},
            "/b": {"get": fields | answers("B")},
        },
    }
    schemas = sparse_answers(document, None, None, public=True)["components"]["schemas"]
    assert list(schemas) == ["A", "AFields", "B", "PageOfA"]
    assert {name: "required" in schemas[name] for name in ("A", "AFields", "B")} == {
        "A": True,
        "AFields": False,
        "B": False,
    }
    assert schemas["PageOfA"]["properties"]["results"]["items"] == {"$ref": "#/components/schemas/AFields"}
