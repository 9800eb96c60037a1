"""Send the mails that wait."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, cast

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.mail import Attachment, deliver
from accounts.models import Delivery
from accounts.queue import Lease, PermanentError, QueuedRow

logger = logging.getLogger(__name__)


class Topic(Protocol):
    """What the app that ordered a mail adds to it. One class for each name in ``settings.DELIVERY_TOPICS``."""

    def attachments(self, delivery: Delivery) -> Sequence[Attachment]:
        """Return the files to send along. What is not ready yet raises, and is tried again."""

    def delivered(self, delivery: Delivery, at: datetime) -> None:
        """Note that the mail went, in the transaction that ends its row."""

    def gave_up(self, delivery: Delivery, reason: str, at: datetime) -> None:
        """Note that the mail will not go, in the transaction that ends its row."""


def topic_of(delivery: Delivery) -> Topic | None:
    """Return the topic of a mail. None: it belongs to nothing. Raises ``PermanentError`` for an unknown one."""
    if not delivery.topic:
        return None
    if delivery.topic not in settings.DELIVERY_TOPICS:
        raise PermanentError(f"Nobody knows mails about {delivery.topic!r}.")
    return cast(Topic, import_string(settings.DELIVERY_TOPICS[delivery.topic])())


def send(row: QueuedRow, lease: Lease) -> None:
    """Send one mail with its attachments, and tell whoever ordered it."""
    delivery = cast(Delivery, row)
    topic = topic_of(delivery)
    refused = deliver(delivery, topic.attachments(delivery) if topic else ())
    if refused:
        logger.warning("mail: some recipients were refused", extra={"delivery": delivery.pk})
    now = timezone.now()
    with lease.finish(sent_at=now, last_error="; ".join(f"{who}: {why}" for who, why in refused.items())[:2000]):
        if topic:
            topic.delivered(delivery, now)


def gave_up(row: QueuedRow, reason: str) -> None:
    """Tell whoever ordered a mail that it will not go."""
    delivery = cast(Delivery, row)
    if delivery.topic in settings.DELIVERY_TOPICS and (topic := topic_of(delivery)):
        topic.gave_up(delivery, reason, timezone.now())
