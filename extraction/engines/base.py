"""What an engine is: something with a name that reads a paper and answers with data, or cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from extraction.intake.words import PageWords


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as engines see it."""

    content: bytes
    sha256: str
    pages: Sequence[PageWords]
    business_id: str
    document_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine read: data by the names of ``extraction.schema``, untrusted, with numbers as exact texts.

    ``reason`` says in a word what it was read from, ``score`` (0 to 1) how far that is to be believed, before
    anything was checked. ``confidence`` is given where it is known already.
    """

    data: Mapping[str, Any]
    reason: str
    score: float
    input_tokens: int = 0
    output_tokens: int = 0
    confidence: Mapping[str, Any] = field(default_factory=dict)


class EngineFailed(Exception):
    """An engine could not come to an end with this paper; others may."""


class Engine(Protocol):
    """Reads papers. Adding one is writing a file with such an object and naming it in ``engines/order.py``."""

    name: str

    def read(self, paper: Paper, *, model: str, mode: str) -> Answer | None:
        """Return what was read, None where there is nothing for this engine. Raises ``EngineFailed``."""
        ...
