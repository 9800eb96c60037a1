"""Writing an invoice: the page, what it adds up to while it is written, and its clients to choose from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Permission
from accounts.errors import AppError, LostUpdate
from accounts.web.forms import put_errors
from clients.models import Client
from clients.queries import find_clients
from invoicing.choices import TaxCategory
from invoicing.errors import Immutable, ImpossibleMove, InvalidInvoice
from invoicing.models import Invoice
from invoicing.services.drafts import edit_invoice, save_draft
from invoicing.services.issuing import Preview, issue_invoice, preview_invoice
from invoicing.web.base import UNPROCESSABLE, InvoicePage, detail_url, edit_url
from invoicing.web.editor_form import TERMS, Editor, LineForm
from invoicing.web.forms import AmendForm
from invoicing.web.paper import paper_of

SUGGESTIONS = 8
# Where on the page something may stand that is in the way of issuing
HINT_PLACES = (
    "client_id", "issue_date", "due_date", "exchange_rate", "type", "lines", "currency", "discount_rate", "reason",
    "invoice_number", "payment_terms", "reference", "supply_date", "notes", "footer", "language",
)  # fmt: skip


# Fields that are folded away unless something is wrong there
FOLDED = ("supply_date", "invoice_number", "type", "exchange_rate", "footer")


class EditorPage(InvoicePage):
    """What the pages on which an invoice is written share."""

    permission = Permission.WRITE

    def editor_page(
        self, editor: Editor, *, status: int = 200, refused: AppError | None = None, lost_update: bool = False
    ) -> HttpResponse:
        """Show the editor with what the invoice adds up to now, and what was refused at the fields it concerns."""
        context = {
            "editor": editor,
            "form": editor.form,
            "invoice": editor.invoice,
            "terms": TERMS,
            "lost_update": lost_update,
            **self.reckoned(editor),
        }
        if refused is not None:
            # After the reckoning, since a field with an error has lost its value.
            editor.put(refused)
        return self.page("invoicing/editor.html", context, status=status)

    def reckoned(self, editor: Editor) -> dict[str, Any]:
        """Return what an invoice adds up to and what stands in the way of issuing it, as far as it is written."""
        refusals: dict[str, list[Any]] = {}
        preview = None
        if not editor.form.is_bound:
            preview = self.stored_preview(editor)
        elif editor.filled:
            try:
                preview = self.preview(editor, editor.given_so_far())
            except InvalidInvoice as refused:
                refusals = refused.errors
        hints = editor.hints(preview.stops if preview else refusals)
        return {
            "preview": preview,
            "paper": paper_of(preview.invoice, lines=preview.lines) if preview else "",
            "line_rows": rows_of(editor, preview, hints),
            "taxes": taxes_of(preview) if preview else [],
            "minus_discount": -preview.invoice.discount_amount if preview else None,
            "more_open": any(hints.get(name) for name in FOLDED),
            "hints": hints,
            "hint_list": [(place, hints.get(place, [])) for place in hint_places(editor)],
            "ready": ready(editor, preview, hints),
        }

    def preview(self, editor: Editor, data: dict[str, Any]) -> Preview:
        """Ask the service what an invoice would be."""
        # A copy of its own: reckoning puts the values on the object.
        invoice = self.invoice_or_404(editor.invoice.pk) if editor.invoice else None
        return preview_invoice(actor=self.actor, business=self.business, data=data, at=timezone.now(), invoice=invoice)

    def stored_preview(self, editor: Editor) -> Preview | None:
        """Return what a stored draft adds up to; a new invoice has nothing yet."""
        return self.preview(editor, {}) if editor.invoice else None

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
        data = self.request.POST.copy()
        data["version"] = str(self.invoice_or_404(editor.invoice.pk).version)
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

    def store(self, editor: Editor) -> Invoice:
        """Let the service write the draft."""
        return save_draft(
            actor=self.actor,
            business=self.business,
            data=editor.given(),
            at=timezone.now(),
            invoice=editor.invoice,
            version=editor.form.cleaned_data["version"] if editor.invoice else None,
        )

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
        """Save it."""
        return self.save(Editor(business=self.business, data=request.POST), request.POST.get("act", "save"))


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
        if "items-0-name" not in request.POST and not invoice.is_draft:
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
        pk = request.POST.get("invoice", "")
        invoice = self.invoice_or_404(pk) if pk else None
        editor = Editor(business=self.business, invoice=invoice, data=request.POST)
        context = {"editor": editor, "form": editor.form, "invoice": invoice}
        return render(request, "invoicing/editor_parts.html", context | self.reckoned(editor))


class ClientChoices(EditorPage):
    """Clients that match what is typed, as entries of a list."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the first few."""
        term = request.GET.get("q", "")[:200]
        found = find_clients(actor=self.actor, term=term, business=self.business, limit=SUGGESTIONS)
        return render(request, "invoicing/client_choices.html", {"clients": found, "term": term})


def hint_places(editor: Editor) -> list[str]:
    """Return where on the page hints are shown; notes have a reason in place of a type."""
    is_note = editor.invoice is not None and editor.invoice.is_note
    return [place for place in HINT_PLACES if place != ("type" if is_note else "reason")]


def rows_of(
    editor: Editor, preview: Preview | None, hints: dict[str, list[str]]
) -> list[tuple[LineForm, Any, list[str]]]:
    """Return the rows, each with its amount as priced (None where there is none) and what is in the way."""
    lines = preview.lines if preview else []
    amounts = {row.index: line.subtotal - line.discount_amount for row, line in zip(editor.filled, lines, strict=False)}
    return [(row, amounts.get(row.index), hints.get(f"items-{row.index}", [])) for row in editor.rows]


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


def is_nobody(editor: Editor) -> bool:
    """Return whether nothing says yet who is billed."""
    form = editor.form
    return not any(form[name].value() for name in ("client_id", "client_name", "client_email"))


def ready(editor: Editor, preview: Preview | None, hints: dict[str, list[str]]) -> list[dict[str, Any]]:
    """Return what is still to be done before the invoice can be issued, each with where to do it."""
    tasks: list[dict[str, Any]] = []
    if is_nobody(editor):
        tasks.append({"text": _("Choose a client"), "url": "#id_client_id", "icon": "clients"})
    if preview is None and not hints:
        tasks.append({"text": _("Write at least one line"), "url": f"#{first_row_id(editor)}", "icon": "pencil"})
    for place, texts in hints.items():
        tasks += [{"text": text, **link_to(place, editor)} for text in texts]
    if preview is not None:
        tasks += [
            {"text": warning["detail"], "icon": "info", **link_to(warning["field"].partition(".")[0], editor)}
            for warning in preview.warnings
        ]
    return tasks


def first_row_id(editor: Editor) -> str:
    """Return the id of the first row's name."""
    return editor.rows[0]["name"].id_for_label if editor.rows else "add-line"


def link_to(place: str, editor: Editor) -> dict[str, str]:
    """Return where something can be mended."""
    if place == "business":
        return {"url": reverse("accounts:settings_business"), "action": _("Settings")}
    if place in {"client", "client_id"}:
        chosen = editor.form["client_id"].value()
        if chosen:
            return {"url": reverse("clients:client_edit", args=[chosen]), "action": _("Edit client")}
        return {"url": "#id_client_name"}
    return {"url": f"#id_{place}-name" if place.startswith("items-") else f"#id_{place}"}
