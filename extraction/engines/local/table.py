"""The items of a paper: rows below a head, or rows whose numbers multiply; taken only where they add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from extraction.engines.local.amounts import Amount
from extraction.engines.local.columns import NUMERIC, Column, columns_of
from extraction.engines.local.page import Page
from extraction.engines.local.sheet import Row, Span
from extraction.engines.local.sums import NOTHING, Sums, same

MOST_LINES: Final = 1000
LONGEST: Final = 1000
ENDS: Final = frozenset({"total", "subtotal", "due_amount", "tax"})
PRODUCT: Final = Decimal("0.02")


@dataclass(slots=True)
class Number:
    """A number of a row with its place across the page."""

    amount: Amount
    left: float
    right: float


@dataclass(slots=True)
class Line:
    """One item: its numbers by column, and its words."""

    numbers: dict[str, Amount] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    bottom: float = 0.0
    page: int = 1

    def value(self, kind: str) -> Decimal | None:
        """Return a number of the line."""
        found = self.numbers.get(kind)
        return found.value if found else None

    @property
    def says_something(self) -> bool:
        """Whether it has a quantity or words: a sum alone is no item."""
        words = " ".join(self.words.get("description", ()))
        return self.value("quantity") is not None or any(map(str.isalpha, words))

    @property
    def multiplies(self) -> bool:
        """Whether quantity times price is the amount, less a discount in percent."""
        quantity, price, amount = (self.value(kind) for kind in ("quantity", "unit_price", "amount"))
        if quantity is None or price is None or amount is None:
            return False
        return any(is_product(quantity, price, each) for each in before_discount(amount, self.numbers.get("discount")))


def is_product(quantity: Decimal, price: Decimal, amount: Decimal) -> bool:
    """Return whether an amount can be quantity times price, by the digits of the price."""
    half_a_digit = Decimal(5).scaleb(min(int(price.as_tuple().exponent), 0) - 1)
    return abs(abs(quantity * price) - abs(amount)) <= PRODUCT + abs(quantity) * half_a_digit


def before_discount(amount: Decimal, discount: Amount | None) -> list[Decimal]:
    """Return what an amount may have been before its discount, in percent or as a sum."""
    if discount is None:
        return [amount]
    rest = 1 - abs(discount.value) / 100
    return [amount, amount + abs(discount.value), *([amount / rest] if rest > 0 else [])]


def items_of(page: Page, sums: Sums, heads: dict[int, int]) -> list[dict[str, Any]]:
    """Return the items where they add up to the subtotal or the total, else none."""
    headed = list(lines_by_heads(page, heads))
    targets = targets_of(sums)
    for lines in (headed, [line for line in headed if line.multiplies], list(lines_by_products(page, heads))):
        for kind in ("amount", "gross"):
            chosen = adding_up(
                [line for line in lines if line.value(kind) is not None and line.says_something], kind, targets
            )
            if chosen:
                return [item_of(line, kind) for line in chosen]
    return []


def targets_of(sums: Sums) -> list[Decimal]:
    """Return what the items may add up to."""
    discount, tax = sums.discount or NOTHING, sums.tax or NOTHING
    found: list[Decimal] = []
    for base in (sums.subtotal, *sums.bases, sums.total):
        if base:
            found += [base, base + discount, base - sums.charge, base + discount - sums.charge]
    if sums.total is not None:
        found += [sums.total - tax, sums.total - tax + discount, sums.total - tax - sums.charge]
    return [each for each in dict.fromkeys(found) if each]


def adding_up(lines: list[Line], kind: str, targets: Sequence[Decimal]) -> list[Line]:
    """Return the first lines of all that add up to a target; a sum carried along the way is no line."""
    wanted = [abs(each) for each in targets]
    running = NOTHING
    kept: list[Line] = []
    best: list[Line] = []
    for line in lines[:MOST_LINES]:
        value = line.value(kind) or NOTHING
        if kept and value and same(value, running) and len(kept) > 1:
            continue
        running += value
        kept.append(line)
        if any(same(abs(running), each) for each in wanted):
            best = list(kept)
    return best


def lines_by_heads(page: Page, heads: dict[int, int]) -> Iterator[Line]:
    """Yield the lines below each head, up to the sums."""
    starts = sorted(heads)
    rows = page.sheet.rows
    for place, start in enumerate(starts):
        first = start + heads[start]
        columns = columns_of(rows[start:first])
        last = starts[place + 1] if place + 1 < len(starts) else len(rows)
        yield from lines_of(page, body(page, rows[first:last]), columns)


def body(page: Page, rows: Sequence[Row]) -> list[Row]:
    """Return the rows of items: those up to the first that is a sum."""
    kept: list[Row] = []
    for row in rows:
        cell = row.cells[0]
        labels = page.labels(cell)
        is_sum = bool(labels) and bool(labels[0].kinds & ENDS) and page.is_head(cell, labels[0])
        numbers = [each for other in row.cells for each in page.amounts(other) if not each.is_percent]
        if is_sum and kept and len(numbers) <= 2 and (len(row.cells) <= 2 or len(cell.text) - labels[0].end < 12):
            break
        kept.append(row)
    return kept


def rows_of_items(page: Page, heads: dict[int, int]) -> Iterator[int]:
    """Yield the rows of tables of items, their heads among them; what is no item may stand below the last one."""
    starts = sorted(heads)
    for place, start in enumerate(starts):
        yield from range(start, start + heads[start])
        first = start + heads[start]
        last = starts[place + 1] if place + 1 < len(starts) else first + 60
        for row in body(page, page.sheet.rows[first:last]):
            if any(each.decimals == 2 for cell in row.cells for each in page.amounts(cell)):
                yield row.index


def numbers_in(page: Page, row: Row) -> list[Number]:
    """Return the numbers of a row from left to right."""
    found = [Number(each, *cell.extent(each.start, each.end)) for cell in row.cells for each in page.amounts(cell)]
    return sorted(found, key=lambda each: each.left)


def lines_of(page: Page, rows: list[Row], columns: list[Column]) -> Iterator[Line]:
    """Yield lines: rows with numbers in the columns, and the rows of mere words that go with them."""
    line: Line | None = None
    waiting: list[Row] = []
    for row in rows:
        numbers = placed(numbers_in(page, row), columns)
        if not numbers.keys() & {"amount", "unit_price", "gross", "quantity"}:
            if line is not None and row.page == line.page and row.top - line.bottom < 1.6 * (row.bottom - row.top):
                add_words(line, row, columns, numbers)
                line.bottom = row.bottom
            else:
                waiting.append(row)
            continue
        if line is not None and is_same_line(line, numbers, row):
            line.numbers |= {kind: each for kind, each in numbers.items() if kind not in line.numbers}
        else:
            if line is not None:
                yield line
            line = Line(dict(numbers), page=row.page)
            for each in waiting[-2:]:
                if each.page == row.page and row.top - each.bottom < 0.8 * (row.bottom - row.top):
                    add_words(line, each, columns, {})
        waiting = []
        add_words(line, row, columns, numbers)
        line.bottom = row.bottom
    if line is not None:
        yield line


def is_same_line(line: Line, numbers: dict[str, Amount], row: Row) -> bool:
    """Return whether numbers go on with a line: right below it, in columns that it has left empty."""
    is_close = row.page == line.page and row.top - line.bottom < 0.6 * (row.bottom - row.top)
    is_whole = "amount" in line.numbers or "gross" in line.numbers
    return is_close and not numbers.keys() & line.numbers.keys() and not is_whole


def placed(numbers: list[Number], columns: list[Column]) -> dict[str, Amount]:
    """Return numbers by the columns in which they stand; the last one of a column counts."""
    found: dict[str, Amount] = {}
    for each in numbers:
        column = min(columns, key=lambda column: away(each.left, each.right, column))
        if column.kind not in NUMERIC or away(each.left, each.right, column) > 40:
            continue
        kind = column.kind
        if each.amount.is_percent and kind not in {"tax_rate", "discount"}:
            kind = "tax_rate"
        if kind == "quantity" and kind in found:
            continue
        found[kind] = each.amount
    return found


def away(left: float, right: float, column: Column) -> float:
    """Return how far a place lies from a column's head, in points; less than nothing where it lies below it."""
    gap = max(column.left - right, left - column.right, 0.0)
    return gap or -min(right, column.right) + max(left, column.left)


def add_words(line: Line, row: Row, columns: list[Column], numbers: dict[str, Amount]) -> None:
    """Add a row's words to a line, by column: the description takes what stands in no other."""
    for word in row.words:
        kind = column_of(word, columns)
        if kind in NUMERIC and not any(map(str.isalpha, word.text)):
            continue
        line.words.setdefault(kind, []).append(word.text)


def column_of(word: Span, columns: list[Column]) -> str:
    """Return the column of a word: the description reaches from the column before it to the one behind it."""
    place = next((number for number, column in enumerate(columns) if column.kind == "description"), None)
    if place is not None:
        own = columns[place]
        left = columns[place - 1].right if place else 0.0
        right = columns[place + 1].left if place + 1 < len(columns) else word.right + 1
        begins = word.left >= left - 1 or (word.left >= own.left and word.right > own.left)
        if begins and (word.left + word.right) / 2 < max(right, own.right):
            return "description"
    return min(columns, key=lambda column: away(word.left, word.right, column)).kind


def lines_by_products(page: Page, heads: dict[int, int]) -> Iterator[Line]:
    """Yield the rows in which two numbers make a third: whatever their columns are called."""
    heading = {row for start, count in heads.items() for row in range(start, start + count)}
    for row in page.sheet.rows:
        if row.index in heading:
            continue
        numbers = numbers_in(page, row)[:12]
        found = product_in([each for each in numbers if not each.amount.is_percent])
        if found is None:
            continue
        first, second, third = found
        quantity, price = (first, second) if first.amount.decimals <= second.amount.decimals else (second, first)
        line = Line({"quantity": quantity.amount, "unit_price": price.amount, "amount": third.amount}, page=row.page)
        rate = next((each.amount for each in numbers if each.amount.is_percent), None)
        if rate:
            line.numbers["tax_rate"] = rate
        edge = min(each.left for each in found)
        right = max(each.right for each in found)
        ahead = row.cells[0].left > row.cells[-1].left
        outside = [word.text for word in row.words if (word.left > right if ahead else word.right < edge)]
        line.words["description"] = outside
        yield line


def product_in(numbers: list[Number]) -> tuple[Number, Number, Number] | None:
    """Return quantity, price and amount among the numbers of a row, None where no two make a third."""
    for last in range(len(numbers) - 1, -1, -1):
        third = numbers[last]
        if third.amount.decimals != 2:
            continue
        others = [each for each in numbers if each is not third and each.amount.value]
        for place, first in enumerate(others):
            for second in others[place + 1 :]:
                if is_product(first.amount.value, second.amount.value, third.amount.value) and third.amount.value:
                    return first, second, third
    return None


def item_of(line: Line, kind: str) -> dict[str, Any]:
    """Return a line as data."""
    words = {name: " ".join(texts) for name, texts in line.words.items()}
    rate = line.numbers.get("tax_rate")
    unit = words.get("unit") or words.get("quantity") or ""
    return {
        "description": words.get("description", "")[:LONGEST].strip(" |") or None,
        "sku": sku_of(words.get("sku", "")),
        "quantity": text_of(line.value("quantity")),
        "unit": unit[:200] if any(map(str.isalpha, unit)) and len(unit) <= 20 else None,
        "unit_price": text_of(line.value("unit_price")),
        "tax_rate": text_of(rate.value) if rate and 0 <= rate.value <= 100 else None,
        "amount": text_of(line.value(kind)),
    }


def sku_of(text: str) -> str | None:
    """Return a number of an article: a short text with a digit."""
    first = text.split(" ", maxsplit=1)[0]
    return first if 2 <= len(first) <= 40 and any(map(str.isdecimal, first)) else None


def text_of(value: Decimal | None) -> str | None:
    """Return a number as an exact text."""
    return None if value is None else format(value, "f")
