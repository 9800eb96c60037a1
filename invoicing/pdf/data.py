"""What a document states, for machines: the JSON that its file carries. docs/invoicing.md describes it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any, Final

from invoicing.pdf.content import Document, LineItem, Party, TaxGroup

VERSION: Final = 1


def data_of(document: Document) -> bytes:
    """Return a document's values as JSON in UTF-8, in one order; amounts, quantities and rates are strings."""
    digits = document.currency_digits
    values = {
        "version": VERSION,
        "type": document.type,
        "invoice_number": document.number,
        "mark": document.mark,
        "language": document.language,
        "issue_date": _day(document.issue_date),
        "due_date": _day(document.due_date),
        "supply_date": _day(document.supply_date),
        "reference": document.reference,
        "parent_number": document.parent_number,
        "parent_issue_date": _day(document.parent_issue_date),
        "reason": document.reason,
        "seller_country": document.seller_country,
        "seller": _party(document.seller),
        "buyer": _party(document.buyer),
        "currency": document.currency,
        "prices_include_tax": document.prices_include_tax,
        "items": [_item(item, digits) for item in document.items],
        "subtotal": _amount(document.subtotal, digits),
        "discount_rate": _number(document.discount_rate),
        "discount_amount": _amount(document.discount_amount, digits),
        "taxable_amount": _amount(document.taxable_amount, digits),
        "tax_breakdown": [_group(group, digits) for group in document.tax_groups],
        "tax_amount": _amount(document.tax_amount, digits),
        "total": _amount(document.total, digits),
        "amount_paid": _amount(document.amount_paid, digits),
        "amount_due": _amount(document.amount_due, digits),
        "tax_currency": document.tax_currency,
        "exchange_rate": _known(document.exchange_rate),
        "tax_amount_in_tax_currency": _known(document.tax_amount_in_tax_currency),
        "payment_terms": document.payment_terms,
        "bank_details": document.bank_details,
        "notes": document.notes,
    }
    # Half of a surrogate pair has no UTF-8, but JSON can name it.
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def _party(party: Party) -> dict[str, Any]:
    return {
        "name": party.name,
        "name_ar": party.name_ar,
        "address_lines": party.address_lines,
        "address_lines_ar": party.address_lines_ar,
        "ids": [{"type": key, "value": value} for key, value in party.ids],
        "email": party.email,
        "phone": party.phone,
    }


def _item(item: LineItem, digits: int) -> dict[str, str]:
    return {
        "name": item.name,
        "description": item.description,
        "name_ar": item.name_ar,
        "description_ar": item.description_ar,
        "sku": item.sku,
        "unit": item.unit,
        "quantity": _number(item.quantity),
        "unit_price": _number(item.unit_price),
        "discount_rate": _number(item.discount_rate),
        "tax_category": item.tax_category,
        "tax_rate": _number(item.tax_rate),
        "net_amount": _amount(item.net_amount, digits),
        "tax_amount": _amount(item.tax_amount, digits),
        "total": _amount(item.total, digits),
    }


def _group(group: TaxGroup, digits: int) -> dict[str, str]:
    return {
        "category": group.category,
        "rate": _number(group.rate),
        "taxable_amount": _amount(group.taxable_amount, digits),
        "tax_amount": _amount(group.tax_amount, digits),
        "exemption_reason": group.exemption_reason,
    }


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _amount(value: Decimal, digits: int) -> str:
    """Write an amount with its currency's decimals; it was rounded to them before."""
    return f"{value:.{digits}f}"


def _number(value: Decimal) -> str:
    """Write a number without the zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _known(value: Decimal | None) -> str | None:
    return None if value is None else _number(value)
