"""The settings' page of API keys: made, shown once, revoked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from accounts.choices import Permission
from accounts.models import ApiKey
from accounts.services.api_keys import create_api_key, revoke_api_key
from accounts.tenancy import require
from accounts.web.base import ServiceFormMixin
from accounts.web.settings import SettingsMixin

SCOPES = {
    "write": gettext_lazy("Read and write"),
    "read": gettext_lazy("Only read"),
}
EXPIRIES = {
    "": gettext_lazy("Never"),
    "30": gettext_lazy("In 30 days"),
    "90": gettext_lazy("In 90 days"),
    "365": gettext_lazy("In a year"),
}


class NewKeyForm(forms.Form):
    """What a key is called, what it may do and how long."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        help_text=gettext_lazy("What uses the key, such as your shop or your accounting."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    scope = forms.ChoiceField(label=gettext_lazy("What it may do"), choices=list(SCOPES.items()))
    expires = forms.ChoiceField(label=gettext_lazy("Expires"), choices=list(EXPIRIES.items()), required=False)

    def given(self, at: datetime) -> dict[str, Any]:
        """Return what was chosen, as the service takes it."""
        days = self.cleaned_data["expires"]
        return {
            "name": self.cleaned_data["name"],
            "scopes": [self.cleaned_data["scope"]],
            "expires_at": at + timedelta(days=int(days)) if days else None,
        }


class ApiKeys(SettingsMixin, ServiceFormMixin, FormView[NewKeyForm]):
    """The business's keys, for those who manage it; a new one is shown in the answer that made it, and never again."""

    section = "accounts:settings_api_keys"
    template_name = "accounts/settings_api_keys.html"
    form_class = NewKeyForm
    success_url = reverse_lazy("accounts:settings_api_keys")

    @property
    def manages(self) -> bool:
        """Whether this person may see, make and revoke keys."""
        return self.actor.may(self.business.pk, Permission.MANAGE)

    def keys(self) -> QuerySet[ApiKey]:
        """Return the keys that are not revoked, newest first."""
        rows = ApiKey.objects.for_actor(self.actor).filter(business=self.business, revoked_at=None)
        return (rows if self.manages else rows.none()).order_by("-created_at", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the keys."""
        at, asked = timezone.now(), self.request.GET.get("revoke", "")[:40].replace("\0", "")
        keys = self.keys()
        return super().get_context_data(**kwargs) | {
            "keys": [(key, key.expires_at is not None and key.expires_at <= at) for key in keys],
            "asked": keys.filter(pk=asked).first() if asked else None,
            "manages": self.manages,
            "example_url": f"{settings.PUBLIC_URL}/api/v1/invoices",
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make a key, or revoke one."""
        require(self.actor, self.business, Permission.MANAGE)
        if "revoke" not in request.POST:
            return super().post(request, *args, **kwargs)
        key = get_object_or_404(self.keys(), pk=request.POST["revoke"])
        revoke_api_key(actor=self.actor, key=key, at=timezone.now())
        messages.success(request, _("“%(name)s” is revoked.") % {"name": key.name})
        return redirect("accounts:settings_api_keys")

    def save(self, form: forms.Form) -> HttpResponse:
        """Make a key and show it."""
        assert isinstance(form, NewKeyForm)
        at = timezone.now()
        key, text = create_api_key(actor=self.actor, business=self.business, data=form.given(at), at=at)
        blank = self.form_class()
        return self.render_to_response(self.get_context_data(form=blank, new_key=key, new_text=text))
