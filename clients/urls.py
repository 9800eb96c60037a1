"""Addresses of the pages of clients."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "clients"
urlpatterns: list[URLPattern | URLResolver] = []
