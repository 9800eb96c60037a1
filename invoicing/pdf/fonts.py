"""The two faces of the paper, shaped and subset by HarfBuzz."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import compress
from operator import add, attrgetter, sub
from pathlib import Path
from typing import Any, Final, TypeVar
from unicodedata import category, combining, normalize

import uharfbuzz as hb

from invoicing.pdf.runs import Mark, Run, WesternRun, Word, Words, WordsRun, escaped, shift

Value = TypeVar("Value")

FOLDER: Final = Path(__file__).parent / "fonts_data"
FILES: Final = {"regular": "Vazirmatn-Regular.ttf", "bold": "Vazirmatn-Bold.ttf"}
POSTSCRIPT_NAMES: Final = {"regular": "Vazirmatn-Regular", "bold": "Vazirmatn-Bold"}

# A ligature that reads back as two letters would come back with them swapped, so each form of lam-alef
# has its one code. U+FDF2 is the word the font also draws as a single glyph.
_LAM_ALEF: Final = {
    "\u0644\u0622": "\ufef5",
    "\u0644\u0623": "\ufef7",
    "\u0644\u0625": "\ufef9",
    "\u0644\u0627": "\ufefb",
    "\u0627\u0644\u0644\u0647": "\ufdf2",
}
_RTL_FEATURES: Final = {"liga": True, "calt": True}
# A Latin ligature saves nothing on an invoice, and some readers copy it as one odd character. Western
# digits are of one width anyway, Arabic-Indic ones by `tnum`.
_LTR_FEATURES: Final = {"liga": False, "kern": True, "tnum": True}
_IGNORABLE: Final = frozenset(
    "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_UNUSED_TABLES: Final = (
    "GSUB",
    "GPOS",
    "GDEF",
    "GASP",
    "gasp",
    "DSIG",
    "OS/2",
    "post",
    "name",
    "cmap",
    "STAT",
    "meta",
)  # fmt: skip - a list of tags reads better in rows
_CACHED_LENGTH: Final = 160
# What most of a paper is written in: each letter has one glyph, and only the next one tells how close they stand.
WESTERN: Final = "".join(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x100)))) + "–—‘’“”…•€−\u202f"
_WESTERN: Final = frozenset(WESTERN)
# Among these none stands closer to another.
_NUMERIC: Final = frozenset("0123456789.,%\u2212\u00a0 ")
# Up to this length a text is likely to stand on a paper again.
SHORT: Final = 12
# How many Arabic words a face keeps, and as many older ones.
WORDS_KEPT: Final = 8192
_X_OFFSET: Final = attrgetter("x_offset")
# The codes below are those of Western letters, whatever glyphs they have.
_FIRST_GLYPH: Final = 0x100


class _Pairs(dict[str, Value]):
    """What there is to say of two `WESTERN` letters beside each other, as far as it was asked.

    Each letter has its glyph, and only the next one tells how close they stand: with what is known of pairs
    a text is measured and written without a step for each letter in Python.
    """

    def __init__(self, make: Callable[[str], Value]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, pair: str) -> Value:
        value = self[pair] = self._make(pair)
        return value


class Face:
    """One font file, read once in a process."""

    def __init__(self, weight: str) -> None:
        self.weight = weight
        self.name = POSTSCRIPT_NAMES[weight]
        data = (FOLDER / FILES[weight]).read_bytes()
        self.face = hb.Face(data)
        self.font = hb.Font(self.face)
        self.scale: float = 1000 / self.face.upem
        self.covered = frozenset(chr(code) for code in self.face.unicodes)
        self._lean_face = hb.subset_preprocess(self.face)
        self._characters = _characters_by_glyph(self.font, self.covered)
        self._units: list[int] = [self.font.get_glyph_h_advance(gid) for gid in range(self.face.glyph_count)]
        self._widths: list[float] = [unit * self.scale for unit in self._units]
        self._shape_cached = lru_cache(maxsize=1024)(self.shape_fully)
        self._words = Words(self._word, WORDS_KEPT)
        self._codes: dict[tuple[int, str], str] = {}
        western = {letter: self.shape_fully(letter, rtl=False) for letter in WESTERN}
        self._gids = {letter: run.gids[0] for letter, run in western.items()}
        self._advances = {letter: run.advances[0] for letter, run in western.items()}
        self.space = self._advances[" "]
        self._set_codes()
        self._written = {letter: escaped(self._codes[gid, letter]) for letter, gid in self._gids.items()}
        self._kerning = _Pairs(self._closer)
        self._steps = _Pairs(lambda pair: self._advances[pair[0]] - self._kerning[pair])
        self._pairs = _Pairs(lambda pair: self._written[pair[0]] + shift(self._kerning[pair]))
        self._western_cached = lru_cache(maxsize=2048)(self._western)
        # A space that readers count as something on the page: its own glyph has no extent.
        dot = self.shape(".", rtl=False)
        self.separator = Run(dot.gids, (" ",), dot.advances, dot.clusters, (), rtl=False)
        self._outlines = lru_cache(maxsize=256)(self._outline)

    def shape(self, text: str, *, rtl: bool) -> Run:
        """Return a run of one direction as glyphs from left to right, mirrored where it is due (L4)."""
        if rtl and " " in text and (words := self.words(text)):
            return words
        return self.shape_whole(text, rtl=rtl)

    def shape_whole(self, text: str, *, rtl: bool) -> Run:
        """Return what `shape` does, not put together of words."""
        if not rtl and (western := self.western(text)):
            return western
        if len(text) > _CACHED_LENGTH:
            return self.shape_fully(text, rtl=rtl)
        return self._shape_cached(text, rtl=rtl)

    def width_of(self, gid: int) -> float:
        """Return a glyph's own advance in thousandths of an em, as the embedded font states it."""
        return self._widths[gid]

    @property
    def glyph_count(self) -> int:
        """Return how many glyphs the font has."""
        return len(self._units)

    def _set_codes(self) -> None:
        """Give each glyph a code for what it shows in most texts; Western letters have their own, which come first."""
        shown = self._forms() | self._characters
        self._codes = {(gid, text): chr(_FIRST_GLYPH + gid) for gid, text in shown.items()}
        last = _FIRST_GLYPH + self.glyph_count
        beyond = [letter for letter in WESTERN if ord(letter) >= _FIRST_GLYPH]
        self._beyond = {ord(letter): chr(last + at) for at, letter in enumerate(beyond)}
        self.first_free_code = last + len(beyond)
        self._codes |= {(gid, letter): letter.translate(self._beyond) for letter, gid in self._gids.items()}
        self._glyphs = {code: glyph for glyph, code in self._codes.items()}

    def glyph_of(self, code: str) -> tuple[int, str]:
        """Return the glyph of a code that it has in all documents, and what it reads back as."""
        return self._glyphs[code]

    def codes_of(self, run: Run) -> list[str | None]:
        """Return the codes that a run's glyphs have in all documents, None for one that reads back unlike in most."""
        return list(map(self._codes.get, zip(run.gids, run.texts, strict=True)))

    def _with_codes(self, run: Run) -> Run:
        codes = self.codes_of(run)
        if None not in codes:
            run.encode("".join(codes))  # type: ignore[arg-type]  # None is not among them
        return run

    def _forms(self) -> dict[int, str]:
        """Return the letters of glyphs that no character has: forms that they take beside each other."""
        letters = [chr(code) for code in (*range(0x621, 0x63B), *range(0x641, 0x64B))]
        pairs = [one + other for one in letters for other in letters]
        run = self.shape_fully(" ".join(f"{pair} ب{pair} {pair}ب ب{pair}ب" for pair in pairs), rtl=True)
        return dict(zip(run.gids, run.texts, strict=True))

    def _closer(self, pair: str) -> float:
        """Return how much closer two letters stand, in thousandths of an em."""
        return (self.shape_fully(pair, rtl=False).shifts or (0.0, 0.0))[1]

    def western_glyph(self, letter: str) -> int:
        """Return the glyph of a letter of `WESTERN`."""
        return self._gids[letter]

    def western_widths(self, text: str) -> list[float]:
        """Return the widths of the letters of `WESTERN` in a text, in thousandths of an em."""
        return list(map(self._advances.__getitem__, text))

    def outline(self, gid: int) -> str:
        """Return a glyph's outline as path operators in font units."""
        return self._outlines(gid)

    def _outline(self, gid: int) -> str:
        pen = _PathPen()
        self.font.draw_glyph_with_pen(gid, pen)
        return " ".join(pen.operators)

    def words(self, text: str) -> WordsRun | None:
        """Return a run that reads from the right put together of its words, which come again in other texts.

        No letter looks over a space. None where unseen letters or marks belong to both sides of one.
        """
        words = list(map(self._words.__getitem__, text.split(" ")))
        return None if None in words else WordsRun(self, words)  # type: ignore[arg-type]  # none of them is None

    def _word(self, text: str) -> Word | None:
        if not text or not _IGNORABLE.isdisjoint(text) or combining(text[0]):
            return None
        run = self.shape_fully(text, rtl=True)
        if run.marks or run.codes is None or run.written is None:
            return None
        return Word(run.width, run.written, run.codes, text)

    def western(self, text: str) -> WesternRun | None:
        """Return a run of letters of `WESTERN`, None if there are others."""
        if len(text) <= SHORT:
            return self._western_cached(text)
        return self._western(text)

    def _western(self, text: str) -> WesternRun | None:
        if _NUMERIC.issuperset(text):
            width, written = sum(map(self._advances.__getitem__, text)), "".join(map(self._written.__getitem__, text))
        elif _WESTERN.issuperset(text):
            pairs, last = list(map(add, text, text[1:])), text[-1]
            width = sum(map(self._steps.__getitem__, pairs)) + self._advances[last]
            written = "".join(map(self._pairs.__getitem__, pairs)) + self._written[last]
        else:
            return None
        codes = text if text.isascii() else text.translate(self._beyond)
        return WesternRun(self, text, codes, width, written)

    def western_shifts(self, text: str) -> Sequence[float]:
        """Return the shifts of a run of letters of `WESTERN`."""
        closer = list(map(self._kerning.__getitem__, map(add, text, text[1:])))
        return (0.0, *closer, 0.0) if any(closer) else ()

    def shape_fully(self, text: str, *, rtl: bool) -> Run:
        """Return a run as HarfBuzz shapes it, whatever letters it has."""
        buffer = hb.Buffer()
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.flags = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
        buffer.add_str(text)
        buffer.direction = "rtl" if rtl else "ltr"
        buffer.script = "Arab" if rtl else "Latn"
        buffer.language = "ar" if rtl else "en"
        hb.shape(self.font, buffer, _RTL_FEATURES if rtl else _LTR_FEATURES)
        infos, positions = buffer.glyph_infos, buffer.glyph_positions
        gids = [info.codepoint for info in infos]
        clusters = [info.cluster for info in infos]
        units = [place.x_advance for place in positions]
        texts = self._plain_texts(text, clusters, rtl)
        # A mark takes no room, or stands beside its place.
        if texts is None or 0 in units or any(map(_X_OFFSET, positions)):
            return self._with_marks(text, infos, positions, rtl)
        advances = list(map(self._widths.__getitem__, gids))
        own = list(map(self._units.__getitem__, gids))
        if own == units:
            return self._with_codes(Run(gids, texts, advances, clusters, (), rtl=rtl))
        narrower = list(map(sub, own, units))
        shifts = [0.0] * (len(gids) + 1)
        for place in compress(range(len(gids)), narrower):
            advances[place] = units[place] * self.scale
            shifts[place + 1] = narrower[place] * self.scale
        return self._with_codes(Run(gids, texts, advances, clusters, shifts, rtl=rtl))

    def _plain_texts(self, text: str, clusters: list[int], rtl: bool) -> Sequence[str] | None:
        """Return what each glyph stands for where each has characters of its own, as is usual, else None."""
        if not _IGNORABLE.isdisjoint(text):
            return None
        if len(clusters) == len(text):
            in_order = range(len(text) - 1, -1, -1) if rtl else range(len(text))
            return (text[::-1] if rtl else text) if clusters == list(in_order) else None
        starts = clusters[::-1] if rtl else clusters
        lengths = list(map(sub, [*starts[1:], len(text)], starts))
        if min(lengths, default=1) < 1:
            return None
        texts = list(map(text.__getitem__, starts))
        for place in [place for place, length in enumerate(lengths) if length > 1]:
            source = text[starts[place] : starts[place] + lengths[place]]
            texts[place] = _LAM_ALEF.get(source, source[::-1] if rtl else source)
        return texts[::-1] if rtl else texts

    def _with_marks(self, text: str, infos: Sequence[Any], positions: Sequence[Any], rtl: bool) -> Run:
        """Return a run whose marks, or glyphs of a common origin, are told apart one by one."""
        meanings = self._texts(text, [(info.codepoint, info.cluster) for info in infos], rtl)
        gids: list[int] = []
        texts: list[str] = []
        advances: list[float] = []
        clusters: list[int] = []
        shifts: list[float] = []
        marks: list[Mark] = []
        above = ""
        pen = owed = 0.0
        for info, place, meaning in zip(infos, positions, meanings, strict=True):
            dx, dy = place.x_offset * self.scale, place.y_offset * self.scale
            if combining(meaning[:1]) and not place.x_advance and (rtl or gids):
                marks.append(Mark(info.codepoint, pen + dx, dy))
                # From the right a mark precedes its letter on the page, and readers turn both around.
                if rtl:
                    above += meaning
                else:
                    texts[-1] += meaning
                continue
            advance = place.x_advance * self.scale
            gids.append(info.codepoint)
            texts.append(above + meaning)
            advances.append(advance)
            clusters.append(info.cluster)
            shifts.append(owed - dx)
            owed = dx + self.width_of(info.codepoint) - advance
            above = ""
            pen += advance
        shifts.append(owed)
        seen = shifts if any(shifts) else ()
        return self._with_codes(Run(gids, texts, advances, clusters, seen, tuple(marks), rtl=rtl))

    def _texts(self, text: str, glyphs: list[tuple[int, int]], rtl: bool) -> list[str]:
        """Return what each glyph stands for when the text is read back."""
        starts = sorted({cluster for _, cluster in glyphs})
        ends = dict(zip(starts, [*starts[1:], len(text)], strict=True)) if starts else {}
        sharing: dict[int, int] = {}
        for _, cluster in glyphs:
            sharing[cluster] = sharing.get(cluster, 0) + 1
        texts = []
        for gid, cluster in glyphs:
            source = "".join(c for c in text[cluster : ends[cluster]] if c not in _IGNORABLE)
            if sharing[cluster] == 1 and len(source) == 1:
                texts.append(source)
            elif sharing[cluster] == 1 and source:
                texts.append(_LAM_ALEF.get(source, source[::-1] if rtl else source))
            else:
                texts.append(self._characters.get(gid) or source or "\ufffd")
        return texts

    def subset(self, gids: tuple[int, ...]) -> tuple[bytes, dict[int, int]]:
        """Return a font file with only these glyphs and where each of them went."""
        wanted = hb.SubsetInput()
        wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update(gids)
        wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(_tag(name) for name in _UNUSED_TABLES)
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        plan = hb.SubsetPlan(self._lean_face, wanted)
        moved = dict(plan.old_to_new_glyph_mapping)
        return bytes(plan.execute().blob.data), {gid: moved[gid] for gid in gids}


class _PathPen:
    """Writes an outline as PDF path operators; TrueType's quadratic curves become cubic ones."""

    def __init__(self) -> None:
        self.operators: list[str] = []
        self._at = (0.0, 0.0)

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - the pen protocol's name
        self._add(point, f"{point[0]:g} {point[1]:g} m")

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - the pen protocol's name
        self._add(point, f"{point[0]:g} {point[1]:g} l")

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802 - the pen protocol's name
        self._add(points[-1], " ".join(f"{x:.1f} {y:.1f}" for x, y in points) + " c")

    def qCurveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802 - the pen protocol's name
        control, end = points
        first, second = (
            tuple(near[axis] + (control[axis] - near[axis]) * 2 / 3 for axis in (0, 1)) for near in (self._at, end)
        )
        self.curveTo((first[0], first[1]), (second[0], second[1]), end)

    def closePath(self) -> None:  # noqa: N802 - the pen protocol's name
        self.operators.append("h")

    def endPath(self) -> None:  # noqa: N802 - the pen protocol's name
        self.operators.append("h")

    def _add(self, point: tuple[float, float], operator: str) -> None:
        self._at = point
        self.operators.append(operator)


@cache
def face(weight: str) -> Face:
    """Return the face of a weight, `regular` or `bold`."""
    return Face(weight)


@cache
def covered() -> frozenset[str]:
    """Return the characters that every face can draw; the control characters in it show nothing."""
    common = frozenset.intersection(*(face(weight).covered for weight in FILES))
    return frozenset(character for character in common if category(character) != "Cc")


def _characters_by_glyph(font: hb.Font, characters: frozenset[str]) -> dict[int, str]:
    """Map glyphs to the base letter they show; a presentation form counts as its letter."""
    found: dict[int, str] = {}
    for character in sorted(characters):
        gid = font.get_nominal_glyph(ord(character))
        base = normalize("NFKC", character).strip()
        if gid and gid not in found:
            found[gid] = base if len(base) == 1 else _LAM_ALEF.get(base, character)
    return found


def _tag(name: str) -> int:
    return int.from_bytes(name.encode("ascii"), "big")
