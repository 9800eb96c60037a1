"""The words of a PDF's pages, each with its place: what engines read, and what their answers are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Box = tuple[float, float, float, float]
"""Left, top, right and bottom of a word, as fractions of the page's width and height from its upper left corner."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it is read, in logical order of its letters."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words of one page in the order of reading; ``hidden`` are those that nobody sees.

    ``width`` and ``height`` are in points, as the page is shown. ``source`` is ``text`` (the text layer), ``ocr``, or
    empty where there is neither.
    """

    number: int  # from 1
    width: float
    height: float
    source: str = ""
    words: Sequence[Word] = ()
    hidden: Sequence[Word] = ()


def stored(words: Sequence[Word]) -> list[list[Any]]:
    """Return words as JSON keeps them: text, left, top, right, bottom."""
    return [[word.text, *(round(side, 4) for side in word.box)] for word in words]


def loaded(rows: Sequence[Sequence[Any]]) -> list[Word]:
    """Return kept words."""
    return [Word(text, (left, top, right, bottom)) for text, left, top, right, bottom in rows]
