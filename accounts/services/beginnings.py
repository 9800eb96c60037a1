"""What a business begins with by its country: money, hours, language, tax and paper. All of it can be changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from babel.languages import get_official_languages

from accounts.choices import Language
from accounts.schema import TIME_ZONES, currency_of

# Rates of VAT and the like in percent, the general one first (European Commission, Taxes in Europe Database;
# Moroccan Code général des impôts, articles 98 and 99; GCC Unified VAT Agreement and the states' own laws).
TAX_RATES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "MA": ("20", "10"), "DZ": ("19", "9"), "TN": ("19", "13", "7"), "EG": ("14",), "MR": ("16",),
        "SA": ("15",), "AE": ("5",), "BH": ("10",), "OM": ("5",), "JO": ("16",), "LB": ("11",),
        "FR": ("20", "10", "5.5", "2.1"), "BE": ("21", "12", "6"), "LU": ("17", "14", "8", "3"),
        "DE": ("19", "7"), "AT": ("20", "13", "10"), "NL": ("21", "9"), "ES": ("21", "10", "4"), "PT": ("23", "13", "6"),
        "IT": ("22", "10", "5", "4"), "IE": ("23", "13.5", "9"), "PL": ("23", "8", "5"), "SE": ("25", "12", "6"),
        "DK": ("25",), "GB": ("20", "5"), "CH": ("8.1", "3.8", "2.6"), "TR": ("20", "10", "1"), "SN": ("18",),
        "CI": ("18", "9"),
    }
)  # fmt: skip

# Where the zone that stands first is not where most people live
CAPITAL_ZONES: Final = MappingProxyType(
    {
        "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto",
        "CD": "Africa/Kinshasa", "ID": "Asia/Jakarta", "KZ": "Asia/Almaty", "MX": "America/Mexico_City", "RU": "Europe/Moscow",
    }
)  # fmt: skip


def tax_rates_of(country: str) -> tuple[str, ...]:
    """Return a country's rates in percent, the general one first; none where none is known."""
    return TAX_RATES.get(country, ())


@cache
def zones_by_country() -> Mapping[str, str]:
    """Return each country's time zone, where it has several the one named first (the IANA's zone.tab)."""
    zones: dict[str, str] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _place, zone, *_comment = line.split("\t")
            zones.setdefault(country, zone)
    return zones


def timezone_of(country: str) -> str:
    """Return the time zone in which most of a country lives, or an empty text."""
    zone = CAPITAL_ZONES.get(country) or zones_by_country().get(country, "")
    return zone if zone in TIME_ZONES else ""


def language_of(country: str, spoken: str) -> str:
    """Return the language of a business's papers: the one spoken where the country writes it, else the country's."""
    official = [code for code in get_official_languages(country, de_facto=True) if code in Language.values]
    return spoken if not official or spoken in official else official[0]


def beginnings(country: str, spoken: str) -> dict[str, Any]:
    """Return what ``create_business`` takes for a business of a country whose owner reads ``spoken``."""
    chosen = {
        "country": country,
        "currency": currency_of(country),
        "timezone": timezone_of(country),
        "tax_rate": next(iter(tax_rates_of(country)), ""),
        "language": language_of(country, spoken),
    }
    return {name: value for name, value in chosen.items() if value}
