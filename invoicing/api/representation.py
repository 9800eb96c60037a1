"""Rows as the API shows them: one function for each kind of thing, the same for lists and single answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings

from invoicing.choices import DocumentState
from invoicing.domain import lifecycle
from invoicing.queries import LINE_COLUMNS
from invoicing.services.printing import page_url

Row = Mapping[str, Any]

SELLER_FIELDS = ("legal_name", "address", "vat_number", "cr_number", "tax_ids", "email", "phone")
PARTY_COLUMNS = ("buyer", "client_details")
STATUS_COLUMNS = ("state", "settlement", "overdue_at", "amount_paid", "viewed_at", "sent_at")
# What the paths of an invoice and its ETag are made of, whatever is asked for
ALWAYS = ("id", "business_id", "version")


@dataclass(frozen=True, slots=True)
class Shown:
    """A field of the API: the columns it is made of, and how. Without ``make`` it is its one column as stored."""

    columns: tuple[str, ...]
    make: Callable[[Row], Any] | None = None


def column(name: str) -> Shown:
    """Show a column as it is."""
    return Shown((name,))


def filled(name: str) -> Shown:
    """Show a column whose empty text means "none" as null."""
    return Shown((name,), lambda row: row[name] or None)


def buyers(name: str) -> Shown:
    """Show a detail of the buyer as printed; of a draft, as it would be printed now."""
    return Shown(PARTY_COLUMNS, lambda row: (row["buyer"] or row["client_details"]).get(name))


def api_url(row: Row, act: str) -> str:
    """Return the absolute address of something of an invoice."""
    return f"{settings.PUBLIC_URL}/api/v1/invoices/{row['id']}/{act}"


def seller(row: Row) -> dict[str, Any] | None:
    """Return the seller as printed; None on a draft."""
    frozen = row["seller"]
    return None if frozen is None else {name: frozen[name] for name in SELLER_FIELDS}


def tax_group(group: Row) -> dict[str, Any]:
    """Return a stored group of the tax breakdown with its amounts as numbers."""
    numbers = ("rate", "taxable_amount", "tax_amount")
    return {**group, **{name: Decimal(group[name]) for name in numbers}}


def is_draft(row: Row) -> bool:
    """Return whether a row is that of a draft."""
    return bool(row["state"] == DocumentState.DRAFT)


FIELDS: Mapping[str, Shown] = {
    "id": column("id"),
    "business_id": column("business_id"),
    "type": column("type"),
    "status": Shown(STATUS_COLUMNS),
    "invoice_number": column("number"),
    "reference": column("reference"),
    "client_id": column("client_id"),
    "client_type": column("client_type"),
    "client_name": column("client_name"),
    "client_email": column("client_email"),
    "client_phone": column("client_phone"),
    "client_address": buyers("address"),
    "client_vat_number": buyers("vat_number"),
    "client_cr_number": buyers("cr_number"),
    "client_tax_ids": buyers("tax_ids"),
    "seller": Shown(("seller",), seller),
    "language": column("language"),
    "currency": column("currency"),
    "issue_date": Shown(("issue_date", "issue_date_wish"), lambda row: row["issue_date"] or row["issue_date_wish"]),
    "due_date": column("due_date"),
    "supply_date": column("supply_date"),
    "payment_terms": column("payment_terms"),
    "notes": column("notes"),
    "footer": column("footer"),
    "tax_rate": column("tax_rate"),
    "discount_rate": column("discount_rate"),
    "prices_include_tax": column("prices_include_tax"),
    "items": Shown(()),
    "subtotal": column("subtotal"),
    "discount_amount": column("discount_amount"),
    "taxable_amount": column("taxable_amount"),
    "tax_amount": column("tax_amount"),
    "tax_breakdown": Shown(("tax_breakdown",), lambda row: [tax_group(group) for group in row["tax_breakdown"]]),
    "total": column("total"),
    "amount_credited": column("amount_credited"),
    "amount_paid": column("amount_paid"),
    "amount_refunded": column("amount_refunded"),
    "amount_due": column("amount_due"),
    "tax_currency": filled("tax_currency"),
    "exchange_rate": column("exchange_rate"),
    "tax_amount_in_tax_currency": column("tax_amount_in_tax_currency"),
    "payment_link": Shown(("state", "token"), lambda row: None if is_draft(row) else page_url(row["token"])),
    "pdf_url": Shown((), lambda row: api_url(row, "download")),
    "pdf_sha256": filled("pdf_sha256"),
    "qr_code_url": Shown(("state",), lambda row: None if is_draft(row) else api_url(row, "qr")),
    "is_sent_email": Shown(("email_sent_at",), lambda row: row["email_sent_at"] is not None),
    "email_sent_at": column("email_sent_at"),
    "sent_at": column("sent_at"),
    "viewed_at": column("viewed_at"),
    "paid_at": column("paid_at"),
    "issued_at": column("issued_at"),
    "cancelled_at": column("cancelled_at"),
    "parent_invoice_id": column("parent_id"),
    "parent_invoice_number": column("parent__number"),
    "parent_issue_date": column("parent__issue_date"),
    "reason": column("reason"),
    "warnings": column("warnings"),
    "created_at": column("created_at"),
    "updated_at": column("updated_at"),
}
ITEM_FIELDS: Mapping[str, str] = {
    "parent_item_id" if column_name == "parent_line_id" else column_name: column_name for column_name in LINE_COLUMNS
}
LIST_FIELDS = tuple(name for name in FIELDS if name != "items")


def columns_of(names: Collection[str]) -> list[str]:
    """Return the columns that fields are made of."""
    columns = [name for field in names for name in FIELDS[field].columns]
    return list(dict.fromkeys([*ALWAYS, *columns]))


def represent(
    row: Row, names: Collection[str] = LIST_FIELDS, *, at: datetime, lines: Sequence[Row] | None = None
) -> dict[str, Any]:
    """Return an invoice as the API shows it, from a row of ``columns_of(names)`` and, for ``items``, its lines.

    ``at`` is the moment that the status is of.
    """
    shown = {name: row[column] if make is None else make(row) for name, column, make in steps(tuple(names))}
    if "status" in shown:
        shown["status"] = str(lifecycle.status(row, at=at))
    if "items" in shown:
        shown["items"] = [item(line) for line in lines or ()]
    return shown


@lru_cache(maxsize=64)
def steps(names: tuple[str, ...]) -> Sequence[tuple[str, str, Callable[[Row], Any] | None]]:
    """Return for each field its name, its first column, and what makes it: the same for all rows of a page."""
    return [(name, *first(FIELDS[name])) for name in names]


def first(field: Shown) -> tuple[str, Callable[[Row], Any] | None]:
    """Return a field's first column and what makes it; of one without columns, nothing."""
    return (field.columns[0], field.make) if field.columns else ("id", field.make)


def item(line: Row) -> dict[str, Any]:
    """Return a line as the API shows it."""
    return {name: line[ITEM_FIELDS[name]] for name in ITEM_FIELDS}


def event(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event as the API shows it: its amounts as numbers."""
    data = {name: Decimal(value) if name == "amount" else value for name, value in row["data"].items()}
    return {**row, "data": data}


def payment(row: Row, refunds: Sequence[Row]) -> dict[str, Any]:
    """Return a payment with what went back of it."""
    returned = sum((each["amount"] for each in refunds), Decimal(0))
    return {**row, "amount_refunded": returned, "refunds": [refund(each) for each in refunds]}


def refund(row: Row) -> dict[str, Any]:
    """Return a refund; ``reopened`` says that it made the amount due again."""
    return {
        "id": row["id"],
        "payment_id": row["payment_id"],
        "amount": row["amount"],
        "currency": row["payment__currency"],
        "reason": row["reason"],
        "reopened": row["lowers_paid"],
        "credit_note_id": row["credit_note_id"],
        "created_at": row["created_at"],
    }
