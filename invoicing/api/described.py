"""What the API's description says of each operation on invoices."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from accounts.api.schema import ErrorSerializer
from invoicing.api import serializers


def query(name: str, description: str, **options: Any) -> OpenApiParameter:
    """Return a query parameter."""
    return OpenApiParameter(name, location=OpenApiParameter.QUERY, description=description, **options)


GONE = OpenApiResponse(description="Gone.")
ISSUE_FIRST = "A draft is issued first."

LIST: Final = extend_schema(
    summary="List invoices",
    description="Newest first. `items` come only where `fields` asks for them. All filters combine.",
)
RETRIEVE: Final = extend_schema(summary="Read an invoice", description="With its items.")
FIND: Final = extend_schema(
    summary="Find an invoice by its number",
    description="With its items.",
    parameters=[query("invoice_number", "The number, exactly.", required=True, type=str)],
    filters=False,
)
CREATE: Final = extend_schema(
    summary="Write an invoice",
    description=(
        "Writes a draft; with `issue: true` it is issued in the same step. The client is one by `client_id`, or is "
        "given inline by name or email. With the type `credit_note` or `debit_note` a note to "
        "`parent_invoice_id` or `parent_invoice_number` is written, as by the notes' calls."
    ),
    request=serializers.InvoiceInputSerializer,
    responses={201: serializers.InvoiceSerializer},
)
PREVIEW: Final = extend_schema(
    summary="Reckon and check an invoice",
    description="Takes the body of a new invoice or note and stores nothing. `stops` says what stands in the way of its issue.",
    request=serializers.InvoiceInputSerializer,
    responses={200: serializers.PreviewSerializer},
)
UPDATE: Final = extend_schema(
    summary="Change an invoice",
    description=(
        "Of a draft everything may change; absent fields stay and items are replaced as given. Of an issued document "
        "only `notes`, `due_date`, `reference`, `client_email` and `client_phone`; a changed value of anything else "
        "is a 409: issue a credit note instead."
    ),
    request=serializers.InvoiceChangeSerializer,
    responses={200: serializers.InvoiceSerializer},
)
PARTIAL_UPDATE: Final = extend_schema(
    summary="Change some fields of an invoice",
    description="The same as PUT: absent fields stay.",
    request=serializers.InvoiceChangeSerializer,
    responses={200: serializers.InvoiceSerializer},
)
DESTROY: Final = extend_schema(
    summary="Delete a draft, or cancel an invoice",
    description="A draft is gone for good (204). An issued one is taken back as by `/cancel` (200).",
    responses={200: serializers.CancelledSerializer, 204: GONE},
)
STATUS: Final = extend_schema(
    summary="Bring an invoice to a status",
    description=(
        "`issued`; `sent`: handed over outside the system; `paid`: a payment of all that is due is recorded; "
        f"`cancelled`. {ISSUE_FIRST} The other words follow from facts: a 409 `derived_status` says from which."
    ),
    request=serializers.StatusInputSerializer,
    responses={200: serializers.InvoiceSerializer},
)
ISSUE: Final = extend_schema(
    summary="Issue a draft",
    description="Gives it its number and issue date, and freezes seller and buyer onto it.",
    request=None,
    responses={200: serializers.InvoiceSerializer},
)
DUPLICATE: Final = extend_schema(
    summary="Duplicate an invoice",
    description="Writes a draft with the same client, lines and terms. Number, dates and reference are not copied. "
    "Of a note an invoice is made, with positive amounts: a note is written through its invoice.",
    request=None,
    responses={201: serializers.InvoiceSerializer},
)
CANCEL: Final = extend_schema(
    summary="Cancel an invoice",
    description=(
        "Issued and unpaid. One that was never handed over is cancelled; otherwise a full credit note is issued in "
        "the same step. With payments: 409 `refund_first`; a Saudi tax invoice: 409 `credit_note_required`."
    ),
    request=None,
    responses={200: serializers.CancelledSerializer},
)
CREDIT_NOTES: Final = extend_schema(
    summary="Write a credit note",
    description=(
        "Lowers what an issued invoice asks for. An item names its `parent_item_id`, else it is matched by SKU, name, "
        "price and rate to a line with quantity left. More than is left: 409 `more_than_left`."
    ),
    request=serializers.NoteInputSerializer,
    responses={201: serializers.InvoiceSerializer},
)
DEBIT_NOTES: Final = extend_schema(
    summary="Write a debit note",
    description="A further claim on an issued invoice, with its own total, amount due and link.",
    request=serializers.NoteInputSerializer,
    responses={201: serializers.InvoiceSerializer},
)
SEND_EMAIL: Final = extend_schema(
    summary="Send an invoice by email",
    description=f"{ISSUE_FIRST} The mail goes out with the PDF attached, a moment later.",
    request=serializers.EmailInputSerializer,
    responses={200: serializers.SentSerializer},
)
DOWNLOAD: Final = extend_schema(
    summary="Download the PDF",
    description="A draft carries a mark; so does a cancelled document, of which `original=true` gives the first bytes.",
    parameters=[query("original", "Of a cancelled document: without the mark.", type=bool, default=False)],
    responses={(200, "application/pdf"): OpenApiTypes.BINARY},
)
QR: Final = extend_schema(
    summary="Get the QR code",
    description=(
        "For a seller in Saudi Arabia the tax code of ZATCA, else the public page. A draft has none: 409 "
        "`impossible_move`."
    ),
    parameters=[
        query("format", "The kind of image.", type=str, enum=["png", "svg"], default="png"),
        query(
            "content", "`payment`: always the public page.", type=str, enum=["invoice", "payment"], default="invoice"
        ),
    ],
    responses={
        (200, "image/png"): OpenApiTypes.BINARY,
        (200, "image/svg+xml"): OpenApiTypes.STR,
        409: ErrorSerializer,
    },
)
EVENTS: Final = extend_schema(
    summary="Read an invoice's timeline",
    description="Who did what and when, newest first.",
    filters=False,
    responses={200: serializers.EventSerializer(many=True)},
)
PAYMENTS: Final = extend_schema(
    summary="List an invoice's payments",
    description="Newest first, each with its refunds.",
    filters=False,
    responses={200: serializers.PaymentSerializer(many=True)},
)
PAY: Final = extend_schema(
    summary="Record a payment",
    description="Money received outside the system, in part or in full. More than is due: 400 `more_than_due`.",
    request=serializers.PaymentInputSerializer,
    responses={201: serializers.PaymentSerializer},
)
REFUND: Final = extend_schema(
    summary="Refund a payment",
    description=(
        "With `reopen`, or on an invoice not yet paid in full, the amount is due again. More than is left: 409 "
        "`more_than_left`. With `credit_note` the draft of a credit note is written as well, over `items`, else over "
        "what is left of all lines where all of it goes back, else over the same part of each."
    ),
    request=serializers.RefundInputSerializer,
    responses={201: serializers.RefundSerializer},
)
RECEIPT: Final = extend_schema(
    summary="Download a payment's receipt",
    description=(
        "A PDF in the invoice's language, with what was left to pay when the payment was recorded. Its number is the "
        "invoice's with the payment's ordinal, such as `RC-INV-2026-0047-1`, and never changes. A refund has none."
    ),
    responses={(200, "application/pdf"): OpenApiTypes.BINARY},
)
