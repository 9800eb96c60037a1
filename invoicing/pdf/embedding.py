"""Faces in a PDF file, as Type 0 fonts of which only the glyphs that are used are embedded.

reportlab shapes a whole word as one run, which turns the digits beside Arabic around, so only its
document model is used here. Its names for that are private: the version is pinned.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from itertools import compress, starmap
from typing import Final

from reportlab.pdfbase import pdfdoc

from invoicing.pdf.fonts import SHORT, Face, Run, WesternRun, WordsRun, face

# The usual level 6 takes three to five times as long for streams that are a tenth smaller.
PACKING: Final = 4
STEM_WIDTHS: Final = {"regular": 88, "bold": 144}


class _Codes(dict[tuple[int, str], str]):
    """The codes, in hex, of the glyphs that a document uses and what they read back as.

    A glyph that reads back as usual has its own number, so that a word has the same codes in each document;
    others follow in the order of first use.
    """

    def __init__(self, face: Face) -> None:
        super().__init__()
        self._face = face
        self._next = face.glyph_count

    def __missing__(self, glyph: tuple[int, str]) -> str:
        code = glyph[0]
        if not self._face.is_usual(*glyph):
            code, self._next = self._next, self._next + 1
        written = self[glyph] = f"{code:04x}"
        return written


class _Letters(dict[str, str]):
    """The codes of letters that have their glyph whatever stands beside them."""

    def __init__(self, face: Face, codes: _Codes) -> None:
        super().__init__()
        self._face = face
        self._codes = codes

    def __missing__(self, letter: str) -> str:
        code = self[letter] = self._codes[self._face.western_glyph(letter), letter]
        return code


class EmbeddedFont:
    """The part of a face that one document uses."""

    def __init__(self, weight: str, resource: str) -> None:
        self.face = face(weight)
        self.resource = resource
        self._codes = _Codes(self.face)
        self._letters = _Letters(self.face, self._codes)
        self._encoded: dict[Run, str] = {}
        # Words whose codes are counted at the end, once each.
        self._words: set[Run] = set()

    def encode(self, run: Run) -> str:
        """Return a run as operands of TJ: codes in hex, and the shifts between them."""
        found = self._encoded.get(run)
        if found is None:
            found = self._encoded[run] = self._encode(run)
        return found

    def _encode(self, run: Run) -> str:
        if isinstance(run, WordsRun):
            words = [word for word, _ in run.words]
            self._words.update(words)
            return "".join([w.encoded[0] if w.encoded else self.encode(w) for w in words]).replace("><", "")
        if run.encoded:
            operands, used = run.encoded
            self._codes.update(used)
            return operands
        operands = self._operands(run)
        if not isinstance(run, WesternRun) and len(run.texts) <= SHORT:
            pairs = list(zip(run.gids, run.texts, strict=True))
            if all(starmap(self.face.is_usual, pairs)):
                run.encoded = operands, {pair: self._codes[pair] for pair in pairs}
        return operands

    def _operands(self, run: Run) -> str:
        if isinstance(run, WesternRun):
            codes = list(map(self._letters.__getitem__, run.texts))
        else:
            codes = list(map(self._codes.__getitem__, zip(run.gids, run.texts, strict=True)))
        if not run.shifts:
            return f"<{''.join(codes)}>" if codes else ""
        parts: list[str] = []
        start = 0
        for place in compress(range(len(run.shifts)), run.shifts):
            shift = run.shifts[place]
            if abs(shift) > 0.05:
                parts += ("".join(codes[start:place]), f">{shift:.1f}<")
                start = place
        return f"<{''.join(parts)}{''.join(codes[start:])}>".replace("<>", "")

    def add_to(self, document: pdfdoc.PDFDocument) -> None:
        """Write the font's objects and name it among the pages' resources."""
        for word in self._words:
            if word.encoded:
                self._codes.update(word.encoded[1])
        if not self._codes:
            return
        glyphs = sorted(self._codes, key=self._codes.__getitem__)
        data, moved = self.face.subset(tuple(sorted({gid for gid, _ in glyphs})))
        name = f"{_subset_tag(glyphs)}+{self.face.name}"
        unicode = self._stream(document, "unicode", self._to_unicode(glyphs))
        descendant = self._descendant(document, name, glyphs, self._descriptor(document, name, data), moved)
        fonts = document.idToObject[pdfdoc.BasicFonts].dict
        fonts[self.resource] = self._object(
            document,
            "font",
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H"
            f" /DescendantFonts [{descendant}] /ToUnicode {unicode} >>",
        )

    def _descendant(
        self,
        document: pdfdoc.PDFDocument,
        name: str,
        glyphs: Sequence[tuple[int, str]],
        descriptor: str,
        moved: dict[int, int],
    ) -> str:  # fmt: skip - one thing a line
        codes = [int(self._codes[glyph], 16) for glyph in glyphs]
        widths = " ".join(
            [f"{code} [{self.face.width_of(gid):.6g}]" for code, (gid, _) in zip(codes, glyphs, strict=True)]
        )
        places = bytearray(2 * codes[-1] + 2)
        for code, (gid, _) in zip(codes, glyphs, strict=True):
            places[2 * code : 2 * code + 2] = moved[gid].to_bytes(2, "big")
        map_of_places = self._stream(document, "places", bytes(places))
        return self._object(
            document,
            "descendant",
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name}"
            " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
            f" /FontDescriptor {descriptor} /DW 1000 /W [{widths}] /CIDToGIDMap {map_of_places} >>",
        )

    def _descriptor(self, document: pdfdoc.PDFDocument, name: str, data: bytes) -> str:
        extents = self.face.font.get_font_extents("ltr")
        scale = self.face.scale
        file = self._stream(document, "file", data, f"/Length1 {len(data)} ")
        return self._object(
            document,
            "descriptor",
            f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [-1100 -700 2900 1400] /ItalicAngle 0"
            f" /Ascent {round(extents.ascender * scale)} /Descent {round(extents.descender * scale)} /CapHeight 711"
            f" /StemV {STEM_WIDTHS[self.face.weight]} /FontFile2 {file} >>",
        )

    def _to_unicode(self, glyphs: Sequence[tuple[int, str]]) -> bytes:
        rows = [f"<{self._codes[glyph]}> <{glyph[1].encode('utf-16-be').hex()}>" for glyph in glyphs]
        blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
        mapped = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
            f"{mapped}\n"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")

    def _stream(self, document: pdfdoc.PDFDocument, role: str, content: bytes, entries: str = "") -> str:
        packed = zlib.compress(content, PACKING)
        head = f"<< {entries}/Filter /FlateDecode /Length {len(packed)} >>\nstream\n"
        return self._object(document, role, head.encode("ascii") + packed + b"\nendstream")

    def _object(self, document: pdfdoc.PDFDocument, role: str, content: bytes | str) -> str:
        """Add an object as it is written and return the reference to it."""
        reference: bytes = document.Reference(content, f"{self.resource}.{role}").format(document)
        return reference.decode("ascii")


def _subset_tag(glyphs: Sequence[tuple[int, str]]) -> str:
    """Return the six capitals that mark a subset, the same for the same glyphs."""
    digest = hashlib.sha256(repr(glyphs).encode()).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
