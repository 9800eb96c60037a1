"""What the page on which a document is verified asks for by itself: pictures of its pages, and their words."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from extraction.models import Page
from extraction.services.pictures import page_picture
from extraction.web.base import DocumentPage
from invoicing.errors import NoPicture

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
# A page never changes, but who may see it does: the browser keeps it a while, then asks whether it is still so.
PICTURE_AGE: Final = "private, max-age=600"
WORDS_AGE: Final = "private, no-cache"
NOT_DRAWN: Final = 422


def kept(request: HttpRequest, content: bytes, *, kind: str, age: str, tag: str = "") -> HttpResponse:
    """Return what a browser may keep, or that it has it already."""
    etag = quote_etag(tag or sha256(content).hexdigest()[:32])
    headers = {**HEADERS, "Cache-Control": age, "ETag": etag}
    response = HttpResponse(content, content_type=kind, headers=headers)
    found = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(found, HttpResponse)
    return found


class PagePicture(DocumentPage):
    """A page as PNG."""

    def get(self, request: HttpRequest, pk: str, number: int) -> HttpResponse:
        """Return it. Raises ``NotFound`` where there is no such page; one that cannot be drawn is a 422 in words."""
        document = self.document_or_404(pk)
        try:
            png = page_picture(document, number)
        except NoPicture as refused:
            return HttpResponse(str(refused.detail), status=NOT_DRAWN, content_type="text/plain; charset=utf-8")
        return kept(request, png, kind="image/png", age=PICTURE_AGE, tag=f"{document.sha256[:24]}-{number}")


class PageWords(DocumentPage):
    """The words of all pages with their boxes, as fractions: by page a list of text, left, top, right, bottom."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Return them as JSON."""
        document = self.document_or_404(pk)
        rows = Page.objects.filter(document=document).order_by("number").values_list("number", "words")
        content = json.dumps(dict(rows), ensure_ascii=False, separators=(",", ":")).encode()
        return kept(request, content, kind="application/json", age=WORDS_AGE)
