"""Pieces of text that were shaped: glyphs from left to right, and how a PDF file writes them.

A glyph is written as two bytes, its code. The codes of a run are a string whose characters they are: those of
Western letters are the letters themselves (Unicode's first 256), so that such a text is written as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import compress
from operator import sub
from typing import Any, Final, NamedTuple, Protocol

SPACE: Final = "\0 "
# What shows in no place of a page: closer than this, letters stand where they would.
_UNSEEN: Final = 0.05


class Face(Protocol):
    """What runs ask of the face they are of."""

    space: float

    def shape(self, text: str, *, rtl: bool) -> Run:
        """Return a text's run."""

    def shape_whole(self, text: str, *, rtl: bool) -> Run:
        """Return a text's run, not put together of words."""

    def western(self, text: str) -> Run | None:
        """Return the run of Western letters, None if there are others."""

    def western_glyph(self, letter: str) -> int:
        """Return the glyph of a Western letter."""

    def western_widths(self, text: str) -> list[float]:
        """Return the widths of Western letters."""

    def western_shifts(self, text: str) -> Sequence[float]:
        """Return the shifts of a run of Western letters."""


class Glyph(NamedTuple):
    """One glyph of a shaped run; measures are in thousandths of an em."""

    gid: int
    text: str
    advance: float
    cluster: int


class Mark(NamedTuple):
    """A vowel or accent and where it stands from the run's origin, in thousandths of an em."""

    gid: int
    x: float
    y: float


class Run:
    """A piece of text in one direction and one face, its glyphs from left to right in columns.

    Measures are in thousandths of an em. `shifts` are how far each glyph stands left of where the widths of
    those before it put it, and last what is left at the end; none where every glyph is as wide as it says.
    Marks are kept apart: they are drawn as outlines, and the letter under them reads back as both.
    Readers that meet a shifted mark between two letters put a space there or lose its place.

    `codes` and `written` are None where a glyph reads back unlike in most texts: each document has its own then.
    """

    __slots__ = ("_columns", "_rtl", "_script", "codes", "marks", "shifts", "texts", "width", "written")

    def __init__(
        self,
        gids: Sequence[int],
        texts: Sequence[str],
        advances: Sequence[float],
        clusters: Sequence[int],
        shifts: Sequence[float],
        marks: tuple[Mark, ...] = (),
        *,
        rtl: bool,
    ) -> None:  # fmt: skip - the columns belong together
        self._columns = gids, advances, clusters
        self.texts = texts
        self.shifts = shifts
        self.marks = marks
        self.width = sum(advances)
        self._rtl = rtl
        self._script: str | None = None
        self.codes: str | None = None
        self.written: str | None = None

    def encode(self, codes: str) -> None:
        """Take the glyphs' codes where they have them in all documents."""
        self.codes = codes
        self.written = written(codes, self.shifts)

    @property
    def gids(self) -> Sequence[int]:
        """Return the glyphs' numbers."""
        return self._columns[0]

    @property
    def advances(self) -> Sequence[float]:
        """Return how far each glyph is from the next."""
        return self._columns[1]

    @property
    def clusters(self) -> Sequence[int]:
        """Return the place of the letter, or the first of those, that each glyph shows."""
        return self._columns[2]

    @property
    def script(self) -> str:
        """Return R for Arabic words, L for Latin ones that are more than one word, else nothing.

        Numbers, and one Latin word alone, read back rightly among Arabic words.
        """
        if self._script is None:
            self._script = _script(self.texts, rtl=self._rtl)
        return self._script

    @property
    def glyphs(self) -> tuple[Glyph, ...]:
        """Return the glyphs one by one."""
        return tuple(map(Glyph, self.gids, self.texts, self.advances, self.clusters))


class WesternRun(Run):
    """A run of Western letters: each has its own glyph, so that the text says nearly all."""

    __slots__ = ("_face",)

    def __init__(self, face: Face, text: str, codes: str, width: float, written: str) -> None:
        self._face = face
        self.texts = text
        self.codes = codes
        self.width = width
        self.written = written
        self.marks = ()
        self._rtl = False
        self._script = None

    def __getattr__(self, name: str) -> Any:
        if name != "shifts":
            raise AttributeError(name)
        self.shifts = self._face.western_shifts(str(self.texts))
        return self.shifts

    @property
    def gids(self) -> Sequence[int]:
        """Return the glyphs' numbers."""
        return [self._face.western_glyph(letter) for letter in self.texts]

    @property
    def advances(self) -> Sequence[float]:
        """Return how far each glyph is from the next."""
        widths = self._face.western_widths(str(self.texts))
        return list(map(sub, widths, self.shifts[1:])) if self.shifts else widths

    @property
    def clusters(self) -> Sequence[int]:
        """Return the place of the letter that each glyph shows."""
        return range(len(self.texts))

    @property
    def space(self) -> float:
        """Return the width of a space."""
        return self._face.space

    def word_widths(self) -> list[float]:
        """Return the widths of the words; none where one stands closer to a space, as T does."""
        text = str(self.texts)
        if "T " in text or " T" in text:
            return []
        return [run.width for run in map(self._face.western, text.split(" ")) if run]

    def of_words(self, first: int, end: int) -> Run:
        """Return the run of some of the words."""
        return self._face.shape(" ".join(str(self.texts).split(" ")[first:end]), rtl=False)


class Word(NamedTuple):
    """A word as it stands wherever spaces are around it: what drawing it takes and no more, for many are kept."""

    width: float
    written: str
    codes: str
    text: str


class Words(dict[str, Word | None]):
    """The words that were met last, None for those that do not stand by themselves; made when they are met.

    Nothing is moved when a word is found, as most are: when there are `most`, they make room for others,
    and those that come again before it is full again come back. Twice as many are kept at most.
    """

    def __init__(self, make: Callable[[str], Word | None], most: int) -> None:
        super().__init__()
        self._make = make
        self._most = most
        self._older: dict[str, Word | None] = {}

    def __missing__(self, text: str) -> Word | None:
        word = self._older[text] if text in self._older else self._make(text)
        if len(self) >= self._most:
            self._older = dict(self)
            self.clear()
        self[text] = word
        return word


class WordsRun(Run):
    """A run of Arabic words with a space between each two, in the order in which they are read.

    Texts are new each time, but their words come again: what was shaped is put together. Columns are
    made when somebody asks for them, which drawing it does not.
    """

    __slots__ = ("_face", "words")

    def __init__(self, face: Face, words: Sequence[Word]) -> None:
        self._face = face
        self.words = words
        self.width = sum([word[0] for word in words]) + face.space * (len(words) - 1)
        self.marks = ()
        self._rtl = True
        self._script = None

    @property
    def text(self) -> str:
        """Return the text that it shows."""
        return " ".join([word.text for word in self.words])

    @property
    def script(self) -> str:
        """Return R if there is a word of letters."""
        if self._script is None:
            self._script = "R" if self.words[0].text[0].isalpha() else _script(self.text, rtl=True)
        return self._script

    @property
    def space(self) -> float:
        """Return the width of a space."""
        return self._face.space

    def word_widths(self) -> list[float]:
        """Return the widths of the words."""
        return [word.width for word in self.words]

    def of_words(self, first: int, end: int) -> Run:
        """Return the run of some of the words."""
        return WordsRun(self._face, self.words[first:end])

    def encoded(self) -> tuple[str, str]:
        """Return the codes, and how they are written."""
        _, written, codes, _ = zip(*self.words, strict=True)
        return " ".join(codes), SPACE.join(written[::-1])

    def __getattr__(self, name: str) -> Any:
        if name not in ("_columns", "shifts", "texts"):
            raise AttributeError(name)
        whole = self._face.shape_whole(self.text, rtl=True)
        self._columns, self.texts = (whole.gids, whole.advances, whole.clusters), whole.texts
        self.shifts = whole.shifts
        return getattr(self, name)


def written(codes: str, shifts: Sequence[float]) -> str:
    """Return codes as what stands between the brackets of a PDF string, which shifts divide into several."""
    parts: list[str] = []
    start = 0
    for place in compress(range(len(shifts)), shifts):
        parts += (escaped(codes[start:place]), shift(shifts[place]))
        start = place
    return "".join((*parts, escaped(codes[start:])))


def shift(closer: float) -> str:
    """Return what stands between two letters that stand closer, in thousandths of an em."""
    return f"){closer:.1f}(" if abs(closer) > _UNSEEN else ""


def escaped(codes: str) -> str:
    """Return the bytes of codes as characters; a bare return would be read as a line feed."""
    raw = codes.encode("utf-16-be").decode("latin-1")
    return raw.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").replace("\r", "\\r")


def _script(texts: Sequence[str], *, rtl: bool) -> str:
    if not any(map(str.isalpha, texts)):
        return ""
    if rtl:
        return "R"
    return "" if "".join(texts).strip().isalpha() else "L"
