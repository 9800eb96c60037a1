"""One document: what it is known by, its files, its doubles, and the invoices that were made of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from extraction.queries import billings_of
from extraction.web.base import DocumentPage
from invoicing.queries import statuses_of


class DocumentDetail(DocumentPage):
    """A document with what can be done with it."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show it."""
        document = self.document_or_404(pk)
        billings = billings_of(document.pk)
        statuses = statuses_of([each.invoice for each in billings], at=timezone.now())
        context = {
            "document": document,
            "supporting": document.supporting.order_by("position"),
            "doubles": document.duplicates.order_by("created_at", "id"),
            "billings": list(zip(billings, statuses, strict=True)),
        }
        return self.page("extraction/document_detail.html", context)
