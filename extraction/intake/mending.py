"""What reading from pictures gets wrong in a way that can be put right: pages that lie askew, rules taken for letters."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from extraction.intake.words import Box, PageWords, Word

LONG: Final = 4  # letters of a word that is wider than it is high
FEWEST: Final = 4  # neighbours from which it is told how a page lies
LEAST_SLOPE: Final = 0.0015  # of a line; less moves its end by less than a point
STEEPEST: Final = 0.1
RULES: Final = re.compile(r"[|\[\]{}]+")  # of a table, between what stands in its cells
STAINS: Final = re.compile(r"[|_=~\\—–«»'`.,;:\u2018\u2019]+")
FIGURES: Final = re.compile(r"[\dOoIlSB]+(?:[.,'][\dOoIlSB]+)+")
MISREAD: Final = str.maketrans("OoIlSB", "001158")
ARABIC: Final = re.compile("[\u0600-\u06ff]")


def pieces(text: str) -> Iterator[tuple[str, float, float]]:
    """Yield what stands between the rules of a table in one word, each with where it begins and ends in it, 0 to 1."""
    start = 0
    for rule in [*RULES.finditer(text), None]:
        end = rule.start() if rule else len(text)
        part = text[start:end]
        if part.strip() and not (STAINS.fullmatch(part) and part not in {"-", ":"}):
            yield figures(part), start / len(text), end / len(text)
        start = rule.end() if rule else end


def figures(text: str) -> str:
    """Return an amount with the letters that were taken for its figures made figures; anything else as it is."""
    digits = sum(letter.isdigit() for letter in text)
    return text.translate(MISREAD) if FIGURES.fullmatch(text) and digits * 2 >= len(text) - 1 else text


def upright(page: PageWords) -> PageWords:
    """Return a page that was read from a picture with its words as if it had been laid straight on the glass.

    How it lies is told by its words alone: they follow each other on their lines. Other pages are returned as they are.
    """
    if page.source != "ocr":
        return page
    words = list(page.words)
    for _quarter in range(quarters(words)):
        page = replace(page, width=page.height, height=page.width)
        words = [Word(word.text, quarter(word.box)) for word in words]
    slope = slope_of(words, page.width, page.height)
    if LEAST_SLOPE < abs(slope) < STEEPEST:
        words = [Word(word.text, levelled(word.box, slope, page)) for word in words]
    return replace(page, words=words)


def quarter(box: Box) -> Box:
    """Return a place on a page that is turned by a right angle counter-clockwise."""
    left, top, right, bottom = box
    return top, 1 - right, bottom, 1 - left


def middle(box: Box) -> tuple[float, float]:
    """Return the middle of a place."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def quarters(words: Sequence[Word]) -> int:
    """Return by how many right angles a page is to be turned counter-clockwise for its words to be upright."""
    long = [word.box for word in words if sum(map(str.isalpha, word.text)) >= LONG]
    stand = sum(box[3] - box[1] > box[2] - box[0] for box in long) * 2 > len(long)
    # Along the lines, the place across them is nearly the same.
    along, across = (1, 0) if stand else (0, 1)
    steps = []
    for one, other in pairwise(words):
        height = one.box[across + 2] - one.box[across]
        if abs(middle(one.box)[across] - middle(other.box)[across]) < height / 2:
            step = middle(other.box)[along] - middle(one.box)[along]
            steps.append(-step if ARABIC.search(one.text) else step)
    if len(steps) < FEWEST:
        return 0
    forwards = sum(step > 0 for step in steps) * 2 >= len(steps)
    if stand:
        return 1 if forwards else 3
    return 0 if forwards else 2


def slope_of(words: Sequence[Word], width: float, height: float) -> float:
    """Return by how much lines fall, of their length: the middle of what neighbours say, the farther ones more."""
    falls: list[tuple[float, float]] = []
    for one, other in pairwise(words):
        (x, y), (x2, y2) = middle(one.box), middle(other.box)
        across, down = (x2 - x) * width, (y2 - y) * height
        if abs(down) < (one.box[3] - one.box[1]) * height and abs(across) > abs(down) * 5:
            falls.append((down / across, abs(across)))
    if len(falls) < FEWEST:
        return 0.0
    falls.sort()
    half, weight = sum(weight for _fall, weight in falls) / 2, 0.0
    for fall, each in falls:
        weight += each
        if weight >= half:
            return fall
    return 0.0


def levelled(box: Box, slope: float, page: PageWords) -> Box:
    """Return a place on a page that is turned about its middle until its lines are level."""
    angle = math.atan(slope)
    x, y = middle(box)
    across, down = (x - 0.5) * page.width, (y - 0.5) * page.height
    x = (across * math.cos(angle) + down * math.sin(angle)) / page.width + 0.5
    y = (down * math.cos(angle) - across * math.sin(angle)) / page.height + 0.5
    wide, high = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
    return x - wide, y - high, x + wide, y + high
