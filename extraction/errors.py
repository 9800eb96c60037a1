"""What extraction refuses. ``config/errors.py`` gives each its HTTP status."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import AppError


class ExtractionError(AppError):
    """The root of what extraction refuses."""


class InvalidDocument(ExtractionError):
    """Some field of a document is wrong; ``errors`` names it (400)."""

    code = "invalid"
    default = _("Some fields need your attention.")


class BadFile(ExtractionError):
    """The root of what is wrong with an uploaded file (400)."""


class NotAPdf(BadFile):
    """The file is empty, no PDF, or damaged beyond repair (400)."""

    code = "not_a_pdf"
    default = _("This file is not a PDF that can be read.")


class PdfLocked(BadFile):
    """The file opens by a password alone (400)."""

    code = "pdf_locked"
    default = _("This PDF is locked by a password. Save it without one, then upload it again.")


class TooManyPages(BadFile):
    """The file has more pages than are read (400)."""

    code = "too_many_pages"


class PageTooLarge(BadFile):
    """A page has no size, or one that no paper has (400)."""

    code = "page_too_large"
    default = _("A page of this PDF has a size that no paper has.")


class PdfTooCostly(BadFile):
    """Looking through the file takes more time or memory than a file may (400)."""

    code = "pdf_too_costly"
    default = _("Looking through this PDF takes too much time or memory.")


class FileTooLarge(ExtractionError):
    """The file is larger than is kept (413)."""

    code = "too_large"


class UnknownModel(ExtractionError):
    """The model is not on offer; ``extra["models"]`` lists those that are (400)."""

    code = "unknown_model"


class BudgetUsedUp(ExtractionError):
    """What the business may spend on models this month is spent; ``extra`` has ``limit`` and ``spent`` in USD (403)."""

    code = "budget_used_up"


class BeingRead(ExtractionError):
    """The document is being read; one run at a time (409)."""

    code = "being_read"
    default = _("This document is being read. Wait until that has ended.")


class IsVerified(ExtractionError):
    """A verified document stays (409)."""

    code = "document_verified"
    default = _("A verified document cannot be deleted.")


class StaleVersion(ExtractionError):
    """Somebody else changed the document's data since it was read (409)."""

    code = "stale_version"
    default = _("Somebody else changed this in the meantime. Read it again, then repeat your change.")


class NothingRead(ExtractionError):
    """There is no run whose data a person could correct (409)."""

    code = "nothing_read"
    default = _("This document was not read yet.")
