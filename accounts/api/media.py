"""JSON in and out, exact: numbers never pass through a binary float."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import IO, Any, NoReturn, cast

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, FormParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from accounts.errors import Invalid

__all__ = ["AlwaysJSON", "FormParser", "JSONParser", "JSONRenderer", "dumps", "is_storable", "loads"]

MAX_DIGITS = 40
MAX_EXPONENT = 50
INT_DIGITS = 18
JSON_TYPE = "application/json"


def plain(number: Decimal) -> str:
    """Return a decimal as JSON writes it: without exponent, without zeros at the end."""
    text = str(number)
    if "E" in text:
        text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def written(value: Any) -> Any:
    """Return what stands in JSON for a value that JSON does not know. Raises ``TypeError``."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise TypeError(f"{value} is no number for JSON")
        return orjson.Fragment(plain(value))
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is not for JSON")


def instant(value: datetime) -> str:
    """Return a moment in UTC as ISO 8601 with ``Z``."""
    at = value if value.tzinfo is UTC else value.astimezone(UTC)
    return at.isoformat().removesuffix("+00:00") + "Z"


def dumps(data: Any, *, sort: bool = False) -> bytes:
    """Return JSON in UTF-8."""
    options = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | (orjson.OPT_SORT_KEYS if sort else 0)
    return orjson.dumps(data, default=written, option=options)


class JSONRenderer(BaseRenderer):
    """Writes an answer's data; decimals exactly, moments in UTC."""

    media_type = JSON_TYPE
    format = "json"
    charset = None  # JSON is UTF-8 (RFC 8259, 8.1)
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the body; nothing for no data."""
        return b"" if data is None else dumps(data)


class AlwaysJSON(BaseContentNegotiation):
    """Answers in JSON whatever ``Accept`` says; the request's type is what counts."""

    def select_parser(self, request: Request, parsers: Any) -> BaseParser | None:
        """Return the parser of the request's media type, or None."""
        sent = media_type_of(request.content_type)
        return next((parser for parser in parsers if parser.media_type in {sent, "*/*"}), None)

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the view's first renderer."""
        return renderers[0], renderers[0].media_type


def media_type_of(content_type: str | None) -> str:
    """Return the bare media type of a header, in lower case."""
    return (content_type or "").partition(";")[0].strip().lower()


class JSONParser(BaseParser):
    """Reads a JSON object. Raises ``ParseError``, ``UnsupportedMediaType`` and ``RequestDataTooBig``.

    A view that takes larger bodies than ``DATA_UPLOAD_MAX_MEMORY_SIZE`` says so by ``max_body`` (bytes).
    """

    media_type = JSON_TYPE
    renderer_class = JSONRenderer

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return the object that was sent."""
        if charset_of(media_type) not in {"utf-8", "utf8", "us-ascii"}:
            raise UnsupportedMediaType(media_type or "", _("JSON must be sent in UTF-8."))
        view = (parser_context or {}).get("view")
        return loads(read(stream, getattr(view, "max_body", None) or settings.DATA_UPLOAD_MAX_MEMORY_SIZE))


def charset_of(content_type: str | None) -> str:
    """Return the charset that a content type names, by default UTF-8."""
    for parameter in (content_type or "").split(";")[1:]:
        name, _equals, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return "utf-8"


def read(stream: IO[Any], limit: int) -> bytes:
    """Return a request's body. Raises ``RequestDataTooBig`` above ``limit`` bytes."""
    meta = getattr(stream, "META", {})
    declared = str(meta.get("CONTENT_LENGTH") or "0")
    if declared.isdecimal() and int(declared) > limit:
        raise RequestDataTooBig
    body = cast("bytes", stream.read(limit + 1))
    if len(body) > limit:
        raise RequestDataTooBig
    return body


def loads(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body, its numbers as ``int`` and ``Decimal``. Raises ``ParseError``."""
    try:
        text = body.decode("utf-8")
        data = json.loads(
            text,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError:
        raise ParseError(_("The body is not UTF-8.")) from None
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise ParseError(_("The body is not JSON: line %(line)d, column %(column)d.") % place) from None
    except RecursionError:
        raise ParseError(_("The body is nested too deeply.")) from None
    if not isinstance(data, dict):
        raise ParseError(_("The body must be a JSON object."))
    # Only escapes can bring in what a text must not hold; without one there is nothing to look for.
    if "\\u0000" in text or "\\ud" in text.lower():
        refuse_unstorable(data)
    return data


def _decimal(text: str) -> Decimal:
    number, _e, exponent = text.lower().partition("e")
    if len(number) > MAX_DIGITS + 2 or len(exponent) > 4 or abs(int(exponent or 0)) > MAX_EXPONENT:
        raise ParseError(_("A number is too long."))
    return Decimal(text)


def _integer(text: str) -> int | Decimal:
    if len(text) > MAX_DIGITS + 1:
        raise ParseError(_("A number is too long."))
    # What does not fit 64 bits could not be written again as an int.
    return int(text) if len(text) <= INT_DIGITS else Decimal(text)


def _refuse_constant(text: str) -> NoReturn:
    raise ParseError(_("%(value)s is not a number.") % {"value": text})


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _value in pairs).most_common(1)[0][0]
        raise ParseError(_("The field %(name)s is given twice.") % {"name": twice[:100]})
    return found


def is_storable(text: str) -> bool:
    """Return whether a text can be kept: no NUL, no half of a surrogate pair."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text))


def refuse_unstorable(data: dict[str, Any]) -> None:
    """Refuse texts with NUL or half a character. Raises ``Invalid`` that names the fields."""
    wrong = {name: [_("This text holds a character that cannot be kept.")] for name in unstorable(data)}
    if wrong:
        raise Invalid(errors=wrong)


def unstorable(value: Any, name: str = "") -> Iterator[str]:
    """Yield the names of the texts that cannot be kept, such as ``items[0].name``."""
    if isinstance(value, str):
        if not is_storable(value):
            yield name
    elif isinstance(value, dict):
        for key, entry in value.items():
            if not is_storable(key):
                yield name or "non_field_errors"
            else:
                yield from unstorable(entry, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from unstorable(entry, f"{name}[{index}]")
