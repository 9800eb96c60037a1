"""Backup and restore: the database and all files in one ``tar.gz``."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connection

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.sql"}
# The dump says what to make, not what to throw away; both happen in one transaction, or neither.
EMPTY_SCHEMA = b"DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"


class ArchiveError(Exception):
    """The archive, or the database's tools, do not allow it; the sentence says why."""


def write_archive(path: Path, *, at: datetime) -> None:
    """Write a backup to ``path``. Raises ``ArchiveError``.

    The database comes first: files are written before the rows that name them, so every row finds its file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    with TemporaryDirectory(dir=path.parent) as folder:
        dump = Path(folder) / DATABASE[connection.vendor]
        dump_database(dump)
        partial.touch(mode=0o600)
        with tarfile.open(partial, "w:gz") as archive:
            add_text(archive, MANIFEST, json.dumps(manifest(at)))
            archive.add(dump, dump.name)
            if Path(settings.MEDIA_ROOT).is_dir():
                archive.add(settings.MEDIA_ROOT, "media")
    partial.replace(path)


def manifest(at: datetime) -> dict[str, Any]:
    """Return what an archive says of itself."""
    return {"format": FORMAT, "database": connection.vendor, "made_at": at.isoformat()}


def add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    """Put a text into an archive."""
    data = text.encode()
    member = tarfile.TarInfo(name)
    member.size = len(data)
    archive.addfile(member, BytesIO(data))


def read_archive(path: Path) -> dict[str, Any]:
    """Put the database and all files back from ``path``; return its manifest. Raises ``ArchiveError``."""
    media = Path(settings.MEDIA_ROOT)
    media.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=media.parent) as folder:
        unpacked = Path(folder)
        facts = unpack(path, unpacked)
        load_database(unpacked / DATABASE[connection.vendor])
        replace_folder(media, unpacked)
    return facts


def unpack(path: Path, folder: Path) -> dict[str, Any]:
    """Unpack an archive and check that it is one of ours, for the database in use. Raises ``ArchiveError``."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        facts: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, tarfile.TarError, ValueError, EOFError) as error:
        raise ArchiveError(f"{path} is not a backup that can be read ({error}).") from None
    if facts.get("format") != FORMAT or facts.get("database") != connection.vendor:
        raise ArchiveError(
            f"{path} is a backup of {facts.get('database')}, but the database here is {connection.vendor}."
        )
    return facts


def replace_folder(media: Path, unpacked: Path) -> None:
    """Put the unpacked files where the present ones are, which go with the temporary folder."""
    fresh = unpacked / "media"
    fresh.mkdir(exist_ok=True)
    if media.exists():
        media.rename(unpacked / "replaced")
    shutil.move(fresh, media)


def dump_database(target: Path) -> None:
    """Copy the database, as it stands at one moment, into a file."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
    else:
        run_tool("pg_dump", ["--no-owner", "--no-privileges", f"--file={target}"])


def load_database(source: Path) -> None:
    """Make the database what the file says, all of it or nothing."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(source)) as copy:
            copy.backup(connection.connection)
    else:
        connection.close()
        script = EMPTY_SCHEMA + source.read_bytes()
        run_tool("psql", ["--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"], script)


def run_tool(name: str, options: list[str], script: bytes | None = None) -> None:
    """Run one of PostgreSQL's tools on our database. Raises ``ArchiveError`` with its last words."""
    parameters, passwords = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    command = [name, *options, *parameters[1:]]
    environment: Mapping[str, str] = {**os.environ, **(passwords or {})}
    try:
        subprocess.run(command, input=script, env=environment, check=True, capture_output=True)
    except FileNotFoundError:
        raise ArchiveError(f"{name} is needed for this, and is not installed (package postgresql-client).") from None
    except subprocess.CalledProcessError as error:
        raise ArchiveError(f"{name}: {error.stderr.decode(errors='replace').strip()[-500:]}") from None
