"""Faces in a PDF file, as Type 0 fonts of which only the glyphs that are used are embedded.

reportlab shapes a whole word as one run, which turns the digits beside Arabic around, so only its
document model is used here. Its names for that are private: the version is pinned.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import chain
from typing import Final

from reportlab.pdfbase import pdfdoc

from invoicing.pdf.fonts import Run, face

STEM_WIDTHS: Final = {"regular": 88, "bold": 144}


class _Codes(dict[tuple[int, str], str]):
    """The codes, in hex, of glyphs and what they read back as, given in the order of first use."""

    def __missing__(self, glyph: tuple[int, str]) -> str:
        code = self[glyph] = f"{len(self) + 1:04x}"
        return code


class EmbeddedFont:
    """The part of a face that one document uses."""

    def __init__(self, weight: str, resource: str) -> None:
        self.face = face(weight)
        self.resource = resource
        self._codes = _Codes()
        self._encoded: dict[Run, str] = {}

    def encode(self, run: Run) -> str:
        """Return a run as operands of TJ: codes in hex, and the shifts between them."""
        found = self._encoded.get(run)
        if found is None:
            found = self._encoded[run] = self._encode(run)
        return found

    def _encode(self, run: Run) -> str:
        codes = list(map(self._codes.__getitem__, zip(run.gids, run.texts, strict=True)))
        if not run.shifts:
            return f"<{''.join(codes)}>" if codes else ""
        shifts = [f">{shift:.1f}<" if shift and abs(shift) > 0.05 else "" for shift in run.shifts]
        return f"<{''.join(chain.from_iterable(zip(shifts, [*codes, ''], strict=True)))}>".replace("<>", "")

    def add_to(self, document: pdfdoc.PDFDocument) -> None:
        """Write the font's objects and name it among the pages' resources."""
        if not self._codes:
            return
        gids = tuple(sorted({gid for gid, _ in self._codes}))
        data, moved = self.face.subset(gids)
        name = pdfdoc.PDFName(f"{_subset_tag(self._codes)}+{self.face.name}")
        font = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("Type0"),
                "BaseFont": name,
                "Encoding": pdfdoc.PDFName("Identity-H"),
                "DescendantFonts": pdfdoc.PDFArray([self._descendant(document, name, data, moved)]),
                "ToUnicode": self._stream(document, "unicode", self._to_unicode()),
            }
        )
        fonts = document.idToObject[pdfdoc.BasicFonts].dict
        fonts[self.resource] = document.Reference(font, f"{self.resource}.font")

    def _descendant(
        self, document: pdfdoc.PDFDocument, name: str, data: bytes, moved: dict[int, int]
    ) -> pdfdoc.PDFObjectReference:
        widths = " ".join(f"{self.face.width_of(gid):.6g}" for gid, _ in self._codes)
        places = b"\0\0" + b"".join(moved[gid].to_bytes(2, "big") for gid, _ in self._codes)
        system = {"Registry": "(Adobe)", "Ordering": "(Identity)", "Supplement": 0}
        font = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("CIDFontType2"),
                "BaseFont": name,
                "CIDSystemInfo": pdfdoc.PDFDictionary(system),
                "FontDescriptor": self._descriptor(document, name, data),
                "DW": 1000,
                "W": f"[1 [{widths}]]",
                "CIDToGIDMap": self._stream(document, "places", places),
            }
        )
        return document.Reference(font, f"{self.resource}.descendant")

    def _descriptor(self, document: pdfdoc.PDFDocument, name: str, data: bytes) -> pdfdoc.PDFObjectReference:
        extents = self.face.font.get_font_extents("ltr")
        scale = self.face.scale
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("FontDescriptor"),
                "FontName": name,
                "Flags": 4,
                "FontBBox": "[-1100 -700 2900 1400]",
                "ItalicAngle": 0,
                "Ascent": round(extents.ascender * scale),
                "Descent": round(extents.descender * scale),
                "CapHeight": 711,
                "StemV": STEM_WIDTHS[self.face.weight],
                "FontFile2": self._stream(document, "file", data, Length1=len(data)),
            }
        )
        return document.Reference(descriptor, f"{self.resource}.descriptor")

    def _to_unicode(self) -> bytes:
        rows = [f"<{code}> <{text.encode('utf-16-be').hex()}>" for (_, text), code in self._codes.items()]
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

    def _stream(
        self, document: pdfdoc.PDFDocument, role: str, content: bytes, **entries: int
    ) -> pdfdoc.PDFObjectReference:
        stream = pdfdoc.PDFStream(pdfdoc.PDFDictionary(dict(entries)), content, filters=[pdfdoc.PDFZCompress])
        return document.Reference(stream, f"{self.resource}.{role}")


def _subset_tag(codes: Iterable[tuple[int, str]]) -> str:
    """Return the six capitals that mark a subset, the same for the same glyphs."""
    digest = hashlib.sha256(repr(list(codes)).encode()).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
