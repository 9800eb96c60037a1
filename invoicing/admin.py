"""Invoicing for staff: everything can be found and read, nothing written; files that failed can be tried again.

Issued documents, the ledger and the timeline are the businesses' own: what corrects them is a document of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import flatten_fieldsets, quote
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts import admin as admin_of_accounts
from accounts.admin import Retriable
from invoicing.domain import lifecycle
from invoicing.models import Artifact, Event, Invoice, Line, Payment, Refund, Series

M = TypeVar("M", bound=Model)


class ReadOnly(admin_of_accounts.ReadOnly, BaseModelAdmin[M]):
    """Nothing is added, changed or deleted here, whatever a member of the staff may do elsewhere.

    The writing is the businesses'; issued documents and the ledger stay.
    """

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Make no form of anything, of columns that have none as of others."""
        return flatten_fieldsets(self.get_fieldsets(request, obj))


class ReadOnlyAdmin(ReadOnly[M], admin.ModelAdmin[M]):
    """Rows to find and read."""

    # Counting all rows once more, to say how many there are beside those found, is slow on large tables.
    show_full_result_count = False
    list_per_page = 50


class ReadOnlyInline(ReadOnly[M], admin.TabularInline[M, Invoice]):
    """Rows that belong to another, to read."""

    extra = 0
    can_delete = False
    show_change_link = False


def link(row: Model | None, text: str = "") -> str | SafeString:
    """Return a link to where the admin shows a row, or a dash."""
    if row is None:
        return "–"
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[quote(row.pk)])
    return format_html('<a href="{}">{}</a>', url, text or str(row))


class StatusFilter(admin.SimpleListFilter):
    """Narrows to one label, by the condition that pages and API use."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> Iterable[tuple[str, Any]]:
        """Offer all labels."""
        return lifecycle.Status.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> QuerySet[Invoice]:
        """Keep the documents of the label that was chosen; an unknown one keeps all."""
        chosen = self.value()
        if chosen not in lifecycle.Status.values:
            return queryset
        return queryset.filter(lifecycle.status_condition(chosen, at=timezone.now()))


class LineInline(ReadOnlyInline[Line]):
    """What is billed."""

    model = Line
    fields = (
        *(
            "position",
            "name",
            "name_ar",
            "sku",
            "quantity",
            "unit",
            "unit_price",
            "discount_rate",
            "tax_rate",
            "tax_category",
        ),
        *("exemption_reason", "net_amount", "tax_amount", "total"),
    )


class PaymentInline(ReadOnlyInline[Payment]):
    """Money that came in."""

    model = Payment
    fields = ("id", "received_at", "amount", "currency", "method", "reference", "external_id")
    ordering = ("-received_at", "-id")
    show_change_link = True


class NoteInline(ReadOnlyInline[Invoice]):
    """The notes that correct the document."""

    model = Invoice
    fk_name = "parent"
    fields = ("number", "type", "state", "issue_date", "currency", "total", "reason")
    ordering = ("created_at", "id")
    verbose_name = _("note")
    verbose_name_plural = _("notes to it")
    show_change_link = True


class ArtifactInline(ReadOnlyInline[Artifact]):
    """The files rendered of the document."""

    model = Artifact
    fields = ("id", "kind", "state", "attempts", "run_after", "size", "sha256", "last_error")
    show_change_link = True


class EventInline(ReadOnlyInline[Event]):
    """Who did what, newest first."""

    model = Event
    fields = ("at", "kind", "actor_name", "actor_id", "channel", "ip", "data")
    ordering = ("-at", "-version")


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin[Invoice]):
    """Documents of all businesses, with all that happened to them."""

    list_display = (
        *("label", "business", "type", "status", "client_name", "issue_date", "due_date", "currency", "total"),
        *("amount_due", "created_at"),
    )
    list_display_links = ("label",)
    list_filter = (StatusFilter, "type", "settlement", "language", "issue_date", "created_at")
    list_select_related = ("business",)
    search_fields = (
        "id__exact",
        "business__id__exact",
        "business__name",
        "client__id__exact",
    )  # and what pages search in
    search_help_text = _("Number, reference, client's name, email or phone, business's name, or an id")
    ordering = ("-created_at", "-id")
    inlines = (LineInline, PaymentInline, NoteInline, ArtifactInline, EventInline)
    fieldsets = (
        (None, {"fields": ("id", "business", "client", "type", "state", "status", "number", "reference", "parent")}),
        (_("Dates"), {"fields": ("issue_date", "supply_date", "due_date", "payment_terms", "overdue_at")}),
        (
            _("Amounts"),
            {
                "fields": (
                    *("currency", "prices_include_tax", "discount_rate", "tax_rate", "subtotal", "discount_amount"),
                    *("taxable_amount", "tax_amount", "tax_breakdown", "total"),
                    *("tax_currency", "exchange_rate", "tax_amount_in_tax_currency"),
                )
            },
        ),
        (
            _("Settlement"),
            {
                "fields": (
                    *("settlement", "amount_due", "amount_paid", "amount_credited", "amount_refunded", "refunds"),
                    "paid_at",
                )
            },
        ),
        (_("Parties"), {"fields": ("seller", "buyer", "client_details", "client_given")}),
        (_("Texts"), {"fields": ("language", "notes", "footer", "reason", "warnings")}),
        (
            _("History"),
            {
                "fields": (
                    *("issued_at", "sent_at", "email_sent_at", "viewed_at", "cancelled_at", "pdf_key", "pdf_sha256"),
                    *("number_wish", "issue_date_wish", "version", "created_by", "created_at", "updated_at"),
                )
            },
        ),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Invoice], search_term: str
    ) -> tuple[QuerySet[Invoice], bool]:
        """Search as the pages do, and by id and business."""
        by_field, distinct = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return by_field, distinct
        matching = Invoice.objects.matching(search_term).values("pk")
        return by_field | queryset.filter(pk__in=matching), distinct

    @admin.display(description=_("number"), ordering="number")
    def label(self, invoice: Invoice) -> str:
        """Return the number, or the id of a draft."""
        return invoice.number or invoice.pk

    @admin.display(description=_("status"))
    def status(self, invoice: Invoice) -> str:
        """Return the label that pages and API show now."""
        return str(lifecycle.status(invoice, at=timezone.now()).label)

    @admin.display(description=_("refunds"))
    def refunds(self, invoice: Invoice) -> str | SafeString:
        """Return the refunds of all its payments, as links."""
        rows = Refund.objects.filter(payment__invoice=invoice).select_related("payment").order_by("created_at", "id")
        return format_html_join(", ", "{}", ((link(row),) for row in rows)) or "–"


@admin.register(Series)
class SeriesAdmin(ReadOnlyAdmin[Series]):
    """The counters of all businesses."""

    list_display = ("id", "business", "kind", "period", "next_seq", "last_issue_date")
    list_filter = ("kind", "last_issue_date")
    list_select_related = ("business",)
    search_fields = ("business__id__exact", "business__name", "period")
    ordering = ("business__name", "kind", "-period")
    fields = ("business", "kind", "period", "next_seq", "last_issue_date")


@admin.register(Artifact)
class ArtifactAdmin(Retriable, ReadOnlyAdmin[Artifact]):
    """Files that were, or wait to be, rendered."""

    list_display = (
        *("id", "invoice_link", "business", "kind", "state", "attempts", "run_after", "size", "created_at"),
        "last_error",
    )
    list_filter = ("state", "kind", "created_at")
    list_select_related = ("invoice__business",)
    search_fields = (
        "id__exact",
        "invoice__id__exact",
        "invoice__number",
        "invoice__business__id__exact",
        "invoice__business__name",
    )
    ordering = ("-created_at", "-id")
    fields = (
        *("id", "invoice", "kind", "state", "run_after", "attempts", "lease_until", "last_error", "storage_key"),
        *("sha256", "size", "created_at"),
    )

    @admin.display(description=_("invoice"), ordering="invoice__number")
    def invoice_link(self, artifact: Artifact) -> str | SafeString:
        """Return a link to the document."""
        return link(artifact.invoice)

    @admin.display(description=_("business"), ordering="invoice__business__name")
    def business(self, artifact: Artifact) -> str:
        """Return the business whose document it is."""
        return str(artifact.invoice.business)


class RefundInline(ReadOnly[Refund], admin.TabularInline[Refund, Payment]):
    """What went back of a payment."""

    model = Refund
    extra = 0
    can_delete = False
    fields = ("id", "created_at", "amount", "reason", "lowers_paid", "external_id")
    ordering = ("created_at", "id")


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin[Payment]):
    """Money that came in, for all businesses."""

    list_display = ("id", "invoice_link", "business", "amount", "currency", "method", "received_at", "reference")
    list_filter = ("method", "received_at")
    list_select_related = ("invoice", "business")
    search_fields = (
        *("id__exact", "external_id", "reference", "invoice__id__exact", "invoice__number", "invoice__client_name"),
        *("business__id", "business__name"),
    )
    ordering = ("-received_at", "-id")
    inlines = (RefundInline,)
    fields = (
        *("id", "business", "invoice", "amount", "currency", "method", "received_at", "reference", "external_id"),
        "created_at",
    )

    @admin.display(description=_("invoice"), ordering="invoice__number")
    def invoice_link(self, payment: Payment) -> str | SafeString:
        """Return a link to the document."""
        return link(payment.invoice)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin[Refund]):
    """Money that went back, for all businesses."""

    list_display = (
        *("id", "invoice_link", "payment_link", "business", "amount", "currency", "reason", "lowers_paid"),
        "created_at",
    )
    list_filter = ("lowers_paid", "created_at")
    list_select_related = ("payment__invoice", "business")
    search_fields = (
        *("id__exact", "external_id", "payment__id__exact", "payment__invoice__id__exact", "payment__invoice__number"),
        *("payment__invoice__client_name", "business__id", "business__name"),
    )
    ordering = ("-created_at", "-id")
    fields = (
        *("id", "business", "invoice_link", "payment_link", "amount", "currency", "reason", "lowers_paid"),
        *("external_id", "created_at"),
    )

    @admin.display(description=_("invoice"), ordering="payment__invoice__number")
    def invoice_link(self, refund: Refund) -> str | SafeString:
        """Return a link to the document."""
        return link(refund.payment.invoice)

    @admin.display(description=_("payment"))
    def payment_link(self, refund: Refund) -> str | SafeString:
        """Return a link to the payment."""
        return link(refund.payment, refund.payment_id)

    @admin.display(description=_("currency"), ordering="payment__currency")
    def currency(self, refund: Refund) -> str:
        """Return the payment's currency."""
        return refund.payment.currency


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin[Event]):
    """The timelines of all documents."""

    list_display = ("at", "kind", "invoice_link", "business", "actor_name", "channel", "ip")
    list_filter = ("channel", "at")
    list_select_related = ("invoice", "business")
    search_fields = (
        *(
            "id__exact",
            "kind",
            "actor_id",
            "actor_name",
            "invoice__id__exact",
            "invoice__number",
            "invoice__client_name",
        ),
        *("business__id", "business__name"),
    )
    ordering = ("-at", "-version")
    fields = ("id", "business", "invoice", "kind", "at", "actor_name", "actor_id", "channel", "ip", "data")

    @admin.display(description=_("invoice"), ordering="invoice__number")
    def invoice_link(self, event: Event) -> str | SafeString:
        """Return a link to the document."""
        return link(event.invoice)
