"""From a string to lines of shaped runs: cleaning, isolating, bidi, breaking.

A plain UAX #9 layout prints a date, a phone number or an IBAN that follows Arabic backwards, so such
values are isolated (LRI … PDI) before the levels are reckoned, and no line breaks inside one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache, cached_property, lru_cache
from itertools import accumulate, groupby, pairwise
from typing import Final, NamedTuple
from unicodedata import bidirectional, category, combining, is_normalized, normalize

from invoicing.pdf import bidi
from invoicing.pdf.fonts import covered, face
from invoicing.pdf.runs import Run, WesternRun, WordsRun

LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"
LRM: Final = "\u200e"
REPLACEMENT: Final = "\ufffd"
# Up to this length a text is kept in lines: it is measured before it is drawn, or stands on other papers too.
LIKELY_AGAIN: Final = 40

MOST_MARKS: Final = 3  # upon one letter: a doubled Arabic one with its vowel, and an Alef above

_BIDI_CONTROLS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Overrides would let a name print its digits backwards, so they do not reach the paper.
_INVISIBLE: Final = frozenset("\u00ad\u200b\u202d\u202e\u2060\ufeff")
_KEPT_FORMATS: Final = frozenset("\u061c\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069")
_LINE_ENDS: Final = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPOKEN: Final = {"\u20c1": "SAR", "\t": " "}
_PRESENTATION: Final = re.compile("[\ufb50-\ufd3d\ufd50-\ufdf1\ufdf3-\ufdf9\ufe70-\ufefc]")
_PLAIN: Final = re.compile(r"[\n\x20-\x7e\u00a0-\u00ac\u00ae-\u00ff]*\Z")
_ARABIC_LINE: Final = re.compile(
    "[\u0621-\u063a\u0641-\u064a](?:[\u0621-\u063a\u0641-\u064a،؛؟.:!]|(?<! ) (?! |\\Z))*+\\Z"
)

_BREAK_AFTER: Final = frozenset("-\u2010\u2013\u2014/")
_MAY_END: Final = re.compile("[ \u00a0\\-\u2010\u2013\u2014/]")
# Values, isolates, and signs after which words may be divided.
_BREAKS_ELSEWHERE: Final = re.compile(r"[\d@\-\u2010\u2013\u2014/\u2066-\u2069]|www\.|  ")
_ISOLATES: Final = re.compile("[\u2066-\u2069]")
_LEFT_ISOLATES: Final = re.compile("[\u2066\u2068\u2069]")
_HAS_RTL: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")

# What keeps its own order beside Arabic: addresses of mail and web, then anything with digits and the
# signs that hold groups of digits together. Groups of Arabic-Indic digits order themselves.
_STRUCTURED: Final = re.compile(
    r"""
    (?<![\w.+-])[A-Za-z][\w.+-]*+@[\w-]++(?:\.[\w-]++)+       # mail
    | (?:https?://|www\.)[^\s\u0590-\u08ff]+                  # web
    | (?<!\w)[A-Z]{2}[0-9]{2}(?:[ \u00a0]?[0-9A-Z]{2,4}){3,8}(?!\w)   # IBAN
    | (?:(?<![^\s(])[+\-\u2212])?(?:\([0-9]+\)[ \u00a0]?)?      # numbers, dates, telephones, codes
      (?<![0-9A-Za-z])[A-Za-z]*+[0-9][0-9A-Za-z]*+
      (?:(?:[ \u00a0]?\([0-9]+\)[ \u00a0-]?|[ \u00a0]?[.,:/\u00d7*_\u2013\-]++[ \u00a0]?|[ \u00a0])
         (?=[0-9])[0-9A-Za-z]++)*+
      (?:[ \u00a0]?%)?
    | (?<![0-9A-Za-z])[A-Za-z]++(?:[-/_.][A-Za-z0-9]++)++     # codes that begin with letters
    """,
    re.VERBOSE | re.ASCII,
)


# Each of them has one of these.
_IN_VALUES: Final = re.compile("[0-9A-Za-z]")
# A day, its month in one or two words, and the year.
_DATE: Final = re.compile(
    r"(?<!\d)\d{1,2}+[\u2069]?[ \u00a0][^\W\d]++\.?(?:[ \u00a0][^\W\d]++)?[ \u00a0][\u2066]?\d{4}(?!\d)"
)
_VALUE: Final = re.compile(r"[0-9@]|://|www\.")
_MAY_HOLD_VALUES: Final = re.compile(r"[\d@]|://|www\.")
_ADDRESS: Final = re.compile(r"@|://|www\.")

# Beside Arabic, readers take groups of digits apart at a plain space and read them backwards.
_DIGIT_GAP: Final = re.compile("(?<=[0-9]) (?=[0-9])")


class Line(NamedTuple):
    """One line: its runs from left to right, its width in thousandths of an em.

    `rtl` says that it was asked to read from right to left and does.
    """

    runs: tuple[Run, ...]
    width: float
    rtl: bool = False


def ltr(value: str) -> str:
    """Return a structured value (number, date, IBAN, telephone) that keeps its order anywhere."""
    return f"{LRI}{_BIDI_CONTROLS.sub('', value)}{PDI}"


def isolate(value: str) -> str:
    """Return foreign text that takes its own direction and cannot turn what stands around it."""
    return f"{FSI}{_BIDI_CONTROLS.sub('', value)}{PDI}"


def isolate_values(text: str) -> str:
    """Isolate every structured value inside running Arabic text.

    A number that ends a name in Western letters (Office 365, ISO 9001) stays to the right of it, as UAX #9 has it
    for bare digits: marks beside the isolate say so.
    """
    if not _HAS_RTL.search(text) or not _IN_VALUES.search(text) or _BIDI_CONTROLS.search(text):
        return text
    values = list(_STRUCTURED.finditer(text))
    named = _in_western_names(text, values)
    parts: list[str] = []
    reached = 0
    for place, value in enumerate(values):
        isolated = f"{LRI}{value[0]}{PDI}"
        parts += (text[reached : value.start()], f"{LRM}{isolated}{LRM}" if place in named else isolated)
        reached = value.end()
    return "".join((*parts, text[reached:]))


def _in_western_names(text: str, values: list[re.Match[str]]) -> set[int]:
    """Return the places of the values that follow a Western word or a value of such a name: Office 365 E3, Wi-Fi 6."""
    named: set[int] = set()
    for place, value in enumerate(values):
        start = value.start()
        if text[start - 1 : start] != " " or _ADDRESS.search(value[0]) or _DATE.match(text, start):
            continue
        before = values[place - 1] if place and values[place - 1].end() == start - 1 else None
        if before is None:
            if start > 1 and bidirectional(text[start - 2]) == "L":
                named.add(place)
        elif place - 1 in named or not _VALUE.search(before[0]):
            named |= {place - 1, place}
    return named


def clean(text: str) -> str:
    """Return text of which every character can be drawn; line ends become line feeds.

    Control characters go. What the font lacks is replaced by its compatibility form, by its base
    letter, or by U+FFFD: a `.notdef` glyph would tell the reader nothing and breaks PDF/A.
    """
    if _PLAIN.match(text):
        return text
    return _clean(text) if len(text) > 200 else _clean_cached(text)


def missing_letters(text: str) -> str:
    """Return the characters of a text that print as U+FFFD, once each, in the order in which they come."""
    if _PLAIN.match(text) or REPLACEMENT not in clean(text):
        return ""
    return "".join(letter for letter in dict.fromkeys(text) if letter != REPLACEMENT and clean(letter) == REPLACEMENT)


def _clean(text: str) -> str:
    if _kept().issuperset(text) and is_normalized("NFC", text):
        return _flattened(text)
    text = _PRESENTATION.sub(lambda found: normalize("NFKC", found[0]), _LINE_ENDS.sub("\n", text))
    drawable = covered()
    kept: list[str] = []
    for character in normalize("NFC", text):
        if character == "\n" or (character in drawable and character not in _INVISIBLE):
            kept.append(character)
        else:
            kept.append(_substitute(character, drawable, kept))
    return _flattened("".join(kept))


_clean_cached = lru_cache(maxsize=1024)(_clean)


@cache
def _kept() -> frozenset[str]:
    """Return the characters that cleaning keeps as they are."""
    kept = (c for c in covered() - _INVISIBLE if not _LINE_ENDS.match(c) and not _PRESENTATION.match(c))
    return frozenset(kept) | {"\n"}


def _flattened(text: str) -> str:
    """Return a text without more marks upon one letter than a language writes: they would be drawn over other rows."""
    return text if _marks().isdisjoint(text) else _piles().sub(r"\1", text)


@cache
def _marks() -> frozenset[str]:
    return frozenset(character for character in covered() if category(character) in ("Mn", "Me"))


@cache
def _piles() -> re.Pattern[str]:
    marks = "".join(_marks())
    return re.compile(f"([{marks}]{{{MOST_MARKS}}})[{marks}]+")


def _substitute(character: str, drawable: frozenset[str], before: list[str]) -> str:
    """Return what stands for a character that the font lacks."""
    if character in _KEPT_FORMATS:
        return character
    if character in _SPOKEN:
        return _SPOKEN[character]
    kind = category(character)
    if character in _INVISIBLE or kind in ("Cc", "Cf", "Mn", "Me") or "\U0001f3fb" <= character <= "\U0001f3ff":
        return ""
    if kind == "Zs":
        return " "
    for form in ("NFKC", "NFKD"):
        simpler = "".join(c for c in normalize(form, character) if c in drawable or not combining(c))
        if simpler and drawable.issuperset(simpler):
            return simpler
    # The parts of one emoji are joined by U+200D: one mark stands for the whole.
    return "" if before and before[-1] == "\u200d" else REPLACEMENT


def lines(text: str, weight: str, width: float | None = None, base: int | None = None) -> tuple[Line, ...]:
    """Break text into lines no wider than `width` (thousandths of an em; None: never broken).

    `base` is the direction of the page, 1 when it reads from right to left.
    """
    if len(text) > LIKELY_AGAIN:
        return _lines(text, weight, width, base)
    return _lines_cached(text, weight, width, base)


def _lines(text: str, weight: str, width: float | None, base: int | None) -> tuple[Line, ...]:
    bare = _bare(text, base)
    # Most of a paper: Latin letters and digits, or Arabic words alone. Their direction needs no reckoning.
    from_right = base == 1 and _ARABIC_LINE.match(bare) is not None
    run = face(weight).shape(bare, rtl=True) if from_right else face(weight).western(bare)
    if run is not None and bare and bare[0] != " " != bare[-1]:
        if width is None or run.width <= width:
            return (Line((run,), run.width, from_right),)
        if runs := _by_words(run, bare, width):
            return tuple([Line((run,), run.width, from_right) for run in runs])
    found: list[Line] = []
    for paragraph in clean(text).split("\n"):
        prepared = isolate_values(paragraph.strip(" "))
        if base == 1:
            prepared = _DIGIT_GAP.sub("\u00a0", prepared)
        found += _Paragraph(prepared, weight, base).broken(width)
    return tuple(found)


_lines_cached = lru_cache(maxsize=1024)(_lines)


def _bare(text: str, base: int | None) -> str:
    """Return a text without the isolates that change nothing where it is of Latin letters and digits alone."""
    if base == 1:
        inner = text[1:-1] if text[:1] in (LRI, FSI) and text[-1:] == PDI else text
        return _DIGIT_GAP.sub("\u00a0", inner)
    return _LEFT_ISOLATES.sub("", text) if PDI in text else text


def measure(text: str, weight: str) -> float:
    """Return the width of unbroken text in thousandths of an em."""
    return sum(line.width for line in lines(text, weight))


class _Paragraph:
    """One paragraph with its levels and the advance of each character."""

    def __init__(self, text: str, weight: str, base: int | None) -> None:
        self.text = text
        self.face = face(weight)
        self.base, self.levels = _levels(text, base)
        self.rtl = base == 1 and self.base == 1

    def broken(self, width: float | None) -> list[Line]:
        """Return the lines, each at most `width` wide as far as one cluster fits."""
        whole = self._line(0, len(self.text))
        if width is None or whole.width <= width:
            return [whole]
        if len(whole.runs) == 1 and (runs := _by_words(whole.runs[0], self.text, width)):
            return [Line((run,), run.width, self.rtl) for run in runs]
        ends = _Breaks(self.text, self._advances(), width)
        broken: list[Line] = []
        start = 0
        while start < len(self.text):
            end = ends.after(start)
            line = self._line(start, end)
            # Cutting a word gives letters their final forms, which may be wider than measured.
            while line.width > width and (shorter := ends.before(start, end)) > start:
                end = shorter
                line = self._line(start, end)
            broken.append(line)
            start = ends.next_start(end)
        return broken

    def _line(self, start: int, end: int) -> Line:
        while end > start and self.text[end - 1] == " ":
            end -= 1
        piece = self.text[start:end]
        shaped = tuple(
            self.face.shape(piece[first:last], rtl=level % 2 == 1)
            for first, last, level in bidi.runs(piece, self.levels[start:end], self.base)
        )
        return Line(shaped, sum([run.width for run in shaped]), self.rtl)

    def _advances(self) -> list[float | None]:
        """Return each character's advance; None for one that belongs to the cluster before it."""
        advances: list[float | None] = [None] * len(self.text)
        start = 0
        for level, places in groupby(self.levels):
            end = start + len(list(places))
            run = self.face.shape(self.text[start:end], rtl=level % 2 == 1)
            if len(run.clusters) == end - start:
                advances[start:end] = run.advances[::-1] if level % 2 else run.advances
            else:
                for cluster, advance in zip(run.clusters, run.advances, strict=True):
                    advances[start + cluster] = (advances[start + cluster] or 0.0) + advance
            start = end
        return advances


def _by_words(run: Run, text: str, width: float) -> list[Run]:
    """Return the lines' runs of a text of one run that breaks at spaces alone.

    None where a word is wider than a line, or there are other places to break.
    """
    if not isinstance(run, (WesternRun, WordsRun)) or _BREAKS_ELSEWHERE.search(text):
        return []
    widths = run.word_widths()
    if max(widths, default=width + 1) > width:
        return []
    space = run.space
    starts, left = [0], width
    for place, wide in enumerate(widths):
        if wide > left:
            starts.append(place)
            left = width
        left -= wide + space
    return [run.of_words(first, end) for first, end in pairwise([*starts, len(widths)])]


def _levels(text: str, base: int | None) -> tuple[int, list[int]]:
    """Return levels of a paragraph in a document that reads in direction `base`.

    On an Arabic page whatever holds Arabic reads from the right and the rest from the left, or groups
    of digits would change places; elsewhere the first strong character decides.
    """
    if base == 1:
        return bidi.levels(text, 1 if _HAS_RTL.search(text) else 0)
    return bidi.levels(text, None)


class _Breaks:
    """Where the lines of one paragraph may end."""

    def __init__(self, text: str, advances: list[float | None], width: float) -> None:
        self.text = text
        self.width = width
        self.advances = advances
        # How wide the text before each place is.
        self.reached = [0.0, *accumulate([advance or 0.0 for advance in advances])]
        self.outside, self.inside = _opportunities(text)

    @cached_property
    def clusters(self) -> list[int]:
        """The places where letters begin, for words that do not fit a line."""
        return [
            place
            for place, (advance, character) in enumerate(zip(self.advances, self.text, strict=True))
            if advance is not None and not combining(character) and character not in "\u200c\u200d"
        ]

    def after(self, start: int) -> int:
        """Return the furthest end of the line that begins at `start`."""
        place = bisect_right(self.reached, self.reached[start] + self.width, start + 1) - 1
        # Spaces may hang over the end.
        while place < len(self.text) and self.text[place] == " ":
            place += 1
        if place == len(self.text):
            return place
        for candidates in (self.outside, self.inside):
            end = _last(candidates, place)
            if end > start:
                return end
        end = _last(self.clusters, place)
        if end > start:
            return end
        later = bisect_right(self.clusters, start)
        return self.clusters[later] if later < len(self.clusters) else len(self.text)

    def before(self, start: int, end: int) -> int:
        """Return the cluster boundary before `end`, or `start` when there is none."""
        return max(start, _last(self.clusters, end - 1))

    def next_start(self, end: int) -> int:
        """Return where the next line begins: the spaces at a break are dropped."""
        while end < len(self.text) and self.text[end] == " ":
            end += 1
        return end


def _last(places: list[int], limit: int) -> int:
    """Return the last place up to `limit`, -1 if there is none."""
    at = bisect_right(places, limit)
    return places[at - 1] if at else -1


def _opportunities(text: str) -> tuple[list[int], list[int]]:
    """Return the places where a line may begin: outside values and isolates, and inside them if need be."""
    outside: list[int] = []
    inside: list[int] = []
    held = _held(text)
    for found in _MAY_END.finditer(text):
        place = found.start()
        within = bool(held) and any(start <= place < end for start, end in held)
        if _may_end(text, place, within=within):
            (inside if within else outside).append(place + 1)
    return outside, inside


def _may_end(text: str, place: int, *, within: bool) -> bool:
    """Return whether a line may end after a space or a sign that joins two words."""
    following = text[place + 1 : place + 2] or " "
    if text[place] in _BREAK_AFTER:
        return place > 0 and text[place - 1].isalpha() and following.isalpha()
    return following != " " and (text[place] == " " or within)


def _held(text: str) -> list[tuple[int, int]]:
    """Return where isolates and values stand."""
    held = [(start, end - 1) for start, end in _values(text)]
    depth = opened = 0
    for found in _ISOLATES.finditer(text):
        if found[0] != PDI:
            opened = found.start() if depth == 0 else opened
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                held.append((opened, found.start()))
    return [*held, (opened, len(text))] if depth else held


def _values(text: str) -> list[tuple[int, int]]:
    """Return where dates, numbers, telephones, addresses and the like stand, which are kept on one line."""
    if not _MAY_HOLD_VALUES.search(text):
        return []
    found = [match.span() for match in _STRUCTURED.finditer(text) if _VALUE.search(match[0])]
    return found + [match.span() for match in _DATE.finditer(text)]
