"""Comparing months, and writing their axis."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from config.pages.money import Change, compact


@pytest.mark.parametrize(
    ("before", "now", "kind", "per_cent"),
    [
        (100, 112, "more", 12),
        (100, 94, "less", 6),
        (100, 0, "less", 100),
        (1000, 1001, "same", 0),
        (0, 50, "first", 0),
        (0, 0, "nothing", 0),
        (-20, 50, "amount", 0),
        (20, -5, "amount", 0),
        (1, 5000, "amount", 0),
    ],
)
def test_a_change_says_only_what_is_true(before: int, now: int, kind: str, per_cent: int) -> None:
    assert Change.between(Decimal(before), Decimal(now)) == Change(kind, Decimal(before), Decimal(per_cent))


@pytest.mark.parametrize(("language", "words"), [("en", "20K"), ("fr", "20\xa0k"), ("ar-ma", "20\xa0ألف")])
def test_the_axis_is_written_in_the_language(language: str, words: str) -> None:
    with translation.override(language):
        assert compact(Decimal(20000)) == words
