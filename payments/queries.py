"""Reads of what was asked for at gateways, and what came of it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left, Length

from accounts.models import Business
from invoicing.choices import DocumentState, InvoiceType, PaymentMethod
from invoicing.models import Invoice, Payment
from payments.choices import RefundState, RequestKind, RequestState
from payments.models import Account, GatewayRefund, InboxMessage, PaymentRequest

LONGEST_SHOWN = 8_000  # characters of a message's body on its page; the API gives all


def link_of(invoice: Invoice) -> PaymentRequest | None:
    """Return the newest payment link of an invoice that is not closed, or None."""
    rows = PaymentRequest.objects.filter(invoice=invoice, kind=RequestKind.LINK)
    return rows.filter(state__in=(RequestState.OPEN, RequestState.PAID)).order_by("-created_at").first()


def asks_for(request: PaymentRequest) -> Decimal:
    """Return what a request settles of its invoice: what it asks for, and what cannot be asked for."""
    asked: Decimal = request.amount + request.rest
    return asked


def is_rounding(payment: Payment) -> bool:
    """Return whether a row of the ledger is what the gateway could not ask for."""
    return payment.method == PaymentMethod.ROUNDING


def is_at_gateway(payment: Payment) -> bool:
    """Return whether a gateway took a payment, and can send it back."""
    return payment.method == PaymentMethod.STRIPE


def stale_requests(*, at: datetime) -> QuerySet[PaymentRequest]:
    """Return the open requests that must be closed: nothing is due, another amount is, or they are too old."""
    changed = ~Q(invoice__amount_due=F("amount") + F("rest"))
    # A part may be asked for at the checkout, as long as more is due.
    part = Q(kind=RequestKind.CHECKOUT, invoice__amount_due__gt=F("amount") + F("rest"))
    return PaymentRequest.objects.filter(state=RequestState.OPEN, closing=None).filter(
        (changed & ~part) | Q(expires_at__lte=at)
    )


def refunds_under_way(payment: Payment) -> QuerySet[GatewayRefund]:
    """Return the refunds of a payment of which it is not known yet whether they happened."""
    return GatewayRefund.objects.filter(payment=payment, status=RefundState.ASKED)


def payment_of(business_id: str, external_id: str) -> Payment | None:
    """Return the payment that a gateway's payment was booked as."""
    rows = Payment.objects.select_related("invoice__business")
    return rows.filter(business_id=business_id, external_id=external_id).first()


@dataclass(frozen=True, slots=True)
class Ways:
    """How an invoice can be paid on its page, beside a transfer: at a checkout, or at an address of the owner's."""

    checkout: bool = False
    own_link: str = ""
    in_parts: bool = False
    sandbox: bool = False


def ways_to_pay(invoice: Invoice) -> Ways:
    """Return how an invoice can be paid now."""
    if invoice.state != DocumentState.ISSUED or not invoice.amount_due or invoice.type == InvoiceType.CREDIT_NOTE:
        return Ways()
    account = Account.objects.filter(business_id=invoice.business_id).first()
    if has_till(account):
        parts = account is not None and account.part_payments
        return Ways(checkout=True, in_parts=parts, sandbox=settings.SANDBOX and not (account and account.sealed_key))
    return Ways(own_link=invoice.business.payment_link)


def has_till(account: Account | None) -> bool:
    """Return whether the business of an account, or one that has none, can be paid by card."""
    if account is not None and account.sealed_key:
        return True
    return bool(settings.STRIPE_API_KEY) and is_served(account)


def is_served(account: Account | None) -> bool:
    """Return whether the installation's account serves a business: staff said so, or there is only one machine."""
    return settings.EMBEDDED or (account is not None and account.by_installation)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a business takes cards now: by its own account, else by the installation's, else not at all."""

    account: Account | None
    by_installation: bool

    @property
    def is_own(self) -> bool:
        """Whether it is by the business's own account."""
        return self.account is not None and bool(self.account.sealed_key)

    @property
    def is_sandbox(self) -> bool:
        """Whether no money moves."""
        return bool(settings.SANDBOX) and not self.is_own and self.by_installation

    @property
    def key_end(self) -> str:
        """The last characters of its own key, or nothing."""
        return self.account.key_end if self.account is not None and self.is_own else ""

    @property
    def has_secret(self) -> bool:
        """Whether events of its own account can be verified."""
        return self.account is not None and bool(self.account.sealed_secret)


def standing_of(business: Business) -> Standing:
    """Return how a business takes cards now."""
    account = Account.objects.filter(business=business).first()
    return Standing(account, bool(settings.STRIPE_API_KEY) and is_served(account))


def inbox_of(business: Business) -> QuerySet[InboxMessage]:
    """Return what came to a business's inbox, the newest first, each with its ``length`` and the ``start`` of it."""
    rows = InboxMessage.objects.filter(business=business).defer("body")
    return rows.annotate(start=Left("body", LONGEST_SHOWN), length=Length("body")).order_by("-received_at", "-id")


def has_arrived(invoice: Invoice, session: str) -> bool:
    """Return whether the payment of a session is booked, as far as one can tell by the invoice."""
    if not invoice.amount_due:
        return True
    paid = PaymentRequest.objects.filter(invoice=invoice, state=RequestState.PAID)
    return bool(session) and paid.filter(Q(external_id=session) | Q(kind=RequestKind.LINK)).exists()


def invoice_known_to(business: Business, number: str, email: str) -> Invoice | None:
    """Return the issued invoice of a business that bears a number and was made out to an email, or None."""
    rows = Invoice.objects.filter(business=business, number=number.strip()).exclude(state=DocumentState.DRAFT)
    found = rows.first()
    wanted = (found.client_email if found else "nobody@invalid").strip().casefold()
    same = hmac.compare_digest(wanted.encode(), email.strip().casefold().encode())
    return found if same else None
