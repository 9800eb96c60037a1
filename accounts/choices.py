"""The closed lists of accounts."""

from __future__ import annotations

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What a member may do in a business."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    MEMBER = "member", _("Member")
    VIEWER = "viewer", _("Viewer")


class InvitationStatus(models.TextChoices):
    """Where an invitation stands."""

    PENDING = "pending", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Withdrawn")


class Permission(models.TextChoices):
    """What is asked for when something is done in a business."""

    READ = "read", _("Read")
    WRITE = "write", _("Write")
    MANAGE = "manage", _("Manage the business and its members")
    OWN = "own", _("Hand over or delete the business")


class Language(models.TextChoices):
    """The languages of the interface, of papers and of mails. Each is written in itself."""

    ARABIC = "ar", "العربية"
    ENGLISH = "en", "English"
    FRENCH = "fr", "Français"


class Look(models.TextChoices):
    """How papers are laid out."""

    MODERN = "modern", pgettext_lazy("look", "Modern")
    CLASSIC = "classic", pgettext_lazy("look", "Classic")
    COMPACT = "compact", pgettext_lazy("look", "Compact")


class PaperSize(models.TextChoices):
    """The sheet that papers are laid out for (ISO 216, ANSI/ASME Y14.1)."""

    A4 = "a4", "A4"
    LETTER = "letter", _("Letter (North America)")


class Digits(models.TextChoices):
    """The digits of amounts, quantities and dates on papers in Arabic, named as in CLDR."""

    WESTERN = "latn", format_lazy("{} (0123456789)", _("Western"))
    ARABIC = "arab", format_lazy("{} (٠١٢٣٤٥٦٧٨٩)", _("Arabic-Indic"))


class SecondLanguage(models.TextChoices):
    """What stands beside a paper's own language. One of the two is always Arabic."""

    AUTO = "auto", pgettext_lazy("second language", "Automatic")
    NONE = "none", pgettext_lazy("second language", "None")
    ARABIC = "ar", "العربية"
    ENGLISH = "en", "English"
    FRENCH = "fr", "Français"


class QueueState(models.TextChoices):
    """Where a queued row stands."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Metric(models.TextChoices):
    """What a plan counts."""

    INVOICES = "invoices", _("Invoices issued")
    EMAILS = "emails", _("Emails sent")


class Channel(models.TextChoices):
    """Where a change came from."""

    BROWSER = "browser", _("Browser")
    API = "api", _("API")
    PUBLIC = "public", _("Public page")
    ADMIN = "admin", _("Staff")
    SYSTEM = "system", _("System")
