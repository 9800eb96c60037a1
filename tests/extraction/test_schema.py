"""Untrusted data, parsed strictly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from accounts.schema import FieldError
from extraction import schema


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("total", Decimal("NaN")),
        ("total", Decimal("Infinity")),
        ("total", Decimal("1e400")),
        ("total", "1e400"),
        ("total", 1.5),
        ("total", True),
        ("total", "1.23456"),
        ("invoice_date", "02/11/2026"),
        ("invoice_date", "2026-02-30"),
        ("invoice_date", 20261102),
        ("currency", "XXX1"),
        ("vendor_name", "x" * 201),
        ("vendor_name", ["a"]),
        ("type", "printed"),
        ("items", {"a": 1}),
        ("items", [{}] * 1001),
        ("tax_breakdown", "none"),
    ],
)
def test_what_is_wrong_is_unknown_and_named(field: str, value: Any) -> None:
    found = schema.read({field: value, "invoice_number": "7"})
    assert list(found.errors) == [field]
    assert found.values[field] in (None, [])
    assert found.values["invoice_number"] == "7"


def test_what_is_wrong_in_a_line_is_named_by_its_place() -> None:
    found = schema.read({"items": [{"amount": "1"}, {"amount": "one"}]})
    assert list(found.errors) == ["items[1].amount"]


def test_data_is_kept_and_read_back_exactly() -> None:
    given = {"total": "1200.10", "invoice_date": "2026-11-02", "items": [{"quantity": 3, "unit_price": "0.0205"}]}
    values = schema.read(given).values
    kept = schema.stored(values)
    assert (kept["total"], kept["invoice_date"], kept["items"][0]["quantity"]) == ("1200.10", "2026-11-02", "3")
    assert schema.loaded(kept) == values


def test_scripts_stay_text() -> None:
    assert schema.read({"vendor_name": "<script>x</script>"}).values["vendor_name"] == "<script>x</script>"


def test_a_day_of_an_upload_may_be_written_in_two_ways() -> None:
    assert schema.clean_said_day("02-11-2026") == schema.clean_said_day("2026-11-02")
    with pytest.raises(FieldError):
        schema.clean_said_day("2-11-2026")


@pytest.mark.parametrize("field", ["vendor_name", "vendor_address"])
def test_what_nobody_sees_is_no_part_of_a_text(field: str) -> None:
    value = "\u202eStu\u200bdio\u2066 \ufeffGm\u00adbH\u200f"
    assert schema.read({field: value}).values[field] == "Studio GmbH"
    assert schema.read({field: "\u200b\u202e"}).values[field] is None
    assert schema.read({field: "می\u200cخواهم"}).values[field] == "می\u200cخواهم"
