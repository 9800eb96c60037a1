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
from accounts.mail import Attachment, queue_mail
from accounts.models import Delivery, Membership
from invoicing.models import Invoice, Payment
from invoicing.services.printing import public_url
from invoicing.services.receipts import file_name, receipt_pdf

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
        queue_mail(
            template="receipt",
            to=invoice.client_email,
            context={**context, "attachment": file_name(payment), "url": public_url(invoice)},
            language=invoice.language,
            business=invoice.business,
            topic="receipt",
            topic_id=payment.pk,
        )


def trouble(kind: str, invoice: Invoice, *, at: datetime, amount: Decimal | None = None, reason: str = "") -> None:
    """Tell the owners what went wrong with a payment."""
    title, sentence = TROUBLES[kind]
    context = {"trouble": title, "sentence": sentence, "amount": amount, "reason": reason, **about(invoice)}
    tell_owners("payment_trouble", invoice, context)


def about(invoice: Invoice) -> dict[str, Any]:
    """Return what each of these mails says of the invoice."""
    seller = invoice.seller or {}
    name = str(seller.get("legal_name") or invoice.business.printed_name)
    return {"invoice": invoice, "number": invoice.number, "seller_name": name}


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


class ReceiptMail:
    """What payments contributes to the mails that bring receipts; named in ``settings.DELIVERY_TOPICS``."""

    @staticmethod
    def attachments(delivery: Delivery) -> list[Attachment]:
        """Return the receipt."""
        payment = Payment.objects.select_related("invoice__business", "invoice__client").get(pk=delivery.topic_id)
        return [Attachment(file_name(payment), "application/pdf", receipt_pdf(payment))]

    @staticmethod
    def delivered(delivery: Delivery, at: datetime) -> None:
        """Note nothing: the payment is in the timeline already."""

    @staticmethod
    def gave_up(delivery: Delivery, reason: str, at: datetime) -> None:
        """Note nothing: the owner sees the mail's row."""
