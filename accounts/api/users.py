"""The caller as a user: ``/users/me`` and ``/auth/me``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.auth import USER, answered, sent
from accounts.api.base import ApiViewSet, version_of
from accounts.api.serializers import UserSerializer
from accounts.models import User
from accounts.queries import actor_for, locked_user, profile
from accounts.services.users import update_user


@extend_schema_view(
    retrieve=extend_schema(
        summary="Read who you are",
        description="The contact is the default business's.",
        tags=["Users"],
        responses={200: UserSerializer},
        examples=[answered(USER)],
    ),
)
class MeViewSet(ApiViewSet):
    """The user who asks. An API key is none."""

    queryset = User.objects.none()
    serializer_class = UserSerializer
    is_single = True

    def check_access(self) -> None:
        """Refuse API keys, and load the caller."""
        self.object = profile(self.user, self.actor)

    def row_version(self, row: Any) -> int:
        """Return a number made of everything that is shown."""
        return version_of(row)

    def represent(self, row: Any) -> Mapping[str, Any]:
        """Return the profile as it is."""
        return dict(row)

    @extend_schema(
        summary="Change who you are",
        tags=["Users"],
        request=UserSerializer(partial=True),
        responses={200: UserSerializer},
        examples=[sent({"full_name": "Studio Atlas", "language": "fr"}), answered(USER | {"language": "fr"})],
    )
    def update(self, request: Request) -> Response:
        """Change what is given; what is left out stays. A new email is unverified until its link is opened."""
        values = self.parse_body(UserSerializer, shows=UserSerializer)
        with transaction.atomic():
            user = locked_user(self.user.pk)
            self.object = profile(user, self.actor)
            self.expected_version()
            user = update_user(actor=self.actor, user=user, data=values, at=timezone.now())
            self.object = profile(user, actor_for(user, channel=self.actor.channel, ip=self.actor.ip))
        return self.one(self.object)

    @extend_schema(
        operation_id="users_me_partial_update",
        summary="Change some of who you are",
        tags=["Users"],
        request=UserSerializer(partial=True),
        responses={200: UserSerializer},
        examples=[sent({"language": "fr"}), answered(USER | {"language": "fr"})],
    )
    def partial_update(self, request: Request) -> Response:
        """Change what is given; what is left out stays."""
        return self.update(request)
