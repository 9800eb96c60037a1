"""Amounts, quantities and rates on a sheet, however they are written: 1,234.50, 1.234,50, 1 234,50, ١٢٣٤٫٥٠, (5), 5-."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

from extraction.domain.locating.currencies import LETTERS as CURRENCY_LETTERS
from extraction.domain.locating.sheet import BETWEEN, Hit, Sheet

MOST_DECIMALS: Final = 6  # that a paper writes behind a shorter number, as in 1.000000
MOST_HITS: Final = 5000  # of one number
GROUPS: Final = "'’٬· "
NUMBER: Final = re.compile(r"(?:(?<![\w.,])[.,٫])?\d+(?:[.,٫'’٬·]\d+)*")
# A number whose thousands stand apart, also as words of their own
SPACED: Final = re.compile(rf"\d{{1,3}}(?:[ {BETWEEN}]\d{{3}})+(?:[.,٫]\d+)?(?!\d)")
NO_DIGIT: Final = re.compile(r"\D+")
SIGNS: Final = "-−–—"
INDIAN: Final = {2, 3}
TIED: Final = r"[-–/.,:'’]*"  # to another number: a date, a time, or a number of a register
TIED_BEFORE, TIED_AFTER = re.compile(rf"\d{TIED}$"), re.compile(rf"{TIED}\d")
LETTERS_BEFORE, LETTERS_AFTER = re.compile(r"([^\W\d_]+)[.]?[-−–]?$"), re.compile(r"[-–]?([^\W\d_]+)")
TRAILING_MINUS: Final = re.compile(r"[-−–](?!\w)")
BRACKET_CLOSED: Final = re.compile(r"[^()%٪‰]*\)")


def digits_of(value: Decimal) -> Iterator[tuple[str, int]]:
    """Yield the digits by which a number may be written, each with how many of them are decimals."""
    exponent = int(value.normalize().as_tuple().exponent)
    fewest = max(-exponent, 0)
    for decimals in range(fewest, max(MOST_DECIMALS, fewest) + 1):
        whole = f"{abs(value):.{decimals}f}".replace(".", "")
        yield whole, decimals
        if decimals and whole.startswith("0"):
            yield whole[1:], decimals  # .50


@lru_cache(maxsize=4096)
def decimals_of(written: str) -> frozenset[int]:
    """Return how many decimals a written number may have: of ``1.234`` none or three. None at all: it is no number."""
    bare = written.replace(BETWEEN, "")
    for sign in GROUPS:
        bare = bare.replace(sign, "")
    marks = [sign for sign in bare if not sign.isdigit()]
    if not marks:
        return frozenset({0})
    *groups, last = re.split(r"[.,٫]", bare)
    if len(marks) == 1:
        is_group = marks[0] != "٫" and len(last) == 3 and 1 <= len(groups[0]) <= 3 and groups[0] != "0"
        return frozenset({0, 3} if is_group else {len(last)})
    if len(set(marks)) == 1:
        return frozenset({0} if is_grouped([*groups, last]) else ())
    is_decimal = marks[-1] not in marks[:-1] and len(set(marks[:-1])) == 1
    return frozenset({len(last)} if is_decimal and is_grouped(groups) else ())


def is_grouped(groups: list[str]) -> bool:
    """Return whether digits stand in thousands, or as in India in hundreds before the last thousand."""
    first, *middle, last = groups
    return 1 <= len(first) <= 3 and len(last) == 3 and all(len(group) in INDIAN for group in middle)


def number_hits(sheet: Sheet, values: Iterable[Decimal]) -> dict[Decimal, list[Hit]]:
    """Return where each of some numbers stands, in the order of reading."""
    wanted: defaultdict[str, list[tuple[Decimal, int]]] = defaultdict(list)
    for value in set(values):
        for digits, decimals in digits_of(value):
            wanted[digits].append((value, decimals))
    found: dict[Decimal, list[Hit]] = defaultdict(list)
    if not wanted:
        return {}
    for start, end, written, digits in written_numbers(sheet.text):
        if digits in wanted:
            fits = decimals_of(written)
            for value, decimals in wanted[digits]:
                if decimals in fits and len(found[value]) < MOST_HITS and (hit := hit_at(sheet, start, end, value)):
                    found[value].append(hit)
    return {value: hits for value, hits in found.items() if hits}


def written_numbers(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield what may be a number: its place in the text, how it is written, and its digits alone."""
    for match in NUMBER.finditer(text):
        start, end, written = match.start(), match.end(), match[0]
        yield start, end, written, written if written.isdigit() else NO_DIGIT.sub("", written)
        if len(written) <= 3 and text[end : end + 1] in {" ", BETWEEN} and (spaced := SPACED.match(text, start)):
            yield start, spaced.end(), spaced[0], NO_DIGIT.sub("", spaced[0])


def hit_at(sheet: Sheet, start: int, end: int, value: Decimal) -> Hit | None:
    """Return the words of a number, None where it is part of something else, such as a date or a number of a register."""
    hit = sheet.hit(start, end)
    before = sheet.text[sheet.starts[hit.first] : start]
    after = sheet.text[end : sheet.starts[hit.last + 1] - 1]
    if TIED_BEFORE.search(before) or TIED_AFTER.match(after):
        return None
    letters = LETTERS_BEFORE.search(before), LETTERS_AFTER.match(after)
    if any(found and found[1] not in CURRENCY_LETTERS for found in letters):
        return None
    is_opposite = value != 0 and signs_at(sheet, hit, before, after).isdisjoint({value < 0})
    return Hit(hit.first, hit.last, is_opposite=is_opposite)


def signs_at(sheet: Sheet, hit: Hit, before: str, after: str) -> set[bool]:
    """Return whether a written number is less than nothing; both where that cannot be told."""
    bare = before.rstrip("$€£¥₹ .").rstrip()
    if bare.endswith(tuple(SIGNS)) or TRAILING_MINUS.match(after):
        return {True}
    if bare.endswith("(") and BRACKET_CLOSED.match(after):
        return signs_in_brackets(bare[:-1])
    if bare:
        return {False}
    ahead = sheet.parts[hit.first - 1] if hit.first else ""
    behind = sheet.parts[hit.last + 1] if hit.last + 1 < len(sheet.parts) else ""
    alone = (ahead and ahead[-1] in f"{SIGNS}(") or (behind and behind[0] in f"{SIGNS})") or behind[:2] in {"cr", "av"}
    return {True, False} if alone else {False}


def signs_in_brackets(before: str) -> set[bool]:
    """Return what brackets say that hold a number and no percent sign: behind a word it may be a rate, "VAT(15)"."""
    letters = LETTERS_BEFORE.search(before)
    return {True, False} if letters and letters[1] not in CURRENCY_LETTERS else {True}
