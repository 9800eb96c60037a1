"""Logins through the API: access tokens, and refresh tokens that rotate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from accounts.errors import AccountInactive, SecondFactorRequired, WrongCredentials
from accounts.models import TokenFamily, User
from accounts.ratelimits import check_login, note_failed_login, note_login

WRONG_CODE = _("This one-time code is wrong or was used before.")
INVALID_REFRESH = _("This refresh token is not valid.")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair of tokens; ``expires_in`` is the access token's life in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "bearer"  # noqa: S105 -- RFC 6750's word


def sign_in(*, login: str, password: str, otp: str = "", ip: str | None = None, at: datetime) -> Tokens:
    """Check a user name or address, its password and, where there is one, the second factor.

    Raises ``WrongCredentials``, ``SecondFactorRequired``, ``AccountInactive`` (only to whoever knows the password)
    and ``RateLimited`` after too many failures of the account or the address.
    """
    check_login(login, ip)
    user = find_user(login)
    try:
        check_password(user, password)
        assert user is not None  # else the password was wrong
        if not user.is_active:
            raise AccountInactive
        check_second_factor(user, otp)
    except WrongCredentials:
        note_failed_login(login, ip)
        raise
    note_login((user.email, user.username), ip)
    return start_family(user=user, at=at)


def find_user(login: str) -> User | None:
    """Return the user of an address or a user name, whatever its case. An address comes before a like user name."""
    wanted = Lower(Value(login.strip()))
    users = User.objects.alias(lower_email=Lower("email"), lower_name=Lower("username"))
    found = list(users.filter(Q(lower_email=wanted) | Q(lower_name=wanted)))
    return next((user for user in found if user.email.lower() == login.strip().lower()), next(iter(found), None))


def check_password(user: User | None, password: str) -> None:
    """Raise ``WrongCredentials`` for a wrong password, as slowly for a user who does not exist."""
    if user is None:
        make_password(password)
        raise WrongCredentials
    if not user.check_password(password):
        raise WrongCredentials


def check_second_factor(user: User, otp: str) -> None:
    """Check a one-time or a recovery code, where the user has a second factor; each is good once."""
    authenticators = {each.type: each for each in Authenticator.objects.filter(user=user)}
    if Authenticator.Type.TOTP not in authenticators:
        return
    if not otp.strip():
        raise SecondFactorRequired
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        authenticator = authenticators.get(kind)
        if authenticator is not None and authenticator.wrap().validate_code(otp.strip()):
            authenticator.record_usage()
            return
    raise WrongCredentials(WRONG_CODE)


@transaction.atomic
def start_family(*, user: User, at: datetime) -> Tokens:
    """Return the first tokens of a new login."""
    # The lock keeps a logout that runs at the same time from missing this login.
    current = User.objects.select_for_update().get(pk=user.pk)
    if current.password != user.password:
        raise WrongCredentials
    current.last_login = at
    current.save(update_fields=["last_login"])
    family = TokenFamily(user=current, expires_at=at)
    return issue(family, current, at)


def issue(family: TokenFamily, user: User, at: datetime) -> Tokens:
    """Return the next pair of a family, whose newest refresh token is then the only good one."""
    refresh = RefreshToken()
    refresh.set_iat(at_time=at)
    refresh.set_exp(from_time=at)
    claims = {"sub": user.pk, "ver": user.token_version, "fam": family.pk}
    for name, value in claims.items():
        refresh[name] = value
    access = refresh.access_token
    access.set_iat(at_time=at)
    access.set_exp(from_time=at)
    family.current_jti = refresh["jti"]
    family.expires_at = at + RefreshToken.lifetime
    family.save()
    return Tokens(str(access), str(refresh), int(AccessToken.lifetime.total_seconds()))


def rotate(*, refresh_token: str, at: datetime) -> Tokens:
    """Return new tokens for a refresh token, which is then used up.

    One that was used before ends its whole family: two hold it, and one of them stole it (RFC 9700, 4.14.2). Raises
    ``WrongCredentials``, and ``AccountInactive``.
    """
    claims = claims_of(refresh_token)
    with transaction.atomic():
        tokens = next_tokens(claims, at)
    if tokens is None:
        raise WrongCredentials(INVALID_REFRESH, code="invalid_token")
    return tokens


def claims_of(refresh_token: str) -> dict[str, Any]:
    """Return what a refresh token says. Raises ``WrongCredentials``."""
    try:
        return dict(RefreshToken(refresh_token).payload)  # type: ignore[arg-type]  # the package means the text
    except TokenError as error:
        raise WrongCredentials(INVALID_REFRESH, code="invalid_token") from error


def next_tokens(claims: dict[str, Any], at: datetime) -> Tokens | None:
    """Return the next pair in the caller's transaction; None where the token is no longer good."""
    families = TokenFamily.objects.select_for_update()
    user = User.objects.select_for_update().filter(pk=claims.get("sub")).first()
    family = families.filter(pk=claims.get("fam"), user=user, revoked_at=None).first() if user else None
    if user is None or family is None or user.token_version != claims.get("ver"):
        return None
    if family.current_jti != claims["jti"]:
        family.revoked_at = at
        family.save(update_fields=["revoked_at"])
        return None
    if not user.is_active:
        raise AccountInactive
    return issue(family, user, at)


@transaction.atomic
def revoke_all(*, user: User, at: datetime) -> None:
    """End every login of a user through the API: access and refresh tokens."""
    User.objects.filter(pk=user.pk).update(token_version=F("token_version") + 1)
    TokenFamily.objects.filter(user=user, revoked_at=None).update(revoked_at=at)
