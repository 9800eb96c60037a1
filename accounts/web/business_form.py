"""The forms of a business, one a page of the settings: each shows and changes some of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

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
from accounts.schema import ADDRESS_LENGTHS, COUNTRIES, CURRENCIES, TIME_ZONES, country_name
from accounts.search import normalise
from accounts.web.tax_fields import TaxIdsMixin, vat_hint

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
AUTOCOMPLETE = {
    "street": "address-line1",
    "line2": "address-line2",
    "city": "address-level2",
    "region": "address-level1",
    "postal_code": "postal-code",
}
ADDRESSES = ("address", "address_ar")


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
    names = ((code, country_name(code, language)) for code in COUNTRIES)
    return [("", "—"), *sorted(names, key=lambda each: normalise(each[1]))]


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


class BusinessPartForm(forms.Form):
    """Some fields of a business. ``data_for_service()`` returns what was typed as ``update_business`` takes it."""

    use_required_attribute = False
    plain: ClassVar[tuple[str, ...]] = ()  # fields whose name is the service's own, and whose value is a text

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, files: Any = None, *, business: Business, editable: bool = True,
        prefix: str | None = None,
    ) -> None:  # fmt: skip
        self.business = business
        super().__init__(data, files, prefix=prefix, initial=self.values_of(business))
        self.prepare()
        for field in self.fields.values():
            field.disabled = not editable

    def prepare(self) -> None:
        """Add what depends on the business."""

    def values_of(self, business: Business) -> dict[str, Any]:
        """Return what stands in the fields at first."""
        return {name: getattr(business, name) for name in (*self.plain, "version")}

    def data_for_service(self) -> dict[str, Any]:
        """Return what was typed."""
        return {name: self.cleaned_data[name] for name in self.plain}

    def error_names(self) -> Mapping[str, str]:
        """Return the fields by the names of the service's errors, where they differ."""
        return {}


class BusinessForm(TaxIdsMixin, BusinessPartForm):
    """Who the business is: names, contact, addresses and numbers."""

    plain = ("name", "legal_name", "legal_name_ar", "country", "vat_number", "cr_number", "phone", "email", "website")

    name = text(_("Name"), optional=False, autocomplete="organization", dir="auto")
    legal_name = text(_("Legal name, as registered"), dir="auto", autocomplete="off")
    legal_name_ar = text(_("Legal name in Arabic"), dir="rtl", lang="ar", autocomplete="off")
    country = forms.ChoiceField(
        label=_("Country"), required=False, choices=lambda: countries_in(page_language()),
        widget=LongSelect(attrs={"autocomplete": "country"}),
    )  # fmt: skip
    vat_number = text(_("VAT number"), dir="ltr", autocomplete="off")
    cr_number = text(_("Commercial registration"), dir="ltr", autocomplete="off")
    phone = text(_("Phone"), dir="ltr", type="tel", autocomplete="tel")
    email = text(_("Email for clients"), dir="ltr", inputmode="email", autocomplete="email")
    website = text(_("Website"), dir="ltr", inputmode="url", placeholder="https://", autocomplete="url")

    def prepare(self) -> None:
        """Add the addresses and the country's numbers."""
        self.tax_country = str(self["country"].value() or "")
        self.fields["vat_number"].help_text = vat_hint(self.tax_country)
        self.add_addresses()
        self.add_tax_ids(self.business.tax_ids)

    def values_of(self, business: Business) -> dict[str, Any]:
        """Return what stands in the fields at first."""
        values = super().values_of(business)
        for address in ADDRESSES:
            values |= {f"{address}_{part}": value for part, value in getattr(business, address).items()}
        return values

    def add_addresses(self) -> None:
        """Add a field for each part of the two addresses."""
        for address, direction in zip(ADDRESSES, ("auto", "rtl"), strict=True):
            for part, label in ADDRESS_LABELS.items():
                area = 3 if part == "text" else 0
                completed = AUTOCOMPLETE.get(part, "off") if address == "address" else "off"
                field = text(label, area=area, dir=direction, autocomplete=completed)
                self.fields[f"{address}_{part}"] = field

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
    def shows_arabic(self) -> bool:
        """Whether the address in Arabic lies open: where there is one, or the country wants it beside another."""
        wanted = self.tax_country == "SA" and self.business.language != Language.ARABIC
        return wanted or any(field.value() or field.errors for field in self.address_ar_fields)

    def data_for_service(self) -> dict[str, Any]:
        """Return what was typed."""
        addresses = {address: self.address(address) for address in ADDRESSES}
        return super().data_for_service() | addresses | {"tax_ids": self.tax_ids()}

    def address(self, name: str) -> dict[str, str]:
        """Return an address in the business's country, or nothing where no part was typed."""
        parts = {part: self.cleaned_data[f"{name}_{part}"] for part in ADDRESS_LABELS}
        if not any(parts.values()):
            return {}
        kept = {part: value for part, value in getattr(self.business, name).items() if part in ADDRESS_LENGTHS}
        return kept | parts | {"country": self.cleaned_data["country"]}

    def error_names(self) -> Mapping[str, str]:
        """Return the fields by the names of the service's errors."""
        return self.tax_error_names()


class DefaultsForm(BusinessPartForm):
    """What a new invoice begins with."""

    plain = ("currency", "language", "timezone", "payment_terms", "notes", "footer")

    currency = forms.ChoiceField(label=_("Currency"), choices=lambda: currencies_in(page_language()), widget=LongSelect)
    language = forms.ChoiceField(label=_("Language of invoices"), choices=Language.choices)
    timezone = forms.ChoiceField(label=_("Time zone"), widget=LongSelect)
    payment_terms = text(_("Payment terms"), dir="auto", autocomplete="off")
    notes = text(_("Notes on each invoice"), area=3)
    footer = text(_("Footer of each invoice"), area=2)

    def prepare(self) -> None:
        """Offer the time zones, and say what each field is for."""
        self.fields["timezone"].choices = zones(self.business.timezone)  # type: ignore[attr-defined]
        self.fields["timezone"].help_text = _("Decides on which day an invoice is issued, and from when it is late.")
        self.fields["payment_terms"].help_text = _("Such as Net 30, or Due on receipt.")
        self.fields["language"].help_text = _("Used for clients who have no language of their own.")


class PaymentForm(BusinessPartForm):
    """How clients pay."""

    plain = ("bank_details", "payment_link", "slug")

    bank_details = text(_("Bank details"), area=4)
    payment_link = text(
        _("Payment link of your own"), dir="ltr", inputmode="url", placeholder="https://", autocomplete="off"
    )
    slug = text(_("Short name in addresses"), optional=False, dir="ltr", autocomplete="off", spellcheck="false")

    def prepare(self) -> None:
        """Say what each field is for."""
        self.fields["bank_details"].help_text = _("Printed under “How to pay”. Name the bank and give the IBAN or RIB.")
        leads = _("On the public page the Pay button leads there, where card payments are not set up.")
        self.fields["payment_link"].help_text = leads
        self.fields["slug"].help_text = _("Small letters, digits and hyphens.")
