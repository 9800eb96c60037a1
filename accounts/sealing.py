"""Secrets that the database holds and that whoever has the database alone cannot read."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac


class BrokenSeal(Exception):
    """What was sealed cannot be opened: ``SECRET_KEY`` was changed since."""


def lock(purpose: str) -> Fernet:
    """Return what seals and opens for one purpose, by a key made of ``SECRET_KEY``."""
    return Fernet(urlsafe_b64encode(salted_hmac(purpose, "seal", algorithm="sha256").digest()))


def seal(text: str, *, purpose: str) -> str:
    """Return a text sealed."""
    return lock(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Return a sealed text as it was. Raises ``BrokenSeal``."""
    try:
        return lock(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise BrokenSeal from error
