"""What a gateway does for us, in our own words: amounts are decimals in a currency, moments are aware."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Protocol

# In an address to come back to: the gateway puts the id of the client's session there.
SESSION_ID: Final = "{CHECKOUT_SESSION_ID}"


class GatewayError(Exception):
    """The root of how a gateway fails. ``message`` are its own words, for staff and the owner."""

    def __init__(self, message: str, *, reason: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason


class TransientFailure(GatewayError):
    """It may work later: no answer, too many requests, the gateway's own failure.

    Whether the call took effect is not known.
    """


class PermanentFailure(GatewayError):
    """It was refused, and would be again: a wrong key, a wrong amount, an unknown object."""


class UntrustedEvent(GatewayError):
    """An event without the gateway's signature, or older than it may be."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the client is asked to pay, and what they read at the gateway."""

    amount: Decimal
    currency: str
    title: str
    description: str = ""
    reference: str = ""  # of our request; comes back with every event
    invoice: str = ""
    email: str = ""
    language: str = "en"
    return_url: str = ""
    cancel_url: str = ""
    expires_at: datetime | None = None
    with_invoice: bool = False  # the gateway's own invoice, too


@dataclass(frozen=True, slots=True)
class Place:
    """Where the client pays: a link, or a session of a checkout."""

    external_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Returned:
    """Money that went back, or is about to. ``failed`` says that it did not arrive."""

    external_id: str
    amount: Decimal
    currency: str
    failed: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Disputed:
    """A payment that the client's bank wants back. ``state`` is ``open``, ``won`` or ``lost``."""

    external_id: str
    amount: Decimal
    state: str


@dataclass(frozen=True, slots=True)
class Received:
    """What is known of a payment, from an event or read anew. None and empty mean: not said."""

    payment_id: str
    paid: bool = False
    amount: Decimal | None = None
    currency: str = ""
    received_at: datetime | None = None
    request_ids: tuple[str, ...] = ()  # the gateway's ids of link and session
    reference: str = ""
    returned_amount: Decimal | None = None  # all together, so far
    returned: tuple[Returned, ...] = ()
    dispute: Disputed | None = None
    failure: str = ""  # why a try to pay failed
    gateway_invoice: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """An event as the gateway sent it: what happened to which payment."""

    external_id: str
    type: str
    created_at: datetime
    received: Received | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the gateway says of the account that a key belongs to."""

    external_id: str
    name: str = ""
    live: bool = False


class Gateway(Protocol):
    """An account at a gateway. Every call raises ``TransientFailure`` or ``PermanentFailure``.

    ``key`` makes a call idempotent: the same key twice has one effect.
    """

    name: str

    def askable(self, amount: Decimal, currency: str) -> Decimal:
        """Return what of an amount can be asked for, and raise ``PermanentFailure`` when it is too small or large."""

    def returnable(self, amount: Decimal, currency: str) -> Decimal:
        """Return what of an amount can be sent back."""

    def create_link(self, order: Order, *, key: str) -> Place:
        """Make a link that can be paid once."""

    def find_link(self, reference: str, *, since: datetime) -> Place | None:
        """Return the link that an earlier call for our request made, if it did."""

    def close_link(self, external_id: str) -> None:
        """Let a link be paid no more; one that is closed or gone stays so."""

    def create_checkout(self, order: Order, *, key: str) -> Place:
        """Open a session of the checkout."""

    def close_checkout(self, external_id: str) -> None:
        """Let a session be paid no more; one that is over stays so."""

    def read_checkout(self, external_id: str) -> Received | None:
        """Return what became of a session's payment; None while there is none."""

    def refund(self, payment_id: str, amount: Decimal, currency: str, *, reference: str, key: str) -> Returned:
        """Send money of a payment back."""

    def read_payment(self, payment_id: str) -> Received:
        """Return all that is known of a payment now."""

    def read_account(self) -> AccountFacts:
        """Return whose account the key opens."""

    def open_event(self, body: bytes, signature: str, *, secret: str) -> Message:
        """Verify an event's raw body. Raises ``UntrustedEvent``."""
