"""What is said beside each field: how sure the machine is and why, what a person changed, what a person confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from extraction import schema
from extraction.choices import Reason
from extraction.domain.confidence import CAPS, SUPPORTS
from extraction.web.verify_texts import Written, digest

SURE_FROM: Final = 0.75  # the score from which nobody needs to look twice, unless something speaks against it
SURE, CHECK = pgettext_lazy("confidence", "Sure"), pgettext_lazy("confidence", "Check")
CHANGED, CONFIRMED = pgettext_lazy("confidence", "Changed"), pgettext_lazy("confidence", "Confirmed")
LABELS: Final[Mapping[str, Promise]] = {
    "vendor_name": _("Supplier"),
    "vendor_tax_id": _("Tax number"),
    "vendor_address": _("Supplier’s address"),
    "vendor_iban": _("Bank account"),
    "invoice_number": _("Invoice number"),
    "invoice_date": _("Invoice date"),
    "due_date": _("Due date"),
    "purchase_order": _("Order number"),
    "buyer_name": _("Buyer"),
    "buyer_tax_id": _("Buyer’s tax number"),
    "language": _("Language"),
    "type": pgettext_lazy("document", "Kind"),
    "currency": _("Currency"),
    "subtotal": _("Subtotal"),
    "discount": _("Discount"),
    "tax": _("Tax"),
    "total": _("Total"),
    "tax_breakdown": _("Tax by rate"),
    "items": _("Lines"),
}
CODES: Final = ("vendor_tax_id", "vendor_iban", "invoice_number", "purchase_order", "buyer_tax_id")
MAIN: Final = ("vendor_name", "vendor_tax_id", "invoice_number", "invoice_date", "due_date", "vendor_iban")
SUMS: Final = ("currency", "subtotal", "discount", "tax", "total")
MORE: Final = ("vendor_address", "purchase_order", "buyer_name", "buyer_tax_id", "language", "type")
CHOICES: Final = ("currency", "language", "type")
UNSURE: Final = _("It is not sure that this is right.")
MISSING: Final = _("It was not found.")


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of one field. ``tone`` is the dot's colour, ``read`` what the machine read where a person changed it."""

    name: str
    tone: str = ""
    word: Promise | str = ""
    reason: Promise | str = ""
    read: str = ""
    is_changed: bool = False
    place: str = ""  # page, left, top, right, bottom; as fractions

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look."""
        return self.tone == "a"


def marks_of(
    read: Mapping[str, Any],
    values: Mapping[str, Any],
    confidence: Mapping[str, Any],
    confirmed: Mapping[str, Any] | None,
    read_texts: Written,
) -> dict[str, Mark]:
    """Return the mark of each field.

    ``read`` is what the machine read and ``confirmed`` what a person verified, as stored; ``values`` is what stands in
    the fields now, as the service takes it.
    """
    return {name: mark_of(name, read, values, confidence, confirmed, read_texts) for name in schema.FIELDS}


def mark_of(
    name: str,
    read: Mapping[str, Any],
    values: Mapping[str, Any],
    confidence: Mapping[str, Any],
    confirmed: Mapping[str, Any] | None,
    read_texts: Written,
) -> Mark:
    """Return the mark of one field."""
    now, known = digest(name, values.get(name)), confidence.get(name) or {}
    place, is_read = place_text(known), now == digest(name, read.get(name))
    was = read_texts.texts.get(name, "") if not is_read else ""
    if confirmed is not None and now == digest(name, confirmed.get(name)):
        return Mark(name, "g", CONFIRMED, read=was, is_changed=not is_read, place=place)
    if not is_read:
        return Mark(name, "nf", CHANGED, read=was, is_changed=True, place=place)
    if not values.get(name):
        return Mark(name, "a", CHECK, MISSING) if name in schema.CORE else Mark(name)
    return said_of(name, known)


def said_of(name: str, known: Mapping[str, Any]) -> Mark:
    """Return what the machine says of a value that it read."""
    why = known.get("reason", "")
    is_sure = float(known.get("score") or 0) >= SURE_FROM and why not in CAPS
    # What speaks for a value is no reason to look at it.
    is_said = why in Reason.values and (is_sure or why not in SUPPORTS)
    reason = Reason(why).label if is_said else UNSURE
    return Mark(name, "g" if is_sure else "a", SURE if is_sure else CHECK, reason, place=place_text(known))


def place_text(known: Mapping[str, Any]) -> str:
    """Return where a value stands, for a script; nothing where that is not known."""
    page, box = known.get("page"), known.get("box")
    if not page or not box or len(box) != 4:
        return ""
    return " ".join(str(part) for part in (page, *box))


def doubtful(marks: Mapping[str, Mark]) -> Iterator[str]:
    """Yield the fields that a person should look at."""
    return (name for name, mark in marks.items() if mark.is_doubtful)
