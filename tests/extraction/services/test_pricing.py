"""Prices: by the row that is valid on the day, from what was really counted."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from extraction.engines.base import Usage
from extraction.errors import UnknownModel
from extraction.models import ModelPrice
from extraction.queries import prices_on
from extraction.services.pricing import check_model, price_of, row_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prices")]
DAY = date(2026, 11, 20)


def add(**changes: Any) -> ModelPrice:
    values = {"name": "gemini-2.5-flash", "valid_from": DAY + timedelta(days=10), "input_price": 1, "output_price": 2}
    return ModelPrice.objects.create(**(values | changes))


def test_a_price_is_in_usd_and_in_the_display_currency_with_its_rate(settings: Any) -> None:
    settings.DISPLAY_CURRENCY, settings.DISPLAY_RATE = "SAR", Decimal("3.75")
    price = price_of(row_of("gemini-2.5-pro", day=DAY), Usage(1000, 200, cached_tokens=100))
    usd = (900 * Decimal("1.25") + 100 * Decimal("0.125") + 200 * 10) / 1_000_000
    assert price.columns() == {
        "price_usd": usd,
        "price_display": round(usd * Decimal("3.75"), 9),
        "display_currency": "SAR",
        "display_rate": Decimal("3.75"),
    }


def test_cached_tokens_cost_as_much_where_nobody_knows_better() -> None:
    row = add(cached_price=None)
    assert price_of(row, Usage(1000, cached_tokens=1000)).usd == Decimal("0.001")
    # A provider that counts more cached tokens than tokens gets no money back.
    row.cached_price = Decimal(0)
    assert price_of(row, Usage(10, cached_tokens=1000)).usd == 0


def test_a_lost_request_costs_the_most_it_can() -> None:
    assert price_of(add(), Usage(1000, 0, lost=2), Usage(10_000, 1000)).usd == Decimal("0.001") + 2 * Decimal("0.012")


def test_nothing_costs_nothing() -> None:
    assert price_of(None, Usage(1000, 1000)).usd == 0


def test_a_price_is_valid_from_its_day_on() -> None:
    later = add()
    assert row_of("gemini-2.5-flash", day=later.valid_from - timedelta(days=1)) != later
    assert row_of("gemini-2.5-flash", day=later.valid_from) == later
    assert len([row for row in prices_on(later.valid_from) if row.name == later.name]) == 1


def test_a_model_is_on_offer_until_the_day_it_retires() -> None:
    row = add(name="gemini-9", valid_from=DAY, retired_at=DAY + timedelta(days=2))
    assert [row_of("gemini-9", day=DAY + timedelta(days=days)) for days in (1, 2)] == [row, None]


def test_an_older_price_brings_no_retired_model_back() -> None:
    add(name="gemini-9", valid_from=DAY)
    add(name="gemini-9", valid_from=DAY + timedelta(days=1), retired_at=DAY + timedelta(days=2))
    assert row_of("gemini-9", day=DAY + timedelta(days=2)) is None


@pytest.mark.parametrize("name", ["gemini-2.0-flash", "gemini-9", "../gemini-2.5-flash", "Gemini-2.5-Flash"])
def test_a_model_that_is_not_on_offer_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(UnknownModel) as refused:
        check_model(name, day=DAY)
    assert refused.value.extra["models"] == [row.name for row in prices_on(DAY)]
    assert "gemini-2.5-flash" in str(refused.value.errors["model"][0])


@pytest.mark.parametrize("name", ["../x", "models/x", "x y", "X", "x-", ""])
def test_staff_cannot_add_a_name_that_is_none(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ModelPrice(name=name, valid_from=DAY, input_price=1, output_price=1).full_clean()
    assert set(refused.value.error_dict) == {"name"}


@pytest.mark.parametrize(
    "capabilities",
    [
        [],
        {"thinks": True},
        {"pdf": 1},
        {"thinking": "much"},
        {"thinking": ["budget"]},
        {"thinking": "budget", "least_thinking": "low"},
        {"thinking": "level", "least_thinking": 0},
        {"thinking": "level", "least_thinking": {}},
        {"least_thinking": 0},
        {"page_tokens": "258"},
        {"page_tokens": True},
        {"page_tokens": -1},
        {"media_resolution": True},
        {"media_resolution": {"low": 280}},
        {"media_resolution": {"low": 280, "medium": 560, "high": "1120"}},
    ],
)
def test_staff_cannot_describe_what_no_engine_understands(capabilities: Any) -> None:
    row = ModelPrice(name="gemini-9", valid_from=DAY, input_price=1, output_price=1, capabilities=capabilities)
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert set(refused.value.error_dict) == {"capabilities"}
