"""Pages as rows of cells: words that stand on one line, cut where the space between them is wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from extraction.engines.local.text import Token, tokens_of
from extraction.intake.mending import upright
from extraction.intake.words import PageWords

MOST_WORDS: Final = 24_000  # of a paper, that are looked at
LONGEST_WORD: Final = 100
WIDE: Final = 0.75  # of a line's height: the space between two cells
WIDEST_SPACE: Final = 2.5  # of a line's height: the space between two words whose letters are set apart
SPACED: Final = 3  # letters that make a word that is set apart; a shorter one counts beside such a word


@dataclass(slots=True)
class Span:
    """A word with its place in points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class Cell:
    """Words that stand close together on one line, as they are read."""

    words: list[Span]
    text: str
    left: float
    top: float
    right: float
    bottom: float
    row: int = 0
    page: int = 1
    tokens: list[Token] = field(default_factory=list)

    def extent(self, start: int, end: int) -> tuple[float, float]:
        """Return from where to where a part of the text reaches across the page."""
        place, sides = 0, []
        for word in self.words:
            if place < end and start < place + len(word.text):
                sides += [word.left, word.right]
            place += len(word.text) + 1
        return (min(sides), max(sides)) if sides else (self.left, self.right)

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top


@dataclass(slots=True)
class Row:
    """One line of a page with its cells in the order of reading."""

    index: int  # over all pages
    page: int
    top: float
    bottom: float
    cells: list[Cell]

    @property
    def text(self) -> str:
        """All that stands on the line."""
        return " ".join(cell.text for cell in self.cells)

    @property
    def words(self) -> Iterator[Span]:
        """Its words, as they are read."""
        return (word for cell in self.cells for word in cell.words)


@dataclass(slots=True)
class Sheet:
    """All pages of a paper, as rows; ``width`` and ``height`` are those of the first page."""

    rows: list[Row]
    width: float
    height: float
    from_right: bool
    is_ocr: bool

    @property
    def cells(self) -> Iterator[Cell]:
        """All cells, as they are read."""
        return (cell for row in self.rows for cell in row.cells)

    @property
    def text(self) -> str:
        """All that is written."""
        return "\n".join(row.text for row in self.rows)


def sheet_of(pages: Sequence[PageWords]) -> Sheet | None:
    """Return pages as rows, None where nothing is written. Of very long papers the last page is kept, too."""
    written = [upright(page) for page in pages if page.words]
    if not written:
        return None
    taken, room = [], MOST_WORDS - min(len(written[-1].words), MOST_WORDS)
    for page in written[:-1]:
        if len(page.words) > room:
            break
        room -= len(page.words)
        taken.append(page)
    taken.append(written[-1])
    from_right = is_from_right(word.text for page in taken for word in page.words[:2000])
    rows: list[Row] = []
    for page in taken:
        spans = spans_of(page)
        rows += rows_of(spans, page.number, len(rows), from_right=from_right)
    if from_right and not is_laid_out_from_left(rows):
        for row in rows:
            row.cells.reverse()
    return Sheet(rows, taken[0].width, taken[0].height, from_right, all(page.source == "ocr" for page in taken))


def is_laid_out_from_left(rows: Sequence[Row]) -> bool:
    """Return whether labels stand left of their figures although they are Arabic, as on papers in two languages."""
    votes = 0
    for row in rows:
        if len(row.cells) > 1:
            first, last = has_letters(row.cells[0].text), has_letters(row.cells[-1].text)
            votes += (first and not last) - (last and not first)
    return votes > 0


def is_from_right(texts: Iterable[str]) -> bool:
    """Return whether most letters are of a script that is written from right to left."""
    kinds = [unicodedata.bidirectional(letter) for text in texts for letter in text[:LONGEST_WORD] if letter.isalpha()]
    return sum(kind in {"R", "AL"} for kind in kinds) * 2 > len(kinds)


def spans_of(page: PageWords) -> list[Span]:
    """Return a page's words in points."""
    found = []
    for word in page.words[:MOST_WORDS]:
        left, top, right, bottom = word.box
        text = word.text[:LONGEST_WORD].strip()
        if not text.isprintable():
            text = "".join(letter for letter in text if letter.isprintable())
        if text and right >= left and bottom >= top:
            sides = (left * page.width, top * page.height, right * page.width, bottom * page.height)
            found.append(Span(text, *sides))
    return found


def rows_of(spans: list[Span], page: int, first: int, *, from_right: bool) -> list[Row]:
    """Return a page's words as rows, from its top."""
    lines: list[list[Span]] = []
    for span in sorted(spans, key=lambda each: each.middle):
        if lines and is_beside(lines[-1], span):
            lines[-1].append(span)
        else:
            lines.append([span])
    rows: list[Row] = []
    for line in lines:
        cells = cells_of(line, from_right=from_right)
        index = first + len(rows)
        for cell in cells:
            cell.row, cell.page = index, page
        rows.append(Row(index, page, min(each.top for each in line), max(each.bottom for each in line), cells))
    return rows


def is_beside(line: list[Span], span: Span) -> bool:
    """Return whether a word stands on a line: less than half a letter away from its first and its last word."""
    return all(
        abs(span.middle - each.middle) < 0.38 * max(min(span.height, each.height), 1) for each in (line[0], line[-1])
    )


def cells_of(line: list[Span], *, from_right: bool) -> list[Cell]:
    """Return a line's cells in the order of reading."""
    line.sort(key=lambda each: each.left)
    heights = sorted(each.height for each in line)
    wide = WIDE * heights[len(heights) // 2]
    groups: list[list[Span]] = []
    reach = 0.0
    for span in line:
        if groups and span.left - reach <= wide:
            groups[-1].append(span)
            reach = max(reach, span.right)
        else:
            groups.append([span])
            reach = span.right
    return [cell_of(group, from_right=from_right) for group in joined(groups)]


def joined(groups: list[list[Span]]) -> list[list[Span]]:
    """Return groups of words with letters that are set apart joined: ``S k e r r y`` is one word, as in a letterhead."""
    if not any(is_spaced(group) and len(group) >= SPACED for group in groups):
        return groups
    found: list[list[Span]] = []
    before: list[Span] | None = None
    for group in groups:
        if not is_spaced(group):
            found.append(group)
            before = None
            continue
        word = Span(
            "".join(each.text for each in group),
            group[0].left,
            min(each.top for each in group),
            group[-1].right,
            max(each.bottom for each in group),
        )
        # Words of one name are further apart than its letters, but no wider than a few of them.
        if before is not None and word.left - before[-1].right < WIDEST_SPACE * word.height:
            before.append(word)
        else:
            before = [word]
            found.append(before)
    return found


def is_spaced(group: list[Span]) -> bool:
    """Return whether a group is nothing but single letters, which of Arabic stand apart in no word."""
    return len(group) > 1 and all(
        len(each.text) == 1 and each.text.isalpha() and not is_contrary(each.text) for each in group
    )


def cell_of(words: list[Span], *, from_right: bool) -> Cell:
    """Return a cell of words that stand from left to right."""
    words = as_read(words, from_right=from_right)
    text = " ".join(word.text for word in words)
    return Cell(
        words,
        text,
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
        tokens=tokens_of(text),
    )


def as_read(words: list[Span], *, from_right: bool) -> list[Span]:
    """Return words from left to right as they are read: by the direction of the page, or of a cell all its own."""
    if all(is_contrary(word.text) for word in words if has_letters(word.text)) and any(
        has_letters(word.text) for word in words
    ):
        return list(reversed(words))
    if not from_right or not any(is_contrary(word.text) for word in words):
        return words
    turned: list[Span] = []
    run: list[Span] = []
    for word in reversed(words):
        if has_letters(word.text) and not is_contrary(word.text):
            run.append(word)
        else:
            turned += [*reversed(run), word]
            run = []
    return [*turned, *reversed(run)]


def has_letters(text: str) -> bool:
    """Return whether a word has letters."""
    return any(map(str.isalpha, text))


def is_contrary(text: str) -> bool:
    """Return whether a word has letters that are written from the right."""
    return any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text)
