"""The question that is put to a model about one paper, and the most tokens that it can count."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from extraction.choices import Failure, Mode
from extraction.engines.base import EngineFailed, Paper, Question, Usage
from extraction.engines.gemini import prompt
from extraction.models import ModelPrice

MOST_INLINE: Final = 14_000_000  # bytes of a file within a request
MOST_PAGES: Final = 50  # of a file whose pages nobody counted
ATTEMPTS: Final = 2  # at once; what comes later is the queue's
CHARACTERS: Final = 4  # of a token, about
WORTH: Final = 1.25  # times the tokens of the picture: so much more the exact text may count
OVERHEAD: Final = 64  # tokens that a provider adds of its own
BASE_OUTPUT, PAGE_OUTPUT, MOST_OUTPUT = 6_144, 2_048, 32_768  # tokens, thoughts included
THINKING_BUDGET: Final = 1_024  # tokens
THINKING_LEVEL: Final = "low"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as ``client`` sends it; an empty ``shape`` is any JSON. ``thinking`` is a budget in tokens, a level, or None where there is no choice."""

    system: str
    text: str
    pdf: bytes
    shape: dict[str, Any]
    most_output: int
    thinking: int | str | None
    resolution: str
    temperature: float | None


def question_of(paper: Paper, *, model: ModelPrice, mode: str) -> Question:
    """Return what to ask.

    ``optimised`` shows the text where it is good and counts less than the picture, and asks for short keys and no thoughts.
    Raises ``EngineFailed`` for a file that is too large to be sent and has no text.
    """
    is_short = mode == Mode.OPTIMISED
    pages = paper.page_count or max(len(paper.pages), MOST_PAGES)
    can_show = len(paper.content) <= MOST_INLINE and model.capabilities.get("pdf", True)
    has_text = prompt.has_good_text(paper.pages, paper.page_count)
    if not can_show and not has_text:
        raise EngineFailed("The file is too large to be sent, and has no text.", Failure.TOO_LARGE)
    resolution = ("low" if is_short else "medium") if "media_resolution" in model.capabilities else ""
    shown = pages * model.page_tokens(resolution)
    text = prompt.text_of(paper.pages)
    as_text = has_text and (not can_show or (is_short and len(text) <= CHARACTERS * WORTH * shown))
    request = Request(
        system=prompt.SHORT if is_short else prompt.FULL,
        text=text if as_text else prompt.ASK,
        pdf=b"" if as_text else paper.content,
        shape={} if is_short else prompt.full_schema(),
        most_output=min(BASE_OUTPUT + PAGE_OUTPUT * pages, MOST_OUTPUT),
        thinking=thinking(model, is_short=is_short),
        resolution="" if as_text else resolution,
        # Those that think by level are said to go in circles below their own temperature.
        temperature=None if model.capabilities.get("thinking") == "level" else 0.0,
    )
    # No token is shorter than a byte.
    said = sum(len(part.encode()) for part in (request.system, request.text, json.dumps(request.shape)))
    most = Usage(OVERHEAD + (0 if as_text else shown) + said, request.most_output, lost=ATTEMPTS - 1)
    return Question(model.name, mode, most, request)


def thinking(model: ModelPrice, *, is_short: bool) -> int | str | None:
    """Return how much a model may think: a little, or the least it can."""
    kind, least = (model.capabilities.get(name) for name in ("thinking", "least_thinking"))
    if kind == "budget":
        return int(least or 0) if is_short else max(int(least or 0), THINKING_BUDGET)
    if kind == "level":
        return str(least or THINKING_LEVEL) if is_short else THINKING_LEVEL
    return None
