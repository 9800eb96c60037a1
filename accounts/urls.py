"""Addresses of the pages of accounts. ``/dev/mail`` is among them in the embedded mode alone."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = []
