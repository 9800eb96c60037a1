"""The parts from which a layout is put together, and how one is drawn from its description."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tests.extraction.layouts.bills import Bill, Line, day_text
from tests.extraction.layouts.degrading import CLEAN, Wear
from tests.extraction.layouts.pens import A4, LogicalPen, Pen, PlainPen

MARGIN = 50.0
STEP = 1.45  # lines to a size of type


@dataclass(frozen=True, slots=True)
class Head:
    """Where the vendor stands: ``left``, ``right``, ``centre``, ``window`` (one small line over the buyer) or ``foot``.

    ``apart`` writes the name large with spaces between its letters, as a logo; ``says`` are lines under the address.
    """

    place: str = "left"
    size: float = 15
    apart: bool = False
    says: Sequence[str] = ()
    ruled: bool = False
    named: str = ""  # what stands before the vendor: "From:"


@dataclass(frozen=True, slots=True)
class Facts:
    """Number, days and what else stands beside labels: rows of a label and what it says.

    ``kind``: ``rows`` (label, then value at ``reach``), ``ends`` (values end at ``reach``), ``above`` and ``below`` (labels
    over and under their values, side by side), ``boxed`` (above, within a grid), ``said`` (a sentence each).
    """

    rows: Sequence[tuple[str, str]]
    kind: str = "rows"
    x: float = 330
    y: float = 150
    reach: float = 100
    size: float = 9
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its head, what stands in it, its width; numbers stand at its right."""

    head: str
    what: str
    width: float
    align: str = "right"


@dataclass(frozen=True, slots=True)
class Table:
    """Columns from ``x`` on. ``kind``: ``ruled``, ``grid``, ``grey``, ``striped`` or ``bare`` (without a head)."""

    columns: Sequence[Column]
    kind: str = "ruled"
    y: float = 300
    size: float = 9
    pitch: float = 1.9
    bottom: float = 700
    carried: tuple[str, str] | None = None  # what is written at the end and at the beginning of pages with the sum


@dataclass(frozen=True, slots=True)
class Sums:
    """Labels with amounts under the table: labels begin at ``x``, amounts end at ``end``.

    ``kind``: ``plain``, ``boxed``, ``last`` (the total large under a rule), ``beside`` (side by side under small labels).
    """

    rows: Sequence[tuple[str, str]]
    x: float = 360
    end: float = 545
    kind: str = "last"
    size: float = 9
    y: float | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A paper: what stands on it, and where."""

    name: str
    bill: Bill
    facts: Facts
    table: Table
    sums: Sums
    title: str = ""
    title_at: tuple[float, float, float] = (330, 110, 18)  # place and size
    head: Head = field(default_factory=Head)
    buyer: tuple[str, float, float] = ("", 50, 160)  # label and place
    notes: Sequence[str] = ()
    foot: Sequence[Sequence[str]] = ()
    loose: Sequence[tuple[float, float, float, str]] = ()  # place, size and what stands anywhere else
    family: str = "helvetica"
    size: tuple[float, float] = A4
    mirrored: bool = False
    wear: Wear = CLEAN
    pages: str = ""  # "Page {} of {}"


def pen_of(layout: Layout) -> Pen:
    """Return what draws a layout."""
    if layout.family == "logical":
        return LogicalPen(layout.size, mirrored=layout.mirrored)
    return PlainPen(layout.family, layout.size, mirrored=layout.mirrored)


def value(bill: Bill, what: str) -> str:
    """Return what is meant by a word: a field, ``tax@19`` or ``net@19`` of a rate, or a text after ``=``."""
    if what.startswith("="):
        return what[1:]
    name, _at, rate = what.partition("@")
    if name in ("number", "day", "due"):
        if name == "due" and bill.due and bill.due_days:
            return day_text(bill.due, bill.due_days)
        return bill.number if name == "number" else bill.written(bill.day if name == "day" else bill.due)
    if rate:
        net, tax = bill.rates[Decimal(rate)]
        return bill.money.full({"net": net, "tax": tax, "gross": net + tax}[name])
    bare = name.endswith("#")
    amounts: dict[str, Callable[[], Decimal]] = {
        "sum": lambda: bill.sum,
        "subtotal": lambda: bill.subtotal,
        "discount": lambda: -bill.discount,
        "tax": lambda: bill.tax,
        "total": lambda: bill.total,
        "zero": lambda: Decimal(0),
    }
    amount = amounts[name.rstrip("#")]()
    return bill.money.bare(amount) if bare else bill.money.full(amount)


def cell(bill: Bill, each: Line, at: int, what: str) -> str:
    """Return what stands in a column of a line; ``#`` after a name leaves the currency out."""
    money = bill.money
    amount = bill.amount(each)
    found: dict[str, Callable[[], str]] = {
        "at": lambda: str(at + 1),
        "sku": lambda: each.sku,
        "text": lambda: each.text,
        "quantity": lambda: money.count(each.quantity),
        "measure": lambda: f"{money.count(each.quantity)} {each.unit}",
        "unit": lambda: each.unit,
        "price": lambda: money.bare(each.price, max(money.places, -int(each.price.as_tuple().exponent))),
        "price+": lambda: money.full(each.price),
        "rate": lambda: f"{money.count(each.rate)} %",
        "rate%": lambda: f"{money.count(each.rate)}%",
        "tax": lambda: money.bare(bill.rounded(amount * each.rate / 100)),
        "gross": lambda: money.bare(amount + bill.rounded(amount * each.rate / 100)),
        "amount": lambda: money.bare(amount),
        "amount+": lambda: money.full(amount),
    }
    return found[what]()


def write_lines(pen: Pen, x: float, y: float, rows: Sequence[str], size: float = 9, align: str = "left") -> float:
    """Write lines under each other; return where the next one would stand."""
    for row in rows:
        pen.text(x, y, row, size, align=align)
        y += size * STEP
    return y


def draw_head(pen: Pen, layout: Layout) -> None:
    """Draw the vendor."""
    head, vendor = layout.head, layout.bill.vendor
    if head.place == "foot":
        return
    if head.place == "window":
        line = " · ".join([vendor.name, *vendor.address])
        pen.text(MARGIN, layout.buyer[2] - 18, line, 6.5)
        pen.rule(MARGIN, layout.buyer[2] - 15, MARGIN + pen.width(line, 6.5), layout.buyer[2] - 15, 0.3)
        return
    x = {"left": MARGIN, "right": pen.size[0] - MARGIN, "centre": pen.size[0] / 2}[head.place]
    y = 60.0
    if head.named:
        pen.text(x, y - 14, head.named, 8, align=head.place)
    name = "  ".join(vendor.name) if head.apart else vendor.name
    pen.text(x, y, name, head.size, bold=True, align=head.place)
    y = write_lines(
        pen, x, y + head.size, [*vendor.address, *filter(None, [vendor.phone]), *head.says], 8.5, head.place
    )
    if head.ruled:
        pen.rule(MARGIN, y, pen.size[0] - MARGIN, y, 1.2)


def draw_facts(pen: Pen, layout: Layout) -> None:
    """Draw number, days and the like."""
    facts, y = layout.facts, layout.facts.y
    rows = [(label, value(layout.bill, what)) for label, what in facts.rows]
    if facts.kind in ("above", "below", "boxed"):
        across = facts.x
        if facts.kind == "boxed":
            width = facts.reach * len(rows)
            for level in (-11, 4, 20):
                pen.rule(across - 4, y + level, across + width - 4, y + level)
            for at in range(len(rows) + 1):
                pen.rule(across - 4 + at * facts.reach, y - 11, across - 4 + at * facts.reach, y + 20)
        for label, written in rows:
            over, under = (written, label) if facts.kind == "below" else (label, written)
            sizes = (facts.size, 7) if facts.kind == "below" else (7, facts.size)
            pen.text(across, y, over, sizes[0])
            pen.text(across, y + (9 if facts.kind == "below" else 15), under, sizes[1])
            across += facts.reach
        return
    for label, written in rows:
        if facts.kind == "said":
            pen.text(facts.x, y, f"{label} {written}".strip(), facts.size, bold=facts.bold)
        else:
            pen.text(facts.x, y, label, facts.size, bold=facts.bold)
            align = "right" if facts.kind == "ends" else "left"
            pen.text(facts.x + facts.reach, y, written, facts.size, align=align)
        y += facts.size * 1.6


def draw_table_head(pen: Pen, layout: Layout, y: float) -> float:
    """Draw the names of columns; return where the first line stands."""
    table = layout.table
    width = sum(column.width for column in table.columns)
    if table.kind == "bare":
        return y
    if table.kind in ("grey", "striped"):
        pen.surface(MARGIN, y - table.size - 3, width, table.size + 8, 0.85)
    x = MARGIN
    for column in table.columns:
        end = x + column.width
        for at, head in enumerate(column.head.split("|")):
            place = {"right": end - 3, "left": x + 3, "centre": (x + end) / 2}[column.align]
            pen.text(place, y + at * table.size * 1.1, head, table.size, bold=True, align=column.align)
        x = end
    top = y
    y += table.size * 1.1 * max(column.head.count("|") for column in table.columns)
    pen.rule(MARGIN, y + 5, MARGIN + width, y + 5)
    if table.kind == "grid":
        pen.rule(MARGIN, top - table.size - 3, MARGIN + width, top - table.size - 3)
    return y + table.size * 1.3 + 6


def draw_line(pen: Pen, layout: Layout, at: int, y: float) -> float:
    """Draw one line of the table; return where the next one stands."""
    table, each, x = layout.table, layout.bill.lines[at], MARGIN
    height = table.size * (table.pitch + 1.2 * len(each.more))
    width = sum(column.width for column in table.columns)
    if table.kind == "striped" and at % 2:
        pen.surface(MARGIN, y - table.size - 1, width, height, 0.94)
    for column in table.columns:
        end = x + column.width
        place = {"right": end - 3, "left": x + 3, "centre": (x + end) / 2}[column.align]
        pen.text(place, y, cell(layout.bill, each, at, column.what), table.size, align=column.align)
        if column.what == "text":
            write_lines(pen, place, y + table.size * 1.2, each.more, table.size * 0.85, column.align)
        if table.kind == "grid":
            pen.rule(x, y - table.size - 4, x, y + height - table.size - 4)
        x = end
    if table.kind == "grid":
        pen.rule(x, y - table.size - 4, x, y + height - table.size - 4)
        pen.rule(MARGIN, y + height - table.size - 4, x, y + height - table.size - 4)
    return y + height


def draw_table(pen: Pen, layout: Layout) -> float:
    """Draw all lines, on further pages where they do not fit; return where the table ends."""
    table, bill = layout.table, layout.bill
    end = MARGIN + sum(column.width for column in table.columns)
    y, carried = draw_table_head(pen, layout, table.y), Decimal(0)
    for at, each in enumerate(bill.lines):
        if y > table.bottom:
            if table.carried:
                pen.text(end - 90, y + 4, table.carried[0], table.size, align="right")
                pen.text(end - 3, y + 4, bill.money.bare(carried), table.size, align="right")
            draw_foot(pen, layout)
            pen.next_page()
            y = draw_table_head(pen, layout, 80)
            if table.carried:
                pen.text(end - 90, y, table.carried[1], table.size, align="right")
                pen.text(end - 3, y, bill.money.bare(carried), table.size, align="right")
                y += table.size * table.pitch
        y = draw_line(pen, layout, at, y)
        carried += bill.amount(each)
    if table.kind not in ("bare", "grid"):
        pen.rule(MARGIN, y - table.size, end, y - table.size)
    return y


def draw_sums(pen: Pen, layout: Layout, y: float) -> float:
    """Draw the sums; return where they end."""
    sums = layout.sums
    y = (sums.y or y) + sums.size
    top = y
    if sums.kind == "beside":
        step = (sums.end - sums.x) / len(sums.rows)
        for at, (label, what) in enumerate(sums.rows):
            end = sums.x + step * (at + 1)
            pen.text(end, y, label, 7.5, align="right")
            pen.text(end, y + 13, value(layout.bill, what), sums.size, align="right", bold=at + 1 == len(sums.rows))
        return y + 40
    for at, (label, what) in enumerate(sums.rows):
        is_last = at + 1 == len(sums.rows) and sums.kind == "last"
        if is_last:
            pen.rule(sums.x, y - sums.size, sums.end, y - sums.size)
            y += 4
        size = sums.size * (1.25 if is_last else 1)
        pen.text(sums.x, y, label, size, bold=is_last)
        pen.text(sums.end, y, value(layout.bill, what), size, bold=is_last, align="right")
        y += size * 1.7
    if sums.kind == "boxed":
        for x in (sums.x - 6, sums.end + 6):
            pen.rule(x, top - 14, x, y - 6)
        for level in (top - 14, y - 6):
            pen.rule(sums.x - 6, level, sums.end + 6, level)
    return y + 14


def draw_foot(pen: Pen, layout: Layout) -> None:
    """Draw what stands at the foot of a page, in columns."""
    if layout.foot:
        y = pen.size[1] - 62
        pen.rule(MARGIN, y - 12, pen.size[0] - MARGIN, y - 12, 0.4)
        step = (pen.size[0] - 2 * MARGIN) / len(layout.foot)
        for at, rows in enumerate(layout.foot):
            write_lines(pen, MARGIN + at * step, y, rows, 7)


def drawn(layout: Layout) -> bytes:
    """Return a layout as PDF."""
    pen = pen_of(layout)
    draw_head(pen, layout)
    if layout.title:
        x, y, size = layout.title_at
        pen.text(x, y, layout.title, size, bold=True)
    label, x, y = layout.buyer
    if label:
        pen.text(x, y, label, 8, bold=True)
        y += 13
    buyer = layout.bill.buyer
    says = [buyer.tax_id] if buyer.tax_id else []
    write_lines(pen, x, y, [buyer.name, *buyer.address, *says], 9.5)
    draw_facts(pen, layout)
    for x, y, size, said in layout.loose:
        pen.text(x, y, said, size)
    end = draw_sums(pen, layout, draw_table(pen, layout) + 6)
    write_lines(pen, MARGIN, end + 6, layout.notes, 8.5)
    draw_foot(pen, layout)
    return pen.pdf()
