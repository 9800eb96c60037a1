"""What documents and their runs look like, for the API's description. All names are made up."""

from __future__ import annotations

from typing import Any, Final

DOCUMENT_ID: Final = "doc_5hR2vTq8XkZ0nWc3LpYd"
RUN_ID: Final = "ext_7bN4mKs1QjV9eGa6RtUx"
DATA: Final[dict[str, Any]] = {
    "language": "en",
    "type": "computerized",
    "vendor_name": "Example Paper Ltd",
    "vendor_address": "1 Example Road\nLeeds\nGB",
    "vendor_tax_id": "GB980780684",
    "vendor_iban": "GB33BUKB20201555555555",
    "buyer_name": "Studio Example",
    "buyer_tax_id": None,
    "invoice_number": "2026-118",
    "invoice_date": "2026-11-02",
    "due_date": "2026-12-02",
    "purchase_order": None,
    "currency": "GBP",
    "subtotal": 100,
    "discount": None,
    "tax": 20,
    "tax_breakdown": [{"rate": 20, "taxable_amount": 100, "tax_amount": 20}],
    "total": 120,
    "items": [
        {
            "description": "Paper, A4",
            "sku": "A4-500",
            "quantity": 20,
            "unit": "C62",
            "unit_price": 5,
            "tax_rate": 20,
            "amount": 100,
        }
    ],
}
RUN: Final[dict[str, Any]] = {
    "id": RUN_ID,
    "document_id": DOCUMENT_ID,
    "business_id": "biz_9sD3hN6pYq5uJk8XaG2e",
    "status": "done",
    "version": 1,
    "engine": "embedded",
    "model": "",
    "mode": "standard",
    "data": DATA,
    "confidence": {
        "total": {"score": 0.99, "page": 1, "box": [0.8733, 0.5401, 0.9301, 0.5533], "reason": "embedded_xml"}
    },
    "checks": [{"name": "totals_add_up", "ok": True, "detail": "Subtotal, discount and tax add up to the total."}],
    "token_usage": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0},
    "price": 0,
    "price_display": {"amount": 0, "currency": "INR", "rate": 90},
    "time_taken": 0.4,
    "manual_verified": False,
    "verified_by": None,
    "corrections": {},
    "error": None,
    "created_at": "2026-11-20T09:00:00Z",
    "finished_at": "2026-11-20T09:00:01Z",
}
DOCUMENT: Final[dict[str, Any]] = {
    "id": DOCUMENT_ID,
    "business_id": "biz_9sD3hN6pYq5uJk8XaG2e",
    "status": "done",
    "file_name": "invoice.pdf",
    "size": 48211,
    "pages": 1,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "findings": [],
    "duplicate_of": None,
    "vendor_name": "Example Paper Ltd",
    "vendor_tax_id": "",
    "invoice_no": "2026-118",
    "invoice_date": "2026-11-02",
    "amount": 120,
    "remarks": "",
    "known_by": {
        "vendor": "Example Paper Ltd",
        "number": "2026-118",
        "date": "2026-11-02",
        "total": 120,
        "currency": "GBP",
    },
    "verified_data": None,
    "verified_by": None,
    "verified_at": None,
    "extraction_id": RUN_ID,
    "invoices": [],
    "supporting_documents": [{"n": 1, "file_name": "delivery-note.pdf", "size": 10240}],
    "created_at": "2026-11-20T09:00:00Z",
    "updated_at": "2026-11-20T09:00:00Z",
}
ORDERED: Final = {"id": RUN_ID, "document_id": DOCUMENT_ID, "status": "queued"}
SUMS: Final = {
    "calls": 12,
    "input_tokens": 6960,
    "output_tokens": 1080,
    "total_tokens": 8040,
    "price": 0.004788,
    "time_taken": 14.2,
}
USAGE: Final[dict[str, Any]] = {
    "from": "2026-11-01",
    "to": "2026-11-30",
    **SUMS,
    "price_display": [{"currency": "INR", "amount": 0.43092}],
    "by_day": [{"day": "2026-11-20", **SUMS}],
    "by_model": [{"model": "gemini-2.5-flash", **SUMS}],
    "by_engine": [{"engine": "gemini", **SUMS}],
    "by_mode": [{"mode": "optimised", **SUMS}],
}
MODEL: Final[dict[str, Any]] = {
    "name": "gemini-2.5-flash",
    "input_price": 0.3,
    "cached_price": 0.03,
    "output_price": 2.5,
    "currency": "USD",
    "valid_from": "2026-11-20",
    "capabilities": {"thinking": "budget", "least_thinking": 0, "page_tokens": 258, "pdf": True},
}
