"""Who sent documents before, as persons verified it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import IdField
from accounts.models import Business
from accounts.tenancy import ScopedQuerySet


class Vendor(models.Model):
    """A supplier of a business, known again by tax number, IBAN or the domain of its addresses.

    ``tax_id`` and ``iban`` are written without separators, in capitals.
    """

    id = IdField("ven")
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="vendors")
    name = models.CharField(_("name"), max_length=200)
    tax_id = models.CharField(_("tax number"), max_length=200, blank=True)
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    domain = models.CharField(_("domain"), max_length=253, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["Vendor"].as_manager()

    class Meta:
        verbose_name = _("vendor")
        verbose_name_plural = _("vendors")
        constraints = [
            models.UniqueConstraint(fields=["business", "tax_id"], condition=~Q(tax_id=""), name="vendor_tax_id_unique")
        ]
        indexes = [
            models.Index(fields=["business", "iban"], name="vendor_by_iban"),
            models.Index(fields=["business", "domain"], name="vendor_by_domain"),
            models.Index(fields=["business", "name"], name="vendor_by_name"),
        ]

    def __str__(self) -> str:
        return self.name
