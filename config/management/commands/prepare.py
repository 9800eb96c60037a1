"""Bring database, translations and static files up to date; quick where they are."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from config.catalogues import compile_catalogues


def pending_migrations() -> bool:
    """Return whether the database waits for a migration. Raises ``OperationalError`` where there is none."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def static_fingerprint() -> str:
    """Return a name for the present state of all static files."""
    state = [
        (path, (info := Path(storage.path(path)).stat()).st_size, info.st_mtime_ns)
        for finder in get_finders()
        for path, storage in finder.list([])
    ]
    return sha256(json.dumps(state).encode()).hexdigest()


class Command(BaseCommand):
    """Migrate, compile the translations and collect the static files."""

    help = "Brings database, translations and static files up to date."
    requires_system_checks = [Tags.security]

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is needed of the three."""
        try:
            if pending_migrations():
                self.stdout.write("Setting up the database ...")
                call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            raise SystemExit(f"The database cannot be used: {reason}") from None
        compile_catalogues([Path(folder) for folder in settings.LOCALE_PATHS])
        self.collect_static()

    def collect_static(self) -> None:
        """Collect the static files where they have changed since the last time."""
        stamp = settings.VAR_DIR / "static.stamp"
        fingerprint = static_fingerprint()
        if stamp.exists() and stamp.read_text() == fingerprint and Path(settings.STATIC_ROOT).is_dir():
            return
        self.stdout.write("Collecting static files ...")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(fingerprint)
