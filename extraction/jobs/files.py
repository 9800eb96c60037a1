"""The chore that removes files to which no document belongs: what a process that was killed left behind."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache

from accounts.storage import path_of
from extraction.intake.files import FOLDER
from extraction.intake.pictures import file_key_of
from extraction.models import Document, SupportingFile

EVERY: Final = timedelta(days=1)
GRACE: Final = timedelta(days=1)  # an upload may be under way
MARK: Final = "extraction.files"


def forget_stray_files(at: datetime) -> None:
    """Remove stray files that are older than a day, unless somebody did today."""
    if not cache.add(MARK, 1, timeout=EVERY.total_seconds()):
        return
    folder, before = path_of(FOLDER), (at - GRACE).timestamp()
    for part in folder.iterdir() if folder.is_dir() else ():
        old = [path for path in part.iterdir() if path.stat().st_mtime < before]
        keys = [f"{FOLDER}/{part.name}/{path.name}" for path in old]
        known = {
            key
            for model in (Document, SupportingFile)
            for key in model._default_manager.filter(file_key__in=set(map(file_key_of, keys))).values_list(
                "file_key", flat=True
            )
        }
        for path, key in zip(old, keys, strict=True):
            if file_key_of(key) not in known:
                path.unlink(missing_ok=True)
