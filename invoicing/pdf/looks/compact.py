"""The look *compact*: small type and narrow margins, for many lines on a page."""

from __future__ import annotations

from invoicing.pdf.colours import Palette
from invoicing.pdf.content import PaperSize
from invoicing.pdf.layout import Style
from invoicing.pdf.looks.look import PAGES, TRACKING, Look, Styles, TableLook


class CompactStyles(Styles):
    """The styles of the look *compact*."""

    def _set_top(self, colours: Palette) -> None:
        super()._set_top(colours)
        self.title = Style("bold", 15, 18, colours.accent, TRACKING)
        self.number = Style("regular", 10, 18, colours.ink)
        self.letterhead = Style("bold", 11, 14, colours.ink)
        self.hero_amount = Style("bold", 11, 14, colours.accent)
        self.meta_label = Style("regular", 7.5, 10.5, colours.soft)
        self.meta_value = Style("bold", 7.5, 10.5, colours.ink)
        self.meta_amount_label = Style("bold", 7.5, 10.5, colours.ink)
        self.meta_amount = Style("bold", 11, 14, colours.accent)

    def _set_parties(self, colours: Palette) -> None:
        self.caption = Style("bold", 7.5, 10, colours.accent)
        self.name = Style("bold", 9, 12, colours.ink)
        self.address = Style("regular", 7.5, 10.5, colours.ink)
        self.id_label = Style("regular", 7.5, 10.5, colours.label)
        self.id_value = Style("regular", 7.5, 10.5, colours.ink)
        self.contact = Style("regular", 7.5, 10.5, colours.soft)

    def _set_table(self, colours: Palette) -> None:
        self.head = Style("bold", 7, 9, colours.soft)
        self.head_unit = Style("regular", 7, 9, colours.soft)
        self.row = Style("regular", 7.5, 10, colours.ink)
        self.row_name = Style("regular", 7.5, 10, colours.ink)
        self.row_amount = Style("bold", 7.5, 10, colours.ink)
        self.row_code = Style("regular", 7.5, 10, colours.soft)
        self.row_soft = Style("regular", 7, 9.5, colours.soft)
        self.row_under = Style("regular", 7, 9.5, colours.soft)
        self.carry = Style("bold", 7.5, 10, colours.soft)

    def _set_sums(self, colours: Palette) -> None:
        self.tax_head = Style("bold", 7, 9, colours.soft)
        self.tax_row = Style("regular", 7.5, 10, colours.ink)
        self.legal = Style("regular", 7, 9.5, colours.soft)
        self.total_label = Style("regular", 8, 10.5, colours.soft)
        self.total_value = Style("regular", 8, 10.5, colours.ink)
        self.due_label = Style("bold", 8, 10.5, colours.ink)
        self.due_value = Style("bold", 8, 10.5, colours.ink)
        self.grand_label = Style("bold", 9, 12, colours.ink)
        self.grand_currency = Style("regular", 7.5, 12, colours.ink)
        self.grand_value = Style("bold", 11, 14, colours.accent)
        self.other_currency = Style("regular", 7.5, 10.5, colours.soft)

    def _set_end(self, colours: Palette) -> None:
        super()._set_end(colours)
        self.body = Style("regular", 7.5, 10.5, colours.ink)
        self.bank_label = Style("regular", 7.5, 10.5, colours.label)
        self.bank_value = Style("regular", 7.5, 10.5, colours.ink)
        self.foot = Style("regular", 7, 9.5, colours.label)
        self.foot_name = Style("bold", 7, 9.5, colours.label)


def compact(size: PaperSize, colours: Palette) -> Look:
    """Return the look *compact* on a size of page."""
    return Look(
        name="compact",
        page=PAGES[size],
        margin=12.0,
        first_top=11.0,
        next_top=22.0,
        running_top=11.0,
        foot=17.0,
        foot_end=8.3,
        foot_rule=1.0,
        party_gaps=(0.3, 0.0, 0.3),
        ids_beside_labels=True,
        table_top=63.0,
        table_gap=4.0,
        terms_in_meta=True,
        totals=70.0,
        closing_gap=10.0,
        start_gap=4.0,
        end_gap=4.0,
        notes_gap=5.0,
        bank_label=14.0,
        table=TableLook(
            dress="striped",
            columns={
                "place": 7.0,
                "sku": 19.0,
                "description": 0.0,
                "unit": 13.0,
                "quantity": 13.0,
                "price": 20.0,
                "discount": 12.0,
                "rate": 12.0,
                "amount": 25.0,
            },
            saudi={
                "place": 7.0,
                "sku": 18.0,
                "description": 0.0,
                "unit": 12.0,
                "quantity": 11.0,
                "price": 16.0,
                "discount": 11.0,
                "net": 17.0,
                "rate": 12.0,
                "tax": 17.0,
                "total": 21.0,
            },
            wraps_heads=True,
            inset=1.2,
            padding=1.0,
            above_head=1.3,
            under_head=1.3,
            carry=5.6,
            sizes=(7.5, 7.0, 6.0, 5.0, 4.0),
        ),
        styles=CompactStyles(colours),
        colours=colours,
    )
