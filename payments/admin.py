"""Payments for staff: who may use the installation's account, what was asked for, what Stripe told and what failed."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin import ReadOnly, Retriable
from accounts.choices import QueueState
from payments.choices import Outcome
from payments.models import Account, Dispute, GatewayRefund, InboxMessage, LinkChange, PaymentRequest, WebhookEvent


@admin.register(Account)
class AccountAdmin(admin.ModelAdmin[Account]):
    """Whether a business may use the installation's account. Keys of its own are its owners', and shown to nobody."""

    list_display = ("business", "by_installation", "name", "is_live", "part_payments", "updated_at")
    list_filter = ("by_installation", "is_live")
    search_fields = ("business__name", "business__id__exact", "external_id", "name")
    list_select_related = ("business",)
    ordering = ("business__name",)
    autocomplete_fields = ("business",)
    fields = ("business", "by_installation", "external_id", "name", "key_end", "is_live", "checked_at")
    readonly_fields = ("external_id", "name", "key_end", "is_live", "checked_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Account | None = None) -> tuple[str, ...]:
        """Let the business of a row stay what it is."""
        return (*self.readonly_fields, "business") if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: an owner's key would go with it."""
        return False


@admin.register(PaymentRequest)
class PaymentRequestAdmin(ReadOnly, admin.ModelAdmin[PaymentRequest]):
    """Payment links, and sessions of the checkout."""

    list_display = ("id", "invoice", "business", "kind", "state", "amount", "currency", "expires_at", "created_at")
    list_filter = ("kind", "state", "own_account", "created_at")
    list_select_related = ("invoice", "business")
    search_fields = ("id__exact", "external_id__exact", "invoice__id__exact", "invoice__number", "business__name")
    ordering = ("-created_at",)
    fields = (
        *("id", "business", "invoice", "kind", "state", "own_account", "amount", "rest", "currency", "external_id"),
        *("gateway_invoice", "url", "expires_at", "created_at"),
    )
    readonly_fields = fields


@admin.register(WebhookEvent)
class WebhookEventAdmin(Retriable, admin.ModelAdmin[WebhookEvent]):
    """What Stripe told. What failed or was set aside can be applied again."""

    list_display = ("external_id", "type", "outcome", "state", "attempts", "invoice", "note", "received_at")
    list_filter = ("outcome", "state", "type", "received_at")
    list_select_related = ("invoice",)
    search_fields = ("id__exact", "external_id__exact", "payment_id__exact", "invoice__id__exact", "invoice__number")
    ordering = ("-received_at",)
    show_full_result_count = False
    fields = (
        *("id", "external_id", "type", "account", "business", "payment_id", "invoice", "outcome", "note", "state"),
        *("attempts", "run_after", "last_error", "created_at", "received_at", "applied_at", "body"),
    )
    readonly_fields = fields

    @admin.display(description=_("payload"))
    def body(self, event: WebhookEvent) -> SafeString:
        """Return the event as it came."""
        return format_html("<pre>{}</pre>", json.dumps(event.payload, indent=2, ensure_ascii=False))

    @admin.action(description=_("Try again what failed or was set aside"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> None:
        """Queue again what failed, and what was set aside or waits."""
        again = queryset.filter(state=QueueState.DONE, outcome__in=(Outcome.PARKED, Outcome.WAITING))
        again.update(state=QueueState.FAILED, run_after=timezone.now())
        super().try_again(request, queryset)


@admin.register(LinkChange)
class LinkChangeAdmin(Retriable, admin.ModelAdmin[LinkChange]):
    """Links and sessions to close at Stripe."""

    list_display = ("request", "reason", "state", "attempts", "run_after", "last_error", "created_at")
    list_filter = ("state", "reason", "created_at")
    list_select_related = ("request",)
    search_fields = ("request__id__exact", "request__external_id__exact", "request__invoice__number")
    ordering = ("-created_at",)
    exclude = ("lease_token",)


@admin.register(GatewayRefund)
class GatewayRefundAdmin(Retriable, admin.ModelAdmin[GatewayRefund]):
    """Refunds ordered at Stripe."""

    list_display = ("id", "payment", "business", "amount", "status", "state", "attempts", "last_error", "created_at")
    list_filter = ("status", "state", "created_at")
    list_select_related = ("payment", "business")
    search_fields = ("id__exact", "external_id__exact", "payment__id__exact", "payment__external_id__exact")
    ordering = ("-created_at",)
    exclude = ("lease_token", "call_key", "order_key")


@admin.register(Dispute)
class DisputeAdmin(ReadOnly, admin.ModelAdmin[Dispute]):
    """Payments that the client's bank wants back."""

    list_display = ("external_id", "payment", "business", "amount", "state", "opened_at")
    list_filter = ("state", "opened_at")
    list_select_related = ("payment", "business")
    search_fields = ("external_id__exact", "payment__id__exact", "payment__external_id__exact", "business__name")
    ordering = ("-opened_at",)


@admin.register(InboxMessage)
class InboxMessageAdmin(ReadOnly, admin.ModelAdmin[InboxMessage]):
    """What third parties sent to businesses' secret addresses."""

    list_display = ("id", "business", "method", "content_type", "ip", "received_at")
    list_filter = ("method", "received_at")
    list_select_related = ("business",)
    search_fields = ("id__exact", "business__name", "business__id__exact", "ip")
    ordering = ("-received_at",)
