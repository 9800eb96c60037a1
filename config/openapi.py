"""What the whole OpenAPI document gets at its end: each kind of refusal described once, and code from the guide."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings

from config.guide import code_samples

ERROR: Final = {"$ref": "#/components/schemas/Error"}
EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "400": {
        "detail": "Some fields need your attention.",
        "code": "invalid",
        "errors": {"items[0].quantity": ["This must be more than 0."]},
    },
    "401": {"detail": "This token is not valid, or no longer.", "code": "invalid_token"},
    "403": {"detail": "Your role does not allow this.", "code": "forbidden"},
    "404": {"detail": "Not found.", "code": "not_found"},
    "405": {"detail": "Method “PUT” is not allowed.", "code": "method_not_allowed"},
    "409": {
        "detail": "An issued invoice cannot be changed. To correct it, issue a credit note.",
        "code": "immutable",
    },
    "412": {
        "detail": "This was changed in the meantime. Read it again, then repeat your change.",
        "code": "lost_update",
    },
    "413": {"detail": "The request is too large.", "code": "too_large"},
    "415": {"detail": "Unsupported media type “text/plain” in request.", "code": "unsupported_media_type"},
    "429": {
        "detail": "Too many requests. Wait a moment, then try again.",
        "code": "rate_limited",
        "retry_after": 12,
    },
    "502": {
        "detail": "The payment provider does not answer. Nothing was changed; try again in a moment.",
        "code": "gateway_failed",
    },
    "503": {"detail": "Stripe is not set up for this business.", "code": "stripe_not_configured"},
}
MEANINGS: Final = {
    "400": "Something that was sent is wrong; `errors` names the fields.",
    "401": "No credentials came, or they are no longer good.",
    "403": "The role, the key's scopes, the account or the plan do not allow it.",
    "404": "It is not there, or not yours.",
    "405": "The address has no such method.",
    "409": "It does not go with the current state, or with an earlier request of the same `Idempotency-Key`.",
    "412": "Somebody else changed it since the `ETag` in `If-Match` was read.",
    "413": "The body is larger than is read.",
    "415": "The body's media type is not read here.",
    "429": "Too many requests: `Retry-After` says for how many seconds to wait.",
    "502": "Stripe did not answer, also when asked again, or refused: `code` says which.",
    "503": "The business has no account at Stripe that it may use.",
}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the operations of a document, each under its method and its path without the API's prefix."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "responses" in operation:
                yield f"{method.upper()} {path.removeprefix('/api/v1')}", operation


def describe_refusals(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Let all operations share one described answer, with an example, for each status that they refuse with."""
    shared = result.setdefault("components", {}).setdefault("responses", {})
    for _name, operation in operations(result):
        for status, answer in operation["responses"].items():
            content = answer.get("content", {}).get("application/json", {})
            if status in MEANINGS and content.get("schema") == ERROR and not answer.get("description"):
                name = HTTPStatus(int(status)).phrase.title().replace(" ", "")
                content["examples"] = {"Refused": {"value": EXAMPLES[status]}}
                answer["description"] = MEANINGS[status]
                shared.setdefault(name, answer)
                operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
            elif not answer.get("description") and "$ref" not in answer:
                answer["description"] = HTTPStatus(int(status)).phrase
    return result


def repeat_examples(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Show for a form what is shown for JSON: the fields are the same."""
    for _name, operation in operations(result):
        contents = operation.get("requestBody", {}).get("content", {})
        shown = contents.get("application/json", {}).get("examples")
        if shown and "application/x-www-form-urlencoded" in contents:
            contents["application/x-www-form-urlencoded"].setdefault("examples", shown)
    return result


def close_bodies(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say of each object in a body that it has no other names than these: another one is refused."""
    schemas = result.get("components", {}).get("schemas", {})
    closed: set[str] = set()
    for _name, operation in operations(result):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            close(content.get("schema", {}), schemas, closed)
    return result


def close(part: Any, schemas: dict[str, Any], closed: set[str]) -> None:
    """Close a part of a schema, with all that stands in it or that it refers to."""
    if not isinstance(part, dict | list):
        return
    if isinstance(part, dict) and "properties" in part:
        part.setdefault("additionalProperties", False)
    for name, value in part.items() if isinstance(part, dict) else enumerate(part):
        if name == "$ref" and value not in closed:
            closed.add(value)
            close(schemas[value.rpartition("/")[2]], schemas, closed)
        elif name not in {"example", "examples"}:
            close(value, schemas, closed)


def show_code(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Give the operations of the guide its code, where Redoc looks for it."""
    known = code_samples(settings.PUBLIC_URL)
    for name, operation in operations(result):
        if name in known:
            operation["x-codeSamples"] = known[name]
    return result
