"""How a reader of the PDF sees it: text, fonts, pictures."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from itertools import combinations
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pypdfium2
from pypdfium2.raw import FPDFText_GetUnicode

_CONTROLS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def pages(data: bytes) -> int:
    with pypdfium2.PdfDocument(data) as document:
        return len(document)


def page_texts(data: bytes) -> list[str]:
    """Return what pdfium reads on each page, presentation forms as letters."""
    with pypdfium2.PdfDocument(data) as document:
        return [normalize("NFKC", page.get_textpage().get_text_range()).replace("\r\n", "\n") for page in document]


def text(data: bytes) -> str:
    return "\n".join(page_texts(data))


def poppler_text(data: bytes) -> str:
    """Return what pdftotext reads; its marks of direction count as spaces."""
    program = shutil.which("pdftotext")
    assert program
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "document.pdf")
        path.write_bytes(data)
        done = subprocess.run([program, "-enc", "UTF-8", path, "-"], capture_output=True, check=True)
    return normalize("NFKC", _CONTROLS.sub(" ", done.stdout.decode()))


def picture(data: bytes, page: int = 0, dpi: int = 150) -> Any:
    with pypdfium2.PdfDocument(data) as document:
        return document[page].render(scale=dpi / 72).to_pil()


def ink(data: bytes, page: int = 0, dpi: int = 127) -> tuple[float, float, float, float]:
    """Return the box that holds everything drawn on a page, in millimetres from the top left, to a pixel."""
    from PIL import ImageOps

    box = ImageOps.invert(picture(data, page, dpi).convert("L")).getbbox()
    assert box
    return tuple(round(side * 25.4 / dpi, 3) for side in box)  # type: ignore[return-value]  # four sides


def streams(data: bytes) -> list[bytes]:
    """Return the file's streams, unpacked."""
    import zlib

    found = []
    for body in re.findall(rb"stream\n(.*?)endstream", data, re.DOTALL):
        try:
            found.append(zlib.decompress(body))
        except zlib.error:
            found.append(body)
    return found


Box = tuple[float, float, float, float]
SQUARE = 9.0  # points, about as large as a letter


def boxes(data: bytes) -> list[list[tuple[str, Box]]]:
    """Return each page's characters with the boxes that hold them, in points from the bottom left."""
    found = []
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            text = page.get_textpage()
            letters = [chr(FPDFText_GetUnicode(text, at)) for at in range(text.count_chars())]
            characters = [(c, text.get_charbox(at)) for at, c in enumerate(letters) if c.strip()]
            found.append([(c, box) for c, box in characters if box[2] > box[0] and box[3] > box[1]])
    return found


def overlaps(page: list[tuple[str, Box]]) -> list[tuple[str, str]]:
    """Return the pairs of a page's letters of which one lies over most of the other."""
    # Only letters that have a square in common can lie over each other.
    squares: dict[tuple[int, int], list[int]] = {}
    for at, (_, box) in enumerate(page):
        left, bottom, right, top = (int(side // SQUARE) for side in box)
        for x in range(left, right + 1):
            for y in range(bottom, top + 1):
                squares.setdefault((x, y), []).append(at)
    pairs = {pair for held in squares.values() for pair in combinations(held, 2)}
    return [(page[one][0], page[other][0]) for one, other in sorted(pairs) if _covers(page[one][1], page[other][1])]


def _covers(one: Box, other: Box) -> bool:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0 or one == other:  # the same box: two letters of one glyph
        return False
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return wide * high >= 0.6 * smaller
