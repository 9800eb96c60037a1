"""Faces in a PDF file, as Type 0 fonts of which only the glyphs that are used are embedded.

reportlab shapes a whole word as one run, which turns the digits beside Arabic around, so only its
document model is used here. Its names for that are private: the version is pinned.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from typing import Final

from reportlab.pdfbase import pdfdoc

from invoicing.pdf.fonts import face
from invoicing.pdf.runs import Run, WordsRun, written

# Levels above take two to three times as long for streams that are some hundredths smaller.
PACKING: Final = 3
# A code, its glyph, and what that reads back as.
_Shown = tuple[int, int, str]
STEM_WIDTHS: Final = {"regular": 88, "bold": 144}


class _OwnCodes(dict[tuple[int, str], str]):
    """The codes of glyphs that read back unlike in most texts, in the order of first use."""

    def __init__(self, first: int) -> None:
        super().__init__()
        self._first = first

    def __missing__(self, glyph: tuple[int, str]) -> str:
        code = self[glyph] = chr(self._first + len(self))
        return code


class EmbeddedFont:
    """The part of a face that one document uses."""

    def __init__(self, weight: str, resource: str) -> None:
        self.face = face(weight)
        self.resource = resource
        self._own = _OwnCodes(self.face.first_free_code)
        # What was shown, of which the codes are taken at the end, once each.
        self._shown: list[str] = []

    def encode(self, run: Run) -> str:
        """Return a run as an operand of TJ: codes in strings, and the shifts between them."""
        if isinstance(run, WordsRun):
            codes, words = run.encoded()
            self._shown.append(codes)
            return f"({words})"
        if run.codes is not None:
            self._shown.append(run.codes)
            return f"({run.written})"
        glyphs = zip(run.gids, run.texts, strict=True)
        codes = "".join([code or self._own[glyph] for code, glyph in zip(self.face.codes_of(run), glyphs, strict=True)])
        self._shown.append(codes)
        return f"({written(codes, run.shifts)})"

    def _glyphs(self) -> list[_Shown]:
        """Return the codes that were shown with their glyphs and what those read back as."""
        own = {code: glyph for glyph, code in self._own.items()}
        shown = sorted(set("".join(self._shown)))
        return [(ord(code), *(own.get(code) or self.face.glyph_of(code))) for code in shown]

    def add_to(self, document: pdfdoc.PDFDocument) -> None:
        """Write the font's objects and name it among the pages' resources."""
        glyphs = self._glyphs()
        if not glyphs:
            return
        data, moved = self.face.subset(tuple(sorted({gid for _, gid, _ in glyphs})))
        name = f"{_subset_tag(glyphs)}+{self.face.name}"
        unicode = self._stream(document, "unicode", _to_unicode(glyphs))
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
        glyphs: Sequence[_Shown],
        descriptor: str,
        moved: dict[int, int],
    ) -> str:  # fmt: skip - one thing a line
        widths = " ".join([f"{code} [{self.face.width_of(gid):.6g}]" for code, gid, _ in glyphs])
        places = bytearray(2 * glyphs[-1][0] + 2)
        for code, gid, _ in glyphs:
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

    def _stream(self, document: pdfdoc.PDFDocument, role: str, content: bytes, entries: str = "") -> str:
        packed = zlib.compress(content, PACKING)
        head = f"<< {entries}/Filter /FlateDecode /Length {len(packed)} >>\nstream\n"
        return self._object(document, role, head.encode("ascii") + packed + b"\nendstream")

    def _object(self, document: pdfdoc.PDFDocument, role: str, content: bytes | str) -> str:
        """Add an object as it is written and return the reference to it."""
        reference: bytes = document.Reference(content, f"{self.resource}.{role}").format(document)
        return reference.decode("ascii")


def _to_unicode(glyphs: Sequence[_Shown]) -> bytes:
    rows = [f"<{code:04x}> <{text.encode('utf-16-be').hex()}>" for code, _, text in glyphs]
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


def _subset_tag(glyphs: Sequence[_Shown]) -> str:
    """Return the six capitals that mark a subset, the same for the same glyphs."""
    digest = hashlib.sha256(repr(glyphs).encode()).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
