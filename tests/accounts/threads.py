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


def raised(results: list[Any]) -> list[str]:
    """Return the names of the exceptions among results, in alphabetical order."""
    return sorted(type(result).__name__ for result in results if isinstance(result, Exception))


def returned(results: list[Any]) -> list[Any]:
    """Return the results that are no exceptions."""
    return [result for result in results if not isinstance(result, Exception)]
