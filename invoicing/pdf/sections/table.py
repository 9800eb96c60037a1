"""The table of lines: columns as wide as their numbers, rows that are not cut, carried sums."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from math import ceil
from typing import Final

from invoicing.pdf import formats
from invoicing.pdf.content import Document, LineItem
from invoicing.pdf.layout import MM, Style
from invoicing.pdf.paper import BOTTOM, LEFT, NEXT_TOP, RIGHT, WIDTH, Paper
from invoicing.pdf.text import Line

GAP: Final = 2.0
PADDING: Final = 2.5
HEAD: Final = 10 / MM + 1.8
CARRY: Final = 8.6
# On one page the lines leave at least this to what stands above and below them.
CLOSING_ROOM: Final = 120.0
# Two parts of a taller row fill a page with head and carried sums.
TALLEST_ROW: Final = 105.0
NARROWEST_DESCRIPTION: Final = 36.0
# The table is set in 9 pt, then smaller by half points until it fits; under 7 only for absurd numbers.
SIZES: Final = (9.0, 8.5, 8.0, 7.5, 7.0, 6.0, 5.0, 4.0)


@dataclass(slots=True)
class Column:
    """A column of numbers after the description; `block` is as wide as its widest number, in mm."""

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
        items = paper.document.items
        self.has_sku = any(item.sku for item in items)
        self.has_unit = any(item.unit for item in items)
        self.columns = _columns(paper, narrow=self._many_columns())
        self.sums = list(accumulate(_line_amount(paper.document, item) for item in items))
        self.scale = 1.0
        self._fit()
        self.rows = [row for place, item in enumerate(items) for row in self._rows(place, item)]
        if sum(row.height for row in self.rows) > BOTTOM - NEXT_TOP - CLOSING_ROOM:
            self._widen_for_carried_sums()

    # -- measuring -----------------------------------------------------------------------------------

    def _many_columns(self) -> bool:
        """Return whether two optional columns or more make the others narrower."""
        return self.has_sku + self.has_unit + _has_discounts(self.paper.document) >= 2

    def _fit(self) -> None:
        """Widen columns to their numbers at the description's cost, then set the table smaller."""
        fixed = 20.0 * self.has_sku + 16.0 * self.has_unit
        given = [column.width for column in self.columns]
        for size in SIZES:
            self.scale = size / SIZES[0]
            for column, width in zip(self.columns, given, strict=True):
                column.block = self._block(column)
                short = max(0.0, max(column.block, self._head_width(column)) + GAP - width)
                column.width = width + 2.0 * ceil(short / 2.0)
            self.room = WIDTH - fixed - sum(column.width for column in self.columns)
            if self.room >= NARROWEST_DESCRIPTION:
                break
        self.sku_at = LEFT
        self.text_at = LEFT + 20.0 * self.has_sku
        self.unit_at = self.text_at + self.room
        end = RIGHT
        for column in reversed(self.columns):
            column.end = end
            end -= column.width

    def _widen_for_carried_sums(self) -> None:
        """Let the sums that are carried to another page share the block of the amounts."""
        column, style = self.columns[-1], self._sized(self.paper.styles.carry)
        carried = max(self.paper.sheet.width(self.paper.amount(value), style) for value in self.sums)
        column.block = min(max(column.block, carried), column.width)

    def _head_width(self, column: Column) -> float:
        sheet, styles = self.paper.sheet, self.paper.styles
        wide = sheet.width(column.head, self._sized(styles.head))
        return wide + 0.8 + sheet.width(column.unit, self._sized(styles.head_unit)) if column.unit else wide

    def _block(self, column: Column) -> float:
        """Return the width of a column's widest number: for numbers of one font, the longest."""
        sheet, style = self.paper.sheet, self._sized(self.paper.styles.row)
        longest = max(map(len, column.values), default=0)
        # Digits are as wide as each other; signs and separators are not.
        candidates = {value for value in column.values if len(value) >= longest - 1}
        return max((sheet.width(value, style) for value in sorted(candidates)[:50]), default=0.0)

    def _sized(self, style: Style) -> Style:
        return style if self.scale == 1.0 else style.sized(style.size * self.scale)

    def _rows(self, place: int, item: LineItem) -> list[Row]:
        """Return an item's row, in parts if it is too tall for one page."""
        sheet, styles = self.paper.sheet, self.paper.styles
        name, soft, plain = map(self._sized, (styles.row_name, styles.row_soft, styles.row))
        room = self.room - GAP
        texts = [(line, name) for line in sheet.wrap(item.name, name, room)]
        if item.description.strip():
            texts += [(line, soft) for line in sheet.wrap(item.description.strip(), soft, room)]
        beside = max(
            len(sheet.wrap(item.sku, plain, 20.0 - GAP)) * plain.pitch if item.sku else 0.0,
            len(sheet.wrap(item.unit, plain, 16.0 - GAP)) * plain.pitch if item.unit else 0.0,
        )
        rows: list[Row] = []
        part: list[tuple[Line, Style]] = []
        used = 0.0
        for line, style in texts:
            if used + style.pitch + 2 * PADDING > TALLEST_ROW:
                rows.append(Row(None if rows else place, tuple(part), used + 2 * PADDING))
                part, used = [], 0.0
            part.append((line, style))
            used += style.pitch
        height = max(used, beside if not rows else 0.0) + 2 * PADDING
        return [*rows, Row(None if rows else place, tuple(part), height)]

    # -- drawing -------------------------------------------------------------------------------------

    def draw(self, y: float, closing: float) -> float:
        """Draw the table from `y` on over as many pages as it takes; return where it ends.

        The last rows go to a new page with what follows if the `closing` millimetres under them do not
        fit; every page that has a part of the table has two rows of it if that is possible.
        """
        sheet = self.paper.sheet
        at = 0
        first_min = CARRY + (self.rows[0].height if self.rows else 0.0)
        if len(self.rows) > 1 and self.rows[1].height < TALLEST_ROW / 2:
            first_min += self.rows[1].height
        if y + HEAD + first_min > BOTTOM and y > NEXT_TOP:
            y = sheet.next_page()
        while True:
            y = self._head(y)
            if at:
                y = self._carry(y, "brought", at)
            count = self._fitting(at, BOTTOM - y, closing)
            for place in range(at, at + count):
                last = place == len(self.rows) - 1
                y = self._row(y, self.rows[place], rule=not last)
            at += count
            if at == len(self.rows):
                sheet.rule(LEFT, RIGHT, y, 0.8, self.paper.colours.ink)
                return y
            y = self._carry(y, "carried", at)
            sheet.rule(LEFT, RIGHT, y, 0.8, self.paper.colours.ink)
            y = sheet.next_page()

    def _fitting(self, at: int, room: float, closing: float) -> int:
        """Return how many rows, from `at`, stand on a page with this room."""
        rest = len(self.rows) - at
        whole = sum(row.height for row in self.rows[at:]) if rest <= 60 else room + 1
        if whole + closing <= room:
            return rest
        count, used = 0, 0.0
        for row in self.rows[at:]:
            if used + row.height + CARRY > room:
                break
            used += row.height
            count += 1
        fresh = sum(row.height for row in self.rows[-2:]) + HEAD + CARRY + closing <= BOTTOM - NEXT_TOP
        if whole <= room and not (rest > 3 and fresh):
            return rest
        # Two rows at least go over with what closes the page.
        return max(1, min(count, rest - 2)) if rest > 3 else max(1, min(count, rest - 1))

    def _head(self, y: float) -> float:
        sheet, styles = self.paper.sheet, self.paper.styles
        head, unit = self._sized(styles.head), self._sized(styles.head_unit)
        word = self.paper.word
        if self.has_sku:
            sheet.text(self.sku_at, y, word("sku"), head)
        sheet.text(self.text_at, y, word("description"), head)
        if self.has_unit:
            sheet.text(self.unit_at, y, word("unit"), head)
        for column in self.columns:
            at = column.end
            if column.unit:
                sheet.text(at, y, column.unit, unit, "end")
                at -= sheet.width(column.unit, unit) + 0.8
            sheet.text(at, y, column.head, head, "end")
        sheet.rule(LEFT, RIGHT, y + HEAD, 1.0, self.paper.colours.accent)
        return y + HEAD

    def _row(self, y: float, row: Row, *, rule: bool) -> float:
        sheet, styles = self.paper.sheet, self.paper.styles
        plain = self._sized(styles.row)
        top = y + PADDING
        if row.item is not None:
            item = self.paper.document.items[row.item]
            if item.sku:
                sheet.paragraph(self.sku_at, top, sheet.wrap(item.sku, plain, 20.0 - GAP), plain)
        at = top
        for line, style in row.texts:
            sheet.put(self.text_at, at, line, style)
            at += style.pitch
        if row.item is not None:
            if item.unit:
                sheet.paragraph(self.unit_at, top, sheet.wrap(item.unit, plain, 16.0 - GAP), plain)
            for column in self.columns:
                sheet.number(column.end, top, column.values[row.item], plain, column.block)
        if rule:
            sheet.rule(LEFT, RIGHT, y + row.height, 0.4, self.paper.colours.hair)
        return y + row.height

    def _carry(self, y: float, key: str, at: int) -> float:
        """Draw the sum of the rows before `at`, at a page's foot or under the next head."""
        sheet, style = self.paper.sheet, self._sized(self.paper.styles.carry)
        done = [row.item for row in self.rows[:at] if row.item is not None]
        column = self.columns[-1]
        top = y + (CARRY - style.pitch) / 2
        amount = self.paper.amount(self.sums[done[-1]])
        sheet.text(column.end - column.width - 4.0, top, self.paper.word(key), style, "end")
        sheet.number(column.end, top, amount, style, max(column.block, sheet.width(amount, style)))
        if key == "brought":
            sheet.rule(LEFT, RIGHT, y + CARRY, 0.4, self.paper.colours.hair)
        return y + CARRY


def _has_discounts(document: Document) -> bool:
    return any(item.discount_rate for item in document.items)


def _line_amount(document: Document, item: LineItem) -> Decimal:
    """Return what the last column shows: with tax if prices are, else without."""
    return item.total if document.prices_include_tax else item.net_amount


def _columns(paper: Paper, *, narrow: bool) -> list[Column]:
    """Return the columns of numbers with their values as written."""
    document, language, word = paper.document, paper.language, paper.word
    items, gross = document.items, document.prices_include_tax
    places = formats.price_digits((item.unit_price for item in items), document.currency_digits)
    columns = [
        Column(
            "quantity",
            word("quantity"),
            13.0 if narrow else 16.0,
            [formats.quantity(item.quantity, language) for item in items],
        ),
        Column(
            "price",
            word("unit_price_incl" if gross else "unit_price"),
            24.0 if narrow else 30.0,
            [formats.amount(item.unit_price, places, language) for item in items],
        ),
    ]
    if _has_discounts(document):
        discounts = [paper.rate(i.discount_rate) if i.discount_rate else formats.NONE for i in items]
        columns.append(Column("discount", word("discount_short"), 15.0, discounts))
    taxes = [formats.NONE if i.tax_category in ("E", "O") else paper.rate(i.tax_rate) for i in items]
    columns.append(Column("vat", word("vat"), 13.0 if narrow else 18.0, taxes))
    amounts = [paper.amount(_line_amount(document, item)) for item in items]
    head = word("total_incl" if gross else "net_amount")
    unit = f"({paper.currency()})"
    columns.append(Column("amount", head, 28.0 if narrow else 34.0, amounts, unit))
    return columns
