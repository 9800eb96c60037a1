"""The PDF of a document: rendered once when it is issued, and kept with its hash."""

from __future__ import annotations

import hashlib
import logging
import re

from django.db import transaction

from accounts import storage
from accounts.choices import QueueState
from invoicing.models import Artifact, Invoice
from invoicing.pdf import render
from invoicing.services.printing import document_of

logger = logging.getLogger(__name__)


def file_name(invoice: Invoice) -> str:
    """Return the name under which an invoice's PDF is saved, in characters that are safe everywhere."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", invoice.number or "draft").strip("-.") or "document"
    return f"invoice_{safe}.pdf"


def pdf_of(invoice: Invoice, *, original: bool = False) -> bytes:
    """Return an invoice's PDF.

    Of an issued document these are always the bytes first stored; what the worker has not stored yet is rendered
    now and kept. A draft's and a cancelled document's copy are marked and not kept (``original``: the first bytes).
    Where the stored file is lost, what is drawn in its place is marked as a copy.
    """
    if invoice.is_draft:
        return render(document_of(invoice, mark="draft"))
    if invoice.cancelled_at and not original:
        return render(document_of(invoice, mark="cancelled"))
    if not invoice.pdf_key:
        keep(invoice, render(document_of(invoice)))
    try:
        return storage.read(invoice.pdf_key)
    except FileNotFoundError:
        logger.exception("papers: the stored file is lost", extra={"invoice": invoice.pk})
        return render(document_of(invoice, mark="copy"))


def keep(invoice: Invoice, content: bytes) -> None:
    """Store an issued document's PDF, unless one was stored in the meantime: then that one stays."""
    key = storage.store("invoices", content, ".pdf")
    with transaction.atomic():
        stored = Invoice.objects.select_for_update().only("pdf_key", "pdf_sha256").get(pk=invoice.pk)
        if not stored.pdf_key:
            stored.pdf_key, stored.pdf_sha256 = key, hashlib.sha256(content).hexdigest()
            Invoice.objects.filter(pk=invoice.pk).update(pdf_key=key, pdf_sha256=stored.pdf_sha256)
            Artifact.objects.filter(invoice=invoice, kind="pdf").update(
                storage_key=key,
                sha256=stored.pdf_sha256,
                size=len(content),
                state=QueueState.DONE,
                lease_token="",
                lease_until=None,
            )
    invoice.pdf_key, invoice.pdf_sha256 = stored.pdf_key, stored.pdf_sha256
