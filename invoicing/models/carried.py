"""What a business's figures were until a moment, so that a page need not add up every row there ever was."""

from __future__ import annotations

from django.db import models

from accounts.models import Business
from accounts.tenancy import ScopedQuerySet


class CarriedForward(models.Model):
    """What was invoiced and received until a moment that has long passed, by day and currency.

    ``sums`` is ``{"invoiced": {day: {currency: amount}}, "received": …}``, with days as ISO 8601 in ``timezone`` and
    amounts as texts; months before the last two stand under their first day. It follows from the rows alone, as
    ``invoicing.queries.movements`` reads them, and can be made anew at any time.
    """

    business = models.OneToOneField(
        Business, on_delete=models.CASCADE, primary_key=True, related_name="carried_forward"
    )
    until = models.DateTimeField()
    timezone = models.CharField(max_length=63)
    sums = models.JSONField(default=dict)

    objects = ScopedQuerySet["CarriedForward"].as_manager()

    class Meta:
        verbose_name = "sums carried forward"
        verbose_name_plural = "sums carried forward"

    def __str__(self) -> str:
        return f"{self.business_id} {self.until:%Y-%m-%d}"
