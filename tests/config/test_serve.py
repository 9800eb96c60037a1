"""``manage.py serve`` from outside, on SQLite alone or on PostgreSQL and Redis as the tests themselves."""

from __future__ import annotations

import os
import signal
import socket
import time

import pytest
from django.conf import settings

from config.management.commands.serve import listen
from tests.config.processes import alive, database, manage, served, until

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.timeout(300)]

BROKER = {"REDIS_URL": settings.CELERY_BROKER_URL} if settings.CELERY_BROKER_URL else {}
WORKER = "celery -A config worker" if BROKER else "manage.py work"


# Without the mail of the embedded mode there are no demo data, which take a while.
PLAIN = {"EMAIL_URL": "smtp://localhost"} | BROKER


@pytest.fixture(scope="module")
def application(tmp_path_factory, django_db_setup, django_db_blocker):
    folder = tmp_path_factory.mktemp("served")
    with django_db_blocker.unblock(), database() as given, served(folder, **given, **BROKER) as running:
        running.comes_to(running.healthy)
        yield running


def test_it_says_where_it_is(application):
    text = application.output.read_text()
    assert f"Invoices are served at http://localhost:{application.port}" in text
    assert "Ctrl-C stops everything." in text


def test_it_answers(application):
    assert application.get("/health") == (
        200,
        (
            '{"status": "ok", "checks": {"database": "ok", "cache": "ok", '
            f'"broker": "{"ok" if BROKER else "embedded"}", "storage": "ok", "worker": "ok"}}}}'
        ),
    )


def test_it_answers_long_addresses(application):
    assert application.get(f"/health?{'a' * 6000}")[0] == 200


def test_a_killed_worker_comes_back(application):
    first = until(lambda: application.one(WORKER))
    os.kill(first, signal.SIGKILL)
    second = until(lambda: (found := application.one(WORKER)) not in {0, first} and found)
    assert alive(second)


def test_a_killed_web_server_comes_back_while_callers_wait(application):
    first = application.one("gunicorn")
    os.kill(first, signal.SIGKILL)
    assert until(lambda: application.one("gunicorn") not in {0, first})
    assert until(lambda: application.get("/api/v1/nothing")[0] == 404)


def test_a_taken_port_is_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = manage("serve", folder=tmp_path, PORT=str(port))
    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        f"Port {port} cannot be used (Address already in use). "  # noqa: ISC004 -- one sentence
        "Stop the program that has it, or choose another: make run PORT=8001\n",
    )


def test_a_port_may_be_used_again_at_once():
    first = listen("127.0.0.1", 0)
    port = first.getsockname()[1]
    first.close()
    listen("127.0.0.1", port).close()


@pytest.fixture(scope="module")
def place(tmp_path_factory, django_db_setup, django_db_blocker):
    """A folder and a database where everything is up to date."""
    folder = tmp_path_factory.mktemp("prepared")
    with django_db_blocker.unblock(), database() as given:
        prepared = manage("prepare", folder=folder, **given)
        assert (prepared.returncode, prepared.stdout) == (
            0,
            "Setting up the database ...\nCollecting static files ...\n",
        )
        yield folder, given | PLAIN


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_behind(place, end):
    folder, given = place
    with served(folder, **given) as running:
        running.comes_to(lambda: running.get("/api/v1/nothing")[0] == 404)
        running.comes_to(lambda: running.one(WORKER))
        started = running.children()
        code = running.stop(end)
        assert code == (-signal.SIGKILL if end == signal.SIGKILL else 0)
        until(lambda: not any(alive(pid) for pid in started), 30)
        assert {pid: command for pid, command in started.items() if alive(pid)} == {}


def test_a_second_start_prepares_nothing(place):
    folder, given = place
    again = manage("prepare", folder=folder, **given)
    assert (again.returncode, again.stdout) == (0, "")
    before = time.monotonic()
    with served(folder, **given) as running:
        running.comes_to(lambda: running.get("/api/v1/nothing")[0] == 404)
        # Two seconds on a machine that does nothing else; tests run two at a time.
        assert time.monotonic() - before < 60
