"""The colour space of everything that is drawn, sRGB, as an ICC profile (version 4.2) made of published numbers.

Sources: IEC 61966-2-1 for primaries, white and curve; ICC.1:2004-10 for the layout, the white D50 and the Bradford
matrix that leads from D65 to it.
"""

from __future__ import annotations

import struct
from typing import Final

D50: Final = (0.9642, 1.0, 0.8249)
# Each primary's XYZ, adapted to D50.
RED: Final = (0.4360, 0.2225, 0.0139)
GREEN: Final = (0.3851, 0.7169, 0.0971)
BLUE: Final = (0.1431, 0.0606, 0.7139)
ADAPTATION: Final = (1.0479, 0.0229, -0.0502, 0.0296, 0.9905, -0.0171, -0.0092, 0.0151, 0.7517)
# ((x + 0.055) / 1.055) ** 2.4 above 0.04045, x / 12.92 below.
CURVE: Final = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
MADE: Final = (2026, 1, 1, 0, 0, 0)


def profile() -> bytes:
    """Return the profile, the same bytes each time."""
    curve = struct.pack(">4s4xHxx", b"para", 3) + _numbers(CURVE)
    tags = {
        b"desc": _text("sRGB"),
        b"cprt": _text("No copyright, use freely"),
        b"wtpt": b"XYZ \0\0\0\0" + _numbers(D50),
        b"chad": b"sf32\0\0\0\0" + _numbers(ADAPTATION),
        b"rXYZ": b"XYZ \0\0\0\0" + _numbers(RED),
        b"gXYZ": b"XYZ \0\0\0\0" + _numbers(GREEN),
        b"bXYZ": b"XYZ \0\0\0\0" + _numbers(BLUE),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    places: dict[bytes, int] = {}
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        if content not in places:
            places[content] = start + len(data)
            data += content.ljust(-(-len(content) // 4) * 4, b"\0")
        table += struct.pack(">4sII", name, places[content], len(content))
    head = struct.pack(">I4xI4s4s4s", start + len(data), 0x04200000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", *MADE, b"acsp") + bytes(28) + _numbers(D50)
    return head.ljust(128, b"\0") + table + data


def _numbers(values: tuple[float, ...]) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _text(text: str) -> bytes:
    encoded = text.encode("utf-16-be")
    return struct.pack(">4s4xIIHHII", b"mluc", 1, 12, 0x656E, 0x5553, len(encoded), 28) + encoded
