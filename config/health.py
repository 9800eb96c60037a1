"""``/health``: whether what the application stands on answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from secrets import token_hex

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import queue
from config import celery

logger = logging.getLogger(__name__)


class Failed(Exception):
    """A part does not do its work."""


def database() -> str:
    """Ask the database something."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return "ok"


def shared_cache() -> str:
    """Keep a value and read it back."""
    name, value = f"health:{token_hex(4)}", token_hex(4)
    cache.set(name, value, timeout=10)
    if cache.get(name) != value:
        raise Failed("the cache forgets")
    cache.delete(name)
    return "ok"


def broker() -> str:
    """Knock at the broker; without Redis there is none."""
    if not settings.CELERY_BROKER_URL:
        return "embedded"
    celery.broker_answers()
    return "ok"


def storage() -> str:
    """Write a file and remove it."""
    name = default_storage.save(f"health/{token_hex(8)}", ContentFile(b"ok"))
    default_storage.delete(name)
    return "ok"


def worker() -> str:
    """Look for a worker's sign of life."""
    if not queue.worker_alive():
        raise Failed("no worker was seen lately")
    return "ok"


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "cache": shared_cache,
    "broker": broker,
    "storage": storage,
    "worker": worker,
}


def outcome(name: str, check: Callable[[], str]) -> str:
    """Return a check's word, or ``failed``; why it failed goes to the log alone."""
    try:
        return check()
    except Exception as error:
        logger.warning("health: %s failed: %s", name, error)
        return "failed"


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 while every part answers, else 503; open to all, and told in words without detail."""
    checks = {name: outcome(name, check) for name, check in CHECKS.items()}
    failed = "failed" in checks.values()
    return JsonResponse({"status": "failed" if failed else "ok", "checks": checks}, status=503 if failed else 200)
