"""Read the environment: the only module that does.

An invalid value stops the start with one sentence that names the setting.
"""

from __future__ import annotations

import os
import re
import secrets
from decimal import Decimal
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def read_file(path: Path) -> None:
    """Take settings from the lines ``NAME=value`` of a file, if it exists; the environment's own come first."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for number, line in enumerate(map(str.strip, lines), start=1):
        if not line or line.startswith("#"):
            continue
        match = re.fullmatch(r"""([A-Z][A-Z0-9_]*)=(?:"([^"]*)"|'([^']*)'|(.*))""", line)
        if match is None:
            raise ImproperlyConfigured(f"{path.name}, line {number}: this is not NAME=value.")
        os.environ.setdefault(match[1], next(value for value in match.groups()[1:] if value is not None))


def text(name: str, default: str = "") -> str:
    """Return a setting's value, from ``NAME`` or from the file that ``NAME_FILE`` names; an empty one is none."""
    if value := os.environ.get(name, "").strip():
        return value
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return default
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read ({error.strerror}).") from None


def boolean(name: str, default: bool) -> bool:
    """Return a yes-or-no setting."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")


def number(name: str, default: int, *, low: int, high: int) -> int:
    """Return a whole number between ``low`` and ``high``."""
    value = text(name) or str(default)
    if not re.fullmatch(r"\d{1,9}", value) or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name} must be a whole number from {low} to {high}, not {value!r}.")
    return int(value)


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    """Return one of ``options``."""
    value = text(name) or default
    if value not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(options)}, not {value!r}.")
    return value


def words(name: str) -> list[str]:
    """Return a comma-separated list."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Return a comma-separated list of addresses and networks."""
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must list addresses such as 10.0.0.1 or 10.0.0.0/8: {error}.") from None


def decimal(name: str, default: str, *, or_zero: bool = False) -> Decimal:
    """Return a number above zero, or zero where that says something, such as ``90`` or ``0.92``."""
    value = text(name) or default
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value) or not (or_zero or Decimal(value)):
        least = "zero or more" if or_zero else "above zero"
        raise ImproperlyConfigured(f"{name} must be a number {least}, such as 90 or 0.92, not {value!r}.")
    return Decimal(value)


def currency(name: str, default: str) -> str:
    """Return a currency's three letters (ISO 4217)."""
    value = text(name) or default
    if not re.fullmatch(r"[A-Z]{3}", value):
        raise ImproperlyConfigured(f"{name} must be a currency's three letters, such as USD, not {value!r}.")
    return value


def rate(name: str, default: str) -> str:
    """Return a rate such as ``100/m`` (units s, m, h, d)."""
    value = text(name) or default
    if not re.fullmatch(r"[1-9]\d{0,8}/[1-9]?\d{0,3}[smhd]", value):
        raise ImproperlyConfigured(f"{name} must look like 100/m (a number, then s, m, h or d), not {value!r}.")
    return value


def url(name: str, default: str, schemes: tuple[str, ...]) -> str:
    """Return an address whose scheme is one of ``schemes``, without a trailing slash."""
    value = (text(name) or default).rstrip("/")
    if value and not is_address(value, schemes):
        raise ImproperlyConfigured(f"{name} must be an address such as {schemes[0]}://host, not {value!r}.")
    return value


def is_address(value: str, schemes: tuple[str, ...]) -> bool:
    """Return whether a value is an address with one of ``schemes``, and a host or a socket's path."""
    try:
        parts = urlsplit(value)
        _port = parts.port
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.path if parts.scheme == "unix" else parts.hostname)


def folder(name: str, default: Path) -> Path:
    """Return a folder that can be written to, made if it is missing."""
    path = Path(text(name) or default).resolve()
    probe = path / f".probe-{secrets.token_hex(4)}"
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: the folder {path} cannot be written to ({error.strerror}).") from None
    return path


def secret_key(var: Path) -> str:
    """Return ``SECRET_KEY``, made once under ``var`` where it is absent."""
    value = text("SECRET_KEY")
    if value:
        return value
    path = var / "secret_key"
    try:
        with path.open("x", encoding="utf-8") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text(encoding="utf-8").strip()


def database(var: Path) -> dict[str, object]:
    """Return Django's description of ``DATABASE_URL``: PostgreSQL, or SQLite under ``var``."""
    value = text("DATABASE_URL")
    if not value:
        return sqlite(var / "db.sqlite3")
    parts = urlsplit(value)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    try:
        port = parts.port or 5432
    except ValueError:
        raise ImproperlyConfigured("DATABASE_URL: the port must be a number.") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5},
    }


def sqlite(path: Path) -> dict[str, object]:
    """Return Django's description of an SQLite file that many threads may write to."""
    return {
        "ENGINE": "config.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            # Without IMMEDIATE a read that turns into a write fails at once when another writer came first.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def smtp() -> dict[str, object]:
    """Return the parts of ``EMAIL_URL`` (``smtp://`` with STARTTLS if offered on request, or ``smtps://``)."""
    value = text("EMAIL_URL")
    if not value:
        return {}
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL must look like smtp+tls://user:password@host:587 (or smtp://, smtps://).")
    try:
        port = parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme]
    except ValueError:
        raise ImproperlyConfigured("EMAIL_URL: the port must be a number.") from None
    return {
        "host": parts.hostname,
        "port": port,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp+tls",
    }
