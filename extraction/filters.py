"""What lists of documents and of their runs can be narrowed by: the same for pages and API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field

from accounts.choices import QueueState
from accounts.schema import FieldError, clean_choice, clean_currency, clean_decimal, clean_text
from accounts.search import normalise
from extraction.choices import DocumentStatus
from extraction.models import Document, Extraction
from extraction.models.document import DocumentQuerySet
from extraction.schema import LARGEST, PLACES, clean_day

LONGEST_TERM = 200
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


class CleanField(forms.Field):
    """A form's field that asks a cleaner of ours."""

    def __init__(self, *, clean: Callable[[Any], Any], **options: Any) -> None:
        self.cleaner = clean
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        """Return the value as the filter takes it."""
        if value in self.empty_values:
            return None
        try:
            return self.cleaner(value)
        except FieldError as error:
            raise ValidationError(str(error)) from None


class CleanFilter(django_filters.Filter):  # type: ignore[misc]  # the package brings no types
    """A filter whose value passes a cleaner of ours. ``described`` is for the API's description, in English."""

    field_class = CleanField
    schema: ClassVar[Mapping[str, str]] = {"type": "string"}

    def __init__(self, *, described: str, **options: Any) -> None:
        super().__init__(**options)
        extend_schema_field({**self.schema, "description": described})(self)


class DayFilter(CleanFilter):
    """A filter by a day, included."""

    schema = {"type": "string", "format": "date"}

    def __init__(self, **options: Any) -> None:
        super().__init__(clean=clean_day, described="The day is included.", **options)


class AmountFilter(CleanFilter):
    """A filter by an amount, included."""

    schema = {"type": "number"}

    def __init__(self, **options: Any) -> None:
        super().__init__(clean=clean_bound, described="The amount is included.", **options)


def clean_bound(value: Any) -> Any:
    """Return an amount to compare with."""
    return clean_decimal(value, places=PLACES, low=-LARGEST, high=LARGEST)


def clean_term(value: Any) -> str:
    """Return what is looked for."""
    return clean_text(value, LONGEST_TERM)


def words_of(known: Iterable[str]) -> Callable[[str], list[str]]:
    """Return a cleaner of one or several words of a closed list, separated by commas."""
    words = [str(word) for word in known]

    def clean(value: str) -> list[str]:
        return [clean_choice(part, words) for part in clean_term(value).split(",") if part.strip()]

    return clean


def listed(words: Iterable[str]) -> str:
    """Return the description of a filter by several words."""
    return "Several, by commas: " + ", ".join(f"`{word}`" for word in words) + "."


class DocumentFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package brings no types
    """Filters of documents, by what they are known by: verified, else read, else said. All bounds are inclusive."""

    status = CleanFilter(
        label=_("Status"),
        described=listed(DocumentStatus.values),
        clean=words_of(DocumentStatus.values),
        method="by_status",
    )
    vendor = CleanFilter(
        label=_("Vendor"),
        described="Stands anywhere in it; case and accents do not matter.",
        clean=clean_term,
        method="by_vendor",
    )
    number = CleanFilter(label=_("Number"), described="Exactly this.", clean=clean_term)
    date = DayFilter(label=_("Date"))
    date_after = DayFilter(label=_("Date from"), field_name="date", lookup_expr="gte")
    date_before = DayFilter(label=_("Date until"), field_name="date", lookup_expr="lte")
    amount = AmountFilter(label=_("Amount"), field_name="total")
    min_amount = AmountFilter(label=_("Amount from"), field_name="total", lookup_expr="gte")
    max_amount = AmountFilter(label=_("Amount up to"), field_name="total", lookup_expr="lte")
    currency = CleanFilter(label=_("Currency"), described="ISO 4217.", clean=clean_currency)
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

    def by_vendor(self, rows: DocumentQuerySet, name: str, value: str) -> QuerySet[Document]:
        """Keep those in whose vendor's name the text stands."""
        return rows.filter(vendor_search__contains=normalise(value))

    def matching(self, rows: DocumentQuerySet, name: str, value: str) -> QuerySet[Document]:
        """Keep those in whose searched text each word stands."""
        return rows.matching(value)


class ExtractionFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package brings no types
    """Filters of runs."""

    status = CleanFilter(
        label=_("Status"), described=listed(RUN_STATES), clean=words_of(RUN_STATES), method="by_status"
    )
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
