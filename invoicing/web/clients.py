"""The pages of clients with what invoicing knows of them: what they owe, and what was written for them."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from clients.models import Client, ClientQuerySet
from clients.web.views import ClientDetail, ClientList, tab
from invoicing.queries import (
    client_counts,
    client_invoices,
    client_standings,
    client_tab_counts,
    client_years,
    owed_by,
    standing_of_clients,
    statuses_of,
)

SHOWN: Final = 10
TABS: Final = {
    "all": pgettext_lazy("invoices", "All"),
    "open": pgettext_lazy("invoices", "Open"),
    "overdue": gettext_lazy("Overdue"),
    "paid": gettext_lazy("Paid"),
    "draft": gettext_lazy("Drafts"),
}
# What the list of all invoices is asked for, to show the same
LIST_QUERIES: Final = {
    "open": "&open=true",
    "overdue": "&status=overdue",
    "paid": "&status=paid",
    "draft": "&status=draft",
}


class ClientListWithFigures(ClientList):
    """All clients, with what each owes."""

    template_name = "invoicing/client_list.html"

    @cached_property
    def at(self) -> datetime:
        """The moment that the page shows."""
        return timezone.now()

    @property
    def standing(self) -> str:
        """Whether the list is narrowed to who owes, or is late."""
        return self.request.GET.get("standing", "")

    def narrowed(self, rows: ClientQuerySet) -> ClientQuerySet:
        """Return the clients who stand as was asked."""
        return standing_of_clients(rows, self.standing, at=self.at)

    def tabs(self, query: QueryDict) -> list[dict[str, Any]]:
        """Return the tabs with how many clients stand in each."""
        counts = client_counts(self.business, at=self.at)
        archived = query.get("archived") == "true"
        plain = not archived and self.standing not in {"owing", "overdue"}
        return [
            tab(pgettext("clients", "Active"), query, current=plain, count=counts["active"]),
            *(
                tab(label, query, current=not archived and self.standing == name, count=counts[name], standing=name)
                for name, label in (
                    ("owing", pgettext("clients", "Owing")),
                    ("overdue", pgettext("clients", "Overdue")),
                )
            ),
            tab(pgettext("clients", "Archived"), query, current=archived, count=counts["archived"], archived="true"),
        ]

    def further(self, clients: list[Client], rows: ClientQuerySet) -> dict[str, Any]:
        """Return how each client of the page stands, and what all that are shown owe together."""
        standings = client_standings([client.pk for client in clients], at=self.at)
        owed = owed_by(rows, at=self.at)
        return {
            "rows": [(client, standings[client.pk]) for client in clients],
            "owed": owed,
            "late": [each for each in owed if each.overdue],
        }


class ClientDetailWithInvoices(ClientDetail):
    """The client, with their invoices and amounts by currency."""

    template_name = "invoicing/client_detail.html"

    def further(self, client: Client) -> dict[str, Any]:
        """Return the client's figures by currency, and the latest invoices of a tab."""
        at, asked = timezone.now(), self.request.GET.get("tab", "")
        current = asked if asked in TABS else "all"
        latest = client_invoices(client, current, at=at, limit=SHOWN)
        counts = client_tab_counts(client, at=at)
        return super().further(client) | {
            "figures": client_years(client, business=self.business, at=at),
            "invoices": list(zip(latest, statuses_of(latest, at=at), strict=True)),
            "any_invoice": bool(counts["all"]),
            "there_is_more": counts[current] > SHOWN,
            "more_query": f"client_id={client.pk}{LIST_QUERIES.get(current, '')}",
            "tabs": [
                {"label": label, "url": f"?tab={name}#invoices", "current": name == current, "count": counts[name]}
                for name, label in TABS.items()
                if counts[name] or name in {"all", current}
            ],
        }
