"""Clients in the API, with what was invoiced to them, what they paid and what they owe."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from django.db import models
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_serializer, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.pagination import value_of
from accounts.tables import table_response
from clients.api.serializers import READ, SAUDI, WRITTEN, ArchivedSerializer, ClientSerializer
from clients.api.viewsets import ClientViewSet
from invoicing.api import statements
from invoicing.api.examples import answered, sent
from invoicing.api.viewsets import choice
from invoicing.queries import client_figures
from invoicing.services.statements import clean_period, file_name, statement_of, statement_pdf, table_of

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


CHANGED = extend_schema(request=BilledClientSerializer(partial=True), responses={200: BilledClientSerializer})


@extend_schema_view(
    create=extend_schema(responses={201: BilledClientSerializer}),
    update=CHANGED,
    partial_update=CHANGED,
    destroy=extend_schema(responses={200: ArchivedBilledClientSerializer, 204: OpenApiResponse(description="Gone.")}),
)
class BilledClientViewSet(ClientViewSet):
    """``/clients`` as clients shows them, with the figures of their invoices."""

    serializer_class = BilledClientSerializer
    parameters: ClassVar[Mapping[str, Collection[str]]] = {"statement": ("from", "to", "format")}

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the clients of the actor's businesses, for a statement with their business."""
        rows = super().get_queryset()
        return rows.select_related("business") if self.act == "statement" else rows

    def known_fields(self) -> Sequence[str]:
        """Return the names that ``fields=`` knows for the current action."""
        return statements.FIELDS if self.act == "statement" else super().known_fields()

    def further(self, rows: Sequence[Any]) -> Mapping[str, Mapping[str, Any]]:
        """Return what was invoiced, paid and is due, by the client's id."""
        if not any(self.wants(name) for name in FIGURES):
            return {}
        return client_figures([value_of(row, "id") for row in rows])

    @statements.STATEMENT
    def statement(self, request: Request, client_id: str) -> HttpResponseBase:
        """Answer with a client's statement of account."""
        client, at = self.object, timezone.now()
        form = choice(request, "format", statements.FORMATS)
        period = clean_period(request.query_params, business=client.business, at=at)
        statement = statement_of(client, period)
        if form == "json":
            return Response(self.sparse(statements.represent(statement)))
        if form == "csv":
            return table_response(table_of(statement), form, name=file_name(statement))
        disposition = f'attachment; filename="{file_name(statement)}.pdf"'
        content = statement_pdf(statement)
        return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})
