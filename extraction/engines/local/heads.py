"""What heads a paper: its number, its days, and the order it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from extraction.engines.local.days import Day, days_in, due_by_terms
from extraction.engines.local.labels import Label
from extraction.engines.local.page import FILLING, Page, Value, has_digit
from extraction.engines.local.registers import VAT
from extraction.engines.local.sheet import Cell
from extraction.engines.local.text import squeezed

LONGEST: Final = 40
CODE: Final = re.compile(r"[^\W_][\w./\\#:–-]{0,39}")
PREFIX: Final = re.compile(r"[^\W\d_]{1,6}[-/.]?")
SERIAL: Final = re.compile(
    r"(?=\D{0,12}\d)(?=.{0,30}[^\W\d_])[^\W_]\w{0,15}(?:[-/.]\w{1,15}){1,4}|[^\W\d_]{1,6}\d{2,10}"
)
WEB: Final = re.compile(r"@|www\.|https?:|\.(?:com|de|fr|org|net|sa|ae)\b", re.IGNORECASE)
PAYING: Final = (
    "net",
    "zahlbar",
    "payable",
    "payment",
    "within",
    "innerhalb",
    "règlement",
    "paiement",
    "due",
    "échéance",
)
SURE, GOOD, FAIR, WEAK = 0.95, 0.9, 0.7, 0.45


@dataclass(frozen=True, slots=True)
class Found:
    """A value that was chosen, and how far it is to be believed (0 to 1)."""

    value: str | date
    belief: float


def number_of(page: Page) -> Found | None:
    """Return the number of the paper."""
    best: dict[str, float] = {}
    for text, belief in numbers(page):
        value = code_of(text)
        if value:
            best[value] = max(best.get(value, 0), belief)
    if not best:
        return None
    value = max(best, key=lambda each: best[each])
    return Found(value, best[value])


def numbers(page: Page) -> Iterator[tuple[str, float]]:
    """Yield the texts that may be the number; the first of the same belief is taken."""
    for cell, label in page.labelled("number", "bill", "bare_number"):
        later = 0.02 if cell.page > 1 else 0.0
        if "number" in label.kinds:
            if is_of_another(page, cell, label):
                continue
            for value in page.values(cell, label):
                if is_fitting(page, value, label):
                    yield value.text, SURE - 0.02 * value.distance - later
        elif "bill" in label.kinds:
            yield from of_title(page, cell, label, later)
        elif page.is_head(cell, label) and (bill := near_bill(page, cell)) is not None:
            for value in page.values(cell, label):
                if is_fitting(page, value, label):
                    near = GOOD if SERIAL.fullmatch(value.text) else FAIR + 0.1
                    yield value.text, (near if bill else WEAK) - 0.05 * value.distance - later


def is_of_another(page: Page, cell: Cell, label: Label) -> bool:
    """Return whether a number is said of another paper: what comes before makes it an original's."""
    ahead = squeezed(cell.text[: label.start])[-16:]
    return ahead.endswith(("original", "related", "storniert", "corrected", "zu", "zur", "previous", "tothe", "liee"))


def is_fitting(page: Page, value: Value, label: Label) -> bool:
    """Return whether a text can be a label's own value and is not another label's, or a date."""
    if value.distance and any(page.is_head(value.cell, each) for each in page.labels(value.cell)):
        return False
    if value.distance == 2 and owner_above(page, value.cell, label) is False:
        return False
    first = value.text[:LONGEST]
    return not begins_with_day(first) and not WEB.search(first.split(" ")[0])


def begins_with_day(text: str) -> bool:
    """Return whether a text begins with a date."""
    return any(day.start == 0 for day in days_in(text[:LONGEST])[:1])


def owner_above(page: Page, cell: Cell, label: Label) -> bool | None:
    """Return whether the nearest cell above has this label; None where that has none."""
    for each in page.above(cell):
        labels = page.labels(each)
        if labels:
            return any(other.kinds == label.kinds for other in labels)
    return None


def of_title(page: Page, cell: Cell, label: Label, later: float) -> Iterator[tuple[str, float]]:
    """Yield what follows the name of the paper: ``Facture FA-17``, ``Handelsrechnung (380) Nr. 17 vom``."""
    ahead = cell.text[: label.start]
    labels = page.labels(cell)
    # A paper may have two names: ``Gutschrift (selbst ausgestellte Rechnung) Nr. 17``.
    is_second = label is not labels[0] and "bill" in labels[0].kinds and page.is_head(cell, labels[0])
    if is_of_another(page, cell, label) or has_digit(ahead) or len(ahead.split()) > (3 if is_second else 1):
        return
    after = next((each for each in labels if each.start >= label.end), None)
    if after and "bare_number" in after.kinds and after.start - label.end < 12:
        yield page.whole_rest(cell, after), GOOD - later
        return
    if not page.is_head(cell, label):
        return
    rest = page.rest(cell, label)
    if rest and has_digit(rest.split(" ")[0]) and not begins_with_day(rest):
        yield rest, (GOOD if len(rest.split()) <= 3 else FAIR) - later
    elif not rest:
        for each in page.beside(cell)[:1]:
            labels = page.labels(each)
            text = each.text
            if labels and "bare_number" in labels[0].kinds and page.is_head(each, labels[0]):
                text = page.whole_rest(each, labels[0])
            elif labels and page.is_head(each, labels[0]):
                continue
            if has_digit(text.split(" ")[0] if text else "") and not page.days(each):
                yield text, FAIR - later
        yield from under_title(page, cell, later)


def under_title(page: Page, cell: Cell, later: float) -> Iterator[tuple[str, float]]:
    """Yield what stands below the name of the paper: a code, or any number where the name is one of several heads."""
    is_one_of_heads = any(other is not cell and page.labels(other) for other in page.row(cell).cells)
    for each in page.below(cell, rows=1):
        if page.days(each) or page.labels(each):
            continue
        if SERIAL.fullmatch(each.text) and not VAT.fullmatch(each.text):
            yield each.text, GOOD - later
        elif is_one_of_heads:
            yield each.text, FAIR - later


def near_bill(page: Page, cell: Cell) -> bool | None:
    """Return whether the name of the paper stands right above or beside; None low on a page, where rows are counted."""
    rows = page.sheet.rows[max(cell.row - 2, 0) : cell.row + 1]
    if any("bill" in label.kinds for row in rows for each in row.cells for label in page.labels(each)):
        return True
    return False if cell.page == 1 and cell.top < page.sheet.height * 0.4 else None


def code_of(text: str) -> str:
    """Return the number with which a text begins, empty where it begins with none."""
    words = text.strip(FILLING + "(").split()
    if not words:
        return ""
    first = trimmed(words[0])
    if has_digit(first):
        if first.isdigit() and len(words) > 2 and words[1] == "/" and trimmed(words[2]).isdigit():
            return f"{first} / {trimmed(words[2])}"
        if first.isdigit() and len(words) > 1 and all(word.isdigit() for word in words) and len("".join(words)) <= 20:
            return " ".join(words)
        return first if CODE.fullmatch(first) and len(first) <= LONGEST else ""
    if len(words) > 1 and PREFIX.fullmatch(words[0].strip(":#")) and words[0][:1].isupper():
        second = trimmed(words[1])
        if len(words) > 3 and words[2] == "/" and second.isdigit() and trimmed(words[3]).isdigit():
            return f"{words[0].strip(':#')} {second} / {trimmed(words[3])}"
        if has_digit(second) and CODE.fullmatch(second) and not days_in(second):
            return f"{words[0].strip(':#')} {second}"
    return ""


def trimmed(word: str) -> str:
    """Return a word without the signs around it."""
    return word.strip("()[]{}<>\"'“”„«»*|,;:.#!?=").strip("-–")


def dates_of(page: Page) -> tuple[Found | None, Found | None]:
    """Return the day of the paper and the day on which it is due."""
    issued: list[tuple[float, int, Day]] = []
    due: list[tuple[float, int, Day]] = []
    dated = ((each, day) for each in page.sheet.cells for day in page.days(each))
    for place, (cell, day) in enumerate(dated):
        kind, belief = meaning(page, cell, day)
        belief -= 0.02 * (cell.page > 1)
        if kind == "due":
            due.append((belief, -place, day))
        elif kind:
            issued.append((belief if day.is_sure else min(belief, FAIR), -place, day))
    first = max(issued, default=None)
    if first is None:
        return None, None
    begins = first[2].value
    when = max((each for each in due if each[2].value >= begins), default=max(due, default=None))
    if when:
        return Found(begins, first[0]), Found(when[2].value, when[0])
    terms = due_of_terms(page, begins)
    return Found(begins, first[0]), Found(terms, FAIR) if terms else None


def meaning(page: Page, cell: Cell, day: Day) -> tuple[str, float]:
    """Return what a date is by the label that governs it: ``date``, ``due`` or nothing, and how sure that is."""
    label, distance, ahead = governor(page, cell, day)
    if label is None:
        # A date of its own at the top is the paper's, where no other is; one in a sentence is less likely.
        is_high = cell.page == 1 and cell.top < page.sheet.height * 0.5
        alone = len(cell.text) < 28
        return "date", (0.3 if is_high else 0.15) + (0.1 if alone else 0)
    if "due" in label.kinds:
        return "due", SURE - 0.02 * distance
    if "date" in label.kinds:
        return "date", SURE - 0.02 * distance
    if "bare_date" in label.kinds:
        of_bill = any({"number", "bill"} & each.kinds for each in ahead)
        return ("date", GOOD) if of_bill else ("date", FAIR + 0.1 - 0.05 * distance)
    if {"number", "bill"} & label.kinds:
        return "date", FAIR - 0.02 * distance
    if "terms" in label.kinds:
        return "due", FAIR
    return "", 0


def governor(page: Page, cell: Cell, day: Day) -> tuple[Label | None, int, list[Label]]:
    """Return the label that names a date, how far it is, and what labels stand ahead of that on the row."""
    inside = [each for each in page.labels(cell) if each.end <= day.start]
    before = page.before(cell)
    ahead = [label for each in before[:1] for label in page.labels(each)]
    if inside:
        return inside[-1], 0, [*inside[:-1], *ahead]
    if before and (labels := page.labels(before[0])) and page.is_closed(before[0], labels[-1]):
        return labels[-1], 1, labels[:-1]
    above = next(((each, page.labels(each)) for each in page.above(cell, rows=4) if not page.days(each)), None)
    if above and above[1] and page.is_closed(above[0], above[1][-1]):
        return above[1][-1], 2, []
    if (
        before
        and (labels := page.labels(before[0]))
        and page.is_head(before[0], labels[0])
        and not page.days(before[0])
    ):
        return labels[0], 1, labels[1:]
    return None, 3, []


def due_of_terms(page: Page, begins: date) -> date | None:
    """Return when it is due by the terms of payment, counted from the paper's day."""
    for cell, _label in page.labelled("terms", "due"):
        texts = [
            cell.text,
            *(each.text for each in page.beside(cell)[:1]),
            *(each.text for each in page.below(cell, rows=1)),
        ]
        if found := due_by_terms(" ".join(texts), begins):
            return found
    for cell in page.sheet.cells:
        text = cell.text.casefold()
        speaks_of_paying = any(word in text for word in PAYING)
        if has_digit(text) and speaks_of_paying and (found := due_by_terms(text, begins)):
            return found
    return None


def order_of(page: Page) -> Found | None:
    """Return the number of the order that the paper answers."""
    for cell, label in page.labelled("order"):
        if not page.is_head(cell, label) and cell.page == 1 and cell.top > page.sheet.height * 0.7:
            continue
        for value in page.values(cell, label):
            if is_fitting(page, value, label) and (code := code_of(value.text)):
                return Found(code, GOOD)
    return None
