from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import queue, tasks
from accounts.choices import QueueState
from accounts.management.commands import work
from accounts.management.commands.work import Worker
from accounts.models import Delivery, Heartbeat
from accounts.queue import LeaseLost, PermanentError, TryLater
from config import celery
from tests.accounts.threads import at_once

KIND = "delivery"
MODULE = "tests.accounts.test_queue"

done: list[str] = []
given_up: list[tuple[str, str]] = []


def send(row, lease):
    """The job of these tests: a mail's subject says what becomes of it."""
    if row.subject == "fails":
        raise OSError("no route")
    if row.subject == "later":
        raise TryLater("come again", seconds=200)
    if row.subject == "hopeless":
        raise PermanentError("no such address")
    with lease.finish(sent_at=timezone.now()):
        if row.subject == "fails late":
            Delivery.objects.filter(pk=row.pk).update(text="changed")
            raise OSError("no route")
    done.append(row.pk)


def gave_up(row, reason):
    given_up.append((row.pk, reason))


@pytest.fixture(autouse=True)
def _kinds(settings):
    settings.QUEUE_KINDS = {KIND: ("accounts.Delivery", f"{MODULE}.send")}
    done.clear()
    given_up.clear()


def make_row(subject="goes", **fields) -> Delivery:
    return Delivery.objects.create(
        template="t", to=["a@example.com"], subject=subject, text="-", message_id=f"<{time.monotonic_ns()}@x>", **fields
    )


def state_of(row):
    row.refresh_from_db()
    return row.state


@pytest.mark.django_db
def test_claim_takes_the_row_that_is_due_longest():
    now = timezone.now()
    make_row(run_after=now - timedelta(seconds=5))
    oldest = make_row(run_after=now - timedelta(seconds=50))
    lease = queue.claim(KIND)
    assert lease is not None
    oldest.refresh_from_db()
    assert (lease.pk, oldest.state, oldest.attempts, oldest.lease_token) == (oldest.pk, "running", 1, lease.token)


@pytest.mark.django_db
def test_claim_leaves_what_is_not_due_and_what_is_held():
    now = timezone.now()
    make_row(run_after=now + timedelta(seconds=5))
    make_row(state=QueueState.RUNNING, lease_token="x", lease_until=now + timedelta(seconds=5))
    make_row(state=QueueState.DONE)
    make_row(state=QueueState.FAILED)
    assert queue.claim(KIND) is None


@pytest.mark.django_db
def test_claim_takes_over_a_lapsed_lease_and_the_first_holder_cannot_finish():
    row = make_row()
    first = queue.claim(KIND)
    with time_machine.travel(timezone.now() + queue.LEASE + timedelta(seconds=1), tick=False):
        second = queue.claim(KIND, pk=row.pk)
    assert first is not None
    assert second is not None
    with pytest.raises(LeaseLost), first.finish():
        Delivery.objects.filter(pk=row.pk).update(text="changed")
    with second.finish():
        pass
    assert (state_of(row), row.text, row.attempts) == ("done", "-", 2)


@pytest.mark.django_db
def test_claim_by_name_takes_no_other_row():
    make_row()
    named = make_row()
    lease = queue.claim(KIND, pk=named.pk)
    assert lease is not None
    assert lease.pk == named.pk
    assert queue.claim(KIND, pk=named.pk) is None


@pytest.mark.django_db
def test_a_job_that_says_when_to_come_again_is_not_asked_before():
    row = make_row("later")
    waits = []
    for _ in range(queue.MAX_ATTEMPTS):
        now = timezone.now()
        Delivery.objects.update(run_after=now)
        queue.run_one(KIND)
        row.refresh_from_db()
        waits.append((row.run_after - now).total_seconds())
    # The queue's own delay of 30 seconds, doubled each time, where that is longer
    assert [200 <= wait <= 241 for wait in waits[:3]] == [True] * 3
    assert [200 <= wait <= 289 for wait in waits[3:4]] == [True]
    assert [384 <= wait <= 577 for wait in waits[4:5]] == [True]
    assert (row.state, given_up) == ("failed", [(row.pk, "TryLater: come again")])


@pytest.mark.django_db
def test_run_one_does_the_job_and_ends_the_row():
    row = make_row()
    assert queue.run_one(KIND) is True
    assert queue.run_one(KIND) is False
    assert (state_of(row), row.lease_token, row.lease_until, done) == ("done", "", None, [row.pk])
    assert row.sent_at is not None


@pytest.mark.django_db
def test_failed_attempt_waits_longer_each_time_and_ends_after_six():
    row = make_row("fails")
    waits = []
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        for _ in range(queue.MAX_ATTEMPTS):
            now = timezone.now()
            Delivery.objects.update(run_after=now)
            queue.run_one(KIND)
            row.refresh_from_db()
            waits.append((row.run_after - now).total_seconds())
            clock.shift(1)
    assert [24 * 2**n <= wait <= 36 * 2**n for n, wait in enumerate(waits[:-1])] == [True] * 5
    assert (row.state, row.attempts, row.last_error) == ("failed", 6, "OSError: no route")
    assert given_up == [(row.pk, "OSError: no route")]


@pytest.mark.django_db
def test_permanent_error_ends_at_once():
    row = make_row("hopeless")
    queue.run_one(KIND)
    assert (state_of(row), row.attempts) == ("failed", 1)
    assert given_up == [(row.pk, "PermanentError: no such address")]


@pytest.mark.django_db
def test_effects_of_a_job_that_fails_at_its_end_are_rolled_back():
    row = make_row("fails late")
    queue.run_one(KIND)
    assert (state_of(row), row.text, row.sent_at) == ("queued", "-", None)


@pytest.mark.django_db
def test_row_that_stops_the_worker_each_time_is_given_up_without_another_try():
    row = make_row(attempts=queue.MAX_ATTEMPTS)
    queue.run_one(KIND)
    assert (state_of(row), done) == ("failed", [])
    assert given_up == [(row.pk, "PermanentError: The worker stopped each time it tried.")]


@pytest.mark.django_db
def test_row_deleted_between_claim_and_job_is_forgotten(monkeypatch):
    row = make_row()
    claim = queue.claim

    def claim_then_delete(kind, **options):
        lease = claim(kind, **options)
        row.delete()
        return lease

    monkeypatch.setattr(queue, "claim", claim_then_delete)
    assert queue.run_one(KIND) is True
    assert done == []


@pytest.mark.django_db
def test_retry_queues_failed_rows_alone():
    failed = make_row(state=QueueState.FAILED, attempts=6, last_error="x")
    finished = make_row(state=QueueState.DONE)
    assert queue.retry(Delivery.objects.all()) == 1
    assert (state_of(failed), failed.attempts, failed.last_error) == ("queued", 0, "")
    assert state_of(finished) == "done"


@pytest.mark.django_db
def test_run_due_stops_at_its_limit():
    for _ in range(3):
        make_row()
    assert [queue.run_due(limit=2), queue.run_due(limit=2), queue.run_due(limit=2)] == [2, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_threads_do_each_row_once():
    rows = [make_row().pk for _ in range(20)]
    results = at_once(8, lambda number: queue.run_due())
    assert sum(results) == 20
    assert sorted(done) == sorted(rows)
    assert set(Delivery.objects.values_list("state", "attempts")) == {("done", 1)}


@pytest.mark.django_db(transaction=True)
def test_row_is_claimed_by_one_of_many():
    row = make_row()
    leases = [lease for lease in at_once(8, lambda number: queue.claim(KIND, pk=row.pk)) if lease is not None]
    assert [lease.pk for lease in leases] == [row.pk]
    assert (state_of(row), row.attempts, row.lease_token) == ("running", 1, leases[0].token)


@pytest.mark.django_db(transaction=True)
def test_lapsed_lease_is_taken_over_by_one_of_many():
    row = make_row(state=QueueState.RUNNING, lease_token="gone", lease_until=timezone.now() - timedelta(seconds=1))
    leases = [lease for lease in at_once(8, lambda number: queue.claim(KIND)) if lease is not None]
    assert [lease.pk for lease in leases] == [row.pk]


@pytest.mark.django_db(transaction=True)
def test_what_follows_giving_up_commits_with_the_row_or_not_at_all(monkeypatch):
    row = make_row("hopeless")
    seen = []

    def gave_up_badly(row, reason):
        seen.append((connection.in_atomic_block, Delivery.objects.get(pk=row.pk).state))
        Delivery.objects.filter(pk=row.pk).update(text="changed")
        raise OSError("no route")

    monkeypatch.setattr(f"{MODULE}.gave_up", gave_up_badly)
    with pytest.raises(OSError, match="no route"):
        queue.run_one(KIND)
    assert seen == [(True, "failed")]
    assert (state_of(row), row.text) == ("running", "-")  # until its lease lapses: then it is tried again


@pytest.mark.django_db(transaction=True)
def test_nudge_waits_for_the_commit_and_never_fails_the_command(settings, monkeypatch):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    told = []

    def no_broker(arguments, **options):
        told.append(arguments)
        raise ConnectionError

    monkeypatch.setattr(tasks.run, "apply_async", no_broker)
    with transaction.atomic():
        queue.nudge(KIND, "dlv_1")
        assert told == []
    assert told == [(KIND, "dlv_1")]


def test_nudge_gives_a_broker_that_is_gone_up_at_once(settings, monkeypatch):
    nobody = "redis://127.0.0.1:1/0"
    slept: list[float] = []
    monkeypatch.setattr(celery.app.conf, "broker_url", nobody)
    monkeypatch.setattr(celery.app.conf, "broker_write_url", nobody)
    monkeypatch.setattr("kombu.utils.functional.sleep", slept.append)
    settings.CELERY_BROKER_URL = nobody
    with celery.app.connection_for_write() as connection, pytest.raises(OperationalError):
        _ = connection.default_channel
    assert sum(slept) <= 0.1


@pytest.mark.django_db(transaction=True)
def test_nudge_of_a_rolled_back_command_tells_nobody(settings, monkeypatch):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    told = []
    monkeypatch.setattr(tasks.run, "apply_async", lambda arguments, **options: told.append(arguments))
    with transaction.atomic():
        queue.nudge(KIND, "dlv_1")
        transaction.set_rollback(True)
    assert told == []


@pytest.mark.django_db
def test_worker_is_alive_for_ninety_seconds():
    assert queue.worker_alive() is False
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        queue.beat("work")
        clock.shift(90)
        assert queue.worker_alive() is True
        clock.shift(1)
        assert queue.worker_alive() is False


# Celery's tasks


@pytest.mark.django_db
def test_task_does_the_row_it_names():
    make_row()
    named = make_row()
    assert tasks.run(KIND, named.pk) is True
    assert tasks.run(KIND, named.pk) is False
    assert done == [named.pk]


@pytest.mark.django_db
def test_sweep_beats_and_nudges_at_most_a_hundred_of_a_kind(settings, monkeypatch):
    told = []
    monkeypatch.setattr(queue, "nudge", lambda kind, pk: told.append((kind, pk)))
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(template="t", subject="s", text="-", message_id=f"<{n}@x>", run_after=now - timedelta(seconds=n))
        for n in range(1, 103)
    )
    assert tasks.sweep() == 100
    oldest = Delivery.objects.get(message_id="<102@x>")
    assert told[0] == (KIND, oldest.pk)
    assert Heartbeat.objects.get().name == "celery"


# manage.py work


@pytest.mark.django_db
def test_work_once_does_what_is_due_and_ends():
    rows = [make_row(), make_row()]
    waiting = make_row(run_after=timezone.now() + timedelta(minutes=1))
    call_command("work", once=True)
    assert [state_of(row) for row in (*rows, waiting)] == ["done", "done", "queued"]
    assert queue.worker_alive() is True


@pytest.mark.django_db
def test_worker_takes_kinds_in_turn(settings, monkeypatch):
    settings.QUEUE_KINDS = {"one": (*settings.QUEUE_KINDS[KIND],), "two": (*settings.QUEUE_KINDS[KIND],)}
    asked: list[str] = []
    worker = Worker()

    def one(kind: str) -> bool:
        asked.append(kind)
        return len(asked) < 5

    monkeypatch.setattr(worker, "one", one)
    worker.drain()
    assert asked == ["one", "two", "one", "two", "one", "two"]


@pytest.mark.django_db(transaction=True)
def test_worker_finishes_the_job_in_hand_then_stops(settings):
    settings.QUEUE_KINDS = {KIND: ("accounts.Delivery", f"{MODULE}.send_and_stop")}
    first = make_row(run_after=timezone.now() - timedelta(minutes=1))
    second = make_row()
    worker = stopper["worker"] = Worker()
    worker.run()
    connection.close()
    assert [state_of(first), state_of(second)] == ["done", "queued"]
    assert Heartbeat.objects.get().name == "work"


stopper: dict[str, Worker] = {}


def send_and_stop(row, lease):
    stopper["worker"].stopping.set()
    send(row, lease)


@pytest.mark.django_db(transaction=True)
def test_worker_goes_on_after_trouble(monkeypatch):
    monkeypatch.setattr(work, "PAUSE_AFTER_TROUBLE", 0.01)
    row = make_row()
    worker = Worker()
    turns: list[int] = []

    def turn():
        turns.append(len(turns))
        if turns == [0]:
            raise OSError("the database is away")
        worker.drain()
        worker.stopping.set()

    monkeypatch.setattr(worker, "turn", turn)
    worker.run()
    assert (turns, state_of(row)) == ([0, 1], "done")


def test_signal_asks_the_worker_to_stop():
    worker = Worker()
    before = signal.getsignal(signal.SIGUSR2)
    try:
        signal.signal(signal.SIGUSR2, worker.ask)
        signal.raise_signal(signal.SIGUSR2)
        assert worker.stopping.is_set()
        assert signal.getsignal(signal.SIGUSR2) == signal.SIG_DFL
    finally:
        signal.signal(signal.SIGUSR2, before)


def test_job_that_outlasts_the_limit_ends_the_process_with_a_trace():
    script = """
import os, time
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django; django.setup()
from accounts import queue
from accounts.management.commands.work import Worker
queue.run_one = lambda kind: time.sleep(30)
Worker(limit=0.3).one("delivery")
"""
    started = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    assert "Timeout (0:00:00.300000)!" in ended.stderr
    assert time.monotonic() - started < 25


SLOW = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
import tests.accounts.test_queue as jobs
def slow(row, lease):
    print("started", flush=True)
    time.sleep(1)
    with lease.finish():
        pass
jobs.send = slow
settings.QUEUE_KINDS = {"delivery": ("accounts.Delivery", "tests.accounts.test_queue.send")}
call_command("work")
"""


def address_of_database() -> str:
    options = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{options['NAME']}"
    return f"postgresql://{options['USER']}:{options['PASSWORD']}@{options['HOST']}:{options['PORT']}/{options['NAME']}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_process_finishes_the_job_in_hand_when_it_is_asked_to_stop(number):
    first = make_row(run_after=timezone.now() - timedelta(minutes=1))
    second = make_row()
    environment = os.environ | {"DATABASE_URL": address_of_database()}
    process = subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    process.send_signal(number)
    _out, _err = process.communicate(timeout=30)
    assert (process.returncode, state_of(first), state_of(second)) == (0, "done", "queued")


def test_limit_of_a_job_is_shorter_than_its_lease():
    assert timedelta(seconds=queue.HARD_LIMIT) < queue.LEASE


@pytest.mark.django_db(transaction=True)
def test_heartbeat_goes_on_while_a_job_runs(monkeypatch):
    monkeypatch.setattr(work, "BEAT_EVERY", 0.05)
    worker = Worker()
    beats: list[str] = []
    monkeypatch.setattr(queue, "beat", beats.append)
    heart = threading.Thread(target=worker.beat)
    heart.start()
    time.sleep(0.5)
    worker.stopping.set()
    heart.join()
    assert len(beats) > 2
