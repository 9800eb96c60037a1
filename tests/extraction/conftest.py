"""A business whose documents are read, and what is kept of its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accounts.models import Business
from tests.factories.accounts import make_business


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
