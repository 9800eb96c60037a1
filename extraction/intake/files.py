"""Uploaded files under random names: what a user calls a file is data, never a path."""

from __future__ import annotations

import os
import re
from typing import Final

from accounts.identifiers import new_token
from accounts.schema import is_visible
from accounts.storage import path_of

FOLDER: Final = "documents"
LONGEST_NAME: Final = 200


def keep(content: bytes) -> str:
    """Write a file, complete and durable before it appears under its name, and return its key."""
    token = new_token()
    key = f"{FOLDER}/{token[:2].lower()}/{token}"
    write(key, content)
    return key


def write(key: str, content: bytes) -> None:
    """Write a file under a key of ours, complete and durable before it appears there."""
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{new_token()}.part")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def clean_name(given: str, default: str) -> str:
    """Return the last part of a name as its user wrote it, without what cannot be shown; the end is kept."""
    last = re.split(r"[/\\]", given)[-1]
    shown = "".join(char for char in last if is_visible(char) or char == " ").strip(" .")
    return shown[-LONGEST_NAME:] or default
