"""What production refuses to start with. Each is a system check; an error stops every command and the server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Notice
from django.core.exceptions import ImproperlyConfigured

ON_THIS_MACHINE: Final = {"localhost", "127.0.0.1", "::1"}
MODEL: Final = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
VERTEX_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9:.-]*[a-z0-9])?")
SHORTEST_KEY = 50  # characters, as Django's own security.W009
FEWEST_DIFFERENT = 5


def secret_key() -> Iterator[str]:
    """Refuse a key that can be guessed."""
    key: str = settings.SECRET_KEY
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_DIFFERENT or key.startswith("django-insecure-"):
        yield (
            f"SECRET_KEY is weak: it needs at least {SHORTEST_KEY} random characters "
            "(leave it out, and one is made under VAR_DIR)."
        )


def debug() -> Iterator[str]:
    """Refuse pages that show the inside."""
    if settings.DEBUG:
        yield "DEBUG must be off in production."


def public_url() -> Iterator[str]:
    """Refuse plain http where others can listen."""
    if not settings.HTTPS and not settings.LOOPBACK:
        yield f"PUBLIC_URL must be https in production, not {settings.PUBLIC_URL}."


def allowed_hosts() -> Iterator[str]:
    """Refuse any name: mails and links would carry whatever a visitor sends."""
    if "*" in settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS must name the hosts; * is refused in production."


def processes() -> Iterator[str]:
    """Refuse several web processes without a cache they share: each would count limits for itself."""
    if settings.WEB_CONCURRENCY > 1 and not settings.REDIS_URL:
        yield f"WEB_CONCURRENCY={settings.WEB_CONCURRENCY} needs REDIS_URL: limits are counted in one process without it."


def sandbox() -> Iterator[str]:
    """Refuse payments that are none, and what would show the key to others."""
    if settings.STRIPE_API_KEY == settings.SANDBOX_KEY:
        yield "STRIPE_API_KEY is the sandbox's: no money would move."
    address = urlsplit(settings.STRIPE_API_BASE)
    if address.scheme == "http" and address.hostname not in ON_THIS_MACHINE:
        yield f"STRIPE_API_BASE must be https, not {settings.STRIPE_API_BASE}: keys would go in the clear."


def gemini() -> Iterator[str]:
    """Refuse what would make every call to a model fail, or show its key to others."""
    if not re.fullmatch(r"[!-~]*", settings.GEMINI_API_KEY):
        yield "GEMINI_API_KEY has characters that no key has."
    if not MODEL.fullmatch(settings.GEMINI_MODEL):
        yield f"GEMINI_MODEL must be a model's name such as gemini-2.5-flash, not {settings.GEMINI_MODEL!r}."
    address = urlsplit(settings.GEMINI_BASE_URL)
    if address.scheme == "http" and address.hostname not in ON_THIS_MACHINE:
        yield f"GEMINI_BASE_URL must be https, not {settings.GEMINI_BASE_URL}: keys and documents would go in the clear."


def vertex() -> Iterator[str]:
    """Refuse half of what Vertex needs. The file alone may be set for something else on the machine."""
    given = {name: getattr(settings, name) for name in ("VERTEX_PROJECT", "VERTEX_LOCATION")}
    path = settings.GOOGLE_APPLICATION_CREDENTIALS
    if not any(given.values()):
        return
    missing = [name for name, value in {**given, "GOOGLE_APPLICATION_CREDENTIALS": path}.items() if not value]
    if missing:
        yield f"Vertex needs VERTEX_PROJECT, VERTEX_LOCATION and GOOGLE_APPLICATION_CREDENTIALS; missing: {', '.join(missing)}."
    for name, value in given.items():
        if value and not VERTEX_NAME.fullmatch(value):
            yield f"{name} must have small letters, digits and hyphens alone, not {value!r}."
    if path and (trouble := trouble_with_account(Path(path))):
        yield f"GOOGLE_APPLICATION_CREDENTIALS: {path} {trouble}."


def trouble_with_account(path: Path) -> str:
    """Return what is wrong with the file of a service account, or nothing."""
    try:
        account = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    except ValueError:
        return "is no JSON"
    names = ("client_email", "private_key", "token_uri")
    if not isinstance(account, dict) or account.get("type") != "service_account" or not all(map(account.get, names)):
        return "is no key of a service account"
    return ""


IN_PRODUCTION = (secret_key, debug, public_url, allowed_hosts)


def problems() -> list[CheckMessage]:
    """Return what stops the start, as errors ``config.E001`` and on."""
    refusals = [("config.E005", text) for text in processes()]
    refusals += [("config.E007", text) for text in gemini()]
    refusals += [("config.E008", text) for text in vertex()]
    if not settings.EMBEDDED:
        refusals += [("config.E006", text) for text in sandbox()]
        for number, check in enumerate(IN_PRODUCTION, start=1):
            refusals += [(f"config.E{number:03}", text) for text in check()]
    return [Error(text, id=identifier) for identifier, text in sorted(refusals)]


def oversights() -> list[CheckMessage]:
    """Return what starts, but cannot be meant."""
    found: list[CheckMessage] = []
    if not settings.EMBEDDED and settings.HTTPS and not settings.TRUSTED_PROXIES:
        found.append(
            Notice(
                "PUBLIC_URL is https and TRUSTED_PROXIES is empty: "
                "every request will look like plain http, and be redirected.",
                id="config.W001",
            )
        )
    if settings.STRIPE_API_KEY and not settings.STRIPE_WEBHOOK_SECRET:
        sentence = "STRIPE_WEBHOOK_SECRET is empty: Stripe cannot tell that an invoice was paid."
        found.append(Notice(sentence, id="config.W002"))
    return found


@register(Tags.security)
def check_production(**_options: Any) -> list[CheckMessage]:
    """Report what production refuses to start with, and what cannot be meant."""
    return problems() + oversights()


def refuse_unsafe() -> None:
    """Stop a web server that was started without ``manage.py``. Raises ``ImproperlyConfigured``."""
    if found := problems():
        raise ImproperlyConfigured(" ".join(str(problem.msg) for problem in found))
