"""The log of calls to engines: each with what it came to, what it cost and how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet, Sum

from accounts.queue import LEASE
from extraction.choices import CallState, Failure
from extraction.engines.base import Answer, EngineFailed, Question, Usage
from extraction.models import EngineCall, Extraction, ModelPrice
from extraction.services.pricing import NOTHING, price_of, priced

LONGEST: Final = 500  # characters of what is said of a call
Result = Answer | EngineFailed | None


def log_call(run: Extraction, engine: str, result: Result, *, model: str = "", milliseconds: int, at: datetime) -> None:
    """Log a call that cost nothing."""
    EngineCall.objects.create(
        business_id=run.business_id,
        extraction=run,
        engine=engine,
        model=model,
        mode=run.mode,
        milliseconds=milliseconds,
        called_at=at,
        **outcome(result),
        **price_of(None, NOTHING).columns(),
    )


def settle_call(
    call: EngineCall,
    question: Question,
    row: ModelPrice,
    result: Answer | EngineFailed,
    *,
    odd: Sequence[str] = (),
    says_nothing: bool = False,
    milliseconds: int,
) -> None:
    """End a call that was noted before it was made, with what it really cost; one that was given up stays so."""
    usage: Usage = result.usage
    EngineCall.objects.filter(pk=call.pk, state=CallState.BEGUN).update(
        input_tokens=usage.input_tokens,
        cached_tokens=usage.cached_tokens,
        output_tokens=usage.output_tokens,
        is_estimate=usage.lost > 0,
        milliseconds=milliseconds,
        **outcome(result, odd) | ({"is_answered": False} if says_nothing else {}),
        **price_of(row, usage, question.most).columns(),
    )


def outcome(result: Result, odd: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a call came to, as columns. ``odd`` is what was strange about an answer that was taken."""
    if isinstance(result, EngineFailed):
        return {
            "state": CallState.FAILED,
            "failure": result.failure,
            "error": plain(str(result)),
            "finish_reason": result.told.finish_reason,
            "block_reason": result.told.block_reason,
        }
    told = {"finish_reason": result.told.finish_reason, "error": plain(" ".join(odd))} if result else {}
    return {"state": CallState.DONE, "is_answered": result is not None, **told}


def plain(text: str) -> str:
    """Return a text from outside as it can be kept: PostgreSQL takes no NUL."""
    return text.replace("\x00", "")[:LONGEST]


def abandon(calls: QuerySet[EngineCall]) -> int:
    """End calls whose worker was stopped; each may have cost what was set aside for it. Return how many."""
    return calls.filter(state=CallState.BEGUN).update(
        state=CallState.FAILED, failure=Failure.GAVE_UP, error="The worker was stopped during the call."
    )


def begin_anew(run: Extraction) -> None:
    """Take leave of what an earlier attempt left behind: calls that went on, and answers that were never kept."""
    calls = EngineCall.objects.filter(extraction=run)
    abandon(calls)
    calls.filter(is_answered=True).update(
        state=CallState.FAILED,
        is_answered=False,
        failure=Failure.GAVE_UP,
        error="The worker was stopped before the answer was kept.",
    )


def abandon_stale(at: datetime) -> None:
    """End calls that outlasted every lease: their runs are gone."""
    abandon(EngineCall.objects.filter(called_at__lt=at - LEASE))


def sums_of(run_id: str) -> dict[str, Any]:
    """Return what all calls of a run came to, as its columns: those that failed were paid for, too."""
    calls = EngineCall.objects.filter(extraction_id=run_id)
    sums = calls.aggregate(tokens_in=Sum("input_tokens"), tokens_out=Sum("output_tokens"), usd=Sum("price_usd"))
    return {
        "input_tokens": sums["tokens_in"] or 0,
        "output_tokens": sums["tokens_out"] or 0,
        **priced(None, sums["usd"] or Decimal(0)).columns(),
    }


def failure_of(run_id: str) -> Failure:
    """Return why the last call of a run to a model failed, for a run that is given up."""
    calls = EngineCall.objects.filter(extraction_id=run_id, state=CallState.FAILED).exclude(failure=Failure.NONE)
    last = calls.exclude(failure=Failure.UNREADABLE).order_by("-called_at", "-pk").first()
    return Failure(last.failure) if last else Failure.GAVE_UP
