"""What the list of documents is narrowed by: the address as filters take it, and its chips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from extraction.choices import DocumentStatus
from extraction.filters import ORDERING, DocumentFilter
from extraction.models import Document
from extraction.web.base import DocumentPage
from invoicing.web.narrowing import (
    Chip,
    amount_chip,
    currency_chip,
    filters_of,
    is_period,
    period_chip,
    taken,
    text_chip,
    without,
    without_periods_beside_days,
    words_chip,
)

DEFAULT_ORDERING: Final = "-created_at"
PERIODS: Final = ("date",)  # a named period, or days in _after and _before
OF_THE_PAGE: Final = ("page",)
KNOWN: Final = frozenset({*DocumentFilter.base_filters, "ordering", *OF_THE_PAGE})


def asked_of(query: QueryDict) -> QueryDict:
    """Return what an address asks of the list: each known parameter once, nothing empty, nothing that contradicts."""
    asked = taken(query, KNOWN, ("status",))
    if (day := asked.get("date", "")) and not is_period(day):
        asked.pop("date")
        asked["date_after"] = asked["date_before"] = day
    return without_periods_beside_days(asked, PERIODS)


def narrowed(page: DocumentPage, asked: QueryDict) -> DocumentFilter:
    """Return the documents of a page's business as an address narrows them."""
    given = filters_of(asked, today=page.today(), periods=PERIODS)
    return DocumentFilter(given, queryset=page.documents())


def ordering_of(query: QueryDict) -> str:
    """Return by what the list is sorted."""
    asked = query.get("ordering", "")
    return asked if asked.removeprefix("-") in ORDERING else DEFAULT_ORDERING


def in_order(rows: QuerySet[Document], ordering: str) -> QuerySet[Document]:
    """Return the documents in the order of the list."""
    direction = "-" if ordering.startswith("-") else ""
    return rows.order_by(direction + ORDERING[ordering.lstrip("-")], f"{direction}id")


def filter_query(asked: QueryDict) -> str:
    """Return what the list is narrowed and sorted by, for other addresses."""
    return without(asked, *OF_THE_PAGE).urlencode()


def chips_of(asked: QueryDict, *, currencies: Sequence[str], in_tab: bool) -> list[Chip]:
    """Return the filters with what they are set to; ``in_tab``: the status is shown by a tab already."""
    statuses = [(status.value, str(status.label)) for status in DocumentStatus]
    return [
        words_chip(asked, "status", gettext_lazy("Status"), statuses, in_tab=in_tab),
        text_chip(asked, "vendor", gettext_lazy("Vendor")),
        text_chip(asked, "number", gettext_lazy("Number")),
        period_chip(asked, "date", pgettext_lazy("of an invoice", "Date")),
        amount_chip(asked),
        *([currency_chip(asked, currencies)] if len(currencies) > 1 or asked.get("currency") else []),
    ]
