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
    NOT_CONFIGURED = "not_configured", _("The engine that was asked for is not set up on this installation.")
    BUDGET = "budget", _("What may be spent on models this month is used up. It begins anew with the next month.")
    UNREACHABLE = "unreachable", _("The model did not answer, also when it was asked again. Try again later.")
    BUSY = "busy", _("The model takes no more requests at the moment, also when it was asked again. Try again later.")
    REFUSED = "refused", _("The model's provider refused the request. Staff can see why.")
    MODEL_GONE = "model_gone", _("This model is no longer offered. Choose another one.")
    BLOCKED = (
        "blocked",
        _("The model's provider blocked this document. Choose another engine, or fill in its fields by hand."),
    )
    TRUNCATED = "truncated", _("The model's answer broke off before its end.")
    NONSENSE = "nonsense", _("The model's answer could not be understood.")
    TOO_LARGE = "too_large", _("This file is too large to be shown to a model.")


class CallState(TextChoices):
    """How a call to an engine stands. One to a model is noted before it is made, so that none is lost with its worker."""

    BEGUN = "begun", _("Begun")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Finding(TextChoices):
    """What a file holds that a paper does not. It is never run, and shown to whoever verifies."""

    JAVASCRIPT = "javascript", _("JavaScript")
    LAUNCH = "launch", _("An action that starts a program")
    OPEN_ACTION = "open_action", _("An action at opening")
    XFA = "xfa", _("An XFA form")
    DAMAGED = "damaged", _("Damage that was repaired")


class Reason(TextChoices):
    """What most of all speaks for a value that was read, or against it."""

    # Against it
    NOT_ON_PAGE = "not_on_page", _("It does not stand on any page.")
    PARTLY_ON_PAGE = "partly_on_page", _("Only a part of it stands on the pages.")
    CHECKSUM_FAILS = "checksum_fails", _("Its check digits do not match.")
    IBAN_CHANGED = "iban_changed", _("It differs from the one known for this supplier.")
    ARITHMETIC_FAILS = "arithmetic_fails", _("The figures do not add up with it.")
    DATES_OUT_OF_ORDER = "dates_out_of_order", _("It lies before the invoice date.")
    SIGN_DIFFERS = "sign_differs", _("It stands on the page with the other sign.")
    ENGINES_DISAGREE = "engines_disagree", _("Another engine read something else.")
    # For it
    PERSON = "person", _("A person wrote it.")
    KNOWN_VENDOR = "known_vendor", _("This supplier was verified before.")
    CHECKSUM_HOLDS = "checksum_holds", _("Its check digits match.")
    ENGINES_AGREE = "engines_agree", _("Two engines read the same.")
    ARITHMETIC_HOLDS = "arithmetic_holds", _("The figures add up with it.")
    ON_PAGE = "on_page", _("It stands on the page.")
    # Nothing but where it comes from
    EMBEDDED_XML = "embedded_xml", _("It comes from the data inside the file.")
    QR_CODE = "qr_code", _("It comes from a QR code on the page.")
    READ_BEFORE = "read_before", _("It was read from the same file before.")
    TEXT_LAYER = "text_layer", _("It was read from the page’s text.")
    OCR = "ocr", _("It was read from a picture of the page.")
    MODEL = "model", _("A model read it.")
