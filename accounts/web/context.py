"""What every page's frame needs: read only when a template asks, in at most two queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.choices import Permission
from accounts.web.base import desk_of

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the theme and, for a signed-in person, the business, the businesses and what may be done."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    common = {
        "theme": theme if theme in THEMES else "system",
        "registration_open": settings.REGISTRATION == "open",
        "embedded": settings.EMBEDDED,
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return common

    def lazily(read: Callable[[], Any]) -> Any:
        return SimpleLazyObject(read)

    return common | {
        "reader": str(user.pk),  # so that a script puts back what this person typed, and no other
        "actor_name": str(user),
        "business": lazily(lambda: desk_of(request).business),
        "businesses": lazily(lambda: [(each.pk, each.name) for each in desk_of(request).businesses]),
        "can_write": lazily(lambda: desk_of(request).may(Permission.WRITE)),
        "can_manage": lazily(lambda: desk_of(request).may(Permission.MANAGE)),
    }
