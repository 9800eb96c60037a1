"""Invitations to a business in the API: a skin over ``accounts.services.invitations``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.auth import answered
from accounts.api.base import OfNamedBusiness, version_of
from accounts.choices import InvitationStatus, Permission, Role
from accounts.models import Invitation
from accounts.services import invitations

INVITATION = {
    "id": "ivt_6mR2wXc8ZpL0bTf5QsYk",
    "business_id": "biz_8sK1pQw5VnC6yHt2RzJe",
    "email": "books@example.com",
    "role": "member",
    "status": "pending",
    "invited_by": "usr_4fQ7mZx2LrT9aKd03WbN",
    "sent_at": "2026-11-20T09:00:00Z",
    "expires_at": "2026-11-27T09:00:00Z",
    "accepted_at": None,
    "revoked_at": None,
    "created_at": "2026-11-20T09:00:00Z",
}


class NewInvitationSerializer(serializers.Serializer[Any]):
    """Who is asked to join."""

    email = serializers.CharField(max_length=254)
    role = serializers.ChoiceField(
        Role.choices, required=False, help_text="Not above the caller's own. Left out: `member`."
    )


class InvitationSerializer(serializers.Serializer[Any]):
    """A place in a business, offered by mail. Its link stands in the mail alone."""

    id = serializers.CharField(read_only=True)
    business_id = serializers.CharField(read_only=True)
    email = serializers.CharField(read_only=True)
    role = serializers.ChoiceField(Role.choices, read_only=True)
    status = serializers.ChoiceField(InvitationStatus.choices, read_only=True)
    invited_by = serializers.CharField(read_only=True, allow_null=True, help_text="A user's id.")
    sent_at = serializers.DateTimeField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)
    accepted_at = serializers.DateTimeField(read_only=True, allow_null=True)
    revoked_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)


def shown(row: Invitation) -> dict[str, Any]:
    """Return an invitation as the API shows it."""
    stored = {name: getattr(row, name) for name in INVITATION if name not in {"status", "invited_by"}}
    status = row.status(timezone.now()).value
    return {name: ({"status": status, "invited_by": row.invited_by_id} | stored)[name] for name in INVITATION}


@extend_schema_view(
    list=extend_schema(
        summary="List the invitations of a business",
        description="Those that wait for an answer and those that had one, newest first.",
        examples=[answered(INVITATION)],
    ),
    retrieve=extend_schema(summary="Read an invitation", examples=[answered(INVITATION)]),
)
@extend_schema(tags=["Businesses"])
class InvitationViewSet(OfNamedBusiness):
    """Who was asked to join a business; for those who manage it."""

    queryset = Invitation.objects.all()
    serializer_class = InvitationSerializer
    lookup_url_kwarg = "invitation_id"
    ordering_fields: ClassVar[Mapping[str, str]] = {
        "created_at": "created_at",
        "email": "email",
        "expires_at": "expires_at",
    }
    required: ClassVar[Mapping[str, str | None]] = dict.fromkeys(
        ("list", "retrieve", "destroy", "resend"), Permission.MANAGE
    )

    def row_version(self, row: Invitation) -> int:
        """Return a number made of what changes."""
        return version_of(row.role, row.token_hash, row.accepted_at, row.revoked_at)

    def represent(self, row: Invitation) -> Mapping[str, Any]:
        """Return an invitation as the API shows it."""
        return shown(row)

    @extend_schema(
        summary="Send an invitation again",
        description="Under a new link, for another week; the old link ends. One that was accepted or withdrawn: 409.",
        request=None,
        responses={200: InvitationSerializer},
        examples=[answered(INVITATION)],
    )
    def resend(self, request: Request, business_id: str, invitation_id: str) -> Response:
        """Mail it again."""
        self.body(None)
        row = invitations.resend_invitation(actor=self.actor, invitation=self.object, at=timezone.now())
        return self.one(row)

    @extend_schema(
        summary="Withdraw an invitation",
        description="Its link opens nothing from now on. One that was accepted or withdrawn: 409.",
        responses={204: None},
    )
    def destroy(self, request: Request, business_id: str, invitation_id: str) -> Response:
        """Withdraw it."""
        self.expected_version()
        invitations.revoke_invitation(actor=self.actor, invitation=self.object, at=timezone.now())
        return Response(status=204)
