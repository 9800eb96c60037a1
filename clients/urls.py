"""Addresses of the pages of clients."""

from __future__ import annotations

from django.urls import path

from clients.web import acts, views

app_name = "clients"
urlpatterns = [
    path("clients", views.ClientList.as_view(), name="client_list"),
    path("clients/new", views.ClientNew.as_view(), name="client_new"),
    path("clients/similar", views.SimilarClients.as_view(), name="client_similar"),
    path("clients/<str:pk>", views.ClientDetail.as_view(), name="client_detail"),
    path("clients/<str:pk>/edit", views.ClientEdit.as_view(), name="client_edit"),
    path("clients/<str:pk>/archive", acts.ClientArchive.as_view(), name="client_archive"),
    path("clients/<str:pk>/restore", acts.ClientRestore.as_view(), name="client_restore"),
    path("clients/<str:pk>/delete", acts.ClientDelete.as_view(), name="client_delete"),
]
