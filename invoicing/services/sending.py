"""Handing invoices over: by mail, by hand, and what the client did with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.choices import Channel, Metric
from accounts.errors import NotFound
from accounts.mail import Attachment, Written, queue_mail, write_mail
from accounts.models import Delivery
from accounts.queue import nudge, retry
from accounts.quotas import consume
from accounts.ratelimits import enforce
from accounts.schema import Cleaner, clean_email, clean_text
from accounts.templatetags.ui import long_day, regional_language
from accounts.tenancy import Actor, require
from invoicing.choices import InvoiceType
from invoicing.domain import lifecycle
from invoicing.domain.snapshot import seller_name, seller_of
from invoicing.errors import ImpossibleMove, InvalidInvoice, NoRecipient
from invoicing.models import Invoice
from invoicing.queries.mails import kind_of, mails_about
from invoicing.queries.numbers import number_forecast
from invoicing.services.issuing import issue_invoice
from invoicing.services.papers import file_name, pdf_of
from invoicing.services.printing import public_url

MAX_COPIES = 10


def send_invoice(
    *,
    invoice: Invoice,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any],
    version: int | None = None,
    reminder: bool = False,
) -> Delivery:
    """Queue the mail that brings an invoice to its client; a draft is issued first, in the same transaction.

    ``data`` may hold ``to_email`` (else the client's), ``cc``, ``subject`` and ``message``; ``reminder`` asks for
    what is due of an issued invoice. Raises ``NoRecipient``, ``InvalidInvoice``, ``RateLimited``, ``QuotaExceeded``,
    ``ImpossibleMove``, ``LostUpdate`` when the invoice is no longer at ``version``, and what ``issue_invoice`` raises.
    """
    require(actor, invoice.business_id, "write")
    message = clean_message(data)
    recipient = message.get("to_email") or invoice.client_email
    if not recipient:
        raise NoRecipient(errors={"to_email": [str(NoRecipient.default)]})
    lifecycle.check(invoice, "issue" if invoice.is_draft and not reminder else "send")
    enforce("email", actor.key)
    with transaction.atomic():
        if invoice.is_draft:
            issue_invoice(invoice=invoice, actor=actor, at=at, version=version)
            version = None  # it was checked, and has risen
        details: dict[str, Any] = {"to": recipient, "cc": message["cc"]} | ({"reminder": True} if reminder else {})
        with lifecycle.change(
            invoice, "send", event="email_queued", actor=actor, at=at, data=details, version=version
        ) as locked:
            if reminder and not (lifecycle.claims(locked) and locked.amount_due):
                raise ImpossibleMove(_("Nothing is due, so there is nothing to remind of."), state=locked.state)
            consume(business=locked.business, metric=Metric.EMAILS, at=at)
            delivery = queue_mail(
                template="reminder" if reminder else "invoice",
                to=[recipient],
                cc=message["cc"],
                subject=message["subject"],
                context=mail_context(locked, message["message"], at=at, reminder=reminder),
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


def preview_mail(
    *, invoice: Invoice, at: datetime, subject: str = "", message: str = "", reminder: bool = False
) -> Written:
    """Return the mail that ``send_invoice`` would queue now, from the same templates; nothing is stored."""
    return write_mail(
        template="reminder" if reminder else "invoice",
        context=mail_context(invoice, message, at=at, reminder=reminder),
        language=invoice.language,
        subject=subject,
        business=invoice.business,
    )


def usual_words(invoice: Invoice, *, at: datetime, reminder: bool = False) -> dict[str, str]:
    """Return ``subject`` and ``message`` of a mail of which the sender writes nothing; both can be sent as they are.

    Of a draft there is no subject: it names a number that only the issue gives.
    """
    context = mail_context(invoice, "", at=at, reminder=reminder)
    subject = preview_mail(invoice=invoice, at=at, reminder=reminder).subject if invoice.number else ""
    return {"subject": subject, "message": str(context["message"])}


def mail_context(invoice: Invoice, message: str, *, at: datetime, reminder: bool = False) -> dict[str, Any]:
    """Return what the templates of an invoice's mail show; without a ``message`` it has the usual one."""
    invoice = as_numbered(invoice, at=at)
    with translation.override(regional_language(invoice.language, invoice.business.country)):
        return {
            "invoice": invoice,
            "title": invoice.get_type_display(),
            "number": invoice.number,
            "seller_name": seller_name(invoice.seller or seller_of(invoice.business), invoice.language),
            "message": message or usual_message(invoice, at=at, reminder=reminder),
            "url": public_url(invoice),
            "claims": lifecycle.claims(invoice),
            "late": is_late(invoice, at=at),
            "attachment": file_name(invoice),
        }


def as_numbered(invoice: Invoice, *, at: datetime) -> Invoice:
    """Return an invoice with its number; of a draft a copy with the one that it would get if it were issued now."""
    if invoice.number:
        return invoice
    numbered, day = copy(invoice), invoice.date or lifecycle.today(invoice.business.timezone, at=at)
    numbered.number = invoice.number_wish or number_forecast(invoice.business, invoice.number_kind, on=day)
    return numbered


def usual_message(invoice: Invoice, *, at: datetime, reminder: bool = False) -> str:
    """Return what a mail says where the sender says nothing, in the active language."""
    day = lifecycle.today(invoice.business.timezone, at=at)
    words = {"date": long_day(invoice.date or day), "number": invoice.number, "due": long_day(invoice.due_date)}
    if reminder:
        return usual_reminder(invoice, late=is_late(invoice, at=at)) % words
    if invoice.type == InvoiceType.CREDIT_NOTE:
        return (
            _("Good day,\n\nHere is our credit note of %(date)s. The amount is credited to you; nothing is to be paid.")
            % words
        )
    if invoice.type == InvoiceType.DEBIT_NOTE:
        return _("Good day,\n\nHere is our debit note of %(date)s.") % words
    return _("Good day,\n\nHere is our invoice of %(date)s.") % words


def is_late(invoice: Invoice, *, at: datetime) -> bool:
    """Return whether the due date has passed where the seller is."""
    return bool(invoice.due_date and invoice.due_date < lifecycle.today(invoice.business.timezone, at=at))


def usual_reminder(invoice: Invoice, *, late: bool) -> str:
    """Return what a reminder says: of what is late, of what will be due, or of what is due at no day."""
    if late:
        return _(
            "Good day,\n\nOur invoice %(number)s of %(date)s was due on %(due)s, and we have not seen the payment. "
            "If it crossed with this mail, there is nothing to do."
        )
    if invoice.due_date:
        return _("Good day,\n\nA short reminder: our invoice %(number)s of %(date)s is due on %(due)s.")
    return _("Good day,\n\nA short reminder: our invoice %(number)s of %(date)s is still open.")


def send_again(*, invoice: Invoice, delivery_id: str, actor: Actor, at: datetime) -> Delivery:
    """Queue again a mail of the invoice that failed, as it was written; one that did not fail stays as it is.

    Raises ``NotFound``, ``RateLimited``, ``ImpossibleMove``.
    """
    require(actor, invoice.business_id, "write")
    delivery = mails_about(invoice).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound
    enforce("email", actor.key)
    data = {"to": ", ".join(delivery.to), "again": True}
    with transaction.atomic():
        if retry(Delivery.objects.filter(pk=delivery.pk)):
            with lifecycle.change(
                invoice, "send", event="email_queued", actor=actor, at=at, data=data | kind_of(delivery)
            ):
                nudge("delivery", delivery.pk)
    return delivery


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
        data = {"to": ", ".join(delivery.to)} | kind_of(delivery)
        with lifecycle.change(invoice, "note", event="email_sent", actor=actor, at=at, data=data) as locked:
            locked.email_sent_at = at
            locked.sent_at = locked.sent_at or at

    @staticmethod
    def gave_up(delivery: Delivery, reason: str, at: datetime) -> None:
        """Note in the timeline that the mail could not be sent."""
        invoice = Invoice(pk=delivery.topic_id)
        data = {"to": ", ".join(delivery.to), "reason": reason[:300]} | kind_of(delivery)
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
