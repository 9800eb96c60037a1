"""The data of an invoice as every engine answers it and every person corrects it: untrusted, and parsed strictly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.schema import Cleaner, FieldError, clean_currency, clean_decimal, clean_text, given

KINDS: Final = ("computerized", "scanned", "handwritten")
LONGEST: Final = 200
LONGEST_TEXT: Final = 1000  # of an address or a line's description
MOST_ITEMS: Final = 1000
MOST_RATES: Final = 50
LARGEST: Final = Decimal(10) ** 13
PLACES: Final = 4
FINE_PLACES: Final = 10  # of quantities and unit prices
ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
LOCAL_DAY: Final = re.compile(r"(\d{2})-(\d{2})-(\d{4})")
EARLIEST, LATEST = date(1970, 1, 1), date(9000, 1, 1)

# Zero width, soft hyphens, and what turns text around: in a field nobody would see them. Joiners shape some scripts.
UNSEEN: Final = dict.fromkeys(
    [
        0xAD,
        0x61C,
        0x180E,
        0x200B,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        *range(0x2066, 0x206A),
        0xFEFF,
    ]
)

Clean = Callable[[Any], Any]


def clean_day(value: Any) -> date | None:
    """Return a day written YYYY-MM-DD. Raises ``FieldError``."""
    if not given(value):
        return None
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and ISO_DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        raise FieldError(_("This is no date. Write it as YYYY-MM-DD."))
    return day


def clean_said_day(value: Any) -> date | None:
    """Return a day written YYYY-MM-DD or DD-MM-YYYY, as the caller of an upload may. Raises ``FieldError``."""
    local = LOCAL_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    return clean_day("-".join(reversed(local.groups())) if local else value)


def clean_kind(value: Any) -> str | None:
    """Return how the paper was made. Raises ``FieldError``."""
    if given(value) and value not in KINDS:
        raise FieldError(_("One of these is needed: %(words)s.") % {"words": ", ".join(KINDS)})
    return value or None


def text_of(longest: int) -> Clean:
    """Return a cleaner of a text; an empty one is unknown."""

    def clean(value: Any) -> str | None:
        value = value.translate(UNSEEN) if isinstance(value, str) else value
        return clean_text(value, longest, multiline=longest == LONGEST_TEXT) or None

    return clean


def number_of(places: int) -> Clean:
    """Return a cleaner of an exact, finite number."""
    return partial(clean_decimal, places=places, low=-LARGEST, high=LARGEST)


def known_currency(value: Any) -> str | None:
    """Return an ISO 4217 code, or None."""
    return clean_currency(value) or None


TEXT, LONG_TEXT = text_of(LONGEST), text_of(LONGEST_TEXT)
AMOUNT, FINE = number_of(PLACES), number_of(FINE_PLACES)
RATE_FIELDS: Final[Mapping[str, Clean]] = {"rate": AMOUNT, "taxable_amount": AMOUNT, "tax_amount": AMOUNT}
ITEM_FIELDS: Final[Mapping[str, Clean]] = {
    "description": LONG_TEXT,
    "sku": TEXT,
    "quantity": FINE,
    "unit": TEXT,
    "unit_price": FINE,
    "tax_rate": AMOUNT,
    "amount": AMOUNT,
}


def list_of(fields: Mapping[str, Clean], most: int) -> Clean:
    """Return a cleaner of a list of objects, each whole: what is unknown in one is None."""

    def clean(value: Any) -> list[dict[str, Any]]:
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
            raise FieldError(_("A list of objects is needed here."))
        if len(value) > most:
            raise FieldError(_("At most %(limit)d entries fit.") % {"limit": most})
        found = [read(entry, fields) for entry in value]
        wrong = {f"[{place}].{name}": texts for place, each in enumerate(found) for name, texts in each.errors.items()}
        if wrong:
            raise FieldError(errors=wrong)
        return [each.values for each in found]

    return clean


FIELDS: Final[Mapping[str, Clean]] = {
    "language": TEXT,
    "type": clean_kind,
    "vendor_name": TEXT,
    "vendor_address": LONG_TEXT,
    "vendor_tax_id": TEXT,
    "vendor_iban": TEXT,
    "buyer_name": TEXT,
    "buyer_tax_id": TEXT,
    "invoice_number": TEXT,
    "invoice_date": clean_day,
    "due_date": clean_day,
    "purchase_order": TEXT,
    "currency": known_currency,
    "subtotal": AMOUNT,
    "discount": AMOUNT,
    "tax": AMOUNT,
    "tax_breakdown": list_of(RATE_FIELDS, MOST_RATES),
    "total": AMOUNT,
    "items": list_of(ITEM_FIELDS, MOST_ITEMS),
}
CORE: Final = ("invoice_number", "invoice_date", "total", "currency")
DAYS: Final = ("invoice_date", "due_date")
AMOUNTS: Final = ("subtotal", "discount", "tax", "total")
LISTS: Final = {"tax_breakdown": tuple(RATE_FIELDS), "items": ("quantity", "unit_price", "tax_rate", "amount")}


@dataclass(frozen=True, slots=True)
class Read:
    """Data in the one shape; what could not be taken is None, and ``errors`` says why, by field."""

    values: dict[str, Any]
    errors: dict[str, list[str]]


def read(data: Mapping[str, Any], fields: Mapping[str, Clean] = FIELDS) -> Read:
    """Parse what an engine or a person gave. Names that the shape does not have are passed over."""
    cleaner = Cleaner(data)
    for name, clean in fields.items():
        cleaner.take(name, clean)
    empty: dict[str, Any] = {name: [] if name in LISTS else None for name in fields}
    return Read(empty | cleaner.values, cleaner.errors)


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return parsed data as JSON keeps it exactly: numbers and days as texts."""
    return {name: _stored(value) for name, value in values.items()}


def _stored(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [stored(entry) for entry in value]
    return value


def loaded(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored data with its numbers as decimals and its days as days."""
    values = dict(data)
    for name in AMOUNTS:
        values[name] = _decimal(values.get(name))
    for name in DAYS:
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    for name, numbers in LISTS.items():
        values[name] = [
            entry | {number: _decimal(entry.get(number)) for number in numbers} for entry in values.get(name) or []
        ]
    return values


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
