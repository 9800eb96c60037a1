"""The words of a document's pages: read once, kept, and read again from there."""

from __future__ import annotations

from contextlib import suppress

from django.db import IntegrityError, transaction

from extraction.intake.pages import words_of
from extraction.intake.words import PageWords, loaded, stored
from extraction.models import Document, Page


def page_words(document: Document, content: bytes | None = None) -> list[PageWords]:
    """Return the words of a document's pages; with ``content``, read them where that was not done yet."""
    rows = list(Page.objects.filter(document=document).order_by("number"))
    if not rows and content is not None:
        rows = [
            Page(
                document=document,
                number=page.number,
                width=page.width,
                height=page.height,
                source=page.source,
                words=stored(page.words),
                hidden=stored(page.hidden),
            )
            for page in words_of(content)
        ]
        # Another process may have kept them just now; and of a document that was deleted just now nothing is kept.
        with suppress(IntegrityError), transaction.atomic():
            Page.objects.bulk_create(rows, ignore_conflicts=True)
    return [
        PageWords(row.number, row.width, row.height, row.source, loaded(row.words), loaded(row.hidden)) for row in rows
    ]
