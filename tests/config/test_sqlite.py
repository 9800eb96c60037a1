"""The queue of SQLite's writers: each gets a turn, and passes it on however the transaction ends."""

from __future__ import annotations

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, transaction
from django.db.models import F

from accounts.models import QuotaCounter
from config.sqlite.base import turn
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
