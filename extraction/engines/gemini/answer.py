"""What a model answered, understood strictly: text from outside that may be anything."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from extraction.choices import Failure, Mode
from extraction.engines.base import Answer, EngineFailed, Told, Usage
from extraction.engines.gemini.prompt import SHORT_NAMES, SHORT_PARTS

FENCED: Final = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)
BLOCKING: Final = frozenset(
    ("SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY")
)
ENDED_WELL: Final = frozenset(("STOP", "", "FINISH_REASON_UNSPECIFIED"))
SCORE: Final = 0.75  # of a value that nothing was held against yet


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from the provider."""

    text: str
    usage: Usage
    told: Told


def understood(reply: Reply, *, mode: str) -> Answer:
    """Return a reply as an answer. Raises ``EngineFailed`` with what the reply counted, whatever is wrong with it."""
    refuse_unfinished(reply)
    notes = []
    text = reply.text
    if fenced := FENCED.fullmatch(text):
        notes.append("The answer stood in a fence.")
        text = fenced[1]
    try:
        # Numbers stay exact. NaN and Infinity, which are no JSON, become texts that no field takes.
        data = json.loads(text, parse_float=Decimal, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise failed(reply, f"The answer is no JSON: {error}", Failure.NONSENSE) from None
    if not isinstance(data, dict):
        raise failed(reply, f"The answer is no object but {type(data).__name__}.", Failure.NONSENSE)
    data = lengthened(data) if mode == Mode.OPTIMISED else data
    return Answer(data, reason="model", score=SCORE, usage=reply.usage, told=reply.told, notes=notes)


def refuse_unfinished(reply: Reply) -> None:
    """Raise ``EngineFailed`` for a reply that was blocked or did not come to its end."""
    ended, blocked = reply.told.finish_reason, reply.told.block_reason
    if blocked:
        raise failed(reply, f"The document was blocked: {blocked}.", Failure.BLOCKED)
    if ended in BLOCKING:
        raise failed(reply, f"The answer was blocked: {ended}.", Failure.BLOCKED)
    if ended == "MAX_TOKENS":
        raise failed(reply, "The answer was cut off.", Failure.TRUNCATED)
    if ended not in ENDED_WELL or not reply.text.strip():
        raise failed(reply, f"There is no answer; it ended with {ended or 'nothing'}.", Failure.NONSENSE)


def failed(reply: Reply, sentence: str, failure: Failure) -> EngineFailed:
    """Return a failure that keeps what the reply cost and what was said of it."""
    return EngineFailed(sentence[:500], failure, usage=reply.usage, told=reply.told)


def lengthened(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a short answer under the fields' own names. Other names stay, and are passed over by the schema."""
    whole = renamed(data, SHORT_NAMES)
    for name, names in SHORT_PARTS.items():
        if isinstance(whole.get(name), list):
            whole[name] = [renamed(each, names) if isinstance(each, dict) else each for each in whole[name]]
    return whole


def renamed(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return an object with its keys exchanged."""
    return {names.get(key, key): value for key, value in data.items()}
