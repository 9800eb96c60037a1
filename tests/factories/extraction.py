"""Suppliers' documents for tests, taken in by the services themselves."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts import queue
from accounts.models import Business
from accounts.tenancy import Actor
from extraction.choices import AUTO
from extraction.models import Document
from extraction.services.runs import Order
from extraction.services.uploads import Upload, upload_document
from tests.extraction import papers


def make_document(
    business: Business,
    content: bytes | None = None,
    *,
    name: str = "invoice.pdf",
    supporting: tuple[Upload, ...] = (),
    order: Order | None = None,
    **data: Any,
) -> Document:
    """Return a document of the business, queued to be read where an ``order`` says so."""
    return upload_document(
        actor=Actor.system(business.pk),
        business=business,
        file=Upload(name, papers.carrying(papers.cii()) if content is None else content),
        data=data,
        supporting=supporting,
        order=order,
        at=timezone.now(),
    )


def make_read(business: Business, content: bytes | None = None, *, engine: str = AUTO, **options: Any) -> Document:
    """Return a document that was read."""
    document = make_document(business, content, order=Order(engine=engine), **options)
    queue.run_one("extraction", pk=document.latest_id)
    return Document.objects.select_related("latest").get(pk=document.pk)
