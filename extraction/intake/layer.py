"""The program that reads the text layer of a PDF's pages; ``extraction.intake.pages`` starts it.

It reads the file from standard input and writes one line of JSON for each page as soon as it is read. It imports
nothing of the application. Lengths are in points, as the page is shown: from its upper left corner, downwards.
"""

from __future__ import annotations

import ctypes
import itertools
import json
import math
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2_raw as pdfium

MOST_PAGES = 50
MOST_GLYPHS = 60_000  # of a page
MOST_WORDS = 10_000  # of a page
MOST_OBJECTS = 50_000  # of a page, that are looked at for pictures
MOST_PIXELS = 4_000_000
LONGEST_WORD = 200
FINE = 1000  # parts of a point in which PDFium places things
UPRIGHT = 0.97  # cosine of the steepest slope that is still read
SAME_LINE = 0.22  # how far baselines may lie apart, in ems
GAP, SPACED_GAP = 0.19, 0.09  # ems between words, without and with a space written there
SMALLEST = 2.0  # points, of letters that are seen
FAINT = 12  # levels of grey that the eye does not tell apart
PICTURED = 0.6  # share of the page that pictures cover where it is a scan
FEW = 15  # words on a scan that are not its text
INVISIBLE_MODES = (3, 7)
FILLED_MODES = (0, 2, 4, 6)
HYPHENS = {"\x02": "-", "\xad": "-", "\ufffe": "-"}
LAM, ALEFS = "\u0644", "\u0627\u0622\u0623\u0625"
MIRRORED = {"(": ")", ")": "(", "[": "]", "]": "[", "«": "»", "»": "«"}
TURNED = {":", "\u060c", *MIRRORED}
ONLY_SHOWN = {"\u200e", "\u200f", "\u200b", "\u200c", "\u200d", "\ufeff", "\u202a", "\u202b", "\u202c", "\u2060"}


@dataclass(slots=True)
class Style:
    """What the letters of one object of text have in common."""

    em: float
    grey: int
    is_invisible: bool


@dataclass(slots=True)
class Glyph:
    """One drawn letter, or several drawn as one; ``base`` is where its line stands."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    style: Style
    unmapped: bool = False


@dataclass(slots=True)
class Piece:
    """One word."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    em: float
    grey: int


class Frame:
    """How a page's own coordinates come to lie as it is shown, with its rotation and crop box."""

    def __init__(self, page: Any) -> None:
        self.width, self.height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        (self.x0, self.y0), (x1, y1), (x2, y2) = (self._shown(page, *at) for at in ((0, 0), (1000, 0), (0, 1000)))
        self.xx, self.yx = (x1 - self.x0) / 1000, (y1 - self.y0) / 1000
        self.xy, self.yy = (x2 - self.x0) / 1000, (y2 - self.y0) / 1000

    def _shown(self, page: Any, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        size = int(self.width * FINE), int(self.height * FINE)
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, ctypes.byref(across), ctypes.byref(down))
        return across.value / FINE, down.value / FINE

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point is shown."""
        return self.x0 + self.xx * x + self.xy * y, self.y0 + self.yx * x + self.yy * y

    def upright(self, angle: float) -> bool:
        """Return whether letters at an angle (radians) stand upright where they are shown."""
        x, y = math.cos(angle), math.sin(angle)
        return self.xx * x + self.xy * y > UPRIGHT * math.hypot(self.xx, self.yx)

    def fractions(self, piece: Piece) -> list[float]:
        """Return a word's box in parts of the page."""
        sides = (piece.left / self.width, piece.top / self.height, piece.right / self.width, piece.bottom / self.height)
        return [round(min(max(side, 0.0), 1.0), 5) for side in sides]


def style_of(text_page: Any, index: int, thing: Any) -> Style:
    """Return the style of an object of text, by one of its letters."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text_page, index, matrix)
    em = pdfium.FPDFText_GetFontSize(text_page, index) * math.hypot(matrix.c, matrix.d)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(thing) if thing else 0
    colours = [ctypes.c_uint() for _ in range(4)]
    is_read = bool(thing) and pdfium.FPDFPageObj_GetFillColor(thing, *(ctypes.byref(each) for each in colours))
    red, green, blue, opaque = (each.value for each in colours) if is_read else (0, 0, 0, 255)
    grey = (299 * red + 587 * green + 114 * blue) // 1000 if is_read and mode in FILLED_MODES else -1
    return Style(em, grey, mode in INVISIBLE_MODES or (mode == 0 and opaque < FAINT))


def glyphs_of(text_page: Any, frame: Frame) -> Iterator[Glyph]:
    """Yield the letters that are drawn upright, in the file's order; PDFium's own spaces are left out."""
    styles: dict[int, Style] = {}
    x, y, box, before = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF(), None
    for index in range(min(pdfium.FPDFText_CountChars(text_page), MOST_GLYPHS)):
        if pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        if not frame.upright(pdfium.FPDFText_GetCharAngle(text_page, index)):
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
            continue
        thing = pdfium.FPDFText_GetTextObject(text_page, index)
        key = ctypes.cast(thing, ctypes.c_void_p).value or 0
        style = styles.get(key)
        if style is None:
            style = styles[key] = style_of(text_page, index, thing)
        pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
        corners = frame.at(box.left, box.top), frame.at(box.right, box.bottom)
        (left, right), (top, bottom) = (sorted(side) for side in zip(*corners, strict=True))
        if not style.em / 2.5 <= bottom - top <= style.em * 2.5 and bottom > top:
            style.em = (bottom - top) / 1.2
        letter = letter_of(pdfium.FPDFText_GetUnicode(text_page, index))
        unmapped = pdfium.FPDFText_HasUnicodeMapError(text_page, index) == 1
        made = Glyph(letter, left, top, right, bottom, frame.at(x.value, y.value)[1], style, unmapped)
        if before and is_part(before, made):
            before.text = joined(before.text, letter.strip())
        elif letter:
            yield made
            before = made


def letter_of(code: int) -> str:
    """Return a letter as text: presentation forms and ligatures as what they stand for, a space as one space."""
    letter = chr(code) if 0 < code < sys.maxunicode else "\ufffd"
    if letter in ONLY_SHOWN or unicodedata.category(letter) == "Cs":
        return ""
    letter = HYPHENS.get(letter, letter)
    return " " if letter.isspace() else unicodedata.normalize("NFKC", letter).strip() or letter


def is_part(before: Glyph, glyph: Glyph) -> bool:
    """Return whether two letters are one glyph: a ligature is told as its letters, all in one place."""
    return before.left == glyph.left and before.right == glyph.right and before.base == glyph.base


def joined(first: str, second: str) -> str:
    """Return the letters of a ligature; lam stands before alef, whichever way they were told."""
    return second + first if second == LAM and first in ALEFS else first + second


def lines_of(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the letters of each line from left to right, those printed twice once."""
    line: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda each: each.base):
        if line and glyph.base - line[0].base > SAME_LINE * min(line[0].style.em, glyph.style.em):
            yield once(line)
            line = []
        line.append(glyph)
    if line:
        yield once(line)


def once(line: list[Glyph]) -> list[Glyph]:
    """Return a line's letters from left to right, without those struck again a hair beside."""
    line.sort(key=lambda each: each.left)
    kept: list[Glyph] = []
    for glyph in line:
        near = max(0.3 * (glyph.right - glyph.left), 0.08 * glyph.style.em)
        if not any(each.text == glyph.text and glyph.left - each.left < near for each in kept[-3:]):
            kept.append(glyph)
    return kept


def words_of_line(line: list[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the letters of each word of a line, from left to right."""
    word: list[Glyph] = []
    spaced, loose = False, looseness([glyph for glyph in line if glyph.text != " "])
    for glyph in line:
        if glyph.text == " ":
            spaced = True
            continue
        if word:
            em = min(word[-1].style.em, glyph.style.em)
            reach = max(each.right for each in word[-3:])
            if glyph.left - reach > (SPACED_GAP if spaced else GAP) * em + loose or len(word) >= LONGEST_WORD:
                yield word
                word = []
        word.append(glyph)
        spaced = False
    if word:
        yield word


def looseness(line: list[Glyph]) -> float:
    """Return how far a line's letters are spaced out, in points: what is more than usual between most of them."""
    gaps = sorted(after.left - glyph.right for glyph, after in itertools.pairwise(line))
    if len(gaps) < 5:
        return 0.0
    middle = gaps[len(gaps) // 2]
    return middle if 0 < middle < 0.4 * line[0].style.em else 0.0


def is_rtl(letter: str) -> bool:
    """Return whether a letter is written from right to left."""
    return unicodedata.bidirectional(letter[0]) in {"R", "AL"}


def is_ltr(letter: str) -> bool:
    """Return whether a letter or digit is written from left to right."""
    return unicodedata.bidirectional(letter[0]) in {"L", "EN", "AN"}


def is_turned(texts: list[str]) -> bool:
    """Return whether a number in a text from the right has its colon or brackets the other way round."""
    return (texts[0] in TURNED or texts[-1] in MIRRORED) and not any(map(str.isalpha, texts))


def piece_of(word: list[Glyph], *, from_right: bool) -> Piece:
    """Return a word, its letters in the order in which they are said."""
    texts = [glyph.text for glyph in word]
    if any(map(is_rtl, texts)) or (from_right and is_turned(texts)):
        texts = [MIRRORED.get(text, text) for text in logical(texts)]
    return Piece(
        unicodedata.normalize("NFC", "".join(texts)),
        min(glyph.left for glyph in word),
        min(glyph.top for glyph in word),
        max(glyph.right for glyph in word),
        max(glyph.bottom for glyph in word),
        max(glyph.style.em for glyph in word),
        word[0].style.grey,
    )


def logical(texts: list[str]) -> list[str]:
    """Return letters shown from left to right in the order in which a word read from the right has them."""
    turned: list[str] = []
    run: list[str] = []  # of digits and Latin letters, with what stands between two of them
    between: list[str] = []
    for text in reversed(texts):
        if is_ltr(text):
            run += [*between, text]
            between = []
        elif run and not is_rtl(text):
            between.append(text)
        else:
            turned += [*reversed(run), *between, text]
            run, between = [], []
    return [*turned, *reversed(run), *between]


def in_reading_order(line: list[Piece], *, from_right: bool) -> list[Piece]:
    """Return a line's words as they are read; names and sentences of the other direction stay whole."""
    line = sorted(line, key=lambda piece: piece.left, reverse=from_right)
    kept: list[Piece] = []
    run: list[Piece] = []
    for piece in line:
        if not is_contrary(piece, from_right=from_right) or (run and apart(run[-1], piece)):
            kept += reversed(run)
            run = []
        (run if is_contrary(piece, from_right=from_right) else kept).append(piece)
    return [*kept, *reversed(run)]


def is_contrary(piece: Piece, *, from_right: bool) -> bool:
    """Return whether a word is of the other direction than its page."""
    if from_right:
        return any(unicodedata.bidirectional(letter) == "L" for letter in piece.text)
    return any(map(is_rtl, piece.text))


def apart(piece: Piece, after: Piece) -> bool:
    """Return whether two words stand too far from each other to be of one sentence."""
    return max(piece.left, after.left) - min(piece.right, after.right) > 1.5 * piece.em


class Picture:
    """A page in grey as it is shown, one dot a point (less for a very large one)."""

    def __init__(self, page: Any, frame: Frame) -> None:
        self.scale = min(1.0, math.sqrt(MOST_PIXELS / max(frame.width * frame.height, 1)))
        self.width, self.height = (max(int(side * self.scale), 1) for side in (frame.width, frame.height))
        bitmap = pdfium.FPDFBitmap_Create(self.width, self.height, 0)
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, self.width, self.height, 0xFFFFFFFF)
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, self.width, self.height, 0, flags)
        whole = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), self.width * self.height * 4)
        self.dots = whole[1::4]  # one of three equal colours
        pdfium.FPDFBitmap_Destroy(bitmap)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is drawn."""
        return max(self.dots) - min(self.dots) < FAINT

    def shows(self, piece: Piece) -> bool:
        """Return whether a word stands out from what it is written on."""
        left, right = (round(side * self.scale) for side in (piece.left, piece.right))
        inset = 0.15 * (piece.bottom - piece.top)
        top, bottom = (round(side * self.scale) for side in (piece.top + inset, piece.bottom - inset))
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(max(right, left + 2), self.width), min(max(bottom, top + 2), self.height)
        dots = b"".join(self.dots[row * self.width + left : row * self.width + right] for row in range(top, bottom))
        if not dots or max(dots) - min(dots) < FAINT:
            return False
        alike = sum(abs(dot - piece.grey) < FAINT for dot in dots) if piece.grey >= 0 else 0
        return alike < 0.92 * len(dots)


def pictured(page: Any, frame: Frame) -> float:
    """Return which share of a page pictures cover, at most."""
    area = 0.0
    sides = [ctypes.c_float() for _ in range(4)]
    for index in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS)):
        thing = pdfium.FPDFPage_GetObject(page, index)
        kind = pdfium.FPDFPageObj_GetType(thing)
        holds_pictures = kind == pdfium.FPDF_PAGEOBJ_FORM and any(
            pdfium.FPDFPageObj_GetType(pdfium.FPDFFormObj_GetObject(thing, each)) == pdfium.FPDF_PAGEOBJ_IMAGE
            for each in range(min(pdfium.FPDFFormObj_CountObjects(thing), 100))
        )
        if kind != pdfium.FPDF_PAGEOBJ_IMAGE and not holds_pictures:
            continue
        if pdfium.FPDFPageObj_GetBounds(thing, *(ctypes.byref(side) for side in sides)):
            left, bottom, right, top = (side.value for side in sides)
            (x1, y1), (x2, y2) = frame.at(left, bottom), frame.at(right, top)
            across = min(max(x1, x2), frame.width) - max(min(x1, x2), 0)
            down = min(max(y1, y2), frame.height) - max(min(y1, y2), 0)
            area += max(across, 0) * max(down, 0)
    return float(area / max(frame.width * frame.height, 1))


def is_garbage(glyphs: list[Glyph]) -> bool:
    """Return whether letters are not what is shown: fonts whose codes were never told, or told wrongly."""
    told = [glyph for glyph in glyphs if glyph.text != " "]
    odd = sum(glyph.unmapped or is_odd(glyph.text[0]) for glyph in told)
    if odd > 0.2 * len(told):
        return True
    letters = [letter for glyph in told for letter in glyph.text if letter.isalpha()]
    latin = [each for letter in letters if (each := unicodedata.normalize("NFD", letter)[0].lower()).isascii()]
    readable = sum(glyph.text[0].isalnum() for glyph in told)
    vowels = sum(letter in "aeiouy" for letter in latin)
    return len(told) > 60 and (readable < 0.45 * len(told) or (len(latin) > 100 and vowels < 0.15 * len(latin)))


def is_odd(letter: str) -> bool:
    """Return whether a letter stands for nothing: of private use, unassigned, a control, or the mark of the unknown."""
    return letter == "\ufffd" or unicodedata.category(letter) in {"Co", "Cn", "Cc", "Cs"}


def pieces_of(glyphs: list[Glyph]) -> list[Piece]:
    """Return the words of letters in the order of reading."""
    letters = [letter for glyph in glyphs for letter in glyph.text if letter.isalpha()]
    from_right = sum(map(is_rtl, letters)) * 2 > len(letters)
    found: list[Piece] = []
    for line in lines_of(glyphs):
        pieces = [piece_of(word, from_right=from_right) for word in words_of_line(line)]
        found += in_reading_order(pieces, from_right=from_right)
        if len(found) >= MOST_WORDS:
            break
    return found[:MOST_WORDS]


def is_within(piece: Piece, frame: Frame) -> bool:
    """Return whether a word lies on the page and is large enough to be read."""
    x, y = (piece.left + piece.right) / 2, (piece.top + piece.bottom) / 2
    is_on_page = 0 <= x <= frame.width and 0 <= y <= frame.height
    return is_on_page and min(piece.em, piece.bottom - piece.top) >= SMALLEST


def flattened(document: Any, page: Any, number: int) -> Any:
    """Return a page with what was filled into its form drawn upon it, as it is shown."""
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), 1000)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if kind in {pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP}:
            if pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS:
                pdfium.FPDF_ClosePage(page)
                return pdfium.FPDF_LoadPage(document, number)
            break
    return page


def told(page: Any) -> dict[str, Any]:
    """Return what is known of a page: its size, words and hidden words, and where these are from."""
    frame = Frame(page)
    answer: dict[str, Any] = {"width": frame.width, "height": frame.height, "source": "", "is_blank": True}
    answer |= {"words": [], "hidden": []}
    if frame.width <= 0 or frame.height <= 0:
        return answer
    text_page = pdfium.FPDFText_LoadPage(page)
    glyphs = list(glyphs_of(text_page, frame)) if text_page else []
    picture, share = Picture(page, frame), pictured(page, frame)
    seen = [glyph for glyph in glyphs if not glyph.style.is_invisible]
    unseen = pieces_of([glyph for glyph in glyphs if glyph.style.is_invisible])
    shown: list[Piece] = []
    for piece in pieces_of(seen):
        (shown if is_within(piece, frame) and picture.shows(piece) else unseen).append(piece)
    answer["is_blank"] = picture.is_blank
    source = source_of(glyphs, shown, unseen, share)
    if source == "ocr":  # the words of a scan lie unseen over its picture
        shown, unseen = pieces_of(glyphs), []
    if source:
        answer["source"] = source
        answer["words"] = [[piece.text, *frame.fractions(piece)] for piece in shown]
    answer["hidden"] = [[piece.text, *frame.fractions(piece)] for piece in unseen]
    pdfium.FPDFText_ClosePage(text_page)
    return answer


def source_of(glyphs: list[Glyph], shown: list[Piece], unseen: list[Piece], share: float) -> str:
    """Return where a page's words are to be taken from; empty where its picture must be read."""
    is_scan = share >= PICTURED and len(shown) < FEW
    if is_garbage(glyphs):
        return ""
    if is_scan:
        return "ocr" if len(unseen) > max(len(shown), FEW) else ""
    return "text" if shown else ""


def main(content: bytes) -> None:
    """Write what is known of each page."""
    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2))
    document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    for number in range(min(pdfium.FPDF_GetPageCount(document), MOST_PAGES) if document else 0):
        page = pdfium.FPDF_LoadPage(document, number)
        if not page:
            continue
        page = flattened(document, page, number)
        sys.stdout.write(json.dumps({"number": number + 1, **told(page)}, ensure_ascii=True) + "\n")
        sys.stdout.flush()
        pdfium.FPDF_ClosePage(page)


if __name__ == "__main__":
    main(sys.stdin.buffer.read())
