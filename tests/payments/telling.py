"""What the tests do as Stripe and as its client would: pay, send events, let the worker apply them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.test import Client as Browser

from accounts.queue import run_due
from payments.gateways.sandbox.server import Sandbox, signature
from tests.fakes.stripe import SECRET

URL = "/webhooks/stripe"


def send(event: dict[str, Any], *, url: str = URL, secret: str = SECRET, at: float | None = None) -> Any:
    """Post a signed event, as Stripe would."""
    body = json.dumps(event).encode()
    return Browser().post(
        url, body, content_type="application/json", headers={"Stripe-Signature": signature(body, secret, at=at)}
    )


def tell(box: Sandbox, events: Iterable[dict[str, Any]] | None = None) -> None:
    """Post all events that the stand-in has to tell, and apply them."""
    for event in list(box.events if events is None else events):
        assert send(event).status_code == 200
    for _ in range(2):  # the mails that the events lead to, too
        run_due(limit=10_000)


def pay_link(box: Sandbox, link_id: str, card: str = "4242424242424242") -> dict[str, Any]:
    """Pay a link as its client would."""
    return box.store.pay(box.store.session_of_link(box.store.get("plink", link_id)), card)
