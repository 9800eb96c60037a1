"""Reading one document, once."""

from __future__ import annotations

import time

from django.utils import timezone

from accounts import storage
from accounts.queue import Lease, TryLater
from extraction.choices import Failure
from extraction.engines.base import EngineFailed, Paper
from extraction.models import Extraction
from extraction.services.calls import abandon, begin_anew, failure_of, sums_of
from extraction.services.pages import page_words
from extraction.services.reading import fail, finish, read_paper, since


def extract(row: Extraction, lease: Lease) -> None:
    """Read a document by the engines that were ordered, and end its run."""
    document, begun = row.document, time.monotonic()
    begin_anew(row)
    try:
        content = storage.read(document.file_key)
    except FileNotFoundError:
        fail(lease, Failure.FILE_MISSING, at=timezone.now())
        return
    pages = page_words(document, content)
    paper = Paper(content, document.sha256, pages, document.business_id, document.pk, page_count=document.pages)
    try:
        reading = read_paper(row, paper, at=timezone.now())
    except EngineFailed as failed:
        if failed.is_transient:
            raise TryLater(str(failed), seconds=failed.retry_after) from failed
        reason = f"{failed.failure}: {failed}"
        fail(lease, failed.failure, reason=reason, milliseconds=since(begun), at=timezone.now())
        return
    milliseconds = since(begun)
    finish(row, lease, reading, milliseconds=milliseconds, at=timezone.now())


def gave_up(row: Extraction, reason: str) -> None:
    """Say why a run ended: trying again is no use, or was none."""
    abandon(row.calls.all())
    changes = {"failure": failure_of(row.pk), "finished_at": timezone.now(), **sums_of(row.pk)}
    Extraction.objects.filter(pk=row.pk).update(**changes)
