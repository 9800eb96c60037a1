from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoicing.choices import TaxCategory
from invoicing.domain.totals import (
    REASON_REQUIRED,
    VAT_NUMBERS_REQUIRED,
    InvoiceTotals,
    LineInput,
    LineTotals,
    RateNotAllowed,
    TaxGroup,
    check_rate,
    default_category,
    reckon,
    tax_in_currency,
)
from invoicing.money import AmountTooLarge, UnknownCurrency, minor_digits, round_money

D = Decimal
S, Z, E = TaxCategory.STANDARD, TaxCategory.ZERO, TaxCategory.EXEMPT


def line(quantity: str, unit_price: str, tax_rate: str = "0", discount_rate: str = "0") -> LineInput:
    return LineInput(D(quantity), D(unit_price), D(discount_rate), D(tax_rate))


def amounts(totals: InvoiceTotals) -> list[str]:
    """Subtotal, discount, taxable amount, tax and total, as they are written."""
    return [
        str(amount)
        for amount in (
            totals.subtotal,
            totals.discount_amount,
            totals.taxable_amount,
            totals.tax_amount,
            totals.total,
        )
    ]


@pytest.mark.parametrize(
    ("lines", "currency", "discount_rate", "expected"),
    [
        (
            [line("1", "15000", "20"), line("3", "2000", "20")],
            "MAD",
            "10",
            ["21000.00", "2100.00", "18900.00", "3780.00", "22680.00"],
        ),
        (
            [line("1", "5000", "10"), line("1", "500")],
            "USD",
            "0",
            ["5500.00", "0.00", "5500.00", "500.00", "6000.00"],
        ),
        (
            [line("10", "1000", "15", "5")],
            "SAR",
            "0",
            ["10000.00", "500.00", "9500.00", "1425.00", "10925.00"],
        ),
        (
            [line("16", "348.35", "22", "4")],
            "EUR",
            "0",
            ["5573.60", "222.94", "5350.66", "1177.15", "6527.81"],
        ),
        ([line("1", "8180", "9.975")], "CAD", "0", ["8180.00", "0.00", "8180.00", "815.96", "8995.96"]),
        ([line("1", "1091.50", "15")], "SAR", "0", ["1091.50", "0.00", "1091.50", "163.73", "1255.23"]),
        ([line("3", "1.2345", "10")], "BHD", "0", ["3.704", "0.000", "3.704", "0.370", "4.074"]),
        ([line("3", "33.5", "10")], "JPY", "0", ["101", "0", "101", "10", "111"]),
        # The tax of a group is rounded once: three times 0.07 would be 0.21.
        ([line("1", "0.33", "20")] * 3, "EUR", "0", ["0.99", "0.00", "0.99", "0.20", "1.19"]),
        ([], "EUR", "10", ["0.00", "0.00", "0.00", "0.00", "0.00"]),
        ([line("1", "10", "20")], "EUR", "100", ["10.00", "10.00", "0.00", "0.00", "0.00"]),
        ([line("1", "0", "20"), line("2", "0", "5")], "EUR", "3", ["0.00", "0.00", "0.00", "0.00", "0.00"]),
    ],
)
def test_reckon_gives_the_known_answers(
    lines: list[LineInput], currency: str, discount_rate: str, expected: list[str]
) -> None:
    assert amounts(reckon(lines, currency=currency, discount_rate=D(discount_rate))) == expected


def test_reckon_rounds_subtotal_and_net_once_each() -> None:
    # 0.345 less 10 % is 0.3105; the rounded subtotal of 0.35 less 10 % would be 0.315, and so 0.32.
    (shown,) = reckon([line("3", "0.115", "0", "10")], currency="EUR").lines
    assert (str(shown.subtotal), str(shown.discount_amount), str(shown.net_amount)) == (
        "0.35",
        "0.04",
        "0.31",
    )


def test_reckon_loses_no_digit_of_long_factors() -> None:
    # 27 digits of product before the discount: a context of 28 would round on the way.
    totals = reckon([line("999999.999999", "9999999.999999", "0", "0.000001")], currency="EUR")
    exact = D("999999.999999") * D("9999999.999999")
    assert totals.subtotal == round_money(exact, "EUR") == D("9999999999989.00")
    assert totals.taxable_amount == D("9999999899989.00")


def test_reckon_takes_the_invoice_s_discount_from_each_group() -> None:
    lines = [line("1", "100", "20"), line("1", "50", "10"), line("1", "50", "20"), line("1", "0.05")]
    totals = reckon(lines, currency="EUR", discount_rate=D("10"))
    assert totals.groups == (
        TaxGroup(S, D("20"), D("135.00"), D("27.00"), ""),
        TaxGroup(S, D("10"), D("45.00"), D("4.50"), ""),
        TaxGroup(Z, D("0"), D("0.04"), D("0.00"), ""),
    )
    assert amounts(totals) == ["200.05", "20.01", "180.04", "31.50", "211.54"]


def test_reckon_shows_lines_before_the_invoice_s_discount_when_prices_have_no_tax() -> None:
    lines = [line("1", "100", "20", "50"), line("1", "50", "20")]
    totals = reckon(lines, currency="EUR", discount_rate=D("10"))
    assert totals.lines == (
        LineTotals(D("100.00"), D("50.00"), D("50.00"), D("9.00"), D("59.00")),
        LineTotals(D("50.00"), D("0.00"), D("50.00"), D("9.00"), D("59.00")),
    )
    assert amounts(totals) == ["150.00", "60.00", "90.00", "18.00", "108.00"]


def test_reckon_shares_a_group_s_tax_among_its_lines_to_the_last_unit() -> None:
    totals = reckon([line("1", "0.33", "20")] * 3, currency="EUR")
    assert [str(each.tax_amount) for each in totals.lines] == ["0.07", "0.07", "0.06"]
    assert [str(each.total) for each in totals.lines] == ["0.40", "0.40", "0.39"]


@pytest.mark.parametrize(
    ("lines", "currency", "discount_rate", "expected"),
    [
        ([line("1", "500.00", "10")], "EUR", "0", ["500.00", "0.00", "454.55", "45.45", "500.00"]),
        ([line("1", "500.00", "10")], "EUR", "10", ["500.00", "50.00", "409.09", "40.91", "450.00"]),
        (
            [line("1", "110", "10"), line("1", "5")],
            "USD",
            "0",
            ["115.00", "0.00", "105.00", "10.00", "115.00"],
        ),
        ([line("3", "9.99", "20", "10")], "EUR", "0", ["29.97", "3.00", "22.48", "4.49", "26.97"]),
        ([line("1", "1000", "10")], "JPY", "0", ["1000", "0", "909", "91", "1000"]),
        ([line("1", "1.005", "5")], "BHD", "0", ["1.005", "0.000", "0.957", "0.048", "1.005"]),
        ([line("1", "10", "20")], "EUR", "100", ["10.00", "10.00", "0.00", "0.00", "0.00"]),
    ],
)
def test_reckon_keeps_prices_that_include_tax(
    lines: list[LineInput], currency: str, discount_rate: str, expected: list[str]
) -> None:
    totals = reckon(lines, currency=currency, discount_rate=D(discount_rate), prices_include_tax=True)
    assert amounts(totals) == expected


def test_reckon_shows_lines_after_all_discounts_when_prices_include_tax() -> None:
    lines = [line("1", "100", "20"), line("1", "100", "20", "50")]
    totals = reckon(lines, currency="EUR", discount_rate=D("10"), prices_include_tax=True)
    assert totals.lines == (
        LineTotals(D("100.00"), D("0.00"), D("75.00"), D("15.00"), D("90.00")),
        LineTotals(D("100.00"), D("50.00"), D("37.50"), D("7.50"), D("45.00")),
    )
    assert amounts(totals) == ["200.00", "65.00", "112.50", "22.50", "135.00"]


def test_reckon_takes_no_tax_below_zero_when_it_shares_out_a_discount() -> None:
    # Shares of 1, 4 and 4 would put one yen of the net amount, but none of the price, on the first line.
    lines = [line("1", price, "20") for price in ("1", "4", "4")]
    totals = reckon(lines, currency="JPY", discount_rate=D("50"), prices_include_tax=True)
    assert [(each.net_amount, each.tax_amount, each.total) for each in totals.lines] == [
        (D(0), D(0), D(0)),
        (D(2), D(0), D(2)),
        (D(1), D(1), D(2)),
    ]


def test_groups_are_of_one_category_and_rate_in_the_order_they_appear() -> None:
    lines = [
        LineInput(D(1), D(10), tax_rate=D("5")),
        LineInput(D(1), D(20), tax_category=E),
        LineInput(D(1), D(30), tax_category=E, exemption_reason="Insurance"),
        LineInput(D(1), D(40), tax_rate=D("5.00"), tax_category=S),
        LineInput(D(1), D(50), tax_category=E, exemption_reason="Teaching"),
        LineInput(D(1), D(60)),
        LineInput(D(1), D(70), tax_category=S),
        LineInput(D(1), D(80), tax_category=Z),
    ]
    assert reckon(lines, currency="EUR").groups == (
        TaxGroup(S, D("5"), D("50.00"), D("2.50"), ""),
        TaxGroup(E, D("0"), D("100.00"), D("0.00"), "Insurance"),
        TaxGroup(Z, D("0"), D("210.00"), D("0.00"), ""),
    )


@pytest.mark.parametrize(
    ("lines", "currency", "discount_rate"),
    [
        ([line("1", "10000000000000")], "EUR", "0"),
        ([line("1", "9999999999999.995")], "EUR", "0"),
        ([line("1", "9999999999999", "20")], "EUR", "0"),
        ([line("1", "6000000000000")] * 2, "EUR", "0"),
        # The subtotal does not fit, though the total would.
        ([line("1", "6000000000000")] * 2, "EUR", "50"),
        ([line("1", "10000000000000", "0", "100")], "EUR", "0"),
        # The line's own total does not fit, though the invoice's would.
        ([line("1", "9500000000000", "20")], "EUR", "50"),
        ([line("1", "900000000000001")], "JPY", "0"),
        ([line("1e60", "1e60")], "EUR", "0"),
        ([LineInput(D("1." + "3" * 60), D("1." + "3" * 60))], "EUR", "0"),
    ],
)
def test_reckon_refuses_amounts_that_do_not_fit(lines: list[LineInput], currency: str, discount_rate: str) -> None:
    with pytest.raises(AmountTooLarge):
        reckon(lines, currency=currency, discount_rate=D(discount_rate))


def test_reckon_takes_the_largest_amounts_that_fit() -> None:
    assert amounts(reckon([line("1", "9999999999999.99")], currency="EUR"))[-1] == "9999999999999.99"
    assert amounts(reckon([line("1", "900000000000000")], currency="JPY"))[-1] == "900000000000000"


def test_reckon_refuses_an_unknown_currency_and_a_discount_out_of_bounds() -> None:
    with pytest.raises(UnknownCurrency):
        reckon([line("1", "1")], currency="XAU")
    for rate in ("-1", "100.01"):
        with pytest.raises(ValueError, match="0 to 100"):
            reckon([line("1", "1")], currency="EUR", discount_rate=D(rate))


@pytest.mark.parametrize(
    ("quantity", "unit_price", "tax_rate", "discount_rate"),
    [
        ("0", "1", "0", "0"),
        ("-1", "1", "0", "0"),
        ("1", "-0.01", "0", "0"),
        ("1", "1", "-1", "0"),
        ("1", "1", "100.1", "0"),
        ("1", "1", "0", "-1"),
        ("1", "1", "0", "101"),
    ],
)
def test_a_line_out_of_bounds_is_refused(quantity: str, unit_price: str, tax_rate: str, discount_rate: str) -> None:
    with pytest.raises(ValueError, match=r"0 to 100|above zero"):
        line(quantity, unit_price, tax_rate, discount_rate)


@pytest.mark.parametrize(
    ("rate", "category", "expected"),
    [("20", None, S), ("0", None, Z), ("0.00", S, Z), ("20", S, S), ("0", E, E), ("20", E, E), ("0", Z, Z)],
)
def test_default_category_is_s_and_at_no_rate_z(rate: str, category: TaxCategory | None, expected: TaxCategory) -> None:
    assert default_category(D(rate), category) is expected


def test_only_the_standard_category_has_a_rate() -> None:
    for category in TaxCategory:
        check_rate(category, D(0))
    check_rate(S, D(20))
    refusing = []
    for category in TaxCategory:
        try:
            LineInput(D(1), D(1), tax_rate=D("0.1"), tax_category=category)
        except RateNotAllowed:
            refusing.append(category.value)
    assert refusing == ["Z", "E", "O", "AE", "K", "G"]


def test_the_categories_that_need_more_than_a_rate() -> None:
    assert {category.value for category in REASON_REQUIRED} == {"E", "O", "AE", "K", "G"}
    assert {category.value for category in VAT_NUMBERS_REQUIRED} == {"AE", "K"}


def test_tax_in_currency_multiplies_and_rounds_half_up() -> None:
    assert str(tax_in_currency(D("100.00"), D("3.7515"), "SAR")) == "375.15"
    assert str(tax_in_currency(D("0.10"), D("3.75"), "SAR")) == "0.38"
    assert str(tax_in_currency(D("10.00"), D("0.376"), "BHD")) == "3.760"
    assert str(tax_in_currency(D("0.00"), D("2"), "JPY")) == "0"


def test_tax_in_currency_refuses_no_rate_and_what_does_not_fit() -> None:
    for rate in ("0", "-1"):
        with pytest.raises(ValueError, match="above zero"):
            tax_in_currency(D("1.00"), D(rate), "SAR")
    with pytest.raises(AmountTooLarge):
        tax_in_currency(D("9999999999999.99"), D("2"), "SAR")


# Identities, for whatever an invoice may hold.

percents = st.one_of(
    st.sampled_from([D(0), D(100), D("33.333333"), D("50")]),
    st.decimals(min_value=0, max_value=100, places=3),
)
taxes = st.one_of(
    st.sampled_from([(S, D(20)), (S, D("9.975")), (S, D(15)), (S, D(100)), (S, D("0.001")), (None, D(0))]),
    st.sampled_from([(category, D(0)) for category in TaxCategory]),
    st.tuples(st.none(), percents),
)
prices = st.one_of(
    st.decimals(min_value=0, max_value=D("0.2"), places=6),
    st.decimals(min_value=0, max_value=10**6, places=2),
    st.decimals(min_value=0, max_value=10**5, places=6),
)


@st.composite
def line_inputs(draw: st.DrawFn) -> LineInput:
    category, rate = draw(taxes)
    return LineInput(
        quantity=draw(
            st.one_of(st.integers(1, 50).map(D), st.decimals(min_value=D("0.000001"), max_value=999, places=6))
        ),
        unit_price=draw(prices),
        discount_rate=draw(st.one_of(st.just(D(0)), percents)),
        tax_rate=rate,
        tax_category=category,
        exemption_reason=draw(st.sampled_from(["", "Exempt by law"])),
    )


invoices = st.tuples(
    st.lists(line_inputs(), max_size=30),
    st.sampled_from(["EUR", "SAR", "BHD", "TND", "JPY", "CLF", "MAD"]),
    st.one_of(st.just(D(0)), percents),
)
Invoice = tuple[list[LineInput], str, Decimal]


def summed(amounts: Sequence[Decimal]) -> Decimal:
    return sum(amounts, start=D(0))


def check_identities(totals: InvoiceTotals, lines: list[LineInput], currency: str) -> None:
    """Check what holds for every invoice, with prices of either kind."""
    groups = totals.groups
    assert totals.taxable_amount == summed([group.taxable_amount for group in groups])
    assert totals.tax_amount == summed([group.tax_amount for group in groups])
    assert totals.total == totals.taxable_amount + totals.tax_amount
    assert totals.subtotal == summed([each.subtotal for each in totals.lines])
    assert [each.total for each in totals.lines] == [each.net_amount + each.tax_amount for each in totals.lines]
    assert [each.subtotal for each in totals.lines] == [
        round_money(given_line.quantity * given_line.unit_price, currency) for given_line in lines
    ]
    keys = [(given_line.category, given_line.tax_rate) for given_line in lines]
    assert [(group.category, group.rate) for group in groups] == list(dict.fromkeys(keys))
    for group in groups:
        members = [each for each, key in zip(totals.lines, keys, strict=True) if key == (group.category, group.rate)]
        assert summed([each.tax_amount for each in members]) == group.tax_amount
    for amount in every_amount(totals):
        assert amount >= 0
        assert amount.as_tuple().exponent == -minor_digits(currency)
        assert not amount.is_signed()


def every_amount(totals: InvoiceTotals) -> list[Decimal]:
    found = [
        totals.subtotal,
        totals.discount_amount,
        totals.taxable_amount,
        totals.tax_amount,
        totals.total,
    ]
    for each in totals.lines:
        found += [each.subtotal, each.discount_amount, each.net_amount, each.tax_amount, each.total]
    for group in totals.groups:
        found += [group.taxable_amount, group.tax_amount]
    return found


@given(invoices)
def test_reckon_holds_its_identities_when_prices_have_no_tax(invoice: Invoice) -> None:
    lines, currency, discount_rate = invoice
    totals = reckon(lines, currency=currency, discount_rate=discount_rate)
    check_identities(totals, lines, currency)
    assert totals.taxable_amount == totals.subtotal - totals.discount_amount
    nets = summed([each.net_amount for each in totals.lines])
    invoice_discount = totals.discount_amount - summed([each.discount_amount for each in totals.lines])
    assert invoice_discount == round_money(nets * discount_rate / 100, currency)
    assert summed([each.total for each in totals.lines]) == totals.total + invoice_discount
    for each in totals.lines:
        assert each.net_amount == each.subtotal - each.discount_amount
    for group in totals.groups:
        assert group.tax_amount == round_money(group.taxable_amount * group.rate / 100, currency)


@given(invoices)
def test_reckon_holds_its_identities_when_prices_include_tax(invoice: Invoice) -> None:
    lines, currency, discount_rate = invoice
    totals = reckon(lines, currency=currency, discount_rate=discount_rate, prices_include_tax=True)
    check_identities(totals, lines, currency)
    assert totals.total == totals.subtotal - totals.discount_amount
    assert totals.taxable_amount == summed([each.net_amount for each in totals.lines])
    assert totals.total == summed([each.total for each in totals.lines])
    for group in totals.groups:
        priced = group.taxable_amount + group.tax_amount
        assert group.taxable_amount == round_money(priced / (1 + group.rate / 100), currency)
    for each in totals.lines:
        assert each.total <= each.subtotal - each.discount_amount


@given(invoices)
def test_line_totals_are_as_priced_without_an_invoice_discount(invoice: Invoice) -> None:
    lines, currency, _discount_rate = invoice
    for each in reckon(lines, currency=currency, prices_include_tax=True).lines:
        assert each.total == each.subtotal - each.discount_amount


@given(invoices, st.booleans())
def test_the_order_of_lines_changes_no_amount_of_one_group(invoice: Invoice, prices_include_tax: bool) -> None:
    lines, currency, discount_rate = invoice
    lines = [replace(each, tax_category=S, tax_rate=D("9.975")) for each in lines]
    forth, back = (
        reckon(each, currency=currency, discount_rate=discount_rate, prices_include_tax=prices_include_tax)
        for each in (lines, lines[::-1])
    )
    assert amounts(forth) == amounts(back)
