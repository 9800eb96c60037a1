"""The table of lines: columns as wide as their numbers, rows that are not cut, carried sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from invoicing.pdf import formats
from invoicing.pdf.content import LineItem
from invoicing.pdf.layout import MM, Style
from invoicing.pdf.paper import BOTTOM, LEFT, NEXT_TOP, RIGHT, WIDTH, Paper
from invoicing.pdf.text import Line

GAP: Final = 2.0
PADDING: Final = 2.5
HEAD: Final = 10 / MM + 1.8
CARRY: Final = 8.6
TALLEST_ROW: Final = 120.0
NARROWEST_DESCRIPTION: Final = 36.0
SMALLEST: Final = 7.0
TEXT_COLUMNS: Final = ("sku", "unit")


@dataclass(slots=True)
class Column:
    """A column after the description; `block` is its widest number in millimetres."""

    key: str
    head: str
    width: float
    values: list[str]
    unit: str = ""
    block: float = 0.0
    end: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """A row, or the further part of one that is taller than a page bears; `item` is None then."""

    item: int | None
    texts: tuple[tuple[Line, Style], ...]
    height: float


class Table:
    """The lines of one document, measured and then drawn page by page."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.items = paper.document.items
        self.columns = _columns(paper)
        self.scale = 1.0
        self._fit()
        self.rows = [row for place, item in enumerate(self.items) for row in self._rows(place, item)]
        self._sums = self._running_sums()

    # -- measuring -----------------------------------------------------------------------------------

    def _fit(self) -> None:
        """Widen columns to their numbers at the description's cost, then set the table smaller."""
        while True:
            self._measure()
            missing = sum(max(0.0, column.block + GAP - column.width) for column in self._numeric())
            spare = self.description + self._given() - NARROWEST_DESCRIPTION
            if missing <= spare:
                break
            smaller = max(self.scale - 0.5 / 9, SMALLEST / 9)
            if smaller == self.scale:
                # Narrower numbers than 7 pt are better than numbers that run into each other.
                smaller = self.scale * max(0.5, spare / missing if missing > spare > 0 else 0.9)
                if smaller < 0.4:
                    break
            self.scale = smaller
        for column in self._numeric():
            while column.width < column.block + GAP and self.description > NARROWEST_DESCRIPTION:
                column.width += 2.0
            column.width = max(column.width, column.block + GAP)
        end = RIGHT
        for column in reversed(self.columns):
            column.end = end
            end -= column.width
        self.first = LEFT + (self.columns[0].width if self.columns[0].key == "sku" else 0.0)
        if self.columns[0].key == "sku":
            self._place_sku()
