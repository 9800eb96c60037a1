"""Amounts of money: decimals in a currency, rounded in one way and in this module alone."""

import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation
from typing import Final

from django.utils.translation import gettext_lazy as _
from iso4217 import Currency

SIGNIFICANT_DIGITS: Final = 15
LARGEST: Final = Decimal(900_000_000_000_000)

# Wide enough for the product of four numbers of SIGNIFICANT_DIGITS, so that only round_money() rounds.
WIDE: Final = Context(prec=100, rounding=ROUND_HALF_UP)
# For `localcontext`: whatever would lose a digit raises Inexact instead.
EXACT: Final = Context(prec=WIDE.prec, rounding=ROUND_HALF_UP, traps=[Inexact, InvalidOperation])

_PLAIN_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
_LONGEST_TEXT: Final = 40
_FURTHEST_DIGIT: Final = 18

_MINOR_DIGITS: Final = {each.code: each.exponent for each in Currency if each.exponent is not None}
CURRENCIES: Final = tuple(sorted(_MINOR_DIGITS))


class UnknownCurrency(ValueError):
    """A code that ISO 4217 does not list, or lists without a minor unit, such as gold (XAU)."""


class AmountTooLarge(ValueError):
    """An amount that has more than 15 significant digits at its currency's minor unit."""

    def __init__(self) -> None:
        super().__init__(_("The amount is too large: at most 15 digits fit."))


class InvalidDecimal(ValueError):
    """A value that is no plain decimal number of at most 15 significant digits."""


def is_currency(code: str) -> bool:
    """Tell whether `code` is an ISO 4217 code, in capitals, of a currency that has a minor unit."""
    return code in _MINOR_DIGITS


def minor_digits(currency: str) -> int:
    """Return the number of decimals of the currency's minor unit by ISO 4217: BHD 3, EUR 2, JPY 0.

    Raises UnknownCurrency.
    """
    try:
        return _MINOR_DIGITS[currency]
    except KeyError:
        raise UnknownCurrency(currency) from None


def round_money(amount: Decimal, currency: str) -> Decimal:
    """Round to the currency's minor unit, half up, halves of negative amounts away from zero.

    Raises UnknownCurrency, and AmountTooLarge for what is far beyond any amount that fits.
    """
    unit = Decimal(1).scaleb(-minor_digits(currency))
    try:
        rounded = amount.quantize(unit, context=WIDE)
    except InvalidOperation:
        raise AmountTooLarge from None
    return WIDE.plus(rounded)  # so that no -0.00 remains


def round_quotient(dividend: Decimal, divisor: Decimal, currency: str) -> Decimal:
    """Divide, and round the exact quotient once to the currency's minor unit.

    The quotient of two numbers of up to 30 digits is either exact in 100 digits or further from any
    half of a minor unit than the 100th digit, so it is not rounded twice. Raises UnknownCurrency,
    AmountTooLarge.
    """
    return round_money(WIDE.divide(dividend, divisor), currency)


def fits(amount: Decimal, currency: str) -> bool:
    """Tell whether the amount, rounded to the minor unit, has at most 15 digits and is at most 9e14.

    Such an amount survives a client that reads JSON numbers as binary doubles. Raises UnknownCurrency.
    """
    digits = minor_digits(currency)
    if not amount.is_finite() or amount.copy_abs() > LARGEST:
        return False
    return round_money(amount, currency).copy_abs() < Decimal(10) ** (SIGNIFICANT_DIGITS - digits)


def to_minor_units(amount: Decimal, currency: str) -> int:
    """Return the amount as a whole number of minor units: 12.34 EUR is 1234, 5 JPY is 5.

    Raises UnknownCurrency, and ValueError when the amount has more decimals than the currency.
    """
    units = amount.scaleb(minor_digits(currency), context=WIDE)
    if units != units.to_integral_value():
        raise ValueError(f"{amount} {currency} is no whole number of minor units")
    return int(units)


def from_minor_units(units: int, currency: str) -> Decimal:
    """Return the amount that is `units` minor units of the currency. Raises UnknownCurrency."""
    return Decimal(units).scaleb(-minor_digits(currency), context=WIDE)


def allocate(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Split `total` in proportion to `weights` into parts of whole minor units that sum to it exactly.

    By largest remainder: each part is its exact share rounded down or up, never across zero, and the
    earlier of two equal remainders is rounded up first. A weight of zero gets nothing, unless all are
    zero: then all count the same. A negative total gives the parts of its opposite, negated. Raises
    UnknownCurrency, and ValueError for a negative weight, for no weights with something to split, or
    for a total with more decimals than the currency.
    """
    units = to_minor_units(total, currency)
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is negative")
    if not weights and units:
        raise ValueError("there is nothing to allocate to")
    sign = -1 if units < 0 else 1
    shares = _split(abs(units), _whole_numbers(weights))
    return [from_minor_units(sign * share, currency) for share in shares]


def _split(units: int, weights: list[int]) -> list[int]:
    if not any(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    shares, remainders = [], []
    for weight in weights:
        share, remainder = divmod(units * weight, whole)
        shares.append(share)
        remainders.append(remainder)
    left = units - sum(shares)
    for index in sorted(range(len(weights)), key=lambda i: -remainders[i])[:left]:
        shares[index] += 1
    return shares


def _whole_numbers(weights: Sequence[Decimal]) -> list[int]:
    """Multiply all weights by one factor that makes each a whole number."""
    ratios = [weight.as_integer_ratio() for weight in weights]
    scale = math.lcm(*(denominator for _numerator, denominator in ratios))
    return [numerator * (scale // denominator) for numerator, denominator in ratios]


def parse_decimal(value: str | int | Decimal) -> Decimal:
    """Read a number as people and JSON write it: "12.50", -3, "1e3"; the result has no exponent.

    Takes ASCII digits, one point, a sign and a small exponent. Raises InvalidDecimal for anything else:
    NaN, infinity, a float or bool, grouping or spaces, other scripts' digits, more than 15 significant
    digits, a digit further than 18 places from the point.
    """
    number = _read(value)
    if not number.is_finite():
        raise InvalidDecimal(_("This is not a number."))
    last = number.as_tuple().exponent
    if not isinstance(last, int) or last < -_FURTHEST_DIGIT or number.adjusted() >= _FURTHEST_DIGIT:
        raise InvalidDecimal(_("This number is too large or has too many decimals."))
    if len(number.normalize(WIDE).as_tuple().digits) > SIGNIFICANT_DIGITS:
        raise InvalidDecimal(_("This number has more than 15 significant digits."))
    return Decimal(format(number.copy_abs() if number.is_zero() else number, "f"))


def _read(value: str | int | Decimal) -> Decimal:
    # Types are looked at too, since JSON and spreadsheets hand over whatever they hold.
    if isinstance(value, str):
        readable = len(value) <= _LONGEST_TEXT and _PLAIN_NUMBER.fullmatch(value) is not None
    elif isinstance(value, int):
        readable = not isinstance(value, bool) and abs(value) < 10**_FURTHEST_DIGIT
    else:
        readable = isinstance(value, Decimal)
    if not readable:
        raise InvalidDecimal(_("This is not a number."))
    return Decimal(value)
