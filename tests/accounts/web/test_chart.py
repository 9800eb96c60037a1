"""Where the shapes of the chart stand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.web.chart import Stretch, bar, draw, scale


@pytest.mark.parametrize(
    ("low", "high", "step", "below", "above"),
    [
        ("0", "62800", "2E+4", 0, 4),
        ("0", "80000", "2E+4", 0, 4),
        ("0", "80001", "2.5E+4", 0, 4),
        ("0", "0.9", "0.25", 0, 4),
        ("-500", "3000", "1000", 1, 3),
        ("-4000", "0", "1000", 4, 0),
        ("0", "0", "1", 0, 4),
    ],
)
def test_the_scale_is_round_and_holds_everything(low: str, high: str, step: str, below: int, above: int) -> None:
    assert scale(Decimal(low), Decimal(high)) == (Decimal(step), below, above)


def test_bars_rise_from_nothing_and_hang_below_it() -> None:
    assert bar(10, 200, 50) == "M10.0 200.0v-47.5q0 -2.5 2.5 -2.5h7.0q2.5 0 2.5 2.5v47.5z"
    assert bar(10, 200, -50) == "M10.0 200.0v47.5q0 2.5 2.5 2.5h7.0q2.5 0 2.5 -2.5v-47.5z"
    assert bar(10, 200, 0) == ""
    assert bar(10, 200, 0.01).startswith("M10.0 200.0v-0.0q0 -1.0")  # what is little is still seen


def test_time_runs_from_left_to_right_in_both_directions() -> None:
    months = [Stretch(name, "", Decimal(10), Decimal(5)) for name in ("Oct", "Nov")]
    for is_mirrored in (False, True):
        chart = draw(months, width=700, height=260, label=str, is_mirrored=is_mirrored)
        assert [column.name for column in chart.columns] == ["Oct", "Nov"]
        assert float(chart.columns[0].middle) < float(chart.columns[1].middle)
        # The axis of amounts stands where the reader begins.
        assert (float(chart.left) == 0, float(chart.label_x) == 700) == (is_mirrored, is_mirrored)


def test_there_are_five_lines() -> None:
    chart = draw(
        [Stretch("Nov", "", Decimal(70), Decimal(5))], width=700, height=260, label=lambda amount: f"{amount:f}"
    )
    assert [rule.label for rule in chart.rules] == ["0", "20", "40", "60", "80"]
    assert (chart.rules[0].y, chart.rules[-1].y) == ("234.0", "10.0")
