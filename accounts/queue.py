"""The row is the queue: slow work is a row, claimed by one conditional UPDATE and finished by the holder of its token.

Any number of workers, Celery tasks and sweeps may run at once; none needs to know of the others.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.choices import QueueState
from accounts.identifiers import new_token

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=300)
HARD_LIMIT = 240.0  # seconds; a job that takes longer is ended, and its lease lapses
MAX_ATTEMPTS = 6
FIRST_DELAY = 30.0  # seconds, doubled at each further attempt
HEARTBEAT_FRESH = timedelta(seconds=90)


class QueuedRow(models.Model):
    """Slow work that waits to be done, is being done, or is over."""

    state = models.CharField(max_length=10, choices=QueueState, default=QueueState.QUEUED)
    run_after = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.CharField(max_length=24, blank=True, default="", editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.TextField(blank=True, default="")

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["run_after"], name="%(class)s_due", condition=Q(state="queued")),
            models.Index(fields=["lease_until"], name="%(class)s_leased", condition=Q(state="running")),
        ]


class Heartbeat(models.Model):
    """When a worker was last seen, so that ``/health`` can tell whether anybody does the work."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        app_label = "accounts"

    def __str__(self) -> str:
        return self.name


class PermanentError(Exception):
    """A job's failure that no retry will mend."""


class TryLater(Exception):
    """A job's failure that passes, not before some seconds where they are known."""

    def __init__(self, sentence: str, *, seconds: float = 0) -> None:
        super().__init__(sentence)
        self.seconds = seconds


class LeaseLost(Exception):
    """Somebody else holds the row now; what was done here is rolled back."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to finish one row."""

    model: type[QueuedRow]
    pk: Any
    token: str

    @contextmanager
    def finish(self, state: str = QueueState.DONE, **changes: Any) -> Iterator[None]:
        """Commit a job's effects together with the end of its row, or nothing of both.

        Raises ``LeaseLost`` when the row is no longer held by this lease.
        """
        with transaction.atomic():
            held = self.model._default_manager.filter(pk=self.pk, state=QueueState.RUNNING, lease_token=self.token)
            if not held.update(state=state, lease_token="", lease_until=None, **changes):
                raise LeaseLost
            yield


def kinds() -> dict[str, tuple[type[QueuedRow], str]]:
    """Return each kind of queued row with its model and the dotted name of its job."""
    return {kind: (apps.get_model(model), job) for kind, (model, job) in settings.QUEUE_KINDS.items()}


def due(now: datetime) -> Q:
    """Return the condition of a row that may be claimed: queued and due, or its holder is gone."""
    return Q(state=QueueState.QUEUED, run_after__lte=now) | Q(state=QueueState.RUNNING, lease_until__lt=now)


def claim(kind: str, *, pk: Any = None, now: datetime | None = None) -> Lease | None:
    """Take one due row of a kind, or the one named, by a conditional UPDATE. None: there is nothing to do."""
    model, _job = kinds()[kind]
    now = now or timezone.now()
    rows = model._default_manager.filter(due(now), **({} if pk is None else {"pk": pk}))
    for candidate in rows.order_by("run_after").values_list("pk", flat=True)[:5]:
        token = new_token()
        changed = model._default_manager.filter(due(now), pk=candidate).update(
            state=QueueState.RUNNING,
            lease_token=token,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
        )
        if changed:
            return Lease(model, candidate, token)
    return None


def due_rows(kind: str, *, limit: int = 100) -> list[Any]:
    """Return the keys of rows of a kind that may be claimed, the longest due first."""
    rows = kinds()[kind][0]._default_manager.filter(due(timezone.now()))
    return list(rows.order_by("run_after").values_list("pk", flat=True)[:limit])


def run_one(kind: str, *, pk: Any = None) -> bool:
    """Claim and do one row of a kind. Return whether there was one."""
    lease = claim(kind, pk=pk)
    if lease is None:
        return False
    row = lease.model._default_manager.filter(pk=lease.pk).first()
    if row is None:
        return True  # deleted since
    if row.attempts > MAX_ATTEMPTS:
        fail(kind, lease, row, PermanentError("The worker stopped each time it tried."))
        return True
    job: Callable[[QueuedRow, Lease], None] = import_string(kinds()[kind][1])
    try:
        job(row, lease)
    except LeaseLost:
        logger.info("queue: lease lost", extra={"kind": kind, "row": str(row.pk)})
    except Exception as error:
        logger.warning("queue: attempt failed", exc_info=error, extra={"kind": kind, "row": str(row.pk)})
        fail(kind, lease, row, error)
    return True


def fail(kind: str, lease: Lease, row: QueuedRow, error: Exception) -> None:
    """Put a row back with a growing delay, or end it as failed where trying again is no use.

    A job's module may have ``gave_up(row, reason)``; it runs in the transaction that ends the row as failed.
    """
    job_module = import_module(kinds()[kind][1].rpartition(".")[0])
    reason = f"{type(error).__name__}: {error}"[:2000]
    over = isinstance(error, PermanentError) or row.attempts >= MAX_ATTEMPTS
    delay = FIRST_DELAY * 2 ** max(row.attempts - 1, 0) * random.uniform(0.8, 1.2)  # noqa: S311 -- spreads retries
    told = error.seconds * random.uniform(1, 1.2) if isinstance(error, TryLater) else 0  # noqa: S311 -- likewise
    later = timezone.now() + timedelta(seconds=max(delay, told))
    try:
        with lease.finish(
            QueueState.FAILED if over else QueueState.QUEUED,
            last_error=reason,
            run_after=row.run_after if over else later,
        ):
            if over and (gave_up := getattr(job_module, "gave_up", None)):
                gave_up(row, reason)
    except LeaseLost:
        logger.info("queue: lease lost", extra={"row": str(row.pk)})


def retry(rows: models.QuerySet[Any]) -> int:
    """Queue failed rows again, as staff may ask. Return how many."""
    return rows.filter(state=QueueState.FAILED).update(
        state=QueueState.QUEUED, attempts=0, run_after=timezone.now(), last_error=""
    )


def run_due(*, limit: int = 50) -> int:
    """Do what is due, of every kind in turn, at most ``limit`` rows. Return how many."""
    done = 0
    for kind in kinds():
        while done < limit and run_one(kind):
            done += 1
    return done


def nudge(kind: str, pk: Any) -> None:
    """Tell a worker, once the transaction commits, that a row waits. Best effort: the sweep finds it anyway."""
    transaction.on_commit(lambda: _nudge(kind, str(pk)), robust=True)


def _nudge(kind: str, pk: str) -> None:
    if not settings.CELERY_BROKER_URL:
        return  # ``manage.py work`` looks every half second
    try:
        import_string("accounts.tasks.run").apply_async((kind, pk), retry=False)
    except Exception:
        logger.warning("queue: nudge failed", exc_info=True, extra={"kind": kind, "row": pk})


def beat(name: str) -> None:
    """Note that a worker is alive; called by workers at most every few seconds."""
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})


def worker_alive() -> bool:
    """Return whether a worker was seen in the last 90 seconds."""
    return Heartbeat.objects.filter(seen_at__gte=timezone.now() - HEARTBEAT_FRESH).exists()
