"""Extraction for staff: documents, runs with retry, calls, vendors, and the prices and budgets that they edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin import ReadOnly, Retriable
from accounts.choices import QueueState
from extraction.choices import Failure
from extraction.engines.order import NAMES
from extraction.models import Billing, Budget, Document, EngineCall, Extraction, ModelPrice, Vendor
from extraction.queries import spent_since
from extraction.services.budgets import month_began


@admin.register(Document)
class DocumentAdmin(ReadOnly, admin.ModelAdmin[Document]):
    """Suppliers' documents."""

    list_display = ("id", "business", "file_name", "vendor", "number", "date", "total", "currency", "created_at")
    list_filter = ("created_at", "verified_at")
    list_select_related = ("business",)
    search_fields = ("id__exact", "number__exact", "sha256__exact", "business__name", "business__id__exact")
    ordering = ("-created_at",)
    show_full_result_count = False
    exclude = ("file_key", "order_key", "search_text", "vendor_search")


class ReadByFilter(admin.SimpleListFilter):
    """Narrows to the runs that one engine answered."""

    title = _("read by")
    parameter_name = "read_by"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> Iterable[tuple[str, str]]:
        """Offer all engines."""
        return [(name, name) for name in NAMES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Extraction]) -> QuerySet[Extraction]:
        """Keep the runs of the engine that was chosen."""
        return queryset.filter(read_by=self.value()) if self.value() else queryset


class CallsOfRun(admin.TabularInline[EngineCall, Extraction]):
    """The calls of a run, to read."""

    model = EngineCall
    extra = 0
    can_delete = False
    show_change_link = True
    ordering = ("called_at", "pk")
    fields = ("called_at", "engine", "model", "state", "failure", "error", "price_usd", "is_estimate", "milliseconds")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


@admin.register(Billing)
class BillingAdmin(ReadOnly, admin.ModelAdmin[Billing]):
    """Drafts that were made of documents' lines."""

    list_display = ("id", "business", "document", "invoice", "markup", "created_at")
    list_filter = ("created_at",)
    list_select_related = ("business", "document", "invoice")
    search_fields = ("document__id__exact", "invoice__id__exact", "business__id__exact")
    ordering = ("-created_at",)
    show_full_result_count = False


@admin.register(Extraction)
class ExtractionAdmin(Retriable, admin.ModelAdmin[Extraction]):
    """Runs. Those that failed can be tried again."""

    list_display = (
        *("id", "document", "business", "engine", "read_by", "model", "state", "failure", "attempts", "price_usd"),
        "created_at",
    )
    list_filter = ("state", "failure", "engine", ReadByFilter, "mode", "created_at")
    list_select_related = ("document", "business")
    search_fields = ("id__exact", "document__id__exact", "business__name", "business__id__exact", "model__exact")
    ordering = ("-created_at",)
    show_full_result_count = False
    exclude = ("lease_token",)
    inlines = (CallsOfRun,)

    @admin.action(description=_("Try again what failed"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Extraction]) -> None:
        """Queue again what failed, of each document its newest run alone: one is active at a time."""
        chosen = list(
            queryset.filter(state=QueueState.FAILED, document__latest_id=F("pk")).values_list("pk", flat=True)
        )
        super().try_again(request, Extraction.objects.filter(pk__in=chosen))
        waiting = Extraction.objects.filter(pk__in=chosen, state=QueueState.QUEUED)
        waiting.update(failure=Failure.NONE, finished_at=None)


@admin.register(EngineCall)
class EngineCallAdmin(ReadOnly, admin.ModelAdmin[EngineCall]):
    """Calls to engines, with what they cost."""

    list_display = (
        *("called_at", "business", "engine", "model", "mode", "state", "failure", "input_tokens", "output_tokens"),
        *("price_usd", "is_estimate", "milliseconds"),
    )
    list_filter = ("engine", "state", "failure", "mode", "is_estimate", "called_at")
    list_select_related = ("business",)
    search_fields = ("extraction__id__exact", "business__name", "business__id__exact", "model__exact", "error")
    ordering = ("-called_at",)
    show_full_result_count = False


@admin.register(Vendor)
class VendorAdmin(ReadOnly, admin.ModelAdmin[Vendor]):
    """Vendors that verification taught."""

    list_display = ("name", "business", "tax_id", "iban", "domain", "updated_at")
    list_select_related = ("business",)
    search_fields = ("name", "tax_id__exact", "iban__exact", "business__name", "business__id__exact")
    ordering = ("name",)


@admin.register(ModelPrice)
class ModelPriceAdmin(admin.ModelAdmin[ModelPrice]):
    """Models with their prices. A new price is a new row: what was paid by one can be reckoned again."""

    list_display = ("name", "valid_from", "input_price", "cached_price", "output_price", "retired_at")
    list_filter = (("retired_at", admin.EmptyFieldListFilter),)
    search_fields = ("name",)
    ordering = ("name", "-valid_from")

    def get_readonly_fields(self, request: HttpRequest, obj: ModelPrice | None = None) -> tuple[str, ...]:
        """Let a price by which something was paid stay what it is."""
        paid = obj is not None and EngineCall.objects.filter(price_row=obj).exists()
        return ("name", "valid_from", "input_price", "cached_price", "output_price") if paid else ()

    def has_delete_permission(self, request: HttpRequest, obj: ModelPrice | None = None) -> bool:
        """Refuse for many at once, and for a price by which something was paid: it can be retired."""
        if obj is None or EngineCall.objects.filter(price_row=obj).exists():
            return False
        return super().has_delete_permission(request, obj)


@admin.register(Budget)
class BudgetAdmin(admin.ModelAdmin[Budget]):
    """What businesses may spend in a month; those that are not named, what the installation allows each."""

    list_display = ("business", "monthly_usd")
    list_select_related = ("business",)
    search_fields = ("business__name", "business__id__exact")
    ordering = ("business__name",)
    autocomplete_fields = ("business",)
    fields = ("business", "monthly_usd", "spent")
    readonly_fields = ("spent",)

    @admin.display(description=_("spent this month, in USD"))
    def spent(self, budget: Budget) -> str:
        """Return what the business spent in this month of its time zone."""
        if not budget.pk:
            return ""
        since = month_began(budget.business, timezone.now())
        return f"{spent_since(business_id=budget.business_id, since=since):.4f}"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Let the business of a row stay what it is."""
        return ("business", *self.readonly_fields) if obj else self.readonly_fields
