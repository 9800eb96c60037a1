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
