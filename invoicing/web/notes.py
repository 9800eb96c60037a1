"""Credit and debit notes to an invoice: the pages that write them, line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.templatetags.ui import money_text
from invoicing.choices import InvoiceType
from invoicing.domain.fields import MAX_ITEMS
from invoicing.domain.notes import quantities_left
from invoicing.models import Invoice, Line, Refund
from invoicing.services.corrections import write_note
from invoicing.services.refund_notes import matching_quantities
from invoicing.web.acts import InvoiceAct
from invoicing.web.base import detail_url
from invoicing.web.forms import NumberField, OnceForm, day_field, number_text, text_field

DEBIT_ROWS = 3  # at first, and how many are added at a time
DEBIT_FIELDS = ("name", "quantity", "unit_price", "tax_rate")


@dataclass(frozen=True, slots=True)
class CreditRow:
    """A line of the invoice: what is left of it, and the field for what is credited; None where nothing is left."""

    line: Line
    left: Decimal
    field: BoundField | None


class NoteForm(OnceForm):
    """A note: why, and over what."""

    reason = text_field(gettext_lazy("Reason"), help_text=gettext_lazy("It is printed on the note."))

    def items(self) -> list[dict[str, Any]] | None:
        """Return the note's lines, by the API's names; None where the form named none at all."""
        raise NotImplementedError

    def error_names(self) -> dict[str, str]:
        """Return the form's fields by the names of the service's errors."""
        raise NotImplementedError

    def header(self) -> dict[str, Any]:
        """Return what is asked for beside the lines."""
        return {"reason": self.cleaned_data.get("reason", "")}


class CreditForm(NoteForm):
    """A credit note: of each line as much as is typed, at first all that is left."""

    def __init__(self, *args: Any, lines: Sequence[tuple[Line, Decimal]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = lines
        for line, left in lines:
            if left > 0:
                label = _("Quantity of %(name)s to credit") % {"name": line.name}
                self.fields[f"quantity_{line.pk}"] = NumberField(label=label, initial=number_text(left))

    def rows(self) -> list[CreditRow]:
        """Return the lines with their fields."""
        names = self.fields
        return [
            CreditRow(line, left, self[f"quantity_{line.pk}"] if f"quantity_{line.pk}" in names else None)
            for line, left in self.lines
        ]

    def chosen(self) -> list[tuple[str, str]]:
        """Return the lines of which something is credited, with what was typed."""
        typed = [(line.pk, self.cleaned_data.get(f"quantity_{line.pk}", "")) for line, _left in self.lines]
        return [(pk, quantity) for pk, quantity in typed if quantity.strip("0.")]

    def items(self) -> list[dict[str, Any]] | None:
        """Return what is credited; an empty field or a nought credits nothing."""
        if not any(f"quantity_{line.pk}" in self.data for line, _left in self.lines):
            return None
        return [{"parent_item_id": pk, "quantity": quantity} for pk, quantity in self.chosen()]

    def error_names(self) -> dict[str, str]:
        """Return the fields of the lines by their places among those credited."""
        return {f"items[{index}].quantity": f"quantity_{pk}" for index, (pk, _typed) in enumerate(self.chosen())}


class DebitForm(NoteForm):
    """A debit note: a further claim, with lines of its own."""

    due_date = day_field(gettext_lazy("Due date"))

    def __init__(self, *args: Any, default_rate: Decimal, **options: Any) -> None:
        super().__init__(*args, **options)
        self.default_rate = default_rate
        self.row_count = rows_in(self.data or self.initial)
        for row in range(self.row_count):
            self.fields[f"name_{row}"] = text_field(_("What for"))
            self.fields[f"quantity_{row}"] = NumberField(label=_("Quantity"), initial="1")
            self.fields[f"unit_price_{row}"] = NumberField(label=_("Unit price"))
            self.fields[f"tax_rate_{row}"] = NumberField(
                label=_("Tax"), percent=True, initial=number_text(default_rate)
            )

    def rows(self) -> list[dict[str, BoundField]]:
        """Return the fields of each line."""
        return [{name: self[f"{name}_{row}"] for name in DEBIT_FIELDS} for row in range(self.row_count)]

    def chosen(self) -> list[int]:
        """Return the rows in which something was written."""
        typed = self.cleaned_data
        return [row for row in range(self.row_count) if typed.get(f"name_{row}") or typed.get(f"unit_price_{row}")]

    def items(self) -> list[dict[str, Any]]:
        """Return the lines; what is left empty has its default."""
        rows = [{name: self.cleaned_data.get(f"{name}_{row}") for name in DEBIT_FIELDS} for row in self.chosen()]
        return [{name: value for name, value in row.items() if value or name in {"name", "unit_price"}} for row in rows]

    def error_names(self) -> dict[str, str]:
        """Return the fields of the lines by their places among those written."""
        return {
            f"items[{index}].{name}": f"{name}_{row}"
            for index, row in enumerate(self.chosen())
            for name in DEBIT_FIELDS
        }

    def header(self) -> dict[str, Any]:
        """Return reason and due date."""
        due_date = self.cleaned_data.get("due_date")
        return super().header() | ({"due_date": due_date} if due_date else {})


def rows_in(data: Mapping[str, Any]) -> int:
    """Return how many lines a form has: those that were sent, and some more where these are asked for."""
    sent = 0
    while f"name_{sent}" in data and sent < MAX_ITEMS:
        sent += 1
    return min(max(sent, DEBIT_ROWS) + (DEBIT_ROWS if "more" in data else 0), MAX_ITEMS)


class NotePage(InvoiceAct):
    """Write a note, and issue it or keep it as a draft."""

    template: ClassVar[str] = "invoicing/invoice_note.html"
    kind: ClassVar[InvoiceType]

    def error_names(self, form: OnceForm) -> Mapping[str, str]:
        """Return the fields of the lines by the service's names."""
        assert isinstance(form, NoteForm)
        return form.error_names()

    def carry_out(self, form: OnceForm) -> str:
        """Write it, and go to it."""
        assert isinstance(form, NoteForm)
        data = form.header() | {"issue": "draft" not in self.request.POST}
        items = form.items()
        if items is not None:
            data["items"] = items
        note = write_note(parent=self.invoice, kind=self.kind, actor=self.actor, at=timezone.now(), data=data)
        messages.success(self.request, self.done(note))
        return detail_url(note)

    def done(self, note: Invoice) -> str:
        """Say what was written."""
        if note.is_draft:
            return _("The note is kept as a draft.")
        if self.kind == InvoiceType.CREDIT_NOTE:
            return _("Credit note %(number)s was issued.") % {"number": note.number}
        return _("Debit note %(number)s was issued.") % {"number": note.number}


class CreditNote(NotePage):
    """Credit an invoice, in whole or in part."""

    kind = InvoiceType.CREDIT_NOTE
    offer = "credit"

    def lines(self) -> list[tuple[Line, Decimal]]:
        """Return the invoice's lines with what is left of each."""
        left = quantities_left(self.invoice)
        return [(line, left[line.pk]) for line in self.invoice.lines.all()]

    def empty_form(self) -> OnceForm:
        """Return the form over all that is left; after a refund over what went back, for its reason."""
        refund = Refund.objects.filter(payment__invoice=self.invoice, pk=self.request.GET.get("refund", "")).first()
        if refund is None:
            return CreditForm(lines=self.lines())
        parts = matching_quantities(self.invoice, refund.amount, actor=self.actor, at=timezone.now())
        typed = {f"quantity_{line.pk}": number_text(parts.get(line.pk, Decimal(0))) for line, _left in self.lines()}
        return CreditForm(lines=self.lines(), initial=typed | {"reason": refund.reason})

    def filled_form(self) -> OnceForm:
        """Return the form with what was sent."""
        return CreditForm(self.request.POST, lines=self.lines())

    def question(self) -> Mapping[str, Any]:
        """Say what it does, and what is left."""
        left = self.invoice.total - self.invoice.amount_credited
        return {
            "title": _("Issue a credit note"),
            "text": _("It lowers what the client owes. %(left)s of the invoice is left to credit.")
            % {"left": money_text(left, self.invoice.currency)},
            "action": _("Issue the credit note"),
            "busy": _("Issuing…"),
            "after": _("Once issued it cannot be changed."),
        }


class DebitNote(NotePage):
    """Claim something further on an invoice."""

    kind = InvoiceType.DEBIT_NOTE
    offer = "debit"

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        """Show the form with more lines where these are asked for, else write the note."""
        if "more" not in request.POST:
            return super().post(request, **kwargs)
        self.invoice = self.invoice_or_404(self.pk)
        return self.asked(DebitForm(initial=request.POST.dict(), default_rate=self.invoice.tax_rate))

    def empty_form(self) -> OnceForm:
        """Return the form with the invoice's tax rate."""
        return DebitForm(default_rate=self.invoice.tax_rate)

    def filled_form(self) -> OnceForm:
        """Return the form with what was sent."""
        return DebitForm(self.request.POST, default_rate=self.invoice.tax_rate)

    def question(self) -> Mapping[str, Any]:
        """Say what it does."""
        return {
            "title": _("Issue a debit note"),
            "text": _("A further claim on this invoice, with a number, an amount due and a page of its own."),
            "action": _("Issue the debit note"),
            "busy": _("Issuing…"),
            "after": _("Once issued it cannot be changed."),
        }
