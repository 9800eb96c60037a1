"""Invoices for tests, written and issued by the services themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Invoice
from invoicing.services.drafts import save_draft
from invoicing.services.issuing import issue_invoice
from tests.factories.clients import make_client

ITEMS: tuple[dict[str, Any], ...] = ({"name": "Consulting", "quantity": 2, "unit_price": "150.00"},)


def make_draft(
    business: Business,
    client: Client | None = None,
    items: Sequence[Mapping[str, Any]] = ITEMS,
    *,
    actor: Actor | None = None,
    at: datetime | None = None,
    **data: Any,
) -> Invoice:
    """Return a draft of the business; 2 × 150 to a new client unless told otherwise. ``data`` as the API names it."""
    if client is None and not {"client_id", "client_name", "client_email"} & data.keys():
        client = make_client(business)
    if client is not None:
        data = {"client_id": client.pk} | data
    return save_draft(
        actor=actor or Actor.system(business.pk),
        business=business,
        data={"items": [dict(item) for item in items]} | data,
        at=at or timezone.now(),
    )


def make_issued(
    business: Business,
    client: Client | None = None,
    items: Sequence[Mapping[str, Any]] = ITEMS,
    *,
    actor: Actor | None = None,
    at: datetime | None = None,
    **data: Any,
) -> Invoice:
    """Return an issued invoice of the business, as ``make_draft`` writes it."""
    at = at or timezone.now()
    actor = actor or Actor.system(business.pk)
    draft = make_draft(business, client, items, actor=actor, at=at, **data)
    return issue_invoice(invoice=draft, actor=actor, at=at)
