"""Addresses of the clients' API by itself, without what upper apps add to it."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("api/v1/", include("clients.api.urls"))]
