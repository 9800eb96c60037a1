"""What invoicing refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import AppError


class InvoicingError(AppError):
    """The root of what invoicing refuses."""


class InvalidInvoice(InvoicingError):
    """Some field is wrong; ``errors`` names it, such as ``items[0].quantity`` (400)."""

    code = "invalid"
    default = _("Some fields need your attention.")


class NotReadyToIssue(InvalidInvoice):
    """The draft is sound, but the law or its own data stop it from being issued (400)."""

    code = "not_ready"
    default = _("This draft cannot be issued yet.")


class Immutable(InvoicingError):
    """An issued document is not changed (409)."""

    code = "immutable"
    default = _("An issued invoice cannot be changed. To correct it, issue a credit note.")


class ImpossibleMove(InvoicingError):
    """The document's state does not allow the act; ``extra["possible"]`` lists what it does (409)."""

    code = "impossible_move"


class DerivedStatus(InvoicingError):
    """The status follows from facts and cannot be set (409)."""

    code = "derived_status"


class NumberTaken(InvoicingError):
    """Another document of the business has this number (409)."""

    code = "number_taken"
    default = _("Another document already has this number.")


class DateBeforeSeries(InvoicingError):
    """The issue date lies before the last one of its series, and the seller's law forbids that (409)."""

    code = "issue_date_out_of_order"
    default = _("The issue date lies before that of the last document in this series.")


class RefundFirst(InvoicingError):
    """Money was received: it goes back before the invoice is cancelled (409)."""

    code = "refund_first"
    default = _("This invoice was paid. Refund the payment first, then cancel it.")


class CreditNoteRequired(InvoicingError):
    """The law wants a credit note instead of a cancellation (409)."""

    code = "credit_note_required"
    default = _("A tax invoice is not cancelled. Issue a credit note instead.")


class MoreThanLeft(InvoicingError):
    """More is credited or refunded than is left (409)."""

    code = "more_than_left"


class MoreThanDue(InvoicingError):
    """A payment is larger than what is due (400)."""

    code = "more_than_due"
    default = _("This is more than is due.")


class NoRecipient(InvoicingError):
    """There is no address to send to (400)."""

    code = "no_recipient"
    default = _("The client has no email address.")


class NoPicture(InvoicingError):
    """A page cannot be shown as a picture (400)."""


class UnreadablePdf(NoPicture):
    """It is no PDF file, or has no such page (400)."""

    code = "unreadable_pdf"
    default = _("This is not a PDF file that can be read.")


class PictureTooCostly(NoPicture):
    """Drawing the page takes more time or memory than a page may (400)."""

    code = "picture_too_costly"
    default = _("This page takes too much time or memory to show.")
