"""What gateways tell of money: it came, it went back, it was tried in vain. Told twice, it is booked once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.tenancy import Actor
from invoicing.choices import PaymentMethod
from invoicing.domain import lifecycle
from invoicing.domain.settling import money_of, settle, sum_of
from invoicing.models import Invoice, Payment, Refund

LINKED = "payment_link_created"  # the event that a link was made at a gateway: the client may have it
ROUNDING = ":rounding"  # ends the external id of what was too small for the gateway to ask for


def book_received(
    *,
    invoice: Invoice,
    actor: Actor,
    at: datetime,
    amount: Decimal,
    external_id: str,
    received_at: datetime,
    rest: Decimal = Decimal(0),
) -> Payment:
    """Book a gateway's payment, whatever is due by now; more than that is an overpayment.

    ``rest`` is what the gateway could not ask for, booked as received where it is all that would stay due. A payment
    whose ``external_id`` is booked already is returned as it is.
    """
    with transaction.atomic():
        locked = lifecycle.lock(invoice.pk)
        rows = Payment.objects.filter(business_id=locked.business_id)
        booked = rows.filter(external_id=external_id).first()
        if booked is not None:
            return booked
        details: dict[str, Any] = {"amount": str(amount), "currency": locked.currency, "method": PaymentMethod.STRIPE}
        with lifecycle.change(locked, "receive", event="payment_received", actor=actor, at=at, data=details) as changed:
            payment = _book(changed, amount, external_id, received_at, PaymentMethod.STRIPE)
            details["payment"] = payment.pk
            settle(changed, at=at)
            if rest and changed.amount_due == rest:
                _book(changed, rest, external_id + ROUNDING, received_at, PaymentMethod.ROUNDING)
                settle(changed, at=at)
            if over := overpaid(changed):
                details["overpaid"] = str(over)
            stay_cancelled(changed)
    return payment


def _book(invoice: Invoice, amount: Decimal, external_id: str, received_at: datetime, method: str) -> Payment:
    return Payment.objects.create(
        business_id=invoice.business_id,
        invoice=invoice,
        amount=amount,
        currency=invoice.currency,
        method=method,
        received_at=received_at,
        reference=external_id,
        external_id=external_id,
    )


def book_returned(
    *,
    payment: Payment,
    actor: Actor,
    at: datetime,
    amount: Decimal,
    external_id: str,
    reason: str = "",
    reopen: bool = False,
    event: str = "refund_recorded",
) -> Refund:
    """Book what a gateway sent back; one whose ``external_id`` is booked already is returned as it is.

    With ``reopen``, or on an invoice not paid in full, it is due again; of an overpayment nothing is.
    """
    with transaction.atomic():
        locked = lifecycle.lock(payment.invoice_id)
        booked = Refund.objects.filter(business_id=locked.business_id, external_id=external_id).first()
        if booked is not None:
            return booked
        details = {"amount": str(amount), "currency": locked.currency, "payment": payment.pk, "method": payment.method}
        with lifecycle.change(locked, "refund", event=event, actor=actor, at=at, data=details) as changed:
            refund = Refund.objects.create(
                business_id=changed.business_id,
                payment=payment,
                amount=amount,
                reason=reason,
                lowers_paid=reopen or changed.amount_due > 0 or amount <= overpaid(changed),
                external_id=external_id,
            )
            details["refund"] = refund.pk
            settle(changed, at=at)
            stay_cancelled(changed)
    return refund


def reopen_refund(*, refund: Refund, actor: Actor, at: datetime) -> None:
    """Let what was returned be due again: its order wished so, and the gateway told of it before the order was known."""
    if refund.lowers_paid:
        return
    details = {"amount": str(refund.amount), "currency": refund.payment.currency, "refund": refund.pk}
    row = refund.payment.invoice
    with lifecycle.change(row, "refund", event="refund_reopened", actor=actor, at=at, data=details) as changed:
        refund.lowers_paid = True
        refund.save(update_fields=["lowers_paid"])
        settle(changed, at=at)
        stay_cancelled(changed)


def take_back_refund(*, refund: Refund, actor: Actor, at: datetime, amount: Decimal | None = None) -> None:
    """Strike a refund, or ``amount`` of it, that did not arrive: the gateway kept the money for the business."""
    back = refund.amount if amount is None else min(amount, refund.amount)
    with transaction.atomic():
        locked = lifecycle.lock(refund.payment.invoice_id)
        details = {"amount": str(back), "currency": locked.currency, "refund": refund.pk}
        with lifecycle.change(locked, "refund", event="refund_failed", actor=actor, at=at, data=details) as changed:
            if back == refund.amount:
                refund.delete()
            else:
                Refund.objects.filter(pk=refund.pk).update(amount=refund.amount - back)
            settle(changed, at=at)
            stay_cancelled(changed)


def note(*, invoice: Invoice, event: str, actor: Actor, at: datetime, data: dict[str, Any]) -> None:
    """Write into the timeline what changed nothing in the ledger."""
    with lifecycle.change(Invoice(pk=invoice.pk), "note", event=event, actor=actor, at=at, data=data):
        pass


def stay_cancelled(invoice: Invoice) -> None:
    """Let a cancelled invoice ask for nothing, whatever came in for it."""
    if invoice.cancelled_at:
        invoice.amount_due = Decimal(0)


def overpaid(invoice: Invoice) -> Decimal:
    """Return what was paid beyond what the invoice asks for, and has not gone back."""
    money, booked = money_of(invoice), sum_of(Payment.objects.filter(invoice=invoice))
    asked = Decimal(0) if invoice.cancelled_at else max(invoice.total - invoice.amount_credited, Decimal(0))
    over: Decimal = min(invoice.amount_paid, booked - invoice.amount_refunded) - asked
    back: Decimal = max(min(over, money - invoice.amount_refunded), Decimal(0))
    return back


def left_of(payment: Payment) -> Decimal:
    """Return what of a payment has not gone back."""
    return Decimal(payment.amount) - sum_of(Refund.objects.filter(payment=payment))
