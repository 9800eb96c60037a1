"""Who sells: the one whose name stands on the invoices."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import Digits, Language, Look, PaperSize, SecondLanguage
from accounts.identifiers import IdField, new_token
from accounts.models.plan import Plan
from accounts.tenancy import Actor, ScopedQuerySet


class BusinessQuerySet(ScopedQuerySet["Business"]):
    """Businesses, scoped by membership."""

    def for_actor(self, actor: Actor, business_id: str | None = None) -> Self:
        """Keep the actor's businesses, or the one of them that is named."""
        return self.filter(pk__in=[each for each in actor.business_ids if business_id in {None, each}])


def default_slug() -> str:
    """Return a slug for a business that has not chosen one."""
    return new_token(10).lower()


def inbox_token() -> str:
    """Return the secret part of a business's webhook inbox address."""
    return new_token(32)


class Business(models.Model):
    """A seller. What is printed on an invoice is copied from here when it is issued."""

    id = IdField("biz")
    name = models.CharField(_("name"), max_length=200)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    legal_name_ar = models.CharField(_("legal name in Arabic"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    language = models.CharField(_("language of invoices"), max_length=2, choices=Language, default=Language.ENGLISH)
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC")
    address = models.JSONField(_("address"), default=dict, blank=True)
    address_ar = models.JSONField(_("address in Arabic"), default=dict, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=30, blank=True)
    cr_number = models.CharField(_("commercial registration"), max_length=50, blank=True)
    tax_ids = models.JSONField(_("other tax numbers"), default=list, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("email"), blank=True)
    website = models.URLField(_("website"), blank=True)
    logo_key = models.CharField(max_length=120, blank=True, editable=False)
    brand_colour = models.CharField(_("colour"), max_length=7, default="#0B6B50")
    look = models.CharField(_("look"), max_length=10, choices=Look, default=Look.MODERN)
    paper_size = models.CharField(_("paper size"), max_length=10, choices=PaperSize, default=PaperSize.A4)
    digits = models.CharField(_("digits in Arabic"), max_length=4, choices=Digits, default=Digits.WESTERN)
    second_language = models.CharField(
        _("second language"), max_length=4, choices=SecondLanguage, default=SecondLanguage.AUTO
    )
    signature_frame = models.BooleanField(_("room for signature and stamp"), default=False)
    bank_details = models.TextField(_("bank details"), max_length=2000, blank=True)
    notes = models.TextField(_("notes on each invoice"), max_length=5000, blank=True)
    footer = models.TextField(_("footer of each invoice"), max_length=1000, blank=True)
    payment_terms = models.CharField(_("payment terms"), max_length=200, blank=True)
    tax_rate = models.DecimalField(_("tax rate"), max_digits=7, decimal_places=4, default=0)
    number_formats = models.JSONField(_("number formats"), default=dict, blank=True)
    next_numbers = models.JSONField(_("first numbers"), default=dict, blank=True)
    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True, default=default_slug)
    payment_link = models.URLField(_("payment link of your own"), max_length=500, blank=True)
    inbox_token = models.CharField(max_length=40, unique=True, default=inbox_token, editable=False)
    plan = models.ForeignKey(Plan, verbose_name=_("plan"), on_delete=models.PROTECT, default="enterprise")
    version = models.PositiveIntegerField(default=1, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = BusinessQuerySet.as_manager()

    class Meta:
        verbose_name = _("business")
        verbose_name_plural = _("businesses")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tax_rate__gte=0, tax_rate__lte=100), name="business_tax_rate_0_to_100"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    look__in=Look.values,
                    paper_size__in=PaperSize.values,
                    digits__in=Digits.values,
                    second_language__in=SecondLanguage.values,
                ),
                name="business_look_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def printed_name(self) -> str:
        """The name for legal papers."""
        return self.legal_name or self.name

    def tax_id(self, kind: str) -> str:
        """Return the tax number of a kind such as ``ICE``, or an empty text."""
        entries: list[dict[str, Any]] = self.tax_ids
        return next((str(entry["value"]) for entry in entries if entry.get("type") == kind), "")
