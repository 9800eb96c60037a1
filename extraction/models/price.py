"""What models cost, and what a business may spend on them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Business


class ModelPriceQuerySet(models.QuerySet["ModelPrice"]):
    """Prices of models."""

    def on_offer(self, day: object) -> Self:
        """Keep what is valid and not retired on a day, the newest price of a model first."""
        rows = self.filter(valid_from__lte=day).filter(Q(retired_at=None) | Q(retired_at__gt=day))
        return rows.order_by("name", "-valid_from")


class ModelPrice(models.Model):
    """The price of a model from a day on, in USD for a million tokens. Staff edit these."""

    name = models.CharField(_("model"), max_length=100)
    valid_from = models.DateField(_("valid from"))
    input_price = models.DecimalField(_("for a million tokens in"), max_digits=10, decimal_places=4)
    output_price = models.DecimalField(_("for a million tokens out"), max_digits=10, decimal_places=4)
    capabilities = models.JSONField(_("capabilities"), default=dict, blank=True)
    retired_at = models.DateField(_("retired on"), null=True, blank=True)

    objects = ModelPriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("model price")
        verbose_name_plural = _("model prices")
        constraints = [
            models.UniqueConstraint(fields=["name", "valid_from"], name="model_price_unique"),
            models.CheckConstraint(
                condition=Q(input_price__gte=0, output_price__gte=0), name="model_price_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}"


class Budget(models.Model):
    """What a business may spend on models in a calendar month, in USD."""

    business = models.OneToOneField(
        Business, on_delete=models.CASCADE, primary_key=True, related_name="extraction_budget"
    )
    monthly_usd = models.DecimalField(_("a month, in USD"), max_digits=10, decimal_places=2)

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints = [models.CheckConstraint(condition=Q(monthly_usd__gte=0), name="budget_not_negative")]

    def __str__(self) -> str:
        return f"{self.business_id}: {self.monthly_usd}"
