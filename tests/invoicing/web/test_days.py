from __future__ import annotations

from datetime import date

import pytest

from invoicing.web.days import parse_day

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-05", "2026/12/5", "5/12/2026", "5.12.26", "05-12-2026", "5 12 2026", "5 Dec 2026", "5 déc. 2026",
        "5 décembre 2026", "5 دجنبر 2026", "5 ديسمبر 2026", "٥/١٢/٢٠٢٦", "5dec", "Dec 5, 2026", "december 5", " 5/12 ",
    ],
)  # fmt: skip
def test_a_day_is_read_in_each_way_of_writing_it(typed: str) -> None:
    assert parse_day(typed, today=TODAY) == "2026-12-05"


def test_a_day_without_a_year_is_the_nearest_one() -> None:
    assert [parse_day(typed, today=TODAY) for typed in ("3 Jan", "30/6", "29/2")] == [
        "2027-01-03", "2026-06-30", "29/2",
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["soon", "31/2/2026", "12", "5 jui", "02/13/2026", "5 nonsense 2026", "2026-13-01"])
def test_what_is_no_day_comes_back_as_it_was_typed(typed: str) -> None:
    assert parse_day(typed, today=TODAY) == typed
