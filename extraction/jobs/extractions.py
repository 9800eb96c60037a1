"""Reading one document, once."""

from __future__ import annotations

import time
from collections.abc import Sequence

from django.utils import timezone

from accounts import storage
from accounts.models import Business
from accounts.queue import Lease, TryLater
from extraction.choices import Failure
from extraction.domain.parties import domains_on, numbers_on
from extraction.engines.base import EngineFailed, KnownVendor, OwnNames, Paper
from extraction.intake.words import PageWords
from extraction.models import Extraction
from extraction.queries import ourselves, vendor_known
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
    paper = Paper(
        content,
        document.sha256,
        pages,
        document.business_id,
        document.pk,
        page_count=document.pages,
        own=own_names(document.business),
        known_vendors=vendors_on(document.business_id, pages),
    )
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


def own_names(business: Business) -> OwnNames:
    """Return what a business is called on papers that it receives, and its tax numbers."""
    names = (business.name, business.legal_name, business.legal_name_ar)
    return OwnNames(tuple(filter(None, names)), tuple(ourselves(business).numbers))


def vendors_on(business_id: str, pages: Sequence[PageWords]) -> Sequence[KnownVendor]:
    """Return the vendor that was verified before and whose marks are on the pages; none where they name several."""
    nothing = {"vendor_iban": None, "vendor_tax_id": None}
    known = vendor_known(business_id=business_id, data=nothing, domains=domains_on(pages), numbers=numbers_on(pages))
    return [KnownVendor(known.vendor.name, known.vendor.tax_id, known.vendor.iban)] if known else []


def gave_up(row: Extraction, reason: str) -> None:
    """Say why a run ended: trying again is no use, or was none."""
    abandon(row.calls.all())
    changes = {"failure": failure_of(row.pk), "finished_at": timezone.now(), **sums_of(row.pk)}
    Extraction.objects.filter(pk=row.pk).update(**changes)
