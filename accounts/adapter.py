"""What allauth does by our rules: mail as rows, passwords by our service, limits shared with the API."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from accounts.mail import queue_mail
from accounts.models import User
from accounts.ratelimits import check_login, note_failed_login, note_login
from accounts.schema import FieldError
from accounts.services import users

# allauth's mails by their prefix, and ours.
MAILS: Mapping[str, str] = MappingProxyType(
    {
        "account/email/email_confirmation": "verify_email",
        "account/email/email_confirmation_signup": "verify_email",
        "account/email/password_reset_key": "password_reset",
        "account/email/account_already_exists": "account_exists",
        "account/email/unknown_account": "account_unknown",
        "account/email/email_changed": "email_changed",
        "account/email/email_confirm": "email_verified",
        "account/email/email_deleted": "email_removed",
        "account/email/password_changed": "password_changed",
        "account/email/password_reset": "password_changed",
        "account/email/password_set": "password_changed",
        "mfa/email/totp_activated": "second_factor_on",
        "mfa/email/totp_deactivated": "second_factor_off",
        "mfa/email/recovery_codes_generated": "recovery_codes",
    }
)
# The names of their addresses in allauth's mails; ours say ``url``.
ADDRESSES = ("activate_url", "password_reset_url", "signup_url")
PASSED_ON = ("user", "username", "from_email", "to_email", "deleted_email", "ip", "user_agent", "timestamp")


def login_of(credentials: Mapping[str, Any]) -> str:
    """Return what somebody logs in as."""
    return str(credentials.get("email") or credentials.get("username") or "")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth brings no types
    """allauth's hooks."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return whether visitors may make an account."""
        return bool(settings.REGISTRATION == "open")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that the middleware settled on; a server behind a socket has none."""
        return request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104 -- stands for an unknown address, nothing binds

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail as a row."""
        values = {name: context[name] for name in PASSED_ON if name in context}
        values |= {"email": email, "url": next((context[name] for name in ADDRESSES if name in context), "")}
        queue_mail(template=MAILS[template_prefix], to=email, context=values, language=self.language_of(context))

    def language_of(self, context: Mapping[str, Any]) -> str:
        """Return the language of the mail's reader, as far as it is known."""
        user = context.get("user")
        return user.language if isinstance(user, User) else (get_language() or settings.LANGUAGE_CODE)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell somebody what was changed, in their language."""
        super().send_notification_mail(template_prefix, user, {"user": user} | (context or {}), email)

    def should_send_confirmation_mail(self, request: HttpRequest, email_address: EmailAddress, signup: bool) -> bool:
        """Send none at sign-up: the service that made the user has queued it."""
        return not signup

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the page that verifies an address, whatever host the request named."""
        return users.verification_url(emailconfirmation.key)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the page that sets a new password, whatever host the request named."""
        return users.reset_url(key.removeprefix(users.ID_PREFIX))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse a log-in where the account or the address failed too often. Raises ``RateLimited``."""
        check_login(login_of(credentials), self.get_client_ip(request))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a failed log-in. Raises ``RateLimited`` where it was one too many."""
        note_failed_login(login_of(credentials), self.get_client_ip(request))

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> Any:
        """Remember the address from which the owner was let in."""
        note_login((user.email, user.username), self.get_client_ip(request))
        return super().post_login(request, user, **options)

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Return a password that our service lets pass."""
        try:
            return users.clean_password(password, user or User())
        except FieldError as error:
            raise ValidationError([text for texts in error.errors.values() for text in texts]) from error

    def set_password(self, user: User, password: str) -> None:
        """Store a password by our rules: everything else that is signed in ends.

        Whoever set it by a mailed link is let in from this address, however often others fail elsewhere.
        """
        if self.request is not None:
            note_login((user.email, user.username), self.get_client_ip(self.request))
        session = getattr(self.request, "session", None)
        users.set_password(
            user=user, password=password, at=timezone.now(), keep_session=session.session_key if session else None
        )
