"""Waiting for a run a little, without holding up everybody else."""

from __future__ import annotations

import time
from threading import BoundedSemaphore
from typing import Final

from extraction.models import Extraction
from extraction.models.document import ACTIVE

LONGEST: Final = 60  # seconds
STEP: Final = 0.25
# The server has eight threads a process: those that wait must leave most of them free.
PLACES: Final = BoundedSemaphore(2)


def pause(seconds: float) -> None:
    """Sleep."""
    time.sleep(seconds)


def ended_in_time(run_id: str, seconds: int) -> bool:
    """Return whether a run has ended, within ``seconds``; at once where too many wait already."""
    until = time.monotonic() + min(seconds, LONGEST)
    if not PLACES.acquire(blocking=False):
        return has_ended(run_id)
    try:
        while not (ended := has_ended(run_id)) and time.monotonic() < until:
            pause(STEP)
        return ended
    finally:
        PLACES.release()


def has_ended(run_id: str) -> bool:
    """Return whether a run is over, or gone."""
    return not Extraction.objects.filter(pk=run_id, state__in=ACTIVE).exists()
