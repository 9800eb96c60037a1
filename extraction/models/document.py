"""Suppliers' documents, and the papers that came with them."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import QueueState
from accounts.identifiers import IdField
from accounts.models import Business
from accounts.search import normalise
from accounts.tenancy import ScopedQuerySet
from extraction.choices import DocumentStatus
from invoicing.models.fields import AmountField

MOST_WORDS = 10  # of a search; what follows narrows nothing any more
ACTIVE = (QueueState.QUEUED.value, QueueState.RUNNING.value)
STATUS_CONDITIONS = {
    DocumentStatus.NEW: Q(latest=None, verified_at=None),
    DocumentStatus.QUEUED: Q(latest__state=QueueState.QUEUED),
    DocumentStatus.PROCESSING: Q(latest__state=QueueState.RUNNING),
    DocumentStatus.DONE: Q(latest__state=QueueState.DONE, verified_at=None),
    DocumentStatus.FAILED: Q(latest__state=QueueState.FAILED, verified_at=None),
    # A verified one that is read anew shows that it is being read.
    DocumentStatus.VERIFIED: Q(verified_at__isnull=False) & (Q(latest=None) | ~Q(latest__state__in=ACTIVE)),
}


class DocumentQuerySet(ScopedQuerySet["Document"]):
    """Documents of a business."""

    def matching(self, term: str) -> Self:
        """Keep those in whose searched text each word of ``term`` stands."""
        rows = self
        for word in normalise(term).split()[:MOST_WORDS]:
            rows = rows.filter(search_text__contains=word)
        return rows

    def with_status(self, *words: str) -> Self:
        """Keep those with one of the labels."""
        condition = Q()
        for word in words:
            condition |= STATUS_CONDITIONS[DocumentStatus(word)]
        return self.filter(condition)


class Document(models.Model):
    """A file that a supplier sent, with what the caller said of it, and what a person verified.

    ``vendor``, ``number``, ``date``, ``total`` and ``currency`` are what it is known by: verified, else read, else
    said. ``search_text`` is normalised by ``accounts.search``.
    """

    id = IdField("doc")
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="documents")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The file
    file_key = models.CharField(max_length=120, editable=False)
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(_("size"))  # bytes
    pages = models.PositiveSmallIntegerField(_("pages"))
    findings = models.JSONField(_("active content"), default=list, blank=True)
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="duplicates"
    )
    # What the caller said of it
    vendor_name = models.CharField(_("vendor"), max_length=200, blank=True)
    vendor_tax_id = models.CharField(_("vendor's tax number"), max_length=200, blank=True)
    invoice_no = models.CharField(_("invoice number"), max_length=200, blank=True)
    invoice_date = models.DateField(_("invoice date"), null=True, blank=True)
    amount = AmountField(_("amount"), null=True, blank=True)
    remarks = models.TextField(_("remarks"), max_length=2000, blank=True)
    # What it is known by
    vendor = models.CharField(max_length=200, blank=True, editable=False)
    vendor_search = models.CharField(max_length=400, blank=True, editable=False)
    number = models.CharField(max_length=200, blank=True, editable=False)
    date = models.DateField(null=True, blank=True, editable=False)
    total = AmountField(null=True, blank=True, editable=False)
    currency = models.CharField(max_length=3, blank=True, editable=False)
    search_text = models.TextField(default="", editable=False)
    # What a person verified
    verified_data = models.JSONField(null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    latest = models.ForeignKey(
        "extraction.Extraction", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    order_key = models.CharField(max_length=100, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["order_key"], condition=~Q(order_key=""), name="document_order_unique"),
        ]
        indexes = [
            models.Index(fields=["business", "-created_at", "-id"], name="document_newest"),
            models.Index(fields=["business", "vendor", "id"], name="document_by_vendor"),
            models.Index(fields=["business", "number", "id"], name="document_by_number"),
            models.Index(fields=["business", "date", "id"], name="document_by_date"),
            models.Index(fields=["business", "total", "id"], name="document_by_total"),
            models.Index(fields=["business", "currency", "-created_at"], name="document_by_currency"),
            models.Index(fields=["business", "verified_at", "-created_at"], name="document_by_verification"),
            models.Index(fields=["business", "sha256"], name="document_by_content"),
        ]

    def __str__(self) -> str:
        return self.number or self.file_name

    @property
    def status(self) -> DocumentStatus:
        """How it stands; needs ``latest``."""
        state = self.latest.state if self.latest else None
        if state == QueueState.QUEUED:
            return DocumentStatus.QUEUED
        if state == QueueState.RUNNING:
            return DocumentStatus.PROCESSING
        if self.verified_at:
            return DocumentStatus.VERIFIED
        if state is None:
            return DocumentStatus.NEW
        return DocumentStatus.DONE if state == QueueState.DONE else DocumentStatus.FAILED


class SupportingFile(models.Model):
    """A paper that came with a document, of any type; it is kept and handed back, never opened."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="supporting")
    position = models.PositiveSmallIntegerField()
    file_key = models.CharField(max_length=120, editable=False)
    file_name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveIntegerField(_("size"))  # bytes

    class Meta:
        verbose_name = _("supporting file")
        verbose_name_plural = _("supporting files")
        constraints = [models.UniqueConstraint(fields=["document", "position"], name="supporting_file_place")]

    def __str__(self) -> str:
        return self.file_name
