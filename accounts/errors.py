"""What can be refused, as named cases. ``config/errors.py`` gives each its HTTP status, for pages and API alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence: TypeAlias = str | Promise


class AppError(Exception):
    """A refusal that was foreseen: a sentence for people, a machine word, and the fields it concerns.

    ``errors`` names fields as the API does, such as ``items[0].quantity``. ``extra`` goes into the answer.
    """

    code: ClassVar[str] = "error"
    default: ClassVar[Sentence] = _("This could not be done.")

    def __init__(
        self,
        detail: Sentence = "",
        *,
        errors: Mapping[str, Sequence[Sentence]] | None = None,
        code: str | None = None,
        **extra: Any,
    ) -> None:
        self.detail = detail or self.default
        self.errors = {name: list(sentences) for name, sentences in (errors or {}).items()}
        self.machine_code = code or self.code
        self.extra = extra
        super().__init__(str(self.detail))


class AccountsError(AppError):
    """The root of what accounts refuses."""


class Invalid(AccountsError):
    """Some value is wrong; ``errors`` names the fields (400)."""

    code = "invalid"
    default = _("Some fields need your attention.")


class NotFound(AccountsError):
    """It is not there, or it is not yours (404)."""

    code = "not_found"
    default = _("Not found.")


class NotAllowed(AccountsError):
    """The role or the key's scopes do not allow it (403)."""

    code = "forbidden"
    default = _("Your role does not allow this.")


class AccountInactive(AccountsError):
    """The account was switched off by staff (403)."""

    code = "account_inactive"
    default = _("This account is not active.")


class RegistrationClosed(AccountsError):
    """Sign-up is closed on this installation (403)."""

    code = "registration_closed"
    default = _("Sign-up is closed on this installation.")


class QuotaExceeded(AccountsError):
    """The plan's quota is used up; ``extra`` says what is used and when it renews (403)."""

    code = "quota_exceeded"
    default = _("The plan's quota is used up.")


class WrongCredentials(AccountsError):
    """The name or the password is wrong, or a token is no longer good (401)."""

    code = "wrong_credentials"
    default = _("The user name or the password is wrong.")


class SecondFactorRequired(AccountsError):
    """The password is right, and a one-time code is needed too (401)."""

    code = "mfa_required"
    default = _("A one-time code is required.")


class Conflict(AccountsError):
    """It does not go with the current state (409)."""

    code = "conflict"


class BusinessArchived(Conflict):
    """The business was archived: what is in it is read, not changed (409)."""

    code = "business_archived"
    default = _("This business is archived: it can be read, not changed. Its owner can restore it.")


class InProgress(AccountsError):
    """The same request is being done right now (409)."""

    code = "in_progress"
    default = _("The same request is being carried out. Try again in a moment.")


class LostUpdate(AccountsError):
    """It was changed by somebody else since it was read (412)."""

    code = "lost_update"
    default = _("This was changed in the meantime. Read it again, then repeat your change.")


class RateLimited(AccountsError):
    """Too many requests; ``extra["retry_after"]`` is in seconds (429)."""

    code = "rate_limited"
    default = _("Too many requests. Wait a moment, then try again.")
