"""Who sells and who buys: by labels, legal forms, addresses of web and mail, and where a name stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Final

from accounts.search import normalise
from extraction.engines.base import KnownVendor
from extraction.engines.local import columns
from extraction.engines.local.currencies import CODES
from extraction.engines.local.labels import Label
from extraction.engines.local.page import FILLING, Page
from extraction.engines.local.registers import Number, compact
from extraction.engines.local.sheet import Cell
from extraction.engines.local.text import squeezed

FORMS: Final = re.compile(
    r"(?<![^\W\d_])(?<!\d )(?<!\d)(?:gmbh(?: & co\.? kg)?|ag|kg|ohg|og|gbr|e\.? ?k\.?|ug|sarl|s\.a\.r\.l\.?|sas|sasu|snc|sagl|s\.n\.c\.?|eurl|s\.a\.s\.?|sa|s\.a\.|s\.?r\.?l\.?|s\.?p\.?a\.?|s\.?l\.?u?\.?|ltd\.?|limited|llc|l\.l\.c\.?|llp|plc|inc\.?|"
    r"corp\.?|corporation|pvt\.?|pty|company|co\.|b\.?v\.?|n\.?v\.?|oy|ab|a/s|aps|as|lda\.?|sp\. z o\.o\.|s\.r\.o\.|e\.v\.|"
    r"fz-?llc|fzco|wll|w\.l\.l\.?|est\.|establishment|شركه|مؤسسه|ش\.م\.م|ذ\.م\.م|مكتب)(?![^\W\d_])"
)
HOST: Final = re.compile(r"(?:@|www\.|https?://(?:www\.)?)([a-z0-9][a-z0-9-]{1,60})\.", re.IGNORECASE)
PUBLIC: Final = {
    "gmail",
    "yahoo",
    "hotmail",
    "outlook",
    "gmx",
    "web",
    "icloud",
    "aol",
    "t-online",
    "orange",
    "free",
    "localhost",
    "example",
}
SENDER: Final = re.compile(r"\s[|•●·∙–—-]\s|[•●|]")
POSTCODE: Final = re.compile(r"(?<![\d.,])(?:[A-Z]{1,2}-)?\d{4,6}(?![\d.,])|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}")
LONGEST: Final = 80
MOST_CELLS: Final = 600
LARGE: Final = 1.2  # of the height of most text: what is set larger to be seen
WINDOW: Final = 4  # what speaks against the first line of an address window: as much as a legal form speaks for it
STREET: Final = re.compile(
    r"str(?:asse|aße|\.|eet)|(?<!\w)(?:rue|avenue|road|allee|weg|platz|lane|via|calle|rua|شارع|blvd|suite|boulevard|chemin|p\.?o\.? box)(?!\w)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Party:
    """A business on the paper."""

    name: str = ""
    tax_id: str = ""
    address: str = ""
    belief: float = 0.0


def block_below(page: Page, cell: Cell, label: Label) -> list[str]:
    """Return the lines of text that a heading of a party names: behind it, beside it, or below it."""
    rest = page.whole_rest(cell, label)
    lines = [rest] if any(map(str.isalpha, rest)) else []
    if not lines:
        beside = page.beside(cell)[:1]
        if beside and not heads_something(page, beside[0]) and not has_party_label(page, beside[0]):
            lines = [beside[0].text]
    last = cell
    for each in page.below(cell, rows=7):
        if abs(each.left - cell.left) > 40 and abs(each.right - cell.right) > 40:
            continue
        if each.top - last.bottom > 1.8 * cell.height or has_party_label(page, each):
            break
        lines.append(each.text)
        last = each
    return lines[:7]


def heads_something(page: Page, cell: Cell) -> bool:
    """Return whether a cell is a label with a colon, or nothing but a label."""
    return any(page.is_head(cell, label) and page.is_closed(cell, label) for label in page.labels(cell))


def has_party_label(page: Page, cell: Cell) -> bool:
    """Return whether a cell heads another party."""
    heads = {"buyer", "vendor", "delivery_to"}
    return any(
        label.kinds & heads and page.is_closed(cell, label) and page.is_head(cell, label) for label in page.labels(cell)
    )


def named_in(lines: Sequence[str]) -> str:
    """Return the name among the lines of a party: what follows ``Name:``, else the first that may be one."""
    for line in lines:
        bare = line.strip(FILLING)
        head, colon, rest = bare.partition(":")
        if (
            colon
            and squeezed(head) in {"name", "nom", "nombre", "nome", "naam", "firma", "company", "الاسم", "اسم"}
            and rest.strip()
        ):
            return rest.strip(FILLING)[:LONGEST]
    return next((name for line in lines if (name := name_of(line))), "")


def name_of(text: str) -> str:
    """Return a text as a name, empty where it can be none: a street, a number, a sentence, an address of the web."""
    name = text.strip(FILLING + ",")
    if (
        ":" in name
        or not 2 <= len(name) <= LONGEST
        or sum(map(str.isalpha, name)) < 2
        or HOST.search(name)
        or "@" in name
    ):
        return ""
    comma = name.find(",")
    if comma > 3 and FORMS.match(normalise(name[comma + 1 :])):
        name = name[:comma]
    if name in CODES or POSTCODE.search(name) or columns.heads_in_text(name):
        return ""
    if sum(map(str.isdecimal, name)) > 4 or STREET.search(name) or len(name.split()) > 9:
        return ""
    return name


def buyer_of(page: Page, own: Sequence[str]) -> Party:
    """Return who is billed: our own business where it is named, else whom a label or the address window names."""
    wanted = {normalise(name): name for name in own if name}
    for cell in page.sheet.cells:
        folded = normalise(cell.text[:200])
        for name, written in wanted.items():
            if name and name in folded:
                return Party(written)
    for cell, label in page.labelled("buyer"):
        if not page.is_head(cell, label) or not page.is_closed(cell, label):
            continue
        lines = block_below(page, cell, label)
        if name := named_in(lines):
            return Party(name, address="\n".join(lines[1:4]))
    return Party(window_of(page))


def window_of(page: Page) -> str:
    """Return the first line of the address window: right below the line of the sender, high on the first page."""
    for cell in page.sheet.cells:
        if cell.page > 1 or cell.top > page.sheet.height * 0.4:
            break
        if len(SENDER.findall(cell.text)) >= 2 and POSTCODE.search(cell.text):
            for each in page.below(cell, rows=5):
                if (
                    abs(each.left - cell.left) < 20
                    and (name := name_of(each.text))
                    and name not in {"Herr", "Frau", "Firma"}
                ):
                    return name
    return ""


def vendor_of(
    page: Page,
    buyer: Party,
    numbers: Sequence[Number],
    accounts: Sequence[str],
    own: Sequence[str],
    known: Sequence[KnownVendor],
    skip: frozenset[int],
) -> Party:
    """Return who sells; a vendor that was verified before is known again by its marks."""
    hosts = hosts_of(page)
    if known:
        return Party(known[0].name, belief=0.97)
    excluded = {normalise(each) for each in (*own, buyer.name) if each}
    scores: dict[str, float] = {}
    for name, weight in names(page, hosts, numbers, skip):
        bare = name_of(SENDER.split(name)[0])
        if not bare or normalise(bare) in excluded or any(each and each in normalise(bare) for each in excluded):
            continue
        scores[bare] = scores.get(bare, 0) + weight
    if not scores:
        return Party()
    best = max(scores, key=lambda each: scores[each])
    return Party(best, address=address_of(page, best), belief=min(0.5 + scores[best] / 20, 0.92))


def hosts_of(page: Page) -> set[str]:
    """Return the names of the web and mail addresses that are a business's own."""
    found = {each[1].lower() for cell in page.sheet.cells for each in HOST.finditer(cell.text[:400])}
    return {host for host in found if host not in PUBLIC}


def names(page: Page, hosts: set[str], numbers: Sequence[Number], skip: frozenset[int]) -> Iterator[tuple[str, float]]:
    """Yield what may be the vendor's name, with what speaks for it."""
    for cell, label in page.labelled("vendor"):
        if not page.is_head(cell, label) or not page.is_closed(cell, label):
            continue
        is_strong = len(squeezed(cell.text[label.start : label.end])) > 4
        if name := named_in(block_below(page, cell, label)):
            yield name, 7 if is_strong else 3
    buyers = buyer_cells(page)
    tall = max((cell.height for cell in heading_cells(page) if not titles_paper(page, cell)), default=0)
    body = median_low([cell.height for cell in page.sheet.cells] or [0])
    windows = address_windows(page, body)
    tall = tall if tall > LARGE * body else float("inf")
    rows_of_tax = {number.cell.row for number in numbers if number.side != "buyer"}
    for place, cell in enumerate(page.sheet.cells):
        if place > MOST_CELLS:
            break
        if cell.row in skip or id(cell) in buyers or titles_paper(page, cell):
            continue
        for name, weight in of_place(page, cell, hosts, tall, rows_of_tax):
            yield name, weight - (WINDOW if id(cell) in windows else 0)


def heading_cells(page: Page) -> Iterator[Cell]:
    """Yield the cells at the top of the first page."""
    return (cell for cell in page.sheet.cells if cell.page == 1 and cell.top < page.sheet.height * 0.35)


def titles_paper(page: Page, cell: Cell) -> bool:
    """Return whether a cell begins with the name, the number or the date of the paper."""
    return any(label.kinds & {"number", "bill", "date"} and page.is_head(cell, label) for label in page.labels(cell))


def address_windows(page: Page, body: float) -> set[int]:
    """Return the cells with which an addressee may begin: no larger than the text, below a letterhead, above a town."""
    found: set[int] = set()
    for cell in heading_cells(page):
        is_first = cell.row == 0 or cell.height > LARGE * body
        above = next(page.above(cell, rows=1), None)
        begins = above is None or abs(above.left - cell.left) > 5 or cell.top - above.bottom > 0.6 * cell.height
        lines = [each.text for each in page.below(cell, rows=5) if abs(each.left - cell.left) < 5][:3]
        if begins and not is_first and any(POSTCODE.search(line) for line in lines):
            found.add(id(cell))
    return found


def of_place(
    page: Page, cell: Cell, hosts: set[str], tall: float, rows_of_tax: set[int]
) -> Iterator[tuple[str, float]]:
    """Yield the name in a cell, weighed by its form and its place."""
    sender = len(SENDER.findall(cell.text)) >= 2 or (" - " in cell.text and POSTCODE.search(cell.text))
    text = SENDER.split(cell.text)[0].strip() if sender else cell.text
    if ":" in text[:40] or not name_of(text):
        return
    weight = 0.0
    form = FORMS.search(normalise(text))
    weight += 4 if form else 0
    weight += 4 if sender else 0
    flat = squeezed(text)
    if any(
        len(host) > 3 and (host.replace("-", "") in flat or (len(flat) > 4 and flat in host.replace("-", "")))
        for host in hosts
    ):
        weight += 4
    if cell.page == 1 and cell.top < page.sheet.height * 0.2:
        weight += 1.5
        weight += 1.5 if cell.height >= 0.95 * tall else 0
        weight += 1 if cell.row <= 1 else 0
    if cell.top > page.sheet.height * 0.85 and form:
        weight += 1.5
    if any(abs(cell.row - row) <= 3 for row in rows_of_tax):
        weight += 1
    if weight >= 1.5:
        yield text, weight


def buyer_cells(page: Page) -> set[int]:
    """Return the cells that belong to who is billed or where it is delivered."""
    found: set[int] = set()
    for cell, label in page.labelled("buyer", "delivery_to"):
        if page.is_head(cell, label) and page.is_closed(cell, label):
            found.add(id(cell))
            found |= {id(each) for each in page.beside(cell)[:1]}
            last = cell
            for each in page.below(cell, rows=6):
                if each.top - last.bottom > 1.8 * cell.height or has_party_label(page, each):
                    break
                found.add(id(each))
                last = each
    return found


def address_of(page: Page, name: str) -> str:
    """Return the lines of an address below a name, or behind it on the sender's line."""
    for cell in page.sheet.cells:
        if not cell.text.strip(FILLING).startswith(name):
            continue
        parts = [part.strip() for part in SENDER.split(cell.text)][1:]
        if parts and any(POSTCODE.search(part) for part in parts):
            return "\n".join(part for part in parts if part)[:1000]
        lines = [each.text for each in page.below(cell, rows=4)]
        if any(POSTCODE.search(line) for line in lines):
            last = next(place for place, line in enumerate(lines) if POSTCODE.search(line))
            return "\n".join(lines[: last + 1])[:1000]
    return ""


def tax_id_of(numbers: Sequence[Number], buyer_numbers: Sequence[str], page: Page) -> str:
    """Return the vendor's tax number: not the buyer's, and one whose check digits hold before another."""
    own = {compact(each) for each in buyer_numbers if each}
    buyers = buyer_cells(page)
    fit = [each for each in numbers if each.side != "buyer" and compact(each.text) not in own]
    outside = [each for each in fit if id(each.cell) not in buyers] or fit
    ranked = sorted(
        outside, key=lambda each: (each.holds is True, each.text[:2].isalpha(), each.is_labelled), reverse=True
    )
    return ranked[0].text if ranked else ""
