"""Lists of invoices and clients as files: CSV and XLSX, with the filters and the ordering of the lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request

from accounts.api.base import ApiViewSet
from accounts.api.pagination import PARAMETERS, orders_of
from accounts.choices import Permission
from accounts.tables import Table, TableFormat, table_response
from clients.api.viewsets import ClientViewSet
from clients.filters import ClientFilter
from clients.models import Client
from invoicing.api.described import query
from invoicing.api.viewsets import InvoiceFilterBackend, choice
from invoicing.filters import ORDERING, InvoiceFilter
from invoicing.models import Invoice
from invoicing.services.exports import CLIENT_FIELDS, INVOICE_FIELDS, client_table, invoice_table

FORMATS: Final = tuple(str(form) for form in TableFormat)
SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM: Final = query("format", "The kind of file.", type=str, enum=list(FORMATS), default=FORMATS[0])
FILES: Final = {(200, "text/csv"): OpenApiTypes.STR, (200, SPREADSHEET): OpenApiTypes.BINARY}
AS_FILE: Final = (
    "The whole list, whatever its length, as it is read. `fields` chooses the columns and their order; their heads are "
    "these names in every language.\n\n"
    "Amounts have the decimals of their currency. CSV is UTF-8 with a byte order mark and commas, days and moments are "
    "ISO 8601, moments in UTC, and a text that a spreadsheet would take for a formula, such as a phone number with "
    "`+`, begins with an apostrophe. In XLSX numbers, days, moments and texts are such, and a further sheet begins where "
    "one is full."
)


def csv_example(*lines: str) -> OpenApiExample:
    """Return the example of an answer in CSV."""
    text = "".join(f"{line}\r\n" for line in lines)
    return OpenApiExample("CSV", value=text, media_type="text/csv", response_only=True, status_codes=["200"])


class ExportViewSet(ApiViewSet):
    """A list as a file: what the list takes beside pages, and ``format``."""

    list_actions = frozenset({"export"})
    pagination_class = None  # type: ignore[assignment]  # a file has no pages

    @cached_property
    def at(self) -> datetime:
        """The moment of this request."""
        return timezone.now()

    def known_parameters(self) -> frozenset[str]:
        """Return the parameters of the list without those of its pages, and the kind of file."""
        return super().known_parameters() - frozenset(PARAMETERS) | {"format"}

    def rows(self) -> QuerySet[Any]:
        """Return the rows that are meant, in the order that is meant."""
        rows = self.filter_queryset(self.rows_of_business())
        return rows.order_by(*(order.expression(backwards=False) for order in orders_of(rows, self.get_ordering())))

    def file(self, table: Table, name: str) -> HttpResponseBase:
        """Answer with a table as a download, named by the day."""
        form = choice(self.request, "format", FORMATS)
        return table_response(table, form, name=f"{name}-{self.at:%Y-%m-%d}")

    def names(self) -> Sequence[str]:
        """Return the names of the columns that were asked for."""
        return self.get_fields_requested() or self.field_names


@extend_schema(tags=["Invoices"])
class InvoiceExportViewSet(ExportViewSet):
    """``/invoices/export``."""

    queryset = Invoice.objects.all()
    filterset_class = InvoiceFilter
    filter_backends = (InvoiceFilterBackend,)
    ordering_fields: ClassVar[Mapping[str, str]] = ORDERING
    field_names: ClassVar[Sequence[str]] = INVOICE_FIELDS

    @extend_schema(
        operation_id="invoices_export",
        summary="Export invoices",
        description=f"Takes the filters, `search` and `ordering` of the list of invoices.\n\n{AS_FILE}",
        filters=True,
        parameters=[FORM],
        responses=FILES,
        examples=[
            csv_example(
                "invoice_number,status,client_name,issue_date,currency,total,amount_due",
                "INV-2026-0001,partially_paid,Atlas Example SARL,2026-11-20,MAD,22680.00,17680.00",
            )
        ],
    )
    def export(self, request: Request) -> HttpResponseBase:
        """Answer with the invoices as a file."""
        return self.file(invoice_table(self.rows(), at=self.at, names=self.names()), "invoices")


@extend_schema(tags=["Clients"])
class ClientExportViewSet(ExportViewSet):
    """``/clients/export``."""

    queryset = Client.objects.all()
    filterset_class = ClientFilter
    ordering_fields: ClassVar[Mapping[str, str]] = ClientViewSet.ordering_fields
    field_names: ClassVar[Sequence[str]] = CLIENT_FIELDS

    @extend_schema(
        operation_id="clients_export",
        summary="Export clients",
        description=(
            "Takes the filters, `search` and `ordering` of the list of clients. `invoiced`, `paid` and `due` become a "
            "column for each currency of the business's documents, such as `due_MAD`: unlike currencies are never "
            f"added.\n\n{AS_FILE}"
        ),
        filters=True,
        parameters=[FORM],
        responses=FILES,
        examples=[
            csv_example(
                "name,email,address_city,due_MAD,due_EUR",
                "Atlas Example SARL,billing@atlas.example,Casablanca,17680.00,0.00",
            )
        ],
    )
    def export(self, request: Request) -> HttpResponseBase:
        """Answer with the clients as a file."""
        business = self.get_business(Permission.READ)
        table = client_table(self.rows(), business=business, at=self.at, names=self.names())
        return self.file(table, "clients")
