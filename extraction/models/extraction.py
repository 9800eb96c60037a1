"""Runs: a document being read by an engine, and each call to one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.choices import QueueState
from accounts.identifiers import IdField
from accounts.models import Business
from accounts.queue import QueuedRow
from accounts.tenancy import ScopedQuerySet
from extraction.choices import AUTO, CallState, Failure, Mode
from extraction.models.document import Document
from extraction.models.price import ModelPrice


def price_field(label: Any = None) -> models.DecimalField[Any, Any]:
    """Return a column for the price of a call, exact to a billionth: a token costs less than a millionth."""
    return models.DecimalField(label, max_digits=18, decimal_places=9, default=0)


class Extraction(QueuedRow):
    """One run over a document. ``data`` is as ``extraction.schema`` stores it: untrusted until a person verified it.

    ``engine`` and ``model`` are what was asked for, ``read_by`` is the engine that answered.
    """

    id = IdField("ext")
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="extractions")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="extractions")
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField()  # grows with each run of the document, and with each change by a person
    engine = models.CharField(_("engine"), max_length=20, default=AUTO)
    read_by = models.CharField(_("read by"), max_length=20, blank=True)
    model = models.CharField(_("model"), max_length=100, blank=True)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode, default=Mode.STANDARD)
    data = models.JSONField(null=True, blank=True)
    confidence = models.JSONField(default=dict, blank=True)
    evidence = models.JSONField(default=dict, blank=True)  # by which the confidence is reckoned, again and again
    checks = models.JSONField(default=list, blank=True)
    corrections = models.JSONField(default=dict, blank=True)  # by field: what a person wrote instead
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    price_usd = price_field(_("price"))
    price_display = price_field()
    display_currency = models.CharField(max_length=3, blank=True)
    display_rate = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    failure = models.CharField(max_length=20, choices=Failure, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ScopedQuerySet["Extraction"].as_manager()

    class Meta(QueuedRow.Meta):
        verbose_name = _("extraction")
        verbose_name_plural = _("extractions")
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="extraction_version_unique"),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(state__in=[QueueState.QUEUED.value, QueueState.RUNNING.value]),
                name="extraction_one_active",
            ),
        ]
        indexes = [
            *QueuedRow.Meta.indexes,
            models.Index(fields=["business", "-created_at", "-id"], name="extraction_newest"),
            models.Index(fields=["business", "state", "-created_at"], name="extraction_by_state"),
            models.Index(fields=["business", "read_by", "-created_at"], name="extraction_by_engine"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} #{self.version}"

    @cached_property
    def earlier(self) -> Extraction | None:
        """The newest run before this one that came to data, or that a person corrected though it came to none."""
        rows = Extraction.objects.filter(document_id=self.document_id, version__lt=self.version)
        return rows.exclude(data__isnull=True, corrections={}).order_by("-version").first()

    @property
    def source(self) -> Extraction:
        """The run whose reading counts: this one, or where it came to no data the newest before it that did, if any."""
        if self.data is not None or self.earlier is None:
            return self
        return self.earlier.source


class EngineCall(models.Model):
    """One call to an engine, also one that failed, with what it cost and the price row it was reckoned by.

    A call to a model is noted before it is made, with the most that it can cost. ``is_estimate`` says that the price is
    still that upper bound: the call goes on, or nobody knows what the provider counted. Among the input tokens are those
    that were cached, among the output tokens those of thoughts.
    """

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="engine_calls")
    extraction = models.ForeignKey(Extraction, null=True, on_delete=models.SET_NULL, related_name="calls")
    engine = models.CharField(_("engine"), max_length=20)
    model = models.CharField(_("model"), max_length=100, blank=True)
    mode = models.CharField(_("mode"), max_length=10, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=CallState, default=CallState.DONE)
    is_answered = models.BooleanField(_("answered"), default=False)
    failure = models.CharField(_("failure"), max_length=20, choices=Failure, blank=True)
    finish_reason = models.CharField(_("finish reason"), max_length=40, blank=True)  # as the provider gave it
    block_reason = models.CharField(_("block reason"), max_length=40, blank=True)  # likewise
    error = models.CharField(_("error"), max_length=500, blank=True)
    input_tokens = models.PositiveIntegerField(default=0)
    cached_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    price_row = models.ForeignKey(ModelPrice, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    price_usd = price_field(_("price"))
    is_estimate = models.BooleanField(_("at most"), default=False)
    price_display = price_field()
    display_currency = models.CharField(max_length=3, blank=True)
    display_rate = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    called_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["EngineCall"].as_manager()

    class Meta:
        verbose_name = _("engine call")
        verbose_name_plural = _("engine calls")
        indexes = [
            models.Index(fields=["business", "called_at"], name="engine_call_by_time"),
            models.Index(fields=["called_at"], name="engine_call_begun", condition=Q(state="begun")),
        ]

    def __str__(self) -> str:
        return f"{self.engine} {self.called_at:%Y-%m-%d}"
