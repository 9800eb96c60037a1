"""Extraction for staff: documents, runs with retry, calls, vendors, and the prices and budgets that they edit."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin import ReadOnly, Retriable
from extraction.models import Budget, Document, EngineCall, Extraction, ModelPrice, Vendor


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


@admin.register(Extraction)
class ExtractionAdmin(Retriable, admin.ModelAdmin[Extraction]):
    """Runs. Those that failed can be tried again."""

    list_display = ("id", "document", "business", "engine", "read_by", "state", "failure", "attempts", "created_at")
    list_filter = ("state", "failure", "engine", "read_by", "created_at")
    list_select_related = ("document", "business")
    search_fields = ("id__exact", "document__id__exact", "business__name", "business__id__exact")
    ordering = ("-created_at",)
    show_full_result_count = False
    exclude = ("lease_token",)

    @admin.action(description=_("Try again what failed"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Extraction]) -> None:
        """Queue again what failed, of each document its newest run alone: one is active at a time."""
        super().try_again(request, queryset.filter(document__latest_id=F("pk")))


@admin.register(EngineCall)
class EngineCallAdmin(ReadOnly, admin.ModelAdmin[EngineCall]):
    """Calls to engines, with what they cost."""

    list_display = ("called_at", "business", "engine", "model", "mode", "is_answered", "price_usd", "milliseconds")
    list_filter = ("engine", "is_answered", "called_at")
    list_select_related = ("business",)
    search_fields = ("extraction__id__exact", "business__name", "business__id__exact")
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
    """Models with their prices. A new price is a new row, so that what was paid can be reckoned again."""

    list_display = ("name", "valid_from", "input_price", "output_price", "retired_at")
    search_fields = ("name",)
    ordering = ("name", "-valid_from")


@admin.register(Budget)
class BudgetAdmin(admin.ModelAdmin[Budget]):
    """What businesses may spend in a month."""

    list_display = ("business", "monthly_usd")
    list_select_related = ("business",)
    search_fields = ("business__name", "business__id__exact")
    ordering = ("business__name",)
    autocomplete_fields = ("business",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Let the business of a row stay what it is."""
        return ("business",) if obj else ()
