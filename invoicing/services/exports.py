"""Lists as tables: invoices and clients, with the API's names for programs and in words for people.

Rows are read as the table is written, so that memory stays the same however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from itertools import islice
from types import MappingProxyType
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Business
from accounts.schema import ADDRESS_LENGTHS, address_lines
from accounts.tables import Cell, Table
from clients.choices import ClientType
from clients.models import Client
from invoicing.choices import InvoiceType
from invoicing.domain.lifecycle import Status, status
from invoicing.models import Invoice
from invoicing.money import round_money
from invoicing.queries import client_figures, currencies_used
from invoicing.services.printing import page_url

BATCH: Final = 500  # rows that are read at a time
Values: TypeAlias = Mapping[str, Any]
Words: TypeAlias = Mapping[str, str]  # what people read for a stored word; empty for programs


@dataclass(frozen=True, slots=True)
class Setting:
    """What all cells of a table share."""

    at: datetime
    words: Words
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the API, the stored columns it is made of, and how.

    ``titled`` is the model's field whose name people read above it.
    """

    name: str
    stored: tuple[str, ...]
    cell: Callable[[Values, Setting], Cell]
    titled: str = ""


def plain(name: str, stored: str = "", titled: str = "") -> Column:
    """Return a column that shows a stored one as it is."""
    source = stored or name
    return Column(name, (source,), lambda row, _setting: row[source], titled or source)


def word(name: str) -> Column:
    """Return a column that shows a stored word, for people in their language."""
    return Column(name, (name,), lambda row, setting: setting.words.get(row[name], row[name]), name)


def amount(name: str, currency: str = "currency") -> Column:
    """Return a column that shows an amount with the decimals of its currency."""

    def cell(row: Values, _setting: Setting) -> Cell:
        value = row[name]
        return value if value is None or not row[currency] else round_money(value, row[currency])

    return Column(name, (name, currency), cell, name)


def number(name: str) -> Column:
    """Return a column that shows a number without zeros at its end."""

    def cell(row: Values, _setting: Setting) -> Cell:
        value: Decimal | None = row[name]
        return None if value is None else Decimal(format(value.normalize(), "f"))

    return Column(name, (name,), cell, name)


def buyers(name: str, part: str) -> Column:
    """Return a column that shows a detail of the buyer as printed; of a draft, as it would be printed now."""
    return Column(
        name, ("buyer", "client_details"), lambda row, _setting: (row["buyer"] or row["client_details"]).get(part) or ""
    )


def label(row: Values, setting: Setting) -> Cell:
    """Return a document's status."""
    found = status(row, at=setting.at).value
    return setting.words.get(found, found)


def link(row: Values, _setting: Setting) -> Cell:
    """Return the address of the public page; a draft has none."""
    return None if row["state"] == "draft" else page_url(row["token"])


def issue_date(row: Values, _setting: Setting) -> Cell:
    """Return the issue date, or the one wished for a draft."""
    day: Cell = row["issue_date"] or row["issue_date_wish"]
    return day


def tax_ids(row: Values, _setting: Setting) -> Cell:
    """Return the tax numbers with their types."""
    return ", ".join(f"{each['type']} {each['value']}" for each in row["tax_ids"])


def address_part(part: str) -> Column:
    """Return a column that shows a part of a client's address."""
    return Column(f"address_{part}", ("address",), lambda row, _setting: row["address"].get(part, ""))


INVOICE_COLUMNS: Final[Mapping[str, Column]] = MappingProxyType(
    {
        column.name: column
        for column in (
            plain("id"),
            plain("business_id"),
            plain("invoice_number", "number"),
            word("type"),
            Column(
                "status",
                ("state", "settlement", "overdue_at", "amount_paid", "viewed_at", "sent_at"),
                label,
                titled="state",
            ),
            plain("reference"),
            plain("client_id"),
            plain("client_type"),
            plain("client_name"),
            plain("client_email"),
            plain("client_phone"),
            buyers("client_vat_number", "vat_number"),
            buyers("client_cr_number", "cr_number"),
            Column("issue_date", ("issue_date", "issue_date_wish"), issue_date, titled="issue_date"),
            plain("due_date"),
            plain("supply_date"),
            plain("payment_terms"),
            plain("currency"),
            amount("subtotal"),
            amount("discount_amount"),
            amount("taxable_amount"),
            amount("tax_amount"),
            amount("total"),
            amount("amount_credited"),
            amount("amount_paid"),
            amount("amount_refunded"),
            amount("amount_due"),
            plain("tax_currency"),
            number("exchange_rate"),
            amount("tax_amount_in_tax_currency", "tax_currency"),
            Column("payment_link", ("state", "token"), link),
            plain("parent_invoice_id", "parent_id"),
            plain("parent_invoice_number", "parent__number"),
            plain("reason"),
            plain("issued_at"),
            plain("sent_at"),
            plain("viewed_at"),
            plain("paid_at"),
            plain("cancelled_at"),
            plain("created_at"),
            plain("updated_at"),
        )
    }
)
INVOICE_SHEET: Final = (
    "invoice_number", "type", "status", "reference", "client_name", "client_email", "issue_date", "due_date",
    "currency", "subtotal", "discount_amount", "taxable_amount", "tax_amount", "total", "amount_credited",
    "amount_paid", "amount_refunded", "amount_due",
)  # fmt: skip

CLIENT_COLUMNS: Final[Mapping[str, Column]] = MappingProxyType(
    {
        column.name: column
        for column in (
            plain("id"),
            plain("business_id"),
            word("type"),
            plain("name"),
            plain("name_ar"),
            plain("contact_name"),
            plain("email"),
            plain("phone"),
            plain("vat_number"),
            plain("cr_number"),
            Column("tax_ids", ("tax_ids",), tax_ids, titled="tax_ids"),
            plain("vat_registered"),
            *map(address_part, ADDRESS_LENGTHS),
            number("latitude"),
            number("longitude"),
            Column("categories", ("categories",), lambda row, _setting: ", ".join(row["categories"]), "categories"),
            plain("currency"),
            plain("language"),
            plain("send_mail"),
            plain("notes"),
            Column("archived", ("archived_at",), lambda row, _setting: row["archived_at"] is not None),
            plain("created_at"),
            plain("updated_at"),
        )
    }
)
WHOLE_ADDRESS: Final = Column(
    "address",
    ("address",),
    lambda row, setting: ", ".join(address_lines(row["address"], setting.language, with_country=True)),
    titled="address",
)
CLIENT_SHEET: Final = (
    "name", "type", "contact_name", "email", "phone", "vat_number", "cr_number", "tax_ids", "categories", "notes",
)  # fmt: skip
# By currency, each in a column of its own: due_EUR
FIGURES: Final = ("invoiced", "paid", "due")
INVOICE_FIELDS: Final = tuple(INVOICE_COLUMNS)
CLIENT_FIELDS: Final = (*CLIENT_COLUMNS, *FIGURES)


# Tables


def invoice_table(rows: QuerySet[Invoice], *, at: datetime, names: Sequence[str] = INVOICE_FIELDS) -> Table:
    """Return invoices in their order under the API's names; moments in UTC."""
    columns = [INVOICE_COLUMNS[name] for name in names]
    return Table("Invoices", [*names], cells(rows, columns, Setting(at, {})), zone=UTC)


def invoice_sheet(rows: QuerySet[Invoice], *, at: datetime, business: Business) -> Table:
    """Return invoices in their order as people read them, in the language that is active."""
    columns = [INVOICE_COLUMNS[name] for name in INVOICE_SHEET]
    setting = Setting(at, words_of(InvoiceType, Status))
    heads = [_("Status") if column.name == "status" else title(Invoice, column) for column in columns]
    return Table(_("Invoices"), heads, cells(rows, columns, setting), zone_of(business), right_to_left=is_arabic())


def client_table(
    rows: QuerySet[Client], *, business: Business, at: datetime, names: Sequence[str] = CLIENT_FIELDS
) -> Table:
    """Return clients in their order under the API's names; moments in UTC.

    ``invoiced``, ``paid`` and ``due`` become a column for each currency of the business's documents.
    """
    columns = [CLIENT_COLUMNS[name] for name in names if name in CLIENT_COLUMNS]
    figures = [(name, currency) for name in names if name in FIGURES for currency in own_first(business)]
    heads = [*(column.name for column in columns), *(f"{name}_{currency}" for name, currency in figures)]
    return Table("Clients", heads, client_cells(rows, columns, figures, Setting(at, {})), zone=UTC)


def client_sheet(rows: QuerySet[Client], *, business: Business, at: datetime) -> Table:
    """Return clients in their order as people read them, in the language that is active."""
    columns = [*(CLIENT_COLUMNS[name] for name in CLIENT_SHEET), WHOLE_ADDRESS]
    figures = [(name, currency) for currency in own_first(business) for name in FIGURES]
    shown = {
        "invoiced": _("Invoiced"),
        "paid": title_of(Invoice, "amount_paid"),
        "due": title_of(Invoice, "amount_due"),
    }
    heads = [title(Client, column) for column in columns]
    heads += [f"{shown[name]} ({currency})" for name, currency in figures]
    setting = Setting(at, words_of(ClientType), (get_language() or "en")[:2])
    body = client_cells(rows, columns, figures, setting)
    return Table(_("Clients"), heads, body, zone_of(business), right_to_left=is_arabic())


# Rows


def cells(rows: QuerySet[Any], columns: Sequence[Column], setting: Setting) -> Iterator[list[Cell]]:
    """Yield the cells of rows, read by the batch."""
    stored = dict.fromkeys(name for column in columns for name in column.stored)
    for row in rows.values(*stored).iterator(chunk_size=BATCH):
        yield [column.cell(row, setting) for column in columns]


def client_cells(
    rows: QuerySet[Client], columns: Sequence[Column], figures: Sequence[tuple[str, str]], setting: Setting
) -> Iterator[list[Cell]]:
    """Yield the cells of clients with their figures, in three further queries a batch."""
    stored = dict.fromkeys(("id", *(name for column in columns for name in column.stored)))
    read = rows.values(*stored).iterator(chunk_size=BATCH)
    while batch := list(islice(read, BATCH)):
        sums = client_figures([row["id"] for row in batch]) if figures else {}
        for row in batch:
            amounts = [
                round_money(sums[row["id"]][name].get(currency, Decimal(0)), currency) for name, currency in figures
            ]
            yield [*(column.cell(row, setting) for column in columns), *amounts]


# Words


def title_of(model: type[Invoice | Client], field: str) -> str:
    """Return the name of a model's field as a head."""
    return capfirst(str(model._meta.get_field(field).verbose_name))  # type: ignore[union-attr]  # fields of ours


def title(model: type[Invoice | Client], column: Column) -> str:
    """Return what people read above a column."""
    return title_of(model, column.titled)


def words_of(*choices: Iterable[Any]) -> Words:
    """Return what people read for the words of closed lists, in the language that is active now."""
    return {choice.value: str(choice.label) for each in choices for choice in each}


def own_first(business: Business) -> list[str]:
    """Return the currencies of a business's documents, its own first, which is always there."""
    return list(dict.fromkeys([business.currency, *currencies_used(business)]))


def zone_of(business: Business) -> tzinfo:
    """Return the time zone in which people of a business read moments."""
    return ZoneInfo(business.timezone)


def is_arabic() -> bool:
    """Return whether the active language is written from the right."""
    return (get_language() or "").startswith("ar")
