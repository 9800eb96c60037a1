from __future__ import annotations

import pytest

from invoicing.pdf import colours


@pytest.mark.parametrize(
    ("brand", "accent", "tint"),
    [
        # The four brands that the design names; a shade of difference is rounding.
        ("#C2512F", "#A0462B", "#FAF1EE"),
        ("#F2B705", "#796012", "#FEF9EB"),
        ("#00E5FF", "#0D6A77", "#EBFDFF"),
        ("#FFFFFF", "#68696C", "#F3F4F6"),
    ],
)
def test_palette_darkens_the_brand_until_it_reads(brand: str, accent: str, tint: str) -> None:
    found = colours.palette(brand)
    assert (found.accent, found.tint) == (accent, tint)


@pytest.mark.parametrize("brand", ["#000000", "#FF0000", "#777777", "#FFFF00", "not a colour", "", "#-1-1-1"])
def test_palette_always_reads(brand: str) -> None:
    found = colours.palette(brand)
    accent, tint = colours._channels(found.accent), colours._channels(found.tint)
    assert colours._contrast(accent, tint) >= 4.5


def test_operands_are_shares_of_one() -> None:
    assert colours.operands("#FF8000") == "1 0.502 0"


@pytest.mark.parametrize(
    ("brand", "expected"), [("#F2B705", "#F2B705"), ("#FFFFFF", "#68696C"), ("#FAFAFA", "#66676A")]
)
def test_brand_stands_in_rules_unless_it_is_near_white(brand: str, expected: str) -> None:
    assert colours.palette(brand).brand == expected
