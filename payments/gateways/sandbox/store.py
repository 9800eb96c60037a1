"""What the stand-in knows: links, sessions, payments, refunds, and the events it tells of them."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from payments.gateways.sandbox.forms import Refused

Thing = dict[str, Any]
ZERO_DECIMALS: Final = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
)
THREE_DECIMALS: Final = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))
LEAST_UNITS: Final = 50
MOST_UNITS: Final = 99_999_999
DECLINES: Final = {
    "4000000000000002": ("card_declined", "Your card was declined."),
    "4000000000000069": ("expired_card", "Your card has expired."),
}
NEEDS_AUTHENTICATION: Final = "4000002500003155"
GOOD: Final = "4242424242424242"


def new_id(prefix: str) -> str:
    """Return an id as Stripe's look."""
    return f"{prefix}_{secrets.token_hex(12)}"


class Store:
    """Everything, under one lock; kept in a file where ``path`` is given. ``tell`` is handed each event."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.lock = threading.RLock()
        self.things: dict[str, Thing] = {}
        self.answers: dict[str, tuple[str, int, Thing]] = {}
        self.tell: Callable[[Thing], object] = dict  # until somebody listens
        if path and path.exists():
            self.things = json.loads(path.read_text(encoding="utf-8"))

    def get(self, prefix: str, external_id: str) -> Thing:
        """Return a thing by its id. Raises ``Refused`` (404)."""
        thing = self.things.get(external_id)
        if thing is None or not external_id.startswith(f"{prefix}_"):
            raise Refused(f"No such {prefix}: '{external_id}'", status=404, reason="resource_missing", param="id")
        return thing

    def all(self, kind: str) -> list[Thing]:
        """Return the things of a kind, the newest first."""
        return [thing for thing in reversed(self.things.values()) if thing["object"] == kind]

    def keep(self, thing: Thing) -> Thing:
        """Keep a thing, new or changed."""
        with self.lock:
            self.things[thing["id"]] = thing
            self.write()
        return thing

    def drop(self, thing: Thing) -> None:
        """Keep a thing no longer."""
        with self.lock:
            del self.things[thing["id"]]
            self.write()

    def write(self) -> None:
        """Write everything into the file, if there is one."""
        if self.path:
            partial = self.path.with_suffix(".partial")
            partial.write_text(json.dumps(self.things), encoding="utf-8")
            partial.replace(self.path)

    def emit(self, kind: str, thing: Thing) -> Thing:
        """Tell of something that happened."""
        event = {
            "id": new_id("evt"),
            "object": "event",
            "api_version": "2026-01-28",
            "created": int(time.time()),
            "livemode": False,
            "pending_webhooks": 1,
            "type": kind,
            "data": {"object": json.loads(json.dumps(thing))},
        }
        self.tell(event)
        return event

    # Asking

    def create_link(self, values: Thing) -> Thing:
        """Make a payment link."""
        amount, currency = total_of(values["line_items"])
        link_id = new_id("plink")
        return self.keep(
            {
                "id": link_id,
                "object": "payment_link",
                "active": True,
                "amount": amount,
                "currency": currency,
                "url": "",
                "metadata": values.get("metadata") or {},
                "restrictions": values.get("restrictions"),
                "completed_sessions": 0,
                "livemode": False,
                "asked": values,
            }
        )

    def create_session(self, values: Thing, *, link: Thing | None = None) -> Thing:
        """Open a session of the checkout, by itself or of a link."""
        amount, currency = total_of(values["line_items"])
        now = int(time.time())
        expires_at = int(values.get("expires_at") or now + 86_400)
        if link is None and not now + 1_790 <= expires_at <= now + 86_400 + 60:
            raise Refused("expires_at must be between 30 minutes and 24 hours from now.", param="expires_at")
        if link is None and not values.get("success_url"):
            raise Refused("Missing required param: success_url.", reason="parameter_missing", param="success_url")
        return self.keep(
            {
                "id": new_id("cs_test"),
                "object": "checkout.session",
                "status": "open",
                "payment_status": "unpaid",
                "mode": "payment",
                "amount_total": amount,
                "currency": currency,
                "client_reference_id": values.get("client_reference_id"),
                "metadata": values.get("metadata") or {},
                "payment_link": link["id"] if link else None,
                "payment_intent": None,
                "invoice": None,
                "expires_at": expires_at,
                "livemode": False,
                "url": "",
                "success_url": values.get("success_url"),
                "cancel_url": values.get("cancel_url"),
                "asked": values,
            }
        )

    def expire_session(self, session: Thing) -> Thing:
        """Let a session be paid no more."""
        if session["status"] != "open":
            raise Refused("Only Checkout Sessions with a status in ['open'] can be expired.")
        session["status"] = "expired"
        return self.keep(session)

    # Paying

    def session_of_link(self, link: Thing) -> Thing:
        """Return a new session of a link. Raises ``Refused`` when the link is not active."""
        limit = ((link.get("restrictions") or {}).get("completed_sessions") or {}).get("limit")
        if not link["active"] or (limit and link["completed_sessions"] >= int(limit)):
            raise Refused("This payment link is no longer active.", status=410)
        return self.create_session(link["asked"], link=link)

    def pay(self, session: Thing, card: str = GOOD) -> Thing:
        """Pay a session by a card and tell of it. Raises ``Refused`` when the card is declined."""
        with self.lock:
            link = self.things.get(session["payment_link"] or "")
            if session["status"] != "open" or (link and not link["active"]):
                raise Refused("This session is no longer active.", status=410)
            intent = self.things.get(session["payment_intent"] or "") or self.new_intent(session)
            session["payment_intent"] = intent["id"]
            if card in DECLINES:
                code, message = DECLINES[card]
                intent["last_payment_error"] = {"code": code, "message": message, "type": "card_error"}
                self.keep(session)
                self.emit("payment_intent.payment_failed", self.keep(intent))
                raise Refused(message, status=402, kind="card_error", reason=code)
            charge = self.new_charge(intent)
            intent |= {"status": "succeeded", "amount_received": intent["amount"], "latest_charge": charge["id"]}
            session |= {"status": "complete", "payment_status": "paid"}
            if link:
                link["completed_sessions"] += 1
                link["active"] = False
                self.keep(link)
            self.keep(intent)
            self.keep(session)
        self.emit("payment_intent.succeeded", intent)
        self.emit("charge.succeeded", charge)
        self.emit("checkout.session.completed", public(session))
        return intent

    def new_intent(self, session: Thing) -> Thing:
        """Return a new payment intent of a session."""
        data = session["asked"].get("payment_intent_data") or {}
        return self.keep(
            {
                "id": new_id("pi"),
                "object": "payment_intent",
                "amount": session["amount_total"],
                "amount_received": 0,
                "currency": session["currency"],
                "status": "requires_payment_method",
                "metadata": data.get("metadata") or {},
                "description": data.get("description"),
                "latest_charge": None,
                "last_payment_error": None,
                "created": int(time.time()),
                "livemode": False,
            }
        )

    def new_charge(self, intent: Thing) -> Thing:
        """Return a new charge of an intent."""
        return self.keep(
            {
                "id": new_id("ch"),
                "object": "charge",
                "amount": intent["amount"],
                "amount_refunded": 0,
                "refunded": False,
                "disputed": False,
                "currency": intent["currency"],
                "payment_intent": intent["id"],
                "metadata": intent["metadata"],
                "created": int(time.time()),
                "status": "succeeded",
                "livemode": False,
            }
        )

    # Money back

    def refund(self, values: Thing) -> Thing:
        """Return money of an intent and tell of it. Raises ``Refused`` for more than is left."""
        with self.lock:
            intent = self.get("pi", str(values.get("payment_intent") or ""))
            charge = self.things.get(str(intent["latest_charge"]))
            if charge is None:
                raise Refused("This PaymentIntent does not have a successful charge to refund.")
            left = charge["amount"] - charge["amount_refunded"]
            amount = int(values.get("amount") or left)
            if not left:
                message = f"Charge {charge['id']} has already been refunded."
                raise Refused(message, reason="charge_already_refunded")
            if not 0 < amount <= left:
                raise Refused(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left}).")
            if charge["currency"].upper() in THREE_DECIMALS and amount % 10:
                raise Refused(
                    f"Amounts in {charge['currency'].upper()} end in 0.", reason="amount_invalid", param="amount"
                )
            charge["amount_refunded"] += amount
            charge["refunded"] = charge["amount_refunded"] == charge["amount"]
            refund = self.keep(
                {
                    "id": new_id("re"),
                    "object": "refund",
                    "amount": amount,
                    "currency": charge["currency"],
                    "charge": charge["id"],
                    "payment_intent": intent["id"],
                    "metadata": values.get("metadata") or {},
                    "reason": values.get("reason"),
                    "status": "succeeded",
                    "created": int(time.time()),
                }
            )
            self.keep(charge)
        self.emit("refund.created", refund)
        self.emit("charge.refunded", charge)
        return refund

    def fail_refund(self, refund: Thing) -> Thing:
        """Let a refund not arrive after all."""
        charge = self.get("ch", refund["charge"])
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        refund["status"] = "failed"
        self.keep(charge)
        self.emit("refund.failed", self.keep(refund))
        return refund

    def dispute(self, intent: Thing, status: str = "needs_response", dispute_id: str = "") -> Thing:
        """Open a dispute over a payment, or tell how it ended (``won``, ``lost``)."""
        dispute = self.things.get(dispute_id) or {
            "id": new_id("du"),
            "object": "dispute",
            "amount": intent["amount"],
            "currency": intent["currency"],
            "charge": intent["latest_charge"],
            "payment_intent": intent["id"],
        }
        dispute["status"] = status
        self.keep(dispute)
        self.emit("charge.dispute.closed" if status in {"won", "lost"} else "charge.dispute.created", dispute)
        return dispute


def total_of(lines: list[Thing]) -> tuple[int, str]:
    """Return the total of lines in the smallest units, and their currency. Raises ``Refused``."""
    if not lines:
        raise Refused("At least one line item is needed.", param="line_items")
    total, currencies = 0, set()
    for index, line in enumerate(lines):
        price = line.get("price_data")
        if not price or price.get("unit_amount") is None:
            raise Refused("price_data is needed.", param=f"line_items[{index}][price_data]")
        currencies.add(str(price["currency"]).upper())
        total += int(price["unit_amount"]) * int(line.get("quantity") or 1)
    if len(currencies) > 1:
        raise Refused("All line items have one currency.", param="line_items")
    currency = currencies.pop()
    if currency in THREE_DECIMALS and total % 10:
        raise Refused(f"Amounts in {currency} end in 0.", reason="amount_invalid", param="line_items")
    if total < (LEAST_UNITS if currency not in ZERO_DECIMALS else 1):
        raise Refused("The amount is too small.", reason="amount_too_small")
    if total > MOST_UNITS:
        raise Refused("The amount is too large.", reason="amount_too_large")
    return total, currency.lower()


def public(thing: Thing) -> Thing:
    """Return a thing as it is answered."""
    return {name: value for name, value in thing.items() if name != "asked"}
