"""The businesses of a person: those there are, a further one, and putting one away and bringing it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View

from accounts.choices import Permission, Role
from accounts.errors import NotFound
from accounts.models import Business, User
from accounts.services import businesses
from accounts.services.beginnings import beginnings
from accounts.web.account_forms import country_field
from accounts.web.base import SESSION_BUSINESS, ServiceFormMixin, desk_of, to_login
from accounts.web.settings import SettingsMixin


def archived_of(user: User) -> QuerySet[Business]:
    """Return the businesses that a person owns and has put away."""
    owned = Business.objects.filter(memberships__user=user, memberships__role=Role.OWNER)
    return owned.exclude(archived_at=None).order_by("name", "pk")


class Businesses(SettingsMixin, TemplateView):
    """All businesses of the person."""

    section = "accounts:settings_businesses"
    template_name = "accounts/settings_businesses.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the businesses, and what may be done with each."""
        desk = desk_of(self.request)
        assert isinstance(self.request.user, User)
        mine = [
            (each, Role(desk.actor.roles[each.pk]).label, desk.actor.may(each.pk, Permission.OWN))
            for each in desk.businesses
        ]
        asked = self.request.GET.get("archive", "")
        return super().get_context_data(**kwargs) | {
            "mine": mine,
            "archived": archived_of(self.request.user),
            "asked": next((each for each, _role, owns in mine if owns and each.pk == asked), None),
        }


class ArchiveBusiness(View):
    """Puts a business away."""

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Do it, and say so; whoever was working in it goes on in another, if there is one.

        Raises ``NotFound`` for what is not the person's, ``NotAllowed`` below an owner.
        """
        if not request.user.is_authenticated:
            return to_login(request)
        desk = desk_of(request)
        business = next((each for each in desk.businesses if each.pk == pk), None)
        if business is None:
            raise NotFound
        businesses.archive_business(actor=desk.actor, business=business, at=timezone.now())
        undo = reverse("accounts:business_restore", args=[pk])
        messages.success(request, _("%(name)s is archived.") % {"name": business.name}, extra_tags=undo)
        return redirect("accounts:settings_businesses")


class RestoreBusiness(View):
    """Brings a business back."""

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Do it, and go on in it. Raises ``NotFound`` for what its owner did not put away."""
        if not isinstance(request.user, User):
            return to_login(request)
        business = businesses.restore_business(user=request.user, business_id=pk, at=timezone.now())
        request.session[SESSION_BUSINESS] = business.pk
        messages.success(request, _("%(name)s is back.") % {"name": business.name})
        return redirect("accounts:settings_businesses")


class NewBusinessForm(forms.Form):
    """What a business begins with."""

    name = forms.CharField(
        label=gettext_lazy("Name of the business"),
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    country = country_field()


class NewBusiness(ServiceFormMixin, FormView[NewBusinessForm]):
    """A further business, or the first one of a person who has none."""

    template_name = "accounts/business_new.html"
    form_class = NewBusinessForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask visitors to log in."""
        if not request.user.is_authenticated:
            return to_login(request)
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        """Go on with its details."""
        return reverse("accounts:settings_business")

    def save(self, form: forms.Form) -> None:
        """Open the business, and go on in it."""
        assert isinstance(self.request.user, User)
        language, country = self.request.user.language, form.cleaned_data["country"]
        data = {"language": language} | (beginnings(country, language) if country else {})
        data["name"] = form.cleaned_data["name"]
        business = businesses.create_business(actor=desk_of(self.request).actor, data=data, at=timezone.now())
        self.request.session[SESSION_BUSINESS] = business.pk

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the person put away, who may want it back instead."""
        assert isinstance(self.request.user, User)
        return super().get_context_data(**kwargs) | {"archived": archived_of(self.request.user)}
