"""Billing a document on: lines, client and mark-up are chosen, and a draft is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Permission
from accounts.errors import AppError
from accounts.web.forms import put_errors
from clients.models import Client
from extraction.errors import NothingRead
from extraction.models import Billing, Document
from extraction.services.billing import (
    Billable,
    BillableLine,
    bill_document,
    billable_of,
    billed_places,
    shown_amount,
)
from extraction.web.base import DocumentPage

MOST_CLIENTS: Final = 500  # on offer in the list; others by their name


@dataclass(frozen=True, slots=True)
class Choice:
    """A line to tick."""

    line: BillableLine
    amount: Decimal
    ticked: bool
    billed: list[Billing]


class BillForm(forms.Form):
    """To whom, and with what mark-up. The service decides what is right."""

    client_id = forms.ChoiceField(label=gettext_lazy("Client"), required=False)
    client_name = forms.CharField(label=gettext_lazy("Or a new client’s name"), required=False)
    markup = forms.CharField(
        label=gettext_lazy("Mark-up"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=gettext_lazy("On each price, in per cent. Tax follows your own rate."),
    )

    def __init__(self, *args: Any, clients: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["client_id"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose a client")), *clients]

    def order(self) -> dict[str, Any]:
        """Return what was filled in, under the names of the service."""
        given = {name: self.cleaned_data.get(name, "") for name in ("client_id", "client_name", "markup")}
        if given["client_id"]:
            given["client_name"] = ""
        return {name: value for name, value in given.items() if value}


class DocumentBill(DocumentPage):
    """The page on which lines of a document are billed on."""

    permission = Permission.WRITE

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show the lines, those that were never billed ticked."""
        document = self.document_or_404(pk)
        form = BillForm(clients=self.clients())
        return self.form_page(document, form, None)

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Make the draft and open it, or show the form again with what is wrong."""
        document = self.document_or_404(pk)
        form = BillForm(request.POST, clients=self.clients())
        places = [int(each) for each in request.POST.getlist("line") if each.isascii() and each.isdigit()]
        if form.is_valid():
            data = {**form.order(), "lines": places}
            try:
                invoice = bill_document(document=document, actor=self.actor, data=data, at=timezone.now())
            except NothingRead:
                return self.form_page(document, form, places, status=409)
            except AppError as refused:
                if not refused.errors:
                    raise
                put_errors(form, refused)
            else:
                messages.success(request, _("The draft is made. Look it over, then issue it."))
                return redirect("invoicing:invoice_edit", invoice.pk)
        return self.form_page(document, form, places, status=422)

    def clients(self) -> list[tuple[str, str]]:
        """Return the clients on offer, by name."""
        rows = Client.objects.for_actor(self.actor).filter(business=self.business, archived_at=None).order_by("name")
        return list(rows.values_list("pk", "name")[:MOST_CLIENTS])

    def form_page(
        self, document: Document, form: BillForm, ticked: list[int] | None, status: int = 200
    ) -> HttpResponse:
        """Show the page; ``ticked`` None: all that were never billed."""
        billable = billable_or_none(document)
        context = {
            "document": document,
            "form": form,
            "billable": billable,
            "choices": choices_of(document, billable, ticked) if billable else [],
        }
        return self.page("extraction/document_bill.html", context, status=status)


def billable_or_none(document: Document) -> Billable | None:
    """Return what can be billed on; None where nothing was read."""
    try:
        return billable_of(document)
    except NothingRead:
        return None


def choices_of(document: Document, billable: Billable, ticked: list[int] | None) -> list[Choice]:
    """Return the lines to tick, each with the drafts on which it was billed before."""
    billed = billed_places(document)
    return [
        Choice(
            line,
            shown_amount(line, billable.currency),
            not line.reason and (line.place not in billed if ticked is None else line.place in ticked),
            billed.get(line.place, []),
        )
        for line in billable.lines
    ]
