"""Suppliers' documents in the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.auth import answered
from accounts.api.base import ApiViewSet, JSONParser, idempotent, version_of
from accounts.api.bodies import refuse_unknown_names
from accounts.api.outside import idempotent_outside
from accounts.errors import NotFound
from accounts.storage import download
from extraction.api import examples, representation
from extraction.api.serializers import (
    AlreadyProcessedSerializer,
    BillSerializer,
    CorrectionSerializer,
    DocumentDataSerializer,
    DocumentSerializer,
    OrderedSerializer,
    OrderSerializer,
    UploadSerializer,
)
from extraction.api.uploads import NUMBERED, SUPPORTING, check_body, main_file, supporting_files, wants_reading
from extraction.filters import ORDERING, DocumentFilter
from extraction.models import Document
from extraction.queries import runs_of
from extraction.services.billing import bill_document
from extraction.services.runs import clean_order, process, refetch
from extraction.services.uploads import delete_document, upload_document
from extraction.services.verifying import correct
from invoicing.api.examples import DRAFT
from invoicing.api.serializers import InvoiceSerializer

FILES = ("file", SUPPORTING, *NUMBERED)
ORDER = OpenApiExample("Optimised", value={"engine": "auto", "mode": "optimised"}, request_only=True)
CORRECTION = OpenApiExample(
    "Verify", value={"data": {"total": 120}, "manual_verified": True, "version": 1}, request_only=True
)
BILL = OpenApiExample(
    "Two lines, a tenth more",
    value={"lines": [0, 2], "markup": 10, "client_id": "cli_4fQ8mT2xKc0vRw7LzE1b"},
    request_only=True,
)
WHOLE = {"document": examples.DOCUMENT, "extraction": examples.RUN, "history": []}
AGAIN = OpenApiExample("Read already", value={"status": "already_processed"}, response_only=True, status_codes=["200"])


@extend_schema_view(
    list=extend_schema(
        summary="List documents",
        description="Filters and ordering go by what a document is known by: verified, else read, else said.",
        examples=[answered(examples.DOCUMENT)],
    ),
    retrieve=extend_schema(summary="Read a document", examples=[answered(examples.DOCUMENT)]),
)
@extend_schema(tags=["Documents"])
class DocumentViewSet(ApiViewSet):
    """``/documents``: what suppliers sent."""

    queryset = Document.objects.select_related("latest", "verified_by").prefetch_related("supporting", "billings")
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter
    parser_classes = (MultiPartParser, JSONParser)
    lookup_url_kwarg = "document_id"
    lookup_field = "pk"
    ordering_fields: ClassVar[Mapping[str, str]] = ORDERING
    order_key = ""

    def known_fields(self) -> Sequence[str]:
        """Return the names that ``fields=`` knows; a file has none."""
        if self.act in {"file", "supporting"}:
            return ()
        return ("document", "extraction", "history") if self.act == "document_data" else super().known_fields()

    def represent(self, row: Any) -> Mapping[str, Any]:
        """Return a document as the API shows it."""
        return representation.document(row)

    def row_version(self, row: Any) -> int:
        """Return a number that changes with the document and with its newest run."""
        return version_of(row.version, row.updated_at, row.status)

    def shown(self, document_id: str) -> Document:
        """Return a document as it now is."""
        found: Document = self.get_queryset().get(pk=document_id)
        return found

    @extend_schema(
        summary="Upload a document",
        description="A form with the PDF, what is said of it, and papers that came with it. Each part may be missing "
        "but `file`. The same bytes again are kept as a document of their own, with `duplicate_of`.",
        request={"multipart/form-data": UploadSerializer},
        responses={201: DocumentSerializer},
        examples=[answered(examples.DOCUMENT, 201)],
    )
    @idempotent_outside
    def create(self, request: Request) -> Response:
        """Keep a document."""
        check_body(request)
        business, at = self.get_business(), timezone.now()
        sent = {name.removesuffix("[]"): value for name, value in self.form(request).items()}
        refuse_unknown_names(sent, UploadSerializer)
        data = {name: value for name, value in sent.items() if name not in FILES}
        wanted = wants_reading(data.pop("process", ""))
        order = clean_order(data, at=at)
        document = upload_document(
            actor=self.actor,
            business=business,
            file=main_file(request),
            data=data,
            supporting=supporting_files(request),
            order=order if wanted else None,
            at=at,
            order_key=self.order_key,
        )
        response = self.one(self.shown(document.pk), status=201)
        response["Location"] = reverse("document-detail", args=[document.pk])
        return response

    def form(self, request: Request) -> Mapping[str, Any]:
        """Return the parts of a form. Raises ``UnsupportedMediaType`` for JSON, in which no file can be."""
        if not isinstance(request.data, QueryDict):
            raise UnsupportedMediaType(request.content_type)
        return request.data

    @extend_schema(
        summary="Delete a document",
        description="It goes with its files and runs. A verified one stays: 409.",
        responses={204: OpenApiResponse(description="Gone.")},
    )
    def destroy(self, request: Request, document_id: str) -> Response:
        """Delete a document."""
        self.expected_version()
        delete_document(document=self.object, actor=self.actor)
        return Response(status=204)

    # Files

    @extend_schema(summary="Download the file", responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def file(self, request: Request, document_id: str) -> HttpResponse:
        """Answer with the PDF as it was uploaded."""
        return download(self.object.file_key, self.object.file_name, content_type="application/pdf")

    @extend_schema(
        summary="Download a supporting file", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}
    )
    def supporting(self, request: Request, document_id: str, n: int) -> HttpResponse:
        """Answer with a paper that came with the document, counted from 1."""
        found = next((each for each in self.object.supporting.all() if each.position == n), None)
        if found is None:
            raise NotFound
        return download(found.file_key, found.file_name, content_type="application/octet-stream")

    # Reading

    @extend_schema(
        summary="Have a document read",
        description="Once: what was read is left at that, and `/refetch` reads it anew.",
        request=OrderSerializer,
        responses={200: AlreadyProcessedSerializer, 202: OrderedSerializer},
        examples=[ORDER, AGAIN, answered(examples.ORDERED, 202)],
    )
    def process(self, request: Request, document_id: str) -> Response:
        """Queue a run unless there is a result."""
        self.expected_version()
        run = process(document=self.object, actor=self.actor, at=timezone.now(), data=self.body(OrderSerializer))
        if run is None:
            return Response({"status": "already_processed"})
        return Response(representation.ordered(run), status=202)

    @extend_schema(
        summary="Read a document anew",
        description="Also after it was verified: what was verified stays until a person verifies again. Older runs "
        "are in `history`. One run at a time: 409 `being_read`.",
        request=OrderSerializer,
        responses={202: OrderedSerializer},
        examples=[ORDER, answered(examples.ORDERED, 202)],
    )
    def refetch(self, request: Request, document_id: str) -> Response:
        """Queue a new run."""
        self.expected_version()
        run = refetch(document=self.object, actor=self.actor, at=timezone.now(), data=self.body(OrderSerializer))
        return Response(representation.ordered(run), status=202)

    # What was read

    @extend_schema(
        summary="Read what was read",
        description="The newest run, from the moment that it is queued, and the older ones.",
        responses={200: DocumentDataSerializer},
        examples=[answered(WHOLE)],
    )
    def document_data(self, request: Request, document_id: str) -> Response:
        """Answer with the document's runs."""
        return Response(self.sparse(self.whole(self.object)))

    @extend_schema(
        summary="Correct or verify what was read",
        description="The fields given in `data` are kept beside what was read; the others stay. Only a person "
        "verifies: an API key gets a 403 for `manual_verified`. A stale `version` is a 409.",
        request=CorrectionSerializer,
        responses={200: DocumentDataSerializer},
        examples=[CORRECTION, answered(WHOLE)],
    )
    def correct(self, request: Request, document_id: str) -> Response:
        """Keep a person's corrections."""
        self.expected_version()
        data = self.body(CorrectionSerializer)
        document = correct(document=self.object, actor=self.actor, at=timezone.now(), data=data)
        return Response(self.whole(self.shown(document.pk)))

    @extend_schema(
        summary="Bill a document on",
        description="Writes a draft of the chosen lines, in the document's currency and without its tax: the "
        "business's own rate applies. Verified data count, else what was read last; without any it is a 409 "
        "`nothing_read`. The draft's timeline names the document, and the document's `invoices` the draft.",
        request=BillSerializer,
        responses={201: InvoiceSerializer},
        examples=[BILL, answered(DRAFT, 201)],
    )
    @idempotent
    def invoice(self, request: Request, document_id: str) -> Response:
        """Write the draft."""
        self.expected_version()
        data, at = self.body(BillSerializer), timezone.now()
        invoice = bill_document(document=self.object, actor=self.actor, data=data, at=at)
        location = reverse("invoice-detail", args=[invoice.pk])
        headers = {"Location": location, "ETag": f'"{invoice.pk}-{invoice.version}"'}
        return Response(representation.made(invoice, at=at), status=201, headers=headers)

    def whole(self, row: Document) -> dict[str, Any]:
        """Return a document with its runs."""
        runs = [representation.run(each) for each in runs_of(row.pk).select_related("verified_by")]
        return {"document": self.represent(row), "extraction": runs[0] if runs else None, "history": runs[1:]}
