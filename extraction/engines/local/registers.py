"""Numbers of registers on a paper: tax numbers and IBANs, with where they stand and whether their check digits hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from stdnum import iban as iban_module

from accounts.schema import EU_PREFIXES, SEPARATORS
from extraction.engines.local.amounts import plain
from extraction.engines.local.labels import Label
from extraction.engines.local.page import LONG_TEXT, Page
from extraction.engines.local.sheet import Cell
from extraction.reconcile import tax_number_holds

PREFIXES: Final = "|".join(sorted(EU_PREFIXES | {"GB"}))
VAT: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:{PREFIXES})[ .-]?[0-9A-Z]{{2,4}}(?:[ .-]?[0-9A-Z]{{1,10}}){{1,4}}(?![A-Za-z0-9])"
)
GSTIN: Final = re.compile(r"(?<![A-Za-z0-9])\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z](?![A-Za-z0-9])")
SAUDI: Final = re.compile(r"(?<!\d)3\d{13}3(?!\d)")
SWISS: Final = re.compile(r"(?<![A-Za-z0-9])CHE[- ]?\d{3}[. ]?\d{3}[. ]?\d{3}(?: ?(?:MWST|TVA|IVA))?")
CANADIAN: Final = re.compile(r"(?<![A-Za-z0-9])\d{9} ?RT ?\d{4}(?!\d)")
JAPANESE: Final = re.compile(r"(?<![A-Za-z0-9])T-?\d{13}(?!\d)")
IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?![A-Za-z0-9])")
SUM: Final = re.compile(r"\d{1,3}(?:[ .]?\d{3})*\.\d{2}")
WORD: Final = re.compile(r"[A-Z]{0,4}[ -]?\d[\dA-Z]{0,20}(?:[ ./-]\d[\dA-Z]{0,12}){0,6}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a register; ``side`` is whose it is, as far as its label says: vendor, buyer or empty."""

    text: str
    cell: Cell
    holds: bool | None
    side: str = ""
    is_labelled: bool = False


def compact(text: str) -> str:
    """Return a number without separators, in capitals."""
    return SEPARATORS.sub("", text).upper()


def tax_numbers(page: Page) -> list[Number]:
    """Return the tax numbers, as they are written, in the order of reading."""
    found: dict[str, Number] = {}
    for cell in page.sheet.cells:
        if not any(map(str.isdecimal, cell.text)):
            continue
        text = plain(cell.text[:LONG_TEXT])
        for pattern in (GSTIN, SAUDI, SWISS, VAT):
            for each in pattern.finditer(text):
                add(found, vat_text(each[0]), cell, label_of(page, cell, each.start()))
        for pattern in (CANADIAN, JAPANESE):
            for each in pattern.finditer(text):
                add(found, each[0], cell, label_of(page, cell, each.start()), is_sure=True)
    for cell, label in page.labelled("vat_id", "buyer_vat"):
        for value in page.values(cell, label):
            word = WORD.match(plain(value.text[:60]))
            if (
                word
                and sum(map(str.isdigit, word[0])) >= 5
                and not page.days(value.cell)
                and not SUM.fullmatch(word[0])
            ):
                add(found, word[0].rstrip(".-/"), value.cell, label)
                break
    return list(found.values())


def vat_text(text: str) -> str:
    """Return an EU number up to where its check digits hold, when words of capitals follow it."""
    parts = re.split(r"(?<=[^ ]) ", text)
    for count in range(len(parts), 0, -1):
        shorter = " ".join(parts[:count])
        if tax_number_holds(shorter):
            return shorter
    return text


def add(found: dict[str, Number], text: str, cell: Cell, label: Label | None, *, is_sure: bool = False) -> None:
    """Keep a number once; what has neither a label, right check digits nor a form of its own is something else."""
    holds = tax_number_holds(text)
    digits = sum(map(str.isdigit, text))
    named = label is not None and bool(label.kinds & {"vat_id", "buyer_vat"})
    if (
        digits < 5
        or (not named and not holds and not is_sure)
        or compact(text) in found
        or "iban" in (label.kinds if label else ())
    ):
        return
    side = "buyer" if label and "buyer_vat" in label.kinds else ""
    found[compact(text)] = Number(text.strip(" .-"), cell, holds, side, is_labelled=named)


def label_of(page: Page, cell: Cell, start: int) -> Label | None:
    """Return the label right ahead of a place in a cell, else at the end of the cell before."""
    inside = [label for label in page.labels(cell) if label.end <= start]
    if inside:
        return inside[-1]
    for each in page.before(cell)[:1]:
        labels = page.labels(each)
        if labels and page.is_closed(each, labels[-1]):
            return labels[-1]
    for above in page.above(cell, rows=1):
        labels = page.labels(above)
        if labels and page.is_closed(above, labels[-1]):
            return labels[-1]
    return None


def ibans(page: Page) -> list[str]:
    """Return the IBANs, those whose check digits hold first, without spaces."""
    good: list[str] = []
    doubtful: list[str] = []
    for row in page.sheet.rows:
        text = plain(row.text[: 3 * LONG_TEXT])
        for each in IBAN.finditer(text):
            number = valid_part(each[0])
            if number:
                good.append(number)
            elif any("iban" in label.kinds for cell in row.cells for label in page.labels(cell)):
                doubtful.append(each[0].replace(" ", "")[:34])
    return list(dict.fromkeys([*good, *doubtful]))


def valid_part(text: str) -> str:
    """Return the IBAN with which a text begins, empty where there is none; words may follow it."""
    bare = text.replace(" ", "")
    return next((bare[:end] for end in range(min(len(bare), 34), 14, -1) if iban_module.is_valid(bare[:end])), "")
