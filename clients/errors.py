"""What clients refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.errors import AppError


class ClientsError(AppError):
    """The root of what clients refuses."""


class InvalidClient(ClientsError):
    """Some field is wrong (400)."""

    code = "invalid"
    default = _("Some fields need your attention.")
