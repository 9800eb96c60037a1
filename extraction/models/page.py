"""The pages of documents, with their words: read once, used by engines, checks and whoever verifies."""

from __future__ import annotations

from django.db import models

from extraction.models.document import Document


class Page(models.Model):
    """One page; ``words`` and ``hidden`` are as ``extraction.intake.words`` keeps them."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="read_pages")
    number = models.PositiveSmallIntegerField()  # from 1
    width = models.FloatField()  # points
    height = models.FloatField()  # points
    source = models.CharField(max_length=4, blank=True)
    words = models.JSONField(default=list)
    hidden = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="page_number_unique")]
        ordering = ("document", "number")

    def __str__(self) -> str:
        return f"{self.document_id} p. {self.number}"
