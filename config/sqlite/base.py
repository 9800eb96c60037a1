"""SQLite has one writer at a time. A thread that finds it busy sleeps and looks again, while the lock lies idle.

Here the threads of one process pass the turn on at once; other processes still meet by SQLite's own busy timeout.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Lock

from django.db.backends.sqlite3 import base

PATIENCE = 20.0  # seconds; then SQLite says itself that it is locked
turn = Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions wait for their turn."""

    has_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        self.has_turn = turn.acquire(timeout=PATIENCE)
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
        except BaseException:
            self._pass_on()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # likewise
        finally:
            self._pass_on()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # likewise
        finally:
            self._pass_on()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # likewise
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        if self.has_turn:
            self.has_turn = False
            with suppress(RuntimeError):
                turn.release()
