"""Which document is verified next: the oldest that waits, but for those that were skipped; and the end of them."""

from __future__ import annotations

from typing import Final

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from extraction.choices import DocumentStatus
from extraction.models import Document
from extraction.models.document import DocumentQuerySet
from extraction.web.base import DocumentPage

SKIPPED: Final = "documents_skipped"
MOST_SKIPPED: Final = 100


def place_of(rows: DocumentQuerySet, document: Document) -> tuple[int, int]:
    """Return the document's place among those that wait, counted from 1 (0: it does not wait), and how many do."""
    before = Q(created_at__lt=document.created_at) | Q(created_at=document.created_at, pk__lt=document.pk)
    found = rows.with_status(DocumentStatus.DONE).aggregate(all=Count("pk"), before=Count("pk", filter=before))
    waits = document.status == DocumentStatus.DONE
    return (found["before"] + 1 if waits else 0), found["all"]


def next_url(request: HttpRequest, rows: DocumentQuerySet) -> str:
    """Return where to go on. What was skipped comes again after the rest, once this has been asked for."""
    skipped = request.session.get(SKIPPED, [])
    waiting = rows.with_status(DocumentStatus.DONE).order_by("created_at", "pk")
    found = waiting.exclude(pk__in=skipped).values_list("pk", flat=True).first()
    return reverse("extraction:document_verify", args=[found]) if found else reverse("extraction:verify_next")


class Skip(DocumentPage):
    """Leaves a document for later."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Open the next one."""
        document = self.document_or_404(pk)
        skipped = [each for each in request.session.get(SKIPPED, []) if each != document.pk]
        request.session[SKIPPED] = [*skipped, document.pk][-MOST_SKIPPED:]
        return redirect(next_url(request, self.documents()))


class VerifyNext(DocumentPage):
    """Opens the oldest document that waits, or says that none does."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Go there; after skipping, say how many are left, and begin with them anew when asked."""
        waiting = self.documents().with_status(DocumentStatus.DONE).order_by("created_at", "pk")
        left = waiting.count()
        if "again" in request.GET:
            request.session.pop(SKIPPED, None)
        skipped = request.session.get(SKIPPED, [])
        found = waiting.exclude(pk__in=skipped).values_list("pk", flat=True).first()
        if found:
            return redirect("extraction:document_verify", pk=found)
        return self.page("extraction/verify_done.html", {"left": left})
