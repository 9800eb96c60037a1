"""The settings' page of taxes: the usual rate, and what follows from the country."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Business
from accounts.schema import EU_COUNTRIES, currency_of
from accounts.services.beginnings import tax_rates_of
from accounts.templatetags.ui import percent
from accounts.web.business_form import BusinessPartForm, text
from accounts.web.settings import BusinessPartSettings

OTHER: Final = "other"
NOTHING: Final = "0"


def plain_rate(rate: Decimal) -> str:
    """Return a rate without zeros that say nothing: 20, 5.5."""
    return f"{rate.normalize():f}"


class TaxesForm(BusinessPartForm):
    """The rate that new lines begin with: one of the country's, none, or another."""

    rate = forms.CharField(label=_("Usual rate"), required=False, widget=forms.RadioSelect())
    tax_rate = text(_("Another rate, in percent"), dir="ltr", inputmode="decimal", autocomplete="off")

    def prepare(self) -> None:
        """Offer the rates of the country."""
        rates = tax_rates_of(self.business.country)
        offered = [(rate, percent(Decimal(rate))) for rate in rates]
        widget = self.fields["rate"].widget
        assert isinstance(widget, forms.RadioSelect)
        widget.choices = [*offered, (NOTHING, pgettext_lazy("tax", "None")), (OTHER, pgettext_lazy("tax", "Another"))]
        kept = plain_rate(self.business.tax_rate)
        self.initial.update({"rate": kept if kept in {*rates, NOTHING} else OTHER, "tax_rate": kept})

    def values_of(self, business: Business) -> dict[str, Any]:
        """Return what stands in the fields at first."""
        return {"version": business.version}

    def data_for_service(self) -> dict[str, Any]:
        """Return the rate that was chosen, or typed."""
        chosen = self.cleaned_data["rate"]
        typed = self.cleaned_data["tax_rate"].replace(",", ".").strip(" %")
        return {"tax_rate": typed if chosen in {OTHER, ""} else chosen}


def not_yet(country: str) -> Promise | str:
    """Say which electronic invoicing of a country this application does not do yet."""
    if country == "SA":
        return _("Clearance and stamps of ZATCA (phase 2). The QR code of phase 1 is printed on each tax invoice.")
    if country == "FR":
        return _("Factur-X and the approved platforms.")
    if country == "DE":
        return _("XRechnung and ZUGFeRD.")
    if country in EU_COUNTRIES or country in {"GB", "NO", "CH", "AE", "SG", "AU", "NZ"}:
        return _("Sending over the Peppol network.")
    return ""


class Taxes(BusinessPartSettings):
    """The usual rate, and how tax is reckoned and stated."""

    section = "accounts:settings_taxes"
    template_name = "accounts/settings_taxes.html"
    form_class = TaxesForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what follows from the country."""
        country = self.business.country
        states_own = country == "SA" or country in EU_COUNTRIES
        return super().get_context_data(**kwargs) | {
            "registered": bool(self.business.vat_number or self.business.tax_id("ICE")),
            "tax_currency": currency_of(country) if states_own else "",
            "not_yet": not_yet(country),
        }
