"""Several threads that begin at the same moment, each with a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
PATIENCE = 60.0  # seconds until all have arrived at the start


def together(count: int, act: Callable[[int], T]) -> list[T | Exception]:
    """Run ``act(0)`` … ``act(count - 1)`` at the same time. Return in this order what each returned or raised."""
    start = Barrier(count)

    def one(number: int) -> T | Exception:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE)
            return act(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def raised(results: list[T | Exception]) -> list[str]:
    """Return the names of what was raised, in alphabetical order."""
    return sorted(type(result).__name__ for result in results if isinstance(result, Exception))


def returned(results: list[T | Exception]) -> list[T]:
    """Return what was not raised."""
    return [result for result in results if not isinstance(result, Exception)]
