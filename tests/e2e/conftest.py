"""A browser for the tests that look at pages, and a server that counts no requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.e2e.windows import FLAGS


@pytest.fixture(scope="module")
def looking_glass(chromium_path: str) -> Iterator[Browser]:
    """Return a browser for all tests of a module."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def uncounted(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Return the address of a server whose links lead to itself, and which counts no requests."""
    monkeypatch.setattr(settings, "PUBLIC_URL", live_server.url)
    monkeypatch.setattr(settings, "MAIL_DIR", tmp_path / "mail")
    monkeypatch.setattr(settings, "RATE_LIMITS", dict.fromkeys(settings.RATE_LIMITS, "100000/m"))
    return str(live_server.url)
