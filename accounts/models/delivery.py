"""A mail that waits to be sent, or was."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import IdField
from accounts.models.business import Business
from accounts.queue import QueuedRow
from accounts.tenancy import ScopedQuerySet


class Delivery(QueuedRow):
    """A mail with its rendered bodies. ``topic`` names the app object it belongs to, if any.

    The Message-ID is fixed when the row is written, so that a mail repeated after a crash is known as the same.
    """

    id = IdField("dlv")
    business = models.ForeignKey(Business, on_delete=models.SET_NULL, null=True, blank=True, related_name="deliveries")
    template = models.CharField(_("kind"), max_length=60)
    language = models.CharField(_("language"), max_length=10, default="en")
    to = models.JSONField(_("to"), default=list)
    cc = models.JSONField(_("cc"), default=list, blank=True)
    reply_to = models.CharField(_("reply to"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    topic = models.CharField(max_length=40, blank=True)
    topic_id = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = ScopedQuerySet["Delivery"].as_manager()

    class Meta(QueuedRow.Meta):
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [*QueuedRow.Meta.indexes, models.Index(fields=["topic", "topic_id"], name="delivery_topic")]

    def __str__(self) -> str:
        return f"{self.subject} → {', '.join(self.to)}"
