"""What payments refuses, and how a gateway fails."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import AppError


class PaymentsError(AppError):
    """The root of what payments refuses."""


class NotConfigured(PaymentsError):
    """The business has no gateway that it may use (503)."""

    code = "stripe_not_configured"
    default = _("Stripe is not set up for this business.")


class GatewayDown(PaymentsError):
    """The gateway did not answer, also not when asked again; nothing was changed here (502)."""

    code = "gateway_failed"
    default = _("The payment provider does not answer. Nothing was changed; try again in a moment.")


class GatewayRefused(PaymentsError):
    """The gateway refused, and would do so again; ``extra["reason"]`` are its words (502)."""

    code = "gateway_refused"
    default = _("The payment provider refused this.")


class LinkIsOpen(PaymentsError):
    """The invoice has a payment link that can still be paid (409)."""

    code = "payment_link_open"
    default = _("This invoice already has an open payment link.")


class NothingDue(PaymentsError):
    """There is nothing to pay (409)."""

    code = "nothing_due"
    default = _("Nothing is due on this invoice.")


class TooSmall(PaymentsError):
    """The amount is below what the gateway takes in the currency (409)."""

    code = "below_minimum"


class TooLarge(PaymentsError):
    """The amount is above what the gateway takes (409)."""

    code = "above_maximum"


class InvalidAccount(PaymentsError):
    """The keys of an account are wrong; ``errors`` names the field (400)."""

    code = "invalid"
    default = _("Some fields need your attention.")


class BadSignature(PaymentsError):
    """An event does not bear the gateway's signature, or is too old (400)."""

    code = "bad_signature"
    default = _("The signature is missing, wrong or too old.")


class EventTooLarge(PaymentsError):
    """A webhook's body is larger than any event (413)."""

    code = "too_large"
    default = _("The request is too large.")
