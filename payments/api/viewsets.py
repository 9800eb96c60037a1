"""Payment links, refunds and the webhook inbox in the API."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.auth import answered
from accounts.api.base import ApiViewSet
from accounts.api.outside import idempotent_outside
from accounts.choices import Permission
from accounts.errors import NotFound
from invoicing.api import described, representation
from invoicing.api.serializers import RefundInputSerializer
from invoicing.api.viewsets import PaymentViewSet
from invoicing.models import Invoice
from invoicing.queries import refunds_of
from payments.api.serializers import InboxMessageSerializer, PaymentLinkSerializer
from payments.models import InboxMessage, PaymentRequest
from payments.queries import link_of
from payments.services.refunds import refund_payment
from payments.services.requests import create_link

LINK = {
    "payment_link_url": "https://buy.stripe.com/test_abc123xyz",
    "stripe_invoice_id": None,
    "expires_at": "2027-02-03T22:59:59Z",
}
MESSAGE = {
    "id": "msg_8vKp2QxWd5RtYb7NcJ4m",
    "business_id": "biz_3nT8sWq0LkZpVd6YcXfA",
    "method": "POST",
    "query": "source=shop",
    "headers": {"Content-Type": "application/json", "Authorization": "***"},
    "body": '{"order": 1042}',
    "is_base64": False,
    "content_type": "application/json",
    "ip": "203.0.113.7",
    "received_at": "2026-11-05T09:12:44Z",
}


class PaymentLinkViewSet(ApiViewSet):
    """``/invoices/{id}/payment-link``: where the client pays by card."""

    queryset = Invoice.objects.select_related("business")
    serializer_class = PaymentLinkSerializer
    lookup_url_kwarg = "invoice_id"
    lookup_field = "pk"
    order_key = ""
    acts_outside: ClassVar[Collection[str]] = frozenset({"create"})

    @extend_schema(
        summary="Make a payment link",
        description="For all that is due; a draft is issued first. One that is open for the same amount: 409.",
        tags=["Payments"],
        request=None,
        responses={201: PaymentLinkSerializer},
        examples=[answered(LINK, 201)],
    )
    @idempotent_outside
    def create(self, request: Request, invoice_id: str) -> Response:
        """Make a link."""
        link = create_link(
            invoice=self.object,
            actor=self.actor,
            at=timezone.now(),
            version=self.expected_version(),
            order_key=self.order_key,
        )
        return Response(shown(link), status=201)

    @extend_schema(summary="Read the payment link", tags=["Payments"], examples=[answered(LINK)])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with the link, or 404."""
        link = link_of(self.object)
        if link is None:
            raise NotFound
        return Response(self.sparse(shown(link)))


def shown(link: PaymentRequest) -> dict[str, Any]:
    """Return a link as the API shows it."""
    return {
        "payment_link_url": link.url,
        "stripe_invoice_id": link.gateway_invoice or None,
        "expires_at": link.expires_at,
    }


class GatewayPaymentViewSet(PaymentViewSet):
    """``/payments``, with refunds at the gateway that took the money."""

    order_key = ""
    acts_outside: ClassVar[Collection[str]] = frozenset({"refund"})

    @described.REFUND
    @idempotent_outside
    def refund(self, request: Request, payment_id: str) -> Response:
        """Return money: of a Stripe payment at Stripe, else as it was done by hand."""
        refund = refund_payment(
            payment=self.object,
            actor=self.actor,
            at=timezone.now(),
            version=self.expected_version(),
            data=self.body(RefundInputSerializer),
            order_key=self.order_key,
        )
        row = next(each for each in refunds_of([self.object.pk])[self.object.pk] if each["id"] == refund.pk)
        return Response(representation.refund(row), status=201, headers={"ETag": f'"{refund.pk}-1"'})


@extend_schema_view(list=extend_schema(summary="List what came to the webhook inbox", examples=[answered(MESSAGE)]))
@extend_schema(tags=["Webhooks"])
class InboxViewSet(ApiViewSet):
    """What third parties sent to the business's secret address, the newest first; kept for 30 days."""

    queryset = InboxMessage.objects.all()
    serializer_class = InboxMessageSerializer
    lookup_url_kwarg = "message_id"
    default_ordering = ("-received_at",)
    ordering_fields: ClassVar[dict[str, str]] = {"received_at": "received_at"}

    # What the inbox's page asks of a person
    required: ClassVar[dict[str, str | None]] = {"list": Permission.MANAGE, "retrieve": Permission.MANAGE}

    def permission_needed(self) -> str | None:
        """Return what is needed; an API key, which only such a person makes, may read."""
        return Permission.READ if self.actor.api_key_id else super().permission_needed()

    def get_queryset(self) -> Any:
        """Return the messages of those businesses whose inbox the caller may read."""
        needed = self.permission_needed()
        readable = [pk for pk in self.actor.roles if needed is None or self.actor.may(pk, needed)]
        return super().get_queryset().filter(business_id__in=readable)
