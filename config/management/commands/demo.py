"""Fill a business with examples."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

DEMO_EMAIL = "demo@example.com"
DEMO_PASSWORD = "demo"  # noqa: S105 -- the open door of the embedded mode; production has no such user


class Command(BaseCommand):
    """Make the demo user with a business full of examples."""

    help = "Fills a business with clients, invoices and payments to look at."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take ``--if-empty``."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are users already")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing."""
