"""What production refuses to start with. Each is a system check; an error stops every command and the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Notice
from django.core.exceptions import ImproperlyConfigured

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
    """Refuse payments that are none."""
    if settings.STRIPE_API_KEY == settings.SANDBOX_KEY:
        yield "STRIPE_API_KEY is the sandbox's: no money would move."


IN_PRODUCTION = (secret_key, debug, public_url, allowed_hosts)


def problems() -> list[CheckMessage]:
    """Return what stops the start, as errors ``config.E001`` and on."""
    refusals = [("config.E005", text) for text in processes()]
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
