"""The form of a business: every field that is printed, in the parts that people think of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import count
from typing import Any

from babel import Locale
from babel.numbers import get_currency_name
from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language
from accounts.models import Business
from accounts.schema import ADDRESS_LENGTHS, COUNTRIES, CURRENCIES, TAX_ID_TYPES, TIME_ZONES, country_name
from accounts.services.businesses import Numbering

LEAST_TAX_ROWS = 3
BLANK_TAX_ROWS = 2
ADDRESS_LABELS = {
    "building_number": _("Building number"),
    "street": _("Street"),
    "line2": _("Second line"),
    "district": _("District"),
    "city": _("City"),
    "region": _("Region"),
    "postal_code": _("Postal code"),
    "text": _("Or as a text"),
}
KIND_LABELS = {
    "invoice": _("Invoices"),
    "credit_note": _("Credit notes"),
    "debit_note": _("Debit notes"),
}
ADDRESSES = ("address", "address_ar")
# Fields whose name is the service's own, and whose value is a text.
PLAIN = (
    "name", "legal_name", "legal_name_ar", "country", "vat_number", "cr_number", "phone", "email", "website",
    "currency", "language", "timezone", "payment_terms", "notes", "footer", "bank_details", "payment_link",
    "slug",
)  # fmt: skip


def text(label: Any, *, optional: bool = True, area: int = 0, **attrs: str) -> forms.CharField:
    """Return a field for a text; the service decides about its value."""
    widget = forms.Textarea(attrs={"rows": str(area), "dir": "auto", **attrs}) if area else forms.TextInput(attrs=attrs)
    return forms.CharField(label=label, required=not optional, widget=widget)


class LongSelect(forms.Select):
    """A choice among hundreds, written at once: a template for each of them would take a tenth of a second."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """Return the element with its options."""
        chosen = str(value if value is not None else "")
        selected = {chosen: SafeString(" selected")}
        options = ((key, selected.get(str(key), ""), label) for key, label in self.choices)
        return format_html(
            "<select{}>{}</select>",
            flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})})),
            format_html_join("", '<option value="{}"{}>{}</option>', options),
        )


def page_language() -> str:
    """Return the language that names of countries and currencies are written in."""
    return (get_language() or "en")[:2]


@lru_cache
def countries_in(language: str) -> list[tuple[str, str]]:
    """Return the countries by name, after a blank."""
    return [("", "—"), *sorted(((code, country_name(code, language)) for code in COUNTRIES), key=lambda each: each[1])]


@lru_cache
def currencies_in(language: str) -> list[tuple[str, str]]:
    """Return the currencies by code, with their names."""
    locale = Locale.parse(language)
    return [(code, f"{code} · {get_currency_name(code, locale=locale)}") for code in sorted(CURRENCIES)]


@lru_cache
def zones(current: str) -> list[tuple[str, str]]:
    """Return the time zones of places, UTC, and the one in use."""
    places = {name for name in TIME_ZONES if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/"))}
    return [(name, name.replace("_", " ")) for name in sorted(places | {"UTC", current})]


class BusinessForm(forms.Form):
    """Reads what was typed; ``data_for_service()`` returns it as the service takes it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = text(_("Name"), optional=False, autocomplete="organization", dir="auto")
    legal_name = text(_("Legal name, as registered"), dir="auto")
    legal_name_ar = text(_("Legal name in Arabic"), dir="rtl", lang="ar")
    country = forms.ChoiceField(
        label=_("Country"), required=False, choices=lambda: countries_in(page_language()), widget=LongSelect
    )
    vat_number = text(_("VAT number"), dir="ltr")
    cr_number = text(_("Commercial registration"), dir="ltr")
    phone = text(_("Phone"), dir="ltr", type="tel", autocomplete="tel")
    email = text(_("Email for clients"), dir="ltr", inputmode="email", autocomplete="email")
    website = text(_("Website"), dir="ltr", inputmode="url", placeholder="https://")
    currency = forms.ChoiceField(label=_("Currency"), choices=lambda: currencies_in(page_language()), widget=LongSelect)
    language = forms.ChoiceField(label=_("Language of invoices"), choices=Language.choices)
    timezone = forms.ChoiceField(label=_("Time zone"), widget=LongSelect)
    tax_rate = text(_("Tax rate, in percent"), optional=False, dir="ltr", inputmode="decimal")
    payment_terms = text(_("Payment terms"), dir="auto")
    notes = text(_("Notes on each invoice"), area=3)
    footer = text(_("Footer of each invoice"), area=2)
    bank_details = text(_("Bank details"), area=4)
    payment_link = text(_("Payment link of your own"), dir="ltr", inputmode="url", placeholder="https://")
    slug = text(_("Short name in addresses"), optional=False, dir="ltr")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        business: Business,
        numbering: Iterable[Numbering],
        editable: bool = True,
        prefix: str | None = None,
    ) -> None:
        self.business = business
        self.numbering = list(numbering)
        super().__init__(data, files, prefix=prefix, initial=self.values_of(business))
        self.fields["timezone"].choices = zones(business.timezone)  # type: ignore[attr-defined]
        self.fields["payment_terms"].help_text = _("Such as Net 30, or Due on receipt.")
        self.fields["slug"].help_text = _("Small letters, digits and hyphens.")
        self.add_addresses()
        self.add_tax_ids()
        self.add_numbering()
        for field in self.fields.values():
            field.disabled = not editable

    def values_of(self, business: Business) -> dict[str, Any]:
        """Return what stands in the fields at first."""
        rate = f"{business.tax_rate.normalize():f}"
        values = {name: getattr(business, name) for name in PLAIN} | {"tax_rate": rate, "version": business.version}
        for address in ADDRESSES:
            values |= {f"{address}_{part}": value for part, value in getattr(business, address).items()}
        for row, entry in enumerate(business.tax_ids):
            values |= {f"tax_ids_{row}_type": entry["type"], f"tax_ids_{row}_value": entry["value"]}
        for each in self.numbering:
            values |= {f"number_formats_{each.kind}": each.format, f"next_numbers_{each.kind}": each.next_number}
        return values

    def add_addresses(self) -> None:
        """Add a field for each part of the two addresses."""
        for address, direction in zip(ADDRESSES, ("auto", "rtl"), strict=True):
            for part, label in ADDRESS_LABELS.items():
                area = 3 if part == "text" else 0
                self.fields[f"{address}_{part}"] = text(label, area=area, dir=direction)

    def add_tax_ids(self) -> None:
        """Add the rows of tax numbers: those there are, and some blank ones."""
        known = [entry["type"] for entry in self.business.tax_ids]
        choices = [("", "—"), *((kind, kind) for kind in dict.fromkeys([*TAX_ID_TYPES, *known]))]
        self.tax_rows = range(max(LEAST_TAX_ROWS, len(known) + BLANK_TAX_ROWS))
        for row in self.tax_rows:
            self.fields[f"tax_ids_{row}_type"] = forms.ChoiceField(label=_("Kind"), required=False, choices=choices)
            self.fields[f"tax_ids_{row}_value"] = text(_("Number"), dir="ltr")

    def add_numbering(self) -> None:
        """Add format and next number of each kind of document."""
        for each in self.numbering:
            label = KIND_LABELS.get(each.kind, each.kind)
            self.fields[f"number_formats_{each.kind}"] = text(label, dir="ltr")
            self.fields[f"next_numbers_{each.kind}"] = forms.IntegerField(
                label=_("Next number"),
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
            )

    def parts(self, address: str) -> list[forms.BoundField]:
        """Return the fields of an address."""
        return [self[f"{address}_{part}"] for part in ADDRESS_LABELS]

    @property
    def address_fields(self) -> list[forms.BoundField]:
        """The fields of the address."""
        return self.parts("address")

    @property
    def address_ar_fields(self) -> list[forms.BoundField]:
        """The fields of the address in Arabic."""
        return self.parts("address_ar")

    @property
    def tax_id_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Kind and number of each row."""
        return [(self[f"tax_ids_{row}_type"], self[f"tax_ids_{row}_value"]) for row in self.tax_rows]

    @property
    def numbering_fields(self) -> list[tuple[forms.BoundField, forms.BoundField, str]]:
        """Format, next number and the number that would be given today, for each kind."""
        return [
            (self[f"number_formats_{each.kind}"], self[f"next_numbers_{each.kind}"], each.example)
            for each in self.numbering
        ]

    def filled_tax_rows(self) -> list[int]:
        """Return the rows in which a number stands."""
        return [row for row in self.tax_rows if self.cleaned_data.get(f"tax_ids_{row}_value")]

    def data_for_service(self) -> dict[str, Any]:
        """Return what was typed, as ``update_business`` takes it; numbering only where it was changed."""
        cleaned = self.cleaned_data
        data = {name: cleaned[name] for name in PLAIN}
        data["tax_rate"] = cleaned["tax_rate"].replace(",", ".")
        data |= {address: self.address(address) for address in ADDRESSES}
        data["tax_ids"] = [
            {"type": cleaned[f"tax_ids_{row}_type"], "value": cleaned[f"tax_ids_{row}_value"]}
            for row in self.filled_tax_rows()
        ]
        for group in ("number_formats", "next_numbers"):
            changed = {each.kind: cleaned[f"{group}_{each.kind}"] for each in self.numbering
                       if f"{group}_{each.kind}" in self.changed_data and cleaned[f"{group}_{each.kind}"]}  # fmt: skip
            data |= {group: changed} if changed else {}
        return data

    def address(self, name: str) -> dict[str, str]:
        """Return an address in the business's country, or nothing where no part was typed."""
        parts = {part: self.cleaned_data[f"{name}_{part}"] for part in ADDRESS_LABELS}
        if not any(parts.values()):
            return {}
        kept = {part: value for part, value in getattr(self.business, name).items() if part in ADDRESS_LENGTHS}
        return kept | parts | {"country": self.cleaned_data["country"]}

    def error_names(self) -> Mapping[str, str]:
        """Return the fields by the names of the service's errors, where the place in a list is not the row's."""
        numbers = count()
        rows = {next(numbers): row for row in self.filled_tax_rows()}
        return {
            f"tax_ids[{index}].{part}": f"tax_ids_{row}_{part}"
            for index, row in rows.items()
            for part in ("type", "value")
        }
