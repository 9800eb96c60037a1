"""Whether what was read is what stands on a paper."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

AMOUNTS = ("total", "tax", "subtotal")
LEGAL_FORMS = frozenset(
    [
        "ag",
        "bv",
        "co",
        "corp",
        "gmbh",
        "inc",
        "kg",
        "limited",
        "llc",
        "ltd",
        "nv",
        "og",
        "plc",
        "pte",
        "pvt",
        "sa",
        "sarl",
        "sas",
        "sl",
        "snc",
        "spa",
        "srl",
        "ug",
    ]
)


def folded(text: Any) -> str:
    """Return letters and digits alone, without case and accents."""
    plain = unicodedata.normalize("NFKD", str(text or "")).casefold()
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in plain if letter.isalnum()
    )


def likeness(one: Any, other: Any) -> float:
    """Return how alike two texts are, 0 to 1."""
    return difflib.SequenceMatcher(None, folded(one), folded(other), autojunk=False).ratio()


def bare_name(name: Any) -> str:
    """Return a business's name without its legal form, which XML leaves out at times."""
    words = str(name).split()
    while len(words) > 1 and folded(words[-1]) in LEGAL_FORMS:
        words.pop()
    return folded("".join(words))


def number(value: Any) -> Decimal | None:
    """Return an exact number."""
    return None if value is None else Decimal(str(value))


def same(name: str, truth: Any, found: Any, every: Mapping[str, Any]) -> bool:
    """Return whether what was read is what stands there."""
    if truth is None or found is None:
        return truth is None and found in (None, "")
    if name in AMOUNTS:
        return number(truth) == number(found)
    if name == "vendor_tax_id":
        # One business may print several: any of them names it. The Swiss write which tax it is for behind theirs.
        known = {folded(truth), *map(folded, every.get("vendor_tax_ids", {}).values())}
        return re.sub(r"(?<=\d)(mwst|tva|iva)$", "", folded(found)) in known
    if name == "vendor_name":
        return likeness(bare_name(truth), bare_name(found)) >= 0.9
    if name == "invoice_number":
        return folded(truth) == folded(found)
    return str(truth) == str(found)


def same_item(truth: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Return whether two lines have the same amount and quantity, and descriptions that are alike."""
    if number(truth.get("amount")) != number(found.get("amount")):
        return False
    quantity = number(found.get("quantity"))
    if truth.get("quantity") is not None and quantity not in (None, number(truth["quantity"])):
        return False
    wanted, has = folded(truth.get("description")), folded(found.get("description"))
    return not wanted or wanted in has or likeness(wanted, has[: len(wanted) * 2]) >= 0.5


def matched(truth: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> int:
    """Return how many lines were read rightly, each counted once."""
    left, count = list(found), 0
    for line in truth:
        hit = next((each for each in left if same_item(line, each)), None)
        if hit is not None:
            left.remove(hit)
            count += 1
    return count
