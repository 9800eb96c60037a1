"""The promise of the queue and of idempotency keys, kept while web server and worker are killed again and again.

A hundred invoices are ordered by HTTP, each issued and mailed; whoever orders repeats what was not answered, with the
same key. At the end each exists once, its number follows the one before, its file is stored, its mail went.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from config.supervisor import bound_to_parent
from tests.config.processes import ROOT, alive, below, database, environment, free_port, until
from tests.fakes.smtp import MailServer, mail_server

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.timeout(400)]

ROUNDS = 20
ORDERS = 100
BUYERS = 4  # threads that order
TRY_FOR = 200.0  # seconds until an order is given up
BROKER = settings.CELERY_BROKER_URL
RATES = {"RATE_LIMIT_API": "1000000/m", "RATE_LIMIT_API_BURST": "1000000/s", "RATE_LIMIT_EMAIL": "1000000/h"}
SETUP = """
import json
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0)
from accounts.models import Business
from accounts.services.api_keys import create_api_key
from accounts.tenancy import Actor
business = Business.objects.create(name="Studio", currency="USD", email="studio@example.com")
actor = Actor.system(business.pk)
print(create_api_key(actor=actor, business=business, data={"name": "Shop"}, at=timezone.now())[1])
"""


MAIL = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from accounts.mail import queue_mail
context = {"url": "http://localhost/", "user": None}
queue_mail(template="password_changed", to="somebody@example.com", context=context, language="en")
"""


@dataclass
class Place:
    """A folder, a database, a port and a mailbox of the application's own, and how to look into them."""

    folder: Path
    given: dict[str, str]
    mailbox: MailServer | None
    listener: socket.socket
    key: str = ""
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The settings that all processes share."""
        return environment(self.folder, PORT=str(self.listener.getsockname()[1]), **self.given)

    def command(self, name: str) -> list[str]:
        """Return the command line of a process, as the supervisor has it; several of a kind are counted."""
        celery = [sys.executable, "-m", "celery", "-A", "config"]
        return {
            "web": [
                *(sys.executable, "-m", "gunicorn", "-c", "python:config.server"),
                *("--bind", f"fd://{self.listener.fileno()}", "config.wsgi"),
            ],
            "work": [sys.executable, "manage.py", "work"],
            "celery": [*celery, "worker", "--concurrency", "2", "-l", "INFO"],
            "beat": [*celery, "beat", "--schedule", str(self.folder / "schedule"), "--pidfile="],
        }[name.rstrip("0123456789")]

    def start(self, name: str) -> None:
        """Start a process in a group of its own."""
        with (self.folder / f"{name}.log").open("ab") as sink:
            self.running[name] = subprocess.Popen(
                self.command(name),
                cwd=ROOT,
                env=self.environment,
                pass_fds=(self.listener.fileno(),),
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=bound_to_parent(),  # noqa: PLW1509 -- two system calls, so that nothing is left behind
            )

    def kill(self, name: str) -> None:
        """Kill a process and all it has started, as if the machine had lost its power."""
        process = self.running.pop(name)
        family = [process.pid, *below(process.pid)]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert until(lambda: not any(map(alive, family)), 10)

    def select(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Carry out a statement in the application's database, and return its rows if it has any."""
        if "DATABASE_URL" in self.given:
            with psycopg.connect(self.given["DATABASE_URL"], autocommit=True) as server:
                cursor: Any = server.execute(statement.replace(":now", "%(now)s"), values)
                return list(cursor) if cursor.description else []
        with closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20, isolation_level=None)) as connection:
            return connection.execute(statement, {name: str(value) for name, value in values.items()}).fetchall()

    def shell(self, script: str) -> str:
        """Carry out a script in the application, and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", script],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=100, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def let_leases_lapse(self) -> None:
        """Do as if five minutes had passed since the worker was killed."""
        now = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=1)
        for table in ("invoicing_artifact", "accounts_delivery"):
            self.select(f"UPDATE {table} SET lease_until = :now WHERE state = 'running'", now=now)

    def mails(self) -> list[EmailMessage]:
        """Return all mails that were sent, repeated ones repeatedly."""
        if self.mailbox:
            return self.mailbox.messages
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in self.folder.glob("mail/*.eml")]


@contextmanager
def place(folder: Path, *, with_mailbox: bool) -> Iterator[Place]:
    """Make a place with an empty database, where mail goes to a server or to files."""
    with ExitStack() as stack:
        given = stack.enter_context(database()) | RATES
        mailbox = stack.enter_context(mail_server()) if with_mailbox else None
        if mailbox:
            given["EMAIL_URL"] = "smtp://{}:{}".format(*mailbox.address)
        if BROKER:
            given["REDIS_URL"] = BROKER
        listener = stack.enter_context(socket.create_server(("127.0.0.1", free_port()), backlog=128))
        here = Place(folder, given, mailbox, listener)
        try:
            yield here
        finally:
            for name in list(here.running):
                here.kill(name)


@dataclass
class Buyers:
    """Several who order at once, and repeat with the same key what was not answered."""

    place: Place
    orders: queue.Queue[int | None] = field(default_factory=queue.Queue)
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    trouble: list[str] = field(default_factory=list)

    def work(self) -> None:
        """Take orders until there are no more."""
        while (number := self.orders.get()) is not None:
            try:
                self.order(number)
            except Exception as error:
                self.trouble.append(f"order {number}: {error!r}")

    def order(self, number: int) -> None:
        """Have an invoice issued, then mailed."""
        items = [{"name": f"Thing {line}", "quantity": line, "unit_price": "9.99"} for line in range(1, 4)]
        body = {
            "client_name": f"Client {number}",
            "client_email": f"client{number}@example.com",
            "reference": f"order-{number}",
            "items": items,
            "issue": True,
        }
        issued = self.insist("/api/v1/invoices", f"issue-{number}", body, 201)
        self.insist(f"/api/v1/invoices/{issued['id']}/send-email", f"send-{number}", {}, 200)
        self.answers[number] = issued

    def insist(self, path: str, key: str, body: dict[str, Any], wanted: int) -> dict[str, Any]:
        """Repeat a request until it is answered."""
        deadline = time.monotonic() + TRY_FOR
        while time.monotonic() < deadline:
            try:
                status, replayed, answer = self.ask(path, key, body)
            except (OSError, HTTPException) as error:
                self.seen[f"dropped: {type(error).__name__}"] += 1
                continue
            self.seen[f"{status} replayed" if replayed else str(status)] += 1
            if status == wanted:
                return answer
            if answer.get("code") != "in_progress" and status < 500:
                raise AssertionError(f"{path}: {status} {answer}")
            time.sleep(0.3)
        raise AssertionError(f"{path}: no answer in {TRY_FOR} seconds")

    def ask(self, path: str, key: str, body: dict[str, Any]) -> tuple[int, bool, dict[str, Any]]:
        """Send one request on a connection of its own."""
        port = self.place.listener.getsockname()[1]
        headers = {
            "Authorization": f"Bearer {self.place.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            content = answer.read()
            replayed = answer.headers.get("Idempotent-Replayed") == "true"
            return answer.status, replayed, json.loads(content) if content.startswith(b"{") else {}


def is_up(here: Place) -> bool:
    """Return whether the web server answers."""
    port = here.listener.getsockname()[1]
    with suppress(OSError, HTTPException), closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", "/api/v1/nothing")
        return connection.getresponse().status == 404
    return False


def kill_and_order(here: Place, buyers: Buyers, worker: str) -> None:
    """Hand out a few orders each round, and kill web server and worker at random moments while they are carried out."""
    chance = random.Random(20)
    for name in ("web", worker):
        here.start(name)
    for turn in range(ROUNDS):
        assert until(lambda: is_up(here), 60), (here.folder / "web.log").read_text()[-3000:]
        for number in range(turn, ORDERS, ROUNDS):
            buyers.orders.put(number)
        time.sleep(chance.uniform(0, 0.6))
        here.kill("web")
        here.start("web")
        time.sleep(chance.uniform(0, 1.2))
        here.kill(worker)
        here.let_leases_lapse()
        here.start(worker)


def wait_for_all(here: Place, threads: Sequence[threading.Thread]) -> None:
    """Wait until the last order was answered and nothing is left in the queue."""
    for thread in threads:
        thread.join(TRY_FOR)
    unfinished = (
        "SELECT 'artifact', state, attempts, last_error FROM invoicing_artifact WHERE state != 'done' "
        "UNION ALL SELECT 'delivery', state, attempts, last_error FROM accounts_delivery WHERE state != 'done'"
    )
    until(lambda: here.select(unfinished) == [], 100)
    assert here.select(unfinished) == []


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory, django_db_setup, django_db_blocker):
    """What is left after all rounds, with everything still running."""
    worker = "celery" if BROKER else "work"
    folder = tmp_path_factory.mktemp("killed")
    with django_db_blocker.unblock(), place(folder, with_mailbox=bool(BROKER)) as here:
        here.key = here.shell(SETUP).split()[-1]
        buyers = Buyers(here)
        threads = [threading.Thread(target=buyers.work, daemon=True) for _ in range(BUYERS)]
        for thread in threads:
            thread.start()
        if BROKER:
            here.start("beat")
        kill_and_order(here, buyers, worker)
        for _thread in threads:
            buyers.orders.put(None)
        wait_for_all(here, threads)
        yield here, buyers


def test_each_order_was_answered_and_some_were_repeated(aftermath):
    _here, buyers = aftermath
    assert buyers.trouble == []
    assert sorted(buyers.answers) == list(range(ORDERS))
    # Otherwise nothing was killed in the middle, and nothing is proved.
    assert sum(count for name, count in buyers.seen.items() if name.startswith("dropped")) > 0


def test_each_order_is_one_issued_invoice(aftermath):
    here, buyers = aftermath
    rows = here.select("SELECT reference, id, number, state FROM invoicing_invoice")
    wanted = [
        (f"order-{number}", answer["id"], answer["invoice_number"], "issued")
        for number, answer in buyers.answers.items()
    ]
    assert sorted(rows) == sorted(wanted)
    assert here.select("SELECT count(*) FROM clients_client") == [(ORDERS,)]
    lines = here.select("SELECT count(*), count(DISTINCT invoice_id) FROM invoicing_line")
    assert lines == [(3 * ORDERS, ORDERS)]


def test_no_number_is_skipped_or_repeated(aftermath):
    here, _buyers = aftermath
    numbers = sorted(number for (number,) in here.select("SELECT number FROM invoicing_invoice"))
    year = numbers[0].split("-")[1]
    assert numbers == [f"INV-{year}-{number:04}" for number in range(1, ORDERS + 1)]
    assert here.select("SELECT next_seq FROM invoicing_series") == [(ORDERS + 1,)]
    used = here.select("SELECT sum(used) FROM accounts_quotacounter WHERE metric = 'invoices'")
    assert used == [(ORDERS,)]


def test_each_file_is_stored_once_as_its_hash_says(aftermath):
    here, _buyers = aftermath
    rows = here.select(
        "SELECT i.id, i.pdf_key, i.pdf_sha256, a.storage_key, a.sha256, a.size, a.state FROM invoicing_invoice i "
        "JOIN invoicing_artifact a ON a.invoice_id = i.id"
    )
    assert len({row[0] for row in rows}) == len(rows) == ORDERS
    for _pk, key, digest, storage_key, sha256, size, state in rows:
        content = (here.folder / "media" / key).read_bytes()
        assert (key, digest, len(content), state) == (storage_key, sha256, size, "done")
        assert hashlib.sha256(content).hexdigest() == digest
        assert content.startswith(b"%PDF-")


def test_each_mail_went_once_with_the_file_of_its_invoice(aftermath):
    here, _buyers = aftermath
    rows = here.select(
        "SELECT d.message_id, d.state, i.number, i.client_email, i.pdf_sha256 FROM accounts_delivery d "
        "JOIN invoicing_invoice i ON i.id = d.topic_id"
    )
    assert len(rows) == ORDERS
    wanted = {message_id: (client, digest) for message_id, _state, _number, client, digest in rows}
    mails = here.mails()
    sent = Counter(str(mail["Message-ID"]) for mail in mails)
    assert set(sent) == set(wanted)
    if here.mailbox is None:
        assert set(sent.values()) == {1}
    for mail in mails:  # by SMTP a mail may come again, as the same
        [attachment] = mail.iter_attachments()
        content: Any = attachment.get_content()
        assert (mail["To"], hashlib.sha256(content).hexdigest()) == wanted[str(mail["Message-ID"])]


def test_each_timeline_tells_it_once(aftermath):
    here, _buyers = aftermath
    kinds = here.select("SELECT kind, count(*), count(DISTINCT invoice_id) FROM invoicing_event GROUP BY kind")
    assert sorted(kinds) == [(kind, ORDERS, ORDERS) for kind in ("created", "email_queued", "email_sent", "issued")]


def test_killed_workers_leave_no_failure_behind(aftermath):
    here, _buyers = aftermath
    errors = here.select("SELECT last_error FROM invoicing_artifact UNION SELECT last_error FROM accounts_delivery")
    assert errors == [("",)]


def test_mail_of_a_killed_worker_waits_for_its_lease_and_is_the_same_again(
    tmp_path, django_db_setup, django_db_blocker
):
    row = "SELECT state, attempts, last_error FROM accounts_delivery"
    with django_db_blocker.unblock(), place(tmp_path, with_mailbox=True) as here:
        assert here.mailbox is not None
        here.mailbox.stall_at = "DATA"
        here.shell(MAIL)
        here.start("work")
        assert until(lambda: here.select(row) == [("running", 1, "")]), (tmp_path / "work.log").read_text()
        here.kill("work")
        here.mailbox.stall_at = ""
        here.start("work")
        assert until(lambda: (tmp_path / "work.log").read_text().count("work: ready") == 2)
        time.sleep(2)  # four looks at the queue
        assert here.select(row) == [("running", 1, "")]
        here.let_leases_lapse()
        assert until(lambda: here.select(row) == [("done", 2, "")]), here.select(row)
        [(message_id,)] = here.select("SELECT message_id FROM accounts_delivery")
        assert {str(mail["Message-ID"]) for mail in here.mails()} == {message_id}
