"""What reading was used for and what it cost in a month: by day, model, engine and mode, and what is left to spend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.numbers import format_compact_decimal, format_decimal
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from accounts.templatetags.ui import current_locale, day, short_day
from accounts.web import chart
from extraction.choices import Mode
from extraction.queries import spent_by_day, usage
from extraction.services.budgets import limit_of
from extraction.web.base import DocumentPage

DAYS_SHOWN, DAYS_ON_A_PHONE = 14, 7
DOLLAR: Final = "USD"
HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be spent in the month, in USD, and what is left of it."""

    limit: Decimal
    left: Decimal
    percent: int
    tone: str

    @classmethod
    def of(cls, limit: Decimal, spent: Decimal) -> Budget:
        """Compare what was spent with what may be."""
        used = min(spent * HUNDRED / limit, HUNDRED) if limit else HUNDRED
        tone = "r" if used >= HUNDRED else "a" if used >= 80 else ""
        return cls(limit, max(limit - spent, Decimal(0)), int(used), tone)


class Usage(DocumentPage):
    """The calls of a month of the business's time zone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show them; a month that is none is the present one."""
        today = self.today()
        present = today.replace(day=1)
        first = min(month_of(request.GET.get("month", "")) or present, present)
        following = (first + timedelta(days=32)).replace(day=1)
        since, until = (datetime.combine(each, time(), ZoneInfo(self.business.timezone)) for each in (first, following))
        found = usage(business_id=self.business.pk, since=since, until=until)
        spent = spent_by_day(business_id=self.business.pk, since=since, until=until)
        last = min(today, following - timedelta(days=1))
        context: dict[str, Any] = {
            "month": first,
            "before": (first - timedelta(days=1)).strftime("%Y-%m") if first.year > 2000 else "",
            "after": following.strftime("%Y-%m") if following <= present else "",
            "found": found,
            "parts": parts_of(found),
            "chart": pictures(spent, last) if any(spent.values()) else None,
            "budget": Budget.of(limit_of(self.business.pk), found["price"]) if first == present else None,
            "dollar": DOLLAR,
        }
        return self.page("extraction/usage.html", context)


def month_of(text: str) -> date | None:
    """Return the first day of a month written YYYY-MM, or None."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if found.year >= 2000 else None


def parts_of(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the tables: what was used by model, engine, mode and day."""
    modes = {mode.value: str(mode.label) for mode in Mode}
    return [
        {"id": "models", "title": _("By model"), "head": _("Model"), "rows": named(found["by_model"], "model")},
        {"id": "engines", "title": _("By engine"), "head": _("Engine"), "rows": named(found["by_engine"], "engine")},
        {
            "id": "modes",
            "title": _("By mode"),
            "head": _("Mode"),
            "rows": [{**row, "name": modes.get(row["mode"], row["mode"])} for row in found["by_mode"]],
        },
        {
            "id": "days",
            "title": _("By day"),
            "head": _("Day"),
            "rows": [{**row, "name": day(row["day"])} for row in reversed(found["by_day"])],
        },
    ]


def named(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return rows under the name of what they are of."""
    return [{**row, "name": row[name], "is_code": True} for row in rows]


def pictures(spent: dict[tuple[date, str], Decimal], last: date) -> dict[str, Any]:
    """Return the chart of the last days, wide and for a phone, with what readers are told of it."""
    days = [last - timedelta(days=back) for back in reversed(range(DAYS_SHOWN))]
    stretches = [stretch_of(each, spent) for each in days]
    return {
        "wide": drawn(stretches, 720, 240),
        "small": drawn(stretches[-DAYS_ON_A_PHONE:], 358, 190),
        "description": _("What was spent on each of the last days, by mode. The table has every day of the month."),
    }


def stretch_of(each: date, spent: dict[tuple[date, str], Decimal]) -> chart.Stretch:
    """Return a day with what it cost in each mode."""
    standard, optimised = (spent.get((each, mode.value), Decimal(0)) for mode in (Mode.STANDARD, Mode.OPTIMISED))
    words = {
        "day": day(each),
        "standard": price_text(standard),
        "optimised": price_text(optimised),
    }
    told = _("%(day)s: standard %(standard)s, optimised %(optimised)s USD") % words
    return chart.Stretch(short_day(each), told, standard, optimised)


def price_text(amount: Decimal) -> str:
    """Write a price with the digits that a fraction of a cent needs."""
    return str(format_decimal(amount, format="#,##0.00####", locale=current_locale()))


def drawn(stretches: list[chart.Stretch], width: int, height: int) -> chart.Chart:
    """Draw days in the direction of the active language."""
    return chart.draw(stretches, width=width, height=height, label=short_price, is_mirrored=get_language_bidi())


def short_price(amount: Decimal) -> str:
    """Write a price of the axis shortly."""
    return str(format_compact_decimal(amount, locale=current_locale(), fraction_digits=4))
