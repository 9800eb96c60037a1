"""What third parties send to a business's secret address: kept for 30 days, with secrets masked."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.db.models.functions import Length
from django.utils import timezone

from accounts.choices import Permission
from accounts.models import Business
from accounts.models.business import inbox_token
from accounts.ratelimits import enforce
from accounts.tenancy import Actor, require
from payments.models import InboxMessage

MOST_BYTES: Final = 256 * 1024
MOST_KEPT: Final = 5_000  # of a business; the oldest go first
MOST_ROOM: Final = 50_000_000  # characters of all bodies of a business, likewise
KEPT_FOR: Final = timedelta(days=30)
MASK: Final = "***"
SECRET_NAMES: Final = re.compile(
    r"(?i)authorization|cookie|token|secret|api[-_]?key|access[-_]?key|password|passphrase|signature|session|credential"
    # Short ones stand by themselves: no "monkey", no "design", no "author"; and what makes a call idempotent is no secret
    r"|(?<![a-z])(?<!idempotency[-_])(auth|bearer|hmac|jwt|key|otp|pass|passwd|pwd|sig)(?![a-z])"
)
MOST_HEADERS: Final = 60
LONGEST_HEADER: Final = 2_000
LONGEST_QUERY: Final = 8_000


def keep_message(
    *, business_id: str, method: str, query: str, headers: Mapping[str, str], body: bytes, ip: str | None, at: datetime
) -> InboxMessage:
    """Keep a request. Raises ``RateLimited``."""
    enforce("inbox", business_id)
    text, is_base64 = as_text(body)
    return InboxMessage.objects.create(
        business_id=business_id,
        method=method[:20],
        query=masked_query(query),
        headers=masked(headers),
        body=text,
        is_base64=is_base64,
        content_type=headers.get("Content-Type", "")[:200],
        ip=ip,
        received_at=at,
    )


def as_text(body: bytes) -> tuple[str, bool]:
    """Return a body as text, and whether it had to be written in base64."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return base64.b64encode(body).decode(), True
    return text, False


def masked(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers whose secrets cannot be read."""
    shown = list(headers.items())[:MOST_HEADERS]
    clean = ((name[:100], MASK if SECRET_NAMES.search(name) else value[:LONGEST_HEADER]) for name, value in shown)
    return {name.replace("\0", ""): value.replace("\0", "") for name, value in clean}


def masked_query(query: str) -> str:
    """Return a query whose secrets cannot be read."""
    pairs = parse_qsl(query.replace("\0", "")[:LONGEST_QUERY], keep_blank_values=True)
    masked_pairs = [(name, MASK if SECRET_NAMES.search(name) else value) for name, value in pairs]
    return urlencode(masked_pairs, safe=MASK)[:LONGEST_QUERY]


def renew_address(*, business: Business, actor: Actor) -> None:
    """Give the inbox another address; the old one leads nowhere from then on. Raises ``NotAllowed``."""
    require(actor, business, Permission.MANAGE)
    business.inbox_token = inbox_token()
    business.save(update_fields=["inbox_token"])


def forget_old(at: datetime | None = None) -> None:
    """Delete what is older than 30 days, and of each business what is beyond the bounds."""
    at = at or timezone.now()
    InboxMessage.objects.filter(received_at__lte=at - KEPT_FOR).delete()
    for business_id in InboxMessage.objects.values_list("business_id", flat=True).distinct():
        rows = InboxMessage.objects.filter(business_id=business_id).order_by("-received_at", "-id")
        last = first_beyond(rows.values_list("received_at", Length("body")).iterator())
        if last is not None:
            rows.filter(received_at__lte=last).delete()


def first_beyond(rows: Iterable[tuple[datetime, int]]) -> datetime | None:
    """Return when the newest message came for which there is no room any more, or None."""
    room = MOST_ROOM
    for count, (received_at, length) in enumerate(rows):
        room -= length
        if count and (count >= MOST_KEPT or room < 0):
            return received_at
    return None
