"""The words of all pages as texts that can be searched at once, and back from a place in a text to a place on a page."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, count
from operator import add
from typing import Final

from accounts.search import normalise, replaced
from extraction.intake.words import Box, PageWords, Word

BETWEEN: Final = "\x00"  # two words
PAGE_END: Final = "\x01"
RUN: Final = re.compile(rf"[^\W_]+|{PAGE_END}")
GAP: Final = rf"[\s{BETWEEN}]"
LETTER: Final = r"[^\W\d_]"
# All decimal digits as 0-9; what is not seen as nothing: zero width, marks of direction, soft hyphens
PLAIN: Final = {
    char: "" if unicodedata.category(char) == "Cf" else str(unicodedata.decimal(char))
    for char in map(chr, range(0x80, 0x20000))
    if unicodedata.category(char) in {"Cf", "Nd"}
} | {PAGE_END: ""}
LEAST_WORDS: Final = 5  # of a page that can be judged; a scanner's own mark has fewer


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: the page, and the frame around its words as fractions of the page.

    ``is_whole`` is false where only a part of it was found, ``is_opposite`` true where its sign is the other one.
    """

    page: int
    box: Box
    is_whole: bool = True
    is_opposite: bool = False

    @property
    def middle(self) -> float:
        """How far down the page it stands."""
        return (self.box[1] + self.box[3]) / 2

    @property
    def height(self) -> float:
        """How tall its letters are."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Hit:
    """The words from one to another, both counted in, in which something was found; ``only`` are those that count."""

    first: int
    last: int
    is_whole: bool = True
    is_opposite: bool = False
    only: tuple[int, ...] = ()


def plain(text: str) -> str:
    """Return a text in the form in which texts are compared."""
    return normalise(replaced(text, PLAIN))


class Sheet:
    """All pages. Its texts are made when they are first searched, each once."""

    def __init__(self, pages: Sequence[PageWords]) -> None:
        self.words: list[Word] = []
        self.pages: list[int] = []
        for page in pages:
            self.words += page.words
            self.pages += [page.number] * len(page.words)
        self.has_ocr = any(page.source == "ocr" for page in pages)
        self.is_judged = any(len(page.words) >= LEAST_WORDS for page in pages)

    @cached_property
    def parts(self) -> list[str]:
        """The words in the form in which they are compared; an empty one is kept, so that they can be counted."""
        joined = BETWEEN.join([word.text.replace(BETWEEN, "") for word in self.words])
        return normalise(replaced(joined, PLAIN)).split(BETWEEN) if self.words else []

    @cached_property
    def text(self) -> str:
        """The words one after the other, with a mark between pages."""
        parts = self.parts
        ends = [index for index in range(len(parts) - 1) if self.pages[index] != self.pages[index + 1]]
        if ends:
            parts = parts.copy()
            for index in ends:
                parts[index] += PAGE_END
        return BETWEEN.join(parts)

    @cached_property
    def starts(self) -> list[int]:
        """Where each word begins in ``text``."""
        return [0, *map(add, accumulate(map(len, self.text.split(BETWEEN))), count(1))]

    def word_at(self, position: int) -> int:
        """Return the word that stands at a place in ``text``."""
        return bisect_right(self.starts, position) - 1

    def hit(self, start: int, end: int) -> Hit:
        """Return the words of a slice of ``text``."""
        return Hit(self.word_at(start), self.word_at(end - 1))

    @cached_property
    def run_starts(self) -> list[int]:
        """Where each run of letters and digits begins in ``text``."""
        return [match.start() for match in RUN.finditer(self.text)]

    @cached_property
    def runs(self) -> list[str]:
        """The runs of letters and digits."""
        return RUN.findall(self.text)

    def place(self, hit: Hit) -> Place:
        """Return where on a page words stand; those of a hit stand on one page."""
        boxes = [self.words[index].box for index in hit.only or range(hit.first, hit.last + 1)]
        return Place(self.pages[hit.first], union(boxes), hit.is_whole, hit.is_opposite)


def union(boxes: Sequence[Box]) -> Box:
    """Return the frame around frames."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return round(min(lefts), 4), round(min(tops), 4), round(max(rights), 4), round(max(bottoms), 4)
