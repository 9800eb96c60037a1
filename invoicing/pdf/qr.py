"""QR codes: what a Saudi tax code holds, and codes as modules, PNG and SVG."""

from __future__ import annotations

import base64
import io
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

import segno

# Above this a code of level M is too fine for paper; level L keeps the modules printable.
_LONGEST_AT_LEVEL_M: Final = 400
_LONGEST_VALUE: Final = 255


def zatca_tlv(seller_name: str, vat_number: str, issued_at: datetime, total: Decimal, tax: Decimal) -> str:
    """Return the content of a Saudi tax invoice's code: base64 of the TLV fields 1 to 5.

    `issued_at` must be aware; it is written in UTC. `total` (with tax) and `tax` are in SAR, written
    with two decimals. Lengths count UTF-8 bytes in one byte, so a longer name is cut at a character.
    Raises ValueError for a naive moment. Source: ZATCA, security features implementation standards.
    """
    if issued_at.tzinfo is None:
        raise ValueError("issued_at must be an aware datetime")
    moment = issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = (seller_name, vat_number, moment, f"{total:.2f}", f"{tax:.2f}")
    packed = b"".join(_field(tag, value) for tag, value in enumerate(fields, start=1))
    return base64.b64encode(packed).decode("ascii")


def _field(tag: int, value: str) -> bytes:
    encoded = value.encode("utf-8")[:_LONGEST_VALUE].decode("utf-8", "ignore").encode("utf-8")
    return bytes((tag, len(encoded))) + encoded


def qr_matrix(payload: str) -> tuple[bytes, ...]:
    """Return the code's rows of modules, 1 for dark, without the quiet zone.

    Raises segno.DataOverflowError for content that no code can hold.
    """
    return tuple(bytes(row) for row in _code(payload).matrix)


def qr_png(payload: str, scale: int = 8) -> bytes:
    """Return the code as PNG, `scale` pixels a module, with its quiet zone of 4 modules."""
    image = io.BytesIO()
    _code(payload).save(image, kind="png", scale=scale, border=4)
    return image.getvalue()


def qr_svg(payload: str) -> str:
    """Return the code as an SVG document, one unit a module, with its quiet zone of 4 modules."""
    image = io.BytesIO()
    _code(payload).save(image, kind="svg", border=4, light="#fff", svgclass=None, lineclass=None)
    return image.getvalue().decode("utf-8")


def inline_image(payload: str) -> tuple[int, str]:
    """Return the number of modules a side and a PDF inline image that paints the dark ones."""
    rows = qr_matrix(payload)
    side = len(rows)
    unused = -side % 8
    # In an image mask a 0 is painted; what fills the last byte of a row must not be.
    packed = b"".join(
        (int("".join("0" if dark else "1" for dark in row) + "1" * unused, 2)).to_bytes((side + 7) // 8, "big")
        for row in rows
    )
    head = f"BI /W {side} /H {side} /IM true /BPC 1 /F /AHx"
    return side, f"{head} ID {packed.hex()}> EI"


@lru_cache(maxsize=64)
def _code(payload: str) -> segno.QRCode:
    # Choosing the best of eight masks takes longer than drawing the whole page; any mask is valid.
    level = "m" if len(payload) <= _LONGEST_AT_LEVEL_M else "l"
    return segno.make(payload, error=level, mask=0, micro=False, boost_error=False)
