"""Who is billed."""

from __future__ import annotations

import json
from typing import Self

from django.db import connections, models
from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, Lower, StrIndex
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language
from accounts.identifiers import IdField
from accounts.models import Business
from accounts.search import normalise
from accounts.tenancy import ScopedQuerySet
from clients.choices import ClientType

MOST_WORDS = 10  # of a search; what follows narrows nothing any more


class ClientQuerySet(ScopedQuerySet["Client"]):
    """Clients of a business."""

    def active(self) -> Self:
        """Keep those that are not archived."""
        return self.filter(archived_at=None)

    def matching(self, term: str) -> Self:
        """Keep those in whose searched text each word of ``term`` stands."""
        rows = self
        for word in normalise(term).split()[:MOST_WORDS]:
            rows = rows.filter(search_text__contains=word)
        return rows

    def in_category(self, category: str) -> Self:
        """Keep those that bear a category, exactly as written."""
        # Django writes JSON into SQLite in ASCII; jsonb prints itself in Unicode.
        needle = json.dumps(category, ensure_ascii=connections[self.db].vendor == "sqlite")
        place = StrIndex(Cast("categories", TextField()), Value(needle))
        return self.alias(category_place=place).filter(category_place__gt=0)


class Client(models.Model):
    """A business or a person who is billed. ``search_text`` is normalised by ``accounts.search``."""

    id = IdField("cli")
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="clients")
    type = models.CharField(_("type"), max_length=10, choices=ClientType, default=ClientType.BUSINESS)
    name = models.CharField(_("name"), max_length=200)
    name_ar = models.CharField(_("name in Arabic"), max_length=200, blank=True)
    contact_name = models.CharField(_("contact"), max_length=200, blank=True)
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=30, blank=True)
    cr_number = models.CharField(_("commercial registration"), max_length=50, blank=True)
    tax_ids = models.JSONField(_("other tax numbers"), default=list, blank=True)
    vat_registered = models.BooleanField(_("registered for VAT"), default=True)
    address = models.JSONField(_("address"), default=dict, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, editable=False)  # the address's, for filters
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    categories = models.JSONField(_("categories"), default=list, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True)
    send_mail = models.BooleanField(_("mail automatically"), default=True)
    notes = models.TextField(_("notes"), max_length=5000, blank=True)
    search_text = models.TextField(editable=False, default="")
    version = models.PositiveIntegerField(default=1, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        constraints = [
            models.UniqueConstraint("business", Lower("email"), condition=~Q(email=""), name="client_email_unique"),
            models.CheckConstraint(condition=Q(type__in=ClientType.values), name="client_type_known"),
        ]
        indexes = [
            models.Index(fields=["business", "-created_at", "-id"], name="client_newest"),
            models.Index(fields=["business", "name", "id"], name="client_by_name"),
            models.Index(fields=["business", "country"], name="client_by_country"),
            models.Index(fields=["business", "updated_at", "id"], name="client_by_update"),
        ]

    def __str__(self) -> str:
        return self.name
