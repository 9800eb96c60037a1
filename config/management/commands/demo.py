"""Fill a business with examples."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from config.demo import fill

DEMO_EMAIL = "demo@example.com"
DEMO_PASSWORD = "demo"  # noqa: S105 -- the open door of the embedded mode; production has no such user


class Command(BaseCommand):
    """Make the demo user with a business full of examples."""

    help = "Fills a business with clients, invoices and payments to look at."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take ``--if-empty``."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are users already")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing. Refused in production, where nobody may sign in with a known password."""
        if options["if_empty"] and User.objects.exists():
            return
        if not settings.EMBEDDED:
            raise CommandError("Demo data are for the embedded mode: DATABASE_URL, REDIS_URL or EMAIL_URL is set.")
        fill(email=DEMO_EMAIL, password=DEMO_PASSWORD, at=timezone.now())
        self.stdout.write(f"Demo data are there: log in as {DEMO_EMAIL} with the password {DEMO_PASSWORD}.")
