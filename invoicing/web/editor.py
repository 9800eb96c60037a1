"""Writing an invoice: the page, and what it adds up to while it is written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.choices import Permission
from accounts.errors import AppError, InProgress, LostUpdate
from accounts.services.idempotency import stored
from accounts.templatetags.ui import day
from accounts.web.forms import put_errors
from clients.models import Client
from invoicing.choices import TaxCategory
from invoicing.errors import Immutable, ImpossibleMove, InvalidInvoice
from invoicing.models import Invoice
from invoicing.pdf.labels import label
from invoicing.queries.lately import items_billed_lately
from invoicing.services.drafts import edit_invoice, save_draft
from invoicing.services.issuing import Preview, issue_invoice, preview_invoice
from invoicing.web.base import UNPROCESSABLE, InvoicePage, detail_url, edit_url
from invoicing.web.client_picker import card_of
from invoicing.web.days import day_text
from invoicing.web.editor_form import HINT_PLACES, ROW_KEY, TERMS, Editor
from invoicing.web.editor_lines import fields_of, price_text
from invoicing.web.editor_ready import readiness
from invoicing.web.forms import AmendForm
from invoicing.web.paper import paper_of

# Fields that are folded away unless something is wrong there
FOLDED = ("supply_date", "invoice_number", "type", "exchange_rate", "footer")
MOST_ITEMS_OFFERED = 80
DAYS = ("issue_date", "due_date", "supply_date")


class EditorPage(InvoicePage):
    """What the pages on which an invoice is written share."""

    permission = Permission.WRITE

    def editor_page(
        self, editor: Editor, *, status: int = 200, refused: AppError | None = None, lost_update: bool = False
    ) -> HttpResponse:
        """Show the editor with what the invoice adds up to now, and what was refused at the fields it concerns."""
        editor.form.fill_choices()
        reckoned = self.reckoned(editor)
        preview = reckoned["preview"]
        if preview is not None and not preview.invoice.due_date_given:
            editor.form.fields["due_date"].widget.attrs["placeholder"] = day(preview.invoice.due_date)
        context = {
            **reckoned,
            "terms": TERMS,
            "known_items": [
                (item, price_text(format(item.unit_price, "f"), item.currency))
                for item in items_billed_lately(actor=self.actor, business=self.business, limit=MOST_ITEMS_OFFERED)
            ],
            "lost_update": lost_update,
            "row_template": editor.template_row,
            "card": card_of(editor.client) if editor.client else None,
            "paper": paper_of(preview.invoice, lines=preview.lines) if preview else "",
        }
        if refused is not None:
            # After the reckoning, since a field with an error has lost its value.
            editor.put(refused)
        return self.page("invoicing/editor.html", context, status=status)

    def reckoned(self, editor: Editor) -> dict[str, Any]:
        """Return what an invoice adds up to and what stands in the way of issuing it, as far as it is written."""
        preview, refusals = self.preview_so_far(editor)
        hints = editor.hints(preview.stops if preview else refusals)
        form, columns = editor.form, editor.columns
        return {
            "editor": editor,
            "form": form,
            "invoice": editor.invoice,
            "preview": preview,
            "line_rows": rows_of(editor, preview, hints),
            "columns": columns,
            "tax_word": label("vat", (get_language() or "en")[:2], self.business.country),
            "taxes": taxes_of(preview) if preview and not {"tax", "category"}.isdisjoint(columns) else [],
            "minus_discount": -preview.invoice.discount_amount if preview else None,
            "more_open": any(hints.get(name) or name in form.errors for name in FOLDED),
            "hints": hints,
            "hint_list": [(place, hints.get(place, [])) for place in hint_places(editor)],
            "points": readiness(editor, preview, hints),
            "days": [(name, day_text(form.cleaned_data.get(name, ""))) for name in DAYS] if form.is_bound else [],
        }

    def preview_so_far(self, editor: Editor) -> tuple[Preview | None, dict[str, Any]]:
        """Return what an invoice would be, or why it would be none; of a new one without lines neither."""
        if not editor.form.is_bound:
            return self.stored_preview(editor), {}
        if not editor.filled:
            return None, {}
        try:
            return self.preview(editor, editor.given_so_far()), {}
        except InvalidInvoice as refused:
            return None, dict(refused.errors)

    def preview(self, editor: Editor, data: dict[str, Any]) -> Preview:
        """Ask the service what an invoice would be."""
        # A copy of its own: reckoning puts the values on the object.
        invoice = self.invoice_or_404(editor.invoice.pk) if editor.invoice else None
        return preview_invoice(actor=self.actor, business=self.business, data=data, at=timezone.now(), invoice=invoice)

    def stored_preview(self, editor: Editor) -> Preview | None:
        """Return what a stored draft adds up to; a new invoice has nothing yet."""
        return self.preview(editor, {}) if editor.invoice else None

    def editor_sent(self) -> Editor:
        """Return the editor with what a page sent, which names the draft in a field."""
        pk = self.request.POST.get("invoice", "")
        invoice = self.invoice_or_404(pk) if pk else None
        return Editor(business=self.business, invoice=invoice, data=self.request.POST)

    def save(self, editor: Editor, act: str) -> HttpResponse:
        """Save what was typed and do what the button says, or show everything again with what is wrong."""
        if editor.rearrange(act):
            return self.editor_page(editor)
        try:
            return self.once(lambda: self.carry_out(editor, act), otherwise=reverse("invoicing:invoice_list"))
        except LostUpdate:
            return self.lost_update(editor)
        except (Immutable, ImpossibleMove) as refused:
            messages.warning(self.request, str(refused.detail))
            return redirect(detail_url(editor.invoice) if editor.invoice else "invoicing:invoice_list")
        except AppError as refused:
            if not refused.errors:
                raise
            return self.editor_page(editor, status=UNPROCESSABLE, refused=refused)

    def lost_update(self, editor: Editor) -> HttpResponse:
        """Show what was typed, say that somebody else saved something, and let the person decide."""
        assert editor.invoice is not None
        now = self.invoice_or_404(editor.invoice.pk)
        if not now.is_draft:
            messages.warning(self.request, str(Immutable.default))
            return redirect(detail_url(now))
        data = self.request.POST.copy()
        data["version"] = str(now.version)
        editor.form.data = data
        return self.editor_page(editor, status=409, lost_update=True)

    def carry_out(self, editor: Editor, act: str) -> str:
        """Save, and issue or send if that was asked. Return where to go."""
        invoice = self.store(editor)
        if act == "send":
            return reverse("invoicing:invoice_send", args=[invoice.pk])
        if act == "ask":
            return reverse("invoicing:invoice_issue", args=[invoice.pk])
        if act != "issue":
            messages.success(self.request, _("Draft saved."))
            return edit_url(invoice)
        try:
            issued = issue_invoice(invoice=invoice, actor=self.actor, at=timezone.now())
        except AppError as refused:
            # What was typed is kept; the page of the draft shows what is in the way.
            messages.warning(self.request, _("Saved as a draft. %(reason)s") % {"reason": refused.detail})
            return edit_url(invoice)
        messages.success(self.request, _("Issued as %(number)s.") % {"number": issued.number})
        return detail_url(issued)

    def store(self, editor: Editor, *, version: int | None = None) -> Invoice:
        """Let the service write the draft; ``version`` is the one that was read, where the page cannot say it."""
        if editor.invoice and version is None:
            version = editor.form.cleaned_data["version"]
        return save_draft(
            actor=self.actor,
            business=self.business,
            data=editor.given(),
            at=timezone.now(),
            invoice=editor.invoice,
            version=version,
        )

    def draft_begun(self, page_id: str) -> Invoice | None:
        """Return the draft that a page's form became while it was written, as long as it is one."""
        try:
            answer = stored(self.actor.key, draft_key(page_id), page_id, timezone.now())
        except InProgress:
            return None
        invoice = self.invoices().select_related("client", "parent").filter(pk=answer.body).first()
        if invoice is None or not invoice.is_draft:
            return None
        invoice.business = self.business
        return invoice

    def client_named(self, pk: str) -> Client | None:
        """Return one of the business's clients, if it is one."""
        return Client.objects.for_actor(self.actor).filter(business=self.business, pk=pk).first()


class InvoiceNew(EditorPage):
    """A new invoice."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the empty page, for the client that the address names."""
        client = self.client_named(request.GET.get("client", ""))
        return self.editor_page(Editor(business=self.business, client=client))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save it. What kept itself already, though the page has not heard of it, is the draft that is meant."""
        invoice, data = self.draft_begun(request.POST.get("once", "")), request.POST.copy()
        if invoice is not None:
            data["version"] = str(invoice.version)
        return self.save(Editor(business=self.business, invoice=invoice, data=data), data.get("act", "save"))


class InvoiceEdit(EditorPage):
    """Changes to a draft; of an issued document, to what may still change."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show what is stored."""
        invoice = self.invoice_or_404(pk)
        if not invoice.is_draft:
            return self.page("invoicing/amend.html", {"invoice": invoice, "form": AmendForm.of(invoice)})
        return self.editor_page(Editor(business=self.business, invoice=invoice))

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Save it."""
        invoice = self.invoice_or_404(pk)
        if not invoice.is_draft and not any(ROW_KEY.fullmatch(name) for name in request.POST):
            return self.amend(invoice)
        editor = Editor(business=self.business, invoice=invoice, data=request.POST)
        return self.save(editor, request.POST.get("act", "save"))

    def amend(self, invoice: Invoice) -> HttpResponse:
        """Change what may still change of an issued document."""
        form = AmendForm(self.request.POST)
        form.is_valid()
        try:
            edit_invoice(
                actor=self.actor,
                invoice=invoice,
                data=form.given(),
                at=timezone.now(),
                version=form.cleaned_data["version"],
            )
        except (InvalidInvoice, Immutable, LostUpdate) as refused:
            put_errors(form, refused)
            context = {"invoice": invoice, "form": form}
            return self.page("invoicing/amend.html", context, status=UNPROCESSABLE)
        messages.success(self.request, _("Saved."))
        return redirect(detail_url(invoice))


class InvoicePreview(EditorPage):
    """What an invoice adds up to while it is written: parts of the page, to be put in their places."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Reckon what was typed so far."""
        return render(request, "invoicing/editor_parts.html", self.reckoned(self.editor_sent()))


def draft_key(page_id: str) -> str:
    """Return the key under which a page's form becomes a draft once."""
    return f"draft:{page_id}"


def hint_places(editor: Editor) -> list[str]:
    """Return where on the page hints are shown; notes have a reason in place of a type."""
    is_note = editor.invoice is not None and editor.invoice.is_note
    return [place for place in HINT_PLACES if place != ("type" if is_note else "reason")]


def rows_of(editor: Editor, preview: Preview | None, hints: dict[str, list[str]]) -> list[tuple[Any, ...]]:
    """Return the rows, each with its amount as priced (None where there is none), its hints and further fields."""
    lines, columns = preview.lines if preview else [], editor.columns
    amounts = {row.index: line.subtotal - line.discount_amount for row, line in zip(editor.filled, lines, strict=False)}
    return [
        (row, amounts.get(row.index), hints.get(f"items-{row.index}", []), fields_of(row, columns))
        for row in editor.rows
    ]


def taxes_of(preview: Preview) -> list[dict[str, Any]]:
    """Return the tax by rate or, where there is none, by category."""
    return [
        {
            "rate": Decimal(group["rate"]) if group["category"] == TaxCategory.STANDARD else None,
            "label": TaxCategory(group["category"]).label,
            "tax_amount": Decimal(group["tax_amount"]),
        }
        for group in preview.invoice.tax_breakdown
    ]
