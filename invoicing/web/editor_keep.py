"""Drafts that keep themselves while they are written."""

from __future__ import annotations

import logging
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.errors import AppError, InProgress, LostUpdate, NotFound
from accounts.services.idempotency import Answer, carry_out
from invoicing.errors import Immutable, ImpossibleMove
from invoicing.models import Invoice
from invoicing.web.editor import EditorPage, draft_key
from invoicing.web.editor_form import Editor

logger = logging.getLogger(__name__)

OWN_FOR: Final = 3600  # seconds for which a version is known as its page's own
NOT_YET, IN_THE_WAY = 202, 409  # statuses: what waits is no error of the page's


class InvoiceKeep(EditorPage):
    """What is typed becomes a draft, or changes the one it became: a part of the page says when, or what is wrong.

    A client who is still being typed is not made yet; the draft waits until that is done.
    """

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it, if there is something to keep."""
        try:
            editor = self.editor_sent()
            if not editor.form["client_id"].value() or not editor.filled:
                return self.word(editor.invoice, status=NOT_YET)
            return self.word(self.kept(editor))
        except NotFound:
            return self.trouble("gone")
        except (LostUpdate, Immutable, ImpossibleMove):
            now = self.invoice_or_404(request.POST["invoice"])
            return self.trouble("changed" if now.is_draft else "issued", now)
        except InProgress:
            raise
        except AppError as refused:
            if not refused.errors:
                raise
            return self.word(editor.invoice, status=NOT_YET)

    def kept(self, editor: Editor) -> Invoice:
        """Write the draft, and remember that this page wrote this version of it."""
        invoice = self.changed(editor) if editor.invoice else self.begun(editor)
        note_own(invoice, self.page_id)
        return invoice

    def changed(self, editor: Editor) -> Invoice:
        """Change the draft. An answer that never came back does not set a page against itself."""
        assert editor.invoice is not None
        try:
            return self.store(editor)
        except LostUpdate:
            now = self.invoice_or_404(editor.invoice.pk)
            if not is_own(now, self.page_id):
                raise
            return self.store(editor, version=now.version)

    def begun(self, editor: Editor) -> Invoice:
        """Make the draft, once for a page however often it asks."""
        if not self.page_id:
            return self.store(editor)
        answer = carry_out(
            actor_key=self.actor.key,
            key=draft_key(self.page_id),
            fingerprint=self.page_id,
            at=timezone.now(),
            act=lambda: Answer(201, self.store(editor).pk),
        )
        invoice = self.invoice_or_404(answer.body)
        if not answer.replayed:
            return invoice
        again = Editor(business=self.business, invoice=invoice, data=self.request.POST)
        note_own(invoice, self.page_id)
        return self.store(again, version=invoice.version)

    @property
    def page_id(self) -> str:
        """What names the page that asks."""
        return self.request.POST.get("once", "")[:100]

    def word(self, invoice: Invoice | None, *, status: int = 200) -> HttpResponse:
        """Return the word about the draft."""
        is_kept = status != NOT_YET
        return render(
            self.request, "invoicing/editor_saved.html", {"invoice": invoice, "is_kept": is_kept}, status=status
        )

    def trouble(self, kind: str, invoice: Invoice | None = None) -> HttpResponse:
        """Return what came between, with the ways on."""
        context: dict[str, Any] = {"kind": kind, "invoice": invoice}
        return render(self.request, "invoicing/editor_trouble.html", context, status=IN_THE_WAY)


def own_key(invoice: Invoice) -> str:
    """Return the cache's name for who wrote a version of a draft."""
    return f"editor:{invoice.pk}:{invoice.version}"


def note_own(invoice: Invoice, page_id: str) -> None:
    """Remember that a page wrote this version."""
    try:
        cache.set(own_key(invoice), page_id, timeout=OWN_FOR)
    except Exception:
        logger.warning("editor: the cache does not answer", exc_info=True)


def is_own(invoice: Invoice, page_id: str) -> bool:
    """Return whether a page wrote this version itself."""
    try:
        return bool(page_id) and cache.get(own_key(invoice)) == page_id
    except Exception:
        logger.warning("editor: the cache does not answer", exc_info=True)
        return False
