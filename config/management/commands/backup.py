"""Write the database and all files into one ``tar.gz``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from config.archive import ArchiveError, write_archive


class Command(BaseCommand):
    """Make a backup."""

    help = "Writes the database and all files into one tar.gz."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file's name."""
        parser.add_argument("file", nargs="?", help="where to (var/backups/<moment>.tar.gz)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, and say where it is."""
        now = timezone.now()
        path = Path(options["file"] or settings.VAR_DIR / "backups" / f"{now:%Y%m%d-%H%M%S}.tar.gz")
        try:
            write_archive(path, at=now)
        except ArchiveError as error:
            raise SystemExit(str(error)) from None
        self.stdout.write(f"Backup written to {path} ({path.stat().st_size:,} bytes). SECRET_KEY is not in it.")
