"""allauth's forms where our rules differ: sign-up and reset go through the services, within the limits."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.internal.templatekit import get_entrance_context_data
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django import forms
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header

from accounts.choices import Language
from accounts.errors import Invalid
from accounts.models import User
from accounts.ratelimits import address_key, enforce
from accounts.schema import COUNTRIES, FieldError
from accounts.services import users
from accounts.web.business_form import LongSelect, countries_in
from accounts.web.forms import put_errors


def page_language() -> str:
    """Return the language of the page, as users have it."""
    language = (get_language() or Language.ENGLISH)[:2]
    return language if language in Language.values else str(Language.ENGLISH)


def likely_country(request: HttpRequest) -> str:
    """Return the country that the browser's languages name, such as MA of ``ar-MA``, or nothing.

    American English is what browsers speak everywhere, so that it tells nothing.
    """
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200]):
        region = tag.rpartition("-")[2].upper()
        if "-" in tag and region in COUNTRIES and tag.lower() != "en-us":
            return region
    return ""


def enforce_by_address(name: str) -> None:
    """Count one more under a limit for the address that asks. Raises ``RateLimited``."""
    enforce(name, address_key(context.request.META.get("REMOTE_ADDR")))


def country_field() -> forms.ChoiceField:
    """Return a field for the country of a new business, which settles what it begins with."""
    return forms.ChoiceField(
        label=_("Country"),
        required=False,
        choices=lambda: countries_in(page_language()),
        widget=LongSelect(attrs={"autocomplete": "country"}),
        help_text=_("Settles currency, tax rate and time zone. You can change each of them."),
    )


def tidy(form: forms.Form) -> None:
    """Take away placeholders that only repeat the label, say briefly what is missing, and let no browser correct."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        field.error_messages["required"] = _("This is needed.")
        if isinstance(field.widget, forms.TextInput) and not isinstance(field, forms.ChoiceField):
            field.widget.attrs |= {"spellcheck": "false"}


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]  # allauth brings no types
    """Log-in by address or user name."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        tidy(self)
        # Password managers look for the user name, whatever it is made of.
        self.fields["login"].widget.attrs |= {
            "autocomplete": "username", "autocapitalize": "none", "dir": "ltr", "autofocus": not self.is_bound,
        }  # fmt: skip
        self.fields["password"].widget.attrs |= {"dir": "ltr"}


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]  # allauth brings no types
    """Sign-up by email and password, with the name of the business; the user name is made of the address."""

    company_name = forms.CharField(
        label=_("Name of your business"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    country = country_field()
    full_name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    field_order = ["email", "password1", "company_name", "country", "full_name"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        tidy(self)
        self.fields["email"].widget.attrs |= {"autocomplete": "username", "dir": "ltr", "autofocus": not self.is_bound}
        self.fields["password1"].help_text = _("8 characters or more; no common word, nothing of your address.")
        self.fields["country"].initial = likely_country(context.request)

    def registration(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        names = ("email", "company_name", "country", "full_name")
        data = {name: self.cleaned_data.get(name, "") for name in names}
        return data | {"password": self.cleaned_data.get("password1", ""), "language": page_language()}

    def clean_email(self) -> str:
        """Leave the address to the service's rules."""
        return str(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        """Count the attempt, then ask the service what it would refuse beside what the form itself has found."""
        enforce_by_address("register")
        try:
            users.clean_registration(self.registration())
        except Invalid as refused:
            found = {"password" if name == "password1" else name for name in self.errors}
            if errors := {name: words for name, words in refused.errors.items() if name.split(".")[0] not in found}:
                self.put(Invalid(errors=errors))
        cleaned: dict[str, Any] = self.cleaned_data
        return cleaned

    def put(self, refused: Invalid) -> None:
        """Show a refusal at the fields it concerns."""
        put_errors(self, refused, names={"password": "password1"})

    def try_save(self, request: HttpRequest) -> tuple[User, None]:
        """Make the user. Somebody who took the address in the same moment is told of at the field."""
        try:
            return users.register(**self.registration(), at=timezone.now()), None
        except Invalid as refused:
            self.put(refused)
            page = {"form": self, **get_entrance_context_data(request)}
            raise ImmediateHttpResponse(render(request, "account/signup.html", page)) from refused


class ResetPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc]  # allauth brings no types
    """Asks for a new password; the answer never tells whether the address exists."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        tidy(self)
        self.fields["email"].widget.attrs |= {"dir": "ltr", "autofocus": not self.is_bound}

    def clean_email(self) -> str:
        """Count the attempt; everything else is the service's."""
        enforce_by_address("reset")
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Queue the mail."""
        email = str(self.cleaned_data["email"])
        users.request_password_reset(email=email, language=page_language())
        return email


class UserTokenForm(allauth_forms.UserTokenForm):  # type: ignore[misc]  # allauth brings no types
    """Reads a reset link. Its first part is the user's id without the prefix, for allauth's pattern has no ``_``."""

    def _get_user(self, uidb36: str | None) -> User | None:
        return User.objects.filter(pk=f"{users.ID_PREFIX}{uidb36}", is_active=True).first()


class AddEmailForm(allauth_forms.AddEmailForm):  # type: ignore[misc]  # allauth brings no types
    """Adds an address, unless it is somebody else's."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        tidy(self)
        self.fields["email"].widget.attrs |= {"dir": "ltr", "autocomplete": "off"}

    def clean_email(self) -> str:
        """Return the address in lower case."""
        email = str(super().clean_email())
        try:
            return users.clean_own_email(email, self.user)
        except FieldError as error:
            raise forms.ValidationError(str(error)) from error
