"""What stands twice: a word at either edge, a text in its own direction."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from invoicing.pdf.layout import Block, Style
from invoicing.pdf.sections.blocks import lines
from invoicing.pdf.text import Line
from invoicing.pdf.two_languages import TwoLanguages, paragraphs, reads_from_right

# Above and below the rule under a caption.
RULE: Final = 1.0
# Between the two words of a pair.
APART: Final = 2.0
# Between two columns of running text.
COLUMN_GAP: Final = 8.0


def put_pair(paper: TwoLanguages, y: float, key: str, style: Style, edges: tuple[float, float]) -> None:
    """Draw a word at the left and its Arabic at the right edge."""
    paper.sheet.text(edges[0], y, paper.word(key), style)
    paper.sheet.text(edges[1], y, paper.arabic.word(key), style, "end", base=1)


def pair_width(paper: TwoLanguages, key: str, style: Style) -> float:
    """Return the least width in which both words stand beside each other, in millimetres."""
    return paper.sheet.width(paper.word(key), style) + paper.sheet.width(paper.arabic.word(key), style) + APART


def caption(paper: TwoLanguages, key: str) -> Block:
    """Return the small heading of a part at both edges, with the rule under it."""
    look, style = paper.look, paper.styles.caption

    def draw(y: float) -> None:
        put_pair(paper, y, key, style, (look.left, look.right))
        paper.sheet.rule(look.left, look.right, y + style.pitch + RULE, 0.4, paper.colours.rule)

    return Block(style.pitch + 2 * RULE, draw)


def left_lines(paper: TwoLanguages, text: str, style: Style, width: float) -> list[Block]:
    """Return a text at the left edge as blocks of one line each."""
    return lines(paper, paper.look.left, text, style, width) if text else []


def right_lines(paper: TwoLanguages, text: str, style: Style, width: float) -> list[Block]:
    """Return an Arabic text at the right edge as blocks of one line each."""
    return lines(paper, paper.look.right, text, style, width, "end", 1) if text else []


def own_columns(paper: TwoLanguages, text: str, style: Style, edges: tuple[float, float]) -> list[list[Block]]:
    """Return a text as one column, or as two beside each other if it has paragraphs of both directions."""
    parts = ["\n".join(part) for part in paragraphs(text) if part]
    if len(parts) < 2:
        return [own_lines(paper, text.strip(), style, edges)] if parts else []
    half = (edges[1] - edges[0] - COLUMN_GAP) / 2
    sides = (edges[0], edges[0] + half), (edges[1] - half, edges[1])
    return [own_lines(paper, part, style, side) for part, side in zip(parts, sides, strict=True)]


def own_lines(paper: TwoLanguages, text: str, style: Style, edges: tuple[float, float]) -> list[Block]:
    """Return a text as blocks of one line each, every paragraph at the edge where it begins to read."""
    found: list[Block] = []
    for paragraph in text.splitlines():
        from_right = reads_from_right(paragraph)
        x, align = (edges[1], "end") if from_right else (edges[0], "start")
        found += lines(paper, x, paragraph, style, edges[1] - edges[0], align, int(from_right))  # type: ignore[arg-type]  # two of its words
    return found


def wrapped(paper: TwoLanguages, text: str, style: Style, width: float) -> tuple[Line, ...]:
    """Break a text in its own direction into lines."""
    return paper.sheet.wrap(text, style, width, int(reads_from_right(text)))


def centred(paper: TwoLanguages, x: float, found: Sequence[Line], style: Style) -> list[Block]:
    """Return lines whose middle is at `x` as blocks."""
    return [Block(style.pitch, partial(paper.sheet.put, x, line=line, style=style, align="centre")) for line in found]
