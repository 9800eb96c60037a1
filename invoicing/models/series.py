"""Counters that give documents their numbers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Business
from accounts.tenancy import ScopedQuerySet
from invoicing.choices import NumberKind


class Series(models.Model):
    """The next number of a business, a kind and a period. Raised only in the transaction that issues."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="series")
    kind = models.CharField(max_length=12, choices=NumberKind)
    period = models.CharField(max_length=10, blank=True)
    next_seq = models.PositiveBigIntegerField(default=1)
    last_issue_date = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet["Series"].as_manager()

    class Meta:
        verbose_name = _("series of numbers")
        verbose_name_plural = _("series of numbers")
        constraints = [models.UniqueConstraint(fields=["business", "kind", "period"], name="series_unique")]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}: {self.next_seq}"
