"""SQLite has one writer at a time. A thread that finds it busy sleeps and looks again, while the lock lies idle.

Here the threads of one process pass the turn on at once; other processes still meet by SQLite's own busy timeout. The
turn is passed on before the commit is flushed to the disk, so that the next one writes meanwhile and one flush serves
all who wait for it. Nobody's commit returns before it is on the disk.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from threading import Lock

from django.db.backends.sqlite3 import base

PATIENCE = 20.0  # seconds; then SQLite says itself that it is locked
turn = Lock()
# What only some systems have keeps the file's times off the disk.
sync_data = getattr(os, "fdatasync", os.fsync)


class Log:
    """The write-ahead log of one database file: commits are counted, and flushed together."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._flushing = Lock()
        self._written = 0
        self._flushed = 0
        self._inode = 0

    def written(self) -> int:
        """Return the number of the commit just made; whoever asks has the turn."""
        self._written += 1
        return self._written

    def flush(self, commit: int) -> None:
        """Return once a commit is on the disk. Raises ``OperationalError``."""
        with self._flushing:
            if self._flushed >= commit:
                return
            upto = self._written
            try:
                self._sync()
            except OSError as error:
                raise sqlite3.OperationalError(f"{self.path} could not be flushed: {error}") from error
            self._flushed = upto

    def _sync(self) -> None:
        try:
            # No lock of SQLite's lies on this file, so that closing it lets none go.
            log = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            return  # the last connection has closed, and brought everything into the database itself
        try:
            sync_data(log)
            inode = os.fstat(log).st_ino
        finally:
            os.close(log)
        if inode != self._inode:
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
            self._inode = inode


logs: dict[Path, Log] = {}


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions wait for their turn, and are flushed after it."""

    has_turn = False
    log: Log | None = None

    def init_connection_state(self) -> None:
        """Find the log that commits of this connection are written to, if there is one."""
        super().init_connection_state()
        name = str(self.settings_dict["NAME"])
        with self.cursor() as cursor:
            mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        path = Path(f"{name}-wal").absolute()
        self.log = logs.setdefault(path, Log(path)) if mode == "wal" else None

    def _start_transaction_under_autocommit(self) -> None:
        self.has_turn = turn.acquire(timeout=PATIENCE)
        try:
            self._leave_flushing(to_us=True)
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
        except BaseException:
            self._pass_on()
            raise

    def _commit(self) -> None:
        commit = 0
        try:
            super()._commit()  # type: ignore[misc]  # likewise
            if self.log and self.has_turn:
                commit = self.log.written()
        finally:
            self._pass_on()
        if self.log and commit:
            with self.wrap_database_errors:
                self.log.flush(commit)

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

    def _leave_flushing(self, *, to_us: bool) -> None:
        """Let SQLite flush what is written outside of transactions, and us what is written in them."""
        if self.log and self.has_turn and self.connection is not None:
            self.connection.execute("PRAGMA synchronous=NORMAL" if to_us else "PRAGMA synchronous=FULL")

    def _pass_on(self) -> None:
        if self.has_turn:
            with suppress(sqlite3.Error):
                self._leave_flushing(to_us=False)
            self.has_turn = False
            with suppress(RuntimeError):
                turn.release()
