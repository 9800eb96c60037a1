"""The table of lines between the names of both languages, and the table of tax."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate
from typing import Final

from invoicing.pdf import formats
from invoicing.pdf.content import LineItem, TaxGroup
from invoicing.pdf.law import tax_sentence_after
from invoicing.pdf.sections import facts
from invoicing.pdf.sections.table import Cell, Column, Table
from invoicing.pdf.text import isolate
from invoicing.pdf.two_languages import TwoLanguages, sides

# The Arabic texts stand this much further from the numbers, which are set from the right.
BEFORE_ARABIC: Final = 3.0
# Units wider than this stand under the names, not under the quantities.
WIDEST_UNIT: Final = 16.0
NO_RATE: Final = frozenset({"E", "O"})


class TwoLanguageTable(Table):
    """A table whose first and last columns say the same, with sums that both languages carry on."""

    paper: TwoLanguages

    def __init__(
        self,
        paper: TwoLanguages,
        columns: Sequence[Column],
        count: int,
        sums: Sequence[Decimal] = (),
        summed: int = -1,
    ) -> None:
        """Measure a table; `summed` is the place of the column that `sums` are of."""
        self.summed = summed
        super().__init__(paper, columns, count, sums)

    def _fit(self) -> None:
        super()._fit()
        first, *numbers, last = self.columns
        for column in numbers:
            column.start -= BEFORE_ARABIC / 2
            column.end -= BEFORE_ARABIC / 2
        first.end -= BEFORE_ARABIC / 2
        last.start += BEFORE_ARABIC / 2 - self.measures.gap

    def _carried(self) -> Column:
        return self.columns[self.summed]

    def _draw_carry(self, y: float, key: str, at: int) -> float:
        end = super()._draw_carry(y, key, at)
        if self.sums:
            style = self._sized(self.paper.styles.carry)
            middle = (y + end - style.pitch) / 2
            self.paper.sheet.text(self._carried().end + 4.0, middle, self.paper.arabic.word(key), style, base=1)
        return end


def lines_table(paper: TwoLanguages) -> TwoLanguageTable:
    """Return the table of lines, measured."""
    document = paper.document
    columns = _columns(paper)
    sums = list(accumulate(facts.line_amount(document, item) for item in document.items))
    # Without tax in the prices the net amount is summed, before the tax and the amount with it.
    summed = -2 if document.prices_include_tax or not document.mentions_tax else -4
    return TwoLanguageTable(paper, columns, len(document.items), sums, summed)


def tax_table(paper: TwoLanguages) -> TwoLanguageTable | None:
    """Return the table of tax by category and rate with the sentences of the law, none for one standard rate."""
    if not facts.has_tax_table(paper.document):
        return None
    groups = paper.document.tax_groups
    names = [_category(paper, group) for group in groups]
    columns = [
        Column(head=paper.word("tax_category"), texts=[left for left, _ in names], base=0),
        Column(
            head=_head(paper, "rate"), width=17.0, numbers=[_rate(paper, each.category, each.rate) for each in groups]
        ),
        Column(
            head=_head(paper, "tax_taxable"), width=27.0, numbers=[paper.amount(each.taxable_amount) for each in groups]
        ),
        Column(head=_head(paper, "tax_amount"), width=24.0, numbers=[paper.amount(each.tax_amount) for each in groups]),
        Column(head=paper.arabic.word("tax_category"), texts=[right for _, right in names], align="end", base=1),
    ]
    closer = copy(paper)
    closer.look = replace(paper.look, table=replace(paper.look.table, padding=1.2))
    return TwoLanguageTable(closer, columns, len(groups))


def _category(paper: TwoLanguages, group: TaxGroup) -> tuple[Cell, Cell]:
    """Return a category's names, each with its sentence; one that the seller gave stands on its own side."""
    name, soft = paper.styles.row, paper.styles.row_soft
    left, right = (facts.category_name(paper.document, group, language) for language in (paper.language, "ar"))
    if group.exemption_reason.strip():
        reasons = sides(group.exemption_reason, "")
    else:
        reasons = (
            tax_sentence_after(left, group, paper.language, paper.country),
            tax_sentence_after(right, group, "ar", paper.country),
        )
    return ((left, name), (reasons[0], soft)), ((right, name), (reasons[1], soft))


def _columns(paper: TwoLanguages) -> list[Column]:
    """Return the columns with their values as written; names at both edges, numbers between them."""
    items, gross = paper.document.items, paper.document.prices_include_tax
    units = _units_under_quantities(paper)
    names = [_names(paper, item, with_unit=not units) for item in items]
    places = formats.price_digits((item.unit_price for item in items), paper.document.currency_digits)
    columns = [
        Column(head=paper.word("description"), texts=[left for left, _ in names], base=0),
        Column(
            head=_head(paper, "quantity"),
            width=11.0,
            numbers=[paper.quantity(item.quantity) for item in items],
            under=units,
        ),
        Column(
            head=_head(paper, "unit_price_incl" if gross else "unit_price"),
            width=19.0,
            numbers=[paper.amount(item.unit_price, places) for item in items],
        ),
    ]
    if facts.has_discounts(paper.document):
        rates = [paper.rate(item.discount_rate) if item.discount_rate else formats.NONE for item in items]
        columns.append(Column(head=_head(paper, "discount_short"), width=13.0, numbers=rates))
    columns += _amounts(paper)
    columns.append(
        Column(head=paper.arabic.word("description"), texts=[right for _, right in names], align="end", base=1)
    )
    return columns


def _amounts(paper: TwoLanguages) -> list[Column]:
    """Return net amount, tax and amount with tax; where prices include tax, its rate and the amount."""
    items = paper.document.items
    rates = [_rate(paper, item.tax_category, item.tax_rate) for item in items]
    totals = Column(head=_head(paper, "incl_vat"), width=21.0, numbers=[paper.amount(item.total) for item in items])
    if not paper.document.mentions_tax:
        totals.head = _head(paper, "amount")
        return [totals]
    if paper.document.prices_include_tax:
        return [Column(head=_head(paper, "vat"), width=19.0, numbers=rates), totals]
    head, under = _head(paper, "vat"), rates
    if len(set(rates)) == 1 and rates[0] != formats.NONE:
        head = "\n".join(f"{each.word('vat')} {each.rate(items[0].tax_rate)}" for each in (paper.arabic, paper))
        under = []
    return [
        Column(head=_head(paper, "net_amount"), width=20.0, numbers=[paper.amount(item.net_amount) for item in items]),
        Column(head=head, width=19.0, numbers=[paper.amount(item.tax_amount) for item in items], under=under),
        totals,
    ]


def _names(paper: TwoLanguages, item: LineItem, *, with_unit: bool) -> tuple[Cell, Cell]:
    """Return name and description for both sides; the code is no word and stands at the left."""
    name, soft = paper.styles.row_name, paper.styles.row_soft
    names, descriptions = sides(item.name, item.name_ar), sides(item.description, item.description_ar)
    code = f"{paper.word('sku')} {isolate(item.sku)}" if item.sku.strip() else ""
    units = sides(item.unit, "") if with_unit else ("", "")
    left = [(names[0], name), (code, soft), (descriptions[0], soft), (units[0], soft)]
    right = [(names[1], name), (descriptions[1], soft), (units[1], soft)]
    return left, right


def _units_under_quantities(paper: TwoLanguages) -> list[str]:
    """Return the units to stand under the quantities, none if one of them is long."""
    units = [item.unit.strip() for item in paper.document.items]
    widest = max([paper.sheet.width(unit, paper.styles.row_under) for unit in set(units)], default=0.0)
    return units if any(units) and widest <= WIDEST_UNIT else []


def _rate(paper: TwoLanguages, category: str, rate: Decimal) -> str:
    return formats.NONE if category in NO_RATE else paper.rate(rate)


def _head(paper: TwoLanguages, key: str) -> str:
    """Return a head of two lines, Arabic above."""
    return f"{paper.arabic.word(key)}\n{paper.word(key)}"
