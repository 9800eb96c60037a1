"""Handing invoices over: by mail, by hand, and what the client did with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.choices import Channel, Metric
from accounts.mail import Attachment, queue_mail
from accounts.models import Delivery
from accounts.quotas import consume
from accounts.ratelimits import enforce
from accounts.schema import Cleaner, clean_email, clean_text
from accounts.tenancy import Actor, require
from invoicing.domain import lifecycle
from invoicing.domain.snapshot import seller_name, seller_of
from invoicing.errors import InvalidInvoice, NoRecipient
from invoicing.models import Invoice
from invoicing.services.issuing import issue_invoice
from invoicing.services.papers import file_name, pdf_of
from invoicing.services.printing import public_url

MAX_COPIES = 10


def send_invoice(
    *, invoice: Invoice, actor: Actor, at: datetime, data: Mapping[str, Any], version: int | None = None
) -> Delivery:
    """Queue the mail that brings an invoice to its client; a draft is issued first, in the same transaction.

    ``data`` may hold ``to_email`` (else the client's), ``cc``, ``subject`` and ``message``. Raises ``NoRecipient``,
    ``InvalidInvoice``, ``RateLimited``, ``QuotaExceeded``, ``ImpossibleMove``, ``LostUpdate`` when the invoice is no
    longer at ``version``, and what ``issue_invoice`` raises.
    """
    require(actor, invoice.business_id, "write")
    message = clean_message(data)
    recipient = message.get("to_email") or invoice.client_email
    if not recipient:
        raise NoRecipient(errors={"to_email": [str(NoRecipient.default)]})
    lifecycle.check(invoice, "issue" if invoice.is_draft else "send")
    enforce("email", actor.key)
    with transaction.atomic():
        if invoice.is_draft:
            issue_invoice(invoice=invoice, actor=actor, at=at, version=version)
            version = None  # it was checked, and has risen
        details = {"to": recipient, "cc": message["cc"]}
        with lifecycle.change(
            invoice, "send", event="email_queued", actor=actor, at=at, data=details, version=version
        ) as locked:
            consume(business=locked.business, metric=Metric.EMAILS, at=at)
            delivery = queue_mail(
                template="invoice",
                to=[recipient],
                cc=message["cc"],
                subject=message["subject"],
                context=mail_context(locked, message["message"]),
                language=locked.language,
                reply_to=locked.business.email,
                business=locked.business,
                topic="invoice",
                topic_id=locked.pk,
            )
            details["delivery"] = delivery.pk
    return delivery


def clean_message(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the sender wrote, cleaned. Raises ``InvalidInvoice``."""
    cleaner = Cleaner({"subject": "", "message": "", "to_email": "", **data})
    cleaner.take("to_email", clean_email)
    cleaner.take("subject", clean_text, 200)
    cleaner.take("message", clean_text, 5000, multiline=True)
    copies = data.get("cc") or []
    if isinstance(copies, str):
        copies = [part for part in copies.replace(";", ",").split(",") if part.strip()]
    if not isinstance(copies, Sequence) or len(copies) > MAX_COPIES:
        cleaner.refuse("cc", _("Give at most %(count)d addresses.") % {"count": MAX_COPIES})
        copies = []
    listed = Cleaner({f"cc[{index}]": value for index, value in enumerate(copies)})
    for name in list(listed.data):
        listed.take(name, clean_email)
    for name, sentences in listed.errors.items():
        cleaner.refuse(name, " ".join(sentences))
    return cleaner.done(InvalidInvoice) | {"cc": [address for address in listed.values.values() if address]}


def mail_context(invoice: Invoice, message: str) -> dict[str, Any]:
    """Return what the templates of an invoice's mail show."""
    with translation.override(invoice.language):
        title = invoice.get_type_display()
    return {
        "invoice": invoice,
        "title": title,
        "number": invoice.number,
        "seller_name": seller_name(invoice.seller or seller_of(invoice.business), invoice.language),
        "message": message,
        "url": public_url(invoice),
        "claims": lifecycle.claims(invoice),
    }


class InvoiceMail:
    """What invoicing contributes to the mails that bring invoices; named in ``settings.DELIVERY_TOPICS``."""

    @staticmethod
    def attachments(delivery: Delivery) -> list[Attachment]:
        """Return the invoice's PDF, rendered now if the worker has not come to it."""
        invoice = Invoice.objects.select_related("business").get(pk=delivery.topic_id)
        return [Attachment(file_name(invoice), "application/pdf", pdf_of(invoice))]

    @staticmethod
    def delivered(delivery: Delivery, at: datetime) -> None:
        """Note in the timeline that the mail was accepted."""
        invoice = Invoice(pk=delivery.topic_id)
        actor = Actor.system()
        data = {"to": ", ".join(delivery.to)}
        with lifecycle.change(invoice, "note", event="email_sent", actor=actor, at=at, data=data) as locked:
            locked.email_sent_at = at
            locked.sent_at = locked.sent_at or at

    @staticmethod
    def gave_up(delivery: Delivery, reason: str, at: datetime) -> None:
        """Note in the timeline that the mail could not be sent."""
        invoice = Invoice(pk=delivery.topic_id)
        data = {"to": ", ".join(delivery.to), "reason": reason[:300]}
        with lifecycle.change(invoice, "note", event="email_failed", actor=Actor.system(), at=at, data=data):
            pass


def mark_sent(*, invoice: Invoice, actor: Actor, at: datetime, version: int | None = None) -> Invoice:
    """Note that an invoice was handed over outside the system; a draft is issued first."""
    require(actor, invoice.business_id, "write")
    with transaction.atomic():
        if invoice.is_draft:
            issue_invoice(invoice=invoice, actor=actor, at=at, version=version)
            version = None  # it was checked, and has risen
        with lifecycle.change(invoice, "mark_sent", event="marked_sent", actor=actor, at=at, version=version) as locked:
            locked.sent_at = locked.sent_at or at
    return locked


def record_view(*, token: str, actor: Actor, at: datetime) -> bool:
    """Note that the client saw the invoice: the first time somebody does who is no member of the business.

    Return whether it was noted now.
    """
    invoice = Invoice.objects.filter(token=token, viewed_at=None).first()
    if invoice is None or invoice.business_id in actor.roles:
        return False
    visitor = Actor(name="", channel=Channel.PUBLIC, ip=actor.ip)
    with transaction.atomic():
        locked = lifecycle.lock(invoice.pk)
        if locked.viewed_at or locked.is_draft or locked.cancelled_at:
            return False
        with lifecycle.change(locked, "view", event="viewed", actor=visitor, at=at) as seen:
            seen.viewed_at = at
    return True
