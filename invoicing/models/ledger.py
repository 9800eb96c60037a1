"""Money that came in for an invoice, and what went back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import IdField
from accounts.models import Business
from accounts.tenancy import ScopedQuerySet
from invoicing.choices import PaymentMethod
from invoicing.models.fields import AmountField
from invoicing.models.invoice import Invoice


class Payment(models.Model):
    """Money received for an invoice, in its currency. ``external_id`` is a gateway's payment intent."""

    id = IdField("pay")
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="payments")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payments")
    amount = AmountField(_("amount"))
    currency = models.CharField(max_length=3)
    method = models.CharField(_("method"), max_length=20, choices=PaymentMethod)
    received_at = models.DateTimeField(_("received"))
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    external_id = models.CharField(max_length=120, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet["Payment"].as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
            models.UniqueConstraint(fields=["business", "external_id"], name="payment_external_id_unique"),
        ]
        indexes = [
            models.Index(fields=["business", "created_at"], name="payment_by_entry"),
            # With the amount, from which statistics are read without the rows.
            models.Index(fields=["business", "-received_at", "currency", "amount"], name="payment_newest_amounts"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class Refund(models.Model):
    """Money that went back. ``lowers_paid`` makes the amount due again; otherwise the claim stays settled.

    ``credit_note`` is the one that was written with it, if one was.
    """

    id = IdField("rfd")
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = AmountField(_("amount"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    lowers_paid = models.BooleanField(default=False)
    credit_note = models.ForeignKey(
        Invoice, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("credit note")
    )
    external_id = models.CharField(max_length=120, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet["Refund"].as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_positive"),
            models.UniqueConstraint(fields=["business", "external_id"], name="refund_external_id_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.payment.currency}"
