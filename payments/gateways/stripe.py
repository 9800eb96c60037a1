"""Stripe, by its own client; the only place that knows its names, units and failures."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

import stripe
from stripe import StripeClient

from invoicing.money import from_minor_units, minor_digits, to_minor_units
from payments.gateways.base import (
    AccountFacts,
    Disputed,
    Message,
    Order,
    PermanentFailure,
    Place,
    Received,
    Returned,
    TransientFailure,
    UntrustedEvent,
)

TIMEOUT: Final = (3.0, 6.0)  # seconds to connect, and to wait for an answer; thrice, while a person waits
RETRIES: Final = 2
OLDEST_EVENT: Final = 300  # seconds
# Whole units that Stripe takes as if they had two decimals (docs.stripe.com/currencies).
PADDED: Final = frozenset({"ISK", "UGX"})
# Two decimals by ISO 4217, none at Stripe.
WHOLE: Final = frozenset({"MGA"})
MOST_UNITS: Final = 99_999_999
# The least that Stripe takes by card; for other currencies it says so itself.
MINIMUM: Final[Mapping[str, Decimal]] = MappingProxyType(
    {
        code: Decimal(least)
        for code, least in {
            "USD": "0.50", "AED": "2.00", "AUD": "0.50", "BGN": "1.00", "BRL": "0.50", "CAD": "0.50", "CHF": "0.50",
            "CZK": "15.00", "DKK": "2.50", "EUR": "0.50", "GBP": "0.30", "HKD": "4.00", "HUF": "175.00", "INR": "0.50",
            "JPY": "50", "MXN": "10.00", "MYR": "2.00", "NOK": "3.00", "NZD": "0.50", "PLN": "2.00", "RON": "2.00",
            "SEK": "3.00", "SGD": "0.50", "THB": "10.00",
        }.items()
    }
)  # fmt: skip
SECRETS: Final = re.compile(r"\b(?:sk|rk|whsec|pi|seti)_\w*secret_\w+|\b(?:sk|rk|whsec)_[\w*]+")
LOCALES: Final = frozenset({"en", "fr"})  # of ours, those that Stripe has; for Arabic it goes by the browser
GONE: Final = frozenset({"resource_missing"})
FAILED_REFUNDS: Final = frozenset({"failed", "canceled"})
DISPUTES: Final = MappingProxyType({"won": "won", "lost": "lost", "warning_closed": "won"})


@lru_cache(maxsize=64)
def client_for(key: str, base: str) -> StripeClient:
    """Return the client of an account; it keeps its connections."""
    http = stripe.RequestsClient(timeout=TIMEOUT)
    return StripeClient(key, base_addresses={"api": base}, max_network_retries=RETRIES, http_client=http)


def units_of(amount: Decimal, currency: str) -> int:
    """Return an amount in Stripe's smallest units. Raises ``ValueError`` when it has more decimals than Stripe."""
    units = to_minor_units(amount, currency)
    if currency in PADDED:
        return units * 100
    if currency in WHOLE:
        whole, rest = divmod(units, 100)
        if rest:
            raise ValueError(f"{currency} has no decimals at Stripe")
        return whole
    return units


def amount_of(units: int, currency: str) -> Decimal:
    """Return the amount that is ``units`` of Stripe's smallest units. Raises ``ValueError``, ``UnknownCurrency``."""
    currency = currency.upper()
    if currency in WHOLE:
        return from_minor_units(units * 100, currency)
    if currency not in PADDED:
        return from_minor_units(units, currency)
    whole, rest = divmod(units, 100)
    if rest:
        raise ValueError(f"{units} is no whole number of {currency}")
    return from_minor_units(whole, currency)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the client's exceptions into ours."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise TransientFailure(words_of(error)) from error
    except stripe.StripeError as error:
        status = error.http_status or 500
        failure = TransientFailure if status >= 500 or status == 409 else PermanentFailure
        raise failure(words_of(error), reason=error.code or "") from error


def words_of(error: stripe.StripeError) -> str:
    """Return what Stripe said, without the key that it repeats in part."""
    return SECRETS.sub("***", error.user_message or str(error) or type(error).__name__)[:500]


class Stripe:
    """An account at Stripe."""

    name = "stripe"

    def __init__(self, key: str, *, base: str) -> None:
        self.api = client_for(key, base).v1

    def askable(self, amount: Decimal, currency: str) -> Decimal:
        """Return the amount, of three decimals the last one cut off; see ``Gateway``."""
        amount = self.returnable(amount, currency)
        least = MINIMUM.get(currency, Decimal(0))
        if amount < least or not amount:
            raise PermanentFailure(f"{least} {currency}", reason="amount_too_small")
        if units_of(amount, currency) > MOST_UNITS:
            raise PermanentFailure(
                f"{amount_of(MOST_UNITS // 100 * 100, currency)} {currency}", reason="amount_too_large"
            )
        return amount

    def returnable(self, amount: Decimal, currency: str) -> Decimal:
        """Return the amount, of three decimals the last one cut off."""
        if minor_digits(currency) != 3:
            return amount
        return from_minor_units(to_minor_units(amount, currency) // 10 * 10, currency)

    def create_link(self, order: Order, *, key: str) -> Place:
        """Make a Payment Link for one completed session."""
        params: dict[str, Any] = {
            "line_items": [line_of(order)],
            "metadata": marks_of(order),
            "payment_intent_data": {"metadata": marks_of(order), "description": order.title},
            "restrictions": {"completed_sessions": {"limit": 1}},
        }
        if order.with_invoice:
            params["invoice_creation"] = {"enabled": True, "invoice_data": {"metadata": marks_of(order)}}
        if order.return_url:
            params["after_completion"] = {"type": "redirect", "redirect": {"url": order.return_url}}
        with translated():
            link = self.api.payment_links.create(params, {"idempotency_key": key})  # type: ignore[arg-type]  # built above
        return Place(link.id, link.url)

    def find_link(self, reference: str, *, since: datetime) -> Place | None:
        """Look through the newest active links for the one that bears our reference."""
        with translated():
            page = self.api.payment_links.list({"active": True, "limit": 100})
            for link in page.data:
                if value(link, "metadata", "request") == reference:
                    return Place(link.id, link.url)
        return None

    def close_link(self, external_id: str) -> None:
        """Deactivate a link."""
        with ignoring(GONE), translated():
            self.api.payment_links.update(external_id, {"active": False})

    def create_checkout(self, order: Order, *, key: str) -> Place:
        """Open a Checkout Session."""
        params: dict[str, Any] = {
            "mode": "payment",
            "line_items": [line_of(order)],
            "metadata": marks_of(order),
            "client_reference_id": order.reference,
            "payment_intent_data": {"metadata": marks_of(order), "description": order.title},
            "success_url": order.return_url,
            "cancel_url": order.cancel_url,
            "locale": order.language if order.language in LOCALES else "auto",
        }
        if order.email:
            params["customer_email"] = order.email
        if order.expires_at:
            params["expires_at"] = int(order.expires_at.timestamp())
        if order.with_invoice:
            params["invoice_creation"] = {"enabled": True, "invoice_data": {"metadata": marks_of(order)}}
        with translated():
            session = self.api.checkout.sessions.create(params, {"idempotency_key": key})  # type: ignore[arg-type]  # built above
        return Place(session.id, session.url or "")

    def close_checkout(self, external_id: str) -> None:
        """Expire a session; one that is complete or expired refuses, which is as good."""
        with ignoring(GONE | {"", "checkout_session_not_open"}), translated():
            self.api.checkout.sessions.expire(external_id)

    def read_checkout(self, external_id: str) -> Received | None:
        """Read a session, and its payment where there is one."""
        with translated():
            session = self.api.checkout.sessions.retrieve(external_id)
        return of_session(plain(session))

    def refund(self, payment_id: str, amount: Decimal, currency: str, *, reference: str, key: str) -> Returned:
        """Refund a part or all of a payment intent."""
        params: Any = {
            "payment_intent": payment_id,
            "amount": units_of(amount, currency),
            "metadata": {"refund": reference},
        }
        with translated():
            refund = self.api.refunds.create(params, {"idempotency_key": key})
        return of_refund(plain(refund))

    def read_payment(self, payment_id: str) -> Received:
        """Read an intent with its charge, and its refunds one by one."""
        with translated():
            intent = plain(self.api.payment_intents.retrieve(payment_id, {"expand": ["latest_charge"]}))
            refunds = self.api.refunds.list({"payment_intent": payment_id, "limit": 100})
            returned = tuple(of_refund(plain(refund)) for refund in refunds.auto_paging_iter())
        return of_intent(intent, returned)

    def read_account(self) -> AccountFacts:
        """Read the account of the key."""
        with translated():
            account = plain(self.api.accounts.retrieve_current())
            balance = plain(self.api.balance.retrieve())
        name = value(account, "business_profile", "name") or value(account, "settings", "dashboard", "display_name")
        return AccountFacts(str(account["id"]), str(name or ""), live=bool(balance.get("livemode")))

    def open_event(self, body: bytes, signature: str, *, secret: str) -> Message:
        """Verify signature and age over the raw body, then read it."""
        return read_event(body, signature, secret=secret)


@contextmanager
def ignoring(codes: frozenset[str]) -> Iterator[None]:
    """Take some refusals for success."""
    try:
        yield
    except PermanentFailure as failure:
        if failure.reason not in codes:
            raise


def line_of(order: Order) -> dict[str, Any]:
    """Return the one line that the client reads at Stripe."""
    product = {"name": order.title[:250]} | ({"description": order.description[:500]} if order.description else {})
    price = {
        "currency": order.currency.lower(),
        "unit_amount": units_of(order.amount, order.currency),
        "product_data": product,
    }
    return {"quantity": 1, "price_data": price}


def marks_of(order: Order) -> dict[str, str]:
    """Return what brings an event back to our request."""
    return {"request": order.reference, "invoice": order.invoice}


def plain(found: Any) -> dict[str, Any]:
    """Return one of the client's objects as plain dictionaries."""
    read: dict[str, Any] = found.to_dict()
    return read


def value(found: Any, *path: str) -> Any:
    """Return what stands at a path of a dictionary or an object, or None."""
    for name in path:
        if found is None:
            return None
        found = found.get(name) if isinstance(found, Mapping) else getattr(found, name, None)
    return found


# Events


def read_event(body: bytes, signature: str, *, secret: str) -> Message:
    """Return a verified event. Raises ``UntrustedEvent`` for a bad signature, too old an event or a broken body."""
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=OLDEST_EVENT)
        # PostgreSQL keeps no NUL in JSON.
        return message_of(json.loads(body.replace(b"\\u0000", b"\\ufffd"), parse_constant=refuse_constant))
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise UntrustedEvent(str(error)[:200]) from error


def refuse_constant(name: str) -> None:
    """Refuse NaN and infinities, which are no JSON."""
    raise ValueError(name)


def message_of(payload: Mapping[str, Any]) -> Message:
    """Return an event in our words. Raises ``ValueError``, ``KeyError``, ``TypeError`` for what is no event."""
    kind, thing = str(payload["type"]), payload["data"]["object"]
    if not isinstance(thing, Mapping):
        raise TypeError("data.object")
    reader = next((read for prefix, read in READERS if kind.startswith(prefix)), None)
    return Message(
        external_id=str(payload["id"])[:255],
        type=kind[:100],
        created_at=datetime.fromtimestamp(int(payload["created"]), UTC),
        received=reader(thing) if reader else None,
        payload=payload,
    )


def id_of(found: Any) -> str:
    """Return the id of a thing that stands there whole or by its id."""
    return str(found["id"] if isinstance(found, Mapping) else found or "")


def of_session(session: Mapping[str, Any]) -> Received | None:
    """Return what a Checkout Session tells of its payment."""
    intent = id_of(session.get("payment_intent"))
    if not intent:
        return None
    currency = str(session.get("currency") or "").upper()
    paid = session.get("payment_status") == "paid"
    return Received(
        payment_id=intent,
        paid=paid,
        amount=amount_of(int(session["amount_total"]), currency) if paid else None,
        currency=currency,
        request_ids=tuple(filter(None, (id_of(session.get("payment_link")), id_of(session)))),
        reference=str(value(session, "metadata", "request") or session.get("client_reference_id") or ""),
        gateway_invoice=id_of(session.get("invoice")),
    )


def of_intent(intent: Mapping[str, Any], returned: tuple[Returned, ...] = ()) -> Received:
    """Return what a payment intent tells."""
    currency = str(intent.get("currency") or "").upper()
    paid = intent.get("status") == "succeeded"
    charge = intent.get("latest_charge")
    back = charge.get("amount_refunded") if isinstance(charge, Mapping) else None
    at = charge.get("created") if isinstance(charge, Mapping) else None
    return Received(
        payment_id=id_of(intent),
        paid=paid,
        amount=amount_of(int(intent.get("amount_received") or intent["amount"]), currency) if paid else None,
        currency=currency,
        received_at=datetime.fromtimestamp(int(at), UTC) if at else None,
        reference=str(value(intent, "metadata", "request") or ""),
        returned_amount=None if back is None else amount_of(int(back), currency),
        returned=returned,
        failure="" if paid else str(value(intent, "last_payment_error", "message") or ""),
    )


def of_charge(charge: Mapping[str, Any]) -> Received | None:
    """Return what a charge tells of its payment: what went back so far."""
    intent = id_of(charge.get("payment_intent"))
    currency = str(charge.get("currency") or "").upper()
    if not intent:
        return None
    refunds = value(charge, "refunds", "data") or ()
    return Received(
        payment_id=intent,
        currency=currency,
        reference=str(value(charge, "metadata", "request") or ""),
        returned_amount=amount_of(int(charge.get("amount_refunded") or 0), currency),
        returned=tuple(of_refund(refund) for refund in refunds if isinstance(refund, Mapping)),
    )


def of_refund(refund: Mapping[str, Any]) -> Returned:
    """Return a refund."""
    currency = str(refund.get("currency") or "").upper()
    return Returned(
        external_id=id_of(refund),
        amount=amount_of(int(refund["amount"]), currency),
        currency=currency,
        failed=refund.get("status") in FAILED_REFUNDS,
        reference=str(value(refund, "metadata", "refund") or ""),
    )


def of_refund_event(refund: Mapping[str, Any]) -> Received | None:
    """Return what a refund tells of its payment."""
    intent = id_of(refund.get("payment_intent"))
    if not intent:
        return None
    returned = of_refund(refund)
    return Received(payment_id=intent, currency=returned.currency, returned=(returned,))


def of_dispute(dispute: Mapping[str, Any]) -> Received | None:
    """Return what a dispute tells of its payment."""
    intent = id_of(dispute.get("payment_intent"))
    currency = str(dispute.get("currency") or "").upper()
    if not intent:
        return None
    return Received(
        payment_id=intent,
        currency=currency,
        dispute=Disputed(
            external_id=id_of(dispute),
            amount=amount_of(int(dispute["amount"]), currency),
            state=DISPUTES.get(str(dispute.get("status")), "open"),
        ),
    )


def of_failed_invoice(invoice: Mapping[str, Any]) -> Received | None:
    """Return what the failed payment of Stripe's own invoice tells."""
    payments = value(invoice, "payments", "data") or [{}]
    intent = id_of(invoice.get("payment_intent") or value(payments[0], "payment", "payment_intent"))
    failure = str(value(invoice, "last_finalization_error", "message") or "The payment failed.")
    reference = str(value(invoice, "metadata", "request") or "")
    return Received(payment_id=intent, reference=reference, failure=failure) if intent or reference else None


Reader = Callable[[Mapping[str, Any]], Received | None]
# By the beginning of an event's type; other events are kept, and change nothing.
READERS: Final[tuple[tuple[str, Reader], ...]] = (
    ("checkout.session.completed", of_session),
    ("checkout.session.async_payment_", of_session),
    ("payment_intent.succeeded", of_intent),
    ("payment_intent.payment_failed", of_intent),
    ("charge.refund.", of_refund_event),
    ("charge.refunded", of_charge),
    ("charge.dispute.", of_dispute),
    ("refund.", of_refund_event),
    ("invoice.payment_failed", of_failed_invoice),
)
