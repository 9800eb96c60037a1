"""The PDFs of several documents in one ZIP: which are stored, which are being made, and the bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Permission, QueueState
from accounts.queue import nudge, retry
from accounts.tables import CHUNK, Sink
from accounts.tenancy import Actor, require
from invoicing.choices import DocumentState
from invoicing.models import Artifact, Invoice
from invoicing.services.papers import file_name, pdf_of
from invoicing.services.selection import Refusal


@dataclass(slots=True)
class Bundle:
    """Documents by whether their PDF is stored, waits to be made or could not be made; and those that have none."""

    ready: list[Invoice] = field(default_factory=list)
    making: list[Invoice] = field(default_factory=list)
    failed: list[Invoice] = field(default_factory=list)
    left_out: list[Refusal] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many PDFs there will be."""
        return len(self.ready) + len(self.making) + len(self.failed)

    @property
    def percent(self) -> int:
        """How much of it is ready, 0 to 100."""
        return 100 * len(self.ready) // (self.count or 1)


def bundle_of(invoices: Sequence[Invoice]) -> Bundle:
    """Return how the PDFs of documents stand, in one query."""
    states = dict(
        Artifact.objects.filter(invoice_id__in=[each.pk for each in invoices], kind="pdf").values_list(
            "invoice_id", "state"
        )
    )
    bundle = Bundle()
    for invoice in invoices:
        if invoice.is_draft:
            bundle.left_out.append(Refusal(invoice, _("A draft has no PDF to hand over yet.")))
        elif invoice.state == DocumentState.CANCELLED:
            reason = _("It is cancelled: its marked copy is on its own page.")
            bundle.left_out.append(Refusal(invoice, reason))
        elif invoice.pdf_key:
            bundle.ready.append(invoice)
        elif states.get(invoice.pk, QueueState.FAILED) == QueueState.FAILED:
            bundle.failed.append(invoice)
        else:
            bundle.making.append(invoice)
    return bundle


def make_again(bundle: Bundle, *, actor: Actor, at: datetime) -> None:
    """Queue once more what could not be made, for those who may write."""
    for business_id in {invoice.business_id for invoice in bundle.failed}:
        require(actor, business_id, Permission.WRITE)
    with transaction.atomic():
        missing = [Artifact(invoice=invoice, run_after=at) for invoice in bundle.failed]
        Artifact.objects.bulk_create(missing, ignore_conflicts=True)
        rows = Artifact.objects.filter(invoice__in=bundle.failed, kind="pdf")
        retry(rows)
        for pk in rows.values_list("pk", flat=True):
            nudge("artifact", pk)


def zip_chunks(invoices: Sequence[Invoice]) -> Iterator[bytes]:
    """Yield a ZIP of stored PDFs, one at a time; PDFs are packed already, so nothing is packed again."""
    sink, names = Sink(), Counter[str]()
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        for invoice in invoices:
            moment = (invoice.issued_at or datetime(1980, 1, 1, tzinfo=UTC)).timetuple()[:6]
            name = file_name(invoice)
            names[name] += 1
            if names[name] > 1:  # numbers that differ only in what file names leave out
                name = f"{name.removesuffix('.pdf')}-{names[name]}.pdf"
            archive.writestr(ZipInfo(name, moment), pdf_of(invoice))
            if sink.size >= CHUNK:
                yield sink.take()
    yield sink.take()
