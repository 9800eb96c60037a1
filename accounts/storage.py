"""Files under names made of their content: the same bytes twice are one file, and a crash leaves no half of one."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from accounts.errors import NotFound
from accounts.identifiers import new_token

# Never shown as a page of ours, never guessed at by the browser
HEADERS_OF_A_FILE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}


def path_of(key: str) -> Path:
    """Return where a key's file lies. Keys come from ``store`` alone, never from a request."""
    return Path(settings.MEDIA_ROOT) / key


def store(folder: str, content: bytes, suffix: str) -> str:
    """Write a file, complete and durable before it appears under its name, and return its key."""
    digest = hashlib.sha256(content).hexdigest()
    key = f"{folder}/{digest[:2]}/{digest}{suffix}"
    path = path_of(key)
    if path.exists():
        return key
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{new_token(12)}.part")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return key


def read(key: str) -> bytes:
    """Return a stored file's bytes. Raises ``FileNotFoundError``."""
    return path_of(key).read_bytes()


def forget(key: str) -> None:
    """Remove a file, if it is there."""
    path_of(key).unlink(missing_ok=True)


def download(key: str, name: str, *, content_type: str) -> HttpResponse:
    """Return a stranger's file as a download. Raises ``NotFound`` where it is gone."""
    try:
        content = read(key)
    except FileNotFoundError:
        raise NotFound from None
    disposition = content_disposition_header(True, name) or "attachment"
    headers = {**HEADERS_OF_A_FILE, "Content-Disposition": disposition}
    return HttpResponse(content, content_type=content_type, headers=headers)
