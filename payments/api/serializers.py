"""What payments shows in the API."""

from __future__ import annotations

from rest_framework import serializers


class PaymentLinkSerializer(serializers.Serializer[object]):
    """A payment link of an invoice."""

    payment_link_url = serializers.URLField()
    stripe_invoice_id = serializers.CharField(
        allow_null=True, help_text="Of Stripe's own invoice, where the business asks for one and it was paid."
    )
    expires_at = serializers.DateTimeField()


class InboxMessageSerializer(serializers.Serializer[object]):
    """What a third party sent to the business's secret address."""

    id = serializers.CharField()
    business_id = serializers.CharField()
    method = serializers.CharField()
    query = serializers.CharField(help_text="Values of parameters that look like secrets are masked.")
    headers = serializers.DictField(child=serializers.CharField(), help_text="Secrets are masked.")
    body = serializers.CharField()
    is_base64 = serializers.BooleanField(help_text="The body is no text, and is written in base64.")
    content_type = serializers.CharField()
    ip = serializers.CharField(allow_null=True)
    received_at = serializers.DateTimeField()
