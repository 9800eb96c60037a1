"""Carries sums forward now, as a worker does once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from invoicing.services.carrying import carry_forward, large_businesses, last_settled


class Command(BaseCommand):
    """``manage.py carry_forward [--anew]``."""

    help = "Carries the sums of businesses with very many documents forward, as a worker does once a day."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--anew``."""
        parser.add_argument("--anew", action="store_true", help="add up everything there is once more")

    def handle(self, *args: Any, anew: bool = False, **options: Any) -> None:
        """Carry forward what is carried, and say of how many businesses."""
        until = last_settled(timezone.now())
        carried = [carry_forward(business=each, until=until, anew=anew) for each in large_businesses()]
        self.stdout.write(f"The sums of {len(carried)} businesses are carried forward until {until:%Y-%m-%d}.")
