"""A stand-in for Stripe on loopback; the application's own sandbox, told to fail as a test wants it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from payments.gateways.sandbox.server import Sandbox
from payments.gateways.sandbox.store import Store

KEY = "sk_test_installation"
SECRET = "whsec_installation_secret"


@contextmanager
def stripe_stand_in(*keys: str) -> Iterator[Sandbox]:
    """Serve a stand-in until the block ends; events are kept in ``events``, and delivered by the test."""
    box = Sandbox(Store(), webhook_secret=SECRET, keys=frozenset(keys or (KEY,)), is_delivering=False)
    server = box.start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()
        box.waiting.put(None)
