"""Mails about money: to the owners of a business, and receipts to the client."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.mail import queue_mail
from accounts.models import Membership
from invoicing.models import Invoice, Payment
from invoicing.services.receipt_mail import about, mail_receipt

# By kind of trouble: what happened, and what follows from it.
TROUBLES: Final[Mapping[str, tuple[str | Promise, str | Promise]]] = MappingProxyType(
    {
        "payment_failed": (
            _("A payment failed"),
            _("The client tried to pay by card and could not. Nothing was charged; they may try again."),
        ),
        "refund_failed": (
            _("A refund did not arrive"),
            _("The client's bank sent the money back to Stripe. The invoice counts as paid again."),
        ),
        "disputed": (
            _("A payment is disputed"),
            _("The client's bank asks for the money back. Answer in Stripe before the time runs out there."),
        ),
    }
)


def received(payment: Payment, invoice: Invoice, *, overpaid: Decimal, at: datetime) -> None:
    """Tell the owners that money came, and send the client a receipt."""
    context = {"payment": payment, "overpaid": overpaid, **about(invoice)}
    tell_owners("payment_received", invoice, context)
    if invoice.client.send_mail and invoice.client_email:
        mail_receipt(payment, invoice)


def trouble(kind: str, invoice: Invoice, *, at: datetime, amount: Decimal | None = None, reason: str = "") -> None:
    """Tell the owners what went wrong with a payment."""
    title, sentence = TROUBLES[kind]
    context = {"trouble": title, "sentence": sentence, "amount": amount, "reason": reason, **about(invoice)}
    tell_owners("payment_trouble", invoice, context)


def tell_owners(template: str, invoice: Invoice, context: Mapping[str, Any]) -> None:
    """Write to each owner in their own language."""
    owners = Membership.objects.select_related("user").filter(business_id=invoice.business_id, role=Role.OWNER)
    for member in owners.filter(user__is_active=True):
        queue_mail(
            template=template,
            to=member.user.email,
            context=context,
            language=member.user.language or invoice.business.language,
            business=invoice.business,
        )
