"""Icons, money, numbers, dates and status words as the pages write them. Load name: ui."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel import Locale, localedata
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent, get_currency_name, get_currency_symbol
from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from iso4217 import Currency

from accounts.search import places_found

register = template.Library()

MINUS = "\u2212"
NBSP = "\u00a0"
DIRECTION_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))
DEFAULT_DIGITS = 2
# Icons that point along the line of reading, and icons made of dots, which need a heavier stroke.
MIRRORED_ICONS = frozenset({"back", "forward", "plane", "log-out"})
DOTTED_ICONS = frozenset({"more", "grip"})


@dataclass(frozen=True, slots=True)
class Look:
    """How a status shows: its word and, where it helps, its icon."""

    label: Promise
    icon: str = ""


STATUSES = {
    "draft": Look(_("Draft"), "pencil"),
    "issued": Look(_("Issued")),
    "sent": Look(_("Sent"), "plane"),
    "viewed": Look(_("Viewed"), "eye"),
    "partially_paid": Look(_("Partly paid")),
    "paid": Look(_("Paid"), "tick"),
    "overdue": Look(_("Overdue"), "warning"),
    "cancelled": Look(_("Cancelled"), "cross"),
    "refunded": Look(_("Refunded"), "return"),
    "credited": Look(_("Credited")),
}


def regional_language(language: str, country: str) -> str:
    """Return the language to activate for a reader of a business in that country: "ar" in "MA" is "ar-ma".

    Only Arabic differs by country, in separators, in the names of months and in trade words; a region
    without a catalogue of its own falls back to the language.
    """
    return f"ar-{country.lower()}" if language == "ar" and country else language


def current_locale() -> Locale:
    """Return Babel's locale of the active language, without its region where Babel knows no such region."""
    language, _sep, region = (get_language() or "en").partition("-")
    wanted = f"{language}_{region.upper()}" if language == "ar" and region else language
    return Locale.parse(wanted if localedata.exists(wanted) else language)


def currency_digits(currency: str) -> int:
    """Return how many digits a currency's minor unit has (ISO 4217); two for an unknown or empty code."""
    try:
        exponent = Currency(currency).exponent
    except ValueError:
        return DEFAULT_DIGITS
    return DEFAULT_DIGITS if exponent is None else exponent


def figure_text(amount: Decimal, currency: str = "") -> str:
    """Write an amount in the currency's digits with the locale's separators and a true minus sign."""
    digits = currency_digits(currency)
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    figure = format_decimal(abs(amount), format=pattern, locale=current_locale())
    return f"{MINUS}{figure}" if amount < 0 else figure


def _is_arabic(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in text)


@register.filter
def unit(currency: str) -> str:
    """Name a currency beside a figure: its code, or in Arabic an Arabic sign or one-word name."""
    locale = current_locale()
    if locale.language != "ar":
        return currency
    symbol = get_currency_symbol(currency, locale).translate(DIRECTION_MARKS)
    name = get_currency_name(currency, locale=locale)
    if _is_arabic(symbol):
        return symbol
    return name if _is_arabic(name) and " " not in name else currency


@register.filter
def money_text(amount: Decimal | None, currency: str) -> str:
    """Write an amount and its unit in the locale's order as plain text, for attributes and mails."""
    if amount is None:
        return ""
    parts = [unit(currency), figure_text(amount, currency)]
    pattern = current_locale().currency_formats["standard"].pattern
    return NBSP.join(parts if pattern.startswith("¤") else reversed(parts))


@register.filter
def money(amount: Decimal | None, currency: str) -> SafeString | str:
    """Write an amount and its unit in the locale's order, for a sentence; each keeps its own direction."""
    if amount is None:
        return ""
    written, sign = figure(amount, currency), unit(currency)
    pattern = current_locale().currency_formats["standard"].pattern
    if pattern.startswith("¤"):
        return format_html('<bdi class="num">{}{}{}</bdi>', sign, NBSP, written)
    return format_html('<bdi class="num">{}{}{}</bdi>', written, NBSP, sign)


@register.filter
def figure(amount: Decimal | None, currency: str = "") -> SafeString | str:
    """Write an amount without its unit, left to right in every language."""
    if amount is None:
        return ""
    return format_html('<bdi class="ltr num" dir="ltr">{}</bdi>', figure_text(amount, currency))


@register.filter
def quantity(value: Decimal | None) -> SafeString | str:
    """Write a quantity with only the decimals it needs, left to right in every language."""
    if value is None:
        return ""
    written = format_decimal(abs(value), format="#,##0.######", locale=current_locale())
    return format_html('<bdi class="ltr num" dir="ltr">{}{}</bdi>', MINUS if value < 0 else "", written)


@register.filter
def percent(value: Decimal | None) -> SafeString | str:
    """Write a rate given in per cent, such as 20 or 5.5, with the locale's sign."""
    if value is None:
        return ""
    pattern = current_locale().percent_formats[None].pattern.replace("#,##0", "#,##0.##")
    written = format_percent(value / 100, format=pattern, locale=current_locale())
    return format_html('<bdi class="ltr num" dir="ltr">{}</bdi>', written.translate(DIRECTION_MARKS))


@register.filter
def count(value: int) -> str:
    """Write a whole number with the locale's separators."""
    return format_decimal(value, format="#,##0", locale=current_locale())


def _date(value: date | None, pattern: str) -> str:
    if value is None:
        return ""
    locale = current_locale()
    # Arabic has no short month names, and only the long ones differ by country.
    if locale.language == "ar":
        pattern = pattern.replace("MMMM", "MMM").replace("MMM", "MMMM")
    local = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return format_date(local, format=pattern, locale=locale).translate(DIRECTION_MARKS)


@register.filter
def day(value: date | None) -> str:
    """Write a day: 5 Dec 2026, 5 déc. 2026, 5 دجنبر 2026 (ar-MA)."""
    return _date(value, "d MMM y")


@register.filter
def long_day(value: date | None) -> str:
    """Write a day with the month in full: 5 December 2026."""
    return _date(value, "d MMMM y")


@register.filter
def short_day(value: date | None) -> str:
    """Write a day without its year, for timelines: 5 Nov."""
    return _date(value, "d MMM")


@register.filter
def month(value: date | None) -> str:
    """Write a month in full: December 2026."""
    return _date(value, "MMMM y")


@register.filter
def clock(value: datetime | None) -> str:
    """Write a time of day in the active time zone on 24 hours: 09:12."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_time(local, format="HH:mm", locale=current_locale())


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment in the active time zone: 5 Dec 2026, 09:12."""
    if value is None:
        return ""
    comma = "،" if current_locale().language == "ar" else ","
    return f"{day(value)}{comma} {clock(value)}"


@register.filter
def status_label(status: str) -> str:
    """Return the word for an invoice's status; an unknown status is its own word."""
    return str(STATUSES[status].label) if status in STATUSES else status


@register.filter
def status_icon(status: str) -> str:
    """Return the icon's name for an invoice's status, or nothing where the word is enough."""
    return STATUSES[status].icon if status in STATUSES else ""


@register.filter
def marked(text: str, term: str) -> SafeString:
    """Mark what was searched for where it stands in a text, whatever its case and accents."""
    parts, at = [], 0
    for start, end in places_found(str(text), term):
        parts.append(format_html("{}<mark>{}</mark>", text[at:start], text[start:end]))
        at = end
    return format_html("{}{}", SafeString("".join(parts)), text[at:])


@register.filter
def initial(name: str) -> str:
    """Return the first letter of a name for its mark."""
    return str(name).strip()[:1].upper()


@register.filter
def widget_kind(field: BoundField) -> str:
    """Return how components/field.html lays a field out: check, ticks, select, area, file or text."""
    if field.widget_type in {"checkboxselectmultiple", "radioselect"}:
        return "ticks"
    widget = field.field.widget
    if getattr(widget, "input_type", "") == "checkbox":
        return "check"
    if getattr(widget, "input_type", "") == "file":
        return "file"
    if getattr(widget, "input_type", "") == "select":
        return "select" if not getattr(widget, "allow_multiple_selected", False) else "text"
    return "area" if field.widget_type.endswith("textarea") else "text"


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """Draw an icon of the sprite; css adds classes (l is larger), label names it where it stands alone."""
    classes = ["i", css]
    classes += ["flip"] if name in MIRRORED_ICONS else []
    classes += ["dt"] if name in DOTTED_ICONS else []
    naming = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="{}" {}><use href="{}#{}"/></svg>',
        " ".join(filter(None, classes)),
        SafeString(naming),
        static("icons/sprite.svg"),
        name,
    )
