"""Pages as pictures, kept beside their document's file: each is drawn once, and goes with its document."""

from __future__ import annotations

from typing import Final

from extraction.intake.child import MEMORY
from invoicing.pdf.picture import page_png

WIDTH: Final = 1400  # pixels; A4 at 170 dots an inch, which is read well at twice the width of a column


def picture_key(file_key: str, number: int) -> str:
    """Return under which key the picture of a page, counted from 1, lies."""
    return f"{file_key}.{number}.png"


def file_key_of(key: str) -> str:
    """Return the key of the document's file to which a key belongs: a picture's, or the file's own."""
    return key.partition(".")[0]


def draw_page(content: bytes, number: int) -> bytes:
    """Return a page, counted from 1, as PNG of at most 25 million pixels. Raises ``NoPicture``."""
    return page_png(content, page=number - 1, width=WIDTH, shrinks=True, memory=MEMORY)
