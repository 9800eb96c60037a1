"""Addresses of accounts in the API."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from accounts.api import auth, passwords
from accounts.api.api_keys import ApiKeyViewSet
from accounts.api.businesses import BusinessViewSet, LogoViewSet, MemberViewSet
from accounts.api.invitations import InvitationViewSet
from accounts.api.users import MeViewSet

router = SimpleRouter(trailing_slash=False)
router.register("api-keys", ApiKeyViewSet, basename="api-key")

ONE: dict[str, Any] = {"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}

urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/register", auth.RegisterView.as_view(), name="api-register"),
    path("auth/login", auth.LoginView.as_view(), name="api-login"),
    path("auth/refresh", auth.RefreshView.as_view(), name="api-refresh"),
    path("auth/logout", auth.LogoutView.as_view(), name="api-logout"),
    path("auth/verify-email", passwords.VerifyEmailView.as_view(), name="api-verify-email"),
    path("auth/password/reset", passwords.PasswordResetView.as_view(), name="api-password-reset"),
    path("auth/password/confirm", passwords.PasswordConfirmView.as_view(), name="api-password-confirm"),
    path("auth/password/change", passwords.PasswordChangeView.as_view(), name="api-password-change"),
    path("auth/validate-api-key", auth.ValidateKeyView.as_view(), name="api-validate-key"),
    path("auth/me", MeViewSet.as_view({"get": "retrieve"}), name="api-auth-me"),
    path(
        "users/me",
        MeViewSet.as_view({"get": "retrieve", "put": "update", "patch": "partial_update"}),
        name="api-me",
    ),
    path("businesses", BusinessViewSet.as_view({"get": "list", "post": "create"}), name="api-businesses"),
    path("businesses/<str:business_id>", BusinessViewSet.as_view(ONE), name="api-business"),
    path(
        "businesses/<str:business_id>/archive",
        BusinessViewSet.as_view({"post": "archive"}),
        name="api-business-archive",
    ),
    path(
        "businesses/<str:business_id>/restore",
        BusinessViewSet.as_view({"post": "restore"}),
        name="api-business-restore",
    ),
    path(
        "businesses/<str:business_id>/usage",
        BusinessViewSet.as_view({"get": "usage_of_plan"}),
        name="api-business-usage",
    ),
    path(
        "businesses/<str:business_id>/logo",
        LogoViewSet.as_view({"get": "picture", "put": "update", "delete": "destroy"}),
        name="api-business-logo",
    ),
    path(
        "businesses/<str:business_id>/members",
        MemberViewSet.as_view({"get": "list", "post": "create"}),
        name="api-members",
    ),
    path("businesses/<str:business_id>/members/<str:user_id>", MemberViewSet.as_view(ONE), name="api-member"),
    path(
        "businesses/<str:business_id>/invitations",
        InvitationViewSet.as_view({"get": "list"}),
        name="api-invitations",
    ),
    path(
        "businesses/<str:business_id>/invitations/<str:invitation_id>",
        InvitationViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="api-invitation",
    ),
    path(
        "businesses/<str:business_id>/invitations/<str:invitation_id>/resend",
        InvitationViewSet.as_view({"post": "resend"}),
        name="api-invitation-resend",
    ),
    *router.urls,
]
