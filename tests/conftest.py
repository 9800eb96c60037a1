"""What holds for all tests: no sockets but loopback, an empty cache, English, and no Chromium where there is none."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from config.catalogues import compile_catalogues

hypothesis_settings.register_profile("ours", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("ours")

# Playwright keeps an event loop running in the test's thread, where Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

connect = socket.socket.connect
connect_ex = socket.socket.connect_ex


def is_loopback(address: Any) -> bool:
    """Return whether an address is a file's or this machine's own."""
    if not isinstance(address, tuple):
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return address[0] == "localhost"


class ClosedSocketError(AssertionError):
    """A test tried to reach the outside."""


def guarded(original: Any) -> Any:
    def guard(self: socket.socket, address: Any) -> Any:
        if not is_loopback(address):
            raise ClosedSocketError(f"tests reach this machine alone, not {address!r}")
        return original(self, address)

    return guard


def pytest_configure(config: pytest.Config) -> None:
    socket.socket.connect = guarded(connect)  # type: ignore[method-assign]  # closed for the whole session
    socket.socket.connect_ex = guarded(connect_ex)  # type: ignore[method-assign]  # likewise
    # Translations once, before the processes of xdist start: a clean clone has none compiled.
    if not hasattr(config, "workerinput"):
        compile_catalogues([Path(__file__).parent.parent / "locale"])


def pytest_unconfigure() -> None:
    # Workers of xdist end without what atexit would do.
    shutil.rmtree(settings.VAR_DIR, ignore_errors=True)
    socket.socket.connect = connect  # type: ignore[method-assign]  # as it was
    socket.socket.connect_ex = connect_ex  # type: ignore[method-assign]  # as it was


def chromium() -> str | None:
    """Return where a Chromium is."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if chromium() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="There is no Chromium here: install one to run this."))


@pytest.fixture(autouse=True)
def _clean_slate() -> Iterator[None]:
    cache.clear()
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """End, before the database is dropped, what a thread of the live server may still hold open for its browser."""
    yield
    name = str(connection.settings_dict["NAME"])
    # Where no test asked for a database none was made, and this is the one that is worked with.
    if connection.vendor == "postgresql" and name.startswith("test_"):
        with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


REAL_TRANSACTIONS = {"transactional_db", "live_server", "django_db_reset_sequences"}


def settle() -> None:
    """Wait until no other connection is at work: the live server may still answer a browser that has gone."""
    at_work = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend' AND state <> 'idle'"
    )
    quiet = 0
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(at_work)
            quiet = 0 if cursor.fetchone()[0] else quiet + 1
        if quiet == 2:
            return
        time.sleep(0.05)


@pytest.fixture(autouse=True)
def _plans(request: pytest.FixtureRequest) -> Iterator[None]:
    """Put back the plans, which the end of a test with real transactions empties with all other tables."""
    marker = request.node.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or REAL_TRANSACTIONS & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        add_plans = import_module("accounts.migrations.0002_plans").add_plans
        if not apps.get_model("accounts", "Plan").objects.exists():
            add_plans(apps, None)
        yield
        if connection.vendor == "postgresql":
            settle()
    else:
        yield


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return where the Chromium is that browser tests drive."""
    path = chromium()
    assert path is not None
    return path
