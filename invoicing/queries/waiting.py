"""What waits to be done about invoices: what is late, what nobody has, and drafts that were left lying."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.choices import QueueState
from accounts.models import Business, Delivery
from invoicing.choices import Settlement
from invoicing.models import Invoice

STALE_AFTER: Final = timedelta(days=3)
COLUMNS: Final = (
    "number", "type", "client_name", "client_email", "currency", "total", "amount_due", "due_date", "sent_at", "updated_at",
)  # fmt: skip
ON_ITS_WAY: Final = (QueueState.QUEUED, QueueState.RUNNING)


def late_invoices(business: Business, *, at: datetime, limit: int) -> list[Invoice]:
    """Return what is overdue, the longest first."""
    rows = Invoice.objects.filter(business=business).overdue(at=at)
    return list(rows.order_by("overdue_at", "id").only(*COLUMNS)[:limit])


def unsent_invoices(business: Business, *, at: datetime, limit: int) -> list[Invoice]:
    """Return what is issued and not yet late, and that no client was handed, the first due first.

    Each has ``mail``: the state of the mail last queued for it, or an empty text. One on its way is left out.
    """
    mails = Delivery.objects.filter(topic="invoice", topic_id=OuterRef("pk")).order_by("-created_at")
    rows = (
        Invoice.objects.filter(business=business)
        .with_amount_due()
        .filter(sent_at=None)
        .exclude(overdue_at__lte=at)
        .annotate(mail=Coalesce(Subquery(mails.values("state")[:1]), Value("")))
        .exclude(mail__in=ON_ITS_WAY)
    )
    return list(rows.order_by("overdue_at", "id").only(*COLUMNS)[:limit])


def stale_drafts(business: Business, *, at: datetime, limit: int) -> list[Invoice]:
    """Return drafts that nobody has touched for days, the newest first."""
    # A draft's settlement is always open: named, so that the index gives them in this order.
    rows = Invoice.objects.filter(business=business, settlement=Settlement.OPEN, updated_at__lte=at - STALE_AFTER)
    return list(rows.drafts().order_by("-created_at", "-id").only(*COLUMNS)[:limit])
