"""The runs of a document on the page on which it is verified: earlier results, comparing, and reading it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.choices import QueueState
from extraction.choices import AUTO, DocumentStatus, Failure, Mode
from extraction.engines.order import NAMES
from extraction.models import Document, Extraction
from extraction.queries import prices_on
from extraction.services.verifying import current
from extraction.web.verify_texts import Written, written_of

FIRST_WAIT: Final = 0.6  # seconds
LONGEST_WAIT: Final = 10.0
MOST_LOOKS: Final = 60  # some nine minutes; then the person looks again
VERIFIED: Final = "verified"
ENGINES: Final[Mapping[str, Promise]] = {
    AUTO: gettext_lazy("Whichever reads it first"),
    "cache": gettext_lazy("An earlier result of the same file"),
    "embedded": gettext_lazy("Data inside the file"),
    "local": gettext_lazy("The words on its pages"),
    "gemini": gettext_lazy("Gemini"),
    "vertex": gettext_lazy("Gemini on Vertex"),
}


def engine_label(name: str) -> str:
    """Return an engine in words."""
    return str(ENGINES.get(name, name))


@dataclass(frozen=True, slots=True)
class Other:
    """An earlier result, or what was verified. ``run`` is None for the latter."""

    key: str
    label: str
    run: Extraction | None
    error: str = ""
    data: Mapping[str, Any] | None = None
    is_newest: bool = False

    @property
    def written(self) -> Written:
        """What it says, as the fields show it."""
        return written_of(self.data or {})

    def count_text(self, name: str) -> str:
        """Return how many rows a list of it has."""
        count = len(self.written.rows.get(name, []))
        return ngettext("%(count)d line", "%(count)d lines", count) % {"count": count}


def others_of(document: Document, runs: Sequence[Extraction]) -> list[Other]:
    """Return all results of a document, the newest first, and what was verified where that is none of them."""
    found = [other_of(run, is_newest=run.pk == document.latest_id) for run in runs]
    newest = next((each for each in found if each.is_newest), None)
    if document.verified_data and (newest is None or newest.data != document.verified_data):
        label = _("Verified by %(name)s") % {"name": document.verified_by or _("somebody")}
        found.append(Other(VERIFIED, label, None, data=document.verified_data))
    return found


def other_of(run: Extraction, *, is_newest: bool = False) -> Other:
    """Return a run in words."""
    error = str(Failure(run.failure).label) if run.failure else ""
    data = current(run) if run.state == QueueState.DONE and run.data else None
    return Other(run.pk, engine_label(run.read_by or run.engine), run, error, data, is_newest)


def other_named(others: Sequence[Other], key: str) -> Other | None:
    """Return the result of that key that can be compared with the newest."""
    return next((each for each in others if each.key == key and each.data and not each.is_newest), None)


def order_form(run: Extraction | None) -> dict[str, Any]:
    """Return what can be ordered, with what was ordered last."""
    engine, mode = (run.engine, run.mode) if run else (AUTO, Mode.STANDARD.value)
    models = [row.name for row in prices_on(timezone.now().date())]
    return {
        "engines": [(name, engine_label(name), name == engine) for name in (AUTO, *NAMES)],
        "models": [(name, run is not None and name == run.model) for name in models],
        "modes": [(value, label, value == mode) for value, label in Mode.choices],
    }


def waits(document: Document, look: int) -> dict[str, object]:
    """Return how a run stands, and when the page looks again; each wait is longer than the last."""
    return {
        "is_queued": document.status == DocumentStatus.QUEUED,
        "next_look": look + 1,
        "wait": f"{min(FIRST_WAIT * 1.2**look, LONGEST_WAIT):.1f}s",
        "goes_on": look < MOST_LOOKS,
    }
