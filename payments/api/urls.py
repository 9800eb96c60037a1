"""Addresses of payments in the API."""

from __future__ import annotations

from django.urls import path

from payments.api.viewsets import GatewayPaymentViewSet, InboxViewSet, PaymentLinkViewSet

urlpatterns = [
    path(
        "invoices/<str:invoice_id>/payment-link",
        PaymentLinkViewSet.as_view({"get": "retrieve", "post": "create"}),
        name="invoice-payment-link",
    ),
    # The same address as in invoicing, with refunds at the gateway
    path(
        "payments/<str:payment_id>/refunds",
        GatewayPaymentViewSet.as_view({"post": "refund"}),
        name="payment-refunds-at-gateway",
    ),
    path("webhooks/inbox", InboxViewSet.as_view({"get": "list"}), name="inbox-list"),
]
