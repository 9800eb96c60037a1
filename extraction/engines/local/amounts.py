"""Numbers as they are written all over the world: found in a text, and told apart by how the whole paper writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from extraction.engines.local.currencies import code_in

LONGEST: Final = 24  # digits and signs of one number
# Digits with separators between them; a space only before three digits
NUMBER: Final = re.compile(r"\d(?:[\d.,'٬٫]|[ ](?=\d{3}(?!\d))){0,30}(?:(?<=[.,])[-–—]{1,2})?")
GROUPED_BY_SPACE: Final = re.compile(r"\d{1,3}( \d{3})+([.,]\d{1,4})?")
ALIKE: Final = str.maketrans({"’": "'", "`": "'", "´": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "−": "-"})
MINUS: Final = "-–—"
LETTERS_BESIDE: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with where it stands in its text; ``currency`` is what is written beside it."""

    value: Decimal
    decimals: int
    start: int
    end: int
    is_percent: bool = False
    is_ambiguous: bool = False  # by itself: 1.000 or 1,000
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """How a paper writes numbers: its decimal mark, and whether a space groups thousands."""

    mark: str = "."
    by_space: bool = True


def plain(text: str) -> str:
    """Return a text with digits and signs of one kind, of the same length."""
    text = text.translate(ALIKE)
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(letter)) if letter.isdecimal() else letter for letter in text)


def style_of(texts: Iterable[str]) -> Style:
    """Return how numbers are written, by those that can be read in one way alone."""
    comma = point = 0
    for text in texts:
        for found in NUMBER.finditer(plain(text)):
            mark = sure_mark(found[0])
            comma += mark == ","
            point += mark == "."
    return Style("," if comma > point else ".")


def sure_mark(text: str) -> str:
    """Return the decimal mark of a number where it can be no other sign."""
    text = text.rstrip(".,-–—")
    last = max(text.rfind("."), text.rfind(","))
    if last < 0 or (len(text) - last - 1 == 3 and text.count(text[last]) == 1 and not {".", ","} <= set(text)):
        return ""
    if text.count(text[last]) > 1:
        return "." if text[last] == "," else ","  # it groups
    if {".", ","} <= set(text) or 1 <= len(text) - last - 1 <= 2:
        return text[last]
    return ""


def value_of(text: str, style: Style) -> tuple[Decimal, int, bool] | None:
    """Return a number, its decimals, and whether it could be read otherwise; None for what is none."""
    text = text.replace("٬", "'").replace("٫", "," if style.mark == "," else ".").replace(" ", "").replace("'", "")
    bare = text.rstrip(MINUS)
    decimals, ambiguous = 2 if bare != text else 0, False
    bare = bare.rstrip(".,")
    last = max(bare.rfind("."), bare.rfind(","))
    if last >= 0:
        mark, after = bare[last], len(bare) - last - 1
        if bare.count(mark) > 1:
            if not is_grouped(bare, mark):
                return None
            whole, part = bare, ""
        elif {".", ","} <= set(bare) or after != 3 or mark == style.mark:
            whole, part = bare[:last], bare[last + 1 :]
            ambiguous = after == 3 and not {".", ","} <= set(bare)
        else:
            whole, part, ambiguous = bare, "", True
        bare = whole.replace(".", "").replace(",", "") + ("." + part if part else "")
        decimals = len(part) or decimals
    if not bare or len(bare) > LONGEST:
        return None
    try:
        return Decimal(bare), decimals, ambiguous
    except InvalidOperation:
        return None


def is_grouped(text: str, mark: str) -> bool:
    """Return whether a number is grouped by a sign: in threes, or as in India in twos before the last three."""
    first, *rest = text.split(mark)
    return 1 <= len(first) <= 3 and len(rest[-1]) == 3 and all(len(each) in {2, 3} for each in rest)


def amounts_in(text: str, style: Style) -> list[Amount]:
    """Return the numbers of a text in their order. What is part of a word, date, time or code is left out."""
    text = plain(text)
    return [amount for start, end in places(text) if (amount := amount_at(text, start, end, style))]


def places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where numbers stand; two that a mere space parts are two."""
    for found in NUMBER.finditer(text):
        start = found.start()
        if " " not in found[0] or GROUPED_BY_SPACE.fullmatch(found[0].rstrip(".,")):
            yield start, found.end()
            continue
        for part in re.finditer(r"\S+", found[0]):
            yield start + part.start(), start + part.end()


def amount_at(text: str, start: int, end: int, style: Style) -> Amount | None:
    """Return the number at a place, None where it is part of something else."""
    while end > start and text[end - 1] in ".,'" and not text[start:end].endswith(",-"):
        end -= 1
    before, after = text[:start][-12:], text[end:][:12]
    if is_part(before, after):
        return None
    read = value_of(text[start:end], style)
    if read is None:
        return None
    value, decimals, ambiguous = read
    currency = code_in(before, at_end=True) or code_in(after, at_end=False)
    if is_negative(before, after):
        value = -value
    percent = after.lstrip()[:1] in {"%", "٪"} or before.rstrip()[-1:] in {"%", "٪"}
    return Amount(value, decimals, start, end, percent, ambiguous, currency)


def is_part(before: str, after: str) -> bool:
    """Return whether what stands around a number makes it a date, a time, or part of a code."""
    if after[:1] in {"/", ":", "_", "@"} and after[1:2].isdigit():
        return True
    if before[-1:] in {"/", ":", "_", "@", "#"} and before[-2:-1].isalnum() and before[-1:] != ":":
        return True
    if before[-1:] in MINUS and before[-2:-1].isalnum():
        return True
    if after[:1] in MINUS and after[1:2].isalnum():
        return True
    touching = LETTERS_BESIDE.match(after[:1]) or LETTERS_BESIDE.match(before[-1:])
    return bool(touching) and not (code_in(before, at_end=True) or code_in(after, at_end=False))


def is_negative(before: str, after: str) -> bool:
    """Return whether a number is less than nothing: -5, 5-, (5), - € 5."""
    if before.rstrip()[-1:] == "(" and after.lstrip()[:1] == ")":
        return True
    if after[:1] in {"-", "–"} and not after[1:2].isalnum():
        return True
    ahead = before.rstrip(" $€£₹¥")
    return ahead[-1:] in {"-", "–"} and not ahead[-2:-1].isalnum() and not ahead[-2:].strip("-–").isalnum()
