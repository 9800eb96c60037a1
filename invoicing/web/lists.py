"""The list of invoices: searched, filtered, sorted, with what it adds up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from invoicing.domain.lifecycle import status
from invoicing.filters import ORDERING, InvoiceFilter
from invoicing.models import Invoice
from invoicing.queries import currencies_used, list_sums, tab_counts
from invoicing.web.base import InvoicePage

PAGE_SIZE: Final = 25
DEFAULT_ORDERING: Final = "-created_at"
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
TAB_PARAMETERS: Final = ("status", "open", "type")
# The filters beside tabs and search, with their names on chips
CHIPS: Final = {
    "search": gettext_lazy("Search"),
    "client_id": gettext_lazy("Client"),
    "client_name": gettext_lazy("Client"),
    "currency": gettext_lazy("Currency"),
    "issued_after": gettext_lazy("Issued from"),
    "issued_before": gettext_lazy("Issued until"),
    "due_after": gettext_lazy("Due from"),
    "due_before": gettext_lazy("Due until"),
    "min_amount": gettext_lazy("Total from"),
    "max_amount": gettext_lazy("Total up to"),
}
HEADS: Final = {
    "client_name": gettext_lazy("Client"),
    "invoice_number": gettext_lazy("Number"),
    "issue_date": pgettext_lazy("date", "Issued"),
    "due_date": pgettext_lazy("date", "Due"),
    "total": gettext_lazy("Total"),
    "amount_due": gettext_lazy("Amount due"),
}
# Heads that begin with the largest or latest
FALLING: Final = frozenset({"issue_date", "due_date", "total", "amount_due"})


class InvoiceList(InvoicePage):
    """All invoices and notes of the business."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the list."""
        at, query = timezone.now(), request.GET
        filters = InvoiceFilter(query, queryset=self.invoices(), business=self.business, at=at)
        ordering = ordering_of(query)
        rows = in_order(filters.qs, ordering).only(*COLUMNS)
        page = Paginator(rows, PAGE_SIZE).get_page(query.get("page"))
        counts = tab_counts(self.invoices(), at=at)
        context = {
            "rows": [(invoice, status(invoice, at=at).value) for invoice in page.object_list],
            "page": page,
            "query": without(query, "page").urlencode(),
            "any_invoice": bool(counts["all"]),
            "tabs": tabs_of(query, counts),
            "heads": heads_of(query, ordering),
            "chips": chips_of(query),
            "sums": list_sums(filters.qs),
            "currencies": currencies_used(self.business),
            "asked": {name: query.get(name, "") for name in (*CHIPS, *TAB_PARAMETERS)},
            "ordering": "" if ordering == DEFAULT_ORDERING else ordering,
            "kept": [(name, query[name]) for name in TAB_PARAMETERS if query.get(name)],
            "problems": [str(text) for texts in filters.form.errors.values() for text in texts],
            "list_url": reverse("invoicing:invoice_list"),
        }
        return self.page("invoicing/invoice_list.html", context)


def ordering_of(query: QueryDict) -> str:
    """Return by what the list is sorted."""
    asked = query.get("ordering", "")
    return asked if asked.removeprefix("-") in ORDERING else DEFAULT_ORDERING


def in_order(rows: QuerySet[Invoice], ordering: str) -> QuerySet[Invoice]:
    """Return the invoices in the order of the list."""
    direction = "-" if ordering.startswith("-") else ""
    return rows.order_by(direction + ORDERING[ordering.lstrip("-")], f"{direction}id")


def without(query: QueryDict, *names: str) -> QueryDict:
    """Return a query without some of its parameters."""
    rest = query.copy()
    for name in names:
        rest.pop(name, None)
    return rest


def with_values(query: QueryDict, **values: str) -> str:
    """Return the address of the list with some parameters changed, from its first page."""
    changed = without(query, "page", *values)
    for name, value in values.items():
        changed[name] = value
    return "?" + changed.urlencode()


def tabs_of(query: QueryDict, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return the tabs. Search and filters stay when the tab changes."""
    asked = tuple((name, query[name]) for name in TAB_PARAMETERS if query.get(name))
    rest = without(query, "page", *TAB_PARAMETERS)
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
                "current": asked == tab.query,
            }
        )
    return tabs


def heads_of(query: QueryDict, ordering: str) -> dict[str, dict[str, str]]:
    """Return the heads by which the list can be sorted, by name."""
    heads = {}
    for name, label in HEADS.items():
        if ordering.removeprefix("-") == name:
            falls = ordering.startswith("-")
            following, sort = (name if falls else f"-{name}"), ("descending" if falls else "ascending")
        else:
            following, sort = (f"-{name}" if name in FALLING else name), ""
        heads[name] = {"label": str(label), "url": with_values(query, ordering=following), "sort": sort}
    return heads


def chips_of(query: QueryDict) -> list[dict[str, str]]:
    """Return what the list was narrowed by, each with the address of the list without it."""
    return [
        {
            "label": str(label),
            "value": _("one client") if name == "client_id" else query.get(name, ""),
            "url": "?" + without(query, "page", name).urlencode(),
        }
        for name, label in CHIPS.items()
        if query.get(name) and name != "search"
    ]
