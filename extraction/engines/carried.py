"""The program that takes out of a PDF what is data: XML files, or the contents of codes; ``embedded`` starts it.

It reads the file from standard input and writes one line of JSON for each thing found, so that what was found
before a limit ended it is not lost. It imports nothing of the application.
"""

from __future__ import annotations

import base64
import ctypes
import io
import json
import sys
from collections.abc import Iterator
from typing import Any

LARGEST_XML = 5 * 1024 * 1024  # bytes
MOST_FILES = 20
MOST_PAGES = 10  # that are looked at for codes
DOTS_PER_POINT = 200 / 72
MOST_PIXELS = 25_000_000
WHITE = 0xFFFFFFFF


def tell(**found: Any) -> None:
    """Write one thing that was found, at once."""
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


def tell_xml(content: bytes) -> None:
    """Write the XML files that a PDF carries."""
    import pikepdf  # noqa: PLC0415 -- within the limits, and only where it is needed

    with pikepdf.open(io.BytesIO(content)) as pdf:
        for name, spec in list(pdf.attachments.items())[:MOST_FILES]:
            names = {name.lower(), (spec.filename or "").lower()}
            if not any(each.endswith(".xml") for each in names):
                continue
            file = spec.get_file()
            if (file.size or 0) <= LARGEST_XML and len(xml := file.read_bytes()) <= LARGEST_XML:
                tell(xml=base64.b64encode(xml).decode())


def pictures(content: bytes) -> Iterator[tuple[int, memoryview]]:
    """Yield the first pages in grey, as rows of bytes, each with its number from 1."""
    import pypdfium2_raw as pdfium  # noqa: PLC0415 -- within the limits

    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2))
    document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    for number in range(min(pdfium.FPDF_GetPageCount(document), MOST_PAGES) if document else 0):
        page = pdfium.FPDF_LoadPage(document, number)
        if not page:
            continue
        across, down = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        # Rows of grey are padded to four bytes: so wide a picture has no padding.
        width, height = -(-int(across * DOTS_PER_POINT) // 4) * 4, int(down * DOTS_PER_POINT)
        if width > 0 and height > 0 and width * height <= MOST_PIXELS:
            bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, None, width)
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE)
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT)
            rows = ctypes.cast(pdfium.FPDFBitmap_GetBuffer(bitmap), ctypes.POINTER(ctypes.c_ubyte * (width * height)))
            yield number + 1, memoryview(rows.contents).cast("B").cast("B", (height, width))
            pdfium.FPDFBitmap_Destroy(bitmap)
        pdfium.FPDF_ClosePage(page)


def tell_codes(content: bytes) -> None:
    """Write what the QR codes on the first pages hold."""
    import zxingcpp  # noqa: PLC0415 -- within the limits

    for number, picture in pictures(content):
        kind = zxingcpp.BarcodeFormat.QRCode
        for code in zxingcpp.read_barcodes(picture, formats=kind):  # type: ignore[arg-type]  # one is a set, too
            tell(page=number, text=code.text)


if __name__ == "__main__":
    {"xml": tell_xml, "codes": tell_codes}[sys.argv[1]](sys.stdin.buffer.read())
