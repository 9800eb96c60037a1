"""The words of a PDF's pages, each with its place: what engines read, and what their answers are held against."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from extraction.intake import child

PROGRAM: Final = Path(__file__).with_name("layer.py")

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


def words_of(content: bytes) -> list[PageWords]:
    """Return the words of a PDF's pages; a page that cannot be read is left out. Nothing raises.

    Where the text layer does not say what is shown, the page's picture is read, as far as the system can.
    """
    from extraction.intake.ocr import words_of_pictures  # noqa: PLC0415 -- it makes pages of words, too

    told = list(pages_told(child.run(PROGRAM, content).output))
    asked = [page.number for page, is_blank in told if not page.source and not is_blank]
    seen = {page.number: page for page in words_of_pictures(content, asked)} if asked else {}
    return [replace(page, **what_was(seen.get(page.number))) for page, _is_blank in told]


def what_was(seen: PageWords | None) -> dict[str, Any]:
    """Return what a page's picture told that the text layer did not: nothing for one that was not read."""
    return {"source": seen.source, "words": seen.words} if seen else {}


def pages_told(output: bytes) -> Iterator[tuple[PageWords, bool]]:
    """Yield what the child told of each page, and whether nothing is drawn on it; a line cut off is left out."""
    for line in output.splitlines():
        try:
            page = json.loads(line)
        except ValueError:
            return
        words, hidden = loaded(page["words"]), loaded(page["hidden"])
        size = float(page["width"]), float(page["height"])
        yield PageWords(page["number"], *size, page["source"], words, hidden), page["is_blank"]
