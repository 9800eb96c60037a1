"""Who asks: an API key, an access token or a browser's session, in this order."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import authentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from accounts import prepared
from accounts.choices import Channel
from accounts.errors import AccountInactive, WrongCredentials
from accounts.models import ApiKey, TokenFamily, User
from accounts.queries import actor_for, actor_for_key, is_text
from accounts.services.api_keys import PUBLIC_PREFIX, hash_secret, split_key
from accounts.tenancy import Actor

USED_EVERY = timedelta(minutes=1)
INVALID_KEY = _("This API key is not valid.")
INVALID_TOKEN = _("This access token is not valid.")
STALE_FORM = _("This form is no longer valid. Load the page again, then repeat.")


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Stands where Django and REST framework look for a user, when a program asks with an API key."""

    pk: str
    is_active: bool = True
    is_authenticated: bool = True
    is_anonymous: bool = False
    is_staff: bool = False


def client_ip(request: Request | HttpRequest) -> str | None:
    """Return the caller's address, as the middleware settled it."""
    return request.META.get("REMOTE_ADDR") or None


def attach(request: Request, actor: Actor) -> None:
    """Leave the actor on the request, REST framework's and Django's."""
    request._request.actor = actor  # type: ignore[attr-defined]


def bearer(request: Request) -> str | None:
    """Return what follows ``Bearer`` in the Authorization header (RFC 6750, 2.1), or None."""
    scheme, _space, credential = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else None


def find_key(credential: str, at: datetime) -> ApiKey:
    """Return the key whose text this is. Raises ``WrongCredentials`` where it is wrong, revoked or expired."""
    public_part, secret = split_key(credential)
    keys = ApiKey.objects.select_related("business")
    key = keys.filter(public_part=public_part).first() if is_text(public_part) else None
    expected = key.secret_hash if key else hash_secret("")
    right = hmac.compare_digest(hash_secret(secret), expected)
    if key is None or not right or key.revoked_at or (key.expires_at and key.expires_at <= at):
        raise WrongCredentials(INVALID_KEY, code="invalid_api_key")
    if key.business.archived_at:
        raise WrongCredentials(INVALID_KEY, code="invalid_api_key")
    return key


def note_use(key: ApiKey, at: datetime) -> None:
    """Remember when a key was last used, at most once a minute."""
    long_ago = Q(last_used_at=None) | Q(last_used_at__lt=at - USED_EVERY)
    if key.last_used_at is None or key.last_used_at < at - USED_EVERY:
        ApiKey.objects.filter(long_ago, pk=key.pk).update(last_used_at=at)


class ApiKeyAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer pk_…:sk_…`` or ``X-Api-Key: pk_…:sk_…``."""

    def authenticate(self, request: Request) -> tuple[KeyHolder, ApiKey] | None:
        """Return who holds the key, or None where no key was sent."""
        credential = self.credential(request)
        if credential is None:
            return None
        now = timezone.now()
        key = find_key(credential, now)
        note_use(key, now)
        attach(request, actor_for_key(key, ip=client_ip(request)))
        return KeyHolder(key.pk), key

    def credential(self, request: Request) -> str | None:
        """Return the text of the key, from either header."""
        if "HTTP_X_API_KEY" in request.META:
            return str(request.META["HTTP_X_API_KEY"]).strip()
        sent = bearer(request)
        return sent if sent is not None and sent.startswith(PUBLIC_PREFIX) else None

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401 (RFC 6750, 3)."""
        return "Bearer"


@prepared.rows
def users_of_family(family_id: str, user_id: str) -> QuerySet[User]:
    """Return the user of a family of tokens that was not revoked: asked for by each request with a token."""
    family = TokenFamily.objects.filter(pk=family_id, user=OuterRef("pk"), revoked_at=None)
    return User.objects.filter(Exists(family), pk=user_id)


class JWTAuthentication(authentication.BaseAuthentication):
    """``Authorization: Bearer <access token>``."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        """Return the token's user, or None where no token was sent."""
        sent = bearer(request)
        if sent is None:
            return None
        try:
            token = AccessToken(sent)  # type: ignore[arg-type]  # the package means the text
        except TokenError as error:
            raise WrongCredentials(INVALID_TOKEN, code="invalid_token") from error
        user = self.user_of(token.payload)
        attach(request, actor_for(user, channel=Channel.API, ip=client_ip(request)))
        return user, token

    def user_of(self, claims: Mapping[str, Any]) -> User:
        """Return the user of a token that was neither revoked nor outlived. Raises ``WrongCredentials``."""
        names = (claims.get("fam"), claims.get("sub"))
        user = next(iter(users_of_family(*map(str, names))), None)
        if user is None or user.token_version != claims.get("ver"):
            raise WrongCredentials(INVALID_TOKEN, code="invalid_token")
        if not user.is_active:
            raise AccountInactive
        return user

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401."""
        return "Bearer"


class SessionAuthentication(authentication.SessionAuthentication):
    """A signed-in browser, with CSRF."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """Return the session's user, or None."""
        found: tuple[User, None] | None = super().authenticate(request)
        if found is not None:
            attach(request, actor_for(found[0], channel=Channel.BROWSER, ip=client_ip(request)))
        return found

    def enforce_csrf(self, request: Request) -> None:
        """Refuse a write without the token of our pages, by the word that the pages' own refusal has."""
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise PermissionDenied(STALE_FORM, code="csrf_failed") from error

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401."""
        return "Bearer"
