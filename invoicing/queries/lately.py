"""Who was billed lately, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Invoice, Line

LATEST = 40  # invoices that are looked at
MOST_LINES = 400  # of them, the first of each before the second of any


def clients_billed_lately(*, actor: Actor, business: Business, limit: int) -> list[Client]:
    """Return the clients of the latest invoices, the last one first; archived ones are left out."""
    rows = Invoice.objects.for_actor(actor).filter(business=business).order_by("-created_at", "-id")
    order = list(dict.fromkeys(rows.values_list("client_id", flat=True)[:LATEST]))
    found = Client.objects.filter(business=business).active().in_bulk(order)
    return [found[pk] for pk in order if pk in found][:limit]


@dataclass(frozen=True, slots=True)
class BilledItem:
    """An item as it was billed the last time, with its price in a currency."""

    name: str
    unit: str
    unit_price: Decimal
    currency: str


def items_billed_lately(*, actor: Actor, business: Business, limit: int) -> list[BilledItem]:
    """Return the items of the latest invoices, each name once as it was billed last."""
    rows = Invoice.objects.for_actor(actor).filter(business=business).order_by("-created_at", "-id")
    latest = dict(rows.values_list("pk", "currency")[:LATEST])
    order = {pk: place for place, pk in enumerate(latest)}
    columns = ("invoice_id", "position", "name", "unit", "unit_price")
    lines = Line.objects.filter(invoice_id__in=latest).order_by("position", "id").values_list(*columns)[:MOST_LINES]
    found: dict[str, BilledItem] = {}
    for pk, _position, name, unit, price in sorted(lines, key=lambda line: (order[line[0]], line[1])):
        found.setdefault(name, BilledItem(name, unit, price, latest[pk]))
    return list(found.values())[:limit]
