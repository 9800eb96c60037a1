"""Kept files on their way out: never shown as a page of ours, never guessed at by the browser."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from accounts import storage
from accounts.errors import NotFound

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}


def download(key: str, name: str, *, content_type: str) -> HttpResponse:
    """Return a kept file as a download. Raises ``NotFound`` where it is gone."""
    try:
        content = storage.read(key)
    except FileNotFoundError:
        raise NotFound from None
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=content_type, headers={**HEADERS, "Content-Disposition": disposition})
