"""The chore that carries sums forward, once a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache

from invoicing.services.carrying import carry_forward, large_businesses, last_settled

EVERY = timedelta(days=1)
MARK = "invoicing.carrying"


def carry_sums_forward(at: datetime) -> None:
    """Carry the sums of every business with very many documents forward, unless somebody did today."""
    if not cache.add(MARK, 1, timeout=EVERY.total_seconds()):
        return
    for business in large_businesses():
        carry_forward(business=business, until=last_settled(at))
