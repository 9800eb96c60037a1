"""What an engine is: something with a name that reads a paper and answers with data, or cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from extraction.choices import Failure
from extraction.intake.words import PageWords
from extraction.models import ModelPrice


@dataclass(frozen=True, slots=True)
class OwnNames:
    """What our own business is called, and its tax numbers: it is who buys, and never the vendor."""

    names: Sequence[str] = ()
    tax_ids: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class KnownVendor:
    """A vendor that was verified before, and that a mark on the paper names: tax number, IBAN or domain."""

    name: str
    tax_id: str = ""
    iban: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as engines see it. ``page_count`` is 0 where nobody counted."""

    content: bytes
    sha256: str
    pages: Sequence[PageWords]
    business_id: str
    document_id: str
    page_count: int = 0
    own: OwnNames = OwnNames()
    known_vendors: Sequence[KnownVendor] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a call: ``cached_tokens`` are among those that went in, thoughts among those that came out.

    ``lost`` counts the requests that went out and were never answered: nobody knows what the provider counted for them.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider said of a call beside the answer, in its own words."""

    finish_reason: str = ""
    block_reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine read: data by the names of ``extraction.schema``, untrusted, with numbers as exact texts.

    ``reason`` says in a word what it was read from, ``score`` (0 to 1) how far that is to be believed, before
    anything was checked. ``confidence`` is given where it is known already. ``notes`` say what was odd about the answer.
    """

    data: Mapping[str, Any]
    reason: str
    score: float
    confidence: Mapping[str, Any] = field(default_factory=dict)
    usage: Usage = Usage()
    told: Told = Told()
    notes: Sequence[str] = ()


class EngineFailed(Exception):
    """An engine could not come to an end with this paper; others may.

    ``failure`` is for whoever waits for the result, the sentence for staff. A transient one is worth another try, after
    ``retry_after`` seconds where the provider named them.
    """

    def __init__(
        self,
        sentence: str,
        failure: Failure = Failure.UNREADABLE,
        *,
        is_transient: bool = False,
        retry_after: float = 0,
        usage: Usage = Usage(),
        told: Told = Told(),
    ) -> None:
        super().__init__(sentence)
        self.failure = failure
        self.is_transient = is_transient
        self.retry_after = retry_after
        self.usage = usage
        self.told = told


class Engine(Protocol):
    """Reads papers. Adding one is writing a file with such an object and naming it in ``engines/order.py``."""

    name: str

    def read(self, paper: Paper, *, model: str, mode: str) -> Answer | None:
        """Return what was read, None where there is nothing for this engine. Raises ``EngineFailed``."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """What a model will be asked, ready to be sent, and the most tokens that this can count."""

    model: str
    mode: str
    most: Usage
    request: Any


@runtime_checkable
class ModelEngine(Protocol):
    """Has a model read papers, for money: the question is put first, so that its price is bounded before it is asked."""

    @property
    def name(self) -> str:
        """The name by which it is ordered."""
        ...

    def is_configured(self) -> bool:
        """Return whether this installation has what the provider wants."""
        ...

    def question(self, paper: Paper, *, model: ModelPrice, mode: str) -> Question:
        """Return what to ask of a model. Raises ``EngineFailed`` where the paper cannot be shown to it."""
        ...

    def ask(self, question: Question) -> Answer:
        """Return what the model read. Raises ``EngineFailed``."""
        ...
