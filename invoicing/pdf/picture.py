"""A page as a picture, drawn by a process of its own that a hostile file can only end."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from accounts import child
from invoicing.errors import PictureTooCostly, UnreadablePdf
from invoicing.pdf import rasteriser

PROGRAM: Final = Path(rasteriser.__file__)
MEMORY: Final = 512 * 1024 * 1024  # bytes
CPU_SECONDS: Final = 8
SECONDS: Final = 10.0
WIDEST: Final = 4000


def page_png(
    pdf: bytes, *, page: int = 0, width: int, shrinks: bool = False, seconds: float = SECONDS, memory: int = MEMORY
) -> bytes:
    """Return one page, counted from 0, as PNG `width` pixels wide; narrower where it `shrinks` to what a picture may be.

    Raises UnreadablePdf if this is no PDF file or has no such page, PictureTooCostly if drawing it takes more
    than `seconds` or more memory than a page may, ValueError for a width of no pixel or of more than 4,000.
    """
    if not 0 < width <= WIDEST:
        raise ValueError(f"a picture is 1 to {WIDEST} pixels wide, not {width}")
    arguments = (str(page), str(width), str(int(shrinks)))
    told = child.run(PROGRAM, pdf, *arguments, memory=memory, cpu_seconds=CPU_SECONDS, seconds=seconds)
    if told.code == rasteriser.UNREADABLE:
        raise UnreadablePdf
    if not told.is_whole:
        raise PictureTooCostly
    return told.output
