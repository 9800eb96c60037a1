"""Clients in the API: a skin over ``clients.services``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiViewSet, idempotent
from accounts.api.pagination import value_of
from clients.api.serializers import ArchivedSerializer, ClientSerializer
from clients.filters import ClientFilter
from clients.models import Client
from clients.services import delete_client, save_client

# Each field of the answer with the column it is read from.
COLUMNS: Mapping[str, str] = MappingProxyType(
    {str(name): str(name) for name in ClientSerializer().fields} | {"archived": "archived_at"}
)


@extend_schema_view(
    list=extend_schema(
        summary="List clients",
        description="Archived clients are left out unless `archived=true` asks for them alone.",
    ),
    retrieve=extend_schema(summary="Read a client"),
)
@extend_schema(tags=["Clients"])
class ClientViewSet(ApiViewSet):
    """``/clients``. An upper app adds fields to the answers by ``serializer_class`` and ``further``."""

    queryset = Client.objects.all()
    serializer_class: type[ClientSerializer] = ClientSerializer
    filterset_class = ClientFilter
    lookup_url_kwarg = "client_id"
    ordering_fields: ClassVar[Mapping[str, str]] = {name: name for name in ("name", "created_at", "updated_at")}

    # What is read

    def rows_of_business(self) -> models.QuerySet[Any]:
        """Return the rows of the business that is meant, with the columns that were asked for."""
        names = self.get_fields_requested() or list(COLUMNS)
        columns = {COLUMNS[name] for name in names if name in COLUMNS}
        return super().rows_of_business().values("id", *sorted(columns - {"id"}))

    def represent_page(self, rows: Sequence[Any]) -> list[Mapping[str, Any]]:
        """Return the rows as the API shows them, with what ``further`` knows of them."""
        further = self.further(rows)
        return [{**represented(row), **further.get(value_of(row, "id"), {})} for row in rows]

    def represent(self, row: Any) -> Mapping[str, Any]:
        """Return one client as the API shows it."""
        return self.represent_page([row])[0]

    def further(self, rows: Sequence[Any]) -> Mapping[str, Mapping[str, Any]]:
        """Return further fields by the client's id, read in one go for all rows; an upper app has some.

        ``self.wants(name)`` tells whether a field was asked for.
        """
        return {}

    # What is ordered

    def sent(self) -> Mapping[str, Any]:
        """Return the object that was sent. Raises ``Invalid`` for a name that no client has."""
        return self.body(self.serializer_class, shows=self.serializer_class)

    @extend_schema(
        summary="Make a client",
        description="A business in Saudi Arabia, for a seller there, needs `vat_number`, `cr_number` and the "
        "national address. With `vat_registered: false` one of `tax_ids` stands for the VAT number.",
        responses={201: ClientSerializer},
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Make a client."""
        business = self.get_business()
        client = save_client(actor=self.actor, business=business, data=self.sent(), at=timezone.now())
        response = self.one(client, status=201)
        response["Location"] = reverse("client-detail", args=[client.pk])
        return response

    @extend_schema(
        summary="Change a client",
        description="Absent fields stay as they are.",
        responses={200: ClientSerializer},
    )
    def update(self, request: Request, client_id: str) -> Response:
        """Change what was sent of a client."""
        client = save_client(
            actor=self.actor,
            business=self.object.business,
            client=self.object,
            data=self.sent(),
            version=self.expected_version(),
            at=timezone.now(),
        )
        return self.one(client)

    @extend_schema(
        summary="Change some fields of a client",
        description="Absent fields stay as they are.",
        responses={200: ClientSerializer},
    )
    def partial_update(self, request: Request, client_id: str) -> Response:
        """Change what was sent of a client."""
        return self.update(request, client_id)

    @extend_schema(
        summary="Delete a client",
        description="A client for whom nothing was written goes for good (204). Another one is archived and "
        "its invoices stay whole (200).",
        responses={200: ArchivedSerializer, 204: OpenApiResponse(description="Gone.")},
    )
    def destroy(self, request: Request, client_id: str) -> Response:
        """Delete a client, or archive it when it was billed."""
        version = self.expected_version()
        if delete_client(actor=self.actor, client=self.object, version=version, at=timezone.now()):
            return Response(status=204)
        self.object.refresh_from_db()
        message = _("The client has invoices, so it was archived.")
        return Response({"message": message, "client": self.represent(self.object)})


def represented(row: Any) -> dict[str, Any]:
    """Return a row, a model or a dictionary of some columns, under the names of the API."""
    entry = {
        name: value_of(row, column) for name, column in COLUMNS.items() if not isinstance(row, Mapping) or column in row
    }
    if "archived" in entry:
        entry["archived"] = entry["archived"] is not None
    return entry
