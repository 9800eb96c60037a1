"""Celery's two tasks: do one queued row, and look for rows that nobody told of."""

from __future__ import annotations

from celery import shared_task

from accounts import queue
from accounts.jobs import chores


@shared_task(name="accounts.run")
def run(kind: str, pk: str) -> bool:
    """Do one queued row, unless somebody else does or did. Return whether there was something to do."""
    return queue.run_one(kind, pk=pk)


@shared_task(name="accounts.sweep")
def sweep() -> int:
    """Show that a worker is alive, nudge what is due, and do the sweeps and the hourly chores. Return how many were nudged."""
    queue.beat("celery")
    nudged = 0
    for kind in queue.kinds():
        for pk in queue.due_rows(kind):
            queue.nudge(kind, pk)
            nudged += 1
    chores.run_sweeps()
    chores.run_hourly()
    return nudged
