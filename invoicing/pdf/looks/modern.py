"""The look *modern*: wide margins, tinted surfaces, no frames."""

from __future__ import annotations

from invoicing.pdf.colours import Palette
from invoicing.pdf.content import PaperSize
from invoicing.pdf.looks.look import PAGES, Look, Styles, TableLook


def modern(size: PaperSize, colours: Palette) -> Look:
    """Return the look *modern* on a size of page."""
    return Look(
        name="modern",
        page=PAGES[size],
        margin=16.0,
        hang=5.0,
        first_top=14.6,
        next_top=30.0,
        foot=25.0,
        foot_end=10.0,
        totals=74.0,
        closing_gap=10.0,
        table=TableLook(
            gap=2.0,
            padding=2.5,
            under_head=1.8,
            carry=8.6,
            narrowest_description=36.0,
            sizes=(9.0, 8.5, 8.0, 7.5, 7.0, 6.0, 5.0, 4.0),
        ),
        styles=Styles(colours),
        colours=colours,
    )
