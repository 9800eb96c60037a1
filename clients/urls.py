"""Addresses of the pages of clients."""

from __future__ import annotations

from django.urls import path

from clients.web import views

app_name = "clients"
urlpatterns = [
    path("clients", views.ClientList.as_view(), name="client_list"),
    path("clients/new", views.ClientNew.as_view(), name="client_new"),
    path("clients/<str:pk>", views.ClientDetail.as_view(), name="client_detail"),
    path("clients/<str:pk>/edit", views.ClientEdit.as_view(), name="client_edit"),
    path("clients/<str:pk>/archive", views.ClientArchive.as_view(), name="client_archive"),
    path("clients/<str:pk>/restore", views.ClientRestore.as_view(), name="client_restore"),
    path("clients/<str:pk>/delete", views.ClientDelete.as_view(), name="client_delete"),
]
