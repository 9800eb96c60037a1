"""The closed sets of words of extraction."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

AUTO = "auto"


class Mode(TextChoices):
    """How much a model is shown and asked."""

    STANDARD = "standard", _("Standard")
    OPTIMISED = "optimised", _("Optimised")


class DocumentStatus(TextChoices):
    """How a document stands; derived from its newest run and from who verified it."""

    NEW = "new", _("Not read yet")
    QUEUED = "queued", _("Waiting")
    PROCESSING = "processing", _("Being read")
    DONE = "done", _("To verify")
    FAILED = "failed", _("Not readable")
    VERIFIED = "verified", _("Verified")


class Failure(TextChoices):
    """Why a run ended without data."""

    NONE = "", _("None")
    UNREADABLE = "unreadable", _("No engine could read this document. Fill in its fields by hand.")
    FILE_MISSING = "file_missing", _("The file of this document is gone.")
    GAVE_UP = "gave_up", _("Reading was tried several times and did not come to an end.")


class Finding(TextChoices):
    """What a file holds that a paper does not. It is never run, and shown to whoever verifies."""

    JAVASCRIPT = "javascript", _("JavaScript")
    LAUNCH = "launch", _("An action that starts a program")
    OPEN_ACTION = "open_action", _("An action at opening")
    XFA = "xfa", _("An XFA form")
    DAMAGED = "damaged", _("Damage that was repaired")
