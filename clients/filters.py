"""What a list of clients can be narrowed by: the same for pages and API."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.filters import CleanFilter
from accounts.schema import clean_country
from clients.choices import ClientType
from clients.models import Client, ClientQuerySet


class ClientFilter(django_filters.FilterSet):  # type: ignore[misc]  # the package brings no types
    """Filters of clients. Archived ones are hidden unless ``archived`` asks for them alone."""

    type = django_filters.ChoiceFilter(label=_("Type"), choices=ClientType.choices)
    category = django_filters.CharFilter(label=_("Category"), method="in_category")
    country = CleanFilter(label=_("Country"), described="ISO 3166-1, two letters.", clean=clean_country)
    archived = django_filters.ChoiceFilter(
        label=_("Archived"), method="only_archived", choices=[("true", _("Yes")), ("false", _("No"))]
    )
    search = django_filters.CharFilter(label=_("Search"), method="matching")

    class Meta:
        model = Client
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Client]) -> QuerySet[Client]:
        """Apply what was asked, and hide archived clients when nothing was said of them."""
        rows: QuerySet[Client] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("archived") else rows.filter(archived_at=None)

    def in_category(self, rows: ClientQuerySet, name: str, value: str) -> ClientQuerySet:
        """Keep those that bear the category."""
        return rows.in_category(value)

    def only_archived(self, rows: ClientQuerySet, name: str, value: str) -> ClientQuerySet:
        """Keep those that are archived, or those that are not."""
        return rows.filter(archived_at__isnull=value == "false")

    def matching(self, rows: ClientQuerySet, name: str, value: str) -> ClientQuerySet:
        """Keep those in which each word stands."""
        return rows.matching(value)
