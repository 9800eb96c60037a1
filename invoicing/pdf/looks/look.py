"""What a look is: measures in millimetres, styles in points, the same for every paper that wears it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from invoicing.pdf.colours import Palette
from invoicing.pdf.content import LookName, PaperSize
from invoicing.pdf.layout import Style

PAGES: Final[dict[PaperSize, tuple[float, float]]] = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}


class Styles:
    """The styles of one document in its colours: those of the look *modern*, which others change."""

    def __init__(self, colours: Palette) -> None:
        ink, soft, quiet, accent = colours.ink, colours.soft, colours.label, colours.accent
        self.title = Style("bold", 24, 26, accent)
        self.number = Style("regular", 10, 14, ink)
        self.letterhead = Style("bold", 14, 18, ink)
        self.chip = Style("bold", 8, 12, ink)
        self.chip_sentence = Style("regular", 8, 12, ink)
        self.hero_label = Style("regular", 7.5, 10, quiet)
        self.hero_value = Style("bold", 9.5, 12.5, ink)
        self.hero_amount = Style("bold", 15, 18, accent)
        self.caption = Style("bold", 7.5, 11, accent)
        self.name = Style("bold", 10.5, 14, ink)
        self.address = Style("regular", 8.5, 12.5, ink)
        self.id_label = Style("regular", 8, 11.5, quiet)
        self.id_value = Style("regular", 8, 11.5, ink)
        self.contact = Style("regular", 8, 11.5, soft)
        self.head = Style("bold", 7.5, 10, soft)
        self.head_unit = Style("regular", 7.5, 10, soft)
        self.row = Style("regular", 9, 12.5, ink)
        self.row_name = Style("bold", 9, 12.5, ink)
        self.row_soft = Style("regular", 8, 11.5, soft)
        self.row_under = Style("regular", 7.5, 11, soft)
        self.carry = Style("bold", 8.5, 12.5, soft)
        self.tax_head = Style("bold", 7, 10, soft)
        self.tax_row = Style("regular", 8, 11.5, ink)
        self.legal = Style("regular", 7.5, 11.5, soft)
        self.total_label = Style("regular", 9, 12.5, soft)
        self.total_value = Style("regular", 9, 12.5, ink)
        self.grand_label = Style("bold", 10, 14, ink)
        self.grand_currency = Style("regular", 8.5, 14, ink)
        self.grand_value = Style("bold", 14, 18, accent)
        self.other_currency = Style("regular", 8, 11.5, soft)
        self.body = Style("regular", 8.5, 12.5, ink)
        self.bank_label = Style("regular", 8, 12, quiet)
        self.bank_value = Style("regular", 8, 12, ink)
        self.under_code = Style("regular", 7, 9, soft)
        self.foot = Style("regular", 7, 10.5, quiet)
        self.foot_name = Style("bold", 7, 10.5, quiet)
        self.running = Style("regular", 8, 12, soft)
        self.running_bold = Style("bold", 8, 12, ink)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLook:
    """The measures of a table of lines.

    `gap` is what a column leaves to the next one, `padding` stands above and below a row's text, `under_head`
    between head and rule. `sizes` are the type sizes to try until the table fits, the usual one first.
    """

    gap: float
    padding: float
    under_head: float
    carry: float
    narrowest_description: float
    sizes: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The measures of one look on one size of page.

    Text stands `margin` inside the page's edges; filled surfaces hang `hang` outside of that. It ends
    `foot` above the page's lower edge, and the foot itself `foot_end` above it. Beside the totals, `totals`
    wide, `closing_gap` is left.
    """

    name: LookName
    page: tuple[float, float]
    margin: float
    hang: float
    first_top: float
    next_top: float
    foot: float
    foot_end: float
    totals: float
    closing_gap: float
    table: TableLook
    styles: Styles
    colours: Palette

    @property
    def left(self) -> float:
        """Return where text begins, from the start edge."""
        return self.margin

    @property
    def right(self) -> float:
        """Return where text ends, from the start edge."""
        return self.page[0] - self.margin

    @property
    def width(self) -> float:
        """Return how wide text may be."""
        return self.page[0] - 2 * self.margin

    @property
    def bottom(self) -> float:
        """Return where text ends above a foot of two lines."""
        return self.page[1] - self.foot

    @property
    def closing(self) -> float:
        """Return the width of the column beside the totals."""
        return self.width - self.closing_gap - self.totals
