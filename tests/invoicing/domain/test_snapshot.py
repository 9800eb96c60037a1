from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Business
from invoicing.domain.snapshot import look_of, second_language_of, seller_of


def test_the_seller_is_frozen_with_its_look() -> None:
    chosen: dict[str, Any] = {
        "look": "classic", "paper_size": "letter", "digits": "arab", "second_language": "fr", "signature_frame": True,
    }  # fmt: skip
    assert look_of(seller_of(Business(**chosen))) == chosen


def test_what_was_frozen_before_looks_as_it_did() -> None:
    assert look_of({"country": "SA"}) == {
        "look": "modern", "paper_size": "a4", "digits": "latn", "second_language": "none", "signature_frame": False,
    }  # fmt: skip
    assert second_language_of({"country": "SA"}, "en") is None


@pytest.mark.parametrize(
    ("country", "chosen", "second"),
    [
        ("SA", "auto", {"ar": None, "en": "ar", "fr": "ar"}),
        ("MA", "auto", {"ar": None, "en": None, "fr": None}),
        ("SA", "none", {"ar": None, "en": None, "fr": None}),
        ("MA", "ar", {"ar": None, "en": "ar", "fr": "ar"}),
        ("MA", "en", {"ar": "en", "en": None, "fr": None}),
        ("SA", "fr", {"ar": "fr", "en": None, "fr": None}),
    ],
)
def test_one_of_two_languages_is_arabic(country: str, chosen: str, second: dict[str, str | None]) -> None:
    seller = {"country": country, "second_language": chosen}
    assert {language: second_language_of(seller, language) for language in second} == second
