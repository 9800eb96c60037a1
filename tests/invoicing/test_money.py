from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoicing.money import (
    CURRENCIES,
    AmountTooLarge,
    InvalidDecimal,
    UnknownCurrency,
    allocate,
    fits,
    from_minor_units,
    is_currency,
    minor_digits,
    parse_decimal,
    round_money,
    round_quotient,
    to_minor_units,
)

currencies = st.sampled_from(["JPY", "EUR", "BHD", "CLF"])
units = st.integers(min_value=-(10**14), max_value=10**14)
weights = st.lists(st.decimals(min_value=0, max_value=10**9, places=6), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("EUR", 2), ("SAR", 2), ("MAD", 2), ("BHD", 3), ("IQD", 3), ("TND", 3), ("JPY", 0), ("CLF", 4)]
    # Babel's data says 0 for these.
    + [("LBP", 2), ("SYP", 2), ("YER", 2)],
)
def test_minor_digits_are_those_of_iso_4217(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize("code", ["XAU", "XXX", "XTS", "XDR", "ZZZ", "eur", "EUR ", "", "€"])
def test_minor_digits_refuses_what_is_no_currency_with_a_minor_unit(code: str) -> None:
    assert not is_currency(code)
    with pytest.raises(UnknownCurrency, match=f"^{code}$"):
        minor_digits(code)


def test_currencies_are_sorted_and_all_known() -> None:
    assert list(CURRENCIES) == sorted(set(CURRENCIES))
    assert all(is_currency(code) for code in CURRENCIES)
    assert [code for code in CURRENCIES if code in {"XAU", "SAR", "MAD", "EUR"}] == ["EUR", "MAD", "SAR"]


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("163.725", "CAD", "163.73"),
        ("163.7249999999999999999999999999999999999", "CAD", "163.72"),
        ("-163.725", "CAD", "-163.73"),
        ("2.5", "JPY", "3"),
        ("-2.5", "JPY", "-3"),
        ("1.0005", "BHD", "1.001"),
        ("7", "EUR", "7.00"),
        ("-0.001", "EUR", "0.00"),
        ("1e3", "JPY", "1000"),
    ],
)
def test_round_money_rounds_half_away_from_zero(amount: str, currency: str, rounded: str) -> None:
    assert str(round_money(Decimal(amount), currency)) == rounded


def test_round_money_does_not_depend_on_the_thread_s_context() -> None:
    with localcontext(prec=3, rounding="ROUND_DOWN"):
        assert str(round_money(Decimal("123456.785"), "EUR")) == "123456.79"


def test_round_money_refuses_what_cannot_be_an_amount() -> None:
    for amount in (Decimal("1e120"), Decimal("Infinity")):
        with pytest.raises(AmountTooLarge):
            round_money(amount, "EUR")


def test_round_quotient_rounds_once() -> None:
    assert str(round_quotient(Decimal(50000), Decimal(110), "EUR")) == "454.55"
    assert str(round_quotient(Decimal(1), Decimal(8), "EUR")) == "0.13"
    assert str(round_quotient(Decimal("0.124999999999999"), Decimal(1), "EUR")) == "0.12"


@pytest.mark.parametrize(
    ("amount", "currency", "fitting"),
    [
        ("9999999999999.99", "EUR", True),
        ("9999999999999.994", "EUR", True),
        ("9999999999999.995", "EUR", False),
        ("10000000000000.00", "EUR", False),
        ("-9999999999999.99", "EUR", True),
        ("-10000000000000.00", "EUR", False),
        ("999999999999.999", "BHD", True),
        ("1000000000000.000", "BHD", False),
        ("900000000000000", "JPY", True),
        ("900000000000001", "JPY", False),
        ("1e999999", "EUR", False),
        ("NaN", "EUR", False),
        ("-Infinity", "EUR", False),
    ],
)
def test_fits_allows_15_digits_at_the_minor_unit(amount: str, currency: str, fitting: bool) -> None:
    assert fits(Decimal(amount), currency) is fitting


@given(units, currencies)
def test_fitting_amounts_survive_a_binary_double(amount_units: int, currency: str) -> None:
    amount = from_minor_units(amount_units, currency)
    assert fits(amount, currency)
    assert Decimal(repr(float(amount))) == amount


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("12.34", "EUR", 1234), ("12.340000", "EUR", 1234), ("5", "JPY", 5), ("-1.005", "BHD", -1005)],
)
def test_to_minor_units_counts_them(amount: str, currency: str, minor: int) -> None:
    assert to_minor_units(Decimal(amount), currency) == minor


@pytest.mark.parametrize(("amount", "currency"), [("0.5", "JPY"), ("1.001", "EUR"), ("1.00001", "CLF")])
def test_to_minor_units_refuses_to_round(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="no whole number of minor units"):
        to_minor_units(Decimal(amount), currency)


@given(units, currencies)
def test_minor_units_come_back_as_they_went(amount_units: int, currency: str) -> None:
    amount = from_minor_units(amount_units, currency)
    assert to_minor_units(amount, currency) == amount_units
    assert -amount.as_tuple().exponent == minor_digits(currency)  # type: ignore[operator]  # finite: an int


@pytest.mark.parametrize(
    ("total", "given_weights", "currency", "parts"),
    [
        ("100.00", ["1", "1", "1"], "EUR", ["33.34", "33.33", "33.33"]),
        ("-100.00", ["1", "1", "1"], "EUR", ["-33.34", "-33.33", "-33.33"]),
        ("100", ["1", "1", "1"], "JPY", ["34", "33", "33"]),
        ("0.05", ["0.3", "0.7"], "EUR", ["0.02", "0.03"]),
        ("10.00", ["5", "0", "5"], "EUR", ["5.00", "0.00", "5.00"]),
        ("0.03", ["0", "0"], "EUR", ["0.02", "0.01"]),
        ("0.00", ["0", "0"], "EUR", ["0.00", "0.00"]),
        ("0.00", ["3", "4"], "EUR", ["0.00", "0.00"]),
        ("0.00", [], "EUR", []),
        # The larger remainder is rounded up, not the earlier line.
        ("0.10", ["1", "2"], "EUR", ["0.03", "0.07"]),
        ("1.000", ["0.000001", "2e3"], "BHD", ["0.000", "1.000"]),
    ],
)
def test_allocate_splits_by_largest_remainder(
    total: str, given_weights: list[str], currency: str, parts: list[str]
) -> None:
    split = allocate(Decimal(total), [Decimal(weight) for weight in given_weights], currency)
    assert [str(part) for part in split] == parts


@given(units, weights, currencies)
def test_allocate_gives_parts_that_sum_and_keep_to_their_shares(
    amount_units: int, given_weights: list[Decimal], currency: str
) -> None:
    total = from_minor_units(amount_units, currency)
    parts = allocate(total, given_weights, currency)
    part_units = [to_minor_units(part, currency) for part in parts]
    assert sum(part_units) == amount_units
    whole = sum(given_weights)
    for part, weight in zip(part_units, given_weights, strict=True):
        with localcontext(prec=80):
            share = amount_units * (weight / whole if whole else Decimal(1) / len(parts))
            assert abs(part - share) < 1 + Decimal("1e-20")
        assert part == 0 or (part > 0) == (amount_units > 0)
        assert weight or not whole or part == 0


@given(units, weights, currencies)
def test_allocate_negates_the_parts_of_the_opposite(
    amount_units: int, given_weights: list[Decimal], currency: str
) -> None:
    total = from_minor_units(amount_units, currency)
    assert allocate(-total, given_weights, currency) == [-part for part in allocate(total, given_weights, currency)]


@pytest.mark.parametrize(
    ("total", "given_weights", "message"),
    [
        ("1.00", ["1", "-1"], "negative"),
        ("1.00", [], "nothing to allocate to"),
        ("1.005", ["1"], "no whole number"),
    ],
)
def test_allocate_refuses_what_has_no_answer(total: str, given_weights: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        allocate(Decimal(total), [Decimal(weight) for weight in given_weights], "EUR")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("12.50", "12.50"),
        ("-3", "-3"),
        ("+5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1e3", "1000"),
        ("15E-1", "1.5"),
        ("-0.00", "0.00"),
        ("1.000000000000000000", "1.000000000000000000"),
        ("999999999999999", "999999999999999"),
        ("100000000000000000", "100000000000000000"),
        (42, "42"),
        (-7, "-7"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.000001"), "0.000001"),
        (Decimal("1.00000000000000000"), "1.00000000000000000"),
    ],
)
def test_parse_decimal_reads_plain_numbers(value: str | int | Decimal, plain: str) -> None:
    assert str(parse_decimal(value)) == plain


@pytest.mark.parametrize(
    "value",
    ["", " ", ".", "-", "e5", "1e", "--1", " 1", "1\n", "1_000", "1,5", "1 000", "0x10", "١٢", "1２"]
    + ["NaN", "sNaN", "Infinity", "-inf", "1e400", "1e-400", "1e19", "1e-19", "0e99", "1" * 500]
    + ["1234567890123456", "0.30000000000000004", 10**18, -(10**400), True]
    + [Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), Decimal("1e999999"), Decimal("0e-999999")],
)
def test_parse_decimal_refuses_everything_else(value: str | int | Decimal) -> None:
    with pytest.raises(InvalidDecimal):
        parse_decimal(value)


@pytest.mark.parametrize("value", [1.5, None, [1], b"1"])
def test_parse_decimal_refuses_other_types(value: object) -> None:
    with pytest.raises(InvalidDecimal):
        parse_decimal(value)  # type: ignore[arg-type]  # what JSON may hold


@given(st.decimals(min_value=-(10**8), max_value=10**8, places=6))
def test_parse_decimal_gives_back_what_it_prints(number: Decimal) -> None:
    assert parse_decimal(str(parse_decimal(number))) == number
