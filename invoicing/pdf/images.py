"""Logos, unpacked and packed again once for all papers that bear them."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections import OrderedDict
from threading import Lock
from typing import Final, NamedTuple

from PIL import Image
from reportlab.pdfbase import pdfdoc

MOST_KEPT: Final = 64
MOST_BYTES: Final = 16 * 1024 * 1024


class Packed(NamedTuple):
    """An image as a PDF file holds it: rows of grey or red, green and blue bytes, how opaque each pixel is apart."""

    size: tuple[int, int]
    space: str
    pixels: bytes
    opacity: bytes | None

    def add_to(self, document: pdfdoc.PDFDocument, name: str) -> None:
        """Write the image's objects and name it among those that pages may draw."""
        mask = ""
        if self.opacity is not None:
            opacity = document.Reference(self._written("DeviceGray", self.opacity), f"{name}.opacity")
            mask = f" /SMask {opacity.format(document).decode('ascii')}"
        document.addForm(name, self._written(self.space, self.pixels, mask))

    def _written(self, space: str, packed: bytes, mask: str = "") -> bytes:
        width, height = self.size
        head = (
            f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8"
            f" /ColorSpace /{space}{mask} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n"
        )
        return head.encode("ascii") + packed + b"\nendstream"


class _Kept:
    """The images used last, as many as have room, by the hash of their files; threads may share it."""

    def __init__(self) -> None:
        self._images: OrderedDict[bytes, Packed | None] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, data: bytes) -> Packed | None:
        key = hashlib.sha256(data).digest()
        with self._lock:
            if key in self._images:
                self._images.move_to_end(key)
                return self._images[key]
        image = _pack(data)
        with self._lock:
            if key not in self._images:
                self._images[key] = image
                self._bytes += _weight(image)
            while len(self._images) > MOST_KEPT or self._bytes > MOST_BYTES:
                _, dropped = self._images.popitem(last=False)
                self._bytes -= _weight(dropped)
        return image


_kept = _Kept()


def packed(data: bytes) -> Packed | None:
    """Return a picture as a PDF file holds it; None if it cannot be read."""
    return _kept.get(data)


def _weight(image: Packed | None) -> int:
    return len(image.pixels) + len(image.opacity or b"") if image else 0


def _pack(data: bytes) -> Packed | None:
    try:
        image = Image.open(io.BytesIO(data))
        image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
    opacity = None
    if image.has_transparency_data:
        *_, alpha = image.convert("RGBA").split()
        opacity = None if alpha.getextrema() == (255, 255) else zlib.compress(alpha.tobytes())
    grey = image.mode in ("1", "L", "LA")
    pixels = image.convert("L") if grey else image.convert("RGBA").convert("RGB")
    return Packed(image.size, "DeviceGray" if grey else "DeviceRGB", zlib.compress(pixels.tobytes()), opacity)
