"""Issuing by the service against the same work by hand in bare SQL, on the same connection, in the same run.

``python -m bench.issue``: on SQLite, or on the server of ``DATABASE_URL`` in a database made and dropped here.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import secrets
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

ROUNDS = 12
BATCH = 25  # documents a round and side
WRITERS = 8
WRITTEN = 960  # documents for each number of writers
LEAST = {"bare SQL": 1 / 3, "eight writers": 1.0, "queries": 1.0}
ITEMS = [{"name": "Consulting", "quantity": 2, "unit_price": "150.00", "tax_rate": "20"}]


@contextmanager
def database() -> Iterator[None]:
    """Set up Django on a database of our own, in a folder of our own."""
    folder, given, name = tempfile.mkdtemp(prefix="bench-"), os.environ.get("DATABASE_URL", ""), ""
    for setting in ("REDIS_URL", "EMAIL_URL"):  # what a nudge costs is not issuing's
        os.environ.pop(setting, None)
    os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
    try:
        if given:
            name = f"bench_{secrets.token_hex(4)}"
            on_server(given, "CREATE DATABASE", name)
            os.environ["DATABASE_URL"] = urlsplit(given)._replace(path=f"/{name}").geturl()
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield
    finally:
        if name:
            from django.db import connections

            connections.close_all()
            on_server(given, "DROP DATABASE", name)
        shutil.rmtree(folder, ignore_errors=True)


def on_server(url: str, command: str, name: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL(command + " {}").format(sql.Identifier(name)))


# What is measured

INVOICE_COLUMNS = (
    *("id", "business_id", "client_id", "type", "state", "total", "due_date", "due_date_given", "payment_terms"),
    *("client_given", "number_wish", "reference", "issue_date_wish", "tax_amount", "tax_currency", "version"),
)
BUSINESS_COLUMNS = (
    *("name", "legal_name", "legal_name_ar", "country", "address", "address_ar", "vat_number", "cr_number"),
    *("tax_ids", "email", "phone", "website", "bank_details", "logo_key", "brand_colour", "timezone"),
    *("look", "paper_size", "digits", "second_language", "signature_frame"),
    *("number_formats", "next_numbers"),
)
CLIENT_COLUMNS = (
    *("type", "name", "name_ar", "contact_name", "email", "phone", "vat_number", "cr_number", "tax_ids"),
    *("address", "vat_registered"),
)
PLAN_COLUMNS = ("invoices_per_month",)
READ = ", ".join(
    f"{table}.{column}"
    for table, columns in (("i", INVOICE_COLUMNS), ("b", BUSINESS_COLUMNS), ("c", CLIENT_COLUMNS), ("p", PLAN_COLUMNS))
    for column in columns
)
LOCK = f"""
    SELECT {READ} FROM invoicing_invoice i JOIN accounts_business b ON b.id = i.business_id
    JOIN clients_client c ON c.id = i.client_id JOIN accounts_plan p ON p.code = b.plan_id WHERE i.id = %s"""
LINES = "SELECT * FROM invoicing_line WHERE invoice_id = %s ORDER BY position"
ARTIFACT = """
    INSERT INTO invoicing_artifact (state, run_after, attempts, lease_token, lease_until, last_error, id, invoice_id,
    kind, storage_key, sha256, size, created_at)
    VALUES ('queued', %s, 0, '', NULL, '', %s, %s, 'pdf', '', '', NULL, %s)"""
QUOTA = """
    UPDATE accounts_quotacounter SET used = used + 1
    WHERE business_id = %s AND metric = 'invoices' AND period = %s AND (%s IS NULL OR used < %s)"""
SERIES = """
    UPDATE invoicing_series SET next_seq = next_seq + 1,
    last_issue_date = CASE WHEN last_issue_date > %s THEN last_issue_date ELSE %s END
    WHERE business_id = %s AND kind = 'invoice' AND period = %s RETURNING next_seq - 1, last_issue_date"""
TAKEN = "SELECT 1 FROM invoicing_invoice WHERE business_id = %s AND number = %s LIMIT 1"
ISSUE = """
    UPDATE invoicing_invoice SET state = 'issued', number = %s, issue_date = %s, issued_at = %s, seller = %s,
    buyer = %s, client_details = %s, warnings = %s, due_date = %s, amount_due = total, overdue_at = %s,
    search_text = %s, version = version + 1, updated_at = %s WHERE id = %s"""
EVENT = """
    INSERT INTO invoicing_event (id, business_id, invoice_id, version, kind, at, actor_id, actor_name, channel, ip, data)
    VALUES (%s, %s, %s, %s, 'issued', %s, '', 'system', 'system', NULL, %s)"""


class ByHand:
    """Issuing as somebody writes it who knows this case alone: nine statements, no models, no general rules."""

    def __init__(self) -> None:
        from django.db import connection, transaction

        from accounts.identifiers import new_id
        from accounts.search import search_text

        self.connection, self.atomic, self.new_id, self.search_text = (
            connection,
            transaction.atomic,
            new_id,
            search_text,
        )
        self.moment = connection.ops.adapt_datetimefield_value
        self.lock = LOCK + (" FOR UPDATE OF i" if connection.vendor == "postgresql" else "")
        cast = "::integer" if connection.vendor == "postgresql" else ""
        self.quota = QUOTA.replace("%s IS NULL OR used < %s", f"%s{cast} IS NULL OR used < %s{cast}")

    def issue(self, pk: str, at: datetime) -> str:
        with self.atomic(), self.connection.cursor() as cursor:
            cursor.execute(self.lock, [pk])
            found = list(cursor.fetchone())
            invoice, business, client, plan = (
                {column: found.pop(0) for column in columns}
                for columns in (INVOICE_COLUMNS, BUSINESS_COLUMNS, CLIENT_COLUMNS, PLAN_COLUMNS)
            )
            for row in (invoice, business, client):
                for column in ("client_given", "address", "address_ar", "tax_ids", "number_formats", "next_numbers"):
                    if column in row:
                        row[column] = json.loads(row[column])
            cursor.execute(LINES, [pk])
            if invoice["state"] != "draft" or not cursor.fetchall():
                raise ValueError("this cannot be issued")
            zone = ZoneInfo(business["timezone"])
            today = at.astimezone(zone).date()
            due = today + timedelta(days=30)
            overdue = datetime(due.year, due.month, due.day, tzinfo=zone) + timedelta(days=1)
            buyer = client | {"vat_registered": bool(client["vat_registered"])} | invoice["client_given"]
            seller = {name: business[name] for name in BUSINESS_COLUMNS if not name.startswith(("number_", "next_"))}
            seller["legal_name"] = business["legal_name"] or business["name"]
            seller["signature_frame"] = bool(business["signature_frame"])
            now, limit = self.moment(at), plan["invoices_per_month"]
            cursor.execute(ARTIFACT, [now, self.new_id("art"), pk, self.moment(datetime.now(UTC))])
            cursor.execute(self.quota, [invoice["business_id"], date(today.year, today.month, 1), limit, limit])
            if not cursor.rowcount:
                raise ValueError("the quota is used up")
            cursor.execute(SERIES, [today, today, invoice["business_id"], f"{today:%Y}"])
            sequence, latest = cursor.fetchone()
            if str(latest) > str(today):
                raise ValueError("the series has gone on")
            number = f"INV-{today:%Y}-{sequence:04}"
            cursor.execute(TAKEN, [invoice["business_id"], number])
            if cursor.fetchone():
                raise ValueError("the number is taken")
            text = self.search_text(number, invoice["reference"], buyer["name"], buyer["email"], buyer["phone"])
            sold, bought = json.dumps(seller), json.dumps(buyer)
            cursor.execute(
                ISSUE,
                [number, today, now, sold, bought, bought, "[]", due, self.moment(overdue), text, now, pk],
            )
            data = json.dumps({"number": number})
            cursor.execute(EVENT, [self.new_id("evt"), invoice["business_id"], pk, invoice["version"] + 1, now, data])
        return number


class Case:
    """A business with a client, and drafts to issue either way."""

    def __init__(self) -> None:
        from accounts.tenancy import Actor
        from tests.factories.accounts import make_business
        from tests.factories.clients import make_client

        self.business = make_business(currency="USD", tax_rate=20)
        self.client = make_client(self.business, phone="+15550100")
        self.actor = Actor.system(self.business.pk)
        self.by_service(self.drafts(1)[0])  # its series and its counter are there from now on

    def drafts(self, count: int, lines: int = 1) -> list[Any]:
        from tests.factories.invoicing import make_draft

        return [make_draft(self.business, self.client, ITEMS * lines) for _ in range(count)]

    def by_service(self, draft: Any) -> str:
        from invoicing.services.issuing import issue_invoice

        return str(issue_invoice(invoice=draft, actor=self.actor, at=datetime.now(UTC)).number)


def check_same(case: Case, hand: ByHand) -> None:
    """Stop unless both ways leave the same rows, but for ids, moments and the number."""
    from invoicing.models import Invoice

    def rows(invoice: Any) -> list[dict[str, Any]]:
        found = Invoice.objects.filter(pk=invoice.pk)
        tables = (found, invoice.lines, invoice.artifacts, invoice.events.order_by("version"))
        kept = [row for table in tables for row in table.values()]
        for row in kept:
            for name in ("id", "invoice_id", "token", "number", "search_text", "run_after", "data"):
                row.pop(name, None)
            for name in [name for name in row if name.endswith("_at") or name == "at"]:
                row[name] = type(row[name]) if name != "overdue_at" else row[name]
        return kept

    one, other = case.drafts(2)
    case.by_service(one)
    hand.issue(other.pk, datetime.now(UTC))
    if rows(one) != rows(other):
        raise SystemExit(f"The two ways differ:\n{rows(one)}\n{rows(other)}")


def timed(act: Callable[[Any], object], values: list[Any]) -> float:
    """Return seconds for all."""
    gc.collect()
    gc.disable()
    before = time.perf_counter()
    for value in values:
        act(value)
    passed = time.perf_counter() - before
    gc.enable()
    return passed


def against_bare_sql() -> tuple[str, str, float]:
    """Take turns, so that whatever else this machine does weighs on both."""
    case, hand = Case(), ByHand()
    check_same(case, hand)
    pairs = []
    for number in range(ROUNDS):
        sides = [
            (0, case.by_service, case.drafts(BATCH)),
            (1, lambda draft: hand.issue(draft.pk, datetime.now(UTC)), case.drafts(BATCH)),
        ]
        took = [0.0, 0.0]
        for side, act, drafts in sides if number % 2 else reversed(sides):
            took[side] = timed(act, drafts)
        pairs.append(took)
    service, bare = (statistics.median(pair[side] for pair in pairs) / BATCH * 1000 for side in (0, 1))
    return f"{service:.2f} ms", f"{bare:.2f} ms", statistics.median(pair[1] / pair[0] for pair in pairs)


def several_writers() -> tuple[str, str, float]:
    """Return the throughput of eight writers of one business against that of one."""
    from django.db import connection

    processes = 1 if connection.vendor == "sqlite" else 2  # as the application runs
    rates = {}
    for writers in (WRITERS, 1, 1, WRITERS):  # in an order that favours neither
        rates.setdefault(writers, []).append(rate(Case(), writers, min(processes, writers)))
    eight, one = (statistics.mean(rates[writers]) for writers in (WRITERS, 1))
    return f"{eight:.0f}/s", f"{one:.0f}/s", eight / one


def rate(case: Case, writers: int, processes: int) -> float:
    """Return documents a second, issued by threads in processes that begin together."""
    from django.db import connections

    drafts, warming = case.drafts(WRITTEN // 2), case.drafts(writers)
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    start = fork.Barrier(writers + 1)
    numbers = fork.SimpleQueue()

    def write(first: Any, mine: list[Any]) -> None:
        from django.db import connection

        case.by_service(first)  # a server's threads are warm
        start.wait()
        numbers.put([case.by_service(draft) for draft in mine])
        connection.close()

    def process(first: int) -> None:
        threads = [
            threading.Thread(target=write, args=(warming[number], drafts[number::writers]))
            for number in range(first, writers, processes)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    running = [fork.Process(target=process, args=(first,)) for first in range(processes)]
    for each in running:
        each.start()
    start.wait()
    before = time.perf_counter()
    issued = [number for _ in range(writers) for number in numbers.get()]
    passed = time.perf_counter() - before
    for each in running:
        each.join()
    sequence = sorted(int(number.rpartition("-")[2]) for number in issued)
    begin = 2 + writers
    if sequence != list(range(begin, len(drafts) + begin)):
        raise SystemExit(f"Numbers were skipped or repeated: {sequence}")
    return len(drafts) / passed


def queries() -> tuple[str, str, float]:
    """Return how many queries one line takes, and a hundred."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    case, counts = Case(), []
    for lines in (100, 1):
        [draft] = case.drafts(1, lines)
        with CaptureQueriesContext(connection) as seen:
            case.by_service(draft)
        counts.append(len(seen))
    return str(counts[0]), str(counts[1]), counts[1] / counts[0]


def main() -> int:
    with database():
        from django.db import connection

        print(f"\nIssuing invoices on {connection.display_name}\n")
        print(f"{'measurement':<44}{'ours':>12}{'peer':>12}{'ratio':>8}{'least':>8}")
        missed = 0
        for name, title, measure in (
            ("bare SQL", "one document: service, bare SQL", against_bare_sql),
            ("eight writers", "one business: eight writers, one", several_writers),
            ("queries", "queries: 100 lines, one line", queries),
        ):
            ours, peer, ratio = measure()
            missed += ratio < LEAST[name]
            verdict = "" if ratio >= LEAST[name] else "  missed"
            print(f"{title:<44}{ours:>12}{peer:>12}{ratio:>8.2f}{LEAST[name]:>8.2f}{verdict}", flush=True)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
