"""The look *classic*: a letterhead, frames around everything, a boxed table."""

from __future__ import annotations

from invoicing.pdf.colours import Palette
from invoicing.pdf.content import PaperSize
from invoicing.pdf.layout import Style
from invoicing.pdf.looks.look import PAGES, TRACKING, Look, Styles, TableLook


class ClassicStyles(Styles):
    """The styles of the look *classic*."""

    def _set_top(self, colours: Palette) -> None:
        super()._set_top(colours)
        self.title = Style("bold", 18, 24, colours.accent, TRACKING)

    def _set_parties(self, colours: Palette) -> None:
        super()._set_parties(colours)
        self.id_label = Style("regular", 8.5, 12.5, colours.label)
        self.id_value = Style("regular", 8.5, 12.5, colours.ink)

    def _set_table(self, colours: Palette) -> None:
        self.head = Style("bold", 7.5, 10, colours.ink)
        self.head_unit = Style("regular", 7.5, 10, colours.ink)
        self.row = Style("regular", 8.5, 12, colours.ink)
        self.row_name = Style("bold", 8.5, 12, colours.ink)
        self.row_amount = Style("regular", 8.5, 12, colours.ink)
        self.row_code = Style("regular", 8.5, 12, colours.soft)
        self.row_soft = Style("regular", 7.5, 11, colours.soft)
        self.row_under = Style("regular", 7.5, 10, colours.soft)
        self.carry = Style("bold", 8.5, 12, colours.soft)

    def _set_sums(self, colours: Palette) -> None:
        super()._set_sums(colours)
        self.grand_value = Style("bold", 12, 16, colours.accent)

    def _set_end(self, colours: Palette) -> None:
        super()._set_end(colours)
        self.bank_label = Style("regular", 8, 12.5, colours.label)
        self.bank_value = Style("regular", 8, 12.5, colours.ink)


def classic(size: PaperSize, colours: Palette) -> Look:
    """Return the look *classic* on a size of page."""
    return Look(
        name="classic",
        page=PAGES[size],
        margin=20.0,
        first_top=16.0,
        next_top=30.0,
        running_top=14.4,
        foot=25.0,
        foot_end=10.4,
        foot_rule=1.8,
        foot_centred=True,
        party_gaps=(0.5, 0.2, 1.1),
        ids_beside_labels=True,
        table_top=102.0,
        table_gap=4.0,
        terms_in_meta=True,
        totals=66.0,
        closing_gap=2.0,
        start_gap=5.0,
        end_gap=0.0,
        notes_gap=6.0,
        bank_gap=4.0,
        bank_label=11.0,
        table=TableLook(
            dress="boxed",
            columns={
                "place": 8.0,
                "sku": 17.0,
                "description": 0.0,
                "unit": 15.0,
                "quantity": 12.0,
                "price": 22.0,
                "discount": 14.0,
                "rate": 14.0,
                "amount": 28.0,
            },
            saudi={
                "place": 8.0,
                "description": 0.0,
                "unit": 13.0,
                "quantity": 12.0,
                "price": 21.0,
                "discount": 13.0,
                "net": 22.0,
                "tax": 20.0,
                "total": 25.0,
            },
            wraps_heads=True,
            inset=1.8,
            padding=2.0,
            above_head=2.0,
            under_head=2.0,
            carry=8.2,
            sizes=(8.5, 8.0, 7.5, 7.0, 6.0, 5.0, 4.0),
        ),
        styles=ClassicStyles(colours),
        colours=colours,
    )
