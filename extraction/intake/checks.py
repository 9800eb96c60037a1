"""What is taken in, and the sentence for what is not."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from extraction.errors import FileTooLarge, NotAPdf, PageTooLarge, PdfLocked, PdfTooCostly, TooManyPages
from extraction.intake import child

PROGRAM: Final = Path(__file__).with_name("inspector.py")
MOST_BYTES: Final = 15 * 1024 * 1024
MOST_PAGES: Final = 50
LONGEST_SIDE: Final = 14_400  # points
HEAD: Final = b"%PDF-"
HEAD_WITHIN: Final = 1024  # bytes; some programs write something before


@dataclass(frozen=True, slots=True)
class Checked:
    """A PDF that may be kept."""

    content: bytes
    sha256: str
    pages: int
    findings: list[str]


def check_size(size: int) -> None:
    """Refuse a file of too many bytes. Raises ``FileTooLarge``."""
    if size > MOST_BYTES:
        raise FileTooLarge(_("A file may have at most %(limit)d MB.") % {"limit": MOST_BYTES // 1024 // 1024})


def check_pdf(content: bytes) -> Checked:
    """Return what is known of a PDF that may be kept.

    Raises ``FileTooLarge``, ``NotAPdf``, ``PdfLocked``, ``TooManyPages``, ``PageTooLarge`` or ``PdfTooCostly``.
    """
    check_size(len(content))
    if not content:
        raise NotAPdf(_("This file is empty."))
    if HEAD not in content[:HEAD_WITHIN]:
        raise NotAPdf(_("This file is not a PDF."))
    found = inspected(content)
    if found["pages"] < 1:
        raise NotAPdf(_("This PDF has no pages."))
    if found["pages"] > MOST_PAGES:
        sentence = ngettext("At most %(limit)d page is read.", "At most %(limit)d pages are read.", MOST_PAGES)
        raise TooManyPages(sentence % {"limit": MOST_PAGES})
    if not found["sizes_fit"]:
        raise PageTooLarge
    return Checked(content, hashlib.sha256(content).hexdigest(), found["pages"], found["findings"])


def inspected(content: bytes) -> dict[str, Any]:
    """Return what the child says of a file. Raises ``PdfLocked``, ``NotAPdf``, ``PdfTooCostly``."""
    told = child.run(PROGRAM, content, str(MOST_PAGES), str(LONGEST_SIDE))
    if not told.is_whole:
        raise PdfTooCostly
    found: dict[str, Any] = json.loads(told.output)
    if found.get("error") == "locked":
        raise PdfLocked
    if "error" in found:
        raise NotAPdf
    return found
