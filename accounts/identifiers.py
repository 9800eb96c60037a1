"""Identifiers: opaque strings with a prefix that names the kind."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any

from django.db import models

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
RANDOM_CHARACTERS = 20  # 119 bits: neither guessable nor ever repeated


def new_token(length: int = RANDOM_CHARACTERS) -> str:
    """Return a random text of letters and digits, ``length`` characters long."""
    number, characters = secrets.randbelow(len(ALPHABET) ** length), []
    for _ in range(length):
        number, place = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[place])
    return "".join(characters)


def new_id(prefix: str) -> str:
    """Return a new identifier of one kind, such as ``inv_4fQ…``."""
    return f"{prefix}_{new_token()}"


class IdField(models.CharField[str, str]):
    """A primary key made by ``new_id``."""

    def __init__(self, prefix: str = "", **options: Any) -> None:
        self.prefix = prefix
        options |= {"primary_key": True, "max_length": 32, "editable": False, "default": partial(new_id, prefix)}
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Leave out of migrations what the constructor sets."""
        name, path, args, kwargs = super().deconstruct()
        for option in ("primary_key", "max_length", "editable", "default"):
            kwargs.pop(option, None)
        return name, path, args, kwargs | {"prefix": self.prefix}
