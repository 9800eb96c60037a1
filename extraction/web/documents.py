"""The list of documents: searched, filtered, sorted, with what it adds up to, and the same as sums and as a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.tables import table_response
from extraction.choices import DocumentStatus
from extraction.queries import (
    currencies_of,
    status_counts,
    sums_by_currency,
    sums_by_month,
    sums_by_vendor,
)
from extraction.services.exports import document_sheet
from extraction.web.base import DocumentPage
from extraction.web.narrowing import (
    PERIODS,
    asked_of,
    chips_of,
    filter_query,
    in_order,
    narrowed,
    ordering_of,
)
from extraction.web.upload import offered
from invoicing.web.exports import back, form_of
from invoicing.web.lists import heads_of, money_forms
from invoicing.web.narrowing import named, problems_of, without

PAGE_SIZE: Final = 25
MOST_VENDORS: Final = 100  # in the sums; the file has all
READING: Final = (DocumentStatus.QUEUED.value, DocumentStatus.PROCESSING.value)


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the list: the statuses it stands for."""

    label: Promise
    statuses: tuple[str, ...] = ()


TABS: Final = (
    Tab(pgettext_lazy("documents", "All")),
    Tab(pgettext_lazy("documents", "To verify"), (DocumentStatus.DONE.value,)),
    Tab(pgettext_lazy("documents", "Being read"), READING),
    Tab(pgettext_lazy("documents", "Not readable"), (DocumentStatus.FAILED.value,)),
    Tab(pgettext_lazy("documents", "Verified"), (DocumentStatus.VERIFIED.value,)),
)
HEADS: Final = {
    "vendor": gettext_lazy("Vendor"),
    "number": gettext_lazy("Number"),
    "date": pgettext_lazy("of an invoice", "Date"),
    "created_at": pgettext_lazy("of a document", "Uploaded"),
    "amount": gettext_lazy("Total"),
}
FALLING: Final = frozenset({"date", "created_at", "amount"})
# What the form of filters has no field for
CARRIED: Final = ("ordering", "currency", "verified", "date")


class DocumentList(DocumentPage):
    """All documents of the business."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the list, under the place to drop new ones."""
        asked = asked_of(request.GET)
        filters = narrowed(self, asked)
        rows = in_order(filters.qs, ordering_of(asked)).select_related("latest", "duplicate_of")
        page = Paginator(rows, PAGE_SIZE).get_page(asked.get("page"))
        context = {
            "rows": page.object_list,
            "page": page,
            "query": without(asked, "page").urlencode(),
            "heads": heads_of(asked, ordering_of(asked), HEADS, FALLING),
            "sums": sums_by_currency(filters.qs),
            **offered(),
        }
        return self.page("extraction/document_list.html", frame_of(self, asked, filters) | context)


class DocumentSums(DocumentPage):
    """What the documents of the list add up to, by month and by vendor."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the sums."""
        asked = asked_of(request.GET)
        filters = narrowed(self, asked)
        vendors = sums_by_vendor(filters.qs)
        context = {
            "sums": sums_by_currency(filters.qs),
            "months": sums_by_month(filters.qs),
            "vendors": vendors[:MOST_VENDORS],
            "more_vendors": max(len(vendors) - MOST_VENDORS, 0),
        }
        return self.page("extraction/document_sums.html", frame_of(self, asked, filters) | context)


class DocumentExport(DocumentPage):
    """The documents that a list shows, on all its pages."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the file, or go back to the list, which says what is wrong with its filters."""
        form, asked = form_of(request.GET), asked_of(request.GET)
        filters = narrowed(self, asked)
        if problems_of(filters, asked, PERIODS):
            return back("extraction:document_list", request.GET)
        rows = in_order(filters.qs, ordering_of(asked))
        return table_response(document_sheet(rows, business=self.business), form, name=f"documents-{self.today()}")


def to_documents(query: str = "") -> HttpResponse:
    """Go to the list."""
    return redirect(reverse("extraction:document_list") + (f"?{query}" if query else ""))


def frame_of(page: DocumentPage, asked: QueryDict, filters: Any) -> dict[str, Any]:
    """Return what the list and its sums show alike: tabs, filters and what is wrong with them."""
    counts, currencies = status_counts(page.documents()), currencies_of(page.business.pk)
    tabs = tabs_of(asked, counts)
    chips = chips_of(asked, currencies=currencies, in_tab=any(tab["current"] for tab in tabs[1:]))
    return {
        "any_document": bool(counts["all"]),
        "any_active": any(counts[status] for status in READING),
        "tabs": tabs,
        "chips": chips,
        "asked": {name: asked.get(name, "") for name in filters.filters},
        "hidden": [(name, asked[name]) for name in CARRIED if name in asked],
        "filters_named": named(chips, asked.get("search", "")),
        "filter_query": filter_query(asked),
        "problems": problems_of(filters, asked, PERIODS),
        "list_url": reverse("extraction:document_list"),
        "money_forms": json.dumps(money_forms(currencies)),
        "here": page.request.path,
    }


def tabs_of(asked: QueryDict, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return the tabs. Search and filters stay when the tab changes."""
    chosen, rest = asked.get("status", ""), without(asked, "page", "status")
    tabs = []
    for tab in TABS:
        target = rest.copy()
        if tab.statuses:
            target["status"] = ",".join(tab.statuses)
        tabs.append(
            {
                "label": tab.label,
                "url": "?" + target.urlencode(),
                "count": sum(counts[status] for status in tab.statuses) if tab.statuses else counts["all"],
                "current": chosen == target.get("status", ""),
            }
        )
    return tabs
