"""What a call costs: reckoned from actual usage by the price row that is valid, stored with the rate that was used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from extraction.errors import UnknownModel
from extraction.models import ModelPrice
from extraction.queries import prices_on

MILLION: Final = Decimal(1_000_000)
PLACES: Final = 9


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


def price_of(*, model: str, input_tokens: int, output_tokens: int, day: date) -> Price:
    """Return what tokens cost. Without a model nothing does."""
    row = next((each for each in prices_on(day) if each.name == model), None) if model else None
    usd = Decimal(0)
    if row is not None:
        usd = round((input_tokens * row.input_price + output_tokens * row.output_price) / MILLION, PLACES)
    rate: Decimal = settings.DISPLAY_RATE
    return Price(row, usd, round(usd * rate, PLACES), settings.DISPLAY_CURRENCY, rate)


def check_model(model: str, *, day: date) -> None:
    """Refuse a model that is not on offer. Raises ``UnknownModel`` that lists those that are."""
    names = [row.name for row in prices_on(day)]
    if model and model not in names:
        sentence = _("This model is not on offer. On offer are: %(models)s.") % {"models": ", ".join(names)}
        raise UnknownModel(sentence, errors={"model": [sentence]}, models=names)
