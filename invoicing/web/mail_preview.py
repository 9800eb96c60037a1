"""The mail of an invoice as its client will see it, for the page that sends it and for the editor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.mail import RIGHT_TO_LEFT, sender_name
from invoicing.models import Invoice
from invoicing.services.papers import file_name
from invoicing.services.sending import as_numbered, preview_mail


def mail_preview(
    invoice: Invoice,
    *,
    at: datetime,
    to: str = "",
    cc: Sequence[str] = (),
    subject: str = "",
    message: str = "",
    reminder: bool = False,
) -> SafeString:
    """Return the mail that would go out now, stored or not.

    Without ``subject`` or ``message`` it has the usual ones, without ``to`` it goes to the client.
    """
    mail = preview_mail(invoice=invoice, at=at, subject=subject, message=message, reminder=reminder)
    context = {
        "mail": mail,
        "sender": sender_name(invoice.business),
        "to": to or invoice.client_email,
        "cc": cc,
        "attachment": file_name(as_numbered(invoice, at=at)),
        "language": invoice.language,
        "direction": "rtl" if invoice.language in RIGHT_TO_LEFT else "ltr",
    }
    return render_to_string("invoicing/mail_preview.html", context)
