"""What holds of an invoice's data and what does not: arithmetic, dates and checksums. Nothing here needs the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import iban
from stdnum.in_ import gstin

from accounts.schema import EU_PREFIXES, SEPARATORS, FieldError, clean_vat_number
from extraction.choices import Finding
from extraction.schema import AMOUNTS, CORE

TOLERANCE: Final = Decimal("0.02")
SURE, CARRIED, DOUBTFUL = 1.0, 0.98, 0.6
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
    "active_content": (
        gettext_lazy("The file holds nothing active."),
        gettext_lazy("The file holds what a paper does not: %(findings)s. It was not run."),
    ),
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
    return str(holds if check["ok"] else fails) % values


def checks_of(data: Mapping[str, Any]) -> list[Check]:
    """Return what can be said of parsed data by itself; what cannot be judged is left out."""
    return [*arithmetic(data), *identities(data)]


def arithmetic(data: Mapping[str, Any]) -> Iterator[Check]:
    """Yield what follows by reckoning."""
    items, subtotal, discount = data["items"], data["subtotal"], data["discount"] or Decimal(0)
    amounts = [item["amount"] for item in items if item["amount"] is not None]
    if subtotal is not None and amounts and len(amounts) == len(items):
        found = sum(amounts, Decimal(0))
        # The subtotal stands before a discount on some papers, after it on others.
        yield compared("lines_add_up", subtotal, found, found - discount)
    if None not in (subtotal, data["total"]):
        after = subtotal + (data["tax"] or Decimal(0))
        yield compared("totals_add_up", data["total"], after, after - discount)
    taxes = [entry["tax_amount"] for entry in data["tax_breakdown"]]
    if data["tax"] is not None and taxes and None not in taxes:
        yield compared("taxes_add_up", data["tax"], sum(taxes, Decimal(0)))
    yield from line_amounts(items)
    if data["invoice_date"] and data["due_date"]:
        yield Check("dates_in_order", data["invoice_date"] <= data["due_date"])


def compared(name: str, expected: Decimal, *candidates: Decimal) -> Check:
    """Return the check that one of some sums is what is expected, but for roundings."""
    ok = any(abs(expected - each) <= TOLERANCE for each in candidates)
    return Check(name, ok, {} if ok else {"found": f"{candidates[-1]:f}", "expected": f"{expected:f}"})


def line_amounts(items: list[dict[str, Any]]) -> Iterator[Check]:
    """Yield whether quantity times price is the amount; a price is rounded, so that it may differ with quantity."""
    names = ("quantity", "unit_price", "amount")
    judged = [
        (place, *(item[name] for name in names))
        for place, item in enumerate(items, start=1)
        if all(item[name] is not None for name in names)
    ]
    wrong = [place for place, quantity, price, amount in judged if not is_product(quantity, price, amount)]
    if judged:
        yield Check("line_amounts", not wrong, {"lines": ", ".join(map(str, wrong))} if wrong else {})


def is_product(quantity: Decimal, price: Decimal, amount: Decimal) -> bool:
    """Return whether an amount can be quantity times price, by the digits of the price."""
    half_a_digit = Decimal(5).scaleb(min(int(price.as_tuple().exponent), 0) - 1)
    return abs(quantity * price - amount) <= TOLERANCE + abs(quantity) * half_a_digit


def identities(data: Mapping[str, Any]) -> Iterator[Check]:
    """Yield what check digits say."""
    if data["vendor_tax_id"] and (ok := tax_number_holds(data["vendor_tax_id"])) is not None:
        yield Check("tax_number", ok)
    if data["vendor_iban"]:
        yield Check("iban", iban.is_valid(data["vendor_iban"]))


def tax_number_holds(text: str) -> bool | None:
    """Return whether a tax number's form and check digit hold; None where its country cannot be told."""
    compact = SEPARATORS.sub("", text).upper()
    if GSTIN.fullmatch(compact):
        return bool(gstin.is_valid(compact))
    if compact[:2] in EU_PREFIXES:
        country = compact[:2]
    elif re.fullmatch(r"3\d{13}3", compact):
        country = "SA"
    else:
        return None
    try:
        clean_vat_number(compact, country)
    except FieldError:
        return False
    return True


def answers_core(data: Mapping[str, Any]) -> bool:
    """Return whether number, date, total and currency are all there."""
    return all(data[name] is not None for name in CORE)


def holds(checks: list[Check]) -> bool:
    """Return whether the arithmetic holds, as far as it can be reckoned."""
    return all(check.ok for check in checks if check.name in {"lines_add_up", "totals_add_up"})


def confidence_of(data: Mapping[str, Any], checks: list[Check], *, reason: str, score: float) -> dict[str, Any]:
    """Return the confidence of each field that has a value; a check that fails lowers it, and drops nothing."""
    failed = {check.name for check in checks if not check.ok}
    doubts: dict[str, str] = {}
    if failed & {"totals_add_up", "taxes_add_up"}:
        doubts |= dict.fromkeys(AMOUNTS, "arithmetic_fails")
    if failed & {"lines_add_up", "line_amounts"}:
        doubts |= {"items": "arithmetic_fails", "subtotal": "arithmetic_fails"}
    if "dates_in_order" in failed:
        doubts |= {"due_date": "dates_out_of_order"}
    if "tax_number" in failed:
        doubts["vendor_tax_id"] = "checksum_fails"
    if failed & {"iban", "iban_changed"}:
        doubts["vendor_iban"] = "checksum_fails" if "iban" in failed else "iban_changed"
    return {
        name: {"score": DOUBTFUL if name in doubts else score, "page": None, "box": None,
               "reason": doubts.get(name, reason)}
        for name, value in data.items()
        if value not in (None, [])
    }  # fmt: skip
