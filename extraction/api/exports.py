"""The list of documents as a file: CSV and XLSX, with the filters and the ordering of the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from extraction.filters import ORDERING, DocumentFilter
from extraction.models import Document
from extraction.services.exports import FIELDS, document_table
from invoicing.api.exports import AS_FILE, FILES, FORM, ExportViewSet, csv_example


@extend_schema(tags=["Documents"])
class DocumentExportViewSet(ExportViewSet):
    """``/documents/export``."""

    queryset = Document.objects.all()
    filterset_class = DocumentFilter
    ordering_fields: ClassVar[Mapping[str, str]] = ORDERING
    field_names: ClassVar[Sequence[str]] = FIELDS

    @extend_schema(
        operation_id="documents_export",
        summary="Export documents",
        description=(
            "Takes the filters, `search` and `ordering` of the list of documents. `vendor`, `number`, `date`, "
            "`currency` and `total` are what a document is known by; `due_date`, `purchase_order`, `subtotal` and "
            f"`tax` are as verified, else as read last.\n\n{AS_FILE}"
        ),
        filters=True,
        parameters=[FORM],
        responses=FILES,
        examples=[
            csv_example(
                "vendor,number,date,currency,total,status", "Example Paper Ltd,2026-118,2026-11-02,GBP,120.00,verified"
            )
        ],
    )
    def export(self, request: Request) -> HttpResponseBase:
        """Answer with the documents as a file."""
        return self.file(document_table(self.rows(), names=self.names()), "documents")
