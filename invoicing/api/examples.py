"""Examples for the API's description. All names are made up; the amounts are those the rules give."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

ID = "inv_7hQ2mT9xKc4vRw1LzE8b"
ITEM_ID = "itm_3kV8nB5yXd1fSg6PjU0a"
TRAINING_ID = "itm_8pW2sL7zQe5gTh4RmA9c"
PAYMENT_ID = "pay_1zC6rH4wMe9tYq2KbN7s"
BASE = f"https://invoices.example/api/v1/invoices/{ID}"
ADDRESS = {"street": "Avenue Exemple 12", "city": "Casablanca", "postal_code": "20000", "country": "MA"}

BODY: dict[str, Any] = {
    "client_name": "Atlas Example SARL",
    "client_email": "billing@atlas.example",
    "client_address": ADDRESS,
    "currency": "MAD",
    "language": "fr",
    "payment_terms": "Net 30",
    "tax_rate": 20,
    "discount_rate": 10,
    "items": [
        {"name": "Website", "quantity": 1, "unit_price": 15000},
        {"name": "Training day", "type": "service", "quantity": 3, "unit": "day", "unit_price": 2000},
    ],
}
READ: dict[str, Any] = {
    "id": ID,
    "business_id": "biz_9sD3hN6pYq5uJk8XaG2e",
    "type": "general",
    "status": "issued",
    "invoice_number": "INV-2026-0001",
    "reference": "",
    "client_id": "cli_4fQ8mT2xKc0vRw7LzE1b",
    "client_type": "business",
    "client_name": "Atlas Example SARL",
    "client_email": "billing@atlas.example",
    "client_phone": "",
    "client_address": ADDRESS,
    "client_vat_number": "",
    "client_cr_number": "",
    "client_tax_ids": [],
    "seller": {
        "legal_name": "Studio Exemple",
        "address": ADDRESS,
        "vat_number": "",
        "cr_number": "",
        "tax_ids": [
            {"type": "ICE", "value": "001561191000066"},
            {"type": "IF", "value": "1000001"},
            {"type": "TP", "value": "2000002"},
        ],
        "email": "hello@studio.example",
        "phone": "",
    },
    "language": "fr",
    "currency": "MAD",
    "issue_date": "2026-11-20",
    "due_date": "2026-12-20",
    "supply_date": None,
    "payment_terms": "Net 30",
    "notes": "",
    "footer": "",
    "tax_rate": 20,
    "discount_rate": 10,
    "prices_include_tax": False,
    "items": [
        {
            "id": ITEM_ID,
            "parent_item_id": None,
            "name": "Website",
            "description": "",
            "name_ar": "",
            "description_ar": "",
            "sku": "",
            "type": "service",
            "quantity": 1,
            "unit": "",
            "unit_price": 15000,
            "discount_rate": 0,
            "tax_rate": 20,
            "tax_category": "S",
            "exemption_reason": "",
            "subtotal": 15000,
            "discount_amount": 0,
            "net_amount": 15000,
            "tax_amount": 2700,
            "total": 17700,
        },
        {
            "id": TRAINING_ID,
            "parent_item_id": None,
            "name": "Training day",
            "description": "",
            "name_ar": "",
            "description_ar": "",
            "sku": "",
            "type": "service",
            "quantity": 3,
            "unit": "day",
            "unit_price": 2000,
            "discount_rate": 0,
            "tax_rate": 20,
            "tax_category": "S",
            "exemption_reason": "",
            "subtotal": 6000,
            "discount_amount": 0,
            "net_amount": 6000,
            "tax_amount": 1080,
            "total": 7080,
        },
    ],
    "subtotal": 21000,
    "discount_amount": 2100,
    "taxable_amount": 18900,
    "tax_amount": 3780,
    "tax_breakdown": [
        {"category": "S", "rate": 20, "taxable_amount": 18900, "tax_amount": 3780, "exemption_reason": ""}
    ],
    "total": 22680,
    "amount_credited": 0,
    "amount_paid": 0,
    "amount_refunded": 0,
    "amount_due": 22680,
    "tax_currency": None,
    "exchange_rate": None,
    "tax_amount_in_tax_currency": None,
    "payment_link": "https://invoices.example/pay/5rT0uP3jZn8bVx6CmK1wHd9L",
    "pdf_url": f"{BASE}/download",
    "pdf_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "qr_code_url": f"{BASE}/qr",
    "is_sent_email": False,
    "email_sent_at": None,
    "sent_at": None,
    "viewed_at": None,
    "paid_at": None,
    "issued_at": "2026-11-20T09:00:00Z",
    "cancelled_at": None,
    "parent_invoice_id": None,
    "parent_invoice_number": None,
    "parent_issue_date": None,
    "reason": "",
    "warnings": [],
    "created_at": "2026-11-20T08:55:00Z",
    "updated_at": "2026-11-20T09:00:00Z",
}
DRAFT = READ | {
    "status": "draft",
    "invoice_number": None,
    "seller": None,
    "issue_date": None,
    "payment_link": None,
    "pdf_sha256": None,
    "qr_code_url": None,
    "issued_at": None,
}
REFUND_READ = {
    "id": "rfd_6yG4kJ1oSv3eBc7XnQ5t",
    "payment_id": PAYMENT_ID,
    "amount": 500,
    "currency": "MAD",
    "reason": "One training day fell out",
    "reopened": False,
    "credit_note_id": None,
    "created_at": "2026-11-25T10:00:00Z",
}


def sent(name: str, value: Any) -> OpenApiExample:
    """Return an example of a request."""
    return OpenApiExample(name, value=value, request_only=True)


def answered(name: str, value: Any) -> OpenApiExample:
    """Return an example of an answer."""
    return OpenApiExample(name, value=value, response_only=True)


CREATE = [
    sent("A client given inline", BODY),
    sent(
        "A known client, issued at once",
        {"client_id": READ["client_id"], "items": [{"name": "Consulting", "unit_price": 5000}], "issue": True},
    ),
    sent(
        "A credit note",
        {
            "type": "credit_note",
            "parent_invoice_number": "INV-2026-0001",
            "reason": "One training day fell out",
            "items": [{"name": "Training day", "quantity": 1}],
        },
    ),
]
CHANGE = [sent("New lines", {"items": BODY["items"]}), sent("Another due date", {"due_date": "2027-01-15"})]
NOTE = [
    sent(
        "One of three days",
        {"reason": "One training day fell out", "items": [{"parent_item_id": TRAINING_ID, "quantity": 1}]},
    ),
    sent("All that is left, issued at once", {"reason": "Taken back", "issue": True}),
]
STATUS = [sent("Handed over by hand", {"status": "sent"}), sent("Paid in full", {"status": "paid"})]
MESSAGE = [
    sent("To the client", {}),
    sent("With words of one's own", {"cc": ["accounts@atlas.example"], "message": "Thank you for your order."}),
]
PAYMENT_INPUT = [
    sent("A transfer", {"amount": 5000, "method": "bank_transfer", "received_at": "2026-11-24", "reference": "TR 17"})
]
REFUND_INPUT = [
    sent("A part", {"amount": 500, "reason": "One training day fell out"}),
    sent("All of it", {}),
    sent("With a credit note", {"reason": "Returned", "credit_note": True}),
]
INVOICE = [answered("Issued", READ), answered("A draft", DRAFT)]
PREVIEW = [answered("Reckoned", DRAFT | {"id": None, "stops": {"client_vat_number": ["It is needed."]}})]
CANCELLED = [
    answered(
        "Never handed over",
        {
            "message": "The invoice is cancelled.",
            "invoice": READ | {"status": "cancelled", "amount_due": 0, "cancelled_at": "2026-11-21T09:00:00Z"},
            "credit_note": None,
        },
    )
]
SENT = [
    answered(
        "Queued",
        {
            "message": "Email is being sent",
            "recipient": "billing@atlas.example",
            "invoice_number": "INV-2026-0001",
        },
    )
]
REFUND = [answered("A refund", REFUND_READ)]
PAYMENT = [
    answered(
        "A payment",
        {
            "id": PAYMENT_ID,
            "invoice_id": ID,
            "amount": 5000,
            "currency": "MAD",
            "method": "bank_transfer",
            "received_at": "2026-11-24T12:00:00Z",
            "reference": "TR 17",
            "created_at": "2026-11-24T15:30:00Z",
            "amount_refunded": 500,
            "refunds": [REFUND_READ],
        },
    )
]
EVENT = [
    answered(
        "Issued",
        {
            "id": "evt_2dF9aL6uWi0pOc8ZvE4m",
            "kind": "issued",
            "at": "2026-11-20T09:00:00Z",
            "actor_id": "usr_5gH1jK8lQw3eRt6YuI0o",
            "actor_name": "Studio Exemple",
            "channel": "api",
            "ip": "192.0.2.10",
            "data": {"number": "INV-2026-0001"},
        },
    )
]
