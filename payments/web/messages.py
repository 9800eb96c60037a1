"""The settings' page of the webhook inbox: its secret address, and what came to it."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.choices import Permission
from accounts.tenancy import require
from accounts.web.settings import SettingsMixin
from payments.models import InboxMessage
from payments.queries import LONGEST_SHOWN, inbox_of
from payments.services.inbox import renew_address

PAGE_SIZE = 20
DEEPEST = 40  # brackets in brackets; deeper ones grow too long when they are indented


class Inbox(SettingsMixin, TemplateView):
    """What third parties sent, the newest first. The address and the messages are for those who manage the business."""

    section = "payments:settings_inbox"
    template_name = "payments/settings_inbox.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the address and a page of messages."""
        context = super().get_context_data(**kwargs)
        if not self.editable:
            return context
        page = Paginator(inbox_of(self.business), PAGE_SIZE).get_page(self.request.GET.get("page"))
        return context | {
            "inbox_url": f"{settings.PUBLIC_URL}/webhooks/inbox/{self.business.inbox_token}",
            "page": page,
            "messages_shown": [shown(message) for message in page],
            "asked": "renew" in self.request.GET,
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a new address; the old one leads nowhere from then on."""
        require(self.actor, self.business, Permission.MANAGE)
        renew_address(business=self.business, actor=self.actor)
        messages.success(request, _("The inbox has a new address."))
        return redirect(self.section)


def shown(message: InboxMessage) -> dict[str, Any]:
    """Return a message as the page shows it."""
    start = str(message.start)  # type: ignore[attr-defined]  # annotated by ``inbox_of``
    return {
        "message": message,
        "body": start if message.is_base64 else pretty(start),
        "is_cut": message.length > LONGEST_SHOWN,  # type: ignore[attr-defined]  # likewise
        "kind": message.content_type.partition(";")[0],
    }


def pretty(text: str) -> str:
    """Return JSON with each value on a line of its own, and any other text as it is."""
    if depth(text) > DEEPEST:
        return text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def depth(text: str) -> int:
    """Return how deep brackets stand in brackets, at most: those in strings count, too."""
    deepest = now = 0
    for character in text:
        now += (character in "[{") - (character in "]}")
        deepest = max(deepest, now)
    return deepest
