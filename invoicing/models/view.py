"""Views of the list of invoices that people keep under names of their own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import IdField
from accounts.models import Business
from accounts.tenancy import ScopedQuerySet

LONGEST_NAME = 40
LONGEST_QUERY = 1000


class SavedView(models.Model):
    """What a person narrows and sorts the list of invoices by, as the query of its address."""

    id = IdField("view")
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="saved_views")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    query = models.CharField(max_length=LONGEST_QUERY)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet["SavedView"].as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["business", "user", "name"], name="saved_view_name_unique")]

    def __str__(self) -> str:
        return self.name
