"""Receipts by mail: to the client, with the PDF."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.mail import Attachment, queue_mail
from accounts.models import Delivery
from accounts.tenancy import Actor
from invoicing.models import Event, Invoice, Payment
from invoicing.queries.mails import kind_of
from invoicing.services.printing import public_url
from invoicing.services.receipts import file_name, receipt_pdf
from invoicing.services.received import note


def mail_receipt(payment: Payment, invoice: Invoice) -> Delivery:
    """Queue the mail that brings the receipt of a payment to the client's address on the invoice."""
    return queue_mail(
        template="receipt",
        to=invoice.client_email,
        context={"payment": payment, "attachment": file_name(payment), "url": public_url(invoice), **about(invoice)},
        language=invoice.language,
        business=invoice.business,
        topic="receipt",
        topic_id=payment.pk,
    )


def about(invoice: Invoice) -> dict[str, Any]:
    """Return what each mail about money says of the invoice."""
    seller = invoice.seller or {}
    name = str(seller.get("legal_name") or invoice.business.printed_name)
    return {"invoice": invoice, "number": invoice.number, "seller_name": name}


class ReceiptMail:
    """What invoicing contributes to the mails that bring receipts; named in ``settings.DELIVERY_TOPICS``."""

    @staticmethod
    def attachments(delivery: Delivery) -> list[Attachment]:
        """Return the receipt."""
        payment = Payment.objects.select_related("invoice__business", "invoice__client").get(pk=delivery.topic_id)
        return [Attachment(file_name(payment), "application/pdf", receipt_pdf(payment))]

    @staticmethod
    def delivered(delivery: Delivery, at: datetime) -> None:
        """Note nothing, as the payment is in the timeline already; but where the mail had failed, that it went."""
        invoice = Invoice(pk=invoice_id_of(delivery))
        failed = Event.objects.filter(invoice=invoice, kind="email_failed", data__delivery=delivery.pk)
        if failed.exists():
            note(invoice=invoice, event="email_sent", actor=Actor.system(), at=at, data=said_of(delivery))

    @staticmethod
    def gave_up(delivery: Delivery, reason: str, at: datetime) -> None:
        """Note in the timeline of the invoice that the client has no receipt."""
        data = said_of(delivery) | {"reason": reason[:300]}
        invoice = Invoice(pk=invoice_id_of(delivery))
        note(invoice=invoice, event="email_failed", actor=Actor.system(), at=at, data=data)


def invoice_id_of(delivery: Delivery) -> str:
    """Return the invoice whose payment a receipt is of."""
    return Payment.objects.values_list("invoice_id", flat=True).get(pk=delivery.topic_id)


def said_of(delivery: Delivery) -> dict[str, Any]:
    """Return what an event says of a receipt's mail."""
    return {"to": ", ".join(delivery.to)} | kind_of(delivery)
