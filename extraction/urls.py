"""Addresses of the pages of documents."""

from __future__ import annotations

from django.urls import path

from extraction.web import documents

app_name = "extraction"
urlpatterns = [
    path("documents", documents.DocumentList.as_view(), name="document_list"),
]
