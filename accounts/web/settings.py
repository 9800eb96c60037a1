"""The settings: the business, its members, the person, security, plan and usage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from accounts.choices import Language, Permission
from accounts.models import User
from accounts.quotas import QuotaUsage, usage
from accounts.services import businesses, users
from accounts.services.bank import wrong_ibans
from accounts.web.base import DashboardMixin, ServiceFormMixin
from accounts.web.business_form import BusinessForm, BusinessPartForm, DefaultsForm, PaymentForm
from accounts.web.tax_fields import rearranged

SECTIONS: tuple[tuple[str, Promise], ...] = (
    ("accounts:settings_profile", gettext_lazy("Profile")),
    ("accounts:settings_security", gettext_lazy("Security")),
    ("accounts:settings_businesses", gettext_lazy("Your businesses")),
    ("accounts:settings_business", gettext_lazy("Business")),
    ("accounts:settings_members", gettext_lazy("Members")),
    ("invoicing:settings_look", gettext_lazy("Look of the invoice")),
    ("accounts:settings_defaults", gettext_lazy("New invoices")),
    ("accounts:settings_numbering", gettext_lazy("Numbering")),
    ("accounts:settings_taxes", gettext_lazy("Taxes")),
    ("accounts:settings_payment", gettext_lazy("Getting paid")),
    ("payments:settings_cards", gettext_lazy("Card payments")),
    ("accounts:settings_api_keys", gettext_lazy("API keys")),
    ("payments:settings_inbox", gettext_lazy("Webhook inbox")),
    ("accounts:settings_usage", gettext_lazy("Plan and usage")),
)
OF_THE_PERSON = 3  # how many of them concern the person, and not the business
WORDS: Mapping[str, Promise] = {
    "accounts:settings_profile": gettext_lazy("Your name, user name, language, light or dark"),
    "accounts:settings_security": gettext_lazy("Password, second factor, where you are signed in"),
    "accounts:settings_businesses": gettext_lazy("Switch, open another, put one away"),
    "accounts:settings_business": gettext_lazy("Name, address, tax numbers"),
    "accounts:settings_members": gettext_lazy("Who belongs to it, and who is invited"),
    "invoicing:settings_look": gettext_lazy("Logo, layout, colour, paper"),
    "accounts:settings_defaults": gettext_lazy("Currency, language, terms, notes"),
    "accounts:settings_numbering": gettext_lazy("What the next numbers look like"),
    "accounts:settings_taxes": gettext_lazy("The usual rate, and what follows from it"),
    "accounts:settings_payment": gettext_lazy("Bank details and links"),
    "payments:settings_cards": gettext_lazy("Stripe, and what clients may do"),
    "payments:settings_inbox": gettext_lazy("What other programs send you"),
    "accounts:settings_api_keys": gettext_lazy("For programs that work with your invoices"),
    "accounts:settings_usage": gettext_lazy("What is used, and what is left"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A page among the settings."""

    url: str
    label: str
    words: str
    current: bool


class SettingsMixin(DashboardMixin):
    """A page of the settings."""

    nav_active = "settings"
    section: ClassVar[str] = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the pages of the settings, this one marked, and whether the person manages the business."""
        sections = [
            Section(reverse(name), str(label), str(WORDS[name]), name == self.section) for name, label in SECTIONS
        ]
        return super().get_context_data(**kwargs) | {
            "sections": sections,
            "own_sections": sections[:OF_THE_PERSON],
            "business_sections": sections[OF_THE_PERSON:],
            "editable": self.editable,
        }

    @property
    def editable(self) -> bool:
        """Whether this person may change the business."""
        return self.actor.may(self.business.pk, Permission.MANAGE)


class SettingsIndex(SettingsMixin, TemplateView):
    """All pages of the settings, as a list."""

    template_name = "accounts/settings_index.html"


class BusinessPartSettings(SettingsMixin, ServiceFormMixin, FormView[BusinessPartForm]):
    """Some fields of the business. Who may not change it sees them all the same."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the business."""
        given = {name: value for name, value in super().get_form_kwargs().items() if name != "initial"}
        return given | {"business": self.business, "editable": self.editable}

    def get_success_url(self) -> str:
        """Return to the page."""
        return reverse(self.section)

    def save(self, form: forms.Form) -> None:
        """Change the business."""
        assert isinstance(form, BusinessPartForm)
        businesses.update_business(
            actor=self.actor, business=self.business, data=form.data_for_service(), at=timezone.now(),
            version=form.cleaned_data["version"],
        )  # fmt: skip
        messages.success(self.request, _("Saved."))

    def error_names(self, form: forms.Form) -> Mapping[str, str]:
        """Return the form's fields by the names of the service's errors."""
        assert isinstance(form, BusinessPartForm)
        return form.error_names()


class BusinessSettings(BusinessPartSettings):
    """Who the business is. The numbers that are asked for are those of its country."""

    section = "accounts:settings_business"
    template_name = "accounts/settings_business.html"
    form_class = BusinessForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or show the numbers of another country with what is typed so far."""
        if request.POST.get("act") != "country":
            return super().post(request, *args, **kwargs)
        data = rearranged(request.POST, request.POST.get("country", ""))
        form = BusinessForm(data, business=self.business, editable=self.editable)
        if request.headers.get("HX-Request") == "true":
            return render(request, "accounts/tax_numbers.html", {"form": form, "optional": True})
        return self.render_to_response(self.get_context_data(form=form))


class DefaultsSettings(BusinessPartSettings):
    """What new invoices begin with."""

    section = "accounts:settings_defaults"
    template_name = "accounts/settings_defaults.html"
    form_class = DefaultsForm


class PaymentSettings(BusinessPartSettings):
    """How clients pay."""

    section = "accounts:settings_payment"
    template_name = "accounts/settings_payment.html"
    form_class = PaymentForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the IBANs that are perhaps mistyped."""
        context = super().get_context_data(**kwargs)
        return context | {"wrong_ibans": wrong_ibans(str(context["form"]["bank_details"].value() or ""))}


NEARLY = 80  # percent of a quota


@dataclass(frozen=True, slots=True)
class Meter:
    """How far a quota is used. ``percent`` is 0 to 100, None without bound; ``renews_on`` is the business's own day."""

    metric: str
    used: int
    limit: int | None
    percent: int | None
    renews_on: date

    @property
    def is_full(self) -> bool:
        """Whether nothing is left."""
        return self.limit is not None and self.used >= self.limit

    @property
    def is_nearly_full(self) -> bool:
        """Whether little is left."""
        return self.percent is not None and self.percent >= NEARLY and not self.is_full

    @property
    def tone(self) -> str:
        """How its bar is drawn."""
        return "full" if self.is_full else "near" if self.is_nearly_full else ""


def meter_of(each: QuotaUsage, zone: ZoneInfo) -> Meter:
    """Return how far a quota is used."""
    percent = None if each.limit is None else min(100, each.used * 100 // max(each.limit, 1))
    if each.limit == 0:
        percent = 100
    return Meter(each.metric, each.used, each.limit, percent, each.renews_at.astimezone(zone).date())


class Usage(SettingsMixin, TemplateView):
    """What the plan allows and what is used."""

    section = "accounts:settings_usage"
    template_name = "accounts/settings_usage.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the plan's counters."""
        zone = ZoneInfo(self.business.timezone)
        meters = [meter_of(each, zone) for each in usage(self.business, timezone.now())]
        return super().get_context_data(**kwargs) | {"usage": meters}


class ProfileForm(forms.Form):
    """What a person gives of themselves."""

    full_name = forms.CharField(
        label=gettext_lazy("Your name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    username = forms.CharField(
        label=gettext_lazy("User name"), widget=forms.TextInput(attrs={"autocomplete": "username", "dir": "ltr"})
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=Language.choices,
        help_text=gettext_lazy("Of these pages and of mails to you. Invoices have their own."),
    )


class Profile(SettingsMixin, ServiceFormMixin, FormView[ProfileForm]):
    """The person's name, user name and language."""

    section = "accounts:settings_profile"
    template_name = "accounts/settings_profile.html"
    form_class = ProfileForm
    success_url = reverse_lazy("accounts:settings_profile")

    def get_initial(self) -> dict[str, Any]:
        """Return what stands in the fields at first."""
        return {name: getattr(self.request.user, name) for name in ("full_name", "username", "language")}

    def save(self, form: forms.Form) -> None:
        """Change the user."""
        user = User.objects.get(pk=self.request.user.pk)
        users.update_user(actor=self.actor, user=user, data=form.cleaned_data, at=timezone.now())
        messages.success(self.request, _("Saved."))


class Security(SettingsMixin, TemplateView):
    """Where the person's log-in is settled: addresses, password, second factor, sessions."""

    section = "accounts:settings_security"
    template_name = "accounts/settings_security.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how each of them stands."""
        user = self.request.user
        assert isinstance(user, User)
        return super().get_context_data(**kwargs) | {
            "email": user.email,
            "verified": EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists(),
            "second_factor": is_mfa_enabled(user),
            "sessions": UserSession.objects.filter(user=user).count(),
        }
