"""Mail: written as a row in the command's transaction, sent later by a job; the one place that knows how mail is made.

Without ``EMAIL_URL`` a mail becomes a file under ``MAIL_DIR``, else it goes by SMTP.
"""

from __future__ import annotations

import logging
import re
import smtplib
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.charset import QP, Charset
from email.utils import format_datetime, formataddr, parseaddr
from functools import cache
from pathlib import Path
from threading import Timer
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email
from django.template import Context, Engine
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.errors import Invalid
from accounts.identifiers import new_id, new_token
from accounts.models import Business, Delivery, User
from accounts.queue import PermanentError, nudge
from accounts.templatetags.ui import regional_language

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT = 10.0  # seconds, for the connection and each answer until the mail begins
REPLY_TIMEOUT = 60.0  # seconds, for each answer afterwards; one of them is the whole mail on its way
OVERALL_LIMIT = 150.0  # seconds; well under the hard limit of a job
SUBJECT_LENGTH = 300
RIGHT_TO_LEFT = frozenset({"ar"})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail. ``content_type`` is such as ``application/pdf``."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """The words of a mail, before it has a row."""

    subject: str
    text: str
    html: str

    @property
    def body(self) -> SafeString:
        """What stands in the body of the HTML, for a page that shows the mail; its links open beside the page."""
        inside = self.html.partition('<body class="m-body">')[2].partition("</body>")[0]
        return mark_safe(inside.replace("<a ", '<a target="_blank" rel="noopener" '))  # noqa: S308 -- our own template


def one_line(text: str) -> str:
    """Return a text fit for a header: no line ends, no control characters, single spaces."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def render(template: str, suffix: str, context: Mapping[str, Any], *, html: bool = False) -> str:
    """Render one of a mail's files; only HTML is escaped."""
    return (
        Engine.get_default().get_template(f"emails/{template}.{suffix}").render(Context(dict(context), autoescape=html))
    )


@cache
def style() -> SafeString:
    """Return the rules of every mail; pages that show a mail link the same file."""
    return mark_safe((settings.BASE_DIR / "static/css/mail.css").read_text())  # noqa: S308 -- our own file


def write_mail(
    *, template: str, context: Mapping[str, Any], language: str, subject: str = "", business: Business | None = None
) -> Written:
    """Render ``templates/emails/<template>.*`` in a language; ``subject`` replaces the template's."""
    with translation.override(regional_language(language, business.country if business else "")):
        everything = {"product": settings.PUBLIC_HOST, "home_url": settings.PUBLIC_URL, "business": business, **context}
        everything |= {"language": language, "direction": "rtl" if language[:2] in RIGHT_TO_LEFT else "ltr"}
        everything["subject"] = one_line(subject or render(template, "subject.txt", everything))[:SUBJECT_LENGTH]
        text = render(template, "txt", everything).strip() + "\n"
        html = render(template, "html", everything | {"style": style()}, html=True)
    return Written(everything["subject"], text, html)


def queue_mail(
    *,
    template: str,
    to: str | Sequence[str],
    context: Mapping[str, Any],
    language: str,
    cc: Sequence[str] = (),
    reply_to: str = "",
    subject: str = "",
    business: Business | None = None,
    topic: str = "",
    topic_id: str = "",
) -> Delivery:
    """Render ``templates/emails/<template>.*`` in a language and write the mail to be sent, in the caller's transaction.

    ``subject`` replaces the template's. ``reply_to`` is by default where ``answers_to`` says. Raises ``Invalid`` for an
    address that mail cannot go to.
    """
    recipients = [to] if isinstance(to, str) else list(to)
    check_addresses(to=recipients, cc=cc, reply_to=[reply_to] if reply_to else [])
    written = write_mail(template=template, context=context, language=language, subject=subject, business=business)
    delivery = Delivery(
        id=new_id("dlv"), business=business, template=template, to=recipients, cc=list(cc), language=language,
        reply_to=reply_to or (answers_to(business) if business else ""), subject=written.subject, text=written.text, html=written.html,
        message_id=f"<{new_token(24)}@{own_address().rpartition('@')[2]}>", topic=topic, topic_id=topic_id,
    )  # fmt: skip
    delivery.save(force_insert=True)
    nudge("delivery", delivery.pk)
    return delivery


def answers_to(business: Business) -> str:
    """Return where answers to a business's mail go: its address, else that of its first owner; empty without both."""
    if business.email:
        return business.email
    owners = User.objects.filter(memberships__business=business, memberships__role=Role.OWNER)
    return owners.order_by("memberships__created_at", "pk").values_list("email", flat=True).first() or ""


def check_addresses(**addresses: Sequence[str]) -> None:
    """Refuse what is no address, naming the field. Raises ``Invalid``."""
    errors: dict[str, list[str]] = {}
    for name, values in addresses.items():
        for value in values:
            try:
                validate_email(value)
            except ValidationError:
                errors.setdefault(name, []).append(_("%(value)s is not an e-mail address.") % {"value": value[:100]})
    if not addresses["to"]:
        errors["to"] = [_("A recipient is needed.")]
    if errors:
        raise Invalid(errors=errors)


def own_address() -> str:
    """Return the address that mail comes from, its domain in ASCII (RFC 5891)."""
    return sanitize_address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], "utf-8")


def sender(delivery: Delivery) -> str:
    """Return the ``From`` of a mail: our address, under the business's name where it speaks for one."""
    return formataddr((sender_name(delivery.business), own_address()))


def sender_name(business: Business | None) -> str:
    """Return the name under which a mail comes."""
    return one_line(business.name if business else parseaddr(settings.DEFAULT_FROM_EMAIL)[0])


def compose(delivery: Delivery, attachments: Sequence[Attachment] = ()) -> EmailMultiAlternatives:
    """Return the message of a row: the same bytes of header each time, so that a repeated mail is known as the same.

    Sources: RFC 5322; RFC 3834, 5 (``Auto-Submitted``); RFC 2231 (names of files).
    """
    message = EmailMultiAlternatives(
        subject=one_line(delivery.subject),
        body=delivery.text,
        from_email=sender(delivery),
        to=delivery.to,
        cc=delivery.cc,
        reply_to=[delivery.reply_to] if delivery.reply_to else None,
        headers={
            "Message-ID": delivery.message_id,
            "Date": format_datetime(delivery.created_at),
            "Auto-Submitted": "auto-generated",
            "Content-Language": delivery.language,
        },
    )
    # Seven bits survive every server on the way.
    message.encoding = Charset("utf-8")
    message.encoding.body_encoding = QP
    if delivery.html:
        message.attach_alternative(delivery.html, "text/html")
    for attachment in attachments:
        message.attach(one_line(attachment.name), attachment.content, attachment.content_type)
    return message


def deliver(delivery: Delivery, attachments: Sequence[Attachment] = ()) -> dict[str, str]:
    """Send a mail, or write its file. Return the recipients that were refused while others were not, with the reason.

    Raises ``PermanentError`` when no retry would help, else what went wrong.
    """
    try:
        message = compose(delivery, attachments)
        # Django's own message classes know the ends of lines; their types do not tell.
        written: Any = message.message()
        content: bytes = written.as_bytes(linesep="\r\n")
    except ValueError as error:
        raise PermanentError(f"The mail cannot be written: {error}") from error
    if settings.SMTP:
        return send_by_smtp(message, content)
    write_file(delivery.message_id, content)
    return {}


def file_of(message_id: str) -> Path:
    """Return where the file of a mail lies."""
    return Path(settings.MAIL_DIR) / f"{re.sub(r'[^A-Za-z0-9@.-]', '', message_id)}.eml"


def write_file(message_id: str, content: bytes) -> None:
    """Write a mail's file, complete before it appears under its name; the same mail twice is one file."""
    path = file_of(message_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{new_token(12)}.part")
    partial.write_bytes(content)
    partial.replace(path)


def send_by_smtp(message: EmailMultiAlternatives, content: bytes) -> dict[str, str]:
    """Hand a mail to the server of ``settings.SMTP``; see ``deliver``."""
    options: dict[str, Any] = settings.SMTP
    backend = EmailBackend(**options, timeout=CONNECT_TIMEOUT)
    addresses = [sanitize_address(address, "utf-8") for address in message.recipients()]
    try:
        with connected(backend) as connection:
            refused = connection.sendmail(own_address(), addresses, content)
    except smtplib.SMTPRecipientsRefused as error:
        if all(is_final(code) for code, _reason in error.recipients.values()):
            raise PermanentError(f"Refused: {reasons(error.recipients)}") from error
        raise
    except smtplib.SMTPDataError as error:
        if is_final(error.smtp_code):
            raise PermanentError(f"Refused: {error}") from error
        raise
    return reasons(refused)


@contextmanager
def connected(backend: EmailBackend) -> Iterator[smtplib.SMTP]:
    """Open a connection, and cut it when everything together takes too long."""

    def cut() -> None:
        if backend.connection and backend.connection.sock:
            with suppress(OSError):
                backend.connection.sock.shutdown(socket.SHUT_RDWR)

    watch = Timer(OVERALL_LIMIT, cut)
    watch.daemon = True
    watch.start()
    try:
        backend.open()
        assert backend.connection is not None
        assert backend.connection.sock is not None
        backend.connection.sock.settimeout(REPLY_TIMEOUT)
        yield backend.connection
    finally:
        watch.cancel()
        # What happens at QUIT changes nothing: the mail is with the server by then, or it is not.
        with suppress(OSError, smtplib.SMTPException):
            backend.close()


def is_final(code: int) -> bool:
    """Return whether a server's answer means never (RFC 5321, 4.2.1)."""
    return 500 <= code < 600


def reasons(refused: Mapping[str, tuple[int, bytes]]) -> dict[str, str]:
    """Return the server's words by recipient."""
    return {address: f"{code} {text.decode('utf-8', 'replace')}" for address, (code, text) in refused.items()}
