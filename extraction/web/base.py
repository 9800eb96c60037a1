"""What the pages of documents share."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.errors import NotFound
from accounts.web.base import DashboardMixin
from extraction.models import Document
from extraction.models.document import DocumentQuerySet


class DocumentPage(DashboardMixin):
    """A page about documents of the business that is looked at."""

    nav_active = "documents"

    def documents(self) -> DocumentQuerySet:
        """Return the documents of the business."""
        return Document.objects.for_actor(self.actor).filter(business=self.business)

    def document_or_404(self, pk: str) -> Document:
        """Return one document of the business. Raises ``NotFound``."""
        document = self.documents().select_related("latest", "verified_by", "duplicate_of").filter(pk=pk).first()
        if document is None:
            raise NotFound
        document.business = self.business
        return document

    def today(self) -> date:
        """Return the day it is for the business."""
        return timezone.localdate(timezone=ZoneInfo(self.business.timezone))

    def page(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Render a page of this app."""
        return render(self.request, template, self.get_context_data(**context), status=status)
