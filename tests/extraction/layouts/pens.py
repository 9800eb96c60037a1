"""What draws the layouts: text, rules and surfaces from the upper left corner, in points, mirrored for Arabic.

Two ways in which Arabic gets into a PDF are drawn: in joined forms in the order in which they are seen, as most programs
leave it, and in logical order, as our own papers have it.
"""

from __future__ import annotations

import io
import unicodedata
from functools import cache
from pathlib import Path
from typing import Protocol

import reportlab
from bidi.algorithm import get_display
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import invoicing.pdf
from invoicing.pdf.layout import MM, Sheet, Style

A4 = (595.0, 842.0)
LETTER = (612.0, 792.0)
STANDARD = {
    "helvetica": ("Helvetica", "Helvetica-Bold"),
    "times": ("Times-Roman", "Times-Bold"),
    "courier": ("Courier", "Courier-Bold"),
}
FILES = {
    "vera": (Path(reportlab.__file__).parent / "fonts", "Vera.ttf", "VeraBd.ttf"),
    "vazirmatn": (Path(invoicing.pdf.__file__).parent / "fonts_data", "Vazirmatn-Regular.ttf", "Vazirmatn-Bold.ttf"),
}
MIRRORED = {"left": "right", "right": "left", "centre": "centre"}


class Pen(Protocol):
    """Draws on pages of a size. ``mirrored`` puts everything from the right."""

    size: tuple[float, float]
    mirrored: bool

    def text(self, x: float, y: float, text: str, size: float = 9, *, bold: bool = False, align: str = "left") -> None:
        """Write on one line whose baseline is ``y``."""
        ...

    def rule(self, x: float, y: float, x2: float, y2: float, weight: float = 0.6) -> None:
        """Draw a level or an upright rule."""
        ...

    def surface(self, x: float, y: float, width: float, height: float, grey: float = 0.9) -> None:
        """Fill a rectangle."""
        ...

    def width(self, text: str, size: float = 9, *, bold: bool = False) -> float:
        """Return how wide a text is."""
        ...

    def next_page(self) -> None:
        """Go on on a new page."""
        ...

    def pdf(self) -> bytes:
        """Return the file."""
        ...


@cache
def faces(family: str) -> tuple[str, str]:
    """Return the names of a family's plain and bold faces."""
    if family in STANDARD:
        return STANDARD[family]
    folder, *files = FILES[family]
    names = []
    for file in files:
        names.append(Path(file).stem)
        pdfmetrics.registerFont(TTFont(names[-1], str(folder / file)))
    return names[0], names[1]


@cache
def forms() -> dict[tuple[str, str], str]:
    """Return the joined form of each Arabic letter by its name and place: isolated, initial, medial, final."""
    found = {}
    for code in range(0xFE80, 0xFEFD):
        kind, _space, letters = unicodedata.decomposition(chr(code)).partition(" ")
        found["".join(chr(int(each, 16)) for each in letters.split()), kind.strip("<>")] = chr(code)
    return found


def joined(text: str) -> str:
    """Return Arabic letters in their joined forms, lam and alef as one."""
    units: list[str] = []
    for letter in text:
        if units and units[-1] == "\u0644" and ("\u0644" + letter, "isolated") in forms():
            units[-1] += letter
        else:
            units.append(letter)
    out = []
    for at, unit in enumerate(units):
        before = at > 0 and (units[at - 1], "initial") in forms() and (unit, "final") in forms()
        after = at + 1 < len(units) and (unit, "initial") in forms() and (units[at + 1], "final") in forms()
        kind = {(False, False): "isolated", (False, True): "initial", (True, True): "medial", (True, False): "final"}
        out.append(forms().get((unit, kind[before, after]), unit))
    return "".join(out)


def is_arabic(text: str) -> bool:
    """Return whether a text has Arabic letters."""
    return any("\u0621" <= letter <= "\u064a" for letter in text)


class PlainPen:
    """Draws by reportlab's canvas in one family; Arabic in joined forms, in the order in which it is seen."""

    def __init__(self, family: str, size: tuple[float, float] = A4, *, mirrored: bool = False) -> None:
        self.size, self.mirrored, self.faces = size, mirrored, faces(family)
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=size, invariant=1)

    def at(self, x: float) -> float:
        """Return the place from the left."""
        return self.size[0] - x if self.mirrored else x

    def shown(self, text: str) -> str:
        """Return a text as it is seen from left to right."""
        return str(get_display(joined(text), base_dir="R")) if is_arabic(text) else text

    def text(self, x: float, y: float, text: str, size: float = 9, *, bold: bool = False, align: str = "left") -> None:
        """Write on one line whose baseline is ``y``."""
        self.canvas.setFont(self.faces[bold], size)
        draw = {"left": "drawString", "right": "drawRightString", "centre": "drawCentredString"}
        side = MIRRORED[align] if self.mirrored else align
        getattr(self.canvas, draw[side])(self.at(x), self.size[1] - y, self.shown(text))

    def rule(self, x: float, y: float, x2: float, y2: float, weight: float = 0.6) -> None:
        """Draw a level or an upright rule."""
        self.canvas.setLineWidth(weight)
        self.canvas.line(self.at(x), self.size[1] - y, self.at(x2), self.size[1] - y2)

    def surface(self, x: float, y: float, width: float, height: float, grey: float = 0.9) -> None:
        """Fill a rectangle."""
        self.canvas.setFillGray(grey)
        left = self.at(x + width) if self.mirrored else x
        self.canvas.rect(left, self.size[1] - y - height, width, height, stroke=0, fill=1)
        self.canvas.setFillGray(0)

    def width(self, text: str, size: float = 9, *, bold: bool = False) -> float:
        """Return how wide a text is."""
        return float(pdfmetrics.stringWidth(joined(text), self.faces[bold], size))

    def next_page(self) -> None:
        """Go on on a new page."""
        self.canvas.showPage()

    def pdf(self) -> bytes:
        """Return the file."""
        self.canvas.save()
        return self.out.getvalue()


class LogicalPen:
    """Draws by the sheet of our own papers: Arabic in logical order, its letters as they are typed."""

    def __init__(self, size: tuple[float, float] = A4, *, mirrored: bool = False) -> None:
        self.size, self.mirrored = size, mirrored
        self.sheet = Sheet(
            page=(size[0] / MM, size[1] / MM), rtl=mirrored, first_top=0, next_top=0, bottom=size[1] / MM
        )
        self.sheet.next_page()

    def style(self, size: float, *, bold: bool) -> Style:
        """Return a style whose line begins at its baseline."""
        return Style("bold" if bold else "regular", size, size, "#111111")

    def text(self, x: float, y: float, text: str, size: float = 9, *, bold: bool = False, align: str = "left") -> None:
        """Write on one line whose baseline is ``y``."""
        style = self.style(size, bold=bold)
        sides = {"left": "start", "right": "end", "centre": "centre"}
        self.sheet.text(x / MM, (y - style.drop) / MM, text, style, sides[align], int(is_arabic(text)))  # type: ignore[arg-type]

    def rule(self, x: float, y: float, x2: float, y2: float, weight: float = 0.6) -> None:
        """Draw a level or an upright rule."""
        if y == y2:
            self.sheet.rule(x / MM, x2 / MM, y / MM, weight, "#222222")
        else:
            self.sheet.upright(x / MM, y / MM, y2 / MM, weight, "#222222")

    def surface(self, x: float, y: float, width: float, height: float, grey: float = 0.9) -> None:
        """Fill a rectangle."""
        shade = f"{round(grey * 255):02x}"
        self.sheet.surface(x / MM, y / MM, width / MM, height / MM, 0, f"#{shade * 3}")

    def width(self, text: str, size: float = 9, *, bold: bool = False) -> float:
        """Return how wide a text is."""
        return self.sheet.width(text, self.style(size, bold=bold)) * MM

    def next_page(self) -> None:
        """Go on on a new page."""
        self.sheet.next_page()

    def pdf(self) -> bytes:
        """Return the file."""
        return self.sheet.to_pdf(title="", author="", language="ar", day=None)
