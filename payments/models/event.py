"""What a gateway told us."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import IdField
from accounts.models import Business
from accounts.queue import QueuedRow
from invoicing.models import Invoice
from payments.choices import Outcome


class WebhookEvent(QueuedRow):
    """An event as it came, verified, stored once by its id, and applied once by a job.

    ``business`` is set for events of a business's own account; others are of the installation's.
    """

    id = IdField("wev")
    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, null=True, blank=True, related_name="webhook_events"
    )
    account = models.CharField(max_length=32)  # the business's id, or "installation"
    external_id = models.CharField(_("id at the gateway"), max_length=255)
    type = models.CharField(_("type"), max_length=100)
    payment_id = models.CharField(_("payment at the gateway"), max_length=255, blank=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    payload = models.JSONField(_("payload"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default=Outcome.NONE)
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("made"))
    received_at = models.DateTimeField(_("received"))
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)

    class Meta(QueuedRow.Meta):
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="webhookevent_once"),
        ]
        indexes = [
            *QueuedRow.Meta.indexes,
            models.Index(fields=["-received_at"], name="webhookevent_newest"),
            models.Index(fields=["account", "payment_id"], name="webhookevent_of_payment"),
            models.Index(fields=["outcome", "-received_at"], name="webhookevent_by_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.external_id}"
