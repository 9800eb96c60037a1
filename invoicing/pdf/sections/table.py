"""A table: columns as wide as their numbers, rows that are not cut, carried sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from typing import Final

from invoicing.pdf.content import Printed
from invoicing.pdf.layout import Align, Style
from invoicing.pdf.paper import Paper
from invoicing.pdf.text import Line

# On one page the lines leave at least this to what stands above and below them.
CLOSING_ROOM: Final = 120.0
HEAD_UNIT_GAP: Final = 0.8

Cell = Sequence[tuple[str, Style]]


@dataclass(slots=True, kw_only=True)
class Column:
    """A column of numbers, or of texts under each other in styles of their own; one entry a row.

    `width` is in millimetres, with the gap to the next column; 0 takes what the others leave, and a column of
    numbers grows with them. `head` may have lines, `unit` follows it in a lighter style. `under` are
    small numbers under the others. `base` is the texts' own direction, 1 from right to left.
    """

    head: str
    width: float = 0.0
    numbers: Sequence[str] = ()
    under: Sequence[str] = ()
    texts: Sequence[Cell] = ()
    unit: str = ""
    align: Align = "start"
    base: int | None = None
    # Reckoned by the table: where the column begins and ends, and how wide its widest number is.
    start: float = field(default=0.0, init=False)
    end: float = field(default=0.0, init=False)
    block: float = field(default=0.0, init=False)

    @property
    def taken(self) -> float:
        """Return the width that the column got."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Row:
    """A row, or the further part of one that is taller than a page bears; `entry` is None then.

    `texts` are the lines of each column of texts.
    """

    entry: int | None
    texts: tuple[tuple[tuple[Line, Style], ...], ...]
    height: float


class Table:
    """One table, measured and then drawn page by page."""

    def __init__(self, paper: Paper[Printed], columns: Sequence[Column], count: int, sums: Sequence[Decimal]) -> None:
        """Measure a table of `count` rows; `sums` are what the last column comes to after each of them.

        Without sums nothing is carried from page to page.
        """
        self.paper = paper
        self.columns = columns
        self.measures = paper.look.table
        self.count = count
        self.sums = sums
        self.scale = 1.0
        sheet = paper.sheet
        self.room = sheet.bottom - sheet.next_top
        self._fit()
        self.head = self._head_height()
        self.carry = self.measures.carry if sums else 0.0
        # Two parts of a taller row fill a page with head and carried sums.
        self.tallest = (self.room - 32.0) / 2
        self.rows = [row for entry in range(count) for row in self._rows(entry)]
        if sums and sum(row.height for row in self.rows) > self.room - CLOSING_ROOM:
            self._widen_for_carried_sums()

    # -- measuring -----------------------------------------------------------------------------------

    def _fit(self) -> None:
        """Widen columns to their numbers at the texts' cost, then set the table smaller."""
        measures, look = self.measures, self.paper.look
        rest = sum(1 for column in self.columns if not column.width)
        for size in measures.sizes:
            self.scale = size / measures.sizes[0]
            widths = [self._needed(column) for column in self.columns]
            share = (look.width - sum(widths)) / (rest or 1)
            if share >= measures.narrowest_description or not rest:
                break
        x = look.left
        for column, width in zip(self.columns, widths, strict=True):
            column.start = x
            column.end = x = x + (width if column.width else share)
        # No rest of a sum moves the last column from the margin.
        self.columns[-1].end = look.right

    def _needed(self, column: Column) -> float:
        """Return the width of a column in steps of 2 mm above its least; none for one that takes the rest."""
        if column.numbers:
            column.block = self._block(column)
            short = max(0.0, max(column.block, self._head_width(column)) + self.measures.gap - column.width)
            return column.width + 2.0 * ceil(short / 2.0)
        return column.width

    def _widen_for_carried_sums(self) -> None:
        """Let the sums that are carried to another page share the block of the amounts."""
        column, style = self.columns[-1], self._sized(self.paper.styles.carry)
        carried = max(self.paper.sheet.width(self.paper.amount(value), style) for value in self.sums)
        column.block = min(max(column.block, carried), column.taken)

    def _head_width(self, column: Column) -> float:
        sheet, styles = self.paper.sheet, self.paper.styles
        wide = sheet.width(column.unit, self._sized(styles.head_unit)) + HEAD_UNIT_GAP if column.unit else 0.0
        *above, last = (sheet.width(line, self._sized(styles.head)) for line in column.head.split("\n"))
        return max([*above, last + wide])

    def _head_height(self) -> float:
        most = max(column.head.count("\n") + 1 for column in self.columns)
        return most * self.paper.styles.head.pitch + self.measures.under_head

    def _block(self, column: Column) -> float:
        """Return the width of a column's widest number: for numbers of one font, the longest."""
        sheet, styles = self.paper.sheet, self.paper.styles
        widest = 0.0
        for numbers, style in ((column.numbers, styles.row), (column.under, styles.row_under)):
            longest = max(map(len, numbers), default=0)
            # Digits are as wide as each other; signs and separators are not.
            candidates = {number for number in numbers if len(number) >= longest - 1}
            sized = self._sized(style)
            widest = max([widest, *(sheet.width(number, sized) for number in sorted(candidates)[:50])])
        return widest

    def _sized(self, style: Style) -> Style:
        return style if self.scale == 1.0 else style.sized(style.size * self.scale)

    def _rows(self, entry: int) -> list[Row]:
        """Return an entry's row, in parts if it is too tall for one page."""
        left = [self._lines(column, entry) if column.texts else [] for column in self.columns]
        rows: list[Row] = []
        while True:
            parts, heights = zip(*map(self._part, left), strict=True)
            tall = max([self._numbers_height(entry) if not rows else 0.0, *heights])
            rows.append(Row(None if rows else entry, parts, tall + 2 * self.measures.padding))
            left = [lines[len(part) :] for lines, part in zip(left, parts, strict=True)]
            if not any(left):
                return rows

    def _lines(self, column: Column, entry: int) -> list[tuple[Line, Style]]:
        room = column.taken - self.measures.gap
        lines: list[tuple[Line, Style]] = []
        for text, style in column.texts[entry]:
            if text:
                sized = self._sized(style)
                lines += [(line, sized) for line in self.paper.sheet.wrap(text, sized, room, column.base)]
        return lines

    def _part(self, lines: Sequence[tuple[Line, Style]]) -> tuple[tuple[tuple[Line, Style], ...], float]:
        """Return the lines that stand in one part of a row, and their height."""
        used = 0.0
        for at, (_, style) in enumerate(lines):
            if at and used + style.pitch + 2 * self.measures.padding > self.tallest:
                return tuple(lines[:at]), used
            used += style.pitch
        return tuple(lines), used

    def _numbers_height(self, entry: int) -> float:
        styles = self.paper.styles
        has_under = any(column.under and column.under[entry] for column in self.columns)
        return self._sized(styles.row).pitch + (self._sized(styles.row_under).pitch if has_under else 0.0)

    # -- drawing -------------------------------------------------------------------------------------

    def draw(self, y: float, closing: float) -> float:
        """Draw the table from `y` on over as many pages as it takes; return where it ends.

        The last rows go to a new page with what follows if the `closing` millimetres under them do not
        fit; every page that has a part of the table has two rows of it if that is possible.
        """
        sheet, look = self.paper.sheet, self.paper.look
        at = 0
        first_min = self.carry + (self.rows[0].height if self.rows else 0.0)
        if len(self.rows) > 1 and self.rows[1].height < self.tallest / 2:
            first_min += self.rows[1].height
        if y + self.head + first_min > sheet.bottom and y > sheet.next_top:
            y = sheet.next_page()
        while True:
            y = self._draw_head(y)
            if at:
                y = self._draw_carry(y, "brought", at)
            count = self._fitting(at, sheet.bottom - y, closing)
            for place in range(at, at + count):
                last = place == len(self.rows) - 1
                y = self._draw_row(y, self.rows[place], rule=not last)
            at += count
            if at < len(self.rows):
                y = self._draw_carry(y, "carried", at)
            sheet.rule(look.left, look.right, y, 0.8, self.paper.colours.ink)
            if at == len(self.rows):
                return y
            y = sheet.next_page()

    def _fitting(self, at: int, room: float, closing: float) -> int:
        """Return how many rows, from `at`, stand on a page with this room."""
        rest = len(self.rows) - at
        whole = sum(row.height for row in self.rows[at:]) if rest <= 60 else room + 1
        if whole + closing <= room:
            return rest
        count, used = 0, 0.0
        for row in self.rows[at:]:
            if used + row.height + self.carry > room:
                break
            used += row.height
            count += 1
        fresh = sum(row.height for row in self.rows[-2:]) + self.head + self.carry + closing <= self.room
        if whole <= room and not (rest > 3 and fresh):
            return rest
        # Two rows at least go over with what closes the page.
        return max(1, min(count, rest - 2)) if rest > 3 else max(1, min(count, rest - 1))

    def _draw_head(self, y: float) -> float:
        sheet, styles, look = self.paper.sheet, self.paper.styles, self.paper.look
        head, unit = self._sized(styles.head), self._sized(styles.head_unit)
        end = y + self.head - self.measures.under_head
        for column in self.columns:
            lines = column.head.split("\n")
            align: Align = "end" if column.numbers or column.align == "end" else "start"
            at = column.end if align == "end" else column.start
            if column.unit:
                sheet.text(at, end - styles.head.pitch, column.unit, unit, "end")
            for up, line in enumerate(reversed(lines), start=1):
                shift = sheet.width(column.unit, unit) + HEAD_UNIT_GAP if column.unit and up == 1 else 0.0
                sheet.text(at - shift, end - up * styles.head.pitch, line, head, align)
        sheet.rule(look.left, look.right, y + self.head, 1.0, self.paper.colours.accent)
        return y + self.head

    def _draw_row(self, y: float, row: Row, *, rule: bool) -> float:
        sheet, styles, look = self.paper.sheet, self.paper.styles, self.paper.look
        plain, small = self._sized(styles.row), self._sized(styles.row_under)
        top = y + self.measures.padding
        for column, lines in zip(self.columns, row.texts, strict=True):
            at = top
            x = column.end if column.align == "end" else column.start
            for line, style in lines:
                sheet.put(x, at, line, style, column.align)
                at += style.pitch
            if column.numbers and row.entry is not None:
                sheet.number(column.end, top, column.numbers[row.entry], plain, column.block)
                if column.under and column.under[row.entry]:
                    sheet.number(column.end, top + plain.pitch, column.under[row.entry], small, column.block)
        if rule:
            sheet.rule(look.left, look.right, y + row.height, 0.4, self.paper.colours.hair)
        return y + row.height

    def _draw_carry(self, y: float, key: str, at: int) -> float:
        """Draw the sum of the rows before `at`, at a page's foot or under the next head."""
        if not self.sums:
            return y
        sheet, look, style = self.paper.sheet, self.paper.look, self._sized(self.paper.styles.carry)
        done = [row.entry for row in self.rows[:at] if row.entry is not None]
        column = self.columns[-1]
        top = y + (self.carry - style.pitch) / 2
        amount = self.paper.amount(self.sums[done[-1]])
        sheet.text(column.start - 4.0, top, self.paper.word(key), style, "end")
        sheet.number(column.end, top, amount, style, max(column.block, sheet.width(amount, style)))
        if key == "brought":
            sheet.rule(look.left, look.right, y + self.carry, 0.4, self.paper.colours.hair)
        return y + self.carry
