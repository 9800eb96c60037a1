"""The logo of a business: shown to its members, changed by who manages it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import storage
from accounts.errors import AppError
from accounts.models import Business
from accounts.services import businesses
from accounts.web.base import DashboardMixin

MOST_CHOSEN = 1000  # characters of what else is chosen while a logo is changed
LOGO_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": 'inline; filename="logo.png"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=3600",
}


class Logo(DashboardMixin):
    """The logo of the current business: shown to its members, changed by who manages it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the picture."""
        return logo_response(self.business)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take a new picture, or remove the one there is."""
        try:
            self.change(request.FILES.get("logo"))
        except AppError as refused:
            if not refused.errors:
                raise
            messages.error(request, " ".join(str(text) for texts in refused.errors.values() for text in texts))
        # What is chosen beside the logo and not saved yet is still chosen after it.
        chosen = urlencode(QueryDict(request.POST.get("chosen", "")[:MOST_CHOSEN]).dict())
        return redirect(reverse("invoicing:settings_look") + (f"?{chosen}" if chosen else ""))

    def change(self, upload: Any) -> None:
        """Call the service for what was asked."""
        common: dict[str, Any] = {"actor": self.actor, "business": self.business, "at": timezone.now()}
        if "remove" in self.request.POST:
            businesses.remove_logo(**common)
        else:
            businesses.set_logo(upload=read_logo(upload), **common)
        messages.success(self.request, _("Saved."))


def read_logo(upload: Any) -> bytes:
    """Return an uploaded file's bytes, no more than just over what is allowed."""
    return bytes(upload.read(businesses.LOGO_BYTES + 1)) if isinstance(upload, UploadedFile) else b""


def logo_response(business: Business) -> HttpResponse:
    """Return a business's logo, which no browser takes for anything but a picture. Raises ``Http404`` without one."""
    if not business.logo_key:
        raise Http404
    try:
        content = storage.read(business.logo_key)
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(content, content_type="image/png", headers=LOGO_HEADERS)
