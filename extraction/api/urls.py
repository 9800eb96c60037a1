"""Addresses of documents and extractions in the API."""

from __future__ import annotations

from django.urls import path

from extraction.api.exports import DocumentExportViewSet
from extraction.api.runs import ExtractionViewSet
from extraction.api.viewsets import DocumentViewSet

urlpatterns = [
    path("documents", DocumentViewSet.as_view({"get": "list", "post": "create"}), name="document-list"),
    path("documents/export", DocumentExportViewSet.as_view({"get": "export"}), name="document-export"),
    path(
        "documents/<str:document_id>",
        DocumentViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="document-detail",
    ),
    path("documents/<str:document_id>/file", DocumentViewSet.as_view({"get": "file"}), name="document-file"),
    path(
        "documents/<str:document_id>/supporting/<int:n>",
        DocumentViewSet.as_view({"get": "supporting"}),
        name="document-supporting",
    ),
    path("documents/<str:document_id>/process", DocumentViewSet.as_view({"post": "process"}), name="document-process"),
    path("documents/<str:document_id>/refetch", DocumentViewSet.as_view({"post": "refetch"}), name="document-refetch"),
    path(
        "documents/<str:document_id>/data",
        DocumentViewSet.as_view({"get": "document_data", "patch": "correct"}),
        name="document-data",
    ),
    path("documents/<str:document_id>/invoice", DocumentViewSet.as_view({"post": "invoice"}), name="document-invoice"),
    path("extractions", ExtractionViewSet.as_view({"get": "list", "post": "create"}), name="extraction-list"),
    path("extractions/usage", ExtractionViewSet.as_view({"get": "usage_of_business"}), name="extraction-usage"),
    path("extractions/models", ExtractionViewSet.as_view({"get": "models_on_offer"}), name="extraction-models"),
    path("extractions/<str:extraction_id>", ExtractionViewSet.as_view({"get": "retrieve"}), name="extraction-detail"),
    path("extractions/<str:extraction_id>/file", ExtractionViewSet.as_view({"get": "file"}), name="extraction-file"),
]
