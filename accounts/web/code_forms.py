"""allauth's forms that ask for a code: phones show digits for it, and offer the one they have."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr", "autofocus": True, "spellcheck": "false"}


def for_codes(form: forms.Form) -> None:
    """Make a form's field one for codes."""
    attrs = form.fields["code"].widget.attrs
    attrs.pop("placeholder", None)
    attrs |= CODE


class AuthenticateForm(base_forms.AuthenticateForm):  # type: ignore[misc]  # allauth brings no types
    """Asks for the second factor at log-in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for_codes(self)


class ReauthenticateForm(base_forms.ReauthenticateForm):  # type: ignore[misc]  # allauth brings no types
    """Asks for it again before something delicate."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for_codes(self)


class ActivateTOTPForm(totp_forms.ActivateTOTPForm):  # type: ignore[misc]  # allauth brings no types
    """Asks for a first code of the app."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for_codes(self)
