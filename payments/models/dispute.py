"""Payments that the client's bank takes back, or wants to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import IdField
from accounts.models import Business
from accounts.tenancy import ScopedQuerySet
from invoicing.models import Payment
from invoicing.models.fields import AmountField
from payments.choices import DisputeState


class Dispute(models.Model):
    """A dispute at the gateway. A lost one is booked as money that went back."""

    id = IdField("dsp")
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    external_id = models.CharField(_("id at the gateway"), max_length=255)
    amount = AmountField(_("amount"))
    state = models.CharField(_("state"), max_length=10, choices=DisputeState, default=DisputeState.OPEN)
    opened_at = models.DateTimeField(_("opened"))

    objects = ScopedQuerySet["Dispute"].as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [models.UniqueConstraint(fields=["business", "external_id"], name="dispute_once")]

    def __str__(self) -> str:
        return f"{self.external_id} {self.state}"
