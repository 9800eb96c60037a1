"""Requests as Stripe's client writes them: nested forms, checked against the package's own request types."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import TypeAdapter, ValidationError
from stripe import params
from stripe.params import checkout

PART = re.compile(r"\[([^\]]*)\]")
T = TypeVar("T")
# Names in the request types that their own modules do not know: imported for type checkers alone, or inherited.
MISSING: Mapping[str, Any] = {
    "Mapping": Mapping,
    "StripeContext": str,
    "UntypedStripeObject": dict[str, T],  # type: ignore[valid-type]  # a generic alias, for pydantic
}
TYPES: Mapping[str, Any] = {
    "payment_links.create": params.PaymentLinkCreateParams,
    "payment_links.update": params.PaymentLinkUpdateParams,
    "checkout.sessions.create": checkout.SessionCreateParams,
    "refunds.create": params.RefundCreateParams,
}


class Refused(Exception):
    """A request that Stripe would refuse, with the status, type, code and parameter of its answer."""

    def __init__(
        self, message: str, *, status: int = 400, kind: str = "invalid_request_error", reason: str = "", param: str = ""
    ) -> None:
        super().__init__(message)
        self.status = status
        error = {"message": message, "type": kind, "code": reason, "param": param}
        self.body = {"error": {name: value for name, value in error.items() if value}}


def read_form(body: str) -> dict[str, Any]:
    """Return a form such as ``line_items[0][quantity]=1`` as nested dictionaries and lists."""
    root: dict[str, Any] = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        head, _, rest = name.partition("[")
        place, path = root, [head, *PART.findall("[" + rest if rest else "")]
        for step in path[:-1]:
            place = place.setdefault(step, {})
        place[path[-1]] = value
    return {name: with_lists(value) for name, value in root.items()}


def with_lists(value: Any) -> Any:
    """Return dictionaries whose names count from 0 as lists."""
    if not isinstance(value, dict):
        return value
    parts = {name: with_lists(part) for name, part in value.items()}
    return list(parts.values()) if list(parts) == [str(index) for index in range(len(parts))] else parts


@cache
def checker(call: str) -> TypeAdapter[Any]:
    """Return what checks the parameters of a call. Names that its type does not know are refused, at any depth."""
    kind = TYPES[call]
    module = sys.modules[kind.__module__]
    for name, meaning in MISSING.items():
        setattr(module, name, meaning)
    for each in vars(module).values():
        if hasattr(each, "__total__"):  # a TypedDict, of whichever module
            each.__pydantic_config__ = {"extra": "forbid"}
    return TypeAdapter(kind)


def checked(call: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a call by their types. Raises ``Refused`` that names the first wrong one."""
    try:
        values: dict[str, Any] = checker(call).validate_python(form)
    except ValidationError as error:
        first = error.errors()[0]
        name, *rest = [str(part) for part in first["loc"]] or [""]
        param = name + "".join(f"[{part}]" for part in rest if not part.startswith(("literal", "function", "list")))
        code = {"missing": "parameter_missing", "extra_forbidden": "parameter_unknown"}.get(first["type"], "")
        raise Refused(f"{first['msg']}: {param}", reason=code or "parameter_invalid", param=param) from error
    return values
