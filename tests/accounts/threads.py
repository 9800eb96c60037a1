"""Doing one thing in several threads at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Return what ``act(number)`` gave, or the exception it raised, in ``count`` threads that start together."""
    gate = threading.Barrier(count)

    def run(number: int) -> Any:
        gate.wait(timeout=20)
        try:
            return act(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
