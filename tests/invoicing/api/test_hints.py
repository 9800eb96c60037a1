from __future__ import annotations

from typing import Any

import pytest

from invoicing.api.hints import MOST_HINTS, hints, nearest

KNOWN = ("client_email", "discount_rate", "items", "notes", "tax_rate")
ITEM = ("quantity", "unit_price", "discount_rate")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("discount", "discount_rate"),
        ("discount_rates", "discount_rate"),
        ("tax", "tax_rate"),
        ("email", "client_email"),
        ("note", "notes"),
        ("clientEmail", "client_email"),
        ("metadata", None),
        ("", None),
        ("x", None),
    ],
)
def test_nearest(name: str, meant: str | None) -> None:
    assert nearest(name, KNOWN) == meant


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"notes": "x", "status": "paid", "total": 5}, []),
        ({"note": "x"}, ["note"]),
        ({"items": [{"quantity": 1}, {"quantiy": 1, "total": 2}]}, ["items[1].quantiy"]),
        ({"items": "none"}, []),
        ({"items": ["none", None]}, []),
        ({"n" * 10_000: 1}, []),
    ],
)
def test_hints_name_what_was_probably_meant(body: dict[str, Any], fields: list[str]) -> None:
    assert [hint["field"] for hint in hints(body, known=KNOWN, known_of_items=ITEM)] == fields


def test_hints_are_few() -> None:
    body = {"items": [{"quantiy": 1, "price": 1}] * 1000}
    assert len(hints(body, known=KNOWN, known_of_items=ITEM)) == MOST_HINTS
