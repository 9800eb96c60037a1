"""Asking the gateway about a client who came back before the gateway told us."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from accounts.queue import nudge
from invoicing.models import Invoice
from payments.models import PaymentRequest, WebhookEvent
from payments.services.accounts import INSTALLATION

SESSION: Final = re.compile(r"cs_[A-Za-z0-9_]{8,200}")
LOOKUP: Final = "lookup"
PATIENCE: Final = timedelta(seconds=4)  # the gateway's own word is usually quicker


def look_up(*, invoice: Invoice, session: str, at: datetime) -> None:
    """Queue a look at a session of the checkout, once; a session of anybody else's changes nothing."""
    request = PaymentRequest.objects.filter(invoice=invoice).order_by("-created_at").first()
    if request is None or not SESSION.fullmatch(session):
        return
    own = request.own_account
    event, is_new = WebhookEvent.objects.get_or_create(
        account=request.business_id if own else INSTALLATION,
        external_id=f"{LOOKUP}:{session}",
        defaults={
            "business_id": request.business_id if own else None,
            "type": LOOKUP,
            "payload": {"session": session},
            "invoice": invoice,
            "created_at": at,
            "received_at": at,
            "run_after": at + PATIENCE,
        },
    )
    if is_new:
        nudge("webhook_event", event.pk)
