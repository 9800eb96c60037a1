"""What lists of documents and of their runs can be narrowed by: the same for pages and API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import QueueState
from accounts.filters import (
    CONTAINS,
    EXACT,
    AmountFilter,
    CleanFilter,
    DayFilter,
    TruthFilter,
    WordsFilter,
    clean_term,
)
from accounts.schema import clean_currency
from accounts.search import normalise
from extraction.choices import DocumentStatus
from extraction.models import Document, Extraction
from extraction.models.document import DocumentQuerySet

# The API's names of what a list can be sorted by, with the columns behind them
ORDERING = {
    "created_at": "created_at",
    "vendor": "vendor",
    "number": "number",
    "date": "date",
    "amount": "total",
}
RUN_STATES = {
    "queued": QueueState.QUEUED.value,
    "processing": QueueState.RUNNING.value,
    "done": QueueState.DONE.value,
    "failed": QueueState.FAILED.value,
}


class DocumentFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package brings no types
    """Filters of documents, by what they are known by: verified, else read, else said. All bounds are inclusive."""

    status = WordsFilter(label=_("Status"), words=DocumentStatus.values, method="by_status")
    vendor = CleanFilter(
        label=_("Vendor"),
        described=CONTAINS,
        clean=clean_term,
        method="by_vendor",
    )
    number = CleanFilter(label=_("Number"), described=EXACT, clean=clean_term)
    date = DayFilter(label=_("Date"))
    date_after = DayFilter(label=_("Date from"), field_name="date", lookup_expr="gte")
    date_before = DayFilter(label=_("Date until"), field_name="date", lookup_expr="lte")
    amount = AmountFilter(label=_("Amount"), field_name="total")
    min_amount = AmountFilter(label=_("Amount from"), field_name="total", lookup_expr="gte")
    max_amount = AmountFilter(label=_("Amount up to"), field_name="total", lookup_expr="lte")
    currency = CleanFilter(label=_("Currency"), described="ISO 4217.", clean=clean_currency)
    verified = TruthFilter(
        label=_("Verified"), described="A person verified it, also where it is read anew.", method="by_verification"
    )
    search = CleanFilter(
        label=_("Search"),
        described="Each word in vendor, number, file name, remarks, tax number or purchase order.",
        clean=clean_term,
        method="matching",
    )

    class Meta:
        model = Document
        fields: list[str] = []

    def by_status(self, rows: DocumentQuerySet, name: str, value: list[str]) -> QuerySet[Document]:
        """Keep those with one of the labels."""
        return rows.with_status(*value)

    def by_verification(self, rows: DocumentQuerySet, name: str, value: Any) -> QuerySet[Document]:
        """Keep those that a person verified, or all others."""
        return rows.filter(verified_at__isnull=not value)

    def by_vendor(self, rows: DocumentQuerySet, name: str, value: str) -> QuerySet[Document]:
        """Keep those in whose vendor's name the text stands."""
        return rows.filter(vendor_search__contains=normalise(value))

    def matching(self, rows: DocumentQuerySet, name: str, value: str) -> QuerySet[Document]:
        """Keep those in whose searched text each word stands."""
        return rows.matching(value)


class ExtractionFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package brings no types
    """Filters of runs."""

    status = WordsFilter(label=_("Status"), words=RUN_STATES, method="by_status")
    engine = CleanFilter(
        label=_("Engine"), described="The engine that answered.", clean=clean_term, field_name="read_by"
    )
    document_id = CleanFilter(label=_("Document"), described="The document's id.", clean=clean_term)

    class Meta:
        model = Extraction
        fields: list[str] = []

    def by_status(self, rows: QuerySet[Extraction], name: str, value: list[str]) -> QuerySet[Extraction]:
        """Keep those in one of the states."""
        return rows.filter(state__in=[RUN_STATES[word] for word in value])
