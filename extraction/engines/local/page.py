"""A paper as it is read: its cells with their labels and numbers, and what stands beside and below a label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from extraction.engines.local.amounts import Amount, Style, amounts_in, style_of
from extraction.engines.local.days import Day, days_in, is_month_first
from extraction.engines.local.labels import Label, labels_in
from extraction.engines.local.sheet import Cell, Row, Sheet

FILLING: Final = " \t:.;,#*|=-–—№_"
LONG_TEXT: Final = 400  # letters of a cell that are looked at
NEAR: Final = 2.6  # lines' heights down to where a value below its label may stand
SUMS: Final = frozenset({"total", "due_amount", "subtotal", "tax", "discount", "charge", "paid"})


@dataclass(frozen=True, slots=True)
class Value:
    """A text that a label names; ``distance`` is 0 in the same cell, 1 beside, 2 below."""

    text: str
    cell: Cell
    distance: int


@dataclass
class Page:
    """All pages of a paper, with what is found in each cell."""

    sheet: Sheet
    leans_to_month_first: bool = False
    _labels: dict[int, list[Label]] = field(default_factory=dict)
    _amounts: dict[int, list[Amount]] = field(default_factory=dict)
    _days: dict[int, list[Day]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Put captions that stand below their values above them, where all else looks for labels."""
        rows = self.sheet.rows
        for place in range(1, len(rows)):
            if self.captions(rows[place], rows[place - 1]) and not (
                place + 1 < len(rows) and stand_in_columns(rows[place], rows[place + 1])
            ):
                rows[place - 1], rows[place] = rows[place], rows[place - 1]
                for index in (place - 1, place):
                    rows[index].index = index
                    for cell in rows[index].cells:
                        cell.row = index

    def captions(self, row: Row, above: Row) -> bool:
        """Return whether a row is nothing but labels, each right below a value, one of which is a date."""
        return (
            stand_in_columns(row, above)
            and all(self.is_caption(cell) for cell in row.cells)
            and not any(self.labels(cell) for cell in above.cells)
            and any(days_in(cell.text[:LONG_TEXT]) for cell in above.cells)
        )

    def is_caption(self, cell: Cell) -> bool:
        """Return whether a cell is one label and nothing else."""
        labels = self.labels(cell)
        return bool(labels) and self.is_head(cell, labels[0]) and not cell.text[labels[-1].end :].strip(FILLING)

    @cached_property
    def style(self) -> Style:
        """How numbers are written."""
        return style_of(cell.text[:LONG_TEXT] for cell in self.sheet.cells)

    @cached_property
    def order(self) -> tuple[bool, bool]:
        """Whether dates begin with the month, and whether the dates tell so."""
        texts = (cell.text[:LONG_TEXT] for cell in self.sheet.cells)
        return is_month_first(texts, leans=self.leans_to_month_first)

    @cached_property
    def written(self) -> Counter[str]:
        """What currencies stand beside amounts, as they are written."""
        return Counter(each.currency for cell in self.sheet.cells for each in self.amounts(cell) if each.currency)

    def labels(self, cell: Cell) -> list[Label]:
        """Return the labels of a cell."""
        found = self._labels.get(id(cell))
        if found is None:
            found = [label for label in labels_in(cell.tokens[:60]) if not begins_code(cell.text, label.end)]
            self._labels[id(cell)] = found
        return found

    def amounts(self, cell: Cell) -> list[Amount]:
        """Return the numbers of a cell that are no dates."""
        found = self._amounts.get(id(cell))
        if found is None:
            found = []
            if has_digit(cell.text):
                days = self.days(cell)
                found = [
                    each
                    for each in amounts_in(cell.text[:LONG_TEXT], self.style)
                    if not any(day.start < each.end and each.start < day.end for day in days)
                ]
            self._amounts[id(cell)] = found
        return found

    def days(self, cell: Cell) -> list[Day]:
        """Return the dates of a cell."""
        found = self._days.get(id(cell))
        if found is None:
            found = []
            if has_digit(cell.text):
                month_first, is_told = self.order
                found = days_in(cell.text[:LONG_TEXT], month_first=month_first, is_told=is_told)
            self._days[id(cell)] = found
        return found

    def labelled(self, *kinds: str) -> Iterator[tuple[Cell, Label]]:
        """Yield the labels of some kinds with their cells, as they are read."""
        wanted = frozenset(kinds)
        for cell in self.sheet.cells:
            for label in self.labels(cell):
                if label.kinds & wanted:
                    yield cell, label

    def row(self, cell: Cell) -> Row:
        """Return the row of a cell."""
        return self.sheet.rows[cell.row]

    def beside(self, cell: Cell) -> list[Cell]:
        """Return the cells that follow a cell on its row."""
        cells = self.row(cell).cells
        return cells[next(place for place, each in enumerate(cells) if each is cell) + 1 :]

    def before(self, cell: Cell) -> list[Cell]:
        """Return the cells ahead of a cell on its row, the nearest first."""
        cells = self.row(cell).cells
        return cells[: next(place for place, each in enumerate(cells) if each is cell)][::-1]

    def below(self, cell: Cell, *, rows: int = 3) -> Iterator[Cell]:
        """Yield the cells right below a cell that it overhangs, nearest first."""
        for row in self.sheet.rows[cell.row + 1 : cell.row + 1 + rows]:
            if row.page != cell.page or row.top - cell.bottom > NEAR * cell.height:
                return
            for each in row.cells:
                if overlaps(cell, each):
                    yield each

    def above(self, cell: Cell, *, rows: int = 3) -> Iterator[Cell]:
        """Yield the cells above a cell that overhang it, nearest first."""
        for row in reversed(self.sheet.rows[max(cell.row - rows, 0) : cell.row]):
            if row.page != cell.page or cell.top - row.bottom > NEAR * cell.height:
                return
            for each in row.cells:
                if overlaps(cell, each):
                    yield each

    def rest(self, cell: Cell, label: Label) -> str:
        """Return what stands behind a label in its cell, up to the next label."""
        labels = self.labels(cell)
        after = next((each.start for each in labels if each.start >= label.end), len(cell.text))
        return cell.text[label.end : after].strip(FILLING)

    def whole_rest(self, cell: Cell, label: Label) -> str:
        """Return all that stands behind a label in its cell."""
        return cell.text[label.end :].strip(FILLING)

    def is_closed(self, cell: Cell, label: Label) -> bool:
        """Return whether a label ends its cell, or a colon follows it: then it heads what comes."""
        behind = cell.text[label.end :].lstrip(" .)")
        return not behind or behind[0] in ":#"

    def is_head(self, cell: Cell, label: Label) -> bool:
        """Return whether a label begins its cell."""
        return not cell.text[: label.start].strip(FILLING + "()/•●")

    def values(self, cell: Cell, label: Label) -> Iterator[Value]:
        """Yield the texts that a label may name: behind it, beside it, below it."""
        rest = self.whole_rest(cell, label)
        if rest:
            yield Value(rest, cell, 0)
        is_last = not any(each.start >= label.end for each in self.labels(cell))
        if is_last and self.is_closed(cell, label):
            for each in self.beside(cell)[:2]:
                if any(self.is_head(each, other) for other in self.labels(each)):
                    break
                yield Value(each.text.lstrip(FILLING), each, 1)
            for each in self.below(cell):
                yield Value(each.text, each, 2)


def stand_in_columns(first: Row, second: Row) -> bool:
    """Return whether two rows of one page are close and have as many cells, each below or above its like."""
    if len(first.cells) < 2 or len(first.cells) != len(second.cells) or first.page != second.page:
        return False
    height = first.bottom - first.top
    is_near = max(first.top - second.bottom, second.top - first.bottom) < NEAR * height
    return is_near and all(map(overlaps, first.cells, second.cells))


def begins_code(text: str, end: int) -> bool:
    """Return whether a word goes on as a number: ``INV-318`` is no label with its value."""
    return text[end : end + 1] in {"-", "/", "_"} and text[end + 1 : end + 2].isdecimal()


def has_digit(text: str) -> bool:
    """Return whether a text has a digit."""
    return any(map(str.isdecimal, text))


def overlaps(first: Cell, second: Cell) -> bool:
    """Return whether two cells stand one above the other."""
    return min(first.right, second.right) - max(first.left, second.left) > 0.5
