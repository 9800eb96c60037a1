"""Two hundred documents uploaded at once by eight, read by a model while the workers are killed five times.

At the end each was read once: one run that came to data, and one call that counts. What was under way when its worker was
killed left a trace, with what it may have cost.
"""

from __future__ import annotations

import base64
import json
import queue
import random
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from typing import Any

import pytest

from tests.config.processes import until
from tests.e2e.test_kill import BROKER, SETUP, Place, is_up, place
from tests.extraction import papers
from tests.fakes.gemini import KEY, Gemini, gemini_stand_in

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.timeout(900)]

DOCUMENTS = 200
UPLOADERS = 8
KILLS = 5
WORKERS = ("celery",) if BROKER else ("work1", "work2", "work3")
TRY_FOR = 300.0  # seconds until an upload is given up


@dataclass
class Uploaders:
    """Several who upload at once, and repeat with the same key what was not answered."""

    place: Place
    numbers: queue.Queue[int] = field(default_factory=queue.Queue)
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)

    def work(self) -> None:
        """Upload until nothing is left."""
        while True:
            try:
                number = self.numbers.get_nowait()
            except queue.Empty:
                return
            try:
                self.upload(number)
            except Exception as error:
                self.trouble.append(f"document {number}: {error!r}")

    def upload(self, number: int) -> None:
        """Have a document read."""
        pdf = base64.b64encode(papers.plain(mark=f"document {number}")).decode()
        body = {"pdf_base64": pdf, "pdf_name": f"{number}.pdf", "engine": "gemini", "mode": "optimised"}
        deadline = time.monotonic() + TRY_FOR
        while time.monotonic() < deadline:
            try:
                status, answer = self.ask(f"upload-{number}", body)
            except (OSError, HTTPException):
                continue
            if status == 202:
                self.answers[number] = answer
                return
            assert answer.get("code") == "in_progress" or status >= 500, f"{status} {answer}"
            time.sleep(0.3)
        raise AssertionError("no answer")

    def ask(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Send one request on a connection of its own."""
        port = self.place.listener.getsockname()[1]
        headers = {
            "Authorization": f"Bearer {self.place.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.request("POST", "/api/v1/extractions", json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")


def done(here: Place) -> int:
    """Return how many documents were read."""
    [(count,)] = here.select("SELECT count(*) FROM extraction_extraction WHERE state = 'done'")
    return int(count)


def kill_and_read(here: Place) -> None:
    """Kill all workers at random moments, each time when some more documents were read, and start them again."""
    chance = random.Random(5)
    for kill in range(1, KILLS + 1):
        target = kill * DOCUMENTS // (KILLS + 2)
        assert until(lambda target=target: done(here) >= target, 300), done(here)  # type: ignore[misc]
        time.sleep(chance.uniform(0.05, 0.5))
        for name in WORKERS:
            here.kill(name)
        # As if five minutes had passed
        now = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=1)
        here.select("UPDATE extraction_extraction SET lease_until = :now WHERE state = 'running'", now=now)
        for name in WORKERS:
            here.start(name)


@pytest.fixture(scope="module")
def aftermath(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[Place, Uploaders, Gemini]]:
    """What is left when all was read."""
    folder = tmp_path_factory.mktemp("reading")
    with django_db_blocker.unblock(), gemini_stand_in() as gemini, place(folder, with_mailbox=bool(BROKER)) as here:
        gemini.seconds = 0.3
        here.given |= {"GEMINI_API_KEY": KEY, "GEMINI_BASE_URL": gemini.url, "EXTRACTION_BUDGET_USD": "1000"}
        here.key = here.shell(SETUP).split()[-1]
        for name in ("web", *WORKERS, *(["beat"] if BROKER else [])):
            here.start(name)
        assert until(lambda: is_up(here), 90), (folder / "web.log").read_text()[-3000:]
        uploaders = Uploaders(here)
        for number in range(DOCUMENTS):
            uploaders.numbers.put(number)
        threads = [threading.Thread(target=uploaders.work, daemon=True) for _ in range(UPLOADERS)]
        for thread in threads:
            thread.start()
        kill_and_read(here)
        for thread in threads:
            thread.join(TRY_FOR)
        until(lambda: done(here) == DOCUMENTS, 300)
        yield here, uploaders, gemini


def test_every_upload_was_answered(aftermath: Any) -> None:
    here, uploaders, _gemini = aftermath
    assert uploaders.trouble == []
    ids = {answer["document_id"] for answer in uploaders.answers.values()}
    assert len(ids) == DOCUMENTS
    assert {pk for (pk,) in here.select("SELECT id FROM extraction_document")} == ids


def test_each_document_has_one_run_that_came_to_its_end(aftermath: Any) -> None:
    here, _uploaders, _gemini = aftermath
    rows = here.select(
        "SELECT state, failure, count(*), count(DISTINCT document_id) FROM extraction_extraction GROUP BY 1, 2"
    )
    assert rows == [("done", "", DOCUMENTS, DOCUMENTS)]
    assert here.select("SELECT count(*) FROM extraction_document WHERE number = '2026-118'") == [(DOCUMENTS,)]


def test_each_run_has_one_call_that_counts(aftermath: Any) -> None:
    here, _uploaders, _gemini = aftermath
    answered = "SELECT count(*), count(DISTINCT extraction_id) FROM extraction_enginecall WHERE is_answered"
    assert here.select(answered) == [(DOCUMENTS, DOCUMENTS)]
    assert here.select("SELECT count(*) FROM extraction_enginecall WHERE is_answered AND state <> 'done'") == [(0,)]


def test_what_was_under_way_left_a_trace_with_its_price(aftermath: Any) -> None:
    here, _uploaders, gemini = aftermath
    rows = here.select("SELECT state, failure, price_usd FROM extraction_enginecall WHERE NOT is_answered")
    # Otherwise nothing was killed in the middle, and nothing is proved.
    assert rows
    assert {(state, failure) for state, failure, _price in rows} == {("failed", "gave_up")}
    assert min(float(price) for _state, _failure, price in rows) > 0
    # No request went out that nobody had noted.
    assert DOCUMENTS <= len(gemini.asked) <= DOCUMENTS + len(rows)
    assert len({asked.pdf for asked in gemini.asked}) == DOCUMENTS


def test_runs_cost_what_their_calls_cost(aftermath: Any) -> None:
    here, _uploaders, _gemini = aftermath
    [(runs,)] = here.select("SELECT sum(price_usd) FROM extraction_extraction")
    [(calls,)] = here.select("SELECT sum(price_usd) FROM extraction_enginecall")
    assert float(runs) == pytest.approx(float(calls))
