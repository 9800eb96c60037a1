"""Documents as tables: with the API's names for programs and in words for people, read as the table is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import F, Prefetch, QuerySet
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Business
from accounts.tables import Cell, Row, Table
from extraction.choices import DocumentStatus
from extraction.models import Document, Extraction
from extraction.schema import loaded
from extraction.services.verifying import current
from invoicing.money import round_money

BATCH: Final = 500  # rows that are read at a time


def amount_of(document: Document) -> Cell:
    """Return the total, with the decimals of its currency where that is known."""
    total: Decimal | None = document.total
    if total is None or not document.currency:
        return total
    return round_money(total, document.currency)


def field(name: str) -> Callable[[Document], Cell]:
    """Return a field of a document's data: verified, else as read last with what persons corrected."""

    def cell(document: Document) -> Cell:
        data = document.verified_data or (current(document.latest) if document.latest else None)
        found: Cell = loaded(data).get(name) if data else None
        return found

    return cell


COLUMNS: Final[Mapping[str, Callable[[Document], Cell]]] = MappingProxyType(
    {
        "id": lambda row: row.pk,
        "business_id": lambda row: row.business_id,
        "status": lambda row: row.status.value,
        "vendor": lambda row: row.vendor,
        "vendor_tax_id": lambda row: field("vendor_tax_id")(row) or row.vendor_tax_id,
        "number": lambda row: row.number,
        "date": lambda row: row.date,
        "due_date": field("due_date"),
        "purchase_order": field("purchase_order"),
        "currency": lambda row: row.currency,
        "subtotal": field("subtotal"),
        "tax": field("tax"),
        "total": amount_of,
        "file_name": lambda row: row.file_name,
        "pages": lambda row: row.pages,
        "size": lambda row: row.size,
        "sha256": lambda row: row.sha256,
        "duplicate_of": lambda row: row.duplicate_of_id,
        "remarks": lambda row: row.remarks,
        "verified_by": lambda row: str(row.verified_by) if row.verified_by else None,
        "verified_at": lambda row: row.verified_at,
        "created_at": lambda row: row.created_at,
        "updated_at": lambda row: row.updated_at,
    }
)
FIELDS: Final = tuple(COLUMNS)
SHEET: Final = (
    "vendor", "vendor_tax_id", "number", "date", "due_date", "currency", "subtotal", "tax", "total", "status",
    "file_name", "remarks", "verified_by", "verified_at", "created_at",
)  # fmt: skip


def document_table(rows: QuerySet[Document], *, names: Sequence[str] = FIELDS) -> Table:
    """Return documents in their order under the API's names; moments in UTC."""
    return Table("Documents", [*names], cells(rows, names), zone=UTC)


def document_sheet(rows: QuerySet[Document], *, business: Business) -> Table:
    """Return documents in their order as people read them, in the language that is active."""
    heads, words = heads_for_people(), {status.value: str(status.label) for status in DocumentStatus}
    place = SHEET.index("status")

    def in_words() -> Iterator[Row]:
        for row in cells(rows, SHEET):
            row[place] = words[str(row[place])]
            yield row

    right_to_left = (get_language() or "").startswith("ar")
    return Table(_("Documents"), heads, in_words(), ZoneInfo(business.timezone), right_to_left=right_to_left)


def heads_for_people() -> list[str]:
    """Return what people read above the columns of a sheet."""
    named = {
        "vendor": _("Vendor"),
        "vendor_tax_id": _("Vendor’s tax number"),
        "number": _("Number"),
        "date": _("Invoice date"),
        "due_date": _("Due date"),
        "currency": _("Currency"),
        "subtotal": _("Subtotal"),
        "tax": _("Tax"),
        "total": _("Total"),
        "status": _("Status"),
        "file_name": _("File name"),
        "remarks": _("Remarks"),
        "verified_by": _("Verified by"),
        "verified_at": _("Verified on"),
        "created_at": _("Uploaded on"),
    }
    return [capfirst(named[name]) for name in SHEET]


def cells(rows: QuerySet[Document], names: Sequence[str]) -> Iterator[list[Any]]:
    """Yield the cells of documents, read by the batch."""
    whole = rows.select_related("latest", "verified_by").defer("search_text", "latest__confidence", "latest__checks")
    for document in whole.prefetch_related(before_failed_ones()).iterator(chunk_size=BATCH):
        if document.latest is not None and document.latest.data is None:
            document.latest.earlier = next(iter(document.extractions.all()), None)
        yield [COLUMNS[name](document) for name in names]


def before_failed_ones() -> Prefetch[Any]:
    """Return what fetches, by the batch, the runs that count where the newest one came to no data, the newest first."""
    others = Extraction.objects.filter(document__latest__data__isnull=True).exclude(pk=F("document__latest_id"))
    others = others.exclude(data__isnull=True, corrections={}).order_by("-version")
    return Prefetch("extractions", others.defer("confidence", "checks", "evidence"))
