"""Levels and visual order of one paragraph, after UAX #9 (revision 46) with isolates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from unicodedata import bidirectional, normalize

MAX_DEPTH: Final = 125

# Unicode's BidiBrackets.txt: the opening brackets and, place by place, what closes them.
_OPENING: Final = (
    "([{\u0f3a\u0f3c\u169b\u2045\u207d\u208d\u2308\u230a\u2329\u2768\u276a\u276c\u276e\u2770\u2772\u2774\u27c5"
    "\u27e6\u27e8\u27ea\u27ec\u27ee\u2983\u2985\u2987\u2989\u298b\u298d\u298f\u2991\u2993\u2995\u2997\u29d8\u29da"
    "\u29fc\u2e22\u2e24\u2e26\u2e28\u2e55\u2e57\u2e59\u2e5b\u3008\u300a\u300c\u300e\u3010\u3014\u3016\u3018\u301a"
    "\ufe59\ufe5b\ufe5d\uff08\uff3b\uff5b\uff5f\uff62"
)
_CLOSING: Final = (
    ")]}\u0f3b\u0f3d\u169c\u2046\u207e\u208e\u2309\u230b\u232a\u2769\u276b\u276d\u276f\u2771\u2773\u2775\u27c6"
    "\u27e7\u27e9\u27eb\u27ed\u27ef\u2984\u2986\u2988\u298a\u298c\u2990\u298e\u2992\u2994\u2996\u2998\u29d9\u29db"
    "\u29fd\u2e23\u2e25\u2e27\u2e29\u2e56\u2e58\u2e5a\u2e5c\u3009\u300b\u300d\u300f\u3011\u3015\u3017\u3019\u301b"
    "\ufe5a\ufe5c\ufe5e\uff09\uff3d\uff5d\uff60\uff63"
)
# Canonical equivalents (U+2329 and U+3008) close each other, so pairs are kept by their normal form.
_CLOSED_BY: Final = {opening: normalize("NFC", closing) for opening, closing in zip(_OPENING, _CLOSING, strict=True)}
_CLOSERS: Final = {closing: normalize("NFC", closing) for closing in _CLOSING}
_MAX_OPEN_BRACKETS: Final = 63

_ISOLATES: Final = frozenset({"LRI", "RLI", "FSI"})
_EMBEDDINGS: Final = frozenset({"LRE", "RLE", "LRO", "RLO"})
_REMOVED: Final = _EMBEDDINGS | {"PDF", "BN"}
_NEUTRAL: Final = frozenset({"B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI"})
_AS_SPACE: Final = frozenset({"WS", "LRI", "RLI", "FSI", "PDI"}) | _REMOVED

# Without any of these a paragraph that reads left to right has level 0 throughout.
_NEEDS_LEVELS: Final = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U0001efff]"
)

# Arabic letters with their marks, and signs that are neutral or need a number: all read from the right together.
_ALL_FROM_RIGHT: Final = re.compile(
    "[ -/:-@\\[-`{-~\u00a0\u00ab\u00bb\u060c\u061b\u061f\u0620-\u0652\u0670-\u06d3\u06d5]*\\Z"
)
_ARABIC_LETTERS: Final = frozenset(chr(code) for code in (*range(0x620, 0x64B), *range(0x671, 0x6D4)))
_SEPARATORS: Final = re.compile("[\t\n\v\r\x1c-\x1f\x85\u2029]")

# Nothing that reads from the right, and isolates that take the direction of what they hold or the left.
_ALL_FROM_LEFT: Final = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02b8\u2010-\u2027\u2030-\u205e\u20a0-\u20c0\u2066\u2068\u2069]*\\Z"
)
_LEFT_ISOLATES: Final = re.compile("[\u2066\u2068\u2069]")

# DerivedBidiClass.txt gives code points without a character a class by their block.
_UNASSIGNED: Final = (
    (0x0590, 0x05FF, "R"),
    (0x0600, 0x07BF, "AL"),
    (0x07C0, 0x085F, "R"),
    (0x0860, 0x08FF, "AL"),
    (0x20A0, 0x20CF, "ET"),
    (0xFB1D, 0xFB4F, "R"),
    (0xFB50, 0xFDFF, "AL"),
    (0xFE70, 0xFEFF, "AL"),
    (0x10800, 0x10FFF, "R"),
    (0x1E800, 0x1EFFF, "R"),
)  # fmt: skip - a table reads better in rows


@lru_cache(maxsize=4096)
def bidi_class(character: str) -> str:
    """Return the Bidi_Class of a character, with the block's default for unassigned ones."""
    found = bidirectional(character)
    if found:
        return found
    code = ord(character)
    return next((kind for first, last, kind in _UNASSIGNED if first <= code <= last), "L")


def levels(text: str, base: int | None = None) -> tuple[int, list[int]]:
    """Return the paragraph level and the embedding level of each character of one paragraph.

    `base` is 0 for left to right, 1 for right to left, None for the first strong character (P2, P3).
    Characters that X9 removes get the level of what stands before them.
    """
    if not base and not _NEEDS_LEVELS.search(text):
        return 0, [0] * len(text)
    if not base and text.count("\u2066") + text.count("\u2068") <= MAX_DEPTH // 2 and _ALL_FROM_LEFT.match(text):
        return 0, _isolated_levels(text)
    if (base == 1 or (base is None and text[0] in _ARABIC_LETTERS)) and _ALL_FROM_RIGHT.match(text):
        return 1, [1] * len(text)
    original = [bidi_class(character) for character in text]
    partner = _matching_isolates(original)
    paragraph = _first_strong(original, partner, 0, len(original)) if base is None else base
    explicit = _Explicit(original, partner, paragraph)
    found = list(explicit.levels)
    for sequence in _isolating_sequences(original, partner, explicit.levels):
        outside = _outside_levels(original, sequence, explicit.levels, paragraph)
        _resolve(text, original, explicit.types, sequence, found, outside)
    _level_removed(original, found, paragraph)
    return paragraph, found


def _isolated_levels(text: str) -> list[int]:
    """Return the levels of what reads from the left throughout: two more inside each isolate."""
    found: list[int] = []
    depth = 0
    for isolate in _LEFT_ISOLATES.finditer(text):
        found += [2 * depth] * (isolate.start() - len(found))
        if isolate[0] == "\u2069":
            depth = max(0, depth - 1)
        found.append(2 * depth)
        if isolate[0] != "\u2069":
            depth += 1
    return found + [2 * depth] * (len(text) - len(found))


def reorder(text: str, line_levels: Sequence[int], paragraph: int) -> list[int]:
    """Return the places of one line's characters from left to right (L1, L2)."""
    settled = _settle_whitespace(text, line_levels, paragraph)
    order = list(range(len(settled)))
    for level in range(max(settled, default=0), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and settled[order[end]] >= level:
                end += 1
            order[at:end] = order[at:end][::-1]
            at = end + 1
    return order


def runs(text: str, line_levels: Sequence[int], paragraph: int) -> list[tuple[int, int, int]]:
    """Return one line's level runs from left to right, each as (start, end, level) (L1, L2)."""
    if line_levels and line_levels.count(paragraph) == len(line_levels):
        return [(0, len(line_levels), paragraph)]
    settled = _settle_whitespace(text, line_levels, paragraph)
    pieces: list[tuple[int, int, int]] = []
    for place, level in enumerate(settled):
        if pieces and pieces[-1][2] == level:
            pieces[-1] = (pieces[-1][0], place + 1, level)
        else:
            pieces.append((place, place + 1, level))
    for level in range(max(settled, default=0), 0, -1):
        at = 0
        while at < len(pieces):
            end = at
            while end < len(pieces) and pieces[end][2] >= level:
                end += 1
            pieces[at:end] = pieces[at:end][::-1]
            at = end + 1
    return pieces


def _settle_whitespace(text: str, line_levels: Sequence[int], paragraph: int) -> list[int]:
    """Give separators and the white space before them and at the line's end the paragraph level (L1)."""
    settled = list(line_levels)
    trailing = True
    inside = _SEPARATORS.search(text)
    for place in range(len(text) - 1, -1, -1):
        if not trailing and not inside:
            break
        kind = bidi_class(text[place])
        if kind in ("B", "S"):
            trailing = True
        elif kind not in _AS_SPACE:
            trailing = False
        if trailing:
            settled[place] = paragraph
    return settled


def _matching_isolates(classes: Sequence[str]) -> dict[int, int]:
    """Map each isolate initiator to its PDI and back (BD9); the unmatched ones are left out.

    A paragraph separator ends all of them (X8).
    """
    partner: dict[int, int] = {}
    waiting: list[int] = []
    for place, kind in enumerate(classes):
        if kind == "B":
            waiting.clear()
        elif kind in _ISOLATES:
            waiting.append(place)
        elif kind == "PDI" and waiting:
            initiator = waiting.pop()
            partner[initiator] = place
            partner[place] = initiator
    return partner


def _first_strong(classes: Sequence[str], partner: dict[int, int], start: int, end: int) -> int:
    """Return the level of the first strong character outside isolates (P2, P3)."""
    place = start
    while place < end:
        kind = classes[place]
        if kind in ("L", "R", "AL"):
            return 0 if kind == "L" else 1
        if kind in _ISOLATES:
            place = partner.get(place, end)
        place += 1
    return 0


class _Explicit:
    """The explicit embeddings, overrides and isolates of one paragraph (X1-X8)."""

    def __init__(self, classes: Sequence[str], partner: dict[int, int], paragraph: int) -> None:
        self.classes = classes
        self.partner = partner
        self.levels = [paragraph] * len(classes)
        self.types = list(classes)
        self._begin(paragraph)
        for place, kind in enumerate(classes):
            if kind in _EMBEDDINGS or kind in _ISOLATES:
                self._open(place, kind)
            elif kind == "PDI":
                self._close_isolate()
                self._apply(place)
            elif kind == "PDF":
                self._apply(place)
                self._close_embedding()
            elif kind == "B":
                self._begin(paragraph)
            else:
                self._apply(place)

    def _begin(self, paragraph: int) -> None:
        """Begin outside of all embeddings and isolates."""
        # Each entry: the level, the override (L, R or none), whether an isolate opened it.
        self._stack: list[tuple[int, str, bool]] = [(paragraph, "", False)]
        self._overflow_isolates = 0
        self._overflow_embeddings = 0
        self._valid_isolates = 0

    def _apply(self, place: int) -> None:
        level, override, _ = self._stack[-1]
        self.levels[place] = level
        if override and self.classes[place] not in _REMOVED:
            self.types[place] = override

    def _open(self, place: int, kind: str) -> None:
        self._apply(place)
        isolate = kind in _ISOLATES
        inner = _inner_level(self.classes, self.partner, place, kind, self._stack[-1][0])
        if inner <= MAX_DEPTH and not self._overflow_isolates and not self._overflow_embeddings:
            self._valid_isolates += isolate
            self._stack.append((inner, {"LRO": "L", "RLO": "R"}.get(kind, ""), isolate))
        elif isolate:
            self._overflow_isolates += 1
        elif not self._overflow_isolates:
            self._overflow_embeddings += 1

    def _close_isolate(self) -> None:
        if self._overflow_isolates:
            self._overflow_isolates -= 1
        elif self._valid_isolates:
            self._overflow_embeddings = 0
            while not self._stack[-1][2]:
                self._stack.pop()
            self._stack.pop()
            self._valid_isolates -= 1

    def _close_embedding(self) -> None:
        if self._overflow_isolates:
            return
        if self._overflow_embeddings:
            self._overflow_embeddings -= 1
        elif not self._stack[-1][2] and len(self._stack) > 1:
            self._stack.pop()


def _inner_level(classes: Sequence[str], partner: dict[int, int], place: int, kind: str, level: int) -> int:
    """Return the next odd or even level that an embedding or isolate opens (X2-X5c)."""
    if kind == "FSI":
        to_left = _first_strong(classes, partner, place + 1, partner.get(place, len(classes))) == 1
    else:
        to_left = kind in ("RLE", "RLO", "RLI")
    return (level + 1) | 1 if to_left else (level + 2) & ~1


def _isolating_sequences(classes: Sequence[str], partner: dict[int, int], found: Sequence[int]) -> list[list[int]]:
    """Return the isolating run sequences as lists of places, without what X9 removes (BD13)."""
    level_runs: list[list[int]] = []
    for place, kind in enumerate(classes):
        if kind in _REMOVED:
            continue
        if level_runs and found[level_runs[-1][-1]] == found[place]:
            level_runs[-1].append(place)
        else:
            level_runs.append([place])
    starting_at = {run[0]: run for run in level_runs}
    sequences = []
    for run in level_runs:
        if classes[run[0]] == "PDI" and run[0] in partner:
            continue
        sequence = list(run)
        while classes[sequence[-1]] in _ISOLATES and sequence[-1] in partner:
            sequence += starting_at[partner[sequence[-1]]]
        sequences.append(sequence)
    return sequences


def _resolve(
    text: str,
    original: Sequence[str],
    types: list[str],
    sequence: list[int],
    found: list[int],
    outside: tuple[int, int],
) -> None:
    """Resolve weak types, brackets, neutrals and implicit levels of one sequence (W1-I2)."""
    level = found[sequence[0]]
    start_type, end_type = ("R" if max(level, other) % 2 else "L" for other in outside)
    kinds = [types[place] for place in sequence]
    _resolve_weak(kinds, start_type)
    _resolve_brackets(text, original, sequence, kinds, level, start_type)
    _resolve_neutrals(kinds, level, start_type, end_type)
    for place, kind in zip(sequence, kinds, strict=True):
        if level % 2:
            found[place] = level + (kind != "R")
        else:
            found[place] = level + {"L": 0, "R": 1}.get(kind, 2)


def _outside_levels(
    original: Sequence[str], sequence: Sequence[int], found: Sequence[int], paragraph: int
) -> tuple[int, int]:
    """Return the levels that stand before and after a sequence, for its sos and eos (X10)."""
    before = sequence[0] - 1
    while before >= 0 and original[before] in _REMOVED:
        before -= 1
    after = sequence[-1] + 1
    while after < len(original) and original[after] in _REMOVED:
        after += 1
    # A last isolate initiator here is an unmatched one: its content reaches the paragraph's end.
    open_ended = original[sequence[-1]] in _ISOLATES or after == len(original)
    return (
        found[before] if before >= 0 else paragraph,
        paragraph if open_ended else found[after],
    )


def _resolve_weak(kinds: list[str], start_type: str) -> None:
    """Resolve numbers, their signs and separators, and combining marks (W1-W7)."""
    previous = start_type
    strong = start_type
    for at, kind in enumerate(kinds):
        if kind == "NSM":
            kinds[at] = "ON" if previous in _ISOLATES or previous == "PDI" else previous
        previous = kinds[at]
        if previous in ("L", "R", "AL"):
            strong = previous
        elif previous == "EN" and strong == "AL":
            kinds[at] = "AN"
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    _resolve_separators(kinds)
    _resolve_terminators(kinds)
    strong = start_type
    for at, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"


def _resolve_separators(kinds: list[str]) -> None:
    """Let a single separator between two numbers of one kind join them (W4)."""
    for at in range(1, len(kinds) - 1):
        left, right = kinds[at - 1], kinds[at + 1]
        if left == right and ((kinds[at] in ("ES", "CS") and left == "EN") or (kinds[at] == "CS" and left == "AN")):
            kinds[at] = left


def _resolve_terminators(kinds: list[str]) -> None:
    """Let signs beside European numbers join them; other signs and separators are neutral (W5, W6)."""
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        if end > at:
            joined = (at > 0 and kinds[at - 1] == "EN") or (end < len(kinds) and kinds[end] == "EN")
            kinds[at:end] = ["EN" if joined else "ON"] * (end - at)
        elif kinds[at] in ("ES", "CS"):
            kinds[at] = "ON"
        at = max(end, at + 1)


def _resolve_brackets(
    text: str,
    original: Sequence[str],
    sequence: Sequence[int],
    kinds: list[str],
    level: int,
    start_type: str,
) -> None:
    """Give both brackets of a pair one direction, by what they hold and what stands before (N0)."""
    inside = "R" if level % 2 else "L"
    for opening, closing in _bracket_pairs(text, sequence, kinds):
        held = {_strong(kind) for kind in kinds[opening + 1 : closing]}
        if inside in held:
            settled = inside
        elif held & {"L", "R"}:
            before = (_strong(kind) for kind in reversed(kinds[:opening]))
            context = next((kind for kind in before if kind), start_type)
            settled = context if context != inside else inside
        else:
            continue
        for bracket in (opening, closing):
            kinds[bracket] = settled
            after = bracket + 1
            while after < len(kinds) and original[sequence[after]] == "NSM":
                kinds[after] = settled
                after += 1


def _bracket_pairs(text: str, sequence: Sequence[int], kinds: Sequence[str]) -> list[tuple[int, int]]:
    """Return the bracket pairs of a sequence by their opening bracket (BD16)."""
    pairs: list[tuple[int, int]] = []
    waiting: list[tuple[str, int]] = []
    for at, place in enumerate(sequence):
        if kinds[at] != "ON":
            continue
        character = text[place]
        if character in _CLOSED_BY:
            if len(waiting) == _MAX_OPEN_BRACKETS:
                return []
            waiting.append((_CLOSED_BY[character], at))
        elif character in _CLOSERS:
            for depth in range(len(waiting) - 1, -1, -1):
                if waiting[depth][0] == _CLOSERS[character]:
                    pairs.append((waiting[depth][1], at))
                    del waiting[depth:]
                    break
    return sorted(pairs)


def _strong(kind: str) -> str:
    """Return the direction a type counts as among neutrals: numbers count as R."""
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(kind, "")


def _resolve_neutrals(kinds: list[str], level: int, start_type: str, end_type: str) -> None:
    """Give neutrals the direction around them, else the embedding's (N1, N2)."""
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        if end > at:
            left = _strong(kinds[at - 1]) if at else start_type
            right = _strong(kinds[end]) if end < len(kinds) else end_type
            settled = left if left == right else ("R" if level % 2 else "L")
            kinds[at:end] = [settled] * (end - at)
        at = max(end, at + 1)


def _level_removed(original: Sequence[str], found: list[int], paragraph: int) -> None:
    """Give what X9 removes the level of the character before it, so that it splits no run."""
    for place, kind in enumerate(original):
        if kind in _REMOVED:
            found[place] = found[place - 1] if place else paragraph
