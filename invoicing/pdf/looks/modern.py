"""The look *modern*: wide margins, tinted surfaces, no frames."""

from __future__ import annotations

from invoicing.pdf.colours import Palette
from invoicing.pdf.content import PaperSize
from invoicing.pdf.looks.look import PAGES, ColumnSet, Look, Styles, TableLook

COLUMNS: ColumnSet = {
    "sku": 20.0,
    "description": 0.0,
    "unit": 16.0,
    "quantity": 16.0,
    "price": 30.0,
    "discount": 15.0,
    "rate": 18.0,
    "amount": 34.0,
}


def modern(size: PaperSize, colours: Palette) -> Look:
    """Return the look *modern* on a size of page."""
    return Look(
        name="modern",
        page=PAGES[size],
        margin=16.0,
        hang=5.0,
        first_top=14.6,
        next_top=30.0,
        running_top=14.4,
        foot=25.0,
        foot_end=10.0,
        foot_rule=2.6,
        party_gaps=(0.9, 0.3, 1.1),
        table_top=110.0,
        table_gap=8.0,
        totals=74.0,
        closing_gap=10.0,
        start_gap=5.0,
        end_gap=5.0,
        notes_gap=7.0,
        table=TableLook(
            dress="open",
            columns=COLUMNS,
            tight={**COLUMNS, "quantity": 13.0, "price": 24.0, "rate": 13.0, "amount": 28.0},
            gap=2.0,
            padding=2.5,
            under_head=1.8,
            carry=8.6,
            sizes=(9.0, 8.5, 8.0, 7.5, 7.0, 6.0, 5.0, 4.0),
        ),
        styles=Styles(colours),
        colours=colours,
    )
