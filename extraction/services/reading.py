"""Asking the engines: in order until one answers what matters and its arithmetic holds, or the one that was named."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from accounts.choices import QueueState
from accounts.models import Business
from accounts.queue import Lease, LeaseLost
from extraction import reconcile, schema
from extraction.choices import AUTO, Failure, Reason
from extraction.domain.confidence import Evidence, compared
from extraction.domain.locating.sheet import Sheet
from extraction.engines.base import Answer, Engine, EngineFailed, ModelEngine, Paper
from extraction.engines.order import IN_ORDER
from extraction.errors import BudgetUsedUp
from extraction.models import Document, Extraction
from extraction.queries import runs_of
from extraction.reconcile import Check
from extraction.services.budgets import reserve
from extraction.services.calls import log_call, settle_call, sums_of
from extraction.services.pages import page_words
from extraction.services.pricing import row_of
from extraction.services.standing import known_by
from extraction.services.trusting import Judging, with_parties, xml_checks

MOST_EARLIER: Final = 3  # results of earlier runs that a new one is held against

ENOUGH: Final = 0.8
"""The score from which what was read by rules is believed without asking a model."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine came to, parsed and checked by itself."""

    engine: str
    answer: Answer
    data: dict[str, Any]
    checks: list[Check]
    model: str = ""
    odd: Sequence[str] = ()
    others: Sequence[Reading] = ()  # of other engines, of the same paper

    @property
    def suffices(self) -> bool:
        """Whether the four core fields are there with confidence, and the arithmetic holds.

        A model's answer, and one judged before, are not doubted for how they came about.
        """
        is_believed = bool(self.model or self.answer.confidence) or self.answer.score >= ENOUGH
        return is_believed and reconcile.answers_core(self.data) and reconcile.holds(self.checks)

    @property
    def fields(self) -> int:
        """How many of the core fields are there, then how many at all."""
        core = sum(self.data[name] is not None for name in schema.CORE)
        return core * 100 + sum(value not in (None, []) for value in self.data.values())


def engines_for(run: Extraction) -> Iterator[Engine | ModelEngine]:
    """Yield the engines that a run asks. Who orders a document anew wants no copy of an earlier result."""
    for engine in IN_ORDER:
        if run.engine == AUTO:
            is_asked = engine.is_configured() if isinstance(engine, ModelEngine) else True
            is_asked = is_asked and not (engine.name == "cache" and run.version > 1)
        else:
            is_asked = run.engine == engine.name
        if is_asked:
            yield engine


def read_paper(run: Extraction, paper: Paper, *, at: datetime) -> Reading:
    """Return the first reading that suffices, else the fullest. Each call is logged and priced.

    Raises ``EngineFailed`` where nobody read anything: what may pass first, since then it is worth another try.
    """
    found: list[Reading] = []
    failures: list[EngineFailed] = []
    for engine in engines_for(run):
        # A second way to the same models is for when the first one failed.
        if any(each.model for each in found):
            break
        try:
            if isinstance(engine, ModelEngine):
                reading = ask_model(engine, run, paper, at=at)
            else:
                reading = called(engine, run, paper, at=at)
        except EngineFailed as failure:
            failures.append(failure)
            continue
        if reading is not None:
            found.append(reading)
            if reading.suffices:
                break
    if found:
        best = next((each for each in found if each.suffices), None) or max(found, key=lambda each: each.fields)
        return replace(best, others=[each for each in found if each is not best])
    failures.sort(key=lambda failure: (failure.is_transient, failure.failure != Failure.UNREADABLE), reverse=True)
    raise failures[0] if failures else EngineFailed("No engine read anything.")


def called(engine: Engine, run: Extraction, paper: Paper, *, at: datetime) -> Reading | None:
    """Call an engine that costs nothing, and log it. Raises ``EngineFailed``."""
    begun = time.monotonic()
    result: Answer | EngineFailed | None
    try:
        result = engine.read(paper, model=run.model, mode=run.mode)
    except EngineFailed as failure:
        result = failure
    log_call(run, engine.name, result, milliseconds=since(begun), at=at)
    if isinstance(result, EngineFailed):
        raise result
    return None if result is None else understood(engine.name, result)


def ask_model(engine: ModelEngine, run: Extraction, paper: Paper, *, at: datetime) -> Reading | None:
    """Ask a model, within the budget; the call is noted before it is made. Raises ``EngineFailed``."""
    name = run.model or settings.GEMINI_MODEL
    row = row_of(name, day=at.date())
    try:
        if not engine.is_configured():
            raise EngineFailed(f"{engine.name} is not set up.", Failure.NOT_CONFIGURED)
        if row is None:
            raise EngineFailed(f"{name} is not on offer.", Failure.MODEL_GONE)
        question = engine.question(paper, model=row, mode=run.mode)
    except EngineFailed as failure:
        log_call(run, engine.name, failure, model=name, milliseconds=0, at=at)
        raise
    try:
        call = reserve(run=run, engine=engine.name, row=row, question=question, at=at)
    except BudgetUsedUp as refusal:
        raise EngineFailed(str(refusal.detail), Failure.BUDGET) from refusal
    begun = time.monotonic()
    try:
        answer = engine.ask(question)
    except EngineFailed as failure:
        settle_call(call, question, row, failure, milliseconds=since(begun))
        raise
    reading = understood(engine.name, answer, model=name)
    says_nothing = not reading.fields
    settle_call(call, question, row, answer, odd=reading.odd, says_nothing=says_nothing, milliseconds=since(begun))
    return None if says_nothing else reading


def since(begun: float) -> int:
    """Return the milliseconds that have passed."""
    return int((time.monotonic() - begun) * 1000)


def understood(engine: str, answer: Answer, *, model: str = "") -> Reading:
    """Return an answer in the one shape, and checked by itself. What could not be taken is named in ``odd``."""
    read = schema.read(answer.data)
    odd = [*answer.notes, *([f"Not taken: {', '.join(read.errors)}."] if read.errors else [])]
    return Reading(engine, answer, read.values, reconcile.checks_of(read.values), model, odd)


def finish(run: Extraction, lease: Lease, reading: Reading, *, milliseconds: int, at: datetime) -> None:
    """End a run with what was read, in one transaction with what its document is known by.

    Raises ``LeaseLost`` where the document was deleted meanwhile, too.
    """
    document = Document.objects.select_related("business").filter(pk=run.document_id).first()
    if document is None:
        raise LeaseLost
    pages = page_words(document)
    read = Judging(document, reading.data, pages, Sheet(pages))
    evidence = evidence_of(run, reading)
    of_xml = xml_checks(read, of_xml_inside(reading))
    judging, of_parties, mark = with_parties(read)
    evidence = replace(evidence, known_by=mark)
    judging.look_up()  # before anything is locked
    data = schema.stored(judging.values)
    with transaction.atomic():
        # One of a business after the other, so that of two alike the second one sees the first; and the document before
        # its run, as everybody does who takes both.
        Business.objects.select_for_update(no_key=True).filter(pk=run.business_id).first()
        if not Document.objects.select_for_update().filter(pk=document.pk).exists():
            raise LeaseLost
        checks = [*judging.checks(), *of_parties, *of_xml]
        with lease.finish(
            read_by=reading.engine,
            model=reading.model,
            data=data,
            evidence=evidence.stored(),
            confidence=judging.confidence(checks, evidence),
            checks=[check.stored() for check in checks],
            milliseconds=milliseconds,
            finished_at=at,
            failure=Failure.NONE,
            last_error="",
            **sums_of(run.pk),
        ):
            # A newer run may have been ordered since, whose result will be what counts.
            document.refresh_from_db()
            rows = Document.objects.filter(pk=document.pk, latest_id=run.pk)
            rows.update(**known_by(document, data), updated_at=at)


def of_xml_inside(reading: Reading) -> Mapping[str, Any] | None:
    """Return the data inside the file, also where the result was read from somewhere else."""
    readings = (reading, *reading.others)
    return next((each.data for each in readings if each.answer.reason == Reason.EMBEDDED_XML), None)


def evidence_of(run: Extraction, reading: Reading) -> Evidence:
    """Return what is known of a result: what it was read from, and what other engines said, in this run or before."""
    earlier = runs_of(run.document_id).filter(state=QueueState.DONE, data__isnull=False).exclude(pk=run.pk)
    apart = earlier.exclude(read_by__in=[reading.engine, "cache"])[:MOST_EARLIER]
    agree, differ = compared(
        reading.data, [*(each.data for each in reading.others), *(schema.loaded(each.data or {}) for each in apart)]
    )
    answer = reading.answer
    scores = {name: float(known["score"]) for name, known in answer.confidence.items() if "score" in known}
    return Evidence(answer.reason, answer.score, scores, agree, differ)


def fail(lease: Lease, failure: Failure, *, reason: str = "", milliseconds: int = 0, at: datetime) -> None:
    """End a run without data; ``reason`` is for staff."""
    changes = {"failure": failure, "last_error": reason, "milliseconds": milliseconds, "finished_at": at}
    with lease.finish(state=QueueState.FAILED, **changes, **sums_of(lease.pk)):
        pass
