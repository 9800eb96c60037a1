"""What a visitor chooses for themselves: language, light or dark, and the business they work in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.choices import Language
from accounts.errors import NotFound
from accounts.models import User
from accounts.services import users
from accounts.web.base import SESSION_BUSINESS, desk_of, to_login
from accounts.web.context import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600  # seconds


def safe_next(request: HttpRequest) -> str:
    """Return where to go back to: the address the form named if it is ours, else home."""
    following = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure()):
        return following
    return reverse("home")


def keep(response: HttpResponse, name: str, value: str) -> None:
    """Set a cookie of a choice for a year."""
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on, here and, for a signed-in person, everywhere."""
    response = redirect(safe_next(request))
    language = request.POST.get("language", "")
    if language in Language.values:
        keep(response, settings.LANGUAGE_COOKIE_NAME, language)
        if isinstance(request.user, User):
            actor = desk_of(request).actor
            users.update_user(actor=actor, user=request.user, data={"language": language}, at=timezone.now())
    return response


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Show pages light or dark, or as the system does."""
    response = redirect(safe_next(request))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        keep(response, THEME_COOKIE, theme)
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@require_POST
def switch_business(request: HttpRequest) -> HttpResponse:
    """Work in another business. Raises ``NotFound`` for one that is not the person's."""
    if not request.user.is_authenticated:
        return to_login(request)
    chosen = request.POST.get("business", "")
    if chosen not in desk_of(request).actor.roles:
        raise NotFound
    request.session[SESSION_BUSINESS] = chosen
    return redirect("home")
