"""What stands around the text of a table: rules, stripes or boxes, by look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import Final, Protocol

from invoicing.pdf.content import Printed
from invoicing.pdf.paper import Paper

NO_ROWS: Final = (inf, 0.0)


class Edges(Protocol):
    """A column's edges."""

    start: float
    end: float


class Dress:
    """A table between rules; the base of the others, which draw more or less. Measures are in mm from the top."""

    def __init__(self, paper: Paper[Printed], columns: Sequence[Edges]) -> None:
        self.sheet = paper.sheet
        self.colours = paper.colours
        self.left, self.right = paper.look.left, paper.look.right
        self.columns = columns

    def head(self, top: float, end: float) -> None:
        """Draw what lies under and around the head."""
        self._rule(end, 1.0, self.colours.accent)

    def under_row(self, top: float, end: float, entry: int) -> None:
        """Draw what lies under the text of a row; entries count from 0."""

    def row(self, top: float, end: float, *, last: bool) -> None:
        """Draw what lies around a row's text."""
        if not last:
            self._rule(end, 0.4, self.colours.hair)

    def carry(self, top: float, end: float, *, brought: bool) -> None:
        """Draw what lies around a carried sum."""
        if brought:
            self._rule(end, 0.4, self.colours.hair)

    def end(self, top: float, end: float) -> None:
        """Draw what closes the part of the table on one page, from its head to its last row."""
        self._rule(end, 0.8, self.colours.ink)

    def _rule(self, y: float, points: float, colour: str) -> None:
        self.sheet.rule(self.left, self.right, y, points, colour)


class Striped(Dress):
    """A table of many lines: every second one is striped."""

    def head(self, top: float, end: float) -> None:
        """Draw what lies under and around the head."""
        self._rule(top, 0.8, self.colours.ink)
        self._rule(end, 0.8, self.colours.ink)

    def under_row(self, top: float, end: float, entry: int) -> None:
        """Draw what lies under the text of a row; entries count from 0."""
        if entry % 2:
            self.sheet.surface(self.left, top, self.right - self.left, end - top, 0, self.colours.zebra)

    def row(self, top: float, end: float, *, last: bool) -> None:
        """Draw nothing: the stripes tell rows apart."""

    def carry(self, top: float, end: float, *, brought: bool) -> None:
        """Draw what lies around a carried sum."""
        self._rule(end if brought else top, 0.4, self.colours.rule)


class Boxed(Dress):
    """A table in a frame, with a rule between all columns; a carried sum stands apart from the last one alone."""

    # From where to where the rows of a page reach.
    rows = NO_ROWS

    def head(self, top: float, end: float) -> None:
        """Draw what lies under and around the head."""
        self.sheet.surface(self.left, top, self.right - self.left, end - top, 0, self.colours.fill)
        self._uprights(top, end, self.columns)
        self._rule(end, 0.8, self.colours.accent)

    def row(self, top: float, end: float, *, last: bool) -> None:
        """Draw what lies around a row's text."""
        self.rows = (min(top, self.rows[0]), end)
        if not last:
            self._rule(end, 0.4, self.colours.rule)

    def carry(self, top: float, end: float, *, brought: bool) -> None:
        """Draw what lies around a carried sum."""
        self._uprights(top, end, self.columns[-2:])
        self._rule(end if brought else top, 0.4, self.colours.rule)

    def end(self, top: float, end: float) -> None:
        """Draw what closes the part of the table on one page."""
        self._uprights(*self.rows, self.columns)
        self.rows = NO_ROWS
        width = self.right - self.left
        self.sheet.outline(self.left, top, width, end - top, points=0.5, colour=self.colours.frame)

    def _uprights(self, top: float, end: float, columns: Sequence[Edges]) -> None:
        for column in columns[:-1] if top < end else ():
            self.sheet.upright(column.end, top, end, 0.4, self.colours.rule)


DRESSES: Final[dict[str, Callable[[Paper[Printed], Sequence[Edges]], Dress]]] = {
    "open": Dress,
    "boxed": Boxed,
    "striped": Striped,
}
