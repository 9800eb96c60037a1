"""Sending money back at the gateway that took it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import QueueState
from accounts.errors import InProgress, LostUpdate
from accounts.queue import LEASE
from accounts.services.idempotency import KEPT_FOR
from accounts.tenancy import Actor, require
from invoicing.errors import InvalidInvoice, MoreThanLeft
from invoicing.models import Invoice, Payment, Refund
from invoicing.money import round_money
from invoicing.services.received import left_of, overpaid
from invoicing.services.refund_notes import check_note
from invoicing.services.settlement import clean_refund, record_refund, version_of
from payments.choices import RefundState, RequestState
from payments.errors import GatewayDown, GatewayRefused
from payments.gateways.base import PermanentFailure, Received, Returned, TransientFailure
from payments.models import GatewayRefund, PaymentRequest, WebhookEvent
from payments.queries import is_at_gateway, refunds_under_way
from payments.services.accounts import INSTALLATION, Till, same_till
from payments.services.receiving import settle_with_events
from payments.services.requests import CALL_LASTS


def refund_payment(
    *,
    payment: Payment,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any],
    version: int | None = None,
    order_key: str = "",
) -> Refund:
    """Return money of a payment, as ``clean_refund`` reads it; of a Stripe payment at Stripe.

    ``order_key`` names an order that may have been begun before, and is then finished. Raises what ``record_refund``
    raises, ``GatewayDown`` when Stripe does not answer, ``GatewayRefused``,
    ``NotConfigured``, and ``InProgress`` while it is not known what became of an earlier refund.
    """
    if not is_at_gateway(payment):
        return record_refund(payment=payment, actor=actor, at=at, data=data, version=version)
    require(actor, payment.business_id, "write")
    till = till_of_payment(payment)
    order = begun(order_key, at=at)
    if order is not None and order.refund is not None:
        return order.refund
    if order is None:
        values = clean_refund(payment, data) | {"order_key": order_key}
        order = write_down(payment, values, till, actor=actor, at=at, version=version)
    returned = called(order, till)
    refund = settled(order, returned, is_own=till.is_own, at=at)
    if refund is None:
        raise GatewayRefused(_("Stripe could not make the refund."))
    return refund


def begun(order_key: str, *, at: datetime) -> GatewayRefund | None:
    """Return the order that an earlier try of the same caller began and that did not fail, or None."""
    rows = GatewayRefund.objects.select_related("refund", "payment").filter(order_key=order_key)
    rows = rows.filter(created_at__gt=at - KEPT_FOR).exclude(status=RefundState.FAILED)
    return rows.first() if order_key else None


def refund_overpaid(*, invoice: Invoice, actor: Actor, at: datetime) -> list[Refund]:
    """Return in one step what was paid beyond what is asked, of the newest payments first."""
    refunds = []
    payments = list(Payment.objects.filter(invoice=invoice).order_by("-received_at", "-pk"))
    # Read before it is known how much: who sends it at the same time changes them, and one of both is refused.
    versions = {payment.pk: version_of(payment) for payment in payments}
    rest = overpaid(Invoice.objects.get(pk=invoice.pk))
    for payment in payments:
        part = min(rest, left_of(payment))
        if is_at_gateway(payment):
            part = till_of_payment(payment).gateway.returnable(part, payment.currency)
        if part > 0:
            version = versions[payment.pk]
            refunds.append(refund_payment(payment=payment, actor=actor, at=at, data={"amount": part}, version=version))
            rest -= part
    return refunds


def write_down(
    payment: Payment, values: Mapping[str, Any], till: Till, *, actor: Actor, at: datetime, version: int | None
) -> GatewayRefund:
    """Store the order with the key of its call. Its job runs only if this process does not come to the end."""
    with transaction.atomic():
        Invoice.objects.select_for_update(of=("self",)).get(pk=payment.invoice_id)
        if version is not None and version != version_of(payment):
            raise LostUpdate
        if refunds_under_way(payment).exists():
            raise InProgress(
                _("An earlier refund is still being cleared up. Try again in a few minutes."), retry_after=60
            )
        left = left_of(payment)
        amount = values.get("amount") or left
        if amount > left or not left:
            shown = f"{round_money(left, payment.currency)} {payment.currency}"
            sentence = _("Of this payment %(left)s is left to refund.") % {"left": shown}
            raise MoreThanLeft(sentence, errors={"amount": [sentence]})
        if till.gateway.returnable(amount, payment.currency) != amount:
            sentence = _("In %(currency)s Stripe returns amounts whose last digit is 0.") % {
                "currency": payment.currency
            }
            raise InvalidInvoice(errors={"amount": [sentence]})
        items = None
        if values.get("credit_note"):
            items = storable(values["items"])
            check_note(payment.invoice, amount, values.get("reason", ""), items, actor=actor, at=at)
        return GatewayRefund.objects.create(
            business_id=payment.business_id,
            payment=payment,
            amount=amount,
            reason=values.get("reason", ""),
            reopen=values.get("reopen", False),
            credit_items=items,
            order_key=values.get("order_key", ""),
            actor_id=actor.api_key_id or actor.user_id or "",
            actor_name=actor.name[:200],
            created_at=at,
            run_after=at + LEASE,
        )


def storable(items: list[Any] | None) -> list[Any]:
    """Return the lines of a credit note as JSON keeps them, numbers as texts; empty where none were chosen."""
    return [
        {name: str(value) if isinstance(value, Decimal) else value for name, value in item.items()}
        if isinstance(item, Mapping)
        else item
        for item in items or []
    ]


def till_of_payment(payment: Payment) -> Till:
    """Return the account that took a payment: whose events tell of it. Raises ``NotConfigured``."""
    accounts = (INSTALLATION, payment.business_id)
    told = WebhookEvent.objects.filter(account__in=accounts, payment_id=payment.external_id).first()
    if told is not None:
        return same_till(payment.invoice.business, is_own=told.account != INSTALLATION)
    # It was looked up before anybody told of it.
    rows = PaymentRequest.objects.filter(invoice_id=payment.invoice_id, state=RequestState.PAID)
    request = rows.order_by("-created_at").first()
    return same_till(payment.invoice.business, is_own=bool(request and request.own_account))


def called(order: GatewayRefund, till: Till) -> Returned:
    """Ask the gateway. Raises ``GatewayDown`` (a job finds out what happened) and ``GatewayRefused``."""
    payment = order.payment
    try:
        return till.gateway.refund(
            str(payment.external_id), order.amount, payment.currency, reference=order.pk, key=order.call_key
        )
    except TransientFailure as failure:
        # By then Stripe has carried out what it took, or it never will.
        GatewayRefund.objects.filter(pk=order.pk).update(run_after=timezone.now() + CALL_LASTS)
        raise GatewayDown(_("Stripe does not answer. Whether the refund was made is being found out.")) from failure
    except PermanentFailure as failure:
        GatewayRefund.objects.filter(pk=order.pk).update(
            status=RefundState.FAILED, state=QueueState.FAILED, last_error=failure.message
        )
        sentence = _("Stripe refused the refund: %(words)s") % {"words": failure.message}
        raise GatewayRefused(sentence, reason=failure.message) from failure


def settled(order: GatewayRefund, returned: Returned, *, is_own: bool, at: datetime) -> Refund | None:
    """Book what the gateway said, unless an event was quicker. None: it failed there at once."""
    with transaction.atomic():
        payment = Payment.objects.select_related("invoice__business").get(pk=order.payment_id)
        Invoice.objects.select_for_update(of=("self",)).get(pk=payment.invoice_id)
        status = RefundState.FAILED if returned.failed else RefundState.ASKED
        GatewayRefund.objects.filter(pk=order.pk, refund=None).update(
            external_id=returned.external_id, state=QueueState.DONE, status=status
        )
        account = payment.business_id if is_own else INSTALLATION
        fact = Received(payment_id=str(payment.external_id), returned=(returned,))
        settle_with_events(account, payment, fact, at=at)
        return GatewayRefund.objects.select_related("refund").get(pk=order.pk).refund
