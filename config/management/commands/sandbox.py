"""Stand in for Stripe on this machine, for a newcomer who has no key."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from payments.gateways.sandbox.server import Sandbox
from payments.gateways.sandbox.store import Store


class Command(BaseCommand):
    """``manage.py sandbox``, started by ``serve``."""

    help = "Stands in for Stripe in the embedded mode, beside the application: no money moves."

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer until asked to stop."""
        if not settings.SANDBOX:
            raise CommandError("The sandbox runs in the embedded mode, without a key of Stripe's.")
        box = Sandbox(
            Store(settings.VAR_DIR / "sandbox.json"),
            webhook_url=f"http://127.0.0.1:{settings.PORT}/webhooks/stripe",
            webhook_secret=settings.STRIPE_WEBHOOK_SECRET,
            keys=frozenset({settings.SANDBOX_KEY}),
        )
        over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())
        try:
            server = box.start(settings.SANDBOX_PORT, settings.PUBLIC_HOST)
        except OSError as error:
            raise CommandError(
                f"Port {settings.SANDBOX_PORT}, where the sandbox listens, cannot be used: {error}"
            ) from None
        over.wait()
        server.shutdown()
