"""Put the database and all files back from a backup."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from config.archive import ArchiveError, read_archive


class Command(BaseCommand):
    """Restore a backup."""

    help = "Replaces the database and all files by those of a backup."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and whether to go without asking."""
        parser.add_argument("file", help="a backup")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, restore, and migrate what an older version left behind."""
        path = Path(options["file"])
        if not options["yes"] and not self.agreed(path):
            raise SystemExit("Nothing was changed.")
        try:
            facts = read_archive(path)
        except ArchiveError as error:
            raise SystemExit(str(error)) from None
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write(f"Restored what was kept at {facts['made_at']}.")

    def agreed(self, path: Path) -> bool:
        """Ask whether everything may be replaced."""
        question = f"This replaces the whole database and all files by those of {path}. Type yes to go on: "
        try:
            return input(question).strip().lower() == "yes"
        except EOFError:
            return False
