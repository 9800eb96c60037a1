"""The job that renders the PDF of an issued document."""

from __future__ import annotations

from django.db import transaction

from accounts.queue import Lease
from invoicing.domain import lifecycle
from invoicing.models import Artifact, Invoice
from invoicing.pdf import render
from invoicing.services.papers import keep
from invoicing.services.printing import document_of


def render_pdf(row: Artifact, lease: Lease) -> None:
    """Render and store a document's PDF, once."""
    invoice = Invoice.objects.select_related("business", "parent").get(pk=row.invoice_id)
    content = b"" if invoice.pdf_key else render(document_of(invoice))
    with transaction.atomic():
        # The document first, then its file, as those do who ask for the PDF meanwhile: neither waits for the other.
        lifecycle.lock(invoice.pk)
        with lease.finish():
            if content:
                keep(invoice, content)
