"""Answers kept so that a repeated request is not carried out twice."""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    """An ``Idempotency-Key`` with the answer that was given; committed together with the request's effect.

    Source: draft-ietf-httpapi-idempotency-key-header.
    """

    actor_key = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, path and body
    status = models.PositiveSmallIntegerField()
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_key", "key"], name="idempotency_key_unique")]

    def __str__(self) -> str:
        return self.key
