"""The admin's site: sign-in goes through allauth, and in production staff have a second factor."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def second_factor_missing(request: HttpRequest) -> bool:
    """Return whether somebody of the staff has yet to set up the second factor that production asks for."""
    if settings.EMBEDDED or not request.user.is_authenticated:
        return False
    return not is_mfa_enabled(request.user, SECOND_FACTORS)


class AdminSite(admin.AdminSite):
    """Django's admin, without a login form of its own: that one knows nothing of second factors."""

    site_header = site_title = gettext_lazy("Administration")

    def has_permission(self, request: HttpRequest) -> bool:
        """Admit active staff, in production only with a second factor."""
        return super().has_permission(request) and not second_factor_missing(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send visitors to the one sign-in page, and staff without a second factor to where it is set up."""
        following = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index", current_app=self.name)
        if not request.user.is_authenticated:
            return redirect_to_login(following, reverse("account_login"))
        if super().has_permission(request) and second_factor_missing(request):
            messages.warning(request, _("The administration asks for a second factor: set one up first."))
            return redirect("mfa_index")
        if self.has_permission(request):
            return redirect("admin:index")
        messages.error(request, _("Your account has no access to the administration."))
        return redirect(settings.LOGIN_REDIRECT_URL)
