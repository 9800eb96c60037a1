"""Bring the catalogues of translations in step with the texts, or check that they are."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.catalogues import DOMAIN, collect, compile_catalogues, gaps, update

SHOWN = 20


class Command(BaseCommand):
    """Collect texts into ``locale/``, or compare."""

    help = "Brings locale/ in step with the texts in code and templates; --check only compares."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take ``--check``."""
        parser.add_argument("--check", action="store_true", help="change nothing, fail where something is amiss")

    def handle(self, *args: Any, **options: Any) -> None:
        """Update, or fail with what is amiss; English is the language of the texts, and needs no file."""
        template = collect(Path(settings.BASE_DIR))
        folder = Path(settings.LOCALE_PATHS[0])
        amiss = 0
        for language in (code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE):
            path = folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"
            if not options["check"]:
                update(path, language, template)
            found = list(gaps(path, language, template))
            amiss += len(found)
            self.stdout.write(f"{language}: {len(found)} gaps")
            self.stdout.write("".join(f"  {gap}\n" for gap in found[:SHOWN]), ending="")
        compile_catalogues([folder])
        if amiss and options["check"]:
            raise SystemExit("The translations are not in step: run make messages, then fill the gaps.")
