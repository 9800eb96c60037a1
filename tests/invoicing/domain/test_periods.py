from __future__ import annotations

from datetime import date

import pytest

from invoicing.domain.periods import days_of


@pytest.mark.parametrize(
    ("today", "period", "first", "last"),
    [
        ("2026-11-20", "this_month", "2026-11-01", "2026-11-30"),
        ("2026-01-31", "last_month", "2025-12-01", "2025-12-31"),
        ("2028-02-10", "this_month", "2028-02-01", "2028-02-29"),
        ("2026-11-20", "this_quarter", "2026-10-01", "2026-12-31"),
        ("2026-02-01", "last_quarter", "2025-10-01", "2025-12-31"),
        ("2026-11-20", "this_year", "2026-01-01", "2026-12-31"),
        ("2026-11-20", "last_year", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_period_has_a_first_and_a_last_day(today: str, period: str, first: str, last: str) -> None:
    assert days_of(period, today=date.fromisoformat(today)) == (date.fromisoformat(first), date.fromisoformat(last))
