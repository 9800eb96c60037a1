"""The result of the same bytes, read before for the same business."""

from __future__ import annotations

from accounts.choices import QueueState
from extraction.domain.confidence import Evidence
from extraction.engines.base import Answer, Paper
from extraction.models import Extraction


class Cache:
    """Answers with the newest result of a document of the same bytes."""

    name = "cache"

    def read(self, paper: Paper, *, model: str, mode: str) -> Answer | None:
        """Return an earlier result of the business, or None."""
        rows = Extraction.objects.filter(
            business_id=paper.business_id,
            document__business_id=paper.business_id,
            document__sha256=paper.sha256,
            state=QueueState.DONE,
            data__isnull=False,
        )
        found = rows.exclude(document_id=paper.document_id).order_by("-created_at", "-id").first()
        if found is None:
            return None
        known = Evidence.loaded(found.evidence)
        scores = {name: {"score": score} for name, score in known.scores.items()}
        return Answer(found.data or {}, reason=known.reason, score=known.score, confidence=scores)
