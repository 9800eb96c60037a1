"""The chart of two bars for each stretch of time as shapes: where bars, lines and words stand, in the units of the SVG's view box."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

INTERVALS: Final = 4  # between five lines
FACTORS: Final = tuple(map(Decimal, ("1", "1.5", "2", "2.5", "3", "4", "5", "6", "8", "10")))
BAR, GAP, RADIUS = 12, 1, 2.5
TOP, FOOT = 10, 26  # above the highest line, and below the lowest, for the names of stretches
LETTER: Final = 7.2  # of an axis label, at most


@dataclass(frozen=True, slots=True)
class Stretch:
    """The two amounts of a stretch of time, with its name on the axis and the words for a pointer that rests on it."""

    name: str
    words: str
    first: Decimal
    second: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the chart with its amount."""

    y: str
    text_y: str
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """A stretch in the chart: its place on the axis, its middle, and the outlines of its bars, empty for nothing."""

    x: str
    width: str
    middle: str
    name: str
    words: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Shapes in a view box of ``width`` × ``height``. The last column is the present one."""

    width: int
    height: int
    rules: list[Rule]
    columns: list[Column]
    left: str
    right: str
    label_x: str
    is_mirrored: bool
    band_height: str
    names_y: str


def draw(
    stretches: Sequence[Stretch], *, width: int, height: int, label: Callable[[Decimal], str], is_mirrored: bool = False
) -> Chart:
    """Lay out a chart of stretches, the oldest at the left; ``is_mirrored`` moves the axis of amounts to the right."""
    amounts = [amount for stretch in stretches for amount in (stretch.first, stretch.second)]
    step, below, above = scale(min(amounts, default=Decimal(0)), max(amounts, default=Decimal(0)))
    labels = [label(step * place) for place in range(-below, above + 1)]
    margin = 12 + LETTER * max(map(len, labels))
    left, right = (0.0, width - margin) if is_mirrored else (margin, float(width))
    floor = height - FOOT
    unit = (floor - TOP) / (below + above)  # of one step
    zero = floor - below * unit
    rules = [
        Rule(at(floor - place * unit), at(floor - place * unit + 4), written) for place, written in enumerate(labels)
    ]
    slot = (right - left) / len(stretches)
    columns = []
    for place, stretch in enumerate(stretches):
        middle = left + (place + 0.5) * slot
        columns.append(
            Column(
                x=at(middle - slot / 2 + 3),
                width=at(slot - 6),
                middle=at(middle),
                name=stretch.name,
                words=stretch.words,
                first=bar(middle - BAR - GAP / 2, zero, float(stretch.first / step) * unit),
                second=bar(middle + GAP / 2, zero, float(stretch.second / step) * unit),
            )
        )
    return Chart(
        width=width,
        height=height,
        rules=rules,
        columns=columns,
        left=at(left),
        right=at(right),
        label_x=at(width if is_mirrored else left - 10),
        is_mirrored=is_mirrored,
        band_height=at(floor - 2),
        names_y=at(height - 6),
    )


def scale(low: Decimal, high: Decimal) -> tuple[Decimal, int, int]:
    """Return a round step, and how many of it reach below nothing and above, four together."""
    depth, height = max(-low, Decimal(0)), max(high, Decimal(0))
    span = depth + height
    if not span:
        return Decimal(1), 0, INTERVALS
    exponent = (span / INTERVALS).adjusted()
    steps = [factor.scaleb(power) for power in (exponent, exponent + 1) for factor in FACTORS]
    for step in steps:
        below, above = (int((amount / step).to_integral_value(ROUND_CEILING)) for amount in (depth, height))
        if below + above <= INTERVALS:
            return step, below, INTERVALS - below
    raise AssertionError("a step ten times as large as needed is always enough")


def bar(x: float, zero: float, length: float) -> str:
    """Return the outline of a bar that rises from the line of nothing, or hangs from it; round at its end."""
    if not length:
        return ""
    size = max(abs(length), 1.0)  # what is little is still seen
    radius = min(RADIUS, size)
    turn = -1 if length > 0 else 1
    side, bend, across = at(turn * (size - radius)), at(radius), at(BAR - 2 * radius)
    return (
        f"M{at(x)} {at(zero)}v{side}q0 {at(turn * radius)} {bend} {at(turn * radius)}"
        f"h{across}q{bend} 0 {bend} {at(-turn * radius)}v{at(-turn * (size - radius))}z"
    )


def at(value: float) -> str:
    """Write a coordinate, with a point in every language."""
    return f"{value:.1f}"
