"""What an invoice amounts to: pure reckoning, from lines as they are typed to totals as they are printed.

What the lines of an invoice say, and how they sum up, in the currency of the invoice:

- A line's `subtotal` and `discount_amount` are as priced, and its own discount only.
- Prices without tax: `net_amount` is `subtotal - discount_amount`, before the invoice's discount, and
  `tax_amount` is the line's share of its group's tax, after it. The lines' `total`, which is always
  `net_amount + tax_amount`, sum to the invoice's total and the invoice's discount.
- Prices with tax: the line's share of the invoice's discount is taken off its price first, what is left
  is its `total`, and `net_amount` is the share of it that is no tax. So the lines' net amounts sum to the
  taxable amount, their tax to the tax, and their totals to the total, with a discount or without.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, Inexact, localcontext
from typing import Final

from invoicing.choices import TaxCategory
from invoicing.money import EXACT, AmountTooLarge, allocate, fits, round_money, round_quotient

# EN 16931 BR-E-10, BR-O-10, BR-AE-10, BR-IC-10, BR-G-10.
REASON_REQUIRED: Final = frozenset(
    {
        TaxCategory.EXEMPT,
        TaxCategory.OUT_OF_SCOPE,
        TaxCategory.REVERSE_CHARGE,
        TaxCategory.INTRA_COMMUNITY,
        TaxCategory.EXPORT,
    }
)
# EN 16931 BR-AE-02, BR-IC-02.
VAT_NUMBERS_REQUIRED: Final = frozenset({TaxCategory.REVERSE_CHARGE, TaxCategory.INTRA_COMMUNITY})

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)


class RateNotAllowed(ValueError):
    """A tax rate other than 0 in a category that is not the standard one."""


def default_category(rate: Decimal, category: TaxCategory | None = None) -> TaxCategory:
    """Return the category of a line taxed at `rate` percent: the given one, else S; but S at 0 % is Z.

    EN 16931 BR-S-05 wants a rate above 0 for S.
    """
    category = category or TaxCategory.STANDARD
    if category == TaxCategory.STANDARD and not rate:
        return TaxCategory.ZERO
    return category


def check_rate(category: TaxCategory, rate: Decimal) -> None:
    """Raise RateNotAllowed when a category other than S has a rate above 0 percent.

    EN 16931 BR-Z-05, BR-E-05, BR-AE-05, BR-IC-05, BR-G-05 (and BR-O-05, which knows no rate at all).
    """
    if rate and category != TaxCategory.STANDARD:
        raise RateNotAllowed(f"tax category {category} has no rate of {rate} %")


@dataclass(frozen=True, slots=True)
class LineInput:
    """A line as it is typed. Rates in percent, prices in the invoice's currency.

    Raises ValueError for a quantity, price or rate out of bounds, and RateNotAllowed.
    """

    quantity: Decimal
    unit_price: Decimal
    discount_rate: Decimal = ZERO
    tax_rate: Decimal = ZERO
    tax_category: TaxCategory | None = None
    exemption_reason: str = ""

    def __post_init__(self) -> None:
        if self.quantity <= 0 or self.unit_price < 0:
            raise ValueError("a quantity is above zero and a price is not below")
        _check_percent(self.discount_rate)
        _check_percent(self.tax_rate)
        check_rate(self.category, self.tax_rate)

    @property
    def category(self) -> TaxCategory:
        """The category that counts: without one, S with a rate and Z without."""
        return default_category(self.tax_rate, self.tax_category)


@dataclass(frozen=True, slots=True)
class LineTotals:
    """The amounts of a line, in the invoice's currency."""

    subtotal: Decimal
    discount_amount: Decimal
    net_amount: Decimal
    tax_amount: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """The lines of one tax category and rate (EN 16931 BG-23)."""

    category: TaxCategory
    rate: Decimal
    taxable_amount: Decimal
    tax_amount: Decimal
    exemption_reason: str


@dataclass(frozen=True, slots=True)
class InvoiceTotals:
    """The amounts of an invoice; `lines` in the order given, `groups` in the order they first appear.

    `taxable_amount` and `tax_amount` are the sums of the groups, `total` is the sum of both, and
    `subtotal - discount_amount` is the total if prices include tax, else the taxable amount.
    """

    lines: tuple[LineTotals, ...]
    subtotal: Decimal
    discount_amount: Decimal
    taxable_amount: Decimal
    tax_amount: Decimal
    total: Decimal
    groups: tuple[TaxGroup, ...]


@dataclass(frozen=True, slots=True)
class _Priced:
    """A line's amounts as priced, each rounded once."""

    subtotal: Decimal
    net: Decimal


def reckon(
    lines: Sequence[LineInput],
    *,
    currency: str,
    discount_rate: Decimal = ZERO,
    prices_include_tax: bool = False,
) -> InvoiceTotals:
    """Reckon an invoice from its lines and its own discount in percent.

    Tax is rounded once for each category and rate (EN 16931 BR-CO-17). The invoice's discount is that
    percentage of the lines' net amounts, rounded once and spread over the groups. Raises AmountTooLarge
    when an amount does not fit, UnknownCurrency, and ValueError for a discount out of bounds.
    """
    _check_percent(discount_rate)
    with localcontext(EXACT):
        try:
            totals = _reckon(lines, currency, discount_rate, prices_include_tax)
        except Inexact:
            raise AmountTooLarge from None
        largest = (totals.subtotal, totals.total, *(line.total for line in totals.lines))
        if not all(fits(amount, currency) for amount in largest):
            raise AmountTooLarge
    return totals


def tax_in_currency(tax_amount: Decimal, exchange_rate: Decimal, tax_currency: str) -> Decimal:
    """State the tax in another currency, of which `exchange_rate` units buy one of the invoice's.

    EN 16931 BT-111. Raises UnknownCurrency, AmountTooLarge, and ValueError for a rate not above zero.
    """
    if exchange_rate <= 0:
        raise ValueError("an exchange rate is above zero")
    with localcontext(EXACT):
        stated = round_money(tax_amount * exchange_rate, tax_currency)
    if not fits(stated, tax_currency):
        raise AmountTooLarge
    return stated


def _reckon(
    lines: Sequence[LineInput], currency: str, discount_rate: Decimal, prices_include_tax: bool
) -> InvoiceTotals:
    priced = [_price(line, currency) for line in lines]
    members = _members(lines)
    nets = [_sum((priced[i].net for i in group), currency) for group in members]
    discount = round_money(_sum(nets, currency) * discount_rate / HUNDRED, currency)
    shares = allocate(discount, nets, currency)

    totals: dict[int, LineTotals] = {}
    groups = []
    for group, net, share in zip(members, nets, shares, strict=True):
        tax_group = _group([lines[i] for i in group], net - share, currency, prices_include_tax)
        amounts = _lines([priced[i] for i in group], tax_group, currency, prices_include_tax)
        totals.update(zip(group, amounts, strict=True))
        groups.append(tax_group)

    subtotal = _sum((line.subtotal for line in priced), currency)
    taxable_amount = _sum((group.taxable_amount for group in groups), currency)
    tax_amount = _sum((group.tax_amount for group in groups), currency)
    return InvoiceTotals(
        lines=tuple(totals[i] for i in range(len(lines))),
        subtotal=subtotal,
        discount_amount=subtotal - _sum(nets, currency) + discount,
        taxable_amount=taxable_amount,
        tax_amount=tax_amount,
        total=taxable_amount + tax_amount,
        groups=tuple(groups),
    )


def _price(line: LineInput, currency: str) -> _Priced:
    exact = line.quantity * line.unit_price
    return _Priced(
        subtotal=round_money(exact, currency),
        net=round_money(exact * (HUNDRED - line.discount_rate) / HUNDRED, currency),
    )


def _members(lines: Sequence[LineInput]) -> list[list[int]]:
    """List the positions of the lines of each (category, rate)."""
    members: dict[tuple[TaxCategory, Decimal], list[int]] = {}
    for index, line in enumerate(lines):
        members.setdefault((line.category, line.tax_rate), []).append(index)
    return list(members.values())


def _group(lines: list[LineInput], priced: Decimal, currency: str, prices_include_tax: bool) -> TaxGroup:
    """Reckon the tax of the lines of one category and rate from what they cost after all discounts."""
    rate = lines[0].tax_rate
    if prices_include_tax:
        taxable_amount = round_quotient(priced * HUNDRED, HUNDRED + rate, currency)
        tax_amount = priced - taxable_amount
    else:
        taxable_amount = priced
        tax_amount = round_money(priced * rate / HUNDRED, currency)
    reasons = (line.exemption_reason for line in lines if line.exemption_reason)
    return TaxGroup(lines[0].category, rate, taxable_amount, tax_amount, next(reasons, ""))


def _lines(priced: list[_Priced], group: TaxGroup, currency: str, prices_include_tax: bool) -> list[LineTotals]:
    """Share the group's amounts among its lines."""
    nets = [line.net for line in priced]
    if prices_include_tax:
        totals = allocate(group.taxable_amount + group.tax_amount, nets, currency)
        nets = allocate(group.taxable_amount, totals, currency)
        taxes = [total - net for total, net in zip(totals, nets, strict=True)]
    else:
        taxes = allocate(group.tax_amount, nets, currency)
    return [
        LineTotals(line.subtotal, line.subtotal - line.net, net, tax, net + tax)
        for line, net, tax in zip(priced, nets, taxes, strict=True)
    ]


def _sum(amounts: Iterable[Decimal], currency: str) -> Decimal:
    """Add up, nothing being 0.00 and not 0."""
    return sum(amounts, start=round_money(ZERO, currency))


def _check_percent(rate: Decimal) -> None:
    if not 0 <= rate <= HUNDRED:
        raise ValueError("a rate is 0 to 100 percent")
