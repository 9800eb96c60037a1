"""What a call costs: reckoned from actual usage by the price row that is valid, stored with the rate that was used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from extraction.engines.base import Usage
from extraction.errors import UnknownModel
from extraction.models import ModelPrice
from extraction.queries import prices_on

MILLION: Final = Decimal(1_000_000)
PLACES: Final = 9
NOTHING: Final = Usage()


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a call in USD and in the display currency, with how it was reckoned."""

    row: ModelPrice | None
    usd: Decimal
    display: Decimal
    currency: str
    rate: Decimal

    def columns(self) -> dict[str, Any]:
        """Return the columns that runs and calls share."""
        return {
            "price_usd": self.usd,
            "price_display": self.display,
            "display_currency": self.currency,
            "display_rate": self.rate,
        }


def priced(row: ModelPrice | None, usd: Decimal) -> Price:
    """Return a price in both currencies."""
    rate: Decimal = settings.DISPLAY_RATE
    return Price(row, usd, round(usd * rate, PLACES), settings.DISPLAY_CURRENCY, rate)


def price_of(row: ModelPrice | None, usage: Usage, most: Usage = NOTHING) -> Price:
    """Return what tokens cost; each request that was lost counts as ``most``. Without a row nothing costs anything."""
    usd = Decimal(0)
    if row is not None:
        usd = usd_of(row, usage) + usage.lost * usd_of(row, most)
    return priced(row, round(usd, PLACES))


def usd_of(row: ModelPrice, usage: Usage) -> Decimal:
    """Return what tokens cost by a row. Those that were cached are among those that went in, and cost less."""
    cached = min(usage.cached_tokens, usage.input_tokens)
    cached_price = row.input_price if row.cached_price is None else row.cached_price
    tokens_in = (usage.input_tokens - cached) * row.input_price + cached * cached_price
    return (tokens_in + usage.output_tokens * row.output_price) / MILLION


def row_of(model: str, *, day: date) -> ModelPrice | None:
    """Return the price of a model that is on offer on a day."""
    return next((row for row in prices_on(day) if row.name == model), None)


def check_model(model: str, *, day: date) -> None:
    """Refuse a model that is not on offer. Raises ``UnknownModel`` that lists those that are."""
    names = [row.name for row in prices_on(day)]
    if model and model not in names:
        sentence = _("This model is not on offer. On offer are: %(models)s.") % {"models": ", ".join(names)}
        raise UnknownModel(sentence, errors={"model": [sentence]}, models=names)
