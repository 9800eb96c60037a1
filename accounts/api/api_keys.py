"""API keys of a business, for those who manage it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.auth import answered, sent
from accounts.api.base import ApiViewSet, idempotent
from accounts.api.serializers import ApiKeySerializer, NewApiKeySerializer, NewKeyInputSerializer
from accounts.choices import Permission
from accounts.models import ApiKey
from accounts.services.api_keys import create_api_key, key_version, revoke_api_key, update_api_key

EXAMPLE = {
    "id": "key_2hT5vBq9XwE4uMn7GcLs",
    "business_id": "biz_8sK1pQw5VnC6yHt2RzJe",
    "name": "Shop",
    "scopes": ["read", "write"],
    "expires_at": None,
    "last_used_at": None,
    "created_by": "usr_5dR8mWq2ZxT7bVn4KcHs",
    "created_at": "2026-11-20T09:30:00Z",
}
ACTIONS = ("list", "retrieve", "create", "update", "partial_update", "destroy")


@extend_schema_view(
    list=extend_schema(
        summary="List API keys",
        description="Those that are not revoked.",
        tags=["API keys"],
        examples=[answered(EXAMPLE)],
    ),
    retrieve=extend_schema(
        summary="Read an API key", description="Without its secret.", tags=["API keys"], examples=[answered(EXAMPLE)]
    ),
)
class ApiKeyViewSet(ApiViewSet):
    """Keys that are not revoked."""

    queryset = ApiKey.objects.filter(revoked_at=None)
    serializer_class = ApiKeySerializer
    secret_answers: ClassVar[Collection[str]] = frozenset({"create"})
    required: ClassVar[Mapping[str, str | None]] = dict.fromkeys(ACTIONS, Permission.MANAGE)
    ordering_fields: ClassVar[Mapping[str, str]] = {
        "created_at": "created_at",
        "name": "name",
        "last_used_at": "last_used_at",
    }

    def rows_of_business(self) -> models.QuerySet[Any]:
        """Return the keys of a business that the caller manages."""
        return self.get_queryset().filter(business_id=self.get_business_id(Permission.MANAGE))

    def row_version(self, row: ApiKey) -> int:
        """Return a number made of what can be changed."""
        return key_version(row)

    def represent(self, row: ApiKey) -> Mapping[str, Any]:
        """Return a key without its secret."""
        return {name: getattr(row, name) for name in EXAMPLE if name != "created_by"} | {
            "created_by": row.created_by_id
        }

    @extend_schema(
        tags=["API keys"],
        summary="Make an API key",
        request=NewKeyInputSerializer,
        responses={201: NewApiKeySerializer},
        examples=[
            sent({"name": "Shop", "scopes": ["read", "write"]}),
            answered(EXAMPLE | {"api_key": "pk_4fQ7mZx2LrT9aKd03WbN8s:sk_…"}, 201),
        ],
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Make a key. Its text is shown in this answer alone."""
        business = self.get_business(Permission.MANAGE)
        values = self.parse_body(NewKeyInputSerializer, shows=ApiKeySerializer)
        key, text = create_api_key(actor=self.actor, business=business, data=values, at=timezone.now())
        data = {**self.represent(key), "api_key": text}
        return Response(data, status=201, headers={"ETag": self.etag_of(key)})

    @extend_schema(
        tags=["API keys"],
        summary="Change an API key",
        request=ApiKeySerializer(partial=True),
        examples=[sent({"name": "Shop", "scopes": ["read"]}), answered(EXAMPLE | {"scopes": ["read"]})],
    )
    def update(self, request: Request, pk: str) -> Response:
        """Change a key's name, scopes or end; what is left out stays."""
        values = self.parse_body(ApiKeySerializer, shows=ApiKeySerializer)
        key = update_api_key(
            actor=self.actor,
            key=self.object,
            data=values,
            at=timezone.now(),
            version=self.expected_version(),
        )
        return self.one(key)

    @extend_schema(
        tags=["API keys"],
        summary="Change some fields of an API key",
        request=ApiKeySerializer(partial=True),
        examples=[sent({"scopes": ["read"]}), answered(EXAMPLE | {"scopes": ["read"]})],
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change a key's name, scopes or end; what is left out stays."""
        return self.update(request, pk)

    @extend_schema(summary="Revoke an API key", tags=["API keys"], responses={204: None})
    def destroy(self, request: Request, pk: str) -> Response:
        """Revoke a key: it opens nothing from now on."""
        revoke_api_key(actor=self.actor, key=self.object, at=timezone.now(), version=self.expected_version())
        return Response(status=204)
