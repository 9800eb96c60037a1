"""What a business has used of its plan."""

from __future__ import annotations

from django.db import models

from accounts.choices import Metric
from accounts.models.business import Business
from accounts.tenancy import ScopedQuerySet


class QuotaCounter(models.Model):
    """How much of a metric a business used in a period, counted in the transaction that used it."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="quota_counters")
    metric = models.CharField(max_length=20, choices=Metric)
    period = models.DateField()  # its first day
    used = models.PositiveIntegerField(default=0)

    objects = ScopedQuerySet["QuotaCounter"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business", "metric", "period"], name="quota_unique")]

    def __str__(self) -> str:
        return f"{self.metric} {self.period}: {self.used}"
