"""Lines of suppliers' documents that were billed on to clients."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Business
from accounts.tenancy import ScopedQuerySet
from extraction.models.document import Document
from invoicing.models import Invoice


class Billing(models.Model):
    """A draft that was made of a document's lines. It goes with the document and with the draft."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="billings")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="+")
    lines = models.JSONField(default=list)  # the places of the lines in the document's data, from 0
    markup = models.DecimalField(_("mark-up"), max_digits=9, decimal_places=4, default=0)  # per cent
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ScopedQuerySet["Billing"].as_manager()

    class Meta:
        verbose_name = _("billing of a document")
        verbose_name_plural = _("billings of documents")

    def __str__(self) -> str:
        return f"{self.document_id} → {self.invoice_id}"
