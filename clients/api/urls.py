"""Addresses of clients in the API."""

from __future__ import annotations

from django.urls import URLPattern, path

from clients.api.viewsets import ClientViewSet


def routes(viewset: type[ClientViewSet] = ClientViewSet) -> list[URLPattern]:
    """Return the addresses with the viewset that answers there: an upper app's may show more."""
    return [
        path("clients", viewset.as_view({"get": "list", "post": "create"}), name="client-list"),
        path(
            "clients/<str:client_id>",
            viewset.as_view({"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}),
            name="client-detail",
        ),
    ]


urlpatterns = routes()
