"""Asking for money at a gateway: payment links, sessions of the checkout, and closing them again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.choices import QueueState
from accounts.errors import InProgress, LostUpdate
from accounts.queue import nudge
from accounts.services.idempotency import KEPT_FOR
from accounts.tenancy import Actor, require
from invoicing.choices import DocumentState, InvoiceType
from invoicing.models import Invoice
from invoicing.services.issuing import issue_invoice
from invoicing.services.printing import public_url
from invoicing.services.received import LINKED, note
from payments.choices import RequestKind, RequestState
from payments.errors import GatewayDown, GatewayRefused, LinkIsOpen, NothingDue, TooLarge, TooSmall
from payments.gateways.base import SESSION_ID, Gateway, Order, PermanentFailure, Place, TransientFailure
from payments.models import Account, LinkChange, PaymentRequest
from payments.queries import asks_for
from payments.services.accounts import Till, till_of

LINK_LIVES: Final = timedelta(days=60)  # after the due date, or after it was made, whichever is later
CHECKOUT_LIVES: Final = timedelta(hours=2)  # Stripe takes half an hour to a day
# A session is offered again while the client has this long left to pay.
ENOUGH_TIME: Final = timedelta(minutes=35)
CALL_LASTS: Final = timedelta(seconds=90)  # no call to a gateway takes longer, retries included


def create_link(
    *, invoice: Invoice, actor: Actor, at: datetime, version: int | None = None, order_key: str = ""
) -> PaymentRequest:
    """Make a payment link for all that is due; a draft is issued in the same step.

    ``order_key`` names an order that may have been begun before, and is then finished. A link for another amount or another expiry is replaced. Raises ``LinkIsOpen``, ``NothingDue``, ``TooSmall``,
    ``TooLarge``, ``NotConfigured``, ``GatewayDown``, ``GatewayRefused`` and what ``issue_invoice`` raises; then
    nothing has changed.
    """
    require(actor, invoice.business_id, "write")
    till = till_of(invoice.business)
    before = begun(order_key, at=at)
    if before is not None and before.state != RequestState.NEW:
        return before
    billed = rehearsed(invoice, actor=actor, at=at, version=version) if invoice.is_draft else invoice
    request = before or write_down(
        billed, RequestKind.LINK, till, billed.amount_due, link_expiry(billed, made_at=at), at=at, order_key=order_key
    )
    place = called(request, till.gateway, order_of(billed, request))
    try:
        with transaction.atomic():
            if invoice.is_draft:
                issue_invoice(invoice=invoice, actor=actor, at=at, version=version)
            due = due_now(invoice)
            if due != asks_for(request):
                raise LostUpdate if due else NothingDue
            opened(request, place)
            data = {"amount": str(request.amount), "currency": request.currency, "url": request.url}
            note(invoice=invoice, event=LINKED, actor=actor, at=at, data=data)
    except Exception:
        request.external_id, request.url = place.external_id, place.url
        close(request, reason="not_issued")
        raise
    return request


def begun(order_key: str, *, at: datetime) -> PaymentRequest | None:
    """Return the request that an earlier try of the same caller began and that did not fail, or None."""
    rows = PaymentRequest.objects.filter(order_key=order_key, created_at__gt=at - KEPT_FOR)
    return rows.exclude(state=RequestState.FAILED).first() if order_key else None


def create_checkout(*, invoice: Invoice, at: datetime, amount: Decimal | None = None) -> PaymentRequest:
    """Open a session where the client pays what is due, or a part of it where the business allows that.

    One that is open for the same amount is returned as it is, and one that is just being made for somebody else is
    shared: the key of its call makes them one at the gateway. Raises as ``create_link`` does.
    """
    if invoice.state != DocumentState.ISSUED:
        raise NothingDue
    till = till_of(invoice.business)
    asked = invoice.amount_due if amount is None else amount
    request = write_down(invoice, RequestKind.CHECKOUT, till, asked, at + CHECKOUT_LIVES, at=at)
    if request.state == RequestState.OPEN:
        return request
    place = called(request, till.gateway, order_of(invoice, request))
    with transaction.atomic():
        due = due_now(invoice)
        opened(request, place)
        is_due = asks_for(request) <= due
        if not is_due:
            close(request, reason="stale")
    if not is_due:
        raise NothingDue
    return request


def standing_checkout(invoice: Invoice, till: Till, asked: Decimal, *, at: datetime) -> PaymentRequest | None:
    """Return the session for an amount that is open long enough, or is being made right now, or None."""
    rows = PaymentRequest.objects.filter(invoice=invoice, kind=RequestKind.CHECKOUT, own_account=till.is_own)
    being_made = rows.filter(state=RequestState.NEW, created_at__gt=at - CALL_LASTS)
    found = (*rows.open(at=at + ENOUGH_TIME), *being_made)
    return next((standing for standing in found if asks_for(standing) == asked), None)


def due_now(invoice: Invoice) -> Decimal:
    """Return what is due by now, of a draft as the caller knows it. The invoice is locked until the transaction ends."""
    locked = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
    if locked.state == DocumentState.DRAFT:
        return Decimal(invoice.amount_due)
    return Decimal(locked.amount_due) if locked.state == DocumentState.ISSUED else Decimal(0)


def rehearsed(invoice: Invoice, *, actor: Actor, at: datetime, version: int | None) -> Invoice:
    """Return a draft as it would be issued now, and issue nothing. Raises what ``issue_invoice`` raises."""
    with transaction.atomic():
        issued = issue_invoice(invoice=invoice, actor=actor, at=at, version=version)
        transaction.set_rollback(True)
    issued.number = None  # another may get it meanwhile
    return issued


def link_expiry(invoice: Invoice, *, made_at: datetime) -> datetime:
    """Return when a link ends: 60 days after the due date or after it was made, whichever is later."""
    if invoice.due_date is None:
        return made_at + LINK_LIVES
    last = datetime.combine(invoice.due_date, time(23, 59, 59), ZoneInfo(invoice.business.timezone))
    return max(last, made_at) + LINK_LIVES


def write_down(
    invoice: Invoice,
    kind: RequestKind,
    till: Till,
    asked: Decimal,
    expires_at: datetime,
    *,
    at: datetime,
    order_key: str = "",
) -> PaymentRequest:
    """Store what will be asked for, with the key of the call, before the gateway hears of it.

    Links that no longer fit are closed; a session that fits is returned in place of another. Raises ``LinkIsOpen``, ``NothingDue``, ``InProgress``, ``TooSmall``,
    ``TooLarge``.
    """
    with transaction.atomic():
        due = due_now(invoice)
        if not due or asked > due or invoice.type == InvoiceType.CREDIT_NOTE:
            raise NothingDue
        amount = askable(till.gateway, asked, invoice.currency)
        if kind == RequestKind.LINK:
            replace_links(invoice, asked, at=at)
        elif standing := standing_checkout(invoice, till, asked, at=at):
            return standing
        return PaymentRequest.objects.create(
            business_id=invoice.business_id,
            invoice_id=invoice.pk,
            kind=kind,
            own_account=till.is_own,
            amount=amount,
            rest=asked - amount if asked == due else Decimal(0),
            currency=invoice.currency,
            expires_at=expires_at,
            created_at=at,
            order_key=order_key,
        )


def replace_links(invoice: Invoice, asked: Decimal, *, at: datetime) -> None:
    """Close the links of an invoice that do not fit any more. Raises ``LinkIsOpen`` for one that does."""
    links = PaymentRequest.objects.filter(invoice=invoice, kind=RequestKind.LINK)
    if links.filter(state=RequestState.NEW, created_at__gt=at - CALL_LASTS).exists():
        raise InProgress(retry_after=2)
    for link in links.filter(state=RequestState.OPEN):
        fits = link.amount + link.rest == asked and link.expires_at == link_expiry(invoice, made_at=link.created_at)
        if fits and link.is_payable(at=at):
            raise LinkIsOpen(payment_link_url=link.url, expires_at=link.expires_at)
        close(link, reason="replaced")


def askable(gateway: Gateway, amount: Decimal, currency: str) -> Decimal:
    """Return what the gateway can ask for. Raises ``TooSmall``, ``TooLarge``, ``GatewayRefused``."""
    try:
        return gateway.askable(amount, currency)
    except PermanentFailure as failure:
        bound = {"bound": failure.message}
        if failure.reason == "amount_too_small":
            raise TooSmall(_("Stripe takes %(bound)s or more.") % bound) from failure
        if failure.reason == "amount_too_large":
            raise TooLarge(_("Stripe takes at most %(bound)s.") % bound) from failure
        raise GatewayRefused(reason=failure.message) from failure


def order_of(invoice: Invoice, request: PaymentRequest) -> Order:
    """Return what the client reads at the gateway, in the invoice's language."""
    page = public_url(invoice)
    seller = invoice.seller or {}
    with translation.override(invoice.language):
        title = str(invoice.get_type_display())
    account = Account.objects.filter(business_id=invoice.business_id).first()
    return Order(
        amount=request.amount,
        currency=request.currency,
        title=f"{title} {invoice.number}" if invoice.number else title,
        description=str(seller.get("legal_name") or invoice.business.printed_name),
        reference=request.pk,
        invoice=invoice.pk,
        email=invoice.client_email,
        language=invoice.language,
        return_url=f"{settings.PUBLIC_URL}{reverse('payments:paid', args=[invoice.token])}?session={SESSION_ID}",
        cancel_url=page,
        expires_at=request.expires_at,
        with_invoice=account is not None and account.with_invoice,
    )


def called(request: PaymentRequest, gateway: Gateway, order: Order) -> Place:
    """Ask the gateway, first for what an earlier try that ended unknown may have made there.

    Raises ``GatewayDown``, ``GatewayRefused``; the request is then marked as failed.
    """
    with failures(request):
        if request.kind == RequestKind.CHECKOUT:
            return gateway.create_checkout(order, key=request.call_key)
        return left_behind(request, gateway) or gateway.create_link(order, key=request.call_key)


@contextmanager
def failures(request: PaymentRequest) -> Iterator[None]:
    """Mark a request as failed with the gateway's failure, and refuse in our words."""
    try:
        yield
    except TransientFailure as failure:
        made_in_vain(request)
        raise GatewayDown from failure
    except PermanentFailure as failure:
        made_in_vain(request)
        raise GatewayRefused(reason=failure.message) from failure


def made_in_vain(request: PaymentRequest) -> None:
    """Mark a request as failed, unless somebody who shares it had more luck."""
    PaymentRequest.objects.filter(pk=request.pk, state=RequestState.NEW).update(state=RequestState.FAILED)


def left_behind(request: PaymentRequest, gateway: Gateway) -> Place | None:
    """Return the link that an earlier call made though its answer never came, if it asks for the same.

    The earlier row gives way to this one: events that bear its reference are still known by the link.
    """
    earlier = PaymentRequest.objects.filter(
        invoice_id=request.invoice_id,
        kind=request.kind,
        own_account=request.own_account,
        state__in=(RequestState.FAILED, RequestState.NEW),
        external_id=None,
    ).exclude(pk=request.pk)
    for row in earlier.order_by("-created_at")[:3]:
        place = gateway.find_link(row.pk, since=row.created_at)
        if place is None:
            continue
        if row.amount == request.amount:
            return place
        row.external_id, row.url = place.external_id, place.url
        close(row, reason="replaced")
    return None


def opened(request: PaymentRequest, place: Place) -> None:
    """Keep where the client pays. What was paid or closed before the answer came stays so."""
    rows = PaymentRequest.objects.filter(pk=request.pk)
    rows.update(external_id=place.external_id, url=place.url)
    rows.filter(state__in=(RequestState.NEW, RequestState.FAILED)).update(state=RequestState.OPEN)
    request.refresh_from_db(fields=["external_id", "url", "state"])


def close(request: PaymentRequest, *, reason: str) -> None:
    """Let a request be paid no more: at once here, and by a job at the gateway. One that is paid stays so."""
    with transaction.atomic():
        rows = PaymentRequest.objects.filter(pk=request.pk).exclude(state=RequestState.PAID)
        if not rows.update(state=RequestState.CLOSED, external_id=request.external_id, url=request.url):
            return
        request.state = RequestState.CLOSED
        if request.external_id:
            change, is_new = LinkChange.objects.get_or_create(request=request, defaults={"reason": reason})
            if is_new or change.state == QueueState.QUEUED:
                nudge("link_change", change.pk)
