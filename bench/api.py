"""The API against the same list by FastAPI, SQLAlchemy and Pydantic, and against a million invoices.

``DATABASE_URL=postgresql://… python -m bench.api [--size 1000000]``: in a database made and dropped here; with ``REDIS_URL``
two processes a side and limits counted there, else one. It reaches this machine alone, and stops by itself.
"""

from __future__ import annotations

import argparse
import http.client
import json
import logging
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.issue import database

SIZE = 1_000_000
SMALL = 1_000  # invoices of each business but the largest, which has a tenth of all
ROUNDS = 5
SECONDS = 4.0  # of a round, each side
CLIENTS = 8
LOOKS = 30  # measurements of a page
LONGEST = 1_800  # seconds, then it stops whatever it does
SECRET = "bench-" + "x" * 60
LEAST = {"cpu": 1 / 1.3, "rate": 1.0, "first": 1 / 3, "deepest": 1 / 1.5, "database": 1.0}
ENOUGH = {"search": 10.0, "status": 10.0, "statistics": 25.0}  # milliseconds in the database


# The data

INVOICE = {
    "id": "'inv_' || substr(md5('i' || n), 1, 20)",
    "business_id": "business",
    "client_id": "client",
    "token": "substr(md5('t' || n), 1, 28)",
    "state": "CASE WHEN k = 0 THEN 'draft' WHEN k = 1 THEN 'cancelled' ELSE 'issued' END",
    "settlement": "CASE WHEN k > 7 THEN 'paid' ELSE 'open' END",
    "number": "CASE WHEN k = 0 THEN NULL ELSE 'INV-' || to_char(day, 'YYYY') || '-' || lpad(seq::text, 7, '0') END",
    "reference": "'ORD-' || n",
    "client_name": "name",
    "client_email": "mail",
    "currency": "CASE mod(seq, 5) WHEN 0 THEN 'EUR' WHEN 1 THEN 'USD' ELSE 'MAD' END",
    "issue_date": "CASE WHEN k = 0 THEN NULL ELSE day::date END",
    "due_date": "day::date + 30",
    "seller": "CASE WHEN k = 0 THEN NULL ELSE t.seller END",
    "buyer": "CASE WHEN k = 0 THEN NULL ELSE t.buyer END",
    "issued_at": "CASE WHEN k = 0 THEN NULL ELSE day END",
    "sent_at": "CASE WHEN k > 3 THEN day END",
    "email_sent_at": "CASE WHEN k > 3 THEN day END",
    "viewed_at": "CASE WHEN k > 4 THEN day END",
    "paid_at": "CASE WHEN k > 7 THEN day + interval '9 days' END",
    "cancelled_at": "CASE WHEN k = 1 THEN day END",
    "overdue_at": "CASE WHEN k > 1 THEN date_trunc('day', day) + interval '31 days' END",
    "subtotal": "amount",
    "discount_amount": "0",
    "taxable_amount": "amount",
    "tax_amount": "0",
    "total": "amount",
    "amount_credited": "0",
    "amount_refunded": "0",
    "amount_paid": "CASE WHEN k > 7 THEN amount WHEN k = 7 THEN 1 ELSE 0 END",
    "amount_due": "CASE WHEN k < 2 OR k > 7 THEN 0 WHEN k = 7 THEN amount - 1 ELSE amount END",
    "search_text": "lower('INV-' || to_char(day, 'YYYY') || '-' || lpad(seq::text, 7, '0') || ' ORD-' || n || ' ' || name || ' ' || mail)",
    "client_name_search": "lower(name)",
    "created_at": "day",
    "updated_at": "day",
}
# Each business's invoices are spread over two years; twenty kinds (k) stand for states and settlements.
DEALT = """
    SELECT n, id AS business, seq, mod(seq, 20) AS k, 10 + mod(seq * 7919, 100000) / 4.0 AS amount,
        now() - interval '730 days' * (seq / share::float) - interval '1 second' AS day,
        'cli_' || substr(md5(id || mod(seq * 31, least(200, share))), 1, 20) AS client,
        'Client ' || substr(md5('n' || mod(seq * 31, least(200, share))), 1, 6) AS name,
        substr(md5('m' || mod(seq * 31, least(200, share))), 1, 8) || '@clients.example' AS mail
    FROM (SELECT row_number() OVER () AS n, id, share, seq::bigint
          FROM bench_share, generate_series(1, share) AS seq) AS numbered"""


def fill(size: int) -> tuple[Any, Any, Any]:
    """Write the businesses and their invoices by SQL from one that was issued; return the owner, the largest, a small one."""
    from django.db import connection

    from invoicing.models import Invoice, Payment
    from tests.factories.accounts import make_business, make_user
    from tests.factories.clients import make_client
    from tests.factories.invoicing import make_issued

    owner = make_user(password=SECRET)
    largest, small = (make_business(owner=owner, currency="MAD") for _ in range(2))
    client = make_client(largest)
    template = make_issued(largest, client)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET session_replication_role = replica")  # no look-up of each row's foreign keys
        cursor.execute("CREATE TABLE bench_share (id text, share int)")
        cursor.execute("INSERT INTO bench_share VALUES (%s, %s), (%s, %s)", [largest.pk, size // 10, small.pk, SMALL])
        others = max(0, (size - size // 10) // SMALL - 1)
        copy(cursor, type(largest), {"id": "'biz_' || substr(md5('b' || g), 1, 20)"}, f"generate_series(1, {others}) g")
        cursor.execute(
            "INSERT INTO bench_share SELECT 'biz_' || substr(md5('b' || g), 1, 20), %s FROM generate_series(1, %s) g",
            [SMALL, others],
        )
        clients = "(SELECT b.id AS business, g FROM bench_share b, generate_series(0, least(200, b.share) - 1) g) AS x"
        named = {
            "id": "'cli_' || substr(md5(business || g), 1, 20)",
            "business_id": "business",
            "name": "'Client ' || substr(md5('n' || g), 1, 6)",
            "email": "substr(md5('m' || g), 1, 8) || '@clients.example'",
        }
        copy(cursor, type(client), named, clients, template=client.pk)
        indexes = dropped(cursor, "invoicing_invoice")
        copy(cursor, Invoice, INVOICE, f"({DEALT}) AS dealt", template=template.pk)
        for definition in indexes:
            cursor.execute(definition)
        cursor.execute("DELETE FROM invoicing_artifact")
        payment = {
            "id": "'pay_' || substr(md5('p' || t.id), 1, 20)",
            "business_id": "t.business_id",
            "invoice_id": "t.id",
            "amount": "t.amount_paid",
            "currency": "t.currency",
            "method": "'bank_transfer'",
            "received_at": "t.paid_at",
            "reference": "''",
            "external_id": "NULL",
            "created_at": "t.paid_at",
        }
        columns = [field.column for field in Payment._meta.concrete_fields]
        values = ", ".join(payment.get(column, "DEFAULT") for column in columns)
        cursor.execute(
            f"INSERT INTO invoicing_payment ({', '.join(columns)}) SELECT {values} FROM invoicing_invoice t WHERE t.settlement = 'paid'"
        )
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    return owner, largest, small


def copy(cursor: Any, model: Any, given: dict[str, str], dealt: str, *, template: str = "") -> None:
    """Insert a row for each one dealt: the template's columns, save those that are given."""
    table, columns = model._meta.db_table, [field.column for field in model._meta.concrete_fields]
    unique = {field.column for field in model._meta.concrete_fields if field.unique} - set(given)
    values = {column: given.get(column, f"t.{column}") for column in columns}
    values |= {column: f"substr(md5('{column}' || g), 1, 28)" for column in unique}
    source = f"(SELECT * FROM {table} WHERE id = %s)" if template else f"(SELECT * FROM {table} LIMIT 1)"
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values.values())} FROM {source} t, {dealt}",
        [template] if template else None,
    )


def dropped(cursor: Any, table: str) -> list[str]:
    """Drop the indexes of a table that no constraint needs, and return how to make them again."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass AND NOT indisunique",
        [table],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


# The servers


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                found += family(int(child))
    return found


class Server:
    """One side: a server of its own, asked for the same page."""

    def __init__(self, command: list[str], environment: dict[str, str], port: int, token: str, path: str) -> None:
        self.port, self.path, self.headers = port, path, {"Authorization": f"Bearer {token}"}
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by stop()
        self.process = subprocess.Popen(
            command, env=os.environ | environment, stdout=self.log, stderr=self.log, start_new_session=True
        )

    def ready(self) -> None:
        for _ in range(240):
            with suppress(OSError, http.client.HTTPException):
                self.get(self.path)
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.5)
        self.log.seek(0)
        raise SystemExit(f"A server did not start:\n{self.log.read().decode()[-2000:]}")

    def get(self, path: str, connection: http.client.HTTPConnection | None = None) -> bytes:
        line = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request("GET", path, headers=self.headers)
        answer = line.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body[:300]!r}")
        if connection is None:
            line.close()
        return body

    def cpu(self) -> float:
        """Return seconds that the server's processes have used."""
        ticks = 0
        for pid in family(self.process.pid):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def round(self) -> tuple[float, float]:
        """Return milliseconds of CPU a request, and requests a second, of clients who ask all the time."""
        counts, until, before = [0] * CLIENTS, time.perf_counter() + SECONDS, self.cpu()

        def ask(number: int) -> None:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            while time.perf_counter() < until:
                self.get(self.path, line)
                counts[number] += 1
            line.close()

        begin = time.perf_counter()
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        passed = time.perf_counter() - begin
        return (self.cpu() - before) / sum(counts) * 1000, sum(counts) / passed

    def milliseconds(self, paths: list[str]) -> list[float]:
        """Return the median milliseconds of each page, looked at in turns."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        took: list[list[float]] = [[] for _ in paths]
        for _ in range(LOOKS):
            for number, path in enumerate(paths):
                before = time.perf_counter()
                self.get(path, line)
                took[number].append((time.perf_counter() - before) * 1000)
        line.close()
        return [statistics.median(each[3:]) for each in took]

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.log.close()


@contextmanager
def servers(token: str, business: Any) -> Iterator[tuple[Server, Server]]:
    """Start both sides with the same number of processes, and end them."""
    path = f"/api/v1/invoices?page_size=50&business_id={business.pk}"
    redis = os.environ.get("BENCH_REDIS_URL", "")
    workers = "2" if redis else "1"
    ours, peer = free_port(), free_port()
    url = os.environ["DATABASE_URL"]
    common = {"REDIS_URL": redis, "WEB_CONCURRENCY": workers, "PUBLIC_URL": f"http://localhost:{ours}"}
    limits = {"RATE_LIMIT_API": "10000000/m", "RATE_LIMIT_API_BURST": "1000000/s", "SECRET_KEY": SECRET}
    there = {
        "PEER_DATABASE_URL": url.replace("postgresql://", "postgresql+psycopg://", 1),
        "PEER_SECRET": SECRET,
        "PEER_PUBLIC_URL": common["PUBLIC_URL"],
    }
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:config.server", "config.wsgi"]
    uvicorn = [sys.executable, "-m", "uvicorn", "bench.peers.invoices:app", "--host", "127.0.0.1"]
    uvicorn += ["--port", str(peer), "--workers", workers]
    sides: list[Server] = []
    try:
        sides.append(Server(gunicorn, common | limits | {"PORT": str(ours)}, ours, token, path))
        sides.append(Server(uvicorn, common | there, peer, token, path))
        for side in sides:
            side.ready()
        yield sides[0], sides[1]
    finally:
        for side in sides:
            side.stop()


def check_same(ours: Server, peer: Server) -> None:
    """Stop where the two do not answer the same."""
    here, there = (json.loads(side.get(side.path)) for side in (ours, peer))
    same = (here["count"], [*here["results"][0]]) == (there["count"], [*there["results"][0]])
    for row, other in zip(here["results"], there["results"], strict=True):
        names = [name for name in row if not name.endswith("_at") and name not in {"tax_breakdown", "seller"}]
        same = same and {name: row[name] for name in names} == {name: other[name] for name in names}
    if not same:
        different = [name for name in here["results"][0] if here["results"][0][name] != there["results"][0].get(name)]
        raise SystemExit(f"The two do not answer the same: {different}")


# What is measured

Line = tuple[str, str, str, float, float]


def against_peer(ours: Server, peer: Server) -> list[Line]:
    """Take turns, so that whatever else this machine does weighs on both."""
    check_same(ours, peer)
    for side in (ours, peer):
        side.round()
    pairs = []
    for number in range(ROUNDS):
        sides = (ours, peer) if number % 2 else (peer, ours)
        taken = {id(side): side.round() for side in sides}
        pairs.append((taken[id(ours)], taken[id(peer)]))
    cpu, rate = ([[pair[side][what] for pair in pairs] for side in (0, 1)] for what in (0, 1))
    cpu_ratio = statistics.median(there / here for here, there in zip(*cpu, strict=True))
    rate_ratio = statistics.median(here / there for here, there in zip(*rate, strict=True))
    return [
        ("list of 50: CPU a request", *(f"{statistics.median(side):.1f} ms" for side in cpu), cpu_ratio, LEAST["cpu"]),
        (
            "list of 50: requests a second",
            *(f"{statistics.median(side):.0f}/s" for side in rate),
            rate_ratio,
            LEAST["rate"],
        ),
    ]


def pages(ours: Server, largest: Any, small: Any) -> list[Line]:
    """Compare pages by cursor: of the largest business with a small one's, and its deepest with its first."""
    from accounts.api.pagination import Cursor
    from invoicing.models import Invoice

    rows = Invoice.objects.filter(business=largest).order_by("created_at", "pk").values_list("created_at", "pk")
    created_at, pk = rows[50]
    place = Cursor("-created_at", (created_at.isoformat(), pk)).dumps()
    base = "/api/v1/invoices?page_size=50&business_id="
    first, deepest, little = ours.milliseconds(
        [f"{base}{largest.pk}&cursor=", f"{base}{largest.pk}&cursor={place}", f"{base}{small.pk}&cursor="]
    )
    return [
        ("first page by cursor: largest, small", f"{first:.1f} ms", f"{little:.1f} ms", little / first, LEAST["first"]),
        (
            "by cursor, largest: deepest, first",
            f"{deepest:.1f} ms",
            f"{first:.1f} ms",
            first / deepest,
            LEAST["deepest"],
        ),
    ]


def cases(largest: Any) -> dict[str, str]:
    """Return what is asked of the largest business, by name: searches, each status, each sort, a client."""
    from invoicing.domain.lifecycle import Status
    from invoicing.filters import ORDERING
    from invoicing.models import Invoice

    rows = Invoice.objects.filter(state="issued", business=largest)
    row = rows.order_by("-created_at").values("client_id", "number")[0]
    client_name, number = rows.order_by("-created_at").values_list("client_name", "number")[500]
    terms = (number, client_name.split()[1], client_name, row["number"], "nowhere")  # the fourth is a part of many
    found = {f"search {term}": f"search={term}" for term in terms}
    found |= {f"status {label}": f"status={label}" for label in Status.values}
    found |= {f"sort {sign}{name}": f"ordering={sign}{name}" for name in ORDERING for sign in ("", "-")}
    return found | {"client": f"client_id={row['client_id']}"}


def explained(query: str, parameters: Any) -> tuple[float, str]:
    """Return milliseconds of a query in the database, the least of five, and the indexes that it reads.

    Without a clock at every row, which would cost more than reading it; what else the machine does only adds.
    """
    from django.db import connection

    times, plan = [], {}
    with connection.cursor() as cursor:
        for _ in range(5):
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {query}", parameters)
            [plan] = json.loads(value) if isinstance(value := cursor.fetchone()[0], str) else value
            times.append(plan["Execution Time"])
    text = json.dumps(plan)
    if re.search(r'"Seq Scan"[^}]*"Relation Name": "(invoicing_invoice|invoicing_payment)"', text):
        return min(times), "no index"
    return min(times), ", ".join(dict.fromkeys(re.findall(r'"Index Name": "([^"]+)"', text)))


@contextmanager
def queries() -> Iterator[list[tuple[str, Any]]]:
    """Gather the statements that are run."""
    from django.db import connection

    found: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip("( ").startswith("SELECT"):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def in_the_database(owner: Any, largest: Any) -> tuple[list[Line], int]:
    """Return how long searches, statuses and statistics take there, and how many cases read without an index."""
    from django.utils import timezone
    from rest_framework.test import APIClient

    from accounts.services.tokens import start_family
    from invoicing.queries import Statistics

    client, took, bare = APIClient(), {"search": 0.0, "status": 0.0}, 0
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {start_family(user=owner, at=timezone.now()).access_token}")
    print(f"\n{'of the largest business, by cursor':<44}{'database':>12}  index")
    for name, asked in cases(largest).items():
        with queries() as found:
            answer = client.get(f"/api/v1/invoices?page_size=50&cursor=&business_id={largest.pk}&{asked}")
        if answer.status_code != 200:
            raise SystemExit(f"{asked}: {answer.content!r}")
        wanted = [each for each in found if 'FROM "invoicing_invoice"' in each[0]]
        parts = [explained(*each) for each in wanted]
        milliseconds, indexes = sum(each[0] for each in parts), ", ".join(each[1] for each in parts)
        bare += "no index" in indexes or not indexes
        kind = name.split()[0]
        if kind in took:
            took[kind] = max(took[kind], milliseconds)
        print(f"{name:<44}{milliseconds:>9.2f} ms  {indexes or 'no index'}", flush=True)
    with queries() as found:
        figures = Statistics([largest], at=timezone.now())
        _ = figures.by_status, figures.by_currency, figures.by_month
    parts = [explained(*each) for each in found]
    took["statistics"] = sum(each[0] for each in parts)
    bare += any("no index" in each[1] for each in parts)
    for number, (milliseconds, indexes) in enumerate(parts, 1):
        print(f"{f'statistics, query {number}':<44}{milliseconds:>9.2f} ms  {indexes}")
    print()
    lines = [
        (
            f"slowest in the database: {kind}",
            f"{took[kind]:.1f} ms",
            f"{most:.0f} ms",
            most / max(took[kind], 0.01),
            LEAST["database"],
        )
        for kind, most in ENOUGH.items()
    ]
    return lines, bare


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m bench.api", description=__doc__.splitlines()[0])
    arguments.add_argument("--size", type=int, default=SIZE, help="invoices in all (default: %(default)s)")
    size = max(20_000, arguments.parse_args().size)
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        print("bench.api measures PostgreSQL: set DATABASE_URL.")
        return 0
    os.environ["BENCH_REDIS_URL"] = os.environ.get("REDIS_URL", "")
    os.environ |= {"SECRET_KEY": SECRET, "RATE_LIMIT_API": "10000000/m", "RATE_LIMIT_API_BURST": "1000000/s"}
    signal.signal(signal.SIGALRM, stopped)
    signal.signal(signal.SIGTERM, stopped)
    signal.alarm(LONGEST)
    with database():
        from django.conf import settings
        from django.core.management import call_command
        from django.utils import timezone

        from accounts.services.tokens import start_family

        settings.ALLOWED_HOSTS.append("testserver")
        logging.getLogger("config.requests").setLevel(logging.WARNING)  # of this process: the servers write theirs
        begin = time.monotonic()
        owner, largest, small = fill(size)
        call_command("carry_forward")  # as a worker does once a day
        print(
            f"\n{size:,} invoices, {size // 10:,} of them of the largest business, in {timedelta(seconds=round(time.monotonic() - begin))}"
        )
        lines, bare = in_the_database(owner, largest)
        token = start_family(user=owner, at=timezone.now()).access_token
        with servers(token, small) as (ours, peer):
            lines = [*against_peer(ours, peer), *pages(ours, largest, small), *lines]
    print(f"{'measurement':<44}{'ours':>12}{'peer':>12}{'ratio':>8}{'least':>8}")
    missed = bare
    for title, here, there, ratio, least in lines:
        missed += ratio < least
        print(f"{title:<44}{here:>12}{there:>12}{ratio:>8.2f}{least:>8.2f}{'' if ratio >= least else '  missed'}")
    if bare:
        print(f"{bare} of the cases above read without an index: missed")
    return int(bool(missed))


def stopped(number: int, frame: Any) -> None:
    raise SystemExit(f"Stopped by signal {number}.")


if __name__ == "__main__":
    sys.exit(main())
