"""The list of documents."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from extraction.web.base import DocumentPage

PAGE_SIZE: Final = 25


class DocumentList(DocumentPage):
    """All documents of the business."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the list."""
        rows = self.documents().select_related("latest").order_by("-created_at", "-id")
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        return self.page("extraction/document_list.html", {"page": page, "rows": page.object_list})
