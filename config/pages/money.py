"""A business's money on the first page: what is due, this month against the last, and the months as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_compact_decimal
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from accounts.models import Business
from accounts.templatetags.ui import current_locale, money_text, month
from accounts.web import chart
from invoicing.queries import Figures, MonthSum, figures_by_currency, same_day

MONTHS_ON_A_PHONE: Final = 6
MOST_SEGMENTS: Final = 4  # more currencies than this are picked from a list
MOST_PER_CENT: Final = 999  # beyond it the amount itself says more
HUNDRED: Final = Decimal(100)


def money(business: Business, *, at: datetime, asked: str) -> dict[str, Any]:
    """Return the money in the currency that is asked for, else in the first: the business's own."""
    figures = figures_by_currency(business, at=at)
    today = at.astimezone(ZoneInfo(business.timezone)).date()
    shown = next((each for each in figures if each.currency == asked.upper()), figures[0])
    oldest = shown.standing.oldest_due_date
    return {
        "currencies": [each.currency for each in figures],
        "as_list": len(figures) > MOST_SEGMENTS,
        "shown": shown,
        "oldest_days": (today - oldest).days if oldest else 0,
        "month_name": written(today, "MMMM"),
        "then": written(same_day(today), "d MMMM"),
        "paid_change": Change.between(shown.before.paid, shown.present.paid),
        "invoiced_change": Change.between(shown.before.invoiced, shown.present.invoiced),
        "chart": Picture.of(shown),
    }


@dataclass(frozen=True, slots=True)
class Change:
    """How an amount compares with the one before. ``kind`` is more, less, same, first, nothing or amount."""

    kind: str
    before: Decimal
    per_cent: Decimal = Decimal(0)

    @classmethod
    def between(cls, before: Decimal, now: Decimal) -> Change:
        """Compare; where a share would say nothing true, the amount before stands for itself."""
        if not before:
            return cls("first" if now else "nothing", before)
        share = ((now - before) * HUNDRED / before).quantize(Decimal(1), ROUND_HALF_UP)
        if before < 0 or now < 0 or share > MOST_PER_CENT:
            return cls("amount", before)
        return cls("more" if share > 0 else "less" if share else "same", before, abs(share))


@dataclass(frozen=True, slots=True)
class Picture:
    """The chart of the months, wide and for a phone, with its table and what readers are told of it."""

    wide: chart.Chart
    small: chart.Chart
    months: list[MonthSum]
    description: str
    is_empty: bool

    @classmethod
    def of(cls, figures: Figures) -> Picture:
        """Draw the months of a currency."""
        months = figures.months
        return cls(
            wide=drawn(months, 720, 262),
            small=drawn(months[-MONTHS_ON_A_PHONE:], 358, 200),
            months=months[::-1],
            description=described(months),
            is_empty=not any(each.invoiced or each.paid for each in months),
        )


def drawn(months: Sequence[MonthSum], width: int, height: int) -> chart.Chart:
    """Draw months in the direction and with the words of the active language."""
    return chart.draw(
        [chart.Stretch(short_month(each.month), told(each), each.invoiced, each.paid) for each in months],
        width=width,
        height=height,
        label=compact,
        is_mirrored=get_language_bidi(),
    )


def told(each: MonthSum) -> str:
    """Return a month in words."""
    words = {
        "month": month(each.month),
        "invoiced": money_text(each.invoiced, each.currency),
        "paid": money_text(each.paid, each.currency),
    }
    return _("%(month)s: invoiced %(invoiced)s, paid %(paid)s") % words


def described(months: Sequence[MonthSum]) -> str:
    """Return what readers who do not see the chart are told: its months of most."""
    billed, earned = max(months, key=lambda each: each.invoiced), max(months, key=lambda each: each.paid)
    words = {
        "first": month(months[0].month),
        "last": month(months[-1].month),
        "billed": money_text(billed.invoiced, billed.currency),
        "billed_month": month(billed.month),
        "earned": money_text(earned.paid, earned.currency),
        "earned_month": month(earned.month),
    }
    return (
        _(
            "From %(first)s to %(last)s. Most was invoiced in %(billed_month)s, %(billed)s, and most paid in "
            "%(earned_month)s, %(earned)s. The table has every month."
        )
        % words
    )


def compact(amount: Decimal) -> str:
    """Write an amount of the axis shortly: 80K, 80 k, 80 ألف."""
    written_short = format_compact_decimal(amount, locale=current_locale(), fraction_digits=1)
    return written_short.replace("-", "\u2212")


def short_month(day: date) -> str:
    """Write a month's name as short as the language has it."""
    return written(day, "LLLL" if current_locale().language == "ar" else "LLL")


def written(day: date, pattern: str) -> str:
    """Write a day in the active language."""
    return format_date(day, pattern, locale=current_locale())
