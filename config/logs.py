"""Logs: a line of JSON in production, a readable one otherwise; each with its request, none with a secret."""

from __future__ import annotations

import json
import logging
import logging.config
import re
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="-")
user_id: ContextVar[str] = ContextVar("user_id", default="-")

MASK = "***"
STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {
    "message",
    "asctime",
    "taskName",
    "request_id",
    "user_id",
}
# Objects that Django and gunicorn hang onto a record: their words are in the message already.
NOISE = frozenset({"request", "server_time", "status_code", "data"})
NAMES = (
    r"(?:[\w-]*(?:password|passwd|secret|token|api[_-]?key|credential|cookie)[\w-]*"
    r"|authorization|otp|sessionid|csrftoken|sk|pk)"
)
SECRETS = (
    # A header's whole value: up to the end of the line, or of the quotes around it.
    (
        re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s*[:=]\s*['\"]?)[^'\"\r\n]+"),
        rf"\1\2{MASK}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/:=-]{6,}"), rf"\1 {MASK}"),
    (
        re.compile(rf"(?i)(?<![\w-])({NAMES})(\\?['\"]?\s*[:=]\s*)(\\?['\"])(?:(?!\3).)*\3"),
        rf"\1\2\3{MASK}\3",
    ),
    (re.compile(rf"(?i)(?<![\w-])({NAMES})(\s*[:=]\s*)[^\s'\"&,;)}}\]]+"), rf"\1\2{MASK}"),
    (re.compile(r"\b(sk|pk|rk|whsec)_[A-Za-z0-9_-]{4,}"), rf"\1_{MASK}"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), MASK),
    (re.compile(r"\bAIza[\w-]{20,}"), MASK),
    (re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]+@"), rf"\1:{MASK}@"),
    # Addresses that open something by themselves, in Django's own lines about refusals, too.
    (
        re.compile(r"(/(?:pay|webhooks/inbox|accounts/(?:password/reset/key|confirm-email))/)[^/\s'\"]+"),
        rf"\1{MASK}",
    ),
)


def mask(text: str) -> str:
    """Return a text with the values of passwords, tokens, keys, cookies and authorisation headers covered."""
    for pattern, replacement in SECRETS:
        text = pattern.sub(replacement, text)
    return text


class Context(logging.Filter):
    """Gives each record the id of the request and the user it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Write the two ids onto the record, and let it pass."""
        record.request_id = request_id.get()
        record.user_id = user_id.get()
        return True


class TextFormatter(logging.Formatter):
    """A readable line, for the terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s [%(request_id)s] %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, masked."""
        return mask(super().format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for collectors."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object as one line; whatever came as ``extra`` stands beside the fixed names."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": mask(record.getMessage()),
            "request_id": getattr(record, "request_id", "-"),
            "user_id": getattr(record, "user_id", "-"),
        }
        line |= {name: covered(name, value) for name, value in record.__dict__.items() if is_extra(name)}
        if record.exc_info:
            line["exception"] = mask(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def is_extra(name: str) -> bool:
    """Return whether a record's attribute was given by the caller."""
    return name not in STANDARD and name not in NOISE and not name.startswith("_")


def covered(name: str, value: Any) -> Any:
    """Return an extra value as it may be logged: covered where its name or its look is a secret's."""
    if re.fullmatch(NAMES, name, re.IGNORECASE):
        return MASK
    return value if isinstance(value, int | float | None) else mask(str(value))


def configure(options: Mapping[str, Any]) -> None:
    """Set up logging; ``options`` is ``settings.LOGGING`` with ``format`` (``text`` or ``json``) and ``level``."""
    formatter = {"text": TextFormatter, "json": JsonFormatter}[options["format"]]
    to_root: dict[str, Any] = {"handlers": [], "propagate": True}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"context": {"()": Context}},
            "formatters": {"line": {"()": formatter}},
            "handlers": {
                "stderr": {"class": "logging.StreamHandler", "filters": ["context"], "formatter": "line"},
            },
            "root": {"level": options["level"], "handlers": ["stderr"]},
            "loggers": {
                "django": to_root,
                "django.server": to_root,
                # What a stranger sent amiss, such as NUL or a wrong Host, is a 400 in the line of its request; no error of ours.
                "django.security": {"level": "CRITICAL"},
                "django.security.csrf": {"level": "WARNING"},
                # fontTools, PIL and others tell at INFO what nobody asked for.
                **{
                    name: {"level": "WARNING"} for name in ("fontTools", "PIL", "httpx", "pikepdf", "stripe", "urllib3")
                },
            },
        }
    )
