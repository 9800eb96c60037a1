"""Reading one document, once."""

from __future__ import annotations

import time

from django.utils import timezone

from accounts import storage
from accounts.queue import Lease
from extraction.choices import Failure
from extraction.engines.base import Paper
from extraction.models import Extraction
from extraction.services.pages import page_words
from extraction.services.reading import fail, finish, read_paper


def extract(row: Extraction, lease: Lease) -> None:
    """Read a document by the engines that were ordered, and end its run."""
    document, begun = row.document, time.monotonic()
    try:
        content = storage.read(document.file_key)
    except FileNotFoundError:
        fail(lease, Failure.FILE_MISSING, at=timezone.now())
        return
    paper = Paper(content, document.sha256, page_words(document, content), document.business_id, document.pk)
    reading = read_paper(row, paper, at=timezone.now())
    milliseconds = int((time.monotonic() - begun) * 1000)
    finish(row, lease, reading, milliseconds=milliseconds, at=timezone.now())


def gave_up(row: Extraction, reason: str) -> None:
    """Say that a run ended because trying again is no use."""
    Extraction.objects.filter(pk=row.pk).update(failure=Failure.GAVE_UP, finished_at=timezone.now())
