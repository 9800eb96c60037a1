from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.schema import COUNTRIES, TIME_ZONES, clean_rate
from accounts.services.beginnings import TAX_RATES, beginnings, language_of, tax_rates_of, timezone_of


@pytest.mark.parametrize(
    ("country", "spoken", "language"),
    [
        ("MA", "fr", "fr"),
        ("MA", "en", "ar"),
        ("SA", "en", "ar"),
        ("FR", "ar", "fr"),
        ("GB", "fr", "en"),
        ("DE", "fr", "fr"),
    ],
)
def test_papers_speak_as_their_owner_where_the_country_does_too(country: str, spoken: str, language: str) -> None:
    assert language_of(country, spoken) == language


@pytest.mark.parametrize(
    ("country", "zone"),
    [("MA", "Africa/Casablanca"), ("US", "America/New_York"), ("BR", "America/Sao_Paulo"), ("XK", ""), ("", "")],
)
def test_the_time_zone_is_that_of_most_people(country: str, zone: str) -> None:
    assert timezone_of(country) == zone


def test_what_is_kept_of_countries_is_sound() -> None:
    assert set(TAX_RATES) <= COUNTRIES
    assert all(timezone_of(country) in TIME_ZONES | {""} for country in COUNTRIES)
    for rates in TAX_RATES.values():
        cleaned = [clean_rate(rate) or Decimal(0) for rate in rates]
        assert cleaned == sorted(cleaned, reverse=True)
        assert all(rate > Decimal(0) for rate in cleaned)


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert beginnings("XK", "en") == {"country": "XK", "currency": "EUR", "language": "en"}
    assert tax_rates_of("US") == ()
