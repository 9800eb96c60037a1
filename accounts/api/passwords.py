"""Verifying an address and changing a password by the API, as in the browser."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.auth import OpenView, answered, sent
from accounts.api.base import ApiView
from accounts.api.serializers import (
    MessageSerializer,
    PasswordChangeSerializer,
    PasswordConfirmSerializer,
    PasswordResetSerializer,
    VerifyEmailSerializer,
)
from accounts.authentication import client_ip
from accounts.choices import Language
from accounts.models import User
from accounts.ratelimits import address_key, enforce, note_login
from accounts.services import users


def message(sentence: str) -> Response:
    """Return an answer that is one sentence."""
    return Response({"message": sentence})


class VerifyEmailView(ApiView):
    """Verifies an address by the mailed key, or mails another one."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="verify_email",
        summary="Verify an address",
        tags=["Credentials"],
        request=VerifyEmailSerializer,
        responses={200: MessageSerializer},
        examples=[sent({"key": "MQ:1vLx…"}), answered({"message": "The email address is verified."})],
    )
    def post(self, request: Request) -> Response:
        """Verify an address. A signed-in user who sends no `key` gets another mail."""
        key = self.parse_body(VerifyEmailSerializer).get("key")
        if key is not None:
            users.verify_email(key=key)
            return message(_("The email address is verified."))
        if not isinstance(request.user, User):
            raise NotAuthenticated
        enforce("reset", request.user.pk)
        users.send_verification(user=request.user)
        return message(_("If the address is not verified yet, a mail is on its way."))


class PasswordResetView(OpenView):
    """Mails a link to a new password."""

    @extend_schema(
        operation_id="reset_password",
        summary="Ask for a new password",
        tags=["Credentials"],
        request=PasswordResetSerializer,
        responses={200: MessageSerializer},
        examples=[
            sent({"email": "studio@example.com"}),
            answered({"message": "If there is such an account, a mail is on its way."}),
        ],
    )
    def post(self, request: Request) -> Response:
        """Ask for a new password. The answer never tells whether the address has an account."""
        email = self.parse_body(PasswordResetSerializer).get("email", "")
        enforce("reset", address_key(client_ip(request)))
        language = get_language()
        users.request_password_reset(
            email=email, language=language if language in Language.values else Language.ENGLISH
        )
        return message(_("If there is such an account, a mail is on its way."))


class PasswordConfirmView(OpenView):
    """Sets a new password by the mailed key."""

    @extend_schema(
        operation_id="confirm_password",
        summary="Set a new password by the mailed key",
        tags=["Credentials"],
        request=PasswordConfirmSerializer,
        responses={200: MessageSerializer},
        examples=[
            sent({"key": "4fQ7mZx2LrT9aKd03WbN-c5x1…", "password": "eight quiet lamps"}),
            answered({"message": "The password is changed. Sign in with it."}),
        ],
    )
    def post(self, request: Request) -> Response:
        """Set a new password by the key from the mail; every token and session ends."""
        values = {"key": "", "password": ""} | self.parse_body(PasswordConfirmSerializer)
        user = users.confirm_password_reset(**values, at=timezone.now())
        note_login((user.email, user.username), client_ip(request))
        return message(_("The password is changed. Sign in with it."))


class PasswordChangeView(ApiView):
    """Changes a password by the current one."""

    for_persons = True

    @extend_schema(
        operation_id="change_password",
        summary="Change the password",
        tags=["Credentials"],
        request=PasswordChangeSerializer,
        responses={200: MessageSerializer},
        examples=[
            sent({"current_password": "seven quiet lamps", "new_password": "eight quiet lamps"}),
            answered({"message": "The password is changed. Sign in with it."}),
        ],
    )
    def post(self, request: Request) -> Response:
        """Change the password. Every token ends, this request's own too."""
        user = self.user
        enforce("login", f"password:{user.pk}")
        values = {"current_password": "", "new_password": ""} | self.parse_body(PasswordChangeSerializer)
        users.change_password(user=user, **values, at=timezone.now())
        return message(_("The password is changed. Sign in with it."))
