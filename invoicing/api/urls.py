"""Addresses of invoicing in the API."""

from __future__ import annotations

from django.urls import path

from clients.api.urls import routes as client_routes
from invoicing.api.clients import BilledClientViewSet
from invoicing.api.exports import ClientExportViewSet, InvoiceExportViewSet
from invoicing.api.stats import StatisticsViewSet
from invoicing.api.viewsets import InvoiceViewSet, PaymentViewSet

ONE = "invoices/<str:invoice_id>"

urlpatterns = [
    path("invoices", InvoiceViewSet.as_view({"get": "list", "post": "create"}), name="invoice-list"),
    path("invoices/preview", InvoiceViewSet.as_view({"post": "preview"}), name="invoice-preview"),
    path("invoices/find", InvoiceViewSet.as_view({"get": "find"}), name="invoice-find"),
    path("invoices/export", InvoiceExportViewSet.as_view({"get": "export"}), name="invoice-export"),
    path(
        ONE,
        InvoiceViewSet.as_view({"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}),
        name="invoice-detail",
    ),
    path(f"{ONE}/status", InvoiceViewSet.as_view({"patch": "set_status"}), name="invoice-status"),
    path(f"{ONE}/issue", InvoiceViewSet.as_view({"post": "issue"}), name="invoice-issue"),
    path(f"{ONE}/duplicate", InvoiceViewSet.as_view({"post": "duplicate"}), name="invoice-duplicate"),
    path(f"{ONE}/cancel", InvoiceViewSet.as_view({"post": "cancel"}), name="invoice-cancel"),
    path(f"{ONE}/send-email", InvoiceViewSet.as_view({"post": "send_email"}), name="invoice-send-email"),
    path(f"{ONE}/credit-notes", InvoiceViewSet.as_view({"post": "credit_notes"}), name="invoice-credit-notes"),
    path(f"{ONE}/debit-notes", InvoiceViewSet.as_view({"post": "debit_notes"}), name="invoice-debit-notes"),
    path(f"{ONE}/download", InvoiceViewSet.as_view({"get": "download"}), name="invoice-download"),
    path(f"{ONE}/qr", InvoiceViewSet.as_view({"get": "qr"}), name="invoice-qr"),
    path(f"{ONE}/events", InvoiceViewSet.as_view({"get": "events"}), name="invoice-events"),
    path(f"{ONE}/payments", InvoiceViewSet.as_view({"get": "payments", "post": "pay"}), name="invoice-payments"),
    path("payments/<str:payment_id>/refunds", PaymentViewSet.as_view({"post": "refund"}), name="payment-refunds"),
    path("payments/<str:payment_id>/receipt", PaymentViewSet.as_view({"get": "receipt"}), name="payment-receipt"),
    path(
        "clients/<str:client_id>/statement",
        BilledClientViewSet.as_view({"get": "statement"}),
        name="client-statement",
    ),
    path("clients/export", ClientExportViewSet.as_view({"get": "export"}), name="client-export"),
    *client_routes(BilledClientViewSet),
    path("users/me/stats", StatisticsViewSet.as_view({"get": "statistics"}), name="statistics"),
]
