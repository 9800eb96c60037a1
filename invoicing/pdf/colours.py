"""The colours that follow from one brand colour, so that text stays readable on every one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_COLOUR: Final = re.compile("#[0-9A-Fa-f]{6}")
FILL: Final = "#F3F4F6"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one document, as `#rrggbb`; all but three are the same for everybody.

    `brand` is the colour itself, or the accent where that is near white; no text is set in it or on it.
    """

    accent: str
    tint: str
    brand: str
    ink: str = "#16181D"
    soft: str = "#434951"
    label: str = "#5B626C"
    frame: str = "#8B929C"
    rule: str = "#C3C8CF"
    hair: str = "#D5D9DF"
    fill: str = FILL
    zebra: str = "#F5F6F8"
    # Ink at 5.5 % over white, as a solid colour: transparency is not needed for it.
    shadow: str = "#F2F2F3"


@lru_cache(maxsize=256)
def palette(brand: str) -> Palette:
    """Return the colours that follow from a brand colour: text on its tint stays readable.

    The tint is 8 % of the brand; the accent is the brand, darkened in steps of 5 % until its contrast
    with the tint is 5.5:1 (WCAG 2.2 asks 4.5:1). What is not a colour counts as a dark grey.
    """
    colour = _channels(brand)
    tint = tuple(0.08 * channel + 0.92 * 255 for channel in colour)
    ink = _channels("#16181D")
    accent: tuple[float, ...] = colour
    for step in range(21):
        share = step * 0.05
        accent = tuple((1 - share) * c + share * i for c, i in zip(colour, ink, strict=True))
        if _contrast(accent, tint) >= 5.5:
            break
    # A tint of near white would be no surface at all, and a rule of it none either.
    white = min(colour) > 240
    return Palette(
        accent=_hex(accent),
        tint=FILL if white else _hex(tint),
        brand=_hex(accent if white else colour),
    )


def _channels(colour: str) -> tuple[float, ...]:
    if not _COLOUR.fullmatch(colour):
        colour = "#434951"
    return tuple(float(int(colour[at : at + 2], 16)) for at in (1, 3, 5))


def _hex(channels: Sequence[float]) -> str:
    return "#" + "".join(f"{round(channel):02X}" for channel in channels)


def _contrast(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the contrast of two colours (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Sequence[float]) -> float:
    shares = (channel / 255 for channel in colour)
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(maxsize=512)
def operands(colour: str) -> str:
    """Return a colour as the three operands of PDF's colour operators."""
    return " ".join(f"{channel / 255:.3f}".rstrip("0").rstrip(".") for channel in _channels(colour))
