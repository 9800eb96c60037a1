"""Search text: one normal form for what is stored and what is asked, so that both databases find the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

# Arabic vowel signs, superscript alef, tatweel; and the forms of alef, ya and ta marbuta that people type alike
MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]")
ALIKE = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", **{chr(0x660 + n): str(n) for n in range(10)}}


def normalise(text: str) -> str:
    """Return text without case, accents, Arabic marks and repeated space (NFKC, then folded)."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = replaced(folded, {char: "" for char in set(folded) if unicodedata.combining(char)})
    return re.sub(r"\s+", " ", replaced(MARKS.sub("", unicodedata.normalize("NFC", bare)), ALIKE)).strip()


def replaced(text: str, table: Mapping[str, str]) -> str:
    """Return text with characters replaced; none by what is replaced itself. Much faster on long texts than one by one."""
    for char in table.keys() & set(text):
        text = text.replace(char, table[char])
    return text


def search_text(*parts: str | None) -> str:
    """Return the stored text of a row whose ``parts`` can be searched for."""
    return "\n".join(filter(None, (normalise(part) for part in parts if part)))


def places_found(text: str, term: str) -> list[tuple[int, int]]:
    """Return where in ``text`` the words of a term stand, as found by their normal form: ends of slices, in order."""
    folded, origin = "", []
    for index, char in enumerate(text):
        piece = " " if char.isspace() else normalise(char)
        folded += piece
        origin += [index] * len(piece)
    places: list[tuple[int, int]] = []
    for word in normalise(term).split():
        at = folded.find(word)
        while at >= 0:
            places.append((origin[at], origin[at + len(word) - 1] + 1))
            at = folded.find(word, at + len(word))
    return joined(sorted(places))


def joined(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return places in order, those that touch made one."""
    found: list[tuple[int, int]] = []
    for start, end in places:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
