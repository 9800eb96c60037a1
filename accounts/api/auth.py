"""Signing up, in and out by the API, and what an API key opens."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView, idempotent, version_of
from accounts.api.media import FormParser, JSONParser
from accounts.api.serializers import (
    KeyTextSerializer,
    LoginSerializer,
    RefreshSerializer,
    RegisterSerializer,
    TokensSerializer,
    UserSerializer,
    ValidKeySerializer,
)
from accounts.authentication import client_ip, find_key
from accounts.queries import actor_for, profile
from accounts.ratelimits import address_key, enforce
from accounts.services import tokens, users

USER = {
    "id": "usr_4fQ7mZx2LrT9aKd03WbN",
    "email": "studio@example.com",
    "username": "studio",
    "full_name": "Studio Atlas",
    "company_name": "Studio Atlas",
    "phone": "+212522000000",
    "address": "12 Rue des Orangers, Casablanca",
    "language": "en",
    "payment_link": "",
    "is_active": True,
    "is_verified": False,
    "businesses": [{"id": "biz_8sK1pQw5VnC6yHt2RzJe", "name": "Studio Atlas", "role": "owner", "is_default": True}],
}
TOKENS = {
    "access_token": "eyJhbGciOiJIUzI1NiIs…",
    "refresh_token": "eyJhbGciOiJIUzI1NiIs…",
    "token_type": "bearer",
    "expires_in": 1800,
}


def sent(value: Any, **options: Any) -> OpenApiExample:
    """Return an example of a request."""
    return OpenApiExample("Request", value=value, request_only=True, **options)


def answered(value: Any, status: int = 200) -> OpenApiExample:
    """Return an example of an answer."""
    return OpenApiExample("Answer", value=value, response_only=True, status_codes=[str(status)])


class OpenView(ApiView):
    """A view for whoever is not signed in yet; what else a request brings along is not looked at."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class RegisterView(OpenView):
    """Makes a user with a first business."""

    @extend_schema(
        operation_id="register",
        summary="Sign up",
        tags=["Credentials"],
        request=RegisterSerializer,
        responses={201: UserSerializer},
        examples=[
            sent(
                {
                    "email": "studio@example.com",
                    "username": "studio",
                    "password": "seven quiet lamps",
                    "full_name": "Studio Atlas",
                    "phone": "+212522000000",
                }
            ),
            answered(USER, 201),
        ],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Sign up. The address is verified by a mail; everything works before that, within the limits."""
        values = self.parse_body(RegisterSerializer)
        enforce("register", address_key(client_ip(request)))
        user = users.register(**({"email": "", "password": ""} | values), at=timezone.now())
        data = profile(user, actor_for(user))
        return Response(data, status=201, headers={"ETag": f'"{user.pk}-{version_of(data)}"'})


class LoginView(OpenView):
    """Gives tokens for a password."""

    parser_classes = (JSONParser, FormParser)

    @extend_schema(
        operation_id="login",
        summary="Sign in",
        tags=["Credentials"],
        request={"application/json": LoginSerializer, "application/x-www-form-urlencoded": LoginSerializer},
        responses={200: TokensSerializer},
        examples=[sent({"username": "studio", "password": "seven quiet lamps"}), answered(TOKENS)],
    )
    def post(self, request: Request) -> Response:
        """Sign in. With a second factor on, `otp` is needed: 401 `mfa_required`. Only failures are counted."""
        values = self.parse_body(LoginSerializer, partial=False)
        pair = tokens.sign_in(
            login=values["username"],
            password=values["password"],
            otp=values.get("otp", ""),
            ip=client_ip(request),
            at=timezone.now(),
        )
        return Response(asdict(pair))


class RefreshView(OpenView):
    """Gives the next tokens."""

    @extend_schema(
        operation_id="refresh",
        summary="Refresh the tokens",
        tags=["Credentials"],
        request=RefreshSerializer,
        responses={200: TokensSerializer},
        examples=[sent({"refresh_token": "eyJhbGciOiJIUzI1NiIs…"}), answered(TOKENS)],
    )
    def post(self, request: Request) -> Response:
        """Trade a refresh token for the next pair. One that comes back a second time ends its whole login."""
        values = self.parse_body(RefreshSerializer, partial=False)
        return Response(asdict(tokens.rotate(refresh_token=values["refresh_token"], at=timezone.now())))


class LogoutView(ApiView):
    """Ends all tokens."""

    for_persons = True

    @extend_schema(operation_id="logout", summary="Sign out", tags=["Credentials"], request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Sign out: every access and refresh token of the user ends."""
        self.body(None)
        tokens.revoke_all(user=self.user, at=timezone.now())
        return Response(status=204)


class ValidateKeyView(OpenView):
    """Tells what an API key opens."""

    @extend_schema(
        operation_id="validate_api_key",
        summary="Check an API key",
        tags=["Credentials"],
        request=KeyTextSerializer,
        responses={200: ValidKeySerializer},
        examples=[
            sent({"api_key": "pk_4fQ7mZx2LrT9aKd03WbN8s:sk_…"}),
            answered(
                {
                    "id": "key_2hT5vBq9XwE4uMn7GcLs",
                    "name": "Shop",
                    "business": {"id": "biz_8sK1pQw5VnC6yHt2RzJe", "name": "Studio Atlas"},
                    "scopes": ["read", "write"],
                    "expires_at": None,
                }
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        """Check an API key: its business and scopes, or 401."""
        key = find_key(self.parse_body(KeyTextSerializer, partial=False)["api_key"], timezone.now())
        business = {"id": key.business.pk, "name": key.business.name}
        return Response(
            {
                "id": key.pk,
                "name": key.name,
                "business": business,
                "scopes": key.scopes,
                "expires_at": key.expires_at,
            }
        )
