"""What third parties send to a business's secret address."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import IdField
from accounts.models import Business
from accounts.tenancy import ScopedQuerySet


class InboxMessage(models.Model):
    """A request as it came: method, headers with secrets masked, query, body, address. Kept for 30 days."""

    id = IdField("msg")
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="inbox_messages")
    method = models.CharField(_("method"), max_length=20)
    query = models.TextField(_("query"), blank=True)
    headers = models.JSONField(_("headers"), default=dict)
    body = models.TextField(_("body"), blank=True)
    is_base64 = models.BooleanField(default=False)  # the body is no UTF-8
    content_type = models.CharField(_("type"), max_length=200, blank=True)
    ip = models.GenericIPAddressField(_("address"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"))

    objects = ScopedQuerySet["InboxMessage"].as_manager()

    class Meta:
        verbose_name = _("message in the inbox")
        verbose_name_plural = _("messages in the inbox")
        indexes = [
            models.Index(fields=["business", "-received_at", "-id"], name="inbox_newest"),
            models.Index(fields=["received_at"], name="inbox_age"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.received_at:%Y-%m-%d %H:%M}"
