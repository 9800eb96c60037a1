"""What a client was asked to pay at a gateway."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import IdField, new_token
from accounts.models import Business
from accounts.queue import QueuedRow
from accounts.tenancy import ScopedQuerySet
from invoicing.models import Invoice
from invoicing.models.fields import AmountField
from payments.choices import RequestKind, RequestState


def call_key() -> str:
    """Return a new key that makes a call to a gateway idempotent."""
    return new_token(32)


class RequestQuerySet(ScopedQuerySet["PaymentRequest"]):
    """Requests for money of a business."""

    def open(self, *, at: datetime) -> Self:
        """Keep those that can be paid at a moment."""
        return self.filter(state=RequestState.OPEN).filter(Q(expires_at=None) | Q(expires_at__gt=at))


class PaymentRequest(models.Model):
    """A payment link, or a session of a checkout, for an amount of an invoice.

    ``amount`` is what the gateway asks for; ``rest`` what it cannot ask for, below a hundredth of the currency.
    ``call_key`` was stored before the gateway was called.
    """

    id = IdField("prq")
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="payment_requests")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payment_requests")
    kind = models.CharField(_("kind"), max_length=10, choices=RequestKind)
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.NEW)
    own_account = models.BooleanField(_("by the business's own account"), default=False)
    amount = AmountField(_("amount"))
    rest = AmountField(_("rounding"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    call_key = models.CharField(max_length=40, unique=True, default=call_key, editable=False)
    order_key = models.CharField(max_length=64, blank=True, editable=False)  # of the caller who may order again
    external_id = models.CharField(_("id at the gateway"), max_length=255, null=True, blank=True)
    gateway_invoice = models.CharField(_("invoice at the gateway"), max_length=255, blank=True)
    url = models.URLField(_("address"), max_length=2000, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"))

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for payment")
        verbose_name_plural = _("requests for payment")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, rest__gte=0), name="request_amount_positive"),
            models.UniqueConstraint(
                fields=["own_account", "business", "external_id"], name="request_external_id_unique"
            ),
        ]
        indexes = [
            models.Index(fields=["invoice", "kind", "-created_at"], name="request_of_invoice"),
            models.Index(fields=["state", "expires_at"], name="request_open", condition=Q(state="open")),
            models.Index(fields=["external_id"], name="request_external_id"),
            models.Index(fields=["order_key"], name="request_order_key", condition=~Q(order_key="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.external_id or self.pk}"

    def is_payable(self, *, at: datetime) -> bool:
        """Return whether it can still be paid."""
        return self.state == RequestState.OPEN and (self.expires_at is None or self.expires_at > at)


class LinkChange(QueuedRow):
    """The order to close a request at the gateway: nothing is due any more, or another amount is."""

    request = models.OneToOneField(PaymentRequest, on_delete=models.CASCADE, related_name="closing")
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(QueuedRow.Meta):
        verbose_name = _("link to close")
        verbose_name_plural = _("links to close")

    def __str__(self) -> str:
        return f"close {self.request_id}"
