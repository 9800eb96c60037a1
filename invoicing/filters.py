"""What a list of invoices can be narrowed by: the same for pages and API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field

from accounts.models import Business
from accounts.schema import FieldError, clean_currency, clean_decimal, clean_text
from accounts.search import normalise
from invoicing.choices import InvoiceType
from invoicing.domain.fields import clean_date
from invoicing.domain.lifecycle import Status, status_condition
from invoicing.models import Invoice, InvoiceQuerySet
from invoicing.models.fields import SCALE
from invoicing.models.invoice import MOST_WORDS
from invoicing.money import LARGEST
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
LONGEST_TERM = 200
CONTAINS = "Stands anywhere in it; case and accents do not matter."
EXACT = "Exactly this."
TRUTHS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


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


def clean_term(value: str) -> str:
    """Return what is looked for."""
    return clean_text(value, LONGEST_TERM)


def clean_truth(value: str) -> bool:
    """Return a truth value as query strings write it."""
    truth = TRUTHS.get(str(value).strip().lower())
    if truth is None:
        raise FieldError(_("This is either true or false."))
    return truth


def clean_bound(value: str) -> Any:
    """Return an amount to compare with."""
    return clean_decimal(value, places=SCALE, low=-LARGEST, high=LARGEST)


def words_of(choices: Iterable[str]) -> Callable[[str], list[str]]:
    """Return a cleaner of one or several words of a closed list, separated by commas."""
    known = [str(choice) for choice in choices]

    def clean(value: str) -> list[str]:
        words = [word for part in clean_text(value, LONGEST_TERM).split(",") if (word := part.strip().lower())]
        for word in words:
            if word not in known:
                raise FieldError(unknown_word(word, known))
        return words

    return clean


def unknown_word(word: str, known: list[str]) -> str:
    """Say that a word is not known, and which one may have been meant."""
    nearest = get_close_matches(word, known, n=1, cutoff=0.5)
    if nearest:
        sentence = _("“%(word)s” is not known. Did you mean “%(nearest)s”? Known are: %(words)s.")
    else:
        sentence = _("“%(word)s” is not known. Known are: %(words)s.")
    return sentence % {"word": word, "nearest": (nearest or [""])[0], "words": ", ".join(known)}


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
        super().__init__(clean=clean_date, described="The day is included.", **options)


class AmountFilter(CleanFilter):
    """A filter by an amount, included."""

    schema = {"type": "number"}

    def __init__(self, **options: Any) -> None:
        super().__init__(clean=clean_bound, described="The amount is included.", **options)


class TruthFilter(CleanFilter):
    """A filter that is on or off."""

    schema = {"type": "boolean"}

    def __init__(self, **options: Any) -> None:
        super().__init__(clean=clean_truth, **options)


class WordsFilter(CleanFilter):
    """A filter by one or several words of a closed list, separated by commas."""

    def __init__(self, *, words: Iterable[str], **options: Any) -> None:
        known = [str(word) for word in words]
        described = "Several, by commas: " + ", ".join(f"`{word}`" for word in known) + "."
        super().__init__(clean=words_of(known), described=described, **options)


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
