"""Keeping what a gateway tells: verified, once, and answered at once; a job applies it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from accounts.models import Business
from accounts.queue import nudge
from accounts.sealing import BrokenSeal
from payments.errors import BadSignature, NotConfigured
from payments.gateways.base import Message, UntrustedEvent
from payments.models import Account, WebhookEvent
from payments.services.accounts import INSTALLATION

MOST_BYTES: Final = 1_000_000


def keep_event(*, body: bytes, signature: str, account: str, at: datetime) -> WebhookEvent | None:
    """Store an event of an account: the installation's, or a business's own by its id. None: it was stored before.

    Raises ``BadSignature``, and ``NotConfigured`` where the account has no secret.
    """
    message = opened(body, signature, secret_of(account))
    business = None if account == INSTALLATION else Business(pk=account)
    try:
        with transaction.atomic():
            event = WebhookEvent.objects.create(
                business=business,
                account=account,
                external_id=message.external_id,
                type=message.type,
                payment_id=(message.received.payment_id if message.received else "")[:255],
                payload=message.payload,
                created_at=message.created_at,
                received_at=at,
                run_after=at,
            )
    except IntegrityError:
        return None
    nudge("webhook_event", event.pk)
    return event


def opened(body: bytes, signature: str, secret: str) -> Message:
    """Return the event that a body is. Raises ``BadSignature``."""
    read_event = import_string("payments.gateways.stripe.read_event")
    try:
        message: Message = read_event(body, signature, secret=secret)
    except UntrustedEvent as error:
        raise BadSignature from error
    return message


def secret_of(account: str) -> str:
    """Return what signs the events of an account. Raises ``NotConfigured`` where there is none."""
    if account == INSTALLATION:
        secret: str = settings.STRIPE_WEBHOOK_SECRET
    else:
        row = Account.objects.filter(pk=account).first()
        try:
            secret = row.webhook_secret if row else ""
        except BrokenSeal:
            secret = ""
    if not secret:
        raise NotConfigured
    return secret
