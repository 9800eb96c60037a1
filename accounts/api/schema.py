"""What every operation of the OpenAPI document has beside its own: parameters, headers, errors, credentials."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS


class ErrorSerializer(serializers.Serializer[Any]):
    """The one shape of every error."""

    detail = serializers.CharField(help_text="A sentence for people.")
    code = serializers.CharField(help_text="A word for programs.")
    errors = serializers.DictField(  # type: ignore[assignment]  # the answer's name, which hides a property
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Sentences by field, such as `items[0].quantity`; on validation only.",
    )


def query(name: str, description: str) -> OpenApiParameter:
    """Return a text parameter of the query."""
    return OpenApiParameter(name, str, OpenApiParameter.QUERY, required=False, description=description)


def words(name: str, description: str, known: Iterable[str]) -> OpenApiParameter:
    """Return a parameter of the query that takes several of the known words, separated by commas."""
    return OpenApiParameter(
        name, str, OpenApiParameter.QUERY, required=False, description=description,
        enum=list(known), many=True, style="form", explode=False,
    )  # fmt: skip


def header(name: str, description: str) -> OpenApiParameter:
    """Return a header of the request."""
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=False, description=description)


RATE_HEADERS = [
    OpenApiParameter(name, int, OpenApiParameter.HEADER, response=True, description=description)
    for name, description in (
        ("X-RateLimit-Limit", "Requests that the nearer limit allows."),
        ("X-RateLimit-Remaining", "Requests that are left."),
        ("X-RateLimit-Reset", "When the count begins anew, in seconds since 1970."),
    )
]
ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=["200", "201"], description="The version, for `If-Match`."
)


class ApiSchema(AutoSchema):
    """Adds what the base views do for every operation."""

    def get_override_parameters(self) -> list[Any]:
        """Return the parameters that follow from the kind of operation."""
        return [*super().get_override_parameters(), *RATE_HEADERS, *self.query_parameters(), *self.headers()]

    def action(self) -> str:
        """Return the action's name, or the method's."""
        return str(getattr(self.view, "action", None) or self.method.lower())

    def known_parameters(self) -> frozenset[str]:
        """Return the query parameters that the view's action takes."""
        known: frozenset[str] = getattr(self.view, "known_parameters", frozenset)()
        return known

    def query_parameters(self) -> list[OpenApiParameter]:
        """Return the parameters of lists and of sparse fields."""
        known = self.known_parameters()
        found = []
        if "business_id" in known:
            found.append(query("business_id", "The business that is meant; left out, the caller's default one."))
        if "ordering" in known:
            names = [sign + name for name in getattr(self.view, "ordering_fields", ()) for sign in ("", "-")]
            found.append(words("ordering", "Several, by commas; `-` before one means downwards.", names))
        fields: Sequence[str] = getattr(self.view, "known_fields", tuple)() if self.method in SAFE_METHODS else ()
        if fields:
            found.append(words("fields", "Names of the fields to answer with, by commas.", fields))
        return found

    def headers(self) -> list[OpenApiParameter]:
        """Return the headers for idempotency and lost updates."""
        found = []
        if getattr(getattr(self.view, self.action(), None), "is_idempotent", False):
            found.append(header("Idempotency-Key", "The same key and body give the first answer again, for 24 hours."))
        if self.is_of_one():
            found.append(ETAG)
            if self.method in {"PUT", "PATCH", "DELETE", "POST"}:
                found.append(header("If-Match", "The `ETag` that was read; a stale one is a 412."))
        return found

    def is_of_one(self) -> bool:
        """Return whether the operation concerns one thing that has a version."""
        if not hasattr(self.view, "etag_of"):
            return False
        ends_with_one = self.path.endswith("}") or getattr(self.view, "is_single", False)
        return ends_with_one or ("{" in self.path and self.method not in SAFE_METHODS)

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if direction == "response":
            for code in self.error_codes():
                bodies.setdefault(code, self._get_response_for_code(ErrorSerializer, code))  # type: ignore[no-untyped-call]  # the package's
        return bodies

    def _map_serializer_field(self, field: Any, direction: str, bypass_extensions: bool = False) -> dict[str, Any]:
        schema: dict[str, Any] = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]  # the package's
        if direction == "request" and isinstance(field, serializers.DecimalField) and "anyOf" not in schema:
            return as_number_or_text(schema, places=field.decimal_places or 0)
        if direction == "request" and isinstance(field, serializers.ListSerializer):
            bounds = {"minItems": 0 if field.allow_empty else 1, "maxItems": getattr(field, "max_length", None)}
            return schema | {name: bound for name, bound in bounds.items() if bound}
        return schema

    def error_codes(self) -> list[str]:
        """Return the statuses that this operation may refuse with."""
        codes = {"400", "401", "403", "429"}
        if "{" in self.path or "business_id" in self.known_parameters():
            codes.add("404")
        if self.method not in SAFE_METHODS:
            codes |= {"409", "413", "415"}
        if self.method not in SAFE_METHODS and self.is_of_one():
            codes.add("412")
        if self.action() in getattr(self.view, "acts_outside", ()):
            codes |= {"502", "503"}
        return sorted(codes)


def as_number_or_text(schema: dict[str, Any], *, places: int) -> dict[str, Any]:
    """Return the schema of a decimal in a body: a number, or the same as text, which no reader takes for a double."""
    of_number = ("type", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    number = {name: schema[name] for name in of_number if name in schema}
    number["description"] = f"At most {places} decimals, and 15 significant digits."
    text = {"type": "string", "pattern": rf"^[+-]?(\d+(\.\d{{0,{places}}})?|\.\d{{1,{places}}})$", "maxLength": 40}
    rest = {name: value for name, value in schema.items() if name not in of_number}
    return {"anyOf": [number, text], **rest}


def sparse_answers(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Require nothing of what ``fields`` may leave out: of the answers, or of the entries of the lists, that take it.

    A schema that stands elsewhere too, such as in a body, is left whole and gets a twin: ``Business…Fields``.
    """
    schemas = result.get("components", {}).get("schemas", {})
    places = [place for operation in sparse_operations(result) for place in entries_of(operation, schemas)]
    found = Counter(place["$ref"] for place in places)
    everywhere = Counter(references(result))
    for place in places:
        name = place["$ref"].rpartition("/")[2]
        if "required" not in schemas[name]:
            continue
        if everywhere[place["$ref"]] > found[place["$ref"]]:
            schemas.setdefault(
                f"{name}Fields", {key: value for key, value in schemas[name].items() if key != "required"}
            )
            place["$ref"] += "Fields"
        else:
            del schemas[name]["required"]
    result.get("components", {})["schemas"] = dict(sorted(schemas.items()))
    return result


def sparse_operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the operations that take ``fields``."""
    for item in result["paths"].values():
        operation = item.get("get", {})
        if any(parameter.get("name") == "fields" for parameter in operation.get("parameters", ())):
            yield operation


def entries_of(operation: dict[str, Any], schemas: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield where an operation's answers refer to the thing itself, or to the entries of a list of them."""
    for content in operation["responses"].get("200", {}).get("content", {}).values():
        place = content.get("schema", {})
        if "$ref" in place:
            results = schemas[place["$ref"].rpartition("/")[2]].get("properties", {}).get("results", {})
            yield results["items"] if "$ref" in results.get("items", {}) else place


def references(value: Any) -> Iterator[str]:
    """Yield all that a document refers to, as often as it does."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for entry in value.values():
            yield from references(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from references(entry)


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registry has no types
    """How an API key is sent."""

    target_class = "accounts.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the scheme."""
        return {"type": "apiKey", "in": "header", "name": "X-Api-Key", "description": "`pk_…:sk_…`"}


class JWTScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registry has no types
    """How an access token is sent."""

    target_class = "accounts.authentication.JWTAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the scheme."""
        scheme: dict[str, Any] = build_bearer_security_scheme_object("Authorization", "Bearer", "JWT")
        return scheme | {"description": "An access token of `/auth/login`, or an API key `pk_…:sk_…`."}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its registry has no types
    """How a browser is known."""

    target_class = "accounts.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the scheme."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
