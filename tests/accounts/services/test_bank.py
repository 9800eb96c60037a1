from __future__ import annotations

import pytest

from accounts.services.bank import wrong_ibans

GOOD = "GB82 WEST 1234 5698 7654 32"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", []),
        (f"Bank of Examples\nIBAN {GOOD}\nBIC EXAMGB2L", []),
        (f"IBAN: {GOOD.replace(' ', '')}.", []),
        ("IBAN GB82 WEST 1234 5698 7654 33", ["GB82 WEST 1234 5698 7654 33"]),
        ("GB82WEST123456987654", ["GB82WEST123456987654"]),
        ("RIB 011 780 0000123456789012 34", []),
        ("Account 12345678, sort code 00-00-00", []),
    ],
)
def test_ibans_that_do_not_add_up_are_found(text: str, wrong: list[str]) -> None:
    assert wrong_ibans(text) == wrong
