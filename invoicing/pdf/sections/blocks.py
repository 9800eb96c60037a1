"""The small pieces that every section is made of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from invoicing.pdf.content import Printed
from invoicing.pdf.formats import NBSP
from invoicing.pdf.layout import Align, Block, Style
from invoicing.pdf.paper import Paper

DOT: Final = "\u00a0 · \u00a0"
TALLEST_UNBROKEN: Final = 40.0


def lines(
    paper: Paper[Printed],
    x: float,
    text: str,
    style: Style,
    width: float,
    align: Align = "start",
    base: int | None = None,
) -> list[Block]:  # fmt: skip - the measures belong together
    """Return a text as blocks of one line each."""
    sheet = paper.sheet
    return [
        Block(style.pitch, partial(sheet.put, x, line=line, style=style, align=align))
        for line in sheet.wrap(text, style, width, base)
    ]


def caption(paper: Paper[Printed], x: float, key: str, width: float) -> list[Block]:
    """Return the small heading of a part, with the space under it."""
    gap = paper.look.party_gaps[0]
    return [*lines(paper, x, paper.word(key), paper.styles.caption, width), space(gap)]


def dotted(texts: Sequence[str], style: Style) -> list[tuple[str, Style]]:
    """Return texts with a dot between them as pieces, which follow each other as the page reads."""
    pieces: list[tuple[str, Style]] = []
    for at, text in enumerate(texts):
        pieces += [(DOT, style), (text, style)] if at else [(text, style)]
    return pieces


def space(height: float) -> Block:
    """Return a block of nothing."""
    return Block(height, lambda _: None)


def together(blocks: list[Block]) -> Block:
    """Return blocks as one, so that no page ends between them."""

    def draw(y: float) -> None:
        for block in blocks:
            block.draw(y)
            y += block.height

    return Block(height(blocks), draw)


def unbroken(blocks: list[Block]) -> list[Block]:
    """Return blocks as one, unless they are too tall to go to another page for it."""
    return [together(blocks)] if 0 < height(blocks) <= TALLEST_UNBROKEN else blocks


def beside(columns: list[list[Block]]) -> list[list[Block]]:
    """Return columns as one block that no page divides, unless they are too tall for that."""
    tall = max(map(height, columns))
    parts = [together(column) for column in columns]

    def draw(y: float) -> None:
        for part in parts:
            part.draw(y)

    return [[Block(tall, draw)]] if tall <= TALLEST_UNBROKEN else columns


def without_widow(text: str) -> str:
    """Return a sentence whose last word takes the one before along to a line of its own."""
    before, _, last = text.strip().rpartition(" ")
    return f"{before}{NBSP}{last}" if before else last


def strike(paper: Paper[Printed], end: float, middle: float, wide: float) -> None:
    """Strike through an amount that ends at `end`, if the paper is cancelled: nobody owes it."""
    if paper.document.mark == "cancelled":
        paper.sheet.rule(end - wide, end, middle, 1.0, paper.colours.ink)


def height(blocks: list[Block]) -> float:
    """Return the height of blocks under each other, in millimetres."""
    return sum(block.height for block in blocks)


def within(size: tuple[int, int], width: float, tallest: float) -> tuple[float, float]:
    """Return an image's measures in a box, in millimetres: the smaller ratio, no coarser than 200 dpi."""
    ratio = min(width / size[0], tallest / size[1], 25.4 / 200)
    return size[0] * ratio, size[1] * ratio
