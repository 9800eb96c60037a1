"""What a list of invoices can be narrowed by: the same for pages and API."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

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
from accounts.models import Business
from accounts.schema import clean_currency
from accounts.search import normalise
from invoicing.choices import InvoiceType
from invoicing.domain.lifecycle import Status, status_condition
from invoicing.models import Invoice, InvoiceQuerySet
from invoicing.models.invoice import MOST_WORDS
from invoicing.queries.search import amounts_meant

# The API's names of what a list can be sorted by, with the columns behind them
ORDERING = {
    "created_at": "created_at",
    "issue_date": "issue_date",
    "due_date": "due_date",
    "total": "total",
    "amount_due": "amount_due",
    "client_name": "client_name",
    "invoice_number": "number",
}


class InvoiceFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package brings no types
    """Filters of invoices. Days are whole days in the business's time zone; all bounds are inclusive.

    ``business`` (or its id) says whose days are meant, else UTC; ``at`` by which moment something is overdue.
    """

    status = WordsFilter(label=gettext_lazy("Status"), words=Status.values, method="by_status")
    open = TruthFilter(label=gettext_lazy("Open"), described="Issued, and something is due.", method="by_open")
    type = WordsFilter(label=gettext_lazy("Type"), words=InvoiceType.values, lookup_expr="in")
    client_id = CleanFilter(label=gettext_lazy("Client"), described="The client's id.", clean=clean_term)
    client_name = CleanFilter(
        label=gettext_lazy("Client's name"), described=CONTAINS, clean=clean_term, method="by_client_name"
    )
    client_email = CleanFilter(
        label=gettext_lazy("Client's email"), described=CONTAINS, clean=clean_term, method="by_client_email"
    )
    invoice_number = CleanFilter(label=gettext_lazy("Number"), described=EXACT, clean=clean_term, field_name="number")
    reference = CleanFilter(label=gettext_lazy("Reference"), described=EXACT, clean=clean_term)
    currency = CleanFilter(label=gettext_lazy("Currency"), described="ISO 4217.", clean=clean_currency)
    created_after = DayFilter(label=gettext_lazy("Created from"), method="by_creation")
    created_before = DayFilter(label=gettext_lazy("Created until"), method="by_creation")
    issued_after = DayFilter(label=gettext_lazy("Issued from"), field_name="issue_date", lookup_expr="gte")
    issued_before = DayFilter(label=gettext_lazy("Issued until"), field_name="issue_date", lookup_expr="lte")
    due_after = DayFilter(label=gettext_lazy("Due from"), field_name="due_date", lookup_expr="gte")
    due_before = DayFilter(label=gettext_lazy("Due until"), field_name="due_date", lookup_expr="lte")
    min_amount = AmountFilter(label=gettext_lazy("Total from"), field_name="total", lookup_expr="gte")
    max_amount = AmountFilter(label=gettext_lazy("Total up to"), field_name="total", lookup_expr="lte")
    search = CleanFilter(
        label=gettext_lazy("Search"),
        described=(
            "Each word in number, reference, or the client's name, email or phone; a figure also finds what has it "
            "as total or amount due."
        ),
        clean=clean_term,
        method="matching",
    )

    class Meta:
        model = Invoice
        fields: list[str] = []

    def __init__(
        self, *args: Any, business: Business | str | None = None, at: datetime | None = None, **options: Any
    ) -> None:
        self.business = business
        self.at = at or timezone.now()
        super().__init__(*args, **options)

    def by_status(self, rows: QuerySet[Invoice], name: str, value: list[str]) -> QuerySet[Invoice]:
        """Keep those with one of the labels."""
        condition = Q()
        for label in value:
            condition |= status_condition(label, at=self.at)
        return rows.filter(condition)

    def by_open(self, rows: InvoiceQuerySet, name: str, value: Any) -> QuerySet[Invoice]:
        """Keep the issued ones of which something is due, or all others."""
        return rows.with_amount_due() if value else rows.without_amount_due()

    def by_client_name(self, rows: QuerySet[Invoice], name: str, value: str) -> QuerySet[Invoice]:
        """Keep those in whose client's name the text stands, whatever its case and accents."""
        term = normalise(value)
        # The indexed text holds the name too: it narrows, the name alone decides.
        return rows.filter(search_text__contains=term, client_name_search__contains=term)

    def by_client_email(self, rows: QuerySet[Invoice], name: str, value: str) -> QuerySet[Invoice]:
        """Keep those in whose client's email the text stands."""
        term = normalise(value)
        return rows.filter(
            Q(client_email__icontains=value) | Q(client_email__icontains=term), search_text__contains=term
        )

    def by_creation(self, rows: QuerySet[Invoice], name: str, value: date) -> QuerySet[Invoice]:
        """Keep those written from a day on, or until its end."""
        if name == "created_after":
            return rows.filter(created_at__gte=self.begin(value))
        return rows.filter(created_at__lt=self.begin(value + timedelta(days=1)))

    def matching(self, rows: InvoiceQuerySet, name: str, value: str) -> QuerySet[Invoice]:
        """Keep those in whose searched text each word stands, and of a figure those of this amount."""
        amounts = amounts_meant(value)
        if not amounts:
            return rows.matching(value)
        words = Q(*(Q(search_text__contains=word) for word in normalise(value).split()[:MOST_WORDS]))
        return rows.filter(words | Q(total__in=amounts) | Q(amount_due__in=amounts))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The business's time zone, looked up when a day is asked for."""
        if isinstance(self.business, Business):
            return ZoneInfo(self.business.timezone)
        name = Business.objects.filter(pk=self.business or "").values_list("timezone", flat=True).first()
        return ZoneInfo(name or "UTC")

    def begin(self, day: date) -> datetime:
        """Return the moment a day begins in the business's time zone."""
        return datetime.combine(day, time(), self.zone)
