"""Clients in the API, with what was invoiced to them, what they paid and what they owe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers

from accounts.api.pagination import value_of
from clients.api.serializers import READ, SAUDI, WRITTEN, ArchivedSerializer, ClientSerializer
from clients.api.viewsets import ClientViewSet
from invoicing.api.examples import answered, sent
from invoicing.queries import client_figures

FIGURES = ("invoiced", "paid", "due")
SHOWN = READ | {"invoiced": {"MAD": 22680}, "paid": {"MAD": 5000}, "due": {"MAD": 17680}}


def figure(description: str) -> serializers.DictField:
    """Return a field for amounts by currency."""
    amount = serializers.DecimalField(max_digits=19, decimal_places=4)
    return serializers.DictField(child=amount, read_only=True, help_text=description)


@extend_schema_serializer(
    component_name="Client",
    examples=[
        sent("A business in Morocco", WRITTEN),
        sent("A business in Saudi Arabia", SAUDI),
        answered("A client", SHOWN),
    ],
)
class BilledClientSerializer(ClientSerializer):
    """Who is billed, with the figures by currency."""

    invoiced = figure("What issued invoices and debit notes ask for, less what was credited.")
    paid = figure("What was received, less what went back.")
    due = figure("What is due now.")


@extend_schema_serializer(
    component_name="ArchivedClient",
    examples=[
        answered(
            "Archived",
            {"message": "The client has invoices, so it was archived.", "client": SHOWN | {"archived": True}},
        )
    ],
)
class ArchivedBilledClientSerializer(ArchivedSerializer):
    """The answer for a client that was archived because it has invoices."""

    client = BilledClientSerializer()


CHANGED = extend_schema(responses={200: BilledClientSerializer})


@extend_schema_view(
    create=extend_schema(responses={201: BilledClientSerializer}),
    update=CHANGED,
    partial_update=CHANGED,
    destroy=extend_schema(responses={200: ArchivedBilledClientSerializer, 204: OpenApiResponse(description="Gone.")}),
)
class BilledClientViewSet(ClientViewSet):
    """``/clients`` as clients shows them, with the figures of their invoices."""

    serializer_class = BilledClientSerializer

    def further(self, rows: Sequence[Any]) -> Mapping[str, Mapping[str, Any]]:
        """Return what was invoiced, paid and is due, by the client's id."""
        if not any(self.wants(name) for name in FIGURES):
            return {}
        return client_figures([value_of(row, "id") for row in rows])
