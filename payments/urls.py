"""Addresses of payments' pages, and of what others call."""

from __future__ import annotations

from django.urls import path

from payments.api.webhooks import StripeWebhook
from payments.web.acts import MakeLink, RefundOverpaid
from payments.web.inbox import inbox
from payments.web.messages import Inbox
from payments.web.pay import Checkout, Paid, pay
from payments.web.settings import CardsSettings

app_name = "payments"
urlpatterns = [
    path("settings/cards", CardsSettings.as_view(), name="settings_cards"),
    path("settings/inbox", Inbox.as_view(), name="settings_inbox"),
    path("invoices/<str:pk>/payment-link", MakeLink.as_view(), name="make_link"),
    path("invoices/<str:pk>/overpaid", RefundOverpaid.as_view(), name="refund_overpaid"),
    # The same address as in invoicing, with the ways to pay
    path("pay/<str:token>", pay, name="pay"),
    path("pay/<str:token>/checkout", Checkout.as_view(), name="checkout"),
    path("pay/<str:token>/paid", Paid.as_view(), name="paid"),
    path("webhooks/stripe", StripeWebhook.as_view(), name="stripe"),
    path("webhooks/stripe/<str:business_id>", StripeWebhook.as_view(), name="stripe_of_business"),
    path("webhooks/inbox/<str:token>", inbox, name="inbox"),
]
