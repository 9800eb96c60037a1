"""The words of pages that are pictures, read by tesseract where the system has it.

Without it, nothing is read and nothing is wrong: such a page has no words.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from extraction.intake import child
from extraction.intake.words import Box, PageWords, Word

PICTURE: Final = Path(__file__).with_name("scan.py")
BECOME: Final = Path(__file__).with_name("become.py")
LATIN: Final = ("eng", "fra", "deu")
ARABIC: Final = "ara"
MOST_PAGES: Final = 10
DPI: Final = 300
MOST_DOTS: Final = 25_000_000
SECONDS: Final = 30  # of a page: to make its picture, and again to read it
LEAST_SURE: Final = 20.0  # of 100; what tesseract is less sure of is mostly a line or a stain
UNSURE: Final = 60.0
SHARE_UNSURE: Final = 0.2  # of the words of a page, above which it may well be Arabic


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's picture as PGM, its size in dots, the page's in points, and by how many degrees it was turned."""

    width: float
    height: float
    dots: tuple[int, int]
    turned: float
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
    pictures = (picture_of(content, number) for number in numbers[:MOST_PAGES])
    return [
        PageWords(number, picture.width, picture.height, "ocr", words_on(picture))
        for number, picture in zip(numbers, pictures, strict=False)
        if picture is not None
    ]


@cache
def program() -> str | None:
    """Return the path of tesseract, None where the system has none."""
    return shutil.which("tesseract")


@cache
def languages() -> frozenset[str]:
    """Return the languages that tesseract can read here."""
    path = program()
    if path is None:
        return frozenset()
    told = subprocess.run([path, "--list-langs"], capture_output=True, text=True, check=False)  # noqa: S603 - found above
    return frozenset(told.stdout.split()) & {*LATIN, ARABIC}


def picture_of(content: bytes, number: int) -> Picture | None:
    """Return a page's picture with its lines level, None where none can be made."""
    told = child.run(
        PICTURE, content, str(number), str(DPI), str(MOST_DOTS), cpu_seconds=SECONDS, seconds=float(SECONDS)
    )
    if not told.is_whole:
        return None
    head, _line, picture = told.output.partition(b"\n")
    fields = json.loads(head)
    return Picture(fields["width"], fields["height"], tuple(fields["dots"]), fields["turned"], picture)


def words_on(picture: Picture) -> list[Word]:
    """Return the words on a page's picture, placed on the page as it is shown."""
    return [Word(each.text, placed(each, picture)) for each in seen_on(picture)]


def seen_on(picture: Picture) -> list[Seen]:
    """Return what is seen on a picture: by the Latin languages, and where they are unsure, by Arabic too."""
    latin = [name for name in LATIN if name in languages()]
    first = read(picture, latin) if latin else []
    if ARABIC not in languages() or not is_unsure(first):
        return first
    return joined(first, read(picture, [ARABIC]))


def is_unsure(seen: Sequence[Seen]) -> bool:
    """Return whether so much is doubtful that it may be another script."""
    return sum(each.sure < UNSURE for each in seen) > SHARE_UNSURE * len(seen)


def joined(latin: Sequence[Seen], arabic: Sequence[Seen]) -> list[Seen]:
    """Return the Arabic words of one reading with those of the other that stand elsewhere."""
    letters = [each for each in arabic if is_arabic(each.text)]
    return [*(each for each in latin if not any(overlap(each, other) for other in letters)), *letters]


def is_arabic(text: str) -> bool:
    """Return whether a text has Arabic letters or digits."""
    return any("\u0600" <= letter <= "\u06ff" for letter in text)


def overlap(one: Seen, other: Seen) -> bool:
    """Return whether two words share more than half of the smaller one's place."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    smaller = min((each.right - each.left) * (each.bottom - each.top) for each in (one, other))
    return across > 0 and down > 0 and across * down > smaller / 2


def read(picture: Picture, names: Sequence[str]) -> list[Seen]:
    """Return what tesseract sees on a picture in these languages."""
    told = child.run(
        BECOME,
        picture.content,
        *(program() or "", "stdin", "stdout", "-l", "+".join(names), "--dpi", str(DPI), "--psm", "3", "tsv"),
        cpu_seconds=SECONDS,
        seconds=float(SECONDS),
    )
    return list(rows(told.output.decode(errors="replace"))) if told.is_whole else []


def rows(tsv: str) -> Iterator[Seen]:
    """Yield the words of tesseract's table, in its order of reading."""
    for line in tsv.splitlines()[1:]:
        level, *_place, left, top, width, height, sure, text = line.split("\t", 11)
        if level == "5" and text.strip() and float(sure) >= LEAST_SURE:
            x, y = float(left), float(top)
            yield Seen(text.strip(), x, y, x + float(width), y + float(height), float(sure))


def placed(each: Seen, picture: Picture) -> Box:
    """Return a word's place on the page as it is shown, from that on the picture that was turned."""
    width, height = picture.dots
    back = turning(-picture.turned, width / 2, height / 2)
    x, y = back((each.left + each.right) / 2, (each.top + each.bottom) / 2)
    across, down = (each.right - each.left) / 2, (each.bottom - each.top) / 2
    return tuple(
        min(1.0, max(0.0, side))
        for side in ((x - across) / width, (y - down) / height, (x + across) / width, (y + down) / height)
    )  # type: ignore[return-value]  # four


def turning(degrees: float, x: float, y: float) -> Callable[[float, float], tuple[float, float]]:
    """Return what turns a place on a picture counter-clockwise about another one."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def turn(across: float, down: float) -> tuple[float, float]:
        return (
            x + (across - x) * cosine + (down - y) * sine,
            y - (across - x) * sine + (down - y) * cosine,
        )

    return turn
