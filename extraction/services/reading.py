"""Asking the engines: in order until one answers what matters and its arithmetic holds, or the one that was named."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.queue import Lease
from extraction import reconcile, schema
from extraction.choices import AUTO, Failure
from extraction.engines.base import Answer, Engine, EngineFailed, Paper
from extraction.engines.order import IN_ORDER
from extraction.models import Document, EngineCall, Extraction
from extraction.queries import checks_against_others
from extraction.reconcile import Check
from extraction.services.pricing import price_of
from extraction.services.standing import known_by


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine came to, parsed and checked by itself."""

    engine: str
    answer: Answer
    data: dict[str, Any]
    checks: list[Check]

    @property
    def suffices(self) -> bool:
        """Whether the four core fields are there and the arithmetic holds."""
        return reconcile.answers_core(self.data) and reconcile.holds(self.checks)

    @property
    def fields(self) -> int:
        """How many of the core fields are there, then how many at all."""
        core = sum(self.data[name] is not None for name in schema.CORE)
        return core * 100 + sum(value not in (None, []) for value in self.data.values())


def engines_for(run: Extraction) -> Iterator[Engine]:
    """Yield the engines that a run asks. Who orders a document anew wants no copy of an earlier result."""
    for engine in IN_ORDER:
        if run.engine == engine.name or (run.engine == AUTO and not (engine.name == "cache" and run.version > 1)):
            yield engine


def read_paper(run: Extraction, paper: Paper, *, at: datetime) -> Reading | None:
    """Return the first reading that suffices, else the fullest, else None. Each call is logged and priced."""
    found: list[Reading] = []
    for engine in engines_for(run):
        reading = called(engine, run, paper, at=at)
        if reading is not None:
            found.append(reading)
            if reading.suffices:
                return reading
    return max(found, key=lambda reading: reading.fields, default=None)


def called(engine: Engine, run: Extraction, paper: Paper, *, at: datetime) -> Reading | None:
    """Call one engine, and log it."""
    begun, answer, error = time.monotonic(), None, ""
    try:
        answer = engine.read(paper, model=run.model, mode=run.mode)
    except EngineFailed as failure:
        error = str(failure)[:500]
    tokens = (answer.input_tokens, answer.output_tokens) if answer else (0, 0)
    model = run.model if any(tokens) else ""
    price = price_of(model=model, input_tokens=tokens[0], output_tokens=tokens[1], day=at.date())
    EngineCall.objects.create(
        business_id=run.business_id,
        extraction=run,
        engine=engine.name,
        model=model,
        mode=run.mode,
        is_answered=answer is not None,
        error=error,
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        price_row=price.row,
        milliseconds=int((time.monotonic() - begun) * 1000),
        called_at=at,
        **price.columns(),
    )
    if answer is None:
        return None
    data = schema.read(answer.data).values
    return Reading(engine.name, answer, data, reconcile.checks_of(data))


def finish(run: Extraction, lease: Lease, reading: Reading | None, *, milliseconds: int, at: datetime) -> None:
    """End a run with what was read, in one transaction with what its document is known by."""
    document = Document.objects.select_related("business").get(pk=run.document_id)
    if reading is None:
        fail(lease, Failure.UNREADABLE, milliseconds=milliseconds, at=at)
        return
    checks = [*reading.checks, *checks_against_others(document, reading.data)]
    answer = reading.answer
    confidence = dict(answer.confidence) or reconcile.confidence_of(
        reading.data, checks, reason=answer.reason, score=answer.score
    )
    data = schema.stored(reading.data)
    price = price_of(
        model=run.model, input_tokens=answer.input_tokens, output_tokens=answer.output_tokens, day=at.date()
    )
    with lease.finish(
        read_by=reading.engine,
        data=data,
        confidence=confidence,
        checks=[check.stored() for check in checks],
        input_tokens=answer.input_tokens,
        output_tokens=answer.output_tokens,
        milliseconds=milliseconds,
        finished_at=at,
        failure=Failure.NONE,
        last_error="",
        **price.columns(),
    ):
        # A newer run may have been ordered since, whose result will be what counts.
        rows = Document.objects.filter(pk=document.pk, latest_id=run.pk)
        rows.update(**known_by(document, data), updated_at=at)


def fail(lease: Lease, failure: Failure, *, milliseconds: int = 0, at: datetime) -> None:
    """End a run without data."""
    with lease.finish(state="failed", failure=failure, milliseconds=milliseconds, finished_at=at):
        pass
