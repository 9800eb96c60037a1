"""Words as they are compared: folded, and cut where letters, digits and signs meet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from accounts.search import normalise

# Letters, or digits, or a sign that stands for a word in labels ("Invoice #", "N° 12")
PARTS: Final = re.compile(r"[^\W\d_]+|\d+|[#°№%]")
SIGNS: Final = {"#": "no", "°": "o", "№": "no"}


@dataclass(frozen=True, slots=True)
class Token:
    """A folded part of a text, and where it stands there."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=20_000)
def folded(word: str) -> str:
    """Return a word in its normal form; a short one is remembered, since words come again."""
    return normalise(word)


def tokens_of(text: str) -> list[Token]:
    """Return the parts of a text."""
    return [
        Token(SIGNS.get(found[0]) or folded(found[0]) or found[0], found.start(), found.end())
        for found in PARTS.finditer(text)
    ]


def squeezed(text: str) -> str:
    """Return a text as labels are compared: folded, letters and digits alone."""
    return "".join(token.text for token in tokens_of(text))
