"""The look *modern* of a page in two languages: words twice, numbers once."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from invoicing.pdf.colours import Palette
from invoicing.pdf.content import PaperSize
from invoicing.pdf.layout import Style
from invoicing.pdf.looks.look import Look, Styles
from invoicing.pdf.looks.modern import modern

# The type of the table's rows, the usual size first.
SIZES: Final = (8.5, 8.0, 7.5, 7.0, 6.0, 5.0, 4.0, 3.5)


class BilingualStyles(Styles):
    """Styles a little smaller than those of *modern*: everything is said twice."""

    def __init__(self, colours: Palette) -> None:
        super().__init__(colours)
        ink, soft, quiet, accent = colours.ink, colours.soft, colours.label, colours.accent
        self.title_beside = Style("bold", 12, 15, accent)
        self.letterhead_beside = Style("bold", 12, 16, ink)
        self.id_label = Style("regular", 8, 12.5, quiet)
        self.id_value = Style("bold", 8, 12.5, ink)
        self.contact = Style("regular", 8, 12.5, soft)
        self.head = Style("bold", 7.5, 11.5, soft)
        self.row = Style("regular", 8.5, 12, ink)
        self.row_name = Style("bold", 8.5, 12, ink)
        self.row_soft = Style("regular", 7.5, 11, soft)
        self.words = Style("regular", 8, 12, ink)
        self.bank_label = Style("regular", 8, 13, quiet)
        self.bank_value = Style("regular", 8, 13, ink)


def bilingual(size: PaperSize, colours: Palette) -> Look:
    """Return the look of a page in two languages on a size of paper."""
    look = modern(size, colours)
    return replace(
        look,
        totals=118.0,
        table=replace(look.table, padding=2.0, carry=8.0, narrowest_description=36.0, sizes=SIZES),
        styles=BilingualStyles(colours),
    )
