"""What the list of invoices is narrowed by: the address as filters take it, its chips and their menus."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.models import Business
from accounts.templatetags.ui import day, figure_text, status_label, unit
from clients.models import Client
from invoicing.choices import InvoiceType
from invoicing.domain.lifecycle import Status
from invoicing.domain.periods import NamedPeriod, days_of
from invoicing.filters import InvoiceFilter

TAB_PARAMETERS: Final = ("status", "open", "type")
SEVERAL: Final = ("status", "type")  # of which several values may be asked for
PERIODS: Final = ("issued", "due")  # each with a named period, or days in _after and _before
OF_THE_PAGE: Final = ("page", "view")
KNOWN: Final = frozenset({*InvoiceFilter.base_filters, *PERIODS, "ordering", *OF_THE_PAGE})
SHOWN_WORDS: Final = 2  # of several on a chip
BY_LIFE: Final = (
    *(Status.DRAFT, Status.ISSUED, Status.SENT, Status.VIEWED, Status.PARTIALLY_PAID, Status.PAID, Status.OVERDUE),
    *(Status.CANCELLED, Status.REFUNDED, Status.CREDITED),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a chip's menu: a link, or a box to tick with its value."""

    label: str
    url: str = ""
    value: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter: its name, what it is set to, if anything, the list without it, and the entries of its menu."""

    name: str
    label: Promise
    value: str = ""
    clear_url: str = ""
    choices: list[Choice] = field(default_factory=list)


def taken(query: QueryDict, known: Collection[str], several: Collection[str]) -> QueryDict:
    """Return of an address each known parameter once, nothing empty."""
    asked = QueryDict(mutable=True)
    for name in query:
        values = [value.strip() for value in query.getlist(name) if value.strip()]
        if values and name in known:
            asked[name] = ",".join(values) if name in several else values[-1]
    return asked


def asked_of(query: QueryDict) -> QueryDict:
    """Return what an address asks of the list: each known parameter once, nothing empty, nothing that contradicts."""
    asked = taken(query, KNOWN, SEVERAL)
    if "status" in asked:
        asked.pop("open", None)
    if "client_name" in asked:
        asked.pop("client_id", None)
    return without_periods_beside_days(asked, PERIODS)


def without_periods_beside_days(asked: QueryDict, periods: Sequence[str]) -> QueryDict:
    """Return what is asked without the named periods beside which days are given."""
    for name in periods:
        if any(f"{name}_{bound}" in asked for bound in ("after", "before")):
            asked.pop(name, None)
    return asked


def filters_of(asked: QueryDict, *, today: date, periods: Sequence[str] = PERIODS) -> QueryDict:
    """Return an address with its named periods as days, as the filters of the API take them."""
    found = asked.copy()
    for name in periods:
        period = asked.get(name, "")
        found.pop(name, None)
        if is_period(period):
            first, last = days_of(period, today=today)
            found[f"{name}_after"], found[f"{name}_before"] = first.isoformat(), last.isoformat()
    return found


def problems_of(filters: Any, asked: QueryDict, periods: Sequence[str] = PERIODS) -> list[str]:
    """Say which values were wrong and are left out, each with the name of its filter."""
    labels = {name: str(each.label) for name, each in filters.filters.items()}
    found = [
        _("%(filter)s: %(problem)s") % {"filter": labels.get(name, name), "problem": text}
        for name, texts in filters.form.errors.items()
        for text in texts
    ]
    for name in periods:
        if asked.get(name) and not is_period(asked[name]):
            words = {"word": asked[name], "words": ", ".join(NamedPeriod.values)}
            found.append(_("“%(word)s” is no period. Known are: %(words)s.") % words)
    return found


def without(query: QueryDict, *names: str) -> QueryDict:
    """Return a query without some of its parameters."""
    rest = query.copy()
    for name in names:
        rest.pop(name, None)
    return rest


def with_values(query: QueryDict, *, drop: Sequence[str] = (), **values: str) -> str:
    """Return the address of the list with some parameters changed, from its first page."""
    changed = without(query, "page", *drop, *values)
    for name, value in values.items():
        changed[name] = value
    return "?" + changed.urlencode()


# Chips


def chips_of(asked: QueryDict, *, business: Business, currencies: Sequence[str], in_tab: bool) -> list[Chip]:
    """Return the filters with what they are set to; ``in_tab``: status and type are shown by a tab already."""
    return [
        words_chip(asked, "status", gettext_lazy("Status"), status_choices(), in_tab=in_tab),
        client_chip(asked, business),
        *([currency_chip(asked, currencies)] if len(currencies) > 1 or asked.get("currency") else []),
        period_chip(asked, "issued", pgettext_lazy("date", "Issued")),
        period_chip(asked, "due", pgettext_lazy("date", "Due")),
        amount_chip(asked),
        words_chip(asked, "type", gettext_lazy("Type"), type_choices(), in_tab=in_tab),
    ]


def status_choices() -> list[tuple[str, str]]:
    """Return the statuses with their words, in the order of a document's life."""
    return [(label.value, status_label(label.value)) for label in BY_LIFE]


def type_choices() -> list[tuple[str, str]]:
    """Return the kinds of documents with their words."""
    return [(kind.value, str(kind.label)) for kind in InvoiceType]


def words_chip(
    asked: QueryDict, name: str, label: Promise, choices: Sequence[tuple[str, str]], *, in_tab: bool
) -> Chip:
    """Return a filter by one or several words of a closed list."""
    chosen = asked.get(name, "").split(",")
    words = [word for value, word in choices if value in chosen]
    more = len(words) - SHOWN_WORDS
    value = _(", ").join(words[:SHOWN_WORDS]) + (f" +{more}" if more > 0 else "")
    return Chip(
        name,
        label,
        "" if in_tab else value,
        "?" + without(asked, "page", name).urlencode(),
        [Choice(word, value=value, chosen=value in chosen) for value, word in choices],
    )


def client_chip(asked: QueryDict, business: Business) -> Chip:
    """Return the filter by client."""
    value = asked.get("client_name", "")
    if pk := asked.get("client_id", ""):
        found = Client.objects.filter(business=business, pk=pk).values_list("name", flat=True).first()
        value = found or _("an unknown client")
    return Chip(
        "client", gettext_lazy("Client"), value, "?" + without(asked, "page", "client_id", "client_name").urlencode()
    )


def currency_chip(asked: QueryDict, currencies: Sequence[str]) -> Chip:
    """Return the filter by currency."""
    chosen = asked.get("currency", "").upper()
    choices = [Choice(unit(code), with_values(asked, currency=code), code, code == chosen) for code in currencies]
    return Chip(
        "currency",
        gettext_lazy("Currency"),
        unit(chosen) if chosen else "",
        "?" + without(asked, "page", "currency").urlencode(),
        choices,
    )


def period_chip(asked: QueryDict, name: str, label: Promise) -> Chip:
    """Return the filter by days: a named period, or from and until."""
    bounds = (f"{name}_after", f"{name}_before")
    chosen = asked.get(name, "")
    choices = [
        Choice(str(each.label), with_values(asked, drop=bounds, **{name: each.value}), each.value, each.value == chosen)
        for each in NamedPeriod
    ]
    value = next((lowered(choice.label) for choice in choices if choice.chosen), chosen)
    if not chosen:
        value = between(*(shown_day(asked.get(bound, "")) for bound in bounds))
    return Chip(name, label, value, "?" + without(asked, "page", name, *bounds).urlencode(), choices)


def text_chip(asked: QueryDict, name: str, label: Promise) -> Chip:
    """Return a filter by what is typed."""
    return Chip(name, label, asked.get(name, ""), "?" + without(asked, "page", name).urlencode())


def is_period(word: object) -> bool:
    """Return whether this names a stretch of the calendar."""
    return word in NamedPeriod.values


def amount_chip(asked: QueryDict) -> Chip:
    """Return the filter by amount."""
    bounds = ("min_amount", "max_amount")
    value = between(*(shown_amount(asked.get(bound, "")) for bound in bounds))
    return Chip("amount", gettext_lazy("Amount"), value, "?" + without(asked, "page", *bounds).urlencode())


def between(low: str, high: str) -> str:
    """Return a range in words."""
    if low and high:
        return f"{low} – {high}"
    if low:
        return pgettext("range", "from %(low)s") % {"low": low}
    return pgettext("range", "up to %(high)s") % {"high": high} if high else ""


def shown_day(text: str) -> str:
    """Return a day of an address as people read it; what is none as it stands."""
    try:
        return day(date.fromisoformat(text)) if text else ""
    except ValueError:
        return text


def shown_amount(text: str) -> str:
    """Return an amount of an address as people read it; what is none as it stands."""
    try:
        amount = Decimal(text) if text else None
        if amount is None or not amount.is_finite():
            return text
    except InvalidOperation:
        return text
    return figure_text(amount).removesuffix(figure_text(Decimal(0))[1:])


def lowered(label: str) -> str:
    """Return a label as it stands within a chip."""
    return label[:1].lower() + label[1:]


def named(chips: Sequence[Chip], term: str) -> list[str]:
    """Return what the list is narrowed by, in words: for a list in which nothing is left."""
    found = [f"{capfirst(str(chip.label))}: {chip.value}" for chip in chips if chip.value]
    return [*([f"“{term}”"] if term else []), *found]
