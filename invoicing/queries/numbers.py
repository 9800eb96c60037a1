"""Which number a document would get."""

from __future__ import annotations

from datetime import date

from accounts.models import Business
from invoicing.domain.numbering import format_of, is_taken, next_numbers

MOST_STEPS = 20


def number_forecast(business: Business, kind: str, *, on: date) -> str:
    """Return the number that a document issued on a day would get now, or nothing where that is far to seek.

    It is no promise: whoever issues first gets it.
    """
    number_format = format_of(business, kind)
    first = next_numbers(business, on=on)[kind]
    for seq in range(first, first + MOST_STEPS):
        number = number_format.render(seq, on)
        if not is_taken(business, number):
            return number
    return ""
