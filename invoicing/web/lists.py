"""The list of invoices: searched, filtered, sorted, with what it adds up to."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.templatetags.ui import currency_digits, figure_text, money_text
from invoicing.domain.lifecycle import status, today
from invoicing.filters import ORDERING, InvoiceFilter
from invoicing.models import Invoice, SavedView
from invoicing.models.view import LONGEST_NAME
from invoicing.queries import currencies_used, list_sums, tab_counts, views_of
from invoicing.web.base import InvoicePage
from invoicing.web.narrowing import (
    OF_THE_PAGE,
    TAB_PARAMETERS,
    asked_of,
    chips_of,
    filters_of,
    named,
    problems_of,
    with_values,
    without,
)

PAGE_SIZE: Final = 25
DEFAULT_ORDERING: Final = "-created_at"
SAMPLE: Final = Decimal(1111)  # is written with the separator of thousands
# What a row shows, and what its status follows from
COLUMNS: Final = (
    "pk", "number", "type", "state", "settlement", "client_name", "currency", "issue_date", "due_date", "total",
    "amount_due", "amount_paid", "overdue_at", "viewed_at", "sent_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the list: the parameters it stands for."""

    name: str
    label: Promise
    query: tuple[tuple[str, str], ...] = ()


TABS: Final = (
    Tab("all", pgettext_lazy("invoices", "All")),
    Tab("draft", gettext_lazy("Drafts"), (("status", "draft"),)),
    Tab("open", pgettext_lazy("invoices", "Open"), (("open", "true"),)),
    Tab("overdue", gettext_lazy("Overdue"), (("status", "overdue"),)),
    Tab("paid", pgettext_lazy("invoices", "Paid"), (("status", "paid"),)),
    Tab("notes", pgettext_lazy("invoices", "Notes"), (("type", "credit_note,debit_note"),)),
)
HEADS: Final = {
    "client_name": gettext_lazy("Client"),
    "invoice_number": gettext_lazy("Number"),
    "issue_date": pgettext_lazy("date", "Issued"),
    "due_date": pgettext_lazy("date", "Due"),
    "total": gettext_lazy("Total"),
    "amount_due": gettext_lazy("Amount due"),
}
# What the form of filters has no field for
CARRIED: Final = ("view", "ordering", "open", "client_id", "currency", "issued", "due")
# Heads that begin with the largest or latest
FALLING: Final = frozenset({"issue_date", "due_date", "total", "amount_due"})


class InvoiceList(InvoicePage):
    """All invoices and notes of the business."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the list."""
        at, asked = timezone.now(), asked_of(request.GET)
        views = views_of(self.actor, self.business)
        view = next((each for each in views if each.pk == asked.get("view")), None)
        if view and set(asked) == {"view"}:
            return redirect(address_of(view))
        filters = narrowed(self, asked, at=at)
        rows = in_order(filters.qs, ordering_of(asked)).only(*COLUMNS)
        page = Paginator(rows, PAGE_SIZE).get_page(asked.get("page"))
        counts, currencies = tab_counts(self.invoices(), at=at), currencies_used(self.business)
        tabs = tabs_of(asked, counts)
        in_tab = any(tab["current"] for tab in tabs[1:])
        chips = chips_of(asked, business=self.business, currencies=currencies, in_tab=in_tab)
        query = without(asked, *OF_THE_PAGE).urlencode()
        context = {
            "rows": [(invoice, status(invoice, at=at).value) for invoice in page.object_list],
            "page": page,
            "query": without(asked, "page").urlencode(),
            "filter_query": query,
            "any_invoice": bool(counts["all"]),
            "tabs": [*tabs, *view_tabs(views, view)],
            "heads": heads_of(asked, ordering_of(asked)),
            "chips": chips,
            "sums": list_sums(filters.qs),
            "asked": {name: asked.get(name, "") for name in (*filters.filters, "issued", "due", "ordering", "view")},
            "hidden": [(name, asked[name]) for name in CARRIED if name in asked],
            "filters_named": named(chips, asked.get("search", "")),
            "view": view,
            "view_changed": view is not None and view.query != query,
            "longest_name": LONGEST_NAME,
            "problems": problems_of(filters, asked),
            "list_url": reverse("invoicing:invoice_list"),
            "money_forms": json.dumps(money_forms(currencies)),
        }
        return self.page("invoicing/invoice_list.html", context)


def narrowed(page: InvoicePage, asked: QueryDict, *, at: datetime) -> InvoiceFilter:
    """Return the invoices of a page's business as an address narrows them."""
    given = filters_of(asked, today=today(page.business.timezone, at=at))
    return InvoiceFilter(given, queryset=page.invoices(), business=page.business, at=at)


def ordering_of(query: QueryDict) -> str:
    """Return by what the list is sorted."""
    asked = query.get("ordering", "")
    return asked if asked.removeprefix("-") in ORDERING else DEFAULT_ORDERING


def in_order(rows: QuerySet[Invoice], ordering: str) -> QuerySet[Invoice]:
    """Return the invoices in the order of the list."""
    direction = "-" if ordering.startswith("-") else ""
    return rows.order_by(direction + ORDERING[ordering.lstrip("-")], f"{direction}id")


def address_of(view: SavedView) -> str:
    """Return the list as a saved view shows it."""
    return f"{reverse('invoicing:invoice_list')}?view={view.pk}&{view.query}"


def tabs_of(asked: QueryDict, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return the tabs. Search and filters stay when the tab changes; those of a saved view go with it."""
    chosen = tuple((name, asked[name]) for name in TAB_PARAMETERS if asked.get(name))
    rest = QueryDict(mutable=True) if "view" in asked else without(asked, "page", *TAB_PARAMETERS)
    tabs = []
    for tab in TABS:
        target = rest.copy()
        for name, value in tab.query:
            target[name] = value
        tabs.append(
            {
                "label": tab.label,
                "url": "?" + target.urlencode(),
                "count": counts[tab.name],
                "current": chosen == tab.query and "view" not in asked,
            }
        )
    return tabs


def view_tabs(views: Sequence[SavedView], current: SavedView | None) -> list[dict[str, Any]]:
    """Return a person's saved views as tabs."""
    return [{"label": view.name, "url": address_of(view), "count": None, "current": view == current} for view in views]


def heads_of(
    asked: QueryDict, ordering: str, labels: Mapping[str, Promise] = HEADS, falling: Collection[str] = FALLING
) -> dict[str, dict[str, str]]:
    """Return the heads by which a list can be sorted, by name."""
    heads = {}
    for name, label in labels.items():
        if ordering.removeprefix("-") == name:
            falls = ordering.startswith("-")
            following, sort = (name if falls else f"-{name}"), ("descending" if falls else "ascending")
        else:
            following, sort = (f"-{name}" if name in falling else name), ""
        heads[name] = {"label": str(label), "url": with_values(asked, ordering=following), "sort": sort}
    return heads


def money_forms(currencies: Sequence[str]) -> list[dict[str, Any]]:
    """Return how amounts are written, for the sums of what is ticked: one written amount of each currency."""
    return [
        {
            "currency": code,
            "digits": currency_digits(code),
            "sample": money_text(SAMPLE, code),
            "figure": figure_text(SAMPLE, code),
        }
        for code in currencies
    ]
