"""A business whose documents are read, and what is kept of its files."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from accounts.models import Business
from extraction.engines.gemini import client
from extraction.models import ModelPrice
from tests.factories.accounts import make_business
from tests.fakes.gemini import KEY, Gemini, gemini_stand_in


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _unlimited(settings: Any) -> None:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "100000/m")


@pytest.fixture
def business() -> Business:
    return make_business(currency="EUR", name="Studio")


@pytest.fixture
def kept(settings: Any) -> Any:
    """Return a function that lists the files that are kept."""
    return lambda: sorted(path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


@pytest.fixture
def gemini(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gemini]:
    """Serve a stand-in for Gemini, to which a key is set; nothing waits for long."""
    monkeypatch.setattr(client, "TIMEOUT", 1500)
    monkeypatch.setattr(client, "FIRST_DELAY", 0.01)
    with gemini_stand_in() as server:
        settings.GEMINI_API_KEY, settings.GEMINI_BASE_URL = KEY, server.url
        yield server


@pytest.fixture
def prices(db: None) -> None:
    """Put back the prices, which the end of a test with real transactions empties with all other tables."""
    if not ModelPrice.objects.exists():
        import_module("extraction.migrations.0001_initial").add_prices(apps, None)
        import_module("extraction.migrations.0003_calls_and_cached_prices").complete_prices(apps, None)
