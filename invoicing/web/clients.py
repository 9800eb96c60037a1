"""A client's page with what invoicing knows of the client."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from clients.models import Client
from clients.web.views import ClientDetail
from invoicing.queries import client_figures, invoices_of_client, statuses_of

SHOWN = 10


class ClientDetailWithInvoices(ClientDetail):
    """The client, with their invoices and amounts by currency."""

    template_name = "invoicing/client_detail.html"

    def further(self, client: Client) -> dict[str, Any]:
        """Return what was invoiced, paid and is due by currency, and the latest invoices."""
        figures = client_figures([client.pk])[client.pk]
        currencies = sorted({currency for amounts in figures.values() for currency in amounts})
        latest = invoices_of_client(client, limit=SHOWN)
        return super().further(client) | {
            "figures": [
                {"currency": currency, **{name: figures[name].get(currency, 0) for name in figures}}
                for currency in currencies
            ],
            "invoices": list(zip(latest, statuses_of(latest, at=timezone.now()), strict=True)),
            "there_is_more": len(latest) == SHOWN,
        }
