"""The form of a client. It parses and shows; what is right or wrong the service decides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from babel import Locale
from django import forms
from django.forms import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language
from accounts.errors import AppError
from accounts.models import Business
from accounts.schema import ADDRESS_LENGTHS, COUNTRIES, CURRENCIES
from accounts.search import normalise
from accounts.web.forms import put_errors
from accounts.web.tax_fields import TaxIdsMixin, vat_hint
from clients.choices import ClientType
from clients.models import Client

PLAIN_FIELDS = (
    *("type", "name", "name_ar", "contact_name", "email", "phone", "vat_number", "cr_number", "vat_registered"),
    *("latitude", "longitude", "currency", "language", "send_mail", "notes"),
)


@lru_cache(maxsize=8)
def country_choices(language: str) -> list[tuple[str, str]]:
    """Return the countries by their names in a language, in its order."""
    names = Locale.parse(language, sep="-").territories
    choices = [(code, str(names.get(code, code))) for code in COUNTRIES]
    return [("", "–"), *sorted(choices, key=lambda choice: normalise(choice[1]))]


@lru_cache(maxsize=8)
def currency_choices(language: str) -> list[tuple[str, str]]:
    """Return the currencies by code, with their names in a language."""
    names = Locale.parse(language, sep="-").currencies
    return [(code, f"{code} – {names.get(code, code)}") for code in sorted(CURRENCIES)]


def code_input(**attrs: Any) -> forms.TextInput:
    """Return an input for codes and figures, which run from left to right in every language."""
    return forms.TextInput(attrs={"dir": "ltr", **attrs})


def user_text() -> forms.TextInput:
    """Return an input whose direction follows what is typed."""
    return forms.TextInput(attrs={"dir": "auto"})


class ClientForm(TaxIdsMixin, forms.Form):
    """All that is kept of a client, in groups."""

    use_required_attribute = False

    type = forms.CharField(label=_("Type"), required=False, widget=forms.RadioSelect(choices=ClientType.choices))
    name = forms.CharField(label=_("Name"), required=False, widget=user_text())
    name_ar = forms.CharField(
        label=_("Name in Arabic"), required=False, widget=forms.TextInput(attrs={"dir": "rtl", "lang": "ar"})
    )
    contact_name = forms.CharField(label=_("Contact person"), required=False, widget=user_text())
    categories = forms.CharField(
        label=_("Categories"),
        required=False,
        widget=user_text(),
        help_text=_("Your own words for sorting, with commas between them."),
    )
    email = forms.CharField(label=_("Email"), required=False, widget=forms.EmailInput())
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
        help_text=_("A number without + is read in the client's country, else in yours."),
    )
    vat_registered = forms.BooleanField(label=_("Registered for VAT"), required=False)
    vat_number = forms.CharField(label=_("VAT number"), required=False, widget=code_input())
    cr_number = forms.CharField(label=_("Commercial registration"), required=False, widget=code_input())
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())
    latitude = forms.CharField(label=_("Latitude"), required=False, widget=code_input(inputmode="decimal"))
    longitude = forms.CharField(label=_("Longitude"), required=False, widget=code_input(inputmode="decimal"))
    language = forms.CharField(label=_("Language"), required=False, widget=forms.Select())
    currency = forms.CharField(label=_("Currency"), required=False, widget=forms.Select())
    send_mail = forms.BooleanField(
        label=_("Mail receipts and reminders"),
        required=False,
        help_text=_("Without it nothing goes out by itself. What you send yourself still goes."),
    )
    notes = forms.CharField(
        label=_("Notes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("For you alone."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, business: Business, client: Client | None = None
    ) -> None:
        kept = client or Client(business=business)
        super().__init__(data, initial=initial_of(kept))
        self.business = business
        self.add_address_fields()
        self.tax_country = str(self["address_country"].value() or business.country)
        self.fields["vat_number"].help_text = vat_hint(self.tax_country)
        self.add_tax_ids(kept.tax_ids)
        self.fill_choices()
        for field in self.fields.values():
            # The browser would offer the user's own name and address for somebody else's.
            field.widget.attrs.setdefault("autocomplete", "off")

    def add_address_fields(self) -> None:
        """Add a field for each part of the address."""
        for part, label in ADDRESS_LABELS.items():
            widget = ADDRESS_WIDGETS.get(part, user_text)()
            self.fields[f"address_{part}"] = forms.CharField(label=label, required=False, widget=widget)

    def fill_choices(self) -> None:
        """Fill the lists to choose from, in the reader's language."""
        language = get_language() or "en"
        own = dict(Language.choices).get(self.business.language, "")
        self.choose("address_country", country_choices(language))
        self.choose("currency", [("", _("As usual: %s") % self.business.currency), *currency_choices(language)])
        self.choose("language", [("", _("As usual: %s") % own), *Language.choices])

    def choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Give a select its choices."""
        widget = self.fields[name].widget
        assert isinstance(widget, forms.Select)
        widget.choices = choices

    # Groups, for the template

    def group(self, *names: str) -> list[BoundField]:
        """Return fields to be shown together."""
        return [self[name] for name in names]

    @property
    def address(self) -> list[BoundField]:
        """The fields of the address."""
        return self.group(*(f"address_{part}" for part in ADDRESS_LABELS))

    # To and from the service

    def values(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        written = self.cleaned_data
        return {
            **{name: written[name] for name in PLAIN_FIELDS},
            "categories": [word for word in re.split("[,،]", written["categories"]) if word.strip()],
            "address": {part: written[f"address_{part}"] for part in ADDRESS_LABELS},
            "tax_ids": self.tax_ids(),
        }

    def refuse(self, error: AppError) -> None:
        """Show what the service refused beside the fields it concerns."""
        put_errors(self, error, {"address": "address_street"} | self.tax_error_names())


ADDRESS_LABELS = {
    "country": _("Country"),
    "street": _("Street"),
    "building_number": _("Building number"),
    "line2": _("Floor, flat, post box"),
    "district": _("District"),
    "postal_code": _("Postal code"),
    "city": _("City"),
    "region": _("Region"),
    "text": _("Or as one text"),
}
ADDRESS_WIDGETS: dict[str, Any] = {
    "country": forms.Select,
    "text": lambda: forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    "building_number": code_input,
    "postal_code": code_input,
}
assert ADDRESS_LABELS.keys() == ADDRESS_LENGTHS.keys()


def initial_of(client: Client) -> dict[str, Any]:
    """Return what the form shows of a client."""
    initial = {name: getattr(client, name) for name in PLAIN_FIELDS}
    initial |= {f"address_{part}": value for part, value in client.address.items()}
    return initial | {"categories": ", ".join(client.categories), "version": client.version}
