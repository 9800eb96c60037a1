"""The picture of the PDF beside the form, of what is typed so far."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.ratelimits import enforce
from accounts.templatetags.ui import clock
from invoicing.services.sketches import sketch
from invoicing.web.editor import EditorPage

NO_CONTENT: Final = 204
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": 'inline; filename="invoice.png"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


class InvoicePicture(EditorPage):
    """One page of the paper, as PNG; headers say which, of how many, and as of when."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Draw it; nothing where there is nothing to draw. Raises ``RateLimited``."""
        enforce("picture", self.actor.key)
        preview, _refusals = self.preview_so_far(self.editor_sent())
        if preview is None:
            return HttpResponse(status=NO_CONTENT)
        asked = request.POST.get("page", "")
        drawn = sketch(preview, page=int(asked) if asked.isdecimal() and len(asked) < 5 else 1)
        facts = {"X-Page": str(drawn.page), "X-Pages": str(drawn.pages), "X-As-Of": clock(timezone.now())}
        return HttpResponse(drawn.png, content_type="image/png", headers=HEADERS | facts)
