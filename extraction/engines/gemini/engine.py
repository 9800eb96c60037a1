"""The engines ``gemini`` and ``vertex``: the same questions to the same models, let in by a key or a service account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from extraction.engines.base import Answer, Paper, Question
from extraction.engines.gemini.answer import understood
from extraction.engines.gemini.question import question_of
from extraction.models import ModelPrice


@dataclass(frozen=True, slots=True)
class Gemini:
    """Asks Gemini. It is set up where each of ``needs``, names of settings, has a value."""

    name: str
    needs: tuple[str, ...]

    def is_configured(self) -> bool:
        """Return whether all settings are there."""
        return all(getattr(settings, name) for name in self.needs)

    def question(self, paper: Paper, *, model: ModelPrice, mode: str) -> Question:
        """Return what to ask of a model. Raises ``EngineFailed`` where the paper cannot be shown to it."""
        return question_of(paper, model=model, mode=mode)

    def ask(self, question: Question) -> Answer:
        """Return what the model read. Raises ``EngineFailed``."""
        # Google's library takes long to import, and most processes never ask a model.
        send: Any = import_string("extraction.engines.gemini.client.send")
        return understood(send(self.name, question.model, question.request), mode=question.mode)


GEMINI = Gemini("gemini", ("GEMINI_API_KEY",))
VERTEX = Gemini("vertex", ("VERTEX_PROJECT", "VERTEX_LOCATION", "GOOGLE_APPLICATION_CREDENTIALS"))
