"""Clients for staff: read, searched, filtered; changes keep to the service's rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.admin import CountryFilter
from accounts.choices import Channel, Role
from accounts.tenancy import Actor
from accounts.web.forms import put_errors
from clients.errors import InvalidClient
from clients.models import Client
from clients.services import clean_values, delete_client, save_client

READ_ONLY = ("id", "business", "country", "version", "archived_at", "created_at", "updated_at")
WRITTEN = (
    *("type", "name", "name_ar", "contact_name", "email", "phone", "vat_number", "cr_number", "vat_registered"),
    *("tax_ids", "address", "latitude", "longitude", "categories", "currency", "language", "send_mail", "notes"),
)


class ClientAdminForm(forms.ModelForm[Client]):
    """A client's fields, checked as everywhere."""

    class Meta:
        model = Client
        fields = WRITTEN

    def clean(self) -> dict[str, Any]:
        """Ask the service whether it would save this."""
        data = self.cleaned_data
        try:
            clean_values(data, self.instance.business, self.instance)
        except InvalidClient as error:
            put_errors(self, error)
        return data


def staff_actor(request: HttpRequest, client: Client) -> Actor:
    """Return the actor that a member of the staff is in a client's business."""
    return Actor(
        roles={client.business_id: Role.OWNER.value},
        user_id=str(request.user.pk),
        name=str(request.user),
        channel=Channel.ADMIN,
        ip=request.META.get("REMOTE_ADDR"),
    )


@admin.register(Client)
class ClientAdmin(admin.ModelAdmin[Client]):
    """Clients of all businesses. They are made by the businesses themselves."""

    form = ClientAdminForm
    list_display = ("name", "business", "type", "email", "phone", "country", "created_at", "archived_at")
    list_filter = (
        "type",
        "vat_registered",
        "send_mail",
        ("archived_at", admin.EmptyFieldListFilter),
        ("country", CountryFilter),
    )
    search_fields = ("id__exact", "business__name", "vat_number")  # for Django, which shows a field when there are any
    list_select_related = ("business",)
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-id")
    readonly_fields = READ_ONLY
    fields = ("id", "business", *WRITTEN, "country", "version", "archived_at", "created_at", "updated_at")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Client], search_term: str
    ) -> tuple[QuerySet[Client], bool]:
        """Search as the pages do, and by id and business."""
        by_field, distinct = super().get_search_results(request, queryset, search_term)
        matching = Client.objects.matching(search_term).values("pk")
        return by_field | queryset.filter(pk__in=matching), distinct

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Leave the making to the businesses."""
        return False

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:
        """Save by the service."""
        save_client(
            actor=staff_actor(request, obj),
            business=obj.business,
            client=obj,
            data={name: form.cleaned_data[name] for name in form.changed_data},
            at=timezone.now(),
        )

    def delete_model(self, request: HttpRequest, obj: Client) -> None:
        """Delete by the service."""
        delete_client(actor=staff_actor(request, obj), client=obj, at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Client]) -> None:
        """Delete each by the service."""
        for client in queryset:
            self.delete_model(request, client)
