from __future__ import annotations

from datetime import date

import pytest

from invoicing.choices import NumberKind
from invoicing.queries.numbers import number_forecast
from tests.factories.accounts import make_business
from tests.factories.invoicing import make_issued

pytestmark = pytest.mark.django_db


def test_forecast_steps_over_numbers_that_are_taken() -> None:
    business = make_business(number_formats={"invoice": "A-{seq}"}, next_numbers={"invoice": 5})
    on = date(2026, 7, 1)
    assert number_forecast(business, NumberKind.INVOICE, on=on) == "A-5"
    make_issued(business)
    make_issued(business)
    assert number_forecast(business, NumberKind.INVOICE, on=on) == "A-7"
    business.number_formats = {"invoice": "B-{seq}"}
    assert number_forecast(business, NumberKind.INVOICE, on=on) == "B-7"
