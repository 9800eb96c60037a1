"""Files that are rendered once and kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import IdField
from accounts.queue import QueuedRow
from invoicing.models.invoice import Invoice


class Artifact(QueuedRow):
    """The PDF of an issued document, waiting to be rendered or stored. Its bytes never change once stored."""

    id = IdField("art")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="artifacts")
    kind = models.CharField(max_length=20, default="pdf")
    storage_key = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)  # bytes
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(QueuedRow.Meta):
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [models.UniqueConstraint(fields=["invoice", "kind"], name="artifact_unique")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.invoice_id}"
