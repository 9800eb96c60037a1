"""The program that draws one page of a PDF file as PNG; `invoicing.pdf.picture` starts it as a child.

It reads the file from standard input, writes the picture to standard output, and imports nothing of the
application, so that it starts quickly and holds no secret that a hostile file could reach. It ends with
`UNREADABLE` where the file is none or has no such page, with `TOO_LARGE` where the picture would be.
"""

from __future__ import annotations

import ctypes
import struct
import sys
import zlib
from collections.abc import Iterator
from typing import Final

import pypdfium2_raw as pdfium

UNREADABLE: Final = 3
TOO_LARGE: Final = 4
MOST_PIXELS: Final = 24_000_000
CHANNELS: Final = 3
WHITE: Final = 0xFFFFFFFF


def png(width: int, height: int, stride: int, pixels: memoryview) -> Iterator[bytes]:
    """Yield the pieces of a PNG file from rows of red, green and blue bytes."""
    packer = zlib.compressobj(6)
    packed = bytearray()
    for start in range(0, stride * height, stride):
        packed += packer.compress(b"\0" + pixels[start : start + width * CHANNELS])
    packed += packer.flush()
    yield b"\x89PNG\r\n\x1a\n"
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    for name, content in ((b"IHDR", header), (b"IDAT", bytes(packed)), (b"IEND", b"")):
        yield struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def draw(pdf: bytes, number: int, width: int, *, shrinks: bool) -> Iterator[bytes]:
    """Return the pieces of a PNG file that shows a page `width` pixels wide, or less where it `shrinks`."""
    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2))
    document = pdfium.FPDF_LoadMemDocument64(pdf, len(pdf), None)
    page = pdfium.FPDF_LoadPage(document, number) if document else None
    if not page:
        sys.exit(UNREADABLE)
    across, down = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    if not (across > 0 and down > 0):
        sys.exit(UNREADABLE)
    if shrinks:
        width = max(1, min(width, int((MOST_PIXELS * across / down) ** 0.5)))
    if width * width * down / across > MOST_PIXELS:
        sys.exit(TOO_LARGE)
    height = max(1, round(width * down / across))
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGR, None, 0)
    if not bitmap:
        sys.exit(TOO_LARGE)
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE)
    options = pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, options)
    stride = pdfium.FPDFBitmap_GetStride(bitmap)
    buffer = ctypes.cast(pdfium.FPDFBitmap_GetBuffer(bitmap), ctypes.POINTER(ctypes.c_ubyte * (stride * height)))
    return png(width, height, stride, memoryview(buffer.contents).cast("B"))


def main() -> None:
    """Draw the page whose number and width are the first arguments; the third says whether it may shrink."""
    number, width, shrinks = (int(argument) for argument in sys.argv[1:])
    try:
        sys.stdout.buffer.writelines(draw(sys.stdin.buffer.read(), number, width, shrinks=bool(shrinks)))
    except MemoryError:
        sys.exit(TOO_LARGE)


if __name__ == "__main__":
    main()
