"""The timeline of an invoice."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import Channel
from accounts.identifiers import IdField
from accounts.models import Business
from accounts.tenancy import ScopedQuerySet
from invoicing.models.invoice import Invoice


class Event(models.Model):
    """Who did what with an invoice, when and from where. Written with the change, never altered."""

    id = IdField("evt")
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="events")
    version = models.PositiveIntegerField()  # the invoice's, that this event made: the order of the timeline
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_id = models.CharField(max_length=32, blank=True)
    actor_name = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.SYSTEM)
    ip = models.GenericIPAddressField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True)

    objects = ScopedQuerySet["Event"].as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["invoice", "version"], name="event_version_unique")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
