"""The lines of an invoice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import IdField
from invoicing.choices import ItemType, TaxCategory
from invoicing.models.fields import AmountField
from invoicing.models.invoice import Invoice


class Line(models.Model):
    """One thing that is billed, with its amounts as ``invoicing.domain.totals`` reckons them."""

    id = IdField("itm")
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    parent_line = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="lines_of_notes"
    )
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    name_ar = models.CharField(_("name in Arabic"), max_length=200, blank=True)
    description_ar = models.TextField(_("description in Arabic"), max_length=2000, blank=True)
    sku = models.CharField(_("SKU"), max_length=100, blank=True)
    type = models.CharField(_("type"), max_length=10, choices=ItemType, default=ItemType.SERVICE)
    quantity = models.DecimalField(_("quantity"), max_digits=21, decimal_places=6)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    unit_price = models.DecimalField(_("unit price"), max_digits=21, decimal_places=6)
    discount_rate = models.DecimalField(_("discount"), max_digits=7, decimal_places=4, default=0)
    tax_rate = models.DecimalField(_("tax rate"), max_digits=7, decimal_places=4, default=0)
    tax_category = models.CharField(_("tax category"), max_length=2, choices=TaxCategory, default=TaxCategory.STANDARD)
    exemption_reason = models.CharField(_("exemption reason"), max_length=300, blank=True)
    subtotal = AmountField(default=0)
    discount_amount = AmountField(default=0)
    net_amount = AmountField(default=0)
    tax_amount = AmountField(default=0)
    total = AmountField(default=0)

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="line_position_unique"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="line_price_not_negative"),
            models.CheckConstraint(
                condition=Q(tax_rate__gte=0, tax_rate__lte=100, discount_rate__gte=0, discount_rate__lte=100),
                name="line_rates_0_to_100",
            ),
            models.CheckConstraint(condition=Q(tax_category__in=TaxCategory.values), name="line_category_known"),
        ]

    def __str__(self) -> str:
        return self.name
