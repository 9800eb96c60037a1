"""The ledger: money received and returned by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Metric
from accounts.errors import LostUpdate
from accounts.quotas import consume
from accounts.ratelimits import enforce
from accounts.schema import Cleaner, clean_boolean, clean_choice, clean_decimal, clean_text
from accounts.tenancy import Actor, require
from invoicing.choices import METHODS_BY_HAND, PaymentMethod, Settlement
from invoicing.domain import lifecycle
from invoicing.domain.fields import clean_moment
from invoicing.domain.settling import settle, sum_of
from invoicing.errors import ImpossibleMove, InvalidInvoice, MoreThanDue, MoreThanLeft
from invoicing.models import Invoice, Payment, Refund
from invoicing.money import minor_digits, round_money
from invoicing.services.issuing import issue_invoice
from invoicing.services.receipt_mail import mail_receipt
from invoicing.services.refund_notes import write_refund_note


def record_payment(
    *, invoice: Invoice, actor: Actor, at: datetime, data: Mapping[str, Any], version: int | None = None
) -> Payment:
    """Book money received by hand: ``{amount, method, received_at?, reference?, send_receipt?}``, in part or in full.

    With ``send_receipt`` the worker mails the receipt to the client. Raises ``InvalidInvoice``, ``MoreThanDue``,
    ``ImpossibleMove``, for the mail ``RateLimited`` and ``QuotaExceeded``, and ``LostUpdate`` when the invoice is no
    longer at ``version``.
    """
    require(actor, invoice.business_id, "write")
    cleaner = Cleaner({"amount": None, "method": None, **data})
    digits = minor_digits(invoice.currency)
    cleaner.take("amount", clean_decimal, places=digits, low=Decimal(1).scaleb(-digits), required=True)
    cleaner.take("method", clean_choice, [value for value, _label in METHODS_BY_HAND], required=True)
    cleaner.take("received_at", clean_moment, at=at, timezone=invoice.business.timezone)
    cleaner.take("reference", clean_text, 200)
    cleaner.take("send_receipt", clean_boolean)
    if cleaner.values.get("send_receipt") and not invoice.client_email:
        cleaner.refuse("send_receipt", _("The client has no email address."))
    values = cleaner.done(InvalidInvoice)
    if values.get("send_receipt"):
        enforce("email", actor.key)
    with transaction.atomic():
        payment = book_payment(
            invoice=invoice,
            actor=actor,
            at=at,
            amount=values["amount"],
            method=values["method"],
            received_at=values.get("received_at") or at,
            reference=values.get("reference", ""),
            version=version,
        )
        if values.get("send_receipt"):
            consume(business=invoice.business, metric=Metric.EMAILS, at=at)
            mail_receipt(payment, payment.invoice)
    return payment


def book_payment(
    *,
    invoice: Invoice,
    actor: Actor,
    at: datetime,
    amount: Decimal,
    method: str,
    received_at: datetime,
    reference: str = "",
    version: int | None = None,
) -> Payment:
    """Write a payment into the ledger. Raises ``MoreThanDue``, ``ImpossibleMove``, ``LostUpdate``."""
    details: dict[str, Any] = {"amount": str(amount), "currency": invoice.currency, "method": method}
    with lifecycle.change(
        invoice, "pay", event="payment_recorded", actor=actor, at=at, data=details, version=version
    ) as locked:
        if not lifecycle.claims(locked):
            raise ImpossibleMove(_("A credit note is not paid."), state=locked.state, possible=[])
        if amount > locked.amount_due:
            raise MoreThanDue(errors={"amount": [str(MoreThanDue.default)]})
        payment = Payment.objects.create(
            business_id=locked.business_id,
            invoice=locked,
            amount=amount,
            currency=locked.currency,
            method=method,
            received_at=received_at,
            reference=reference,
        )
        details["payment"] = payment.pk
        settle(locked, at=at)
    return payment


def mark_paid(*, invoice: Invoice, actor: Actor, at: datetime, version: int | None = None) -> Invoice:
    """Book a payment of all that is due; a draft is issued first. Raises ``ImpossibleMove`` when nothing is due."""
    require(actor, invoice.business_id, "write")
    with transaction.atomic():
        if invoice.is_draft:
            invoice, version = issue_invoice(invoice=invoice, actor=actor, at=at, version=version), None
        locked = lifecycle.lock(invoice.pk)
        lifecycle.check_version(locked, version)
        lifecycle.check(locked, "pay")
        if locked.settlement == Settlement.PAID:
            return locked
        if not locked.amount_due:
            raise ImpossibleMove(_("Nothing is due on this document."), state=locked.state, possible=[])
        book_payment(
            invoice=locked, actor=actor, at=at, amount=locked.amount_due, method=PaymentMethod.OTHER, received_at=at
        )
        return lifecycle.lock(invoice.pk)


def record_refund(
    *, payment: Payment, actor: Actor, at: datetime, data: Mapping[str, Any], version: int | None = None
) -> Refund:
    """Book money returned by hand, as ``clean_refund`` reads it; a credit note is written in the same transaction.

    A refund with ``reopen``, or on an invoice not yet paid in full, makes the amount due again. Raises
    ``MoreThanLeft``, ``InvalidInvoice``, what ``write_note`` raises, and ``LostUpdate`` when the payment is no longer
    at ``version``.
    """
    require(actor, payment.business_id, "write")
    values = clean_refund(payment, data)
    with transaction.atomic():
        refund = _book_refund(payment, values, actor=actor, at=at, version=version)
        if values.get("credit_note"):
            write_refund_note(refund, values["items"], actor=actor, at=at)
    return refund


def clean_refund(payment: Payment, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``{amount? (all that is left), reason?, reopen?, credit_note?, items}``, cleaned.

    ``items`` are the lines of the credit note, checked when that is written. Raises ``InvalidInvoice``.
    """
    cleaner = Cleaner(data)
    digits = minor_digits(payment.currency)
    cleaner.take("amount", clean_decimal, places=digits, low=Decimal(1).scaleb(-digits))
    cleaner.take("reason", clean_text, 500)
    cleaner.take("reopen", clean_boolean)
    cleaner.take("credit_note", clean_boolean)
    if "items" in data and not cleaner.values.get("credit_note"):
        cleaner.refuse("items", _("Lines are those of a credit note. Ask for it by credit_note as well."))
    elif data.get("items") == [] or not isinstance(data.get("items", []), list):
        cleaner.refuse("items", _("Add at least one line."))
    return cleaner.done(InvalidInvoice) | {"items": data.get("items")}


def _book_refund(
    payment: Payment, values: Mapping[str, Any], *, actor: Actor, at: datetime, version: int | None
) -> Refund:
    details: dict[str, Any] = {"currency": payment.currency, "payment": payment.pk}
    with lifecycle.change(
        payment.invoice, "refund", event="refund_recorded", actor=actor, at=at, data=details
    ) as locked:
        if version is not None and version != version_of(payment):
            raise LostUpdate
        left = payment.amount - sum_of(Refund.objects.filter(payment=payment))
        amount = values.get("amount") or left
        if amount > left or not left:
            sentence = _("Of this payment %(left)s is left to refund.") % {"left": plain(left, payment.currency)}
            raise MoreThanLeft(sentence, errors={"amount": [sentence]})
        refund = Refund.objects.create(
            business_id=payment.business_id,
            payment=payment,
            amount=amount,
            reason=values.get("reason", ""),
            lowers_paid=values.get("reopen", False) or locked.amount_due > 0,
        )
        details |= {"amount": str(amount), "refund": refund.pk}
        settle(locked, at=at)
    return refund


def version_of(payment: Payment) -> int:
    """Return the number that changes whenever a payment does: by each of its refunds."""
    return 1 + Refund.objects.filter(payment=payment).count()


def plain(amount: Decimal, currency: str) -> str:
    """Return an amount with its currency, for a sentence."""
    return f"{round_money(amount, currency)} {currency}"
