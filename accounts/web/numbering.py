"""The settings' page of numbers: a format and a first number for each kind of document, with what would come."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import Invalid
from accounts.services import businesses
from accounts.services.numbering import NumbersToCome, numbers_to_come
from accounts.web.business_form import BusinessPartForm
from accounts.web.forms import put_errors
from accounts.web.settings import BusinessPartSettings

KIND_LABELS = {
    "invoice": _("Invoices"),
    "credit_note": _("Credit notes"),
    "debit_note": _("Debit notes"),
}
TOKENS = (
    ("{YYYY}", _("the year; the count begins anew each year")),
    ("{YY}", _("the year in two digits")),
    ("{MM}", _("the month; the count begins anew each month")),
    ("{DD}", _("the day; the count begins anew each day")),
    ("{seq:04}", _("the count, at least four digits")),
    ("{seq}", _("the count without zeros before it")),
)
RESTARTS = {
    "year": _("Begins anew each year:"),
    "month": _("Begins anew each month:"),
    "day": _("Begins anew each day:"),
}


class NumberingForm(BusinessPartForm):
    """Format and next number of each kind of document."""

    def prepare(self) -> None:
        """Add the fields of each kind, as it is numbered now."""
        self.numbering = businesses.numbering(self.business, timezone.now())
        for each in self.numbering:
            label = KIND_LABELS.get(each.kind, each.kind)
            typed = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
            self.initial.update(
                {f"number_formats_{each.kind}": each.format, f"next_numbers_{each.kind}": each.next_number}
            )
            self.fields[f"number_formats_{each.kind}"] = forms.CharField(
                label=label, required=False, widget=forms.TextInput(attrs=typed)
            )
            self.fields[f"next_numbers_{each.kind}"] = forms.IntegerField(
                label=_("Next number"),
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}),
            )

    def data_for_service(self) -> dict[str, Any]:
        """Return what was changed; a number that came on meanwhile is no change."""
        cleaned = self.cleaned_data
        data: dict[str, Any] = {}
        for group in ("number_formats", "next_numbers"):
            names = {each.kind: f"{group}_{each.kind}" for each in self.numbering}
            changed = {
                kind: cleaned[name] for kind, name in names.items() if name in self.changed_data and cleaned.get(name)
            }
            data |= {group: changed} if changed else {}
        return data

    def kinds(self, coming: dict[str, NumbersToCome]) -> list[dict[str, Any]]:
        """Return for each kind its fields, and the numbers that would come, if they can be told."""
        return [
            {
                "kind": each.kind,
                "label": KIND_LABELS.get(each.kind, each.kind),
                "format": self[f"number_formats_{each.kind}"],
                "next": self[f"next_numbers_{each.kind}"],
                "coming": (numbers := coming.get(each.kind)),
                "restarts": RESTARTS.get(numbers.restarts, "") if numbers else "",
            }
            for each in self.numbering
        ]

    def wrong(self) -> list[BoundField]:
        """Return the fields that are wrong."""
        return [field for field in self.visible_fields() if field.errors]


class Numbering(BusinessPartSettings):
    """How documents are numbered. Asked by htmx it answers with the numbers that would come."""

    section = "accounts:settings_numbering"
    template_name = "accounts/settings_numbering.html"
    form_class = NumberingForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or show first what would come."""
        if request.POST.get("act") != "preview":
            return super().post(request, *args, **kwargs)
        form = NumberingForm(request.POST, business=self.business, editable=self.editable)
        context = {"form": form, "kinds": form.kinds(self.coming(form)), "is_part": True}
        if request.headers.get("HX-Request") == "true":
            return render(request, "accounts/numbers_to_come.html", context)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the numbers to come, and what a format may be made of."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return context | {"kinds": form.kinds(self.coming(form)), "tokens": TOKENS}

    def coming(self, form: NumberingForm) -> dict[str, NumbersToCome]:
        """Return the numbers to come by kind; what the service refuses shows at its field."""
        data: dict[str, Any] = {}
        if form.is_bound:
            if form.errors or not form.is_valid():
                return {}
            data = form.data_for_service()
        try:
            found = numbers_to_come(business=self.business, data=data, at=timezone.now())
        except Invalid as refused:
            put_errors(form, refused, form.error_names())
            return {}
        return {each.kind: each for each in found}
