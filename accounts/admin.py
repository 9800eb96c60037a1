"""What staff see and do: users, businesses with their members, plans; the rest is there to be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import queue
from accounts.choices import Role
from accounts.errors import Invalid
from accounts.models import ApiKey, Business, Delivery, Invitation, Membership, Plan, QuotaCounter, TokenFamily, User
from accounts.schema import FieldError
from accounts.services import businesses, users
from accounts.services.api_keys import revoke_api_key
from accounts.tenancy import Actor
from accounts.web.forms import put_errors


class ReadOnly:
    """Everything may be read, nothing written."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse."""
        return False


class CountryFilter(admin.AllValuesFieldListFilter):
    """Countries, and a dash for the rows without one: Django gives a link without words."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Yield the countries with what names them."""
        for choice in super().choices(changelist):
            yield {**choice, "display": choice["display"] or self.empty_value_display}


class Retriable(ReadOnly):
    """Queued rows: those that failed can be tried again by staff who could change them, if anybody could."""

    model: Any
    actions: Any = ("try_again",)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Return whether this member of the staff may queue again."""
        options = self.model._meta
        return request.user.has_perm(f"{options.app_label}.change_{options.model_name}")

    @admin.action(description=gettext_lazy("Try again what failed"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Queue the failed ones among the chosen again."""
        count = queue.retry(queryset)
        text = ngettext("%(count)d is tried again.", "%(count)d are tried again.", count)
        messages.add_message(request, messages.SUCCESS if count else messages.WARNING, text % {"count": count})


# Users


class NewUserForm(forms.ModelForm[User]):
    """What staff give for a new user; the rules are those of sign-up."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    company_name = forms.CharField(label=gettext_lazy("Name of the business"), required=False, max_length=200)

    class Meta:
        model = User
        fields = ["email", "username", "full_name", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].required = False

    def registration(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        names = ("email", "username", "full_name", "language", "password", "company_name")
        return {name: self.cleaned_data.get(name, "") for name in names}

    def clean(self) -> dict[str, Any]:
        """Ask the service what it would refuse."""
        if not self.errors:
            try:
                users.clean_registration(self.registration())
            except Invalid as refused:
                put_errors(self, refused)
        return self.cleaned_data

    def _post_clean(self) -> None:
        """Leave the checks of the model to the service: it would find the name not given yet."""


class UserForm(UserChangeForm[User]):
    """What staff may change of a user."""

    def clean_email(self) -> str:
        """Return an address that nobody else has."""
        try:
            return users.clean_own_email(self.cleaned_data["email"], self.instance)
        except FieldError as error:
            raise forms.ValidationError(str(error)) from error


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[type-arg]  # takes none at run time
    """Sets a password by our rules: everything that is signed in ends."""

    usable_password = None

    def save(self, commit: bool = True) -> User:
        """Store the password."""
        user: User = self.user
        users.set_password(user=user, password=self.cleaned_data["password1"], at=timezone.now())
        return user


class MembershipsOfUser(admin.TabularInline[Membership, User]):
    """The businesses of a user, to read."""

    model = Membership
    extra = 0
    can_delete = False
    readonly_fields = ["business", "role", "created_at"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: members are changed at the business."""
        return False


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    """Users. New ones are made by the service that makes all."""

    form = UserForm
    add_form = NewUserForm
    change_password_form = PasswordForm
    list_display = ["email", "username", "full_name", "language", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser", "language", "date_joined"]
    search_fields = ["id__exact", "email", "username", "full_name", "memberships__business__name"]
    ordering = ["-date_joined"]
    readonly_fields = ["id", "date_joined", "last_login", "default_business"]
    fieldsets = [
        (None, {"fields": ["id", "email", "username", "password", "full_name", "language", "default_business"]}),
        (gettext_lazy("Rights"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        (gettext_lazy("Dates"), {"fields": ["date_joined", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "username", "full_name", "language", "password", "company_name"]}),
    ]
    inlines = [MembershipsOfUser]

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        """Show the businesses of a user who is there."""
        return [MembershipsOfUser] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse: what a user did keeps its name. Switch the account off instead."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Store a change, or have the service make the user."""
        if not change:
            made = users.register(**form.registration(), at=timezone.now(), by_staff=True)
            obj.__dict__.update(made.__dict__)
            return
        email = obj.email
        obj.email = form.initial["email"]
        super().save_model(request, obj, form, change)
        if email != obj.email:
            users.change_names(obj, {"email": email})


# Businesses


class MembersFormSet(BaseInlineFormSet[Membership, Business, forms.ModelForm[Membership]]):
    """The members of a business, one of whom owns it."""

    def clean(self) -> None:
        """Refuse to leave a business without an owner."""
        super().clean()
        left = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        if not any(self.errors) and not any(data.get("role") == Role.OWNER for data in left):
            raise forms.ValidationError(_("A business needs an owner."))


class Members(admin.TabularInline[Membership, Business]):
    """Who belongs to the business."""

    model = Membership
    formset = MembersFormSet
    extra = 0
    autocomplete_fields = ["user"]
    readonly_fields = ["created_at"]


@admin.register(Business)
class BusinessAdmin(admin.ModelAdmin[Business]):
    """Businesses. Staff give plans and mend memberships; what is printed is the owner's to change."""

    list_display = ["name", "country", "currency", "plan", "created_at", "archived_at"]
    list_filter = [
        "plan",
        ("country", CountryFilter),
        "currency",
        "language",
        ("archived_at", admin.EmptyFieldListFilter),
    ]
    search_fields = [
        "id__exact",
        "name",
        "legal_name",
        "legal_name_ar",
        "slug",
        "vat_number",
        "email",
        "memberships__user__email",
    ]
    ordering = ["-created_at"]
    list_select_related = ["plan"]
    inlines = [Members]
    actions = ["bring_back"]
    exclude = ["inbox_token"]

    def get_readonly_fields(self, request: HttpRequest, obj: Business | None = None) -> list[str]:
        """Let the plan alone be written."""
        return [field.name for field in Business._meta.fields if field.name not in {"plan", "inbox_token"}]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a business begins with its owner."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Business | None = None) -> bool:
        """Refuse: it is archived instead."""
        return False

    @admin.action(description=gettext_lazy("Bring back from the archive"), permissions=["change"])
    def bring_back(self, request: HttpRequest, queryset: QuerySet[Business]) -> None:
        """Let members see the businesses again."""
        count = businesses.bring_back(queryset, at=timezone.now())
        text = ngettext("%(count)d business is back.", "%(count)d businesses are back.", count)
        messages.success(request, text % {"count": count})


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin[Plan]):
    """What businesses may do a month and a day."""

    list_display = ["name", "code", "invoices_per_month", "emails_per_day"]
    search_fields = ["code", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Plan | None = None) -> list[str]:
        """Keep the code of a plan that is there."""
        return ["code"] if obj else []


# To read


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly, admin.ModelAdmin[ApiKey]):
    """API keys, without what would open anything."""

    list_display = ["name", "business", "scopes", "last_used_at", "expires_at", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter), "created_at", "expires_at"]
    search_fields = ["id__exact", "name", "public_part", "business__name", "business__id__exact"]
    list_select_related = ["business"]
    exclude = ["secret_hash"]
    actions = ["revoke"]

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Return whether this member of the staff may end keys."""
        return request.user.has_perm("accounts.change_apikey")

    @admin.action(description=gettext_lazy("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """End the keys."""
        keys = list(queryset.filter(revoked_at=None))
        for key in keys:
            revoke_api_key(actor=Actor.system(key.business_id), key=key, at=timezone.now())
        count = len(keys)
        messages.success(request, ngettext("%(count)d key ended.", "%(count)d keys ended.", count) % {"count": count})


@admin.register(Invitation)
class InvitationAdmin(ReadOnly, admin.ModelAdmin[Invitation]):
    """Who was asked to join a business, without what would open the door."""

    list_display = ["email", "business", "role", "sent_at", "expires_at", "accepted_at", "revoked_at"]
    list_filter = [
        "role", "sent_at",
        ("accepted_at", admin.EmptyFieldListFilter),
        ("revoked_at", admin.EmptyFieldListFilter),
    ]  # fmt: skip
    search_fields = ["id__exact", "email", "business__name", "business__id__exact"]
    list_select_related = ["business"]
    exclude = ["token_hash"]


@admin.register(Delivery)
class DeliveryAdmin(Retriable, admin.ModelAdmin[Delivery]):
    """Mails; failed ones can be tried again."""

    list_display = ["subject", "recipients", "template", "state", "attempts", "created_at", "sent_at"]
    list_filter = ["state", "template", "language", "created_at"]
    search_fields = ["id__exact", "subject", "to", "message_id", "last_error", "topic_id__exact", "business__name"]
    ordering = ["-created_at"]

    def get_exclude(self, request: HttpRequest, obj: Delivery | None = None) -> list[str]:
        """Hide the machinery, and the text of mails to users and the invited: links in them open accounts."""
        hidden = ["html", "lease_token", "lease_until"]
        is_open = obj is not None and obj.business_id and obj.template != "invitation"
        return hidden if is_open else [*hidden, "text"]

    @admin.display(description=gettext_lazy("to"))
    def recipients(self, delivery: Delivery) -> str:
        """Return who gets it."""
        return ", ".join([*delivery.to, *delivery.cc])


@admin.register(QuotaCounter)
class QuotaCounterAdmin(ReadOnly, admin.ModelAdmin[QuotaCounter]):
    """What businesses have used of their plans."""

    list_display = ["business", "metric", "period", "used"]
    list_filter = ["metric", "period"]
    search_fields = ["business__name", "business__id__exact"]
    list_select_related = ["business"]
    ordering = ["-period", "business"]


@admin.register(TokenFamily)
class TokenFamilyAdmin(ReadOnly, admin.ModelAdmin[TokenFamily]):
    """Log-ins through the API."""

    list_display = ["id", "user", "created_at", "expires_at", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["id__exact", "user__email", "user__username"]
    list_select_related = ["user"]
    ordering = ["-created_at"]
    exclude = ["current_jti"]


# What allauth keeps: its own pages would show the secrets of second factors, and let them be written over
admin.site.unregister([Authenticator, UserSession])


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # allauth brings no types
    """Second factors without their secrets. One whose owner has lost it can be removed."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    search_fields = ("user__email", "user__username")
    fields = list_display

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow whom Django allows."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(UserSession)
class UserSessionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # allauth brings no types
    """Where users are signed in."""

    list_display = ("user", "created_at", "last_seen_at", "ip", "user_agent")
    search_fields = ("user__email", "user__username", "ip")
    fields = list_display
