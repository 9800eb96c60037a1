"""What is cleared away once an hour."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import IdempotencyKey, TokenFamily
from accounts.services.idempotency import KEPT_FOR

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
SWEEP_EVERY = timedelta(seconds=5)
# As long as somebody may ask why a login ended.
REVOKED_FOR = timedelta(days=7)
MARK = "accounts.chores"
SWEEP_MARK = "accounts.sweeps"


def run_hourly() -> bool:
    """Do all chores, unless somebody did within the hour. Return whether they were done."""
    if not cache.add(MARK, 1, timeout=EVERY.total_seconds()):
        return False
    run_all(timezone.now())
    return True


def run_sweeps() -> bool:
    """Do what ``settings.SWEEPS`` names, unless somebody did within the last seconds. Return whether it was done."""
    if not cache.add(SWEEP_MARK, 1, timeout=SWEEP_EVERY.total_seconds()):
        return False
    for name in settings.SWEEPS:
        try:
            import_string(name)()
        except Exception:
            logger.exception("sweep: %s failed", name)
    return True


def run_all(at: datetime) -> None:
    """Do each of ``settings.CHORES``, called with the moment; one that fails does not stop the next."""
    for name in settings.CHORES:
        try:
            import_string(name)(at)
        except Exception:
            logger.exception("chores: %s failed", name)


def forget_answers(at: datetime) -> None:
    """Delete idempotency keys that are no longer kept."""
    IdempotencyKey.objects.filter(created_at__lte=at - KEPT_FOR).delete()


def forget_token_families(at: datetime) -> None:
    """Delete logins whose last refresh token has expired, and those that were revoked a week ago."""
    TokenFamily.objects.filter(Q(expires_at__lte=at) | Q(revoked_at__lte=at - REVOKED_FOR)).delete()


def forget_sessions(at: datetime) -> None:
    """Delete the browser sessions that have expired, and allauth's notes on sessions that are gone."""
    Session.objects.filter(expire_date__lte=at).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
