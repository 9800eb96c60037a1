"""A table: columns as wide as their numbers, rows that are not cut, carried sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from typing import Final, NamedTuple

from invoicing.pdf.content import Printed
from invoicing.pdf.layout import Align, Style
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.dress import DRESSES
from invoicing.pdf.text import Line

# On one page the lines leave at least this to what stands above and below them.
CLOSING_ROOM: Final = 120.0
HEAD_UNIT_GAP: Final = 0.8
# A row is cut only if it is taller than this, and on smaller sheets than a page bears.
TALLEST_WHOLE: Final = 120.0
# What a column of short texts may take from the description, and how much smaller it may be set.
MOST_GROWN: Final = 12.0
MOST_SHRUNK: Final = 0.8
# The smallest type of a paper, in points, unless numbers of many digits leave no room; the description beside them.
READABLE: Final = 7.0
NARROWEST: Final = 20.0

Cell = Sequence[tuple[str, Style]]


@dataclass(slots=True, kw_only=True)
class Column:
    """A column of numbers, or of texts under each other in styles of their own; one entry a row.

    `width` is in millimetres, with the gap to the next column; 0 takes what the others leave, and a column of
    numbers grows with them. `head` may have lines, `unit` follows it in a lighter style. `style` is that of
    the numbers, if not the rows'; `under` are small ones under them. `base` is the texts' own direction,
    1 from right to left. A column whose `words_stay_whole` takes room from the rest's, or
    is set a little smaller.
    """

    head: str
    width: float = 0.0
    numbers: Sequence[str] = ()
    under: Sequence[str] = ()
    texts: Sequence[Cell] = ()
    unit: str = ""
    align: Align = "start"
    base: int | None = None
    style: Style | None = None
    words_stay_whole: bool = False
    # Reckoned by the table: where the column begins and ends, and how wide its widest number is.
    start: float = field(default=0.0, init=False)
    end: float = field(default=0.0, init=False)
    block: float = field(default=0.0, init=False)
    heads: Sequence[str] = field(default=(), init=False)
    shrunk: float = field(default=1.0, init=False)

    @property
    def taken(self) -> float:
        """Return the width that the column got."""
        return self.end - self.start

    def anchor(self, inset: float) -> float:
        """Return where the texts of the column are drawn from, by their alignment."""
        if self.align == "centre":
            return (self.start + self.end) / 2
        return self.end - inset if self.align == "end" else self.start + inset


class Row(NamedTuple):
    """An entry's row, or a further part of one that is taller than a page bears; `texts` are each column's lines."""

    entry: int
    is_first: bool
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
        whole = min(TALLEST_WHOLE, self.room - self.head - 2 * self.carry)
        self.tallest_whole = whole - 2 * self.measures.padding
        self.columns_with_under = [column for column in columns if column.under]
        self.dress = DRESSES[self.measures.dress](paper, columns)
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
            # Rather a narrow description than type that is hard to read.
            narrowest = measures.narrowest_description if size > READABLE else NARROWEST
            if share >= narrowest or not rest:
                break
        for at, column in enumerate(self.columns):
            if column.words_stay_whole and rest == 1:
                grown = self._growth(column, share - measures.narrowest_description)
                widths[at] += grown
                share -= grown
        x = look.left
        for column, width in zip(self.columns, widths, strict=True):
            column.start = x
            column.end = x = x + (width if column.width else share)
        # No rest of a sum moves the last column from the margin.
        self.columns[-1].end = look.right

    def _needed(self, column: Column) -> float:
        """Return the width of a column in steps of 2 mm above its least; none for one that takes the rest."""
        free = self.measures.gap + 2 * self.measures.inset
        column.heads, head = self._heads(column, column.width - free)
        if column.numbers:
            column.block = self._block(column)
            short = max(0.0, max(column.block, head) + free - column.width)
            return column.width + 2.0 * ceil(short / 2.0)
        return column.width

    @property
    def height(self) -> float:
        """The height of the whole table on one page."""
        return self.head + sum([row.height for row in self.rows])

    def _growth(self, column: Column, room: float) -> float:
        """Return by how much a column of short texts grows to keep their words whole; it shrinks where it cannot."""
        words = {(word, style) for cell in column.texts for text, style in cell for word in text.split()}
        widest = max((self.paper.sheet.width(word, self._sized(style)) for word, style in words), default=0.0)
        free = column.width - self.measures.gap - 2 * self.measures.inset
        step = 2.0 * ceil((widest - free) / 2.0)
        if widest <= free or step <= min(room, MOST_GROWN):
            return max(0.0, step)
        column.shrunk = free / widest if free / widest >= MOST_SHRUNK else 1.0
        return 0.0

    def _widen_for_carried_sums(self) -> None:
        """Let the sums that are carried to another page share the block of the amounts."""
        column, style = self._carried(), self._sized(self.paper.styles.carry)
        carried = self._widest([self.paper.amount(value) for value in self.sums], style)
        column.block = min(max(column.block, carried), column.taken - 2 * self.measures.inset)

    def _heads(self, column: Column, room: float) -> tuple[Sequence[str], float]:
        """Return a head's lines, two where that fits better, and the width of the widest."""
        lines = column.head.split("\n")
        wide = self._heads_width(column, lines)
        if not self.measures.wraps_heads or not column.width or len(lines) > 1 or wide <= room:
            return lines, wide
        words = column.head.split(" ")
        broken = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
        if column.unit:
            broken.append([column.head, ""])
        widths = [(self._heads_width(column, pair), pair) for pair in broken]
        best, pair = min(widths, default=(wide, lines))
        return (pair, best) if best < wide else (lines, wide)

    def _heads_width(self, column: Column, lines: Sequence[str]) -> float:
        sheet, styles = self.paper.sheet, self.paper.styles
        *above, last = (sheet.width(line, self._sized(styles.head)) if line else 0.0 for line in lines)
        if column.unit:
            last += sheet.width(column.unit, self._sized(styles.head_unit)) + (HEAD_UNIT_GAP if lines[-1] else 0.0)
        return max([*above, last])

    def _head_height(self) -> float:
        most = max(len(column.heads) for column in self.columns)
        return self.measures.above_head + most * self.paper.styles.head.pitch + self.measures.under_head

    def _block(self, column: Column) -> float:
        """Return the width of a column's widest number: for numbers of one font, the longest."""
        styles = self.paper.styles
        return max(
            self._widest(column.numbers, self._sized(column.style or styles.row)),
            self._widest(column.under, self._sized(styles.row_under)),
        )

    def _widest(self, numbers: Sequence[str], style: Style) -> float:
        longest = max(map(len, numbers), default=0)
        # Digits are as wide as each other; signs and separators are not.
        candidates = {number for number in numbers if len(number) >= longest - 1}
        return max((self.paper.sheet.number_width(number, style) for number in sorted(candidates)[:50]), default=0.0)

    def _sized(self, style: Style) -> Style:
        return style if self.scale == 1.0 else style.sized(style.size * self.scale)

    def _rows(self, entry: int) -> list[Row]:
        """Return an entry's row, in parts if it is too tall for one page."""
        left = [self._lines(column, entry) if column.texts else [] for column in self.columns]
        tallest = max([sum([style.pitch for _, style in lines]) for lines in left])
        if tallest <= self.tallest_whole:
            tall = max(tallest, self._numbers_height(entry))
            return [Row(entry, True, tuple([tuple(lines) for lines in left]), tall + 2 * self.measures.padding)]
        rows: list[Row] = []
        while True:
            parts, heights = zip(*map(self._part, left), strict=True)
            tall = max([self._numbers_height(entry) if not rows else 0.0, *heights])
            rows.append(Row(entry, not rows, parts, tall + 2 * self.measures.padding))
            left = [lines[len(part) :] for lines, part in zip(left, parts, strict=True)]
            if not any(left):
                return rows

    def _lines(self, column: Column, entry: int) -> list[tuple[Line, Style]]:
        room = column.taken - self.measures.gap - 2 * self.measures.inset
        lines: list[tuple[Line, Style]] = []
        for text, style in column.texts[entry]:
            if text:
                sized = self._sized(style)
                sized = sized if column.shrunk == 1.0 else sized.sized(sized.size * column.shrunk)
                lines += [(line, sized) for line in self.paper.sheet.wrap(text, sized, room, column.base)]
        return lines

    def _part(self, lines: Sequence[tuple[Line, Style]]) -> tuple[tuple[tuple[Line, Style], ...], float]:
        """Return the lines that stand in one part of a row that is divided, and their height."""
        used = 0.0
        for at, (_, style) in enumerate(lines):
            if at and used + style.pitch + 2 * self.measures.padding > self.tallest:
                return tuple(lines[:at]), used
            used += style.pitch
        return tuple(lines), used

    def _numbers_height(self, entry: int) -> float:
        styles = self.paper.styles
        has_under = any(column.under[entry] for column in self.columns_with_under)
        return self._sized(styles.row).pitch + (self._sized(styles.row_under).pitch if has_under else 0.0)

    # -- drawing -------------------------------------------------------------------------------------

    def draw(self, y: float, closing: float) -> float:
        """Draw the table from `y` on over as many pages as it takes; return where it ends.

        The last rows go to a new page with what follows if the `closing` millimetres under them do not
        fit; every page that has a part of the table has two rows of it if that is possible.
        """
        sheet = self.paper.sheet
        at = 0
        first_min = self.carry + (self.rows[0].height if self.rows else 0.0)
        if len(self.rows) > 1 and self.rows[1].height < self.tallest / 2:
            first_min += self.rows[1].height
        if y + self.head + first_min > sheet.bottom and y > sheet.next_top:
            y = sheet.next_page()
        while True:
            top = y
            y = self._draw_head(y)
            if at:
                y = self._draw_carry(y, "brought", at)
            count = self._fitting(at, sheet.bottom - y, closing)
            for place in range(at, at + count):
                y = self._draw_row(y, self.rows[place], last=place == len(self.rows) - 1)
            at += count
            if at < len(self.rows):
                y = self._draw_carry(y, "carried", at)
            self.dress.end(top, y)
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
        sheet, styles, measures = self.paper.sheet, self.paper.styles, self.measures
        head, unit = self._sized(styles.head), self._sized(styles.head_unit)
        end = y + self.head
        self.dress.head(y, end)
        for column in self.columns:
            # The look with boxes has its heads in the middle of them, others on the rule.
            free = (end - y - measures.above_head - measures.under_head) - len(column.heads) * styles.head.pitch
            base = end - measures.under_head - (free / 2 if measures.dress == "boxed" else 0.0)
            align: Align = "end" if column.numbers and column.align == "start" else column.align
            at = column.end - measures.inset if align == "end" else column.anchor(measures.inset)
            if column.unit:
                sheet.text(at, base - styles.head.pitch, column.unit, unit, "end")
            for up, line in enumerate(reversed(column.heads), start=1):
                shift = sheet.width(column.unit, unit) + HEAD_UNIT_GAP if column.unit and up == 1 else 0.0
                if line:
                    sheet.text(at - shift, base - up * styles.head.pitch, line, head, align)
        return end

    def _draw_row(self, y: float, row: Row, *, last: bool) -> float:
        sheet, inset = self.paper.sheet, self.measures.inset
        end = y + row.height
        self.dress.under_row(y, end, row.entry)
        top = y + self.measures.padding
        for column, lines in zip(self.columns, row.texts, strict=True):
            if lines:
                x, at = column.anchor(inset), top
                for line, style in lines:
                    sheet.put(x, at, line, style, column.align)
                    at += style.pitch
            if column.numbers and row.is_first:
                self._draw_number(column, row.entry, top)
        self.dress.row(y, end, last=last)
        return end

    def _draw_number(self, column: Column, entry: int, y: float) -> None:
        sheet, styles, inset = self.paper.sheet, self.paper.styles, self.measures.inset
        style = self._sized(column.style or styles.row)
        if column.align == "centre":
            sheet.text(column.anchor(inset), y, column.numbers[entry], style, "centre")
            return
        sheet.number(column.end - inset, y, column.numbers[entry], style, column.block)
        if column.under and column.under[entry]:
            small = self._sized(styles.row_under)
            sheet.number(column.end - inset, y + style.pitch, column.under[entry], small, column.block)

    def _carried(self) -> Column:
        """Return the column that the sums are of."""
        return self.columns[-1]

    def _draw_carry(self, y: float, key: str, at: int) -> float:
        """Draw the sum of the rows before `at`, at a page's foot or under the next head."""
        if not self.sums:
            return y
        sheet, style, inset = self.paper.sheet, self._sized(self.paper.styles.carry), self.measures.inset
        column = self._carried()
        top = y + (self.carry - style.pitch) / 2
        amount = self.paper.amount(self.sums[self.rows[at - 1].entry])
        sheet.text(column.start - 4.0, top, self.paper.word(key), style, "end")
        sheet.number(column.end - inset, top, amount, style, max(column.block, sheet.width(amount, style)))
        self.dress.carry(y, y + self.carry, brought=key == "brought")
        return y + self.carry
