"""Documents and their runs as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.choices import QueueState
from extraction import schema
from extraction.choices import Failure
from extraction.models import Document, Extraction, ModelPrice
from extraction.reconcile import sentence
from invoicing.api.representation import FIELDS, columns_of, represent
from invoicing.models import Invoice
from invoicing.queries import lines_of

STATES = {
    QueueState.QUEUED.value: "queued",
    QueueState.RUNNING.value: "processing",
    QueueState.DONE.value: "done",
    QueueState.FAILED.value: "failed",
}


def shown_data(data: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return stored data, or some of it, with its numbers as numbers."""
    if data is None:
        return None
    return {name: value for name, value in schema.loaded(data).items() if name in data}


def document(row: Document) -> dict[str, Any]:
    """Return a document; needs ``latest``, ``verified_by``, ``supporting`` and ``billings`` at hand."""
    names = (
        *("id", "business_id", "status", "file_name", "size", "pages", "sha256", "findings", "vendor_name"),
        *(
            "vendor_tax_id",
            "invoice_no",
            "invoice_date",
            "amount",
            "remarks",
            "verified_at",
            "created_at",
            "updated_at",
        ),
    )
    return {
        **{name: getattr(row, name) for name in names},
        "status": row.status.value,
        "duplicate_of": row.duplicate_of_id,
        "known_by": {name: getattr(row, name) for name in ("vendor", "number", "date", "total", "currency")},
        "verified_data": shown_data(row.verified_data),
        "verified_by": str(row.verified_by) if row.verified_by else None,
        "extraction_id": row.latest_id,
        "invoices": [each.invoice_id for each in sorted(row.billings.all(), key=lambda each: each.pk)],
        "supporting_documents": [
            {"n": each.position, "file_name": each.file_name, "size": each.size}
            for each in sorted(row.supporting.all(), key=lambda each: each.position)
        ],
    }


def run(row: Extraction) -> dict[str, Any]:
    """Return a run; needs ``verified_by`` at hand."""
    return {
        "id": row.pk,
        "document_id": row.document_id,
        "business_id": row.business_id,
        "status": STATES[row.state],
        "version": row.version,
        "engine": row.read_by or row.engine,
        "model": row.model,
        "mode": row.mode,
        "data": shown_data(row.data),
        "confidence": row.confidence,
        "checks": [{"name": each["name"], "ok": each["ok"], "detail": sentence(each)} for each in row.checks],
        "token_usage": {
            "input_tokens": row.input_tokens,
            "output_tokens": row.output_tokens,
            "total_tokens": row.input_tokens + row.output_tokens,
        },
        "price": row.price_usd,
        "price_display": {
            "amount": row.price_display,
            "currency": row.display_currency,
            "rate": row.display_rate,
        },
        "time_taken": None if row.milliseconds is None else Decimal(row.milliseconds) / 1000,
        "manual_verified": row.verified_at is not None,
        "verified_by": str(row.verified_by) if row.verified_by else None,
        "corrections": shown_data(row.corrections),
        "error": str(Failure(row.failure).label) if row.failure else None,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
    }


def made(invoice: Invoice, *, at: datetime) -> dict[str, Any]:
    """Return a draft that was made of a document, as the API shows invoices."""
    row = Invoice.objects.filter(pk=invoice.pk).values(*columns_of(FIELDS)).get()
    return represent(row, tuple(FIELDS), at=at, lines=lines_of([invoice.pk])[invoice.pk])


def ordered(row: Extraction) -> dict[str, Any]:
    """Return a run that was just ordered."""
    return {"id": row.pk, "document_id": row.document_id, "status": STATES[row.state]}


def price(row: ModelPrice) -> dict[str, Any]:
    """Return a model on offer."""
    return {
        "name": row.name,
        "input_price": row.input_price,
        "cached_price": row.input_price if row.cached_price is None else row.cached_price,
        "output_price": row.output_price,
        "currency": "USD",
        "valid_from": row.valid_from,
        "capabilities": row.capabilities,
    }
