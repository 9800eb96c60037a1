"""Invoices and payments in the API: a skin over ``invoicing.services``."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiViewSet, idempotent, unknown
from accounts.api.pagination import PARAMETERS, value_of
from accounts.choices import Permission
from accounts.errors import Invalid, NotFound
from accounts.queries import is_text
from accounts.schema import Cleaner, clean_boolean, clean_text
from invoicing.api import described, representation
from invoicing.api.representation import FIELDS, LIST_FIELDS, columns_of, represent
from invoicing.api.serializers import (
    EmailInputSerializer,
    EventSerializer,
    InvoiceChangeSerializer,
    InvoiceInputSerializer,
    InvoiceSerializer,
    NoteInputSerializer,
    PaymentInputSerializer,
    PaymentSerializer,
    RefundInputSerializer,
    RefundSerializer,
    SettableStatus,
    StatusInputSerializer,
)
from invoicing.choices import DocumentState, InvoiceType
from invoicing.domain import lifecycle
from invoicing.errors import DerivedStatus, ImpossibleMove, InvalidInvoice
from invoicing.filters import ORDERING, InvoiceFilter
from invoicing.models import Invoice, Payment
from invoicing.pdf import qr_png, qr_svg
from invoicing.queries import events_of, lines_of, payments_of, refunds_of
from invoicing.services import corrections, drafts, issuing, papers, printing, receipts, sending, settlement

NOTES = (InvoiceType.CREDIT_NOTE.value, InvoiceType.DEBIT_NOTE.value)
PARAMETERS_BY_ACT: Mapping[str, Collection[str]] = MappingProxyType(
    {
        "find": ("invoice_number", "business_id"),
        "preview": ("business_id",),
        "payments": PARAMETERS,
        "events": PARAMETERS,
        "download": ("original",),
        "qr": ("format", "content"),
    }
)
FIELDS_BY_ACT: Mapping[str, Collection[str]] = MappingProxyType(
    {
        "list": tuple(FIELDS),
        "retrieve": tuple(FIELDS),
        "find": tuple(FIELDS),
        "payments": tuple(PaymentSerializer().fields),
        "events": tuple(EventSerializer().fields),
    }
)

# What the derived words follow from
DERIVED = MappingProxyType(
    {
        "draft": gettext_lazy("A document is a draft until it is issued; an issued one never becomes a draft again."),
        "viewed": gettext_lazy("An invoice is viewed when the client has opened its page."),
        "overdue": gettext_lazy(
            "An invoice is overdue when something is due and the day after its due date has begun."
        ),
        "partially_paid": gettext_lazy("An invoice is partly paid when payments are recorded that do not cover it."),
        "refunded": gettext_lazy("An invoice is refunded when all that was paid has been refunded."),
        "credited": gettext_lazy("An invoice is credited when credit notes leave nothing due."),
    }
)


class InvoiceFilterBackend(DjangoFilterBackend):  # type: ignore[misc]  # the package brings no types
    """Tells the filters whose days are meant, and which moment it is."""

    def get_filterset_kwargs(self, request: Request, queryset: QuerySet[Any], view: Any) -> dict[str, Any]:
        """Return what the filters are made with."""
        options: dict[str, Any] = super().get_filterset_kwargs(request, queryset, view)
        return options | {"business": view.get_business_id(Permission.READ), "at": view.at}

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Return the rows that the filters keep; they are made only where one is asked for."""
        if view.filterset_class.base_filters.keys().isdisjoint(request.query_params):
            view.get_business_id(Permission.READ)  # refuses a stranger's, as the filters would
            return queryset
        rows: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return rows


@dataclass(frozen=True, slots=True)
class Ordered:
    """Stands where pagination asks a view for its ordering."""

    ordering: str

    def get_ordering(self) -> list[str]:
        """Return the column to sort by."""
        return [self.ordering]


def choice(request: Request, name: str, words: Sequence[str]) -> str:
    """Return a query parameter that is one of some words, by default the first. Raises ``Invalid``."""
    word = request.query_params.get(name, words[0])
    if word not in words:
        raise Invalid(errors={name: [unknown(word, words)]})
    return str(word)


@extend_schema(tags=["Invoices"])
class InvoiceViewSet(ApiViewSet):
    """``/invoices``: drafts, issued invoices and notes."""

    queryset = Invoice.objects.all()
    serializer_class = InvoiceSerializer
    filterset_class = InvoiceFilter
    filter_backends = (InvoiceFilterBackend,)
    lookup_url_kwarg = "invoice_id"
    ordering_fields: ClassVar[Mapping[str, str]] = ORDERING
    finding: ClassVar[Collection[str]] = frozenset({"search", "client_name", "client_email"})
    required: ClassVar[Mapping[str, str | None]] = {"preview": Permission.READ}
    parameters: ClassVar[Mapping[str, Collection[str]]] = PARAMETERS_BY_ACT

    # What is read

    @cached_property
    def at(self) -> datetime:
        """The moment of this request."""
        return timezone.now()

    def known_fields(self) -> Sequence[str]:
        """Return the names that ``fields=`` knows for the current action."""
        return tuple(FIELDS_BY_ACT.get(self.act, ()))

    def names(self, default: Sequence[str] = tuple(FIELDS)) -> list[str]:
        """Return the fields to answer with, in the order that was asked for."""
        return self.get_fields_requested() or list(default)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the invoices of the actor's businesses, with what services look at."""
        rows = super().get_queryset()
        if self.act in {"list", "retrieve", "find"}:
            return rows
        return rows.select_related("business", "client", "parent")

    def get_object(self) -> Any:
        """Return the invoice that the address names: a row where it is only shown, else a model."""
        if self.act != "retrieve":
            return super().get_object()
        pk = self.kwargs["invoice_id"]
        return self.row_of(pk=pk if is_text(pk) else "")

    def row_of(self, **lookup: str) -> dict[str, Any]:
        """Return the columns of one invoice that were asked for. Raises ``NotFound``."""
        # A wrong name among them is refused later: what is not there comes first.
        asked = self.request.query_params.get("fields", "").split(",") if self.known_fields() else []
        known = [name for name in map(str.strip, asked) if name in FIELDS]
        rows = Invoice.objects.for_actor(self.actor).filter(**lookup)
        row: dict[str, Any] | None = rows.values(*columns_of(known or FIELDS)).first()
        if row is None:
            raise NotFound
        return row

    def rows_of_business(self) -> QuerySet[Any]:
        """Return the rows of the business that is meant, with the columns that were asked for."""
        return super().rows_of_business().values(*columns_of(self.names(LIST_FIELDS)))

    def represent_page(self, rows: Sequence[Any]) -> list[Mapping[str, Any]]:
        """Return rows as the API shows them; their lines by one more query where they are asked for."""
        names = self.names(LIST_FIELDS if self.act == "list" else tuple(FIELDS))
        lines = lines_of([row["id"] for row in rows]) if "items" in names else {}
        return [represent(row, names, at=self.at, lines=lines.get(row["id"])) for row in rows]

    def represent(self, row: Any) -> Mapping[str, Any]:
        """Return one invoice as the API shows it."""
        return self.represent_page([row])[0]

    def written(self, invoice: Invoice, *, status: int = 200) -> Response:
        """Answer with an invoice as it is now stored."""
        row = self.row_of(pk=invoice.pk)
        headers = {"ETag": self.etag_of(row)}
        if status == 201:
            headers["Location"] = reverse("invoice-detail", args=[invoice.pk])
        return Response(self.represent(row), status=status, headers=headers)

    @described.LIST
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with a page of invoices."""
        return super().list(request, *args, **kwargs)

    @described.RETRIEVE
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with one invoice."""
        return super().retrieve(request, *args, **kwargs)

    @described.FIND
    def find(self, request: Request) -> Response:
        """Answer with the invoice that has a number."""
        business_id = self.get_business_id(Permission.READ)
        number = clean_parameter(request, "invoice_number")
        return self.one(self.row_of(number=number, business_id=business_id))

    # What is ordered

    @described.CREATE
    @idempotent
    def create(self, request: Request) -> Response:
        """Write a draft, an invoice issued at once, or a note."""
        business = self.get_business()
        data = self.new_invoice()
        if data.get("type") in NOTES:
            parent = self.parent_of(data, business.pk)
            return self.written(self.note_to(parent, str(data["type"]), data), status=201)
        invoice = issuing.create_invoice(actor=self.actor, business=business, data=data, at=self.at)
        return self.written(invoice, status=201)

    def new_invoice(self) -> Mapping[str, Any]:
        """Return the body of an invoice to be written. Raises ``Invalid``, ``InvalidInvoice``."""
        data = checked(self.body(InvoiceInputSerializer, shows=InvoiceSerializer))
        named = [name for name in ("parent_invoice_id", "parent_invoice_number") if data.get(name)]
        if named and data.get("type") not in NOTES:
            sentence = _("Only a note names the invoice that it corrects: give its type, credit_note or debit_note.")
            raise InvalidInvoice(errors={name: [sentence] for name in named})
        return data

    def parent_of(self, data: Mapping[str, Any], business_id: str) -> Invoice:
        """Return the invoice that a note names as what it corrects. Raises ``InvalidInvoice``."""
        name = "parent_invoice_number" if not data.get("parent_invoice_id") else "parent_invoice_id"
        column = "number" if name == "parent_invoice_number" else "pk"
        value = data.get(name)
        if not isinstance(value, str) or not value:
            raise InvalidInvoice(errors={"parent_invoice_id": [_("A note says which invoice it corrects.")]})
        parent = self.get_queryset().filter(**{"business_id": business_id, column: value}).first()
        if not isinstance(parent, Invoice):
            raise InvalidInvoice(errors={name: [_("There is no such invoice.")]})
        if data.get("parent_invoice_number") not in (None, "", parent.number):
            raise InvalidInvoice(errors={"parent_invoice_number": [_("This is another invoice than the id says.")]})
        return parent

    def note_to(self, parent: Invoice, kind: str, data: Mapping[str, Any], version: int | None = None) -> Invoice:
        """Write a note to an invoice that is still at ``version``."""
        return corrections.write_note(
            parent=parent, kind=kind, actor=self.actor, at=self.at, data=without_type(data), version=version
        )

    @described.PREVIEW
    def preview(self, request: Request) -> Response:
        """Reckon and check an invoice without storing anything."""
        business = self.get_business(Permission.READ)
        data = self.new_invoice()
        if data.get("type") in NOTES:
            parent, kind = self.parent_of(data, business.pk), str(data["type"])
            seen = corrections.preview_note(
                parent=parent, kind=kind, actor=self.actor, at=self.at, data=without_type(data)
            )
        else:
            seen = issuing.preview_invoice(actor=self.actor, business=business, data=data, at=self.at)
        shown = represent(
            row_from(seen.invoice), tuple(FIELDS), at=self.at, lines=[line_from(line) for line in seen.lines]
        )
        shown |= {"id": None, "pdf_url": None, "warnings": seen.warnings, "stops": seen.stops}
        return Response(shown)

    @described.UPDATE
    def update(self, request: Request, invoice_id: str) -> Response:
        """Change a draft, or what may change on an issued document."""
        version = self.expected_version()
        data = self.body(InvoiceChangeSerializer, shows=InvoiceSerializer)
        refuse_other_status(data, now=lifecycle.status(self.object, at=self.at))
        invoice = drafts.edit_invoice(actor=self.actor, invoice=self.object, data=data, at=self.at, version=version)
        return self.written(invoice)

    @described.PARTIAL_UPDATE
    def partial_update(self, request: Request, invoice_id: str) -> Response:
        """Change a draft, or what may change on an issued document."""
        return self.update(request, invoice_id)

    @described.DESTROY
    def destroy(self, request: Request, invoice_id: str) -> Response:
        """Throw a draft away; cancel what was issued."""
        if not self.object.is_draft:
            return self.cancelled()
        drafts.delete_draft(actor=self.actor, invoice=self.object, version=self.expected_version())
        return Response(status=204)

    @described.CANCEL
    @idempotent
    def cancel(self, request: Request, invoice_id: str) -> Response:
        """Take an issued document back."""
        self.body(None)
        return self.cancelled()

    def cancelled(self) -> Response:
        """Cancel the document and say how."""
        outcome = corrections.cancel_invoice(
            invoice=self.object, actor=self.actor, at=self.at, version=self.expected_version()
        )
        note = outcome.credit_note
        if note is None:
            message = _("The invoice is cancelled.")
        else:
            message = _("The invoice is cleared by credit note %(number)s.") % {"number": note.number}
        row = self.row_of(pk=outcome.invoice.pk)
        named = note and {"id": note.pk, "invoice_number": note.number, "total": note.total}
        answer = {"message": message, "invoice": self.represent(row), "credit_note": named}
        return Response(answer, headers={"ETag": self.etag_of(row)})

    @described.STATUS
    def set_status(self, request: Request, invoice_id: str) -> Response:
        """Bring an invoice to a status by the act that leads there."""
        wanted = wanted_status(self.body(StatusInputSerializer))
        acts = {
            "issued": issuing.issue_invoice,
            "sent": sending.mark_sent,
            "paid": settlement.mark_paid,
            "cancelled": corrections.cancel_invoice,
        }
        invoice, at = self.object, self.at
        try:
            acts[wanted](invoice=invoice, actor=self.actor, at=at, version=self.expected_version())
        except ImpossibleMove as error:
            error.extra |= {"status": str(lifecycle.status(invoice, at=at)), "possible": settable(invoice)}
            raise
        return self.written(invoice)

    @described.ISSUE
    @idempotent
    def issue(self, request: Request, invoice_id: str) -> Response:
        """Issue a draft."""
        version = self.expected_version()
        self.body(None)
        issuing.issue_invoice(invoice=self.object, actor=self.actor, at=self.at, version=version)
        return self.written(self.object)

    @described.DUPLICATE
    @idempotent
    def duplicate(self, request: Request, invoice_id: str) -> Response:
        """Write a draft like this document."""
        self.expected_version()
        self.body(None)
        copy = drafts.duplicate_invoice(actor=self.actor, invoice=self.object, at=self.at)
        return self.written(copy, status=201)

    def note_to_this(self, kind: str) -> Invoice:
        """Write a note to the invoice that the address names."""
        version = self.expected_version()
        return self.note_to(self.object, kind, checked(self.body(NoteInputSerializer)), version)

    @described.CREDIT_NOTES
    @idempotent
    def credit_notes(self, request: Request, invoice_id: str) -> Response:
        """Write a credit note."""
        note = self.note_to_this(InvoiceType.CREDIT_NOTE)
        return self.written(note, status=201)

    @described.DEBIT_NOTES
    @idempotent
    def debit_notes(self, request: Request, invoice_id: str) -> Response:
        """Write a debit note."""
        note = self.note_to_this(InvoiceType.DEBIT_NOTE)
        return self.written(note, status=201)

    @described.SEND_EMAIL
    @idempotent
    def send_email(self, request: Request, invoice_id: str) -> Response:
        """Queue the mail that brings an invoice to its client."""
        version = self.expected_version()
        delivery = sending.send_invoice(
            invoice=self.object, actor=self.actor, at=self.at, data=self.body(EmailInputSerializer), version=version
        )
        row = self.row_of(pk=self.object.pk)
        return Response(
            {
                "message": _("Email is being sent"),
                "recipient": delivery.to[0],
                "invoice_number": row["number"],
            }
        )

    # Files and codes

    @described.DOWNLOAD
    def download(self, request: Request, invoice_id: str) -> HttpResponseBase:
        """Answer with the PDF."""
        original = choice(request, "original", ("false", "true")) == "true"
        content = papers.pdf_of(self.object, original=original)
        tag = f'"{hashlib.sha256(content).hexdigest()}"'
        if tag in request.headers.get("If-None-Match", ""):
            return HttpResponse(status=304, headers={"ETag": tag})
        disposition = f'attachment; filename="{papers.file_name(self.object)}"'
        headers = {"ETag": tag, "Content-Disposition": disposition}
        return HttpResponse(content, content_type="application/pdf", headers=headers)

    @described.QR
    def qr(self, request: Request, invoice_id: str) -> HttpResponseBase:
        """Answer with the QR code."""
        drawn = choice(request, "format", ("png", "svg"))
        payment = choice(request, "content", ("invoice", "payment")) == "payment"
        if self.object.is_draft:
            sentence = _("A draft has no QR code. Issue it first.")
            possible = lifecycle.possible(self.object)
            raise ImpossibleMove(sentence, state=self.object.state, possible=possible)
        payload, _kind = printing.qr_of(self.object, payment=payment)
        if drawn == "svg":
            return HttpResponse(qr_svg(payload), content_type="image/svg+xml")
        return HttpResponse(qr_png(payload), content_type="image/png")

    # Timeline and ledger

    @described.EVENTS
    def events(self, request: Request, invoice_id: str) -> Response:
        """Answer with a page of the timeline, newest first."""
        return self.page_of_others(events_of(self.object.pk), "-version", representation.event)

    @described.PAYMENTS
    def payments(self, request: Request, invoice_id: str) -> Response:
        """Answer with a page of the payments, newest first."""
        return self.page_of_others(payments_of(self.object.pk), "-received_at", None)

    @described.PAY
    @idempotent
    def pay(self, request: Request, invoice_id: str) -> Response:
        """Book a payment received by hand."""
        version = self.expected_version()
        payment = settlement.record_payment(
            invoice=self.object, actor=self.actor, at=self.at, data=self.body(PaymentInputSerializer), version=version
        )
        row = payments_of(self.object.pk).get(pk=payment.pk)
        return Response(representation.payment(row, ()), status=201, headers={"ETag": f'"{payment.pk}-1"'})

    def page_of_others(self, rows: QuerySet[Any], ordering: str, make: Any) -> Response:
        """Answer with a page of what belongs to the invoice."""
        page = self.paginator.paginate_queryset(rows, self.request, view=Ordered(ordering))
        if make is None:
            refunds = refunds_of([row["id"] for row in page])
            entries = [representation.payment(row, refunds[row["id"]]) for row in page]
        else:
            entries = [make(row) for row in page]
        return self.paginator.get_paginated_response([self.sparse(entry) for entry in entries])


@extend_schema(tags=["Payments"])
class PaymentViewSet(ApiViewSet):
    """``/payments``: what may be done with money that was received."""

    queryset = Payment.objects.select_related("invoice__business")
    serializer_class = RefundSerializer
    lookup_url_kwarg = "payment_id"

    @described.REFUND
    @idempotent
    def refund(self, request: Request, payment_id: str) -> Response:
        """Book a refund made by hand."""
        version = self.expected_version()
        data = self.body(RefundInputSerializer)
        refund = settlement.record_refund(
            payment=self.object, actor=self.actor, at=timezone.now(), data=data, version=version
        )
        row = next(each for each in refunds_of([self.object.pk])[self.object.pk] if each["id"] == refund.pk)
        return Response(representation.refund(row), status=201, headers={"ETag": f'"{refund.pk}-1"'})

    @described.RECEIPT
    def receipt(self, request: Request, payment_id: str) -> HttpResponseBase:
        """Answer with the receipt."""
        disposition = f'attachment; filename="{receipts.file_name(self.object)}"'
        content = receipts.receipt_pdf(self.object)
        return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})

    def known_fields(self) -> Sequence[str]:
        """Return the names that ``fields=`` knows: a file has none."""
        return ()

    def row_version(self, row: Payment) -> int:
        """Return the number that changes whenever the payment does."""
        return settlement.version_of(row)


def checked(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a body whose ``issue``, if it is there, is a truth value. Raises ``InvalidInvoice``."""
    cleaner = Cleaner(data)
    cleaner.take("issue", clean_boolean)
    cleaner.done(InvalidInvoice)
    return data


def clean_parameter(request: Request, name: str) -> str:
    """Return a query parameter that is needed. Raises ``Invalid`` that names it."""
    cleaner = Cleaner({name: request.query_params.get(name, "")})
    cleaner.take(name, clean_text, 200, required=True)
    return str(cleaner.done(Invalid)[name])


def row_from(invoice: Invoice) -> dict[str, Any]:
    """Return an invoice that is not stored as a row of its columns."""
    return {name: value_of(invoice, name) for name in columns_of(FIELDS)}


def line_from(line: Any) -> dict[str, Any]:
    """Return a line that is not stored as a row of its columns; it has no id yet."""
    return {name: getattr(line, name) for name in representation.ITEM_FIELDS.values()} | {"id": None}


def without_type(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a note's body without its type, which says what to write and is no field of it."""
    return {name: value for name, value in data.items() if name != "type"}


def refuse_other_status(data: Mapping[str, Any], *, now: str) -> None:
    """Refuse a body that would set the status: it passes as it was read, and follows from acts. Raises ``Invalid``."""
    if "status" in data and data["status"] != str(now):
        raise Invalid(errors={"status": [_("The status is not written here. Set it by PATCH …/status.")]})


def settable(invoice: Invoice) -> list[str]:
    """Return the statuses that a document can be brought to by ``PATCH …/status`` as it is now."""
    if invoice.is_draft:
        return ["issued", "sent", "paid"]
    if invoice.state != DocumentState.ISSUED:
        return []
    has_claim = lifecycle.claims(invoice)
    possible = {"sent": True, "paid": has_claim and invoice.amount_due > 0, "cancelled": has_claim}
    return [word for word, holds in possible.items() if holds]


def wanted_status(data: Mapping[str, Any]) -> str:
    """Return the status that an act leads to. Raises ``DerivedStatus`` for the others, ``Invalid`` for no status."""
    cleaner = Cleaner({"status": "", **data})
    word = cleaner.take("status", clean_text, 40, required=True)
    cleaner.done(Invalid)
    words = SettableStatus.values
    if word in words:
        return str(word)
    if word in DERIVED:
        raise DerivedStatus(DERIVED[word], possible=words)
    raise Invalid(errors={"status": [unknown(str(word), [*words, *DERIVED])]})
