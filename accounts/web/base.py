"""What pages of signed-in people begin with: who asks, for which business, in which language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import View
from django.views.generic.base import ContextMixin
from django.views.generic.edit import FormMixin

from accounts.choices import Channel, Permission
from accounts.errors import AppError, Conflict, LostUpdate
from accounts.models import Business, User
from accounts.queries import actor_for
from accounts.templatetags.ui import regional_language
from accounts.tenancy import Actor, require
from accounts.web.forms import put_errors

SESSION_BUSINESS = "business_id"


@dataclass(frozen=True, slots=True)
class Desk:
    """A signed-in person with the businesses they belong to and the one they are working in, if any."""

    actor: Actor
    businesses: list[Business]
    business: Business | None

    def may(self, permission: str) -> bool:
        """Return whether the person may do this in the current business."""
        return self.business is not None and self.actor.may(self.business.pk, permission)


def desk_of(request: HttpRequest) -> Desk:
    """Return the desk of a signed-in person, read in two queries once a request."""
    found: Desk | None = getattr(request, "_desk", None)
    if found is None:
        assert isinstance(request.user, User)
        ip = request.META.get("REMOTE_ADDR") or None
        actor = actor_for(request.user, channel=Channel.BROWSER, ip=ip)
        by_id = {business.pk: business for business in Business.objects.for_actor(actor).select_related("plan")}
        chosen = str(request.session.get(SESSION_BUSINESS, ""))
        current = by_id.get(chosen) or by_id.get(actor.default_business_id or "")
        # In the order of joining, which is the actor's.
        found = Desk(actor, [by_id[pk] for pk in actor.roles if pk in by_id], current)
        request._desk = found  # type: ignore[attr-defined]  # kept for the request
    return found


def to_login(request: HttpRequest) -> HttpResponse:
    """Send a visitor to the log-in and back; a part of a page sends the whole page there.

    A form that was sent comes back to the page on which it stood: its own address may take nothing but forms.
    """
    if request.headers.get("HX-Request") == "true":
        here = path_of(request, request.headers.get("HX-Current-URL", ""))
        return HttpResponse(
            status=204, headers={"HX-Redirect": f"{reverse('account_login')}?{urlencode({'next': here})}"}
        )
    if request.method == "POST":
        return redirect_to_login(path_of(request, request.headers.get("Referer", "")))
    return redirect_to_login(request.get_full_path())


def path_of(request: HttpRequest, address: str) -> str:
    """Return path and query of an address of ours, else of the request."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return request.get_full_path()
    parts = urlsplit(address)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


class DashboardMixin(ContextMixin, View):
    """A page of the dashboard: ``self.actor`` and ``self.business`` are there, and ``permission`` holds in it.

    Visitors are sent to the log-in, people without a business to where they make one.
    """

    permission: ClassVar[str] = Permission.READ
    nav_active: ClassVar[str] = ""

    actor: Actor
    business: Business

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Settle who asks and for which business, then answer."""
        if not request.user.is_authenticated:
            return to_login(request)
        desk = desk_of(request)
        if desk.business is None:
            return redirect("accounts:business_new")
        self.actor, self.business = desk.actor, desk.business
        require(self.actor, self.business, self.permission)
        language = translation.get_language() or ""
        translation.activate(regional_language(language[:2], self.business.country))
        response = super().dispatch(request, *args, **kwargs)
        # What a business owes and is owed is nobody's to find with the back button after log-out.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the shell marks as current."""
        return super().get_context_data(**kwargs) | {"nav_active": self.nav_active}


class ServiceFormMixin(FormMixin[forms.Form]):
    """A form whose ``save`` calls a service; what the service refuses shows at the fields it names."""

    request: HttpRequest

    def save(self, form: forms.Form) -> HttpResponse | None:
        """Call the service. Return an answer, or None to go to ``get_success_url()``."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Save, or show what was refused."""
        try:
            return self.save(form) or redirect(self.get_success_url())
        except AppError as refused:
            if not refused.errors and not isinstance(refused, Conflict | LostUpdate):
                raise
            put_errors(form, refused, self.error_names(form))
            return self.form_invalid(form)

    def error_names(self, form: forms.Form) -> Mapping[str, str]:
        """Return the form's fields by the names that errors give, where they differ."""
        return {}

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """Show the form again, with 422 (RFC 9110, 15.5.21), so that parts of pages are swapped in too."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response
