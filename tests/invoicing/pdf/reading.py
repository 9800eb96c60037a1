"""How a reader of the PDF sees it: text, fonts, pictures."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pypdfium2

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


def ink(data: bytes, page: int = 0) -> tuple[float, float, float, float]:
    """Return the box that holds everything drawn on a page, in millimetres from the top left."""
    from PIL import ImageOps

    box = ImageOps.invert(picture(data, page, 127).convert("L")).getbbox()
    assert box
    return tuple(side / 5 for side in box)  # type: ignore[return-value]  # four sides


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


def boxes(data: bytes) -> list[list[tuple[str, Box]]]:
    """Return each page's characters with the boxes that hold them, in points from the bottom left."""
    found = []
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            text = page.get_textpage()
            characters = [(text.get_text_range(at, 1), text.get_charbox(at)) for at in range(text.count_chars())]
            found.append([(c, box) for c, box in characters if c.strip() and box[2] > box[0] and box[3] > box[1]])
    return found


def overlaps(page: list[tuple[str, Box]]) -> list[tuple[str, str]]:
    """Return the pairs of a page's letters of which one lies over most of the other."""
    page = sorted(page, key=lambda found: found[1][0])
    found = []
    for at, (letter, one) in enumerate(page):
        for beside, other in page[at + 1 :]:
            if other[0] >= one[2]:
                break
            if one == other:  # two letters of one glyph
                continue
            wide = min(one[2], other[2]) - max(one[0], other[0])
            high = min(one[3], other[3]) - max(one[1], other[1])
            smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
            if wide > 0 and high > 0 and wide * high >= 0.6 * smaller:
                found.append((letter, beside))
    return found
