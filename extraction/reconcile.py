"""What holds of an invoice's data and what does not: arithmetic, dates and checksums. Nothing here needs the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.ch import uid
from stdnum.in_ import gstin

from accounts.schema import EU_PREFIXES, FieldError, clean_vat_number, is_visible
from extraction.choices import Finding
from extraction.domain.locating.sheet import Place
from extraction.domain.parties import compact, iban_holds
from extraction.intake.words import PageWords
from extraction.schema import CORE
from invoicing.money import minor_digits

TOLERANCE: Final = 2  # of the currency's minor unit
CARRIED: Final = 0.98  # how far data that a file carries is believed
MOST_SHOWN: Final = 80  # characters of a hidden text
SWISS: Final = re.compile(r"CHE\d{9}(MWST|TVA|IVA|VAT|HR|RC)?")
GSTIN: Final = re.compile(r"\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]")
# By name: what to say when it holds, and when it does not
SENTENCES: Final[Mapping[str, tuple[Any, Any]]] = {
    "lines_add_up": (
        gettext_lazy("The lines add up."),
        gettext_lazy("The lines add up to %(found)s, the subtotal is %(expected)s."),
    ),
    "totals_add_up": (
        gettext_lazy("Subtotal, discount and tax add up to the total."),
        gettext_lazy("Subtotal, discount and tax add up to %(found)s, the total is %(expected)s."),
    ),
    "line_amounts": (
        gettext_lazy("Quantity times price is the amount of each line."),
        gettext_lazy("Quantity times price is not the amount in these lines: %(lines)s."),
    ),
    "taxes_add_up": (
        gettext_lazy("The taxes of the rates add up."),
        gettext_lazy("The taxes of the rates add up to %(found)s, the tax is %(expected)s."),
    ),
    "dates_in_order": (
        gettext_lazy("The dates are in order."),
        gettext_lazy("It is due before it was written."),
    ),
    "tax_number": (
        gettext_lazy("The vendor's tax number is well formed."),
        gettext_lazy("The vendor's tax number has a wrong form or check digit."),
    ),
    "iban": (gettext_lazy("The IBAN is well formed."), gettext_lazy("The IBAN has a wrong form or check digits.")),
    "duplicate": (
        gettext_lazy("No other document is like this one."),
        gettext_lazy("Another document is like this one: %(document)s."),
    ),
    "iban_changed": (
        gettext_lazy("The vendor's IBAN is the one known."),
        gettext_lazy("The vendor's IBAN was %(known)s until now."),
    ),
    "known_vendor": (
        gettext_lazy("This supplier was verified before. Its name was read as “%(read)s”."),
        gettext_lazy("This supplier is not known yet."),
    ),
    "not_ourselves": (
        gettext_lazy("The supplier is somebody else than we are."),
        gettext_lazy("Our own business was read as the supplier: %(read)s."),
    ),
    "xml_matches_page": (
        gettext_lazy("The data inside the file is what its pages show."),
        gettext_lazy("The data inside the file says what its pages do not show: %(fields)s."),
    ),
    "hidden_text": (
        gettext_lazy("The pages hold no text that nobody sees."),
        gettext_lazy("The pages hold text that nobody sees: “%(text)s”."),
    ),
    "active_content": (
        gettext_lazy("The file holds nothing active."),
        gettext_lazy("The file holds what a paper does not: %(findings)s. It was not run."),
    ),
}

# The fields of data inside a file that its pages have to show, with what they are called
SHOWN: Final[Mapping[str, Any]] = {
    "invoice_number": gettext_lazy("Invoice number"),
    "invoice_date": gettext_lazy("Invoice date"),
    "subtotal": gettext_lazy("Subtotal"),
    "tax": gettext_lazy("Tax"),
    "total": gettext_lazy("Total"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that holds or does not, with the figures for its sentence."""

    name: str
    ok: bool
    values: Mapping[str, str] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """Return the check as it is kept."""
        return asdict(self)


def sentence(check: Mapping[str, Any]) -> str:
    """Return a kept check in words."""
    holds, fails = SENTENCES[check["name"]]
    values = dict(check["values"])
    if "findings" in values:
        words = [str(Finding(word).label) for word in values["findings"].split(",")]
        values["findings"] = _(", ").join(words)
    if "fields" in values:
        values["fields"] = _(", ").join(str(SHOWN[name]) for name in values["fields"].split(","))
    return str(holds if check["ok"] else fails) % values


def checks_of(data: Mapping[str, Any]) -> list[Check]:
    """Return what can be said of parsed data by itself; what cannot be judged is left out."""
    return [*arithmetic(data), *identities(data)]


def arithmetic(data: Mapping[str, Any]) -> Iterator[Check]:
    """Yield what follows by reckoning."""
    items, subtotal, discount = data["items"], data["subtotal"], data["discount"] or Decimal(0)
    tolerance, tax = tolerance_of(data["currency"]), data["tax"] or Decimal(0)
    amounts = [item["amount"] for item in items if item["amount"] is not None]
    if subtotal is not None and amounts and len(amounts) == len(items):
        found = sum(amounts, Decimal(0))
        # The subtotal stands before a discount on some papers, after it on others; and prices may hold the tax.
        yield compared("lines_add_up", subtotal, tolerance, found - tax, found, found - discount)
    if None not in (subtotal, data["total"]):
        after = subtotal + tax
        yield compared("totals_add_up", data["total"], tolerance, after, after - discount)
    taxes = [entry["tax_amount"] for entry in data["tax_breakdown"]]
    if data["tax"] is not None and taxes and None not in taxes:
        yield compared("taxes_add_up", data["tax"], tolerance, sum(taxes, Decimal(0)))
    yield from line_amounts(items, tolerance)
    if data["invoice_date"] and data["due_date"]:
        yield Check("dates_in_order", data["invoice_date"] <= data["due_date"])


def tolerance_of(currency: str | None) -> Decimal:
    """Return by how much amounts may differ because each was rounded: two cents, yen or fils."""
    return TOLERANCE * Decimal(1).scaleb(-(minor_digits(currency) if currency else 2))


def compared(name: str, expected: Decimal, tolerance: Decimal, *candidates: Decimal) -> Check:
    """Return the check that one of some sums is what is expected, but for roundings."""
    ok = any(abs(expected - each) <= tolerance for each in candidates)
    return Check(name, ok, {} if ok else {"found": f"{candidates[-1]:f}", "expected": f"{expected:f}"})


def line_amounts(items: list[dict[str, Any]], tolerance: Decimal) -> Iterator[Check]:
    """Yield whether quantity times price is the amount; a price is rounded, so that it may differ with quantity."""
    names = ("quantity", "unit_price", "amount")
    judged = [
        (place, *(item[name] for name in names))
        for place, item in enumerate(items, start=1)
        if all(item[name] is not None for name in names)
    ]
    wrong = [place for place, *line in judged if not is_product(*line, tolerance=tolerance)]
    if judged:
        yield Check("line_amounts", not wrong, {"lines": ", ".join(map(str, wrong))} if wrong else {})


def is_product(quantity: Decimal, price: Decimal, amount: Decimal, *, tolerance: Decimal) -> bool:
    """Return whether an amount can be quantity times price, by the digits of the price."""
    half_a_digit = Decimal(5).scaleb(min(int(price.as_tuple().exponent), 0) - 1)
    return abs(quantity * price - amount) <= tolerance + abs(quantity) * half_a_digit


def identities(data: Mapping[str, Any]) -> Iterator[Check]:
    """Yield what check digits say."""
    if data["vendor_tax_id"] and (ok := tax_number_holds(data["vendor_tax_id"])) is not None:
        yield Check("tax_number", ok)
    if data["vendor_iban"]:
        yield Check("iban", iban_holds(data["vendor_iban"]))


def tax_number_holds(text: str) -> bool | None:
    """Return whether a tax number's form and check digit hold; None where its country cannot be told."""
    key = compact(text)
    if GSTIN.fullmatch(key):
        return bool(gstin.is_valid(key))
    if SWISS.fullmatch(key):
        return bool(uid.is_valid(key[:12]))
    country = "SA" if re.fullmatch(r"3\d{13}3", key) else key[:2]
    if country not in {"SA", "GB", *EU_PREFIXES} or not any(map(str.isdigit, key)):
        return None
    try:
        clean_vat_number(key, country)
    except FieldError:
        return False
    return True


def answers_core(data: Mapping[str, Any]) -> bool:
    """Return whether number, date, total and currency are all there."""
    return all(data[name] is not None for name in CORE)


def holds(checks: list[Check]) -> bool:
    """Return whether the arithmetic holds, as far as it can be reckoned."""
    return all(check.ok for check in checks if check.name in {"lines_add_up", "totals_add_up"})


# Against the pages


def page_checks(pages: Sequence[PageWords]) -> Iterator[Check]:
    """Yield what the pages themselves say: whether they hold what nobody sees."""
    if any(page.words or page.hidden for page in pages):
        text = shown_safely(" ".join(word.text for page in pages for word in page.hidden[:MOST_SHOWN]))
        yield Check("hidden_text", not text, {"text": text} if text else {})


def shown_safely(text: str) -> str:
    """Return the beginning of a stranger's text on one line, without what cannot be seen and what turns text around."""
    seen = "".join(" " if char.isspace() else char for char in text if is_visible(char) or char.isspace())
    line = " ".join(seen.split())
    return line if len(line) <= MOST_SHOWN else f"{line[:MOST_SHOWN]}…"


def against_page(data: Mapping[str, Any], places: Mapping[str, Place]) -> Check:
    """Return the check that the pages show what the data inside their file says; nothing need not be printed."""
    missing = [name for name in SHOWN if data[name] and name not in places]
    return Check("xml_matches_page", not missing, {"fields": ",".join(missing)} if missing else {})
