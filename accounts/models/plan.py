"""What a business may do a month and a day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Plan(models.Model):
    """Quotas that staff give to a business. An empty quota has no bound."""

    code = models.SlugField(_("code"), max_length=30, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    invoices_per_month = models.PositiveIntegerField(_("invoices a month"), null=True, blank=True)
    emails_per_day = models.PositiveIntegerField(_("emails a day"), null=True, blank=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    def __str__(self) -> str:
        return self.name
