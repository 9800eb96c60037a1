"""What an invoice says in letters that its paper has no type for, such as Chinese ones: marks would stand for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from invoicing.models import Invoice, Line
from invoicing.pdf import missing_letters

CODE: Final = "characters_missing"
# How many of a field's letters are named.
NAMED: Final = 8

_OF_INVOICE: Final = ("notes", "footer", "reference", "payment_terms", "reason")
LINE_TEXTS: Final = ("name", "description", "name_ar", "description_ar", "sku", "unit")
_OF_SELLER: Final = ("printed_name", "legal_name_ar", "address", "address_ar", "bank_details")
_OF_BUYER: Final = ("name", "name_ar", "address")


def lettering_warnings(invoice: Invoice, lines: Iterable[Line]) -> list[dict[str, str]]:
    """Return a warning for each field that would not print whole, by its name as in the API."""
    return [
        {"code": CODE, "field": field, "detail": _sentence(letters)}
        for field, text in _printed_texts(invoice, lines)
        if (letters := missing_letters(text))
    ]


def _sentence(letters: str) -> str:
    shown = " ".join(letters[:NAMED]) + (" …" if len(letters) > NAMED else "")
    return _("The PDF cannot print these characters: %(characters)s") % {"characters": shown}


def _printed_texts(invoice: Invoice, lines: Iterable[Line]) -> Iterator[tuple[str, str]]:
    """Yield fields and their texts in the order of a page."""
    for name in _OF_SELLER:
        field = {"printed_name": "legal_name"}.get(name, name)
        yield f"business.{field}", _text(getattr(invoice.business, name))
    for name in _OF_BUYER:
        yield f"client.{name}", _text(invoice.client_details.get(name))
    for index, line in enumerate(lines):
        for name in LINE_TEXTS:
            yield f"items[{index}].{name}", getattr(line, name)
    for name in _OF_INVOICE:
        yield name, getattr(invoice, name)


def _text(value: str | Mapping[str, Any] | None) -> str:
    """Return a text, or those of an address."""
    return " ".join(map(str, value.values())) if isinstance(value, Mapping) else value or ""
