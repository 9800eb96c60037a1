"""What a look is: measures in millimetres, styles in points, the same for every paper that wears it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from invoicing.pdf.colours import Palette
from invoicing.pdf.content import LookName, PaperSize
from invoicing.pdf.layout import Style

PAGES: Final[dict[PaperSize, tuple[float, float]]] = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
TRACKING: Final = -0.3

Dress = Literal["open", "boxed", "striped"]
# A column's width in millimetres by its key, in their order; 0 takes what the others leave.
ColumnSet = Mapping[str, float]


class Styles:
    """The styles of one document in its colours: those of the look *modern*, which others change."""

    def __init__(self, colours: Palette) -> None:
        self._set_top(colours)
        self._set_parties(colours)
        self._set_table(colours)
        self._set_sums(colours)
        self._set_end(colours)

    def _set_top(self, colours: Palette) -> None:
        self.title = Style("bold", 24, 26, colours.accent, TRACKING)
        self.number = Style("regular", 10, 14, colours.ink)
        self.letterhead = Style("bold", 14, 18, colours.ink)
        self.sender_name = Style("bold", 12, 15, colours.ink)
        self.sender = Style("regular", 8.5, 12, colours.soft)
        self.chip = Style("bold", 8, 12, colours.ink)
        self.chip_sentence = Style("regular", 8, 12, colours.ink)
        self.hero_label = Style("regular", 7.5, 10, colours.label)
        self.hero_value = Style("bold", 9.5, 12.5, colours.ink)
        self.hero_amount = Style("bold", 15, 18, colours.accent)
        self.meta_label = Style("regular", 8.5, 12, colours.soft)
        self.meta_value = Style("bold", 8.5, 12, colours.ink)
        self.meta_amount_label = Style("bold", 8.5, 12, colours.ink)
        self.meta_amount = Style("bold", 11, 14, colours.accent)
        self.running = Style("regular", 8, 12, colours.soft)
        self.running_bold = Style("bold", 8, 12, colours.ink)

    def _set_parties(self, colours: Palette) -> None:
        self.caption = Style("bold", 7.5, 11, colours.accent)
        self.name = Style("bold", 10.5, 14, colours.ink)
        self.address = Style("regular", 8.5, 12.5, colours.ink)
        self.id_label = Style("regular", 8, 11.5, colours.label)
        self.id_value = Style("regular", 8, 11.5, colours.ink)
        self.contact = Style("regular", 8, 11.5, colours.soft)

    def _set_table(self, colours: Palette) -> None:
        self.head = Style("bold", 7.5, 10, colours.soft)
        self.head_unit = Style("regular", 7.5, 10, colours.soft)
        self.row = Style("regular", 9, 12.5, colours.ink)
        self.row_name = Style("bold", 9, 12.5, colours.ink)
        self.row_amount = Style("regular", 9, 12.5, colours.ink)
        self.row_code = Style("regular", 9, 12.5, colours.ink)
        self.row_soft = Style("regular", 8, 11.5, colours.soft)
        self.row_under = Style("regular", 7.5, 11, colours.soft)
        self.carry = Style("bold", 8.5, 12.5, colours.soft)

    def _set_sums(self, colours: Palette) -> None:
        self.tax_head = Style("bold", 7, 10, colours.soft)
        self.tax_row = Style("regular", 8, 11.5, colours.ink)
        self.legal = Style("regular", 7.5, 11.5, colours.soft)
        self.total_label = Style("regular", 9, 12.5, colours.soft)
        self.total_value = Style("regular", 9, 12.5, colours.ink)
        self.due_label = Style("bold", 9, 12.5, colours.ink)
        self.due_value = Style("bold", 9, 12.5, colours.ink)
        self.grand_label = Style("bold", 10, 14, colours.ink)
        self.grand_currency = Style("regular", 8.5, 14, colours.ink)
        self.grand_value = Style("bold", 14, 18, colours.accent)
        self.other_currency = Style("regular", 8, 11.5, colours.soft)

    def _set_end(self, colours: Palette) -> None:
        self.body = Style("regular", 8.5, 12.5, colours.ink)
        self.words_label = Style("regular", 8.5, 12.5, colours.label)
        self.words = Style("bold", 8.5, 12.5, colours.ink)
        self.bank_label = Style("regular", 8, 12, colours.label)
        self.bank_value = Style("regular", 8, 12, colours.ink)
        self.under_code = Style("regular", 7, 9, colours.soft)
        self.signature = Style("regular", 7.5, 11, colours.soft)
        self.foot = Style("regular", 7, 10.5, colours.label)
        self.foot_name = Style("bold", 7, 10.5, colours.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLook:
    """The measures of a table of lines.

    `gap` is what a column leaves to the next one, `inset` what stands free at both its sides, `padding`
    above and below a row's text; `above_head` and `under_head` stand between the head and its rules.
    `sizes` are the type sizes to try until the table fits, the usual one first. Heads of two lines are
    for looks that wrap them; others make the column wider. `columns` are the usual ones, `tight` those
    beside two optional ones or more, `saudi` those of a Saudi seller, whose lines state tax and total.
    """

    dress: Dress = "open"
    columns: ColumnSet = field(default_factory=dict)
    tight: ColumnSet | None = None
    saudi: ColumnSet | None = None
    gap: float = 0.0
    inset: float = 0.0
    padding: float
    above_head: float = 0.0
    under_head: float
    wraps_heads: bool = False
    carry: float
    narrowest_description: float = 36.0
    sizes: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The measures of one look on one size of page.

    Text stands `margin` inside the page's edges; filled surfaces hang `hang` outside of that. It ends
    `foot` above the page's lower edge, and the foot's own text `foot_end` above it, under a rule at
    `foot_rule` above that text. The closing begins `start_gap` and `end_gap` under the table; beside
    the totals, `totals` wide, `closing_gap` is left. `party_gaps` stand under a party's caption, name
    and address. On the first page the table begins `table_gap` under what stands above it, but not above
    `table_top`. `bank_gap` stands between a code and the bank's details, whose labels take `bank_label`.
    """

    name: LookName
    page: tuple[float, float]
    margin: float
    hang: float = 0.0
    first_top: float
    next_top: float
    running_top: float
    foot: float
    foot_end: float
    foot_rule: float
    foot_centred: bool = False
    party_gaps: tuple[float, float, float]
    ids_beside_labels: bool = False
    table_top: float
    table_gap: float
    totals: float
    closing_gap: float
    start_gap: float
    end_gap: float
    notes_gap: float
    terms_in_meta: bool = False
    bank_gap: float = 5.0
    bank_label: float = 12.0
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
