"""What a gateway's events change here: money received and returned, disputes, tries that failed.

Whatever the order and however often they come, the ledger ends at what the stored events say together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from accounts.choices import QueueState
from accounts.errors import AppError
from accounts.identifiers import new_token
from accounts.tenancy import Actor
from invoicing.models import Invoice, Payment, Refund
from invoicing.services.received import book_received, book_returned, note, overpaid, reopen_refund, take_back_refund
from invoicing.services.refund_notes import write_refund_note
from payments.choices import DisputeState, Outcome, RefundState, RequestState
from payments.gateways.base import Disputed, Message, Received, Returned
from payments.models import Dispute, GatewayRefund, PaymentRequest, WebhookEvent
from payments.queries import payment_of, stale_requests
from payments.services import notices
from payments.services.accounts import INSTALLATION, same_till
from payments.services.lookups import LOOKUP
from payments.services.requests import close

BACK: Final = ("charge.refund", "refund.")  # how the types of events about money that went back begin


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an event, for its row."""

    outcome: Outcome
    note: str = ""
    invoice: Invoice | None = None


def read(payload: Mapping[str, object]) -> Message:
    """Return a stored event in our words."""
    message: Message = import_string("payments.gateways.stripe.message_of")(payload)
    return message


def fetched(event: WebhookEvent) -> Received | None:
    """Return what the gateway says now of the session that a look-up names. Raises ``TransientFailure``."""
    assert event.invoice is not None  # what is looked up is an invoice's
    till = same_till(event.invoice.business, is_own=event.account != INSTALLATION)
    return till.gateway.read_checkout(str(event.payload["session"]))


def apply(event: WebhookEvent, *, at: datetime, found: Received | None = None) -> Result:
    """Apply one stored event, or what a look-up ``found``, in the caller's transaction."""
    received, told_at = found, event.created_at
    if event.type != LOOKUP:
        message = read(event.payload)
        received = message.received
    if received is None:
        return Result(Outcome.IGNORED, "It changes nothing.")
    request = request_of(event.account, received)
    payment = booked(event.account, received, request)
    invoice = payment.invoice if payment else request.invoice if request else None
    if invoice is None:
        waits = received.returned_amount or received.returned or received.dispute
        return Result(Outcome.WAITING if waits else Outcome.IGNORED, "No invoice of ours is known by it.")
    # All that concerns one invoice happens one after another.
    invoice = Invoice.objects.select_for_update(of=("self",)).select_related("business").get(pk=invoice.pk)
    if received.paid and payment is None:
        assert request is not None  # the invoice is known by it
        if problem := mismatch(request, received):
            return Result(Outcome.PARKED, problem, invoice)
        payment = take(request, received, invoice, at=at, received_at=received.received_at or told_at)
    if payment is not None:
        settle_with_events(event.account, payment, received, at=at)
    elif received.returned or received.returned_amount or received.dispute:
        return Result(Outcome.WAITING, "The payment itself was not told yet.", invoice)
    if received.failure and payment is None:
        told_failure(invoice, received, at=at)
    return Result(Outcome.APPLIED, "", invoice)


def request_of(account: str, received: Received) -> PaymentRequest | None:
    """Return the request that a payment came by, of the account that the event is of."""
    rows = PaymentRequest.objects.select_related("invoice__business")
    rows = (
        rows.filter(own_account=False) if account == INSTALLATION else rows.filter(own_account=True, business=account)
    )
    known = Q(pk=received.reference) | Q(external_id__in=received.request_ids)
    return (
        rows.filter(known).order_by("state", "-created_at").first()
        if received.reference or received.request_ids
        else None
    )


def booked(account: str, received: Received, request: PaymentRequest | None) -> Payment | None:
    """Return the row that the payment was booked as, or None."""
    if not received.payment_id:
        return None
    if account != INSTALLATION:
        return payment_of(account, received.payment_id)
    if request is not None:
        return payment_of(request.business_id, received.payment_id)
    rows = Payment.objects.select_related("invoice__business").filter(external_id=received.payment_id)
    return rows.filter(invoice__payment_requests__own_account=False).first()


def mismatch(request: PaymentRequest, received: Received) -> str:
    """Return how what was paid differs from what was asked for, for staff; an empty text when it does not."""
    if received.currency != request.currency:
        return f"Paid in {received.currency}, asked for in {request.currency}."
    if received.amount != request.amount:
        return f"{received.amount} {received.currency} was paid, {request.amount} was asked for."
    return ""


def take(
    request: PaymentRequest, received: Received, invoice: Invoice, *, at: datetime, received_at: datetime
) -> Payment:
    """Book a payment, and tell owner and client."""
    assert received.amount is not None  # what is paid has an amount
    payment = book_received(
        invoice=invoice,
        actor=Actor.system(invoice.business_id),
        at=at,
        amount=received.amount,
        external_id=received.payment_id,
        received_at=min(received_at, at),
        rest=request.rest,
    )
    PaymentRequest.objects.filter(pk=request.pk).update(
        state=RequestState.PAID, gateway_invoice=received.gateway_invoice or request.gateway_invoice
    )
    settled = Invoice.objects.select_related("business", "client").get(pk=invoice.pk)
    for other in stale_requests(at=at).filter(invoice=invoice):
        close(other, reason="paid")
    notices.received(payment, settled, overpaid=overpaid(settled), at=at)
    return payment


def settle_with_events(account: str, payment: Payment, received: Received, *, at: datetime) -> None:
    """Bring the ledger to what all stored events of a payment, and ``received`` itself, say of its money."""
    events = WebhookEvent.objects.filter(account=account, payment_id=payment.external_id).order_by("created_at", "id")
    told = [message.received for message in (read(row.payload) for row in events.filter(back_or_dispute()))]
    # What is told now comes first: it may be older than what was stored before.
    facts = [fact for fact in (received, *told) if fact is not None]
    settle_refunds(payment, facts, at=at)
    for dispute in [fact.dispute for fact in facts if fact.dispute is not None]:
        settle_dispute(payment, dispute, at=at)
    events.filter(outcome=Outcome.WAITING).update(outcome=Outcome.APPLIED, applied_at=at, note="")


def back_or_dispute() -> Q:
    """Return the condition of events about money that went back, or may."""
    condition = Q(type__startswith="charge.dispute.")
    for prefix in BACK:
        condition |= Q(type__startswith=prefix)
    return condition


def settle_refunds(payment: Payment, facts: Iterable[Received], *, at: datetime) -> None:
    """Bring the refunds of a payment to what went back as far as one knows by now.

    The gateway's cumulative amount and its refunds one by one are two views of the same money: the larger one holds.
    What is known by the cumulative amount alone is booked as a rest, which a refund that is told later takes over.
    """
    each, most = refunds_told(payment, facts)
    arrived = sum((refund.amount for refund in each.values() if not refund.failed), Decimal(0))
    failed = sum((refund.amount for refund in each.values() if refund.failed), Decimal(0))
    target = min(max(arrived, most - failed), payment.amount)
    disputes = Dispute.objects.filter(payment=payment).values("external_id")
    rows = Refund.objects.filter(payment=payment).exclude(external_id=None).exclude(external_id__in=disputes)
    booked = {str(row.external_id): row for row in rows.select_related("payment__invoice").order_by("created_at", "pk")}
    for row in [row for key, row in booked.items() if key in each and each[key].failed]:
        strike(row, at=at)
        del booked[str(row.external_id)]
    rests = [row for key, row in booked.items() if key not in each]
    missing = target - sum((row.amount for row in booked.values()), Decimal(0))
    for refund in each.values():
        if refund.failed or refund.external_id in booked:
            continue
        if refund.amount <= missing:
            book_refund(payment, refund, at=at)
            missing -= refund.amount
        elif rest := next((row for row in rests if row.amount >= refund.amount), None):
            take_over(rest, refund, at=at)
            rests = [row for row in rests if row.amount]
    if missing > 0:
        nameless = Returned(f"{payment.external_id}:{new_token(8)}", missing, payment.currency)
        book_refund(payment, nameless, at=at)
    for row in reversed(rests):
        if missing < 0:
            strike(row, at=at, amount=min(row.amount, -missing))
            missing += min(row.amount, -missing)


def take_over(rest: Refund, refund: Returned, *, at: datetime) -> None:
    """Name what was booked without a name: all of a row, or a part of it that becomes a row of its own."""
    named = Refund(
        business_id=rest.business_id,
        payment=rest.payment,
        amount=refund.amount,
        lowers_paid=rest.lowers_paid,
        external_id=refund.external_id,
    )
    rest.amount -= refund.amount
    if rest.amount:
        rest.save(update_fields=["amount"])
    else:
        rest.delete()
    order = order_of(rest.payment, refund)
    named.reason = order.reason if order else ""
    named.save(force_insert=True)
    if order is not None:
        link(order, named)
        if order.reopen:
            reopen_refund(refund=named, actor=who_ordered(order), at=at)
        credit(named, order, actor=who_ordered(order), at=at)


def refunds_told(payment: Payment, facts: Iterable[Received]) -> tuple[dict[str, Returned], Decimal]:
    """Return the refunds of a payment by their id, and the largest cumulative amount. One that failed stays failed."""
    each: dict[str, Returned] = {}
    most = Decimal(0)
    for fact in facts:
        most = max(most, fact.returned_amount or Decimal(0))
        for refund in fact.returned:
            before = each.get(refund.external_id)
            if before is None or not before.failed:
                each[refund.external_id] = refund
    for order in GatewayRefund.objects.filter(payment=payment).exclude(external_id=""):
        failed = order.status == RefundState.FAILED
        each.setdefault(order.external_id, Returned(order.external_id, order.amount, payment.currency, failed))
    return each, most


def order_of(payment: Payment, returned: Returned) -> GatewayRefund | None:
    """Return the order of a refund: by its id, or by our name where Stripe tells of it before it has answered us."""
    known = Q(external_id=returned.external_id) | Q(external_id="", pk=returned.reference)
    return GatewayRefund.objects.filter(known, payment=payment).first()


def book_refund(payment: Payment, returned: Returned, *, at: datetime) -> Refund:
    """Book one refund, as who ordered it here ordered it, else as Stripe's own."""
    order = order_of(payment, returned)
    actor = who_ordered(order) if order else Actor.system(payment.business_id)
    refund = book_returned(
        payment=payment,
        actor=actor,
        at=at,
        amount=returned.amount,
        external_id=returned.external_id,
        reason=order.reason if order else "",
        reopen=bool(order and order.reopen),
    )
    if order is not None:
        link(order, refund)
        credit(refund, order, actor=actor, at=at)
    return refund


def link(order: GatewayRefund, refund: Refund) -> None:
    """Note as what an order was booked, and that nothing is left to find out."""
    GatewayRefund.objects.filter(pk=order.pk).update(
        refund=refund, external_id=refund.external_id, status=RefundState.BOOKED, state=QueueState.DONE
    )


def credit(refund: Refund, order: GatewayRefund, *, actor: Actor, at: datetime) -> None:
    """Write the credit note that was asked for with a refund; the money is booked even where it cannot be any more."""
    if order.credit_items is None or refund.credit_note_id:
        return
    try:
        with transaction.atomic():
            write_refund_note(refund, order.credit_items, actor=actor, at=at)
    except AppError as refused:
        GatewayRefund.objects.filter(pk=order.pk).update(last_error=f"No credit note was written: {refused.detail}")


def who_ordered(order: GatewayRefund) -> Actor:
    """Return who ordered a refund here, with all that is needed to book it."""
    system = Actor.system(order.business_id)
    return Actor(roles=system.roles, user_id=order.actor_id, name=order.actor_name) if order.actor_id else system


def strike(refund: Refund, *, at: datetime, amount: Decimal | None = None) -> None:
    """Take a refund, or ``amount`` of it, that failed out of the ledger, and tell the owner."""
    GatewayRefund.objects.filter(refund=refund).update(refund=None, status=RefundState.FAILED)
    invoice, back = refund.payment.invoice, refund.amount if amount is None else amount
    take_back_refund(refund=refund, actor=Actor.system(refund.business_id), at=at, amount=amount)
    notices.trouble("refund_failed", invoice, amount=back, at=at)


def settle_dispute(payment: Payment, told: Disputed, *, at: datetime) -> None:
    """Flag a payment that is disputed; a lost dispute is money that went back."""
    dispute, is_new = Dispute.objects.get_or_create(
        business_id=payment.business_id,
        external_id=told.external_id,
        defaults={"payment": payment, "amount": told.amount, "state": told.state, "opened_at": at},
    )
    data = {"amount": str(told.amount), "currency": payment.currency}
    actor = Actor.system(payment.business_id)
    if is_new:
        note(invoice=payment.invoice, event="disputed", actor=actor, at=at, data=data)
        notices.trouble("disputed", payment.invoice, amount=told.amount, at=at)
    elif dispute.state != DisputeState.OPEN or told.state == DisputeState.OPEN:
        return
    if told.state == DisputeState.OPEN:
        return
    Dispute.objects.filter(pk=dispute.pk).update(state=told.state)
    if told.state == DisputeState.WON:
        note(invoice=payment.invoice, event="dispute_won", actor=actor, at=at, data=data)
    else:
        book_returned(
            payment=payment, actor=actor, at=at, amount=told.amount, external_id=told.external_id, event="dispute_lost"
        )  # fmt: skip


def told_failure(invoice: Invoice, received: Received, *, at: datetime) -> None:
    """Note a try that failed, and tell the owner."""
    data = {"reason": received.failure[:300]}
    note(invoice=invoice, event="payment_failed", actor=Actor.system(invoice.business_id), at=at, data=data)
    notices.trouble("payment_failed", invoice, reason=received.failure[:300], at=at)
