"""API keys: made, changed, revoked. The secret half is shown once and stored hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Permission
from accounts.errors import Invalid, LostUpdate, NotFound
from accounts.identifiers import new_token
from accounts.models import ApiKey, Business
from accounts.schema import Cleaner, FieldError, clean_text
from accounts.tenancy import ALL_SCOPES, Actor, require

PUBLIC_PREFIX = "pk_"
SECRET_PREFIX = "sk_"  # noqa: S105 -- a prefix, no secret
PUBLIC_LENGTH = 22
SECRET_LENGTH = 40  # 238 bits: a fast hash is enough, nobody guesses it


def hash_secret(secret: str) -> str:
    """Return how a secret is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def split_key(credential: str) -> tuple[str, str]:
    """Return the public and the secret part of ``pk_…:sk_…``."""
    public_part, _colon, secret = credential.partition(":")
    return public_part, secret


def clean_scopes(value: Any) -> list[str]:
    """Return scopes in their order, each once; whoever may write may read. Raises ``FieldError``."""
    if not isinstance(value, list | tuple) or not value or not all(isinstance(scope, str) for scope in value):
        raise FieldError(_("A list with read, write or both is needed here."))
    if not set(value) <= ALL_SCOPES:
        raise FieldError(_("Choose among: read, write."))
    return sorted({*value, Permission.READ.value})


def clean_expiry(value: Any, at: datetime) -> datetime | None:
    """Return when a key ends, None for never. Raises ``FieldError`` where that is over."""
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise FieldError(_("A date with time and zone is needed here."))
    if value <= at:
        raise FieldError(_("This moment is over."))
    return value


def cleaned(data: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Return a key's fields that were given, cleaned. Raises ``Invalid``."""
    cleaner = Cleaner(data)
    cleaner.take("name", clean_text, 100, required=True)
    cleaner.take("scopes", clean_scopes)
    cleaner.take("expires_at", clean_expiry, at)
    return cleaner.done(Invalid)


def create_api_key(*, actor: Actor, business: Business, data: Mapping[str, Any], at: datetime) -> tuple[ApiKey, str]:
    """Make a key and return it with its text ``pk_…:sk_…``, which nobody can show again.

    ``data``: ``name``, ``scopes`` (both by default), ``expires_at``. Raises ``Invalid`` naming the fields.
    """
    require(actor, business, Permission.MANAGE)
    values = {"name": "", "scopes": sorted(ALL_SCOPES)} | cleaned({"name": "", **data}, at)
    secret = SECRET_PREFIX + new_token(SECRET_LENGTH)
    key = ApiKey.objects.create(
        business=business,
        public_part=PUBLIC_PREFIX + new_token(PUBLIC_LENGTH),
        secret_hash=hash_secret(secret),
        created_by_id=actor.user_id,
        **values,
    )
    return key, f"{key.public_part}:{secret}"


@transaction.atomic
def update_api_key(
    *, actor: Actor, key: ApiKey, data: Mapping[str, Any], at: datetime, version: int | None = None
) -> ApiKey:
    """Change a key's name, scopes or end. Raises ``LostUpdate`` where it is no longer of ``version``."""
    locked = hold(actor, key, version)
    for name, value in cleaned(data, at).items():
        setattr(locked, name, value)
    locked.save(update_fields=["name", "scopes", "expires_at"])
    return locked


@transaction.atomic
def revoke_api_key(*, actor: Actor, key: ApiKey, at: datetime, version: int | None = None) -> None:
    """End a key for good. Its row stays, for those who ask later who had access."""
    locked = hold(actor, key, version)
    locked.revoked_at = at
    locked.save(update_fields=["revoked_at"])


def hold(actor: Actor, key: ApiKey, version: int | None) -> ApiKey:
    """Return a key's row, locked, that is not revoked and still of ``version``."""
    require(actor, key.business_id, Permission.MANAGE)
    locked = ApiKey.objects.for_actor(actor).select_for_update().filter(pk=key.pk, revoked_at=None).first()
    if locked is None:
        raise NotFound
    if version is not None and version != key_version(locked):
        raise LostUpdate
    return locked


def key_version(key: ApiKey) -> int:
    """Return the version of a key: a number made of what can be changed."""
    text = f"{key.name}\n{sorted(key.scopes)}\n{key.expires_at and key.expires_at.timestamp()}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7])
