"""The closed sets of words of payments."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestKind(TextChoices):
    """How money is asked for at a gateway."""

    LINK = "link", _("Payment link")
    CHECKOUT = "checkout", _("Checkout")


class RequestState(TextChoices):
    """How a request for money stands."""

    NEW = "new", _("Being made")
    OPEN = "open", _("Waiting for payment")
    PAID = "paid", _("Paid")
    CLOSED = "closed", _("Closed")
    FAILED = "failed", _("Failed")


class Outcome(TextChoices):
    """What became of a webhook's event."""

    NONE = "", _("Not looked at yet")
    APPLIED = "applied", _("Applied")
    IGNORED = "ignored", _("Nothing to do")
    WAITING = "waiting", _("Waiting for its payment")
    PARKED = "parked", _("Set aside for staff")


class RefundState(TextChoices):
    """How a refund at a gateway stands."""

    ASKED = "asked", _("Asked for")
    BOOKED = "booked", _("Returned")
    FAILED = "failed", _("Failed")


class DisputeState(TextChoices):
    """How a dispute stands."""

    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
