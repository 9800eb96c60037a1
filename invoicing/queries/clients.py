"""What invoicing knows of clients beside their amounts."""

from __future__ import annotations

from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Invoice

LATEST = 40  # invoices that are looked at


def clients_billed_lately(*, actor: Actor, business: Business, limit: int) -> list[Client]:
    """Return the clients of the latest invoices, the last one first; archived ones are left out."""
    rows = Invoice.objects.for_actor(actor).filter(business=business).order_by("-created_at", "-id")
    order = list(dict.fromkeys(rows.values_list("client_id", flat=True)[:LATEST]))
    found = Client.objects.filter(business=business).active().in_bulk(order)
    return [found[pk] for pk in order if pk in found][:limit]
