"""The refresh tokens that follow from one login."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts.identifiers import IdField


class TokenFamily(models.Model):
    """One login through the API. Only its newest refresh token is good; an older one coming back ends the family."""

    id = IdField("fam")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="token_families")
    current_jti = models.CharField(max_length=40)
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.id
