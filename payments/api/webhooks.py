"""Where Stripe tells what happened: stored and answered at once, applied by a job."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView
from payments.errors import EventTooLarge
from payments.services.accounts import INSTALLATION
from payments.services.events import MOST_BYTES, keep_event


@extend_schema(exclude=True)
class StripeWebhook(ApiView):
    """``/webhooks/stripe`` for the installation's account, ``/webhooks/stripe/{business_id}`` for a business's own."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def identify(self, request: Request) -> None:
        """Count nothing: whoever cannot sign is refused, and Stripe sends as much as happens."""

    def check_media_type(self) -> None:
        """Take the body as it is: the signature is over its bytes."""

    def check_parameters(self) -> None:
        """Heed no parameters."""

    def post(self, request: Request, business_id: str = INSTALLATION) -> Response:
        """Keep an event; once more the same is no other."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise EventTooLarge
        body = request._request.body
        signature = request.headers.get("Stripe-Signature", "")
        kept = keep_event(body=body, signature=signature, account=business_id, at=timezone.now())
        return Response({"received": True, "duplicate": kept is None})
