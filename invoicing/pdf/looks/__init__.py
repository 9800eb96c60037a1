"""The looks a paper can wear."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from invoicing.pdf.colours import palette
from invoicing.pdf.content import LookName, PaperSize
from invoicing.pdf.looks.classic import classic
from invoicing.pdf.looks.compact import compact
from invoicing.pdf.looks.look import Look
from invoicing.pdf.looks.modern import modern

_LOOKS: Final = {"modern": modern, "classic": classic, "compact": compact}


@lru_cache(maxsize=256)
def look_for(name: LookName, size: PaperSize, brand_colour: str) -> Look:
    """Return a look on a size of page in a brand's colours."""
    return _LOOKS[name](size, palette(brand_colour))


__all__ = ["Look", "look_for"]
