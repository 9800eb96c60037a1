"""Money that is sent back at a gateway."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import IdField
from accounts.models import Business
from accounts.queue import QueuedRow
from accounts.tenancy import ScopedQuerySet
from invoicing.models import Payment, Refund
from invoicing.models.fields import AmountField
from payments.choices import RefundState
from payments.models.request import call_key


class GatewayRefund(QueuedRow):
    """An order to send money back, written before the gateway is called.

    While it is ``asked`` its amount counts as gone. Where the gateway did not answer, a job finds out what happened.
    """

    id = IdField("grf")
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="gateway_refunds")
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="at_gateway")
    status = models.CharField(_("status"), max_length=10, choices=RefundState, default=RefundState.ASKED)
    amount = AmountField(_("amount"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    reopen = models.BooleanField(default=False)
    credit_items = models.JSONField(
        null=True, blank=True
    )  # of the credit note to write with it; empty: those that match
    call_key = models.CharField(max_length=40, unique=True, default=call_key, editable=False)
    order_key = models.CharField(max_length=64, blank=True, editable=False)  # of the caller who may order again
    external_id = models.CharField(_("id at the gateway"), max_length=255, blank=True)
    actor_id = models.CharField(max_length=32, blank=True)
    actor_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet["GatewayRefund"].as_manager()

    class Meta(QueuedRow.Meta):
        verbose_name = _("refund at the gateway")
        verbose_name_plural = _("refunds at the gateway")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="gatewayrefund_positive")]
        indexes = [
            *QueuedRow.Meta.indexes,
            models.Index(fields=["order_key"], name="gatewayrefund_order_key", condition=~Q(order_key="")),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.payment.currency}"
