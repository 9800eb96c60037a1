"""The program that draws one page of a PDF file as PNG; `invoicing.pdf.picture` starts it by its path.

It reads the file from standard input, writes the picture to standard output, and imports nothing of the
application, so that it starts quickly and holds no secret that a hostile file could reach. It ends with
`UNREADABLE` where the file is none or has no such page, with `TOO_LARGE` where the picture would be.
"""

from __future__ import annotations

import ctypes
import resource
import struct
import sys
import zlib
from collections.abc import Iterator
from typing import Final

UNREADABLE: Final = 3
TOO_LARGE: Final = 4
MEMORY: Final = 512 * 1024 * 1024
CPU_SECONDS: Final = 8
OPEN_FILES: Final = 32
MOST_PIXELS: Final = 24_000_000
CHANNELS: Final = 3
WHITE: Final = 0xFFFFFFFF


def limit(memory: int, cpu_seconds: int) -> None:
    """Take away what drawing a page does not need: more memory (bytes), time, files to write."""
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


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


def draw(pdf: bytes, number: int, width: int) -> Iterator[bytes]:
    """Return the pieces of a PNG file that shows a page `width` pixels wide."""
    import pypdfium2_raw as pdfium  # noqa: PLC0415 - after the limits were set, so that they hold for its own start too

    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2))
    document = pdfium.FPDF_LoadMemDocument64(pdf, len(pdf), None)
    page = pdfium.FPDF_LoadPage(document, number) if document else None
    if not page:
        sys.exit(UNREADABLE)
    across, down = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    if not (across > 0 and down > 0):
        sys.exit(UNREADABLE)
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
    """Draw the page whose number and width are the first arguments, within what the other two allow."""
    number, width, memory, cpu_seconds = (int(argument) for argument in sys.argv[1:])
    limit(memory, cpu_seconds)
    try:
        sys.stdout.buffer.writelines(draw(sys.stdin.buffer.read(), number, width))
    except MemoryError:
        sys.exit(TOO_LARGE)


if __name__ == "__main__":
    main()
