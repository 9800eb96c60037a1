"""The queue of SQLite's writers: each gets a turn, and passes it on however the transaction ends."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from threading import Barrier, Thread
from time import sleep

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, transaction
from django.db.models import F

from accounts.models import QuotaCounter
from config.sqlite import base
from config.sqlite.base import Log, turn
from tests.accounts.threads import at_once
from tests.factories.accounts import make_business

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="This is how SQLite is written to."),
]


def test_turn_is_passed_on_after_commit_and_rollback() -> None:
    with transaction.atomic():
        assert turn.locked()
    assert not turn.locked()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _ = 1 / 0
    assert not turn.locked()


def test_turn_is_passed_on_when_the_connection_closes_in_a_transaction() -> None:
    with transaction.atomic():
        connection.close()
        assert not turn.locked()
    assert not turn.locked()


def test_turn_is_passed_on_when_the_transaction_cannot_begin() -> None:
    connection.ensure_connection()
    real = connections[DEFAULT_DB_ALIAS]
    mode, real.transaction_mode = real.transaction_mode, "NO SUCH MODE"  # type: ignore[attr-defined]  # SQLite's alone
    try:
        with pytest.raises(OperationalError), transaction.atomic():
            pass
    finally:
        real.transaction_mode = mode  # type: ignore[attr-defined]  # likewise
    assert not turn.locked()


def test_writers_lose_nothing() -> None:
    counter = QuotaCounter.objects.create(business=make_business(), metric="emails", period="2026-11-20")

    def write(_number: int) -> None:
        for _ in range(20):
            with transaction.atomic():
                used = QuotaCounter.objects.get(pk=counter.pk).used
                QuotaCounter.objects.filter(pk=counter.pk, used=used).update(used=F("used") + 1)

    at_once(8, write)
    counter.refresh_from_db()
    assert counter.used == 160


def synchronous() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA synchronous").fetchone()[0])


def test_sqlite_flushes_by_itself_what_is_written_outside_of_transactions() -> None:
    assert synchronous() == 2
    with transaction.atomic():
        assert synchronous() == 1
    assert synchronous() == 2
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _ = 1 / 0
    assert synchronous() == 2


class Disk:
    """Counts the flushes that are really made, each slowed as a disk would."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, pause: float = 0.0) -> None:
        self.flushes = 0
        self.pause = pause
        self.real = base.sync_data
        monkeypatch.setattr(base, "sync_data", self.sync)

    def sync(self, file: int) -> None:
        sleep(self.pause)
        self.real(file)
        self.flushes += 1


def test_commit_returns_after_its_flush(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    disk = Disk(monkeypatch)
    log = Log(tmp_path / "some.sqlite3-wal")
    log.path.write_bytes(b"pages")
    commit = log.written()
    log.flush(commit)
    assert disk.flushes == 1
    log.flush(commit)  # it is there already
    assert disk.flushes == 1


def test_one_flush_serves_all_who_wait(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    disk = Disk(monkeypatch, pause=0.2)
    log = Log(tmp_path / "some.sqlite3-wal")
    log.path.write_bytes(b"pages")
    ready = Barrier(8)

    def write(_number: int) -> None:
        with turn:
            commit = log.written()
        ready.wait()
        log.flush(commit)

    threads = [Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert disk.flushes == 1


def test_log_that_is_gone_has_been_written_to_the_database(tmp_path: Path) -> None:
    log = Log(tmp_path / "some.sqlite3-wal")
    log.flush(log.written())
    assert log.written() == 2


def test_flush_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(_file: int) -> None:
        raise OSError(5, os.strerror(5))

    log = Log(tmp_path / "some.sqlite3-wal")
    log.path.write_bytes(b"pages")
    monkeypatch.setattr(base, "sync_data", fail)
    with pytest.raises(sqlite3.OperationalError, match=r"some\.sqlite3-wal could not be flushed"):
        log.flush(log.written())


def test_transaction_is_flushed_before_it_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch)
    make_business()
    with transaction.atomic():
        QuotaCounter.objects.update(used=F("used") + 1)
        before = disk.flushes
    assert disk.flushes == before + 1
