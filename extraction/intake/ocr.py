"""The words of pages that are pictures, read by tesseract where the system has it.

Without it, nothing is read and nothing is wrong: such a page has no words.
"""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import median
from typing import Final

from extraction.intake import child
from extraction.intake.mending import pieces
from extraction.intake.words import Box, PageWords, Word

PICTURE: Final = Path(__file__).with_name("scan.py")
BECOME: Final = Path(__file__).with_name("become.py")
LATIN: Final = ("eng", "fra", "deu")
ARABIC: Final = "ara"
POSTURE: Final = "osd"  # which script a page is in, and which side of it is up
MOST_PAGES: Final = 10
DPI: Final = 240  # as much is read as at 300, in half the time
MOST_DOTS: Final = 25_000_000
SECONDS: Final = 30  # of each of the children of a page
# How tesseract looks for text: anywhere, which finds titles and lone figures; then in columns, which finds what lies close.
ANYWHERE, IN_COLUMNS = 11, 4
WORD: Final = "5"  # the level of words in tesseract's table
HIGHEST: Final = 2.0  # of a line, in words' usual height; a higher one has a stain in it
LEAST_SURE: Final = 20.0  # of 100; what tesseract is less sure of is mostly a line or a stain
SURE_OF_MORE: Final = 50.0  # at least, of what only the second look finds
UNSURE: Final = 60.0
SHARE_UNSURE: Final = 0.2  # of the words of a page, above which it may be in another script, or not upright
SHARE_OF_WORDS: Final = 0.5  # below which it may be so, too
WORDLIKE: Final = re.compile(r"\w\w")
SURE_OF_FIGURES, SURE_OF_LETTERS = 60.0, 85.0  # of what stands in Latin letters on a page in Arabic
POSTURES: Final = re.compile(r"^Rotate: (\d+)$.*?^Script: (\w+)$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's picture as PGM, its size in dots, and the page's in points as it is shown.

    It was turned counter-clockwise by ``quarters`` right angles, and then by ``slant`` degrees.
    """

    width: float
    height: float
    dots: tuple[int, int]
    quarters: int
    slant: float
    content: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """A word as tesseract saw it: its place in dots, and how sure it is, of 100."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    sure: float


def words_of_pictures(content: bytes, numbers: Sequence[int]) -> list[PageWords]:
    """Return the words seen on the pages of these numbers, counted from 1, of at most ten of them. Nothing raises.

    A page that cannot be made a picture is left out; one on which nothing is seen has no words.
    """
    if not languages():
        return []
    pages = (page_of(content, number) for number in numbers[:MOST_PAGES])
    return [page for page in pages if page is not None]


@cache
def program() -> str | None:
    """Return the path of tesseract, None where the system has none."""
    return shutil.which("tesseract")


@cache
def languages() -> frozenset[str]:
    """Return the languages that tesseract can read here, and whether it can tell how a page lies."""
    path = program()
    if path is None:
        return frozenset()
    told = subprocess.run([path, "--list-langs"], capture_output=True, text=True, check=False)  # noqa: S603 - found above
    return frozenset(told.stdout.split()) & {*LATIN, ARABIC, POSTURE}


def page_of(content: bytes, number: int) -> PageWords | None:
    """Return the words seen on a page, None where no picture can be made of it."""
    picture = picture_of(content, number)
    if picture is None:
        return None
    latin = [name for name in LATIN if name in languages()]
    seen, arabic = read(picture, latin, ANYWHERE), False
    if is_unsure(seen):
        quarters, arabic = posture(picture)
        if quarters and (turned := picture_of(content, number, quarters)):
            picture = turned
            seen = read(picture, latin, ANYWHERE)
    if arabic:
        both = completed(read(picture, [ARABIC], ANYWHERE), read(picture, [ARABIC], IN_COLUMNS))
        seen = joined(both, seen)
    else:
        seen = completed(seen, read(picture, latin, IN_COLUMNS))
    words = [Word(each.text, placed(each, picture)) for each in seen]
    return PageWords(number, picture.width, picture.height, "ocr", words)


def picture_of(content: bytes, number: int, quarters: int = 0) -> Picture | None:
    """Return a page's picture with its lines level, None where none can be made."""
    told = child.run(
        PICTURE, content, *map(str, (number, DPI, MOST_DOTS, quarters)), cpu_seconds=SECONDS, seconds=float(SECONDS)
    )
    if not told.is_whole:
        return None
    head, _line, picture = told.output.partition(b"\n")
    fields = json.loads(head)
    across, down = fields["dots"]
    return Picture(fields["width"], fields["height"], (across, down), quarters, fields["slant"], picture)


def told_of(picture: Picture, *arguments: str) -> str:
    """Return what tesseract says of a picture, nothing where a limit ended it."""
    told = child.run(
        BECOME,
        picture.content,
        *(program() or "", "stdin", "stdout", "--dpi", str(DPI), *arguments),
        cpu_seconds=SECONDS,
        seconds=float(SECONDS),
    )
    return told.output.decode(errors="replace") if told.is_whole else ""


def read(picture: Picture, names: Sequence[str], look: int) -> list[Seen]:
    """Return what tesseract sees on a picture in these languages."""
    return list(rows(told_of(picture, "-l", "+".join(names), "--psm", str(look), "tsv"))) if names else []


def rows(tsv: str) -> Iterator[Seen]:
    """Yield the words of tesseract's table, in its order of reading."""
    line: list[Seen] = []
    for row in tsv.splitlines()[1:]:
        level, *_place, left, top, width, height, sure, text = row.split("\t", 11)
        x, y, wide, high = float(left), float(top), float(width), float(height)
        if level != WORD:
            yield from as_high_as_their_line(line)
            line = []
        elif float(sure) >= LEAST_SURE:
            line += [
                Seen(part, x + wide * start, y, x + wide * end, y + high, float(sure))
                for part, start, end in pieces(text.strip())
            ]
    yield from as_high_as_their_line(line)


def as_high_as_their_line(line: Sequence[Seen]) -> list[Seen]:
    """Return words of one line with its height: alone, a comma is low and a dash small, and they seem to stand elsewhere."""
    if not line:
        return []
    top, bottom = min(each.top for each in line), max(each.bottom for each in line)
    usual = median(each.bottom - each.top for each in line)
    return [replace(each, top=top, bottom=bottom) for each in line] if bottom - top < HIGHEST * usual else list(line)


def is_unsure(seen: Sequence[Seen]) -> bool:
    """Return whether so much is doubtful, or so little are words, that it may be another script, or not upright."""
    doubtful = sum(each.sure < UNSURE for each in seen)
    words = sum(WORDLIKE.search(each.text) is not None for each in seen)
    return doubtful >= SHARE_UNSURE * len(seen) or words < SHARE_OF_WORDS * len(seen)


def posture(picture: Picture) -> tuple[int, bool]:
    """Return by how many right angles a picture is to be turned counter-clockwise, and whether it is in Arabic."""
    if POSTURE not in languages():
        return 0, ARABIC in languages()
    found = POSTURES.search(told_of(picture, "-l", POSTURE, "--psm", "0"))
    if not found:
        return 0, False
    clockwise, script = int(found[1]) // 90, found[2]
    return -clockwise % 4, script == "Arabic" and ARABIC in languages()


def completed(seen: Sequence[Seen], more: Sequence[Seen]) -> list[Seen]:
    """Return words with those of another look that stand where nothing was seen."""
    new = [each for each in more if each.sure >= SURE_OF_MORE and not any(overlap(each, other) for other in seen)]
    return [*seen, *new]


def joined(arabic: Sequence[Seen], latin: Sequence[Seen]) -> list[Seen]:
    """Return a page read in Arabic, with the figures and Latin words that the other reading is sure of in their place."""
    certain = [each for each in latin if is_certain(each)]
    kept = [each for each in arabic if not any(overlap(each, other) for other in certain)]
    return [*kept, *certain]


def is_certain(each: Seen) -> bool:
    """Return whether a word of the Latin reading is no Arabic one misread."""
    figures = sum(letter.isdigit() for letter in each.text)
    return each.sure >= (SURE_OF_FIGURES if 2 * figures > len(each.text) else SURE_OF_LETTERS)


def overlap(one: Seen, other: Seen) -> bool:
    """Return whether two words share more than half of the smaller one's place."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    smaller = min((each.right - each.left) * (each.bottom - each.top) for each in (one, other))
    return across > 0 and down > 0 and across * down > smaller / 2


def placed(each: Seen, picture: Picture) -> Box:
    """Return a word's place on the page as it is shown, from that on the picture that was turned."""
    across, down = picture.dots
    x, y = (each.left + each.right - across) / 2, (each.top + each.bottom - down) / 2
    wide, high = (each.right - each.left) / 2, (each.bottom - each.top) / 2
    # Back clockwise, about the middle: downwards counts as more.
    angle = math.radians(picture.slant)
    x, y = x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)
    for _quarter in range(picture.quarters):
        x, y, wide, high, across, down = -y, x, high, wide, down, across
    left, top = (x - wide) / across + 0.5, (y - high) / down + 0.5
    right, bottom = (x + wide) / across + 0.5, (y + high) / down + 0.5
    return max(0.0, left), max(0.0, top), min(1.0, right), min(1.0, bottom)
