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
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from accounts import storage
from accounts.choices import Language, Permission
from accounts.errors import AppError
from accounts.models import Business, User
from accounts.quotas import QuotaUsage, usage
from accounts.services import businesses, users
from accounts.web.base import SESSION_BUSINESS, DashboardMixin, ServiceFormMixin, desk_of, to_login
from accounts.web.business_form import BusinessForm

SECTIONS: tuple[tuple[str, Promise], ...] = (
    ("accounts:settings_business", gettext_lazy("Business")),
    ("invoicing:settings_look", gettext_lazy("Look of the invoice")),
    ("accounts:settings_members", gettext_lazy("Members")),
    ("accounts:settings_api_keys", gettext_lazy("API keys")),
    ("accounts:settings_usage", gettext_lazy("Plan and usage")),
    ("accounts:settings_profile", gettext_lazy("You")),
    ("accounts:settings_security", gettext_lazy("Security")),
)
MOST_CHOSEN = 1000  # characters of what else is chosen while a logo is changed
LOGO_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": 'inline; filename="logo.png"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=3600",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A page among the settings."""

    url: str
    label: str
    current: bool


class SettingsMixin(DashboardMixin):
    """A page of the settings."""

    nav_active = "settings"
    section: ClassVar[str]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the pages of the settings, this one marked."""
        sections = [Section(reverse(name), str(label), name == self.section) for name, label in SECTIONS]
        return super().get_context_data(**kwargs) | {"sections": sections}


class BusinessSettings(SettingsMixin, ServiceFormMixin, FormView[BusinessForm]):
    """What the business prints, and how it numbers. Who may not change it sees it all the same."""

    section = "accounts:settings_business"
    template_name = "accounts/settings_business.html"
    form_class = BusinessForm
    success_url = reverse_lazy("accounts:settings_business")

    @property
    def editable(self) -> bool:
        """Whether this person may change the business."""
        return self.actor.may(self.business.pk, Permission.MANAGE)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the business and its numbering."""
        numbering = businesses.numbering(self.business, timezone.now())
        more = {"business": self.business, "numbering": numbering, "editable": self.editable}
        return {name: value for name, value in super().get_form_kwargs().items() if name != "initial"} | more

    def save(self, form: forms.Form) -> None:
        """Change the business."""
        assert isinstance(form, BusinessForm)
        businesses.update_business(
            actor=self.actor, business=self.business, data=form.data_for_service(), at=timezone.now(),
            version=form.cleaned_data["version"],
        )  # fmt: skip
        messages.success(self.request, _("Saved."))

    def error_names(self, form: forms.Form) -> Mapping[str, str]:
        """Return the form's fields by the names of the service's errors."""
        assert isinstance(form, BusinessForm)
        return form.error_names()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether the form can be sent."""
        return super().get_context_data(**kwargs) | {"editable": self.editable}


class Logo(DashboardMixin):
    """The logo of the current business: shown to its members, changed by who manages it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the picture."""
        return logo_response(self.business)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take a new picture, or remove the one there is."""
        try:
            self.change(request.FILES.get("logo"))
        except AppError as refused:
            if not refused.errors:
                raise
            messages.error(request, " ".join(str(text) for texts in refused.errors.values() for text in texts))
        # What is chosen beside the logo and not saved yet is still chosen after it.
        chosen = urlencode(QueryDict(request.POST.get("chosen", "")[:MOST_CHOSEN]).dict())
        return redirect(reverse("invoicing:settings_look") + (f"?{chosen}" if chosen else ""))

    def change(self, upload: Any) -> None:
        """Call the service for what was asked."""
        common: dict[str, Any] = {"actor": self.actor, "business": self.business, "at": timezone.now()}
        if "remove" in self.request.POST:
            businesses.remove_logo(**common)
        else:
            businesses.set_logo(upload=read_logo(upload), **common)
        messages.success(self.request, _("Saved."))


def read_logo(upload: Any) -> bytes:
    """Return an uploaded file's bytes, no more than just over what is allowed."""
    return bytes(upload.read(businesses.LOGO_BYTES + 1)) if isinstance(upload, UploadedFile) else b""


def logo_response(business: Business) -> HttpResponse:
    """Return a business's logo, which no browser takes for anything but a picture. Raises ``Http404`` without one."""
    if not business.logo_key:
        raise Http404
    try:
        content = storage.read(business.logo_key)
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(content, content_type="image/png", headers=LOGO_HEADERS)


class NewBusinessForm(forms.Form):
    """What a business begins with."""

    name = forms.CharField(
        label=gettext_lazy("Name of the business"), widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )


class NewBusiness(ServiceFormMixin, FormView[NewBusinessForm]):
    """A further business, or the first one of a person who has none."""

    template_name = "accounts/business_new.html"
    form_class = NewBusinessForm
    success_url = reverse_lazy("accounts:settings_business")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask visitors to log in."""
        if not request.user.is_authenticated:
            return to_login(request)
        return super().dispatch(request, *args, **kwargs)

    def save(self, form: forms.Form) -> None:
        """Open the business, and go on in it."""
        assert isinstance(self.request.user, User)
        data = {"name": form.cleaned_data["name"], "language": self.request.user.language}
        business = businesses.create_business(actor=desk_of(self.request).actor, data=data, at=timezone.now())
        self.request.session[SESSION_BUSINESS] = business.pk


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
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)


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
