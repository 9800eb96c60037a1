"""Addresses of clients in the API."""

from __future__ import annotations

from django.urls import path

from clients.api.viewsets import ClientViewSet

urlpatterns = [
    path("clients", ClientViewSet.as_view({"get": "list", "post": "create"}), name="client-list"),
    path(
        "clients/<str:client_id>",
        ClientViewSet.as_view({"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}),
        name="client-detail",
    ),
]
