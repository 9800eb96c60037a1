"""Where the values of an invoice's data stand on its pages: each on its own, and in one row what stands in one row."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from extraction.domain.locating.currencies import pattern_of
from extraction.domain.locating.days import day_hits
from extraction.domain.locating.numbers import number_hits
from extraction.domain.locating.sheet import BETWEEN, PAGE_END, Hit, Place, Sheet, union
from extraction.domain.locating.texts import Texts
from extraction.schema import AMOUNTS, DAYS

TAX_NUMBERS: Final = ("vendor_tax_id", "buyer_tax_id")
CODES: Final = (*TAX_NUMBERS, "vendor_iban", "invoice_number", "purchase_order")
PROSE: Final = ("vendor_name", "vendor_address", "buyer_name")
# The cells of lists that are looked for; units and the like are written in too many ways
CELLS: Final[Mapping[str, tuple[str, ...]]] = {
    "items": ("description", "quantity", "unit_price", "amount"),
    "tax_breakdown": ("rate", "taxable_amount", "tax_amount"),
}
LOCATED: Final = (*PROSE, *CODES, *DAYS, "currency", *AMOUNTS)
# What stands before a value, where it stands in several places: it decides which one is meant, nothing else
LABELS: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "invoice_number": r"invoice|facture|rechnung|fa[ct]+ura|factuur|beleg|avoir|gutschrift|\b(?:no|nr|num)|n°|#|رقم",
        "purchase_order": r"order|bestell|commande|pedido|ordine|\bpo\b|شراء",
        "invoice_date": r"dat[ea]|datum|\bvom\b|fecha|issued|تاريخ",
        "due_date": r"due|echeance|fallig|zahl|payable|vencim|scaden|verval|استحقاق",
        "total": r"total|gesamt|brutto|betrag|ttc|due|payable|payer|balance|zahlen|pagar|اجمالي|مستحق",
        "subtotal": r"sub|net|\bht\b|hors|excl|zwischensumme|summe|taxable|base|فرعي",
        "tax": r"tax|vat\b|mwst|ust\b|steuer|tva|iva\b|[cs]?gst\b|btw|moms|ضريب",
        "discount": r"discount|rabatt|remise|skonto|nachlass|descuento|sconto|korting|خصم",
    }.items()
}
LABEL_REACH: Final = 40  # characters before a value
CURRENCY_REACH: Final = 200  # characters before and behind the total
ROW_REACH: Final = 80  # words before and behind the one that a row is known by
LAST_IN_ROW: Final = ("amount", "tax_amount")


def locate(values: Mapping[str, Any], sheet: Sheet) -> dict[str, Place]:
    """Return where each value of loaded data stands, by field; of lists by cell, such as ``items[0].amount``.

    What is not there stands on no page. Never raises, and takes time in proportion to words and values.
    """
    if not sheet.words:
        return {}
    numbers = number_hits(sheet, all_numbers(values))
    chosen = dict(field_hits(values, sheet, numbers))
    for name, cells in CELLS.items():
        chosen |= row_hits(name, values.get(name) or [], cells, sheet, numbers)
    return {name: sheet.place(hit) for name, hit in chosen.items()}


def all_numbers(values: Mapping[str, Any]) -> Iterator[Decimal]:
    """Yield all numbers that are looked for."""
    for name in AMOUNTS:
        if values.get(name) is not None:
            yield values[name]
    for name, cells in CELLS.items():
        for row in values.get(name) or []:
            yield from (row[cell] for cell in cells if isinstance(row.get(cell), Decimal))


def field_hits(
    values: Mapping[str, Any], sheet: Sheet, numbers: Mapping[Decimal, list[Hit]]
) -> Iterator[tuple[str, Hit]]:
    """Yield the words of each field that is no list."""
    total = best(sheet, "total", numbers.get(values["total"], [])) if values.get("total") is not None else None
    if total:
        yield "total", total
    for name in ("subtotal", "discount", "tax"):
        hits = numbers.get(values[name], []) if values.get(name) is not None else []
        if hit := best(sheet, name, hits, near=total):
            yield name, hit
    for name in DAYS:
        if values.get(name) and (hit := best(sheet, name, day_hits(sheet, values[name]))):
            yield name, hit
    if values.get("currency") and (hit := currency_hit(sheet, values["currency"], total)):
        yield "currency", hit
    yield from text_hits(values, sheet)


def text_hits(values: Mapping[str, Any], sheet: Sheet) -> Iterator[tuple[str, Hit]]:
    """Yield the words of names and numbers of registers."""
    texts, missing = Texts(sheet), {}
    for name in (*PROSE, *CODES):
        if values.get(name):
            found = texts.hits(values[name], is_code=name in CODES, is_tax_number=name in TAX_NUMBERS)
            if hit := best(sheet, name, found):
                yield name, hit
            elif name in PROSE:
                missing[name] = values[name]
    scattered = texts.scattered(missing.values()) if missing else {}
    yield from ((name, scattered[value]) for name, value in missing.items() if value in scattered)


def best(sheet: Sheet, name: str, hits: Sequence[Hit], *, near: Hit | None = None) -> Hit | None:
    """Return the words that are meant where a value stands several times.

    With the right sign before with the other one; behind the field's label; near the total, or in the tallest letters;
    an amount at its last place, and all else at its first.
    """
    if len(hits) < 2:
        return hits[0] if hits else None
    label, is_last = LABELS.get(name), name in AMOUNTS

    def rank(hit: Hit) -> tuple[Any, ...]:
        place = sheet.place(hit)
        closeness = -distance(sheet, hit, near) if near else round(place.height, 3)
        order = hit.first if is_last else -hit.first
        return not hit.is_opposite, bool(label and label.search(before(sheet, hit))), closeness, order

    return max(hits, key=rank)


def before(sheet: Sheet, hit: Hit) -> str:
    """Return what stands before words on their page."""
    start = sheet.starts[hit.first]
    text = sheet.text[max(start - LABEL_REACH, 0) : start]
    return text.rpartition(PAGE_END)[2].replace(BETWEEN, " ")


def distance(sheet: Sheet, hit: Hit, other: Hit) -> float:
    """Return how far apart words stand, down the page or over pages."""
    boxes = sheet.words[hit.first].box, sheet.words[other.first].box
    pages = abs(sheet.pages[hit.first] - sheet.pages[other.first])
    return pages * 10 + round(abs(boxes[0][1] + boxes[0][3] - boxes[1][1] - boxes[1][3]) / 2, 3)


def currency_hit(sheet: Sheet, code: str, total: Hit | None) -> Hit | None:
    """Return the words that name a currency: the nearest to the total, else the first ones."""
    pattern = pattern_of(code)
    if total:
        middle = sheet.starts[total.first]
        around = pattern.finditer(sheet.text, max(middle - CURRENCY_REACH, 0), middle + CURRENCY_REACH)
        if near := min(around, key=lambda match: abs(match.start() - middle), default=None):
            return sheet.hit(*near.span())
    found = pattern.search(sheet.text)
    return sheet.hit(*found.span()) if found else None


# Lists


def row_hits(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    cells: Sequence[str],
    sheet: Sheet,
    numbers: Mapping[Decimal, list[Hit]],
) -> dict[str, Hit]:
    """Return the words of each cell: those of one row near each other, one row behind the other."""
    texts = descriptions(rows, sheet) if "description" in cells else {}
    found: dict[str, Hit] = {}
    behind = -1
    for index, row in enumerate(rows):
        hits = {}
        for cell in cells:
            known: Sequence[Hit] = (
                texts.get(row.get(cell) or "", []) if cell == "description" else numbers.get(row[cell], [])
            )
            if known:
                hits[cell] = known
        if not hits:
            continue
        anchor = anchor_of(hits, behind)
        behind = anchor.first
        taken: set[int] = set()
        for cell, each in hits.items():
            hit = in_row(sheet, each, anchor, taken, is_last=cell in LAST_IN_ROW)
            taken |= set(hit.only or range(hit.first, hit.last + 1))
            found[f"{name}[{index}].{cell}"] = hit
    return found


def descriptions(rows: Sequence[Mapping[str, Any]], sheet: Sheet) -> dict[str, list[Hit]]:
    """Return where the descriptions of rows stand."""
    texts = Texts(sheet)
    found = {value: texts.hits(value) for value in {row.get("description") or "" for row in rows} - {""}}
    scattered = texts.scattered(value for value, hits in found.items() if not hits)
    return {value: hits for value, hits in found.items() if hits} | {value: [hit] for value, hit in scattered.items()}


def anchor_of(hits: Mapping[str, Sequence[Hit]], behind: int) -> Hit:
    """Return the words by which a row is known: its description, else its rarest number, behind the row before."""
    known = hits.get("description") or min(hits.values(), key=len)
    place = bisect_left(known, behind + 1, key=lambda hit: hit.first)
    return known[place] if place < len(known) else known[-1]


def in_row(sheet: Sheet, hits: Sequence[Hit], anchor: Hit, taken: set[int], *, is_last: bool) -> Hit:
    """Return those words of a cell that stand in its row, and that no other cell of the row has taken, if it can be."""
    low = bisect_left(hits, anchor.first - ROW_REACH, key=lambda hit: hit.first)
    high = bisect_left(hits, anchor.last + ROW_REACH, key=lambda hit: hit.first)
    around = hits[low:high] or hits[max(low - 1, 0) : low + 1] or hits[-1:]

    def rank(hit: Hit) -> tuple[Any, ...]:
        order = -hit.first if is_last else hit.first
        return hit != anchor, hit.first in taken, hit.is_opposite, distance(sheet, hit, anchor), order

    return min(around, key=rank)


def frame(places: Sequence[Place]) -> Place | None:
    """Return the frame around what stands on the first of the places' pages; None for no places."""
    if not places:
        return None
    page = min(place.page for place in places)
    boxes = [place.box for place in places if place.page == page]
    return Place(
        page, union(boxes), all(place.is_whole for place in places), any(place.is_opposite for place in places)
    )
