"""Applying what a gateway told."""

from __future__ import annotations

from django.utils import timezone

from accounts.queue import Lease
from payments.models import WebhookEvent
from payments.services.lookups import LOOKUP
from payments.services.receiving import apply, fetched


def apply_event(row: WebhookEvent, lease: Lease) -> None:
    """Apply one event, in the transaction that ends its row."""
    found = fetched(row) if row.type == LOOKUP else None
    with lease.finish():
        at = timezone.now()
        result = apply(row, at=at, found=found)
        WebhookEvent.objects.filter(pk=row.pk).update(
            outcome=result.outcome, note=result.note[:500], invoice=result.invoice, applied_at=at
        )
