"""The sheet: pages on which lines of text, rules and surfaces are put, mirrored for Arabic.

Measures are millimetres, x from the start edge (left, or right on an Arabic page), y from the top;
sizes of type are points. Pages are kept as lists of operators until the end, when their number is
known, so that every foot can say *page x of y*.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import xObjectName
from reportlab.pdfgen.canvas import Canvas

from invoicing.pdf.colours import operands
from invoicing.pdf.embedding import PACKING, EmbeddedFont
from invoicing.pdf.images import Packed, packed
from invoicing.pdf.runs import Run
from invoicing.pdf.text import Line, lines

# Base 85 would make every stream a quarter larger for nothing; the other two keep the bytes the same.
rl_config.useA85 = 0
rl_config.invariant = 1
rl_config.pdfComments = 0

MM: Final = 72 / 25.4
# Vazirmatn's ascent and descent put the baseline this far below the middle of the line, in em.
BASELINE: Final = 0.244
LOGO: Final = "logo"
RESOURCES: Final = {"regular": "F1", "bold": "F2"}

Align = Literal["start", "end", "centre"]


@dataclass(frozen=True, slots=True)
class Style:
    """A weight, a size and leading in points, and a colour; `tracking` is put after each letter but Arabic's.

    What every line asks for is reckoned once: `pitch`, the height of one in millimetres, `drop`, how far its
    baseline is from its top in points, and the operator that sets the font.
    """

    weight: str
    size: float
    leading: float
    colour: str
    tracking: float = 0.0
    pitch: float = field(init=False, repr=False, compare=False)
    drop: float = field(init=False, repr=False, compare=False)
    font: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Reckon what follows from size and leading."""
        object.__setattr__(self, "pitch", self.leading / MM)
        object.__setattr__(self, "drop", self.leading / 2 + BASELINE * self.size)
        object.__setattr__(self, "font", f"/{RESOURCES[self.weight]} {self.size:.2f} Tf")

    def sized(self, size: float) -> Style:
        """Return the style at another size, its leading in proportion."""
        return replace(self, size=size, leading=self.leading * size / self.size)


@dataclass(frozen=True, slots=True)
class Block:
    """Something of a known height that can be drawn at a height of the page."""

    height: float
    draw: Callable[[float], object]


class _Canvas(Canvas):  # type: ignore[misc]  # reportlab has no types
    """A canvas that does not name Helvetica on every page: all fonts must be embedded."""

    def _make_preamble(self) -> None:
        self._preamble = ""

    def write_page(self, content: bytes) -> None:
        """Add a page of operators as they are, packed."""
        packed = zlib.compress(content, PACKING)
        head = f"<< /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode("ascii")
        self.showPage()
        pages = self._doc.Pages.pages
        pages[-1].Contents = self._doc.Reference(head + packed + b"\nendstream", f"content{len(pages)}")


class _Page:
    """A page's operators, and the colours that are set where they end.

    Surfaces lie under everything else, whenever they are drawn: the mark under a page's text is over them.
    """

    __slots__ = ("fill", "grounds", "operators", "stroke")

    def __init__(self) -> None:
        self.operators: list[str] = []
        self.grounds: list[str] = []
        self.fill = self.stroke = ""


class Sheet:
    """The pages of one document while they are drawn."""

    def __init__(
        self,
        *,
        page: tuple[float, float],
        rtl: bool,
        first_top: float,
        next_top: float,
        bottom: float,
        dress: Callable[[int], None] = lambda _: None,
    ) -> None:  # fmt: skip - the measures belong together
        """Begin without a page; one is `page` wide and high, `dress` draws what each has under its text."""
        self.page_width, self.page_height = page
        self.rtl = rtl
        self.base = 1 if rtl else 0
        self.first_top = first_top
        self.next_top = next_top
        self.bottom = bottom
        self.fonts = {weight: EmbeddedFont(weight, resource) for weight, resource in RESOURCES.items()}
        self.pages: list[_Page] = []
        self._page = _Page()
        self._at = -1
        # Whether the page says everything in two scripts.
        self.both = False
        # Where the last text stood, and in which script.
        self._last_shown: tuple[float, str] = (0.0, "")
        self._same: dict[str, tuple[list[str], tuple[str, str], tuple[float, str]]] = {}
        self._images: dict[int, list[tuple[float, float, float, float]]] = {}
        self._image: Packed | None = None
        self.dress = dress

    # -- pages ---------------------------------------------------------------------------------------

    @property
    def page(self) -> int:
        """The page that is drawn on, counted from 0."""
        return self._at

    @page.setter
    def page(self, at: int) -> None:
        self._at = at
        self._page = self.pages[at]

    def next_page(self) -> float:
        """Go to the next page, which is made if need be, and return where its text begins."""
        if is_new := self._at + 1 == len(self.pages):
            self.pages.append(_Page())
        self.page += 1
        if is_new:
            self.dress(self.page)
        return self.first_top if self.page == 0 else self.next_top

    def flow(self, blocks: Sequence[Block], y: float) -> float:
        """Draw blocks one under the other, on further pages where they do not fit; return the end."""
        for block in blocks:
            if y + block.height > self.bottom and y > self.next_top:
                y = self.next_page()
            block.draw(y)
            y += block.height
        return y

    def flow_columns(self, columns: Sequence[Sequence[Block]], y: float) -> float:
        """Draw columns side by side from one height; return where the longest ends."""
        start = self.page
        ends = []
        for column in columns:
            self.page = start
            end = self.flow(column, y)
            ends.append((self.page, end))
        self.page, end = max(ends)
        return end

    def same(self, name: str, draw: Callable[[], object]) -> None:
        """Draw what stands in one place on several pages; only on the first of them it is reckoned."""
        page = self._page
        if name not in self._same:
            page.fill = page.stroke = ""
            start = len(page.operators)
            draw()
            self._same[name] = page.operators[start:], (page.fill, page.stroke), self._last_shown
            return
        operators, (page.fill, page.stroke), self._last_shown = self._same[name]
        page.operators += operators

    # -- text ----------------------------------------------------------------------------------------

    def wrap(self, text: str, style: Style, width: float | None = None, base: int | None = None) -> tuple[Line, ...]:
        """Break text into lines of at most `width` millimetres.

        `base` is 1 for a text that reads from right to left, 0 for one that does not, whatever the page does.
        """
        limit = None if width is None else width * MM * 1000 / style.size
        return lines(text, style.weight, limit, self.base if base is None else base)

    def width(self, text: str, style: Style) -> float:
        """Return the width of a text on one line, in millimetres."""
        wrapped = self.wrap(text, style)
        return self.extent(wrapped[0], style) if len(wrapped) == 1 else sum(self.extent(w, style) for w in wrapped)

    def number_width(self, text: str, style: Style) -> float:
        """Return the width of a number as `number` draws it, in millimetres."""
        run = self.fonts[style.weight].face.western(text)
        return self.width(text, style) if run is None or style.tracking else run.width * style.size / 1000 / MM

    def extent(self, line: Line, style: Style) -> float:
        """Return the width of one line in millimetres."""
        return _points(line, style) / MM

    def fitted(self, text: str, style: Style, width: float, smallest: float) -> Style:
        """Return the style at the largest size, not under `smallest`, at which a text fits one line."""
        wide = self.width(text, style)
        return style if wide <= width else style.sized(max(smallest, style.size * width / wide))

    def clipped(self, text: str, style: Style, width: float) -> str:
        """Return a text that fits one line, ended by an ellipsis if it had to be cut."""
        if self.width(text, style) <= width:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle] + "…", style) <= width:
                low = middle
            else:
                high = middle - 1
        return text[:low].rstrip() + "…"

    def put(self, x: float, y: float, line: Line, style: Style, align: Align = "start") -> None:
        """Draw one line in the line box whose top is `y`."""
        left = (self.page_width - x) * MM if self.rtl else x * MM
        if align == "centre":
            left -= _points(line, style) / 2
        elif (align == "start") == self.rtl:
            left -= _points(line, style)
        base = (self.page_height - y) * MM - style.drop
        if len(line.runs) > 1 or style.tracking:
            self._show(left, base, line, style)
        else:
            for run in line.runs:
                self._show_run(left, base, run, style, from_right=self.rtl or line.rtl)

    def text(
        self, x: float, y: float, text: str, style: Style, align: Align = "start", base: int | None = None
    ) -> None:
        """Draw a text on one line; `x` is its start or end as the page reads, whatever its own base is."""
        for line in self.wrap(text, style, base=base):
            self.put(x, y, line, style, align)

    def number(self, x: float, y: float, text: str, style: Style, block: float) -> None:
        """Draw a number that ends a column whose widest number is `block` millimetres wide.

        The digits stand at the right in both directions; on an Arabic page it is the block that stands
        at the left end of its column.
        """
        right = (self.page_width - x + block) * MM if self.rtl else x * MM
        base = (self.page_height - y) * MM - style.drop
        run = None if style.tracking else self.fonts[style.weight].face.western(text)
        if run is None:
            line = self.wrap(text, style)[0]
            self._show(right - _points(line, style), base, line, style)
        else:
            self._show_run(right - run.width * style.size / 1000, base, run, style, from_right=self.rtl)

    def pieces(
        self,
        x: float,
        y: float,
        pieces: Sequence[tuple[str, Style]],
        gap: float = 0.0,
        base: int | None = None,
    ) -> float:
        """Draw texts after each other on the first one's baseline; return where they end.

        They follow each other as the page reads, from the end edge on for a `base` that reads against it.
        """
        lead = pieces[0][1]
        against = base is not None and base != self.base
        align: Align = "end" if against else "start"
        for text, style in pieces:
            shift = (lead.leading - style.leading) / 2 + BASELINE * (lead.size - style.size)
            self.text(x, y + shift / MM, text, style, align, base)
            step = self.width(text, style) + gap
            x += -step if against else step
        return x + gap if against else x - gap

    def paragraph(self, x: float, y: float, wrapped: Sequence[Line], style: Style, align: Align = "start") -> float:
        """Draw lines under each other; return where they end."""
        for line in wrapped:
            self.put(x, y, line, style, align)
            y += style.pitch
        return y

    def watermark(self, text: str, size: float, colour: str) -> None:
        """Draw a word across the middle of the page, rising from the start edge."""
        line = lines(text, "bold", None, self.base)[0]
        # cos and sin of 32 degrees.
        cos, sin = 0.848, (-0.53 if self.rtl else 0.53)
        half, drop = line.width * size / 2000, 0.355 * size
        x = self.page_width / 2 * MM - half * cos + drop * sin
        y = self.page_height / 2 * MM - half * sin - drop * cos
        style = Style("bold", size, size, colour)
        self._show(x, y, line, style, f"{cos:.3f} {sin:.3f} {-sin:.3f} {cos:.3f} {x:.2f} {y:.2f} Tm")

    def _show_run(self, x: float, y: float, run: Run, style: Style, *, from_right: bool) -> None:
        """Draw a run that is a line by itself, as most are."""
        if from_right or self.both:
            self._part(x, y, run.script or ("" if from_right else "L"), style)
        if run.marks:
            self._fill_colour(style.colour)
            self._show_runs(x, y, (run,), style, "")
            return
        page = self._page
        if page.fill != style.colour:
            self._fill_colour(style.colour)
        page.operators.append(f"BT {style.font} {x:.2f} {y:.2f} Td [{self.fonts[style.weight].encode(run)}] TJ ET")

    def _show(self, x: float, y: float, line: Line, style: Style, place: str = "") -> None:
        self._fill_colour(style.colour)
        if style.tracking and not _tracked(line.runs, style):
            style = replace(style, tracking=0.0)
        from_right = self.rtl or line.rtl
        mixes = (from_right or self.both) and not place
        if not mixes or len(line.runs) == 1:
            if mixes:
                self._part(x, y, line.runs[0].script or ("" if from_right else "L"), style)
            self._show_runs(x, y, line.runs, style, place)
            return
        pieces = _pieces_by_script(line.runs)
        if not from_right:
            for runs in pieces:
                self._part(x, y, next((run.script for run in runs if run.script), "L"), style)
                self._show_runs(x, y, runs, style, "")
                x += sum(run.width for run in runs) * style.size / 1000
            return
        x += line.width * style.size / 1000
        for runs in reversed(pieces):
            script = next((run.script for run in runs if run.script), "")
            x -= sum(run.width for run in runs) * style.size / 1000
            self._part(x, y, script, style)
            self._show_runs(x, y, runs, style, "")

    def _part(self, x: float, y: float, script: str, style: Style) -> None:
        """Keep Latin and Arabic on one baseline apart for readers, by an unseen space on another one.

        pdfium takes what stands on one baseline for one line, and where Arabic prevails it reads the
        parts of an IBAN, an address or a code backwards.
        """
        last_y, last_script = self._last_shown
        same = abs(last_y - y) < style.size
        if same and script and last_script and script != last_script:
            font = self.fonts[style.weight]
            operands = font.encode(font.face.separator)
            self._emit(f"BT /{font.resource} 1 Tf 3 Tr {x:.2f} {y + 3 * style.size:.2f} Td [{operands}] TJ 0 Tr ET")
        self._last_shown = (y, script or (last_script if same else ""))

    def _show_runs(self, x: float, y: float, runs: Sequence[Run], style: Style, place: str) -> None:
        font = self.fonts[style.weight]
        operands = font.encode(runs[0]) if len(runs) == 1 else "".join(map(font.encode, runs))
        if not operands:
            return
        place = place or f"{x:.2f} {y:.2f} Td"
        track, untrack = (f"{style.tracking} Tc ", " 0 Tc") if style.tracking else ("", "")
        self._emit(f"BT {style.font} {track}{place} [{operands}] TJ{untrack} ET")
        if runs[0].marks if len(runs) == 1 else any(run.marks for run in runs):
            self._show_marks(x, y, runs, style)

    def _show_marks(self, x: float, y: float, runs: Sequence[Run], style: Style) -> None:
        font = self.fonts[style.weight]
        em = style.size / 1000
        scale = em * font.face.scale
        for run in runs:
            for mark in run.marks:
                at = f"{x + mark.x * em:.2f} {y + mark.y * em:.2f}"
                self._emit(f"q {scale:.5f} 0 0 {scale:.5f} {at} cm {font.face.outline(mark.gid)} f Q")
            x += run.width * em

    # -- rules and surfaces --------------------------------------------------------------------------

    def rule(self, x1: float, x2: float, y: float, points: float, colour: str) -> None:
        """Draw a horizontal rule, its weight in points."""
        self._stroke_colour(colour)
        left, right = sorted((self._x(x1), self._x(x2)))
        height = (self.page_height - y) * MM
        self._emit(f"{points} w {left:.2f} {height:.2f} m {right:.2f} {height:.2f} l S")

    def upright(self, x: float, y1: float, y2: float, points: float, colour: str) -> None:
        """Draw a vertical rule, its weight in points."""
        self._stroke_colour(colour)
        top, bottom = (self.page_height - y1) * MM, (self.page_height - y2) * MM
        self._emit(f"{points} w {self._x(x):.2f} {top:.2f} m {self._x(x):.2f} {bottom:.2f} l S")

    def surface(self, x: float, y: float, width: float, height: float, radius: float, colour: str) -> None:
        """Fill a rectangle with round corners, under all that is drawn on the page."""
        self._page.grounds.append(f"{operands(colour)} rg {self._rounded(x, y, width, height, radius)} f")

    def outline(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        points: float,
        colour: str,
        radius: float = 0.0,
        dashed: bool = False,
    ) -> None:  # fmt: skip - the measures belong together
        """Draw a rectangle's outline, its weight in points."""
        self._stroke_colour(colour)
        path = self._rounded(x, y, width, height, radius)
        dash, undash = ("[2 1.5] 0 d ", " [] 0 d") if dashed else ("", "")
        self._emit(f"{points} w {dash}{path} S{undash}")

    def code(self, x: float, y: float, size: float, side: int, image: str) -> None:
        """Draw a QR code `size` wide on white; it is never mirrored."""
        quiet = 4 * size / side
        self._fill_colour("#FFFFFF")
        self._emit(f"{self._rounded(x - quiet, y - quiet, size + 2 * quiet, size + 2 * quiet, 0)} f")
        self._fill_colour("#000000")
        left = self._x(x + size) if self.rtl else self._x(x)
        bottom = (self.page_height - y - size) * MM
        self._emit(f"q {size * MM:.3f} 0 0 {size * MM:.3f} {left:.2f} {bottom:.2f} cm\n{image}\nQ")

    def load_image(self, data: bytes) -> tuple[int, int] | None:
        """Take the document's one image; return its size in pixels, None if it cannot be read."""
        self._image = packed(data)
        return self._image.size if self._image else None

    def image(self, x: float, y: float, width: float, height: float) -> None:
        """Draw the loaded image in a box, which it fills."""
        left = self._x(x + width) if self.rtl else self._x(x)
        bottom = (self.page_height - y - height) * MM
        self._images.setdefault(self._at, []).append((left, bottom, width * MM, height * MM))

    def _rounded(self, x: float, y: float, width: float, height: float, radius: float) -> str:
        left = self._x(x + width) if self.rtl else self._x(x)
        top = (self.page_height - y) * MM
        right, bottom = left + width * MM, top - height * MM
        if not radius:
            return f"{left:.2f} {bottom:.2f} {width * MM:.2f} {height * MM:.2f} re"
        r = radius * MM
        k = r * 0.4477
        return (
            f"{left + r:.2f} {bottom:.2f} m {right - r:.2f} {bottom:.2f} l "
            f"{right - k:.2f} {bottom:.2f} {right:.2f} {bottom + k:.2f} {right:.2f} {bottom + r:.2f} c "
            f"{right:.2f} {top - r:.2f} l "
            f"{right:.2f} {top - k:.2f} {right - k:.2f} {top:.2f} {right - r:.2f} {top:.2f} c "
            f"{left + r:.2f} {top:.2f} l "
            f"{left + k:.2f} {top:.2f} {left:.2f} {top - k:.2f} {left:.2f} {top - r:.2f} c "
            f"{left:.2f} {bottom + r:.2f} l "
            f"{left:.2f} {bottom + k:.2f} {left + k:.2f} {bottom:.2f} {left + r:.2f} {bottom:.2f} c h"
        )

    def _x(self, x: float) -> float:
        return (self.page_width - x if self.rtl else x) * MM

    def _emit(self, operators: str) -> None:
        self._page.operators.append(operators)

    def _fill_colour(self, colour: str) -> None:
        if self._page.fill != colour:
            self._page.fill = colour
            self._emit(f"{operands(colour)} rg")

    def _stroke_colour(self, colour: str) -> None:
        if self._page.stroke != colour:
            self._page.stroke = colour
            self._emit(f"{operands(colour)} RG")

    # -- the file ------------------------------------------------------------------------------------

    def to_pdf(self, *, title: str, author: str, language: str, day: date | None) -> bytes:
        """Return the pages as a PDF file; the same pages give the same bytes."""
        canvas = _Canvas(
            io.BytesIO(),
            pagesize=(self.page_width * MM, self.page_height * MM),
            pageCompression=1,
            invariant=1,
            lang=language,
        )
        canvas.setTitle(title)
        canvas.setAuthor(author)
        canvas.setSubject(title)
        canvas.setCreator("Invoicing")
        if day is not None:
            canvas._doc._timeStamp.YMDhms = (day.year, day.month, day.day, 0, 0, 0)
        for number, page in enumerate(self.pages):
            content: list[str] = []
            for left, bottom, width, height in self._images.get(number, ()):
                canvas._formsinuse.append(LOGO)
                place = f"{width:.2f} 0 0 {height:.2f} {left:.2f} {bottom:.2f}"
                content.append(f"q {place} cm /{xObjectName(LOGO)} Do Q")
            canvas.write_page("\n".join([*content, *page.grounds, *page.operators]).encode("latin-1"))
        if self._image and self._images:
            self._image.add_to(canvas._doc, LOGO)
        for font in self.fonts.values():
            font.add_to(canvas._doc)
        data: bytes = canvas.getpdfdata()
        return data


def _tracked(runs: Sequence[Run], style: Style) -> bool:
    """Return whether letters are set closer: Arabic ones, which join, never are."""
    return bool(style.tracking) and not any(run.script == "R" for run in runs)


def _points(line: Line, style: Style) -> float:
    """Return the width of a line in points."""
    wide = line.width * style.size / 1000
    if style.tracking and _tracked(line.runs, style):
        wide += style.tracking * (sum(len(run.gids) for run in line.runs) - 1)
    return wide


def _pieces_by_script(runs: Sequence[Run]) -> list[list[Run]]:
    """Divide a line's runs where Latin letters meet Arabic ones; numbers stay with what is beside them."""
    if len(runs) == 1:
        return [list(runs)]
    pieces: list[list[Run]] = []
    current = ""
    for run in runs:
        if pieces and (not run.script or not current or run.script == current):
            pieces[-1].append(run)
        else:
            pieces.append([run])
            current = ""
        current = run.script or current
    return pieces
