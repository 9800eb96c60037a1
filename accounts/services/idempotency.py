"""A repeated order is carried out once: its key, its effect and its answer commit together.

Source: draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import sealing
from accounts.errors import Conflict, InProgress, Invalid
from accounts.models import IdempotencyKey
from accounts.sealing import BrokenSeal

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(hours=24)
KEY_FORM = re.compile(r"[\x20-\x7e]{1,255}")
# Longer than requests take; what a crash leaves behind keeps its caller waiting for so long. Whoever comes later while
# the first still runs waits at its unique row.
RUNNING_FOR = 30
SEALED = "sealed:"
PURPOSE = "accounts.services.idempotency"
# Refusals that another try may not meet: who asks, how often, what was read before, or our own trouble.
NOT_KEPT = frozenset({401, 403, 412, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. ``body`` is JSON, or empty; where it ``is_secret``, it is kept sealed."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    replayed: bool = False
    is_secret: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether a repetition gets this answer, rather than another try."""
        return self.status < 500 and self.status not in NOT_KEPT


class _NotKept(Exception):
    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def carry_out(*, actor_key: str, key: str, fingerprint: str, at: datetime, act: Callable[[], Answer]) -> Answer:
    """Return the answer of ``act``, or the one it gave before under this key.

    Raises ``Invalid`` for a malformed key, ``Conflict`` where the key came with another ``fingerprint``, and
    ``InProgress`` while the first runs.
    """
    if not KEY_FORM.fullmatch(key):
        raise Invalid(errors={"Idempotency-Key": [_("A key has 1 to 255 printable ASCII characters.")]})
    with running(actor_key, key) as is_first:
        if not is_first:
            return stored(actor_key, key, fingerprint, at)
        try:
            with transaction.atomic():
                return first_answer(actor_key, key, fingerprint, at, act)
        except _NotKept as refusal:
            return refusal.answer


def first_answer(actor_key: str, key: str, fingerprint: str, at: datetime, act: Callable[[], Answer]) -> Answer:
    """Take the key, act, and keep the answer; or return the answer of whoever took it before."""
    mine = IdempotencyKey.objects.filter(actor_key=actor_key, key=key)
    mine.filter(created_at__lte=at - KEPT_FOR).delete()
    # The unique row goes first: where nobody sees our marker, a second one waits here and then replays.
    row, is_new = IdempotencyKey.objects.get_or_create(
        actor_key=actor_key, key=key, defaults={"fingerprint": fingerprint, "status": 0}
    )
    if not is_new:
        return replayed(row, fingerprint)
    answer = act()
    if not answer.is_kept:
        raise _NotKept(answer)
    body = seal(answer.body) if answer.is_secret else answer.body
    row.status, row.body, row.headers = answer.status, body, dict(answer.headers)
    row.save(update_fields=["status", "body", "headers"])
    return answer


def carry_out_outside(
    *, actor_key: str, key: str, fingerprint: str, at: datetime, act: Callable[[str], Answer]
) -> Answer:
    """Return the answer of ``act``, which calls another system and therefore commits its steps by itself.

    ``act`` is given a name for the order, the same for every try of it: by that it finds what an earlier one that
    did not come to its end had begun, and goes on from there. Raises as ``carry_out`` does.
    """
    if not KEY_FORM.fullmatch(key):
        raise Invalid(errors={"Idempotency-Key": [_("A key has 1 to 255 printable ASCII characters.")]})
    with running(actor_key, key) as is_first:
        if not is_first:
            return stored(actor_key, key, fingerprint, at)
        mine = IdempotencyKey.objects.filter(actor_key=actor_key, key=key)
        mine.filter(created_at__lte=at - KEPT_FOR).delete()
        row, is_new = mine.get_or_create(
            actor_key=actor_key, key=key, defaults={"fingerprint": fingerprint, "status": 0}
        )
        if row.fingerprint != fingerprint or row.status:
            return replayed(row, fingerprint)
        answer = act(hashlib.sha256(f"{actor_key}\n{key}\n{fingerprint}".encode()).hexdigest())
        if answer.is_kept:
            mine.filter(pk=row.pk).update(status=answer.status, body=answer.body, headers=dict(answer.headers))
        elif is_new:
            mine.filter(pk=row.pk, status=0).delete()
        return answer


def stored(actor_key: str, key: str, fingerprint: str, at: datetime) -> Answer:
    """Return the kept answer. Raises ``InProgress`` while there is none yet."""
    fresh = IdempotencyKey.objects.filter(actor_key=actor_key, key=key, created_at__gt=at - KEPT_FOR)
    row = fresh.first()
    if row is None or not row.status:
        raise InProgress(retry_after=1)
    return replayed(row, fingerprint)


def replayed(row: IdempotencyKey, fingerprint: str) -> Answer:
    """Return a kept answer again. Raises ``Conflict`` for another request."""
    if row.fingerprint != fingerprint:
        raise Conflict(_("This Idempotency-Key was used for another request."), code="idempotency_key_reused")
    return replace(Answer(row.status, opened(row.body), row.headers), replayed=True)


def seal(body: str) -> str:
    """Return a body that whoever has the database alone cannot read."""
    return SEALED + sealing.seal(body, purpose=PURPOSE)


def opened(body: str) -> str:
    """Return a kept body as it was answered. Raises ``Conflict`` where ``SECRET_KEY`` was changed since."""
    if not body.startswith(SEALED):
        return body
    try:
        return sealing.unseal(body.removeprefix(SEALED), purpose=PURPOSE)
    except BrokenSeal as error:
        raise Conflict(_("The first answer can no longer be read."), code="idempotency_key_reused") from error


@contextmanager
def running(actor_key: str, key: str) -> Iterator[bool]:
    """Mark a key as being worked on, and tell whether we are the first.

    The mark lies in the cache, so that a second request is told at once, also where the database has one writer.
    """
    name = "idempotency:" + hashlib.sha256(f"{actor_key}\n{key}".encode()).hexdigest()
    try:
        is_first = cache.add(name, 1, timeout=RUNNING_FOR)
    except Exception:
        logger.warning("idempotency: the cache does not answer", exc_info=True)
        yield True  # the unique row still lets only one effect through
        return
    try:
        yield is_first
    finally:
        if is_first:
            cache.delete(name)
