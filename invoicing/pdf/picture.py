"""A page as a picture, drawn by a process of its own that a hostile file can only end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from invoicing.errors import PictureTooCostly, UnreadablePdf
from invoicing.pdf import rasteriser

PROGRAM: Final = Path(rasteriser.__file__)
SECONDS: Final = 10.0
WIDEST: Final = 4000


def page_png(pdf: bytes, *, page: int = 0, width: int, seconds: float = SECONDS) -> bytes:
    """Return one page, counted from 0, as PNG `width` pixels wide.

    Raises UnreadablePdf if this is no PDF file or has no such page, PictureTooCostly if drawing it takes more
    than `seconds` or more memory than a page may, ValueError for a width of no pixel or of more than 4,000.
    """
    if not 0 < width <= WIDEST:
        raise ValueError(f"a picture is 1 to {WIDEST} pixels wide, not {width}")
    arguments = (page, width, rasteriser.MEMORY, rasteriser.CPU_SECONDS)
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", PROGRAM, *map(str, arguments)],
            input=pdf,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PictureTooCostly from None
    if done.returncode == rasteriser.UNREADABLE:
        raise UnreadablePdf
    if done.returncode:
        raise PictureTooCostly
    return done.stdout
