"""The sums of a paper: labelled numbers, chosen so that they add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Final

from extraction.engines.local.amounts import Amount
from extraction.engines.local.columns import columns_of
from extraction.engines.local.labels import Label
from extraction.engines.local.page import SUMS, Page
from extraction.engines.local.sheet import Cell, Row

CENT: Final = Decimal("0.02")
MOST: Final = 8  # candidates of one kind
NOTHING: Final = Decimal(0)
MOST_ROWS: Final = 400  # with labels of sums


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that may be a sum; ``row`` is where it stands, ``rate`` the percentage that stands with it."""

    value: Decimal
    weight: float
    row: int
    rate: Decimal | None = None
    is_money: bool = True


@dataclass(frozen=True, slots=True)
class Rate:
    """A tax by its rate, in percent."""

    rate: Decimal
    taxable: Decimal
    tax: Decimal


@dataclass(slots=True)
class Sums:
    """What was chosen; ``holds`` says that it adds up, ``belief`` how sure the total is."""

    total: Decimal | None = None
    subtotal: Decimal | None = None
    tax: Decimal | None = None
    discount: Decimal | None = None
    charge: Decimal = NOTHING
    rates: list[Rate] = field(default_factory=list)
    holds: bool = False
    belief: float = 0.0
    bases: list[Decimal] = field(default_factory=list)  # what lines may add up to


def sums_of(page: Page, skip: frozenset[int]) -> Sums:
    """Return the sums; ``skip`` are the rows of items and their heads."""
    found = candidates(page, skip)
    rates = rates_of(page, skip)
    taxes = tax_choices(found.get("tax", []), rates)
    totals = best_of([*found.get("total", []), *found.get("due_amount", [])])
    if not totals:
        totals = largest(page, skip)
    subtotals = best_of(found.get("subtotal", []))
    discounts = [NOTHING, *(abs(each.value) for each in best_of(found.get("discount", []))[:3] if each.value)]
    charges = [NOTHING, *(each.value for each in best_of(found.get("charge", []))[:3] if each.value)]
    printed = {abs(each.value) for cell in page.sheet.cells for each in page.amounts(cell) if each.decimals}
    best, chosen = -1.0, Sums()
    options = [*subtotals, None]
    for total, subtotal, tax, discount, charge in product(
        totals, options, [*taxes, None], dict.fromkeys(discounts), dict.fromkeys(charges)
    ):
        made = weighed(total, subtotal, tax, discount, charge, printed)
        if made and made.belief > best:
            best, chosen = made.belief, made
    chosen.belief = min(best / 6, 1.0) if best > 0 else 0.0
    chosen.rates = fitting(rates, chosen, found.get("tax", []))
    chosen.bases = [each.value for each in subtotals]
    return chosen


def weighed(  # noqa: C901 -- one weighing, term by term
    total: Candidate,
    subtotal: Candidate | None,
    tax: Candidate | None,
    discount: Decimal,
    charge: Decimal,
    printed: set[Decimal],
) -> Sums | None:
    """Return sums with their weight as belief: what stands plainly, and above all what adds up."""
    weight = 2 * total.weight + (subtotal.weight if subtotal else 0) + (tax.weight if tax else 0)
    weight -= 0.3 * (discount != 0) + 0.3 * (charge != 0)
    net, of_tax = subtotal.value if subtotal else None, tax.value if tax else None
    if net is not None and abs(net) > abs(total.value) + CENT and not discount:
        weight -= 1.5
    holds = False
    if net is not None:
        after = net + (of_tax or NOTHING)
        if same(total.value, after - discount + charge):
            holds = True
            weight += 3 if tax else (1.2 if not same(net, total.value) else 1)
            # What is taxed stands after the discount.
            if tax and tax.rate and (discount or charge) and same(net * tax.rate / 100, of_tax or NOTHING):
                weight -= 1
        elif of_tax is None and (missing := total.value - net) > 0 and missing in printed and missing < net:
            of_tax, holds = missing, True
            weight += 1
        elif tax:
            weight -= 1.5
        if tax and tax.rate and of_tax and same(net * tax.rate / 100, of_tax):
            weight += 0.5
    elif of_tax is not None:
        rest = total.value - of_tax
        if abs(of_tax) >= abs(total.value) and of_tax:
            return None
        if rest in printed or -rest in printed:
            net, holds = rest, True
            weight += 1.5
    return Sums(total.value, net, of_tax, discount or None, charge, holds=holds, belief=weight)


def same(first: Decimal, second: Decimal) -> bool:
    """Return whether two sums are one but for roundings."""
    return abs(first - second) <= CENT


def best_of(found: Iterable[Candidate]) -> list[Candidate]:
    """Return the weightiest candidates, each value once."""
    kept: dict[Decimal, Candidate] = {}
    for each in found:
        if each.value not in kept or kept[each.value].weight < each.weight:
            kept[each.value] = each
    return sorted(kept.values(), key=lambda each: -each.weight)[:MOST]


def candidates(page: Page, skip: frozenset[int]) -> dict[str, list[Candidate]]:
    """Return the numbers that labels name as sums, by kind."""
    found: dict[str, list[Candidate]] = {}
    rows = 0
    for row in page.sheet.rows:
        if row.index in skip:
            continue
        named = [(cell, label) for cell in row.cells for label in page.labels(cell) if label.kinds & SUMS]
        rows += bool(named)
        if rows > MOST_ROWS:
            break
        for place, (cell, label) in enumerate(named):
            later = named[place + 1] if place + 1 < len(named) else None
            for each in of_label(page, cell, label, later):
                for kind in label.kinds & SUMS:
                    found.setdefault(kind, []).append(each)
    return found


def of_label(  # noqa: C901 -- behind, beside, below
    page: Page, cell: Cell, label: Label, later: tuple[Cell, Label] | None
) -> Iterator[Candidate]:
    """Yield the numbers that a label names: those behind it up to the next label, else one below."""
    plain = 1.0 if page.is_head(cell, label) else 0.6
    own = [each for each in page.amounts(cell) if each.start >= label.end]
    if later and later[0] is cell:
        own = [each for each in own if each.end <= later[1].start]
    numbers = [*own]
    if not (later and later[0] is cell):
        for each in page.beside(cell):
            if later and each is later[0]:
                break
            numbers += page.amounts(each)
    rates = [each.value for each in numbers if each.is_percent]
    # A rate may stand before its label: 19 % VAT
    rates += [each.value for each in page.amounts(cell) if each.is_percent and each.end <= label.start]
    rates += [each.value for other in page.before(cell)[:1] for each in page.amounts(other) if each.is_percent]
    rate = rates[0] if rates else None
    money = [each for each in numbers if not each.is_percent]
    if money:
        for place, amount in enumerate(reversed(money)):
            weight = plain * (1.0 if place == 0 else 0.5) * worth(amount)
            yield Candidate(amount.value, weight, cell.row, rate)
        return
    if not page.is_closed(cell, label) and len(cell.text) - label.end > 12:
        return
    for under in page.below(cell, rows=2):
        if any(other.kinds & SUMS for other in page.labels(under)):
            return
        below = [each for each in page.amounts(under) if not each.is_percent]
        if below:
            cells = page.row(under).cells
            beside = [each.value for other in cells for each in page.amounts(other) if each.is_percent]
            yield Candidate(below[0].value, 0.75 * plain * worth(below[0]), under.row, beside[0] if beside else None)
            return


def worth(amount: Amount) -> float:
    """Return how much a number looks like money."""
    if amount.decimals == 2 or amount.currency:
        return 1.0
    return 0.8 if amount.decimals in {1, 3} else 0.45


def tax_choices(found: list[Candidate], rates: list[Rate]) -> list[Candidate]:
    """Return what the tax may be: one number, or the sum of those of several rows, or of the rates."""
    choices = best_of(found)
    last: dict[int, Candidate] = {}
    for each in found:
        if each.weight > last.get(each.row, Candidate(NOTHING, 0, 0)).weight:
            last[each.row] = each
    rows = [each for each in last.values() if each.value]
    if 1 < len(rows) <= 12:
        choices.append(Candidate(sum((each.value for each in rows), NOTHING), 0.8, rows[0].row))
        rated = [each for each in rows if each.rate is not None]
        if 1 < len(rated) < len(rows):
            choices.append(Candidate(sum((each.value for each in rated), NOTHING), 0.8, rated[0].row))
    if len(rates) > 1:
        choices.append(Candidate(sum((each.tax for each in rates), NOTHING), 0.7, 0))
    elif rates:
        choices.append(Candidate(rates[0].tax, 0.6, 0, rates[0].rate))
    return choices


def rates_of(page: Page, skip: frozenset[int]) -> list[Rate]:
    """Return the taxes by rate: rows with a percentage, a sum, and that percentage of the sum."""
    found: dict[tuple[Decimal, Decimal], Rate] = {}
    for row in page.sheet.rows:
        if row.index in skip:
            continue
        numbers = [each for cell in row.cells[:12] for each in page.amounts(cell)][:12]
        # A rate in a column of its own has no sign.
        money = [each.value for each in numbers if not each.is_percent and each.decimals >= 1]
        rates = [each.value for each in numbers if each.is_percent] or [
            each.value for each in numbers if each.value and abs(each.value) <= 30
        ]
        for rate, taxable, tax in product(dict.fromkeys(rates), money, money):
            if rate > 0 and tax and abs(tax) < abs(taxable) and abs(taxable * rate / 100 - tax) <= CENT:
                found.setdefault((rate, taxable), Rate(rate, taxable, tax))
                break
    return list(found.values())[:20]


def fitting(rates: list[Rate], sums: Sums, labelled: list[Candidate]) -> list[Rate]:
    """Return the taxes by rate where they add up to the tax; else the one rate that the whole is taxed with."""
    if sums.tax is None:
        return []
    if rates and same(sum((each.tax for each in rates), NOTHING), sums.tax):
        return rates
    single = [each for each in rates if same(each.tax, sums.tax)]
    if single:
        return single[:1]
    base = sums.subtotal
    rows = {each.row: each for each in labelled if each.rate is not None}
    parts = [each for each in rows.values() if each.rate is not None and each.value]
    if base is not None:
        for each in parts:
            if same(each.value, sums.tax) and each.rate is not None and same(base * each.rate / 100, sums.tax):
                return [Rate(each.rate, base, sums.tax)]
        if len(parts) > 1 and same(sum((each.value for each in parts), NOTHING), sums.tax):
            whole = [Rate(each.rate, base, each.value) for each in parts if each.rate]
            if all(same(each.taxable * each.rate / 100, each.tax) for each in whole):
                return whole
    return []


def largest(page: Page, skip: frozenset[int]) -> list[Candidate]:
    """Return the largest sum of money where no label names a total."""
    found = [
        each.value
        for cell in page.sheet.cells
        if cell.row not in skip
        for each in page.amounts(cell)
        if not each.is_percent and (each.decimals == 2 or each.currency)
    ]
    return [Candidate(max(found), 0.3, 0)] if found else []


def heads_of_items(page: Page) -> Mapping[int, int]:
    """Return the rows that head a table of items, each with how many rows it is made of."""
    found: dict[int, int] = {}
    rows = page.sheet.rows
    taken = -1
    for row in rows:
        if row.index <= taken or not row.cells:
            continue
        best, most = 0, 0
        for count in (1, 2, 3):
            part = rows[row.index : row.index + count]
            if (
                len(part) < count
                or part[-1].page != row.page
                or part[-1].top - row.bottom > 2.2 * (row.bottom - row.top)
            ):
                break
            if any(has_money(page, each) for each in part):
                break
            named = len({column.kind for column in columns_of(part)})
            if named > most:
                best, most = count, named
        if best:
            found[row.index] = best
            taken = row.index + best - 1
    return found


def has_money(page: Page, row: Row) -> bool:
    """Return whether a row has a number with decimals: then it heads nothing."""
    return any(each.decimals >= 1 and not each.is_percent for cell in row.cells for each in page.amounts(cell))
