"""What a document is known by in lists and searches: verified, else read, else said by whoever uploaded it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.search import normalise, search_text
from extraction.models import Document
from extraction.schema import PLACES, loaded


def known_by(document: Document, read: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the columns by which a document is found; ``read`` is what its newest run came to, as stored."""
    source = document.verified_data or read
    data = loaded(source) if source else {}
    total = data.get("total")
    vendor = data.get("vendor_name") or document.vendor_name
    number = data.get("invoice_number") or document.invoice_no
    return {
        "vendor": vendor,
        "vendor_search": normalise(vendor)[:400],
        "number": number,
        "date": data.get("invoice_date") or document.invoice_date,
        "total": document.amount if total is None else round(total, PLACES),
        "currency": data.get("currency") or "",
        "search_text": search_text(
            vendor, number, document.file_name, document.remarks,
            data.get("vendor_tax_id") or document.vendor_tax_id, data.get("purchase_order"),
        ),
    }  # fmt: skip


def set_known_by(document: Document, read: Mapping[str, Any] | None = None) -> None:
    """Set these columns on a document that is about to be saved."""
    for name, value in known_by(document, read).items():
        setattr(document, name, value)
