"""Finding out what became of a refund whose answer never came."""

from __future__ import annotations

from django.utils import timezone

from accounts.queue import Lease, PermanentError
from payments.choices import RefundState
from payments.errors import NotConfigured
from payments.gateways.base import PermanentFailure
from payments.models import GatewayRefund
from payments.services.refunds import settled, till_of_payment


def find_out(row: GatewayRefund, lease: Lease) -> None:
    """Look for the refund at the gateway: book it if it was made, else set its amount free again."""
    payment = row.payment
    try:
        till = till_of_payment(payment)
        known = till.gateway.read_payment(str(payment.external_id))
    except (PermanentFailure, NotConfigured) as failure:
        raise PermanentError(str(failure)) from failure
    made = next((refund for refund in known.returned if refund.reference == row.pk), None)
    with lease.finish():
        if row.status != RefundState.ASKED:
            return
        if made is None:
            GatewayRefund.objects.filter(pk=row.pk).update(status=RefundState.FAILED, last_error="It was never made.")
        else:
            settled(row, made, is_own=till.is_own, at=timezone.now())
