"""Businesses, their members, logo and usage in the API: a skin over ``accounts.services.businesses``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import storage
from accounts.api.auth import answered, sent
from accounts.api.base import ApiViewSet, OfNamedBusiness, idempotent, version_of
from accounts.api.business_serializers import (
    MEMBER,
    READ,
    USAGE,
    WRITTEN,
    BusinessSerializer,
    LogoSerializer,
    MemberSerializer,
    UsageSerializer,
)
from accounts.api.invitations import INVITATION, InvitationSerializer, NewInvitationSerializer, shown
from accounts.choices import Permission, Role
from accounts.errors import Invalid, LostUpdate, NotFound
from accounts.models import Business, Membership
from accounts.queries import business_of, with_archived
from accounts.quotas import usage
from accounts.services import businesses, invitations
from accounts.tenancy import Actor

READ_ONLY = frozenset(name for name, field in BusinessSerializer().fields.items() if field.read_only)
PLAIN = tuple(
    name for name in READ if hasattr(Business, name) and name not in {"plan", "number_formats", "next_numbers"}
)
NUMBERING = ("number_formats", "next_numbers")
ENVELOPE = 100_000  # bytes of a multipart body around its file
LOGO_HEADERS = {
    "Content-Disposition": 'inline; filename="logo.png"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, max-age=3600",
}


@extend_schema_view(
    list=extend_schema(
        summary="List businesses",
        description="Archived ones are left out unless `archived=true` asks for them alone.",
        parameters=[OpenApiParameter("archived", bool, description="Those that were archived.")],
        examples=[answered(READ)],
    ),
    retrieve=extend_schema(summary="Read a business", description="Also an archived one.", examples=[answered(READ)]),
)
@extend_schema(tags=["Businesses"])
class BusinessViewSet(ApiViewSet):
    """The businesses that the caller belongs to; an API key sees its own."""

    queryset = Business.objects.all()
    serializer_class = BusinessSerializer
    lookup_url_kwarg = "business_id"
    ordering_fields: ClassVar[Mapping[str, str]] = {"name": "name", "created_at": "created_at"}
    required: ClassVar[Mapping[str, str | None]] = {
        "create": None,
        "update": Permission.MANAGE,
        "partial_update": Permission.MANAGE,
        "destroy": Permission.OWN,
        "archive": Permission.OWN,
        "restore": Permission.OWN,
    }
    parameters: ClassVar[Mapping[str, Collection[str]]] = {"list": ("archived",)}

    @property
    def actor(self) -> Actor:
        """The caller, who still sees an archived business by its id or in the list of those."""
        return self.actor_with_archive if self.act in {"list", "retrieve", "restore"} else super().actor

    @cached_property
    def actor_with_archive(self) -> Actor:
        """The caller with the roles in archived businesses."""
        return with_archived(super().actor)

    def known_fields(self) -> Sequence[str]:
        """Return the names that ``fields=`` knows for the current action."""
        return tuple(USAGE) if self.act == "usage_of_plan" else super().known_fields()

    def rows_of_business(self) -> models.QuerySet[Any]:
        """Return all of the caller's businesses, or the one that ``business_id`` names."""
        archived = truth(self.request, "archived")
        rows = self.get_queryset().filter(archived_at__isnull=not archived)
        if "business_id" in self.request.query_params:
            return rows.filter(pk=self.get_business_id(Permission.READ))
        return rows

    def represent(self, row: Business) -> Mapping[str, Any]:
        """Return a business as the API shows it; its numbering is looked up only where it is asked for."""
        data = {name: getattr(row, name) for name in PLAIN} | self.numbering(row)
        secret = self.actor.may(row.pk, Permission.WRITE)
        logo = reverse("api-business-logo", args=[row.pk])
        data |= {
            "logo": settings.PUBLIC_URL + logo if row.logo_key else None,
            "webhook_inbox_url": f"{settings.PUBLIC_URL}/webhooks/inbox/{row.inbox_token}" if secret else None,
            "plan": row.plan_id,
            "role": self.actor.roles.get(row.pk, "owner"),
            "archived": row.archived_at is not None,
        }
        return {name: data[name] for name in READ if name in data}

    def numbering(self, row: Business) -> dict[str, Any]:
        """Return formats and next numbers by kind, where either was asked for."""
        if not any(self.wants(name) for name in NUMBERING):
            return {}
        kinds = businesses.numbering(row, timezone.now())
        return {
            "number_formats": {each.kind: each.format for each in kinds},
            "next_numbers": {each.kind: each.next_number for each in kinds},
        }

    def writable(self) -> dict[str, Any]:
        """Return the fields that were sent and can be written."""
        data = self.body(BusinessSerializer, shows=BusinessSerializer)
        return {name: value for name, value in data.items() if name not in READ_ONLY}

    @extend_schema(
        summary="Open a business",
        description="The caller becomes its owner. An API key cannot do this.",
        request=BusinessSerializer,
        responses={201: BusinessSerializer},
        examples=[sent(WRITTEN), answered(READ, 201)],
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Open a business."""
        business = businesses.create_business(actor=self.actor, data=self.writable(), at=timezone.now())
        request._request.actor = businesses.joined(self.actor, business)  # type: ignore[attr-defined]  # who now owns it
        response = self.one(business, status=201)
        response["Location"] = reverse("api-business", args=[business.pk])
        return response

    @extend_schema(
        summary="Change a business",
        description="Absent fields stay as they are. What was issued keeps what was printed on it.",
        request=BusinessSerializer(partial=True),
        responses={200: BusinessSerializer},
        examples=[sent(WRITTEN), answered(READ)],
    )
    def update(self, request: Request, business_id: str) -> Response:
        """Change what was sent."""
        business = businesses.update_business(
            actor=self.actor,
            business=self.object,
            data=self.writable(),
            at=timezone.now(),
            version=self.expected_version(),
        )
        return self.one(business)

    @extend_schema(
        summary="Change some fields of a business",
        description="Absent fields stay as they are.",
        request=BusinessSerializer(partial=True),
        responses={200: BusinessSerializer},
        examples=[sent({"payment_terms": "Net 15"}), answered(READ | {"payment_terms": "Net 15"})],
    )
    def partial_update(self, request: Request, business_id: str) -> Response:
        """Change what was sent."""
        return self.update(request, business_id)

    @extend_schema(
        summary="Delete a business",
        description="Until something is issued in it: 204, its drafts are gone too. Afterwards a 409: archive it.",
        responses={204: None},
    )
    def destroy(self, request: Request, business_id: str) -> Response:
        """Delete an empty business."""
        businesses.delete_business(actor=self.actor, business=self.object, version=self.expected_version())
        return Response(status=204)

    @extend_schema(
        summary="Archive a business",
        description=(
            "It is in no list any more but that of `archived=true`, and its API keys do not work, until its owner "
            "restores it. What is in it stays to be read, by its id or with `business_id`; a change is a 409 "
            "(`business_archived`). Whose default business it was, names another by `business_id` to write anything."
        ),
        request=None,
        responses={200: BusinessSerializer},
        examples=[answered(READ)],
    )
    def archive(self, request: Request, business_id: str) -> Response:
        """Put a business away."""
        self.body(None)
        business = businesses.archive_business(
            actor=self.actor, business=self.object, at=timezone.now(), version=self.expected_version()
        )
        return self.one(business)

    @extend_schema(
        summary="Restore an archived business",
        description="It is again as it was, its API keys too.",
        request=None,
        responses={200: BusinessSerializer},
        examples=[answered(READ)],
    )
    def restore(self, request: Request, business_id: str) -> Response:
        """Take a business out of the archive."""
        self.expected_version()
        self.body(None)
        if self.object.archived_at is None:
            return self.one(self.object)
        return self.one(businesses.restore_business(user=self.user, business_id=business_id, at=timezone.now()))

    @extend_schema(
        summary="Read what a business has used of its plan",
        responses={200: UsageSerializer},
        examples=[answered(USAGE)],
    )
    def usage_of_plan(self, request: Request, business_id: str) -> Response:
        """Answer with the plan's counters."""
        data: dict[str, Any] = {"plan": self.object.plan_id}
        if self.wants("metrics"):
            data["metrics"] = [asdict(each) for each in usage(self.object, timezone.now())]
        return Response(self.sparse(data))


def truth(request: Request, name: str) -> bool:
    """Return a query parameter that is ``true`` or ``false``, by default false. Raises ``Invalid``."""
    word = request.query_params.get(name, "false").lower()
    if word not in {"true", "false"}:
        raise Invalid(errors={name: [_("This is either true or false.")]})
    return word == "true"


@extend_schema(tags=["Businesses"])
class LogoViewSet(ApiViewSet):
    """The logo of a business: one picture."""

    queryset = Business.objects.all()
    serializer_class = LogoSerializer
    parser_classes = (MultiPartParser,)
    lookup_url_kwarg = "business_id"
    is_single = True
    required: ClassVar[Mapping[str, str | None]] = {"update": Permission.MANAGE, "destroy": Permission.MANAGE}

    def known_fields(self) -> Sequence[str]:
        """Return nothing: a picture has no fields."""
        return ()

    @extend_schema(summary="Read the logo", responses={(200, "image/png"): OpenApiTypes.BINARY})
    def picture(self, request: Request, business_id: str) -> HttpResponse:
        """Return the picture, as PNG."""
        try:
            content = storage.read(self.object.logo_key) if self.object.logo_key else None
        except FileNotFoundError:
            content = None
        if content is None:
            raise NotFound(_("This business has no logo."))
        return HttpResponse(
            content, content_type="image/png", headers={**LOGO_HEADERS, "ETag": self.etag_of(self.object)}
        )

    @extend_schema(
        summary="Set the logo",
        description="It is kept as PNG of at most 1,200 pixels a side.",
        request={"multipart/form-data": LogoSerializer},
        responses={204: None},
    )
    def update(self, request: Request, business_id: str) -> Response:
        """Keep a picture."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > businesses.LOGO_BYTES + ENVELOPE:
            raise RequestDataTooBig
        upload = request.FILES.get("logo")
        if not isinstance(upload, UploadedFile):
            raise Invalid(errors={"logo": [_("A file is needed here.")]})
        content = upload.read(businesses.LOGO_BYTES + 1)
        business = businesses.set_logo(
            actor=self.actor,
            business=self.object,
            upload=content,
            at=timezone.now(),
            version=self.expected_version(),
        )
        return Response(status=204, headers={"ETag": self.etag_of(business)})

    @extend_schema(summary="Remove the logo", responses={204: None})
    def destroy(self, request: Request, business_id: str) -> Response:
        """Print no logo any more."""
        businesses.remove_logo(
            actor=self.actor, business=self.object, at=timezone.now(), version=self.expected_version()
        )
        return Response(status=204)


@extend_schema_view(
    list=extend_schema(summary="List the members of a business", examples=[answered(MEMBER)]),
    retrieve=extend_schema(summary="Read a member", examples=[answered(MEMBER)]),
)
@extend_schema(tags=["Businesses"])
class MemberViewSet(OfNamedBusiness):
    """Who belongs to a business, by user."""

    queryset = Membership.objects.select_related("user")
    serializer_class = MemberSerializer
    lookup_field = "user_id"
    ordering_fields: ClassVar[Mapping[str, str]] = {"created_at": "created_at", "role": "role"}
    # Everybody may leave; the service knows who may send away whom.
    required: ClassVar[Mapping[str, str | None]] = {
        "create": Permission.MANAGE,
        "update": Permission.MANAGE,
        "partial_update": Permission.MANAGE,
        "destroy": Permission.READ,
    }

    def row_version(self, row: Membership) -> int:
        """Return a number made of the role, the one thing that changes."""
        return version_of(row.role)

    def etag_of(self, row: Membership) -> str:
        """Return the tag under the user's id."""
        return f'"{row.user_id}-{self.row_version(row)}"'

    def expected_version(self) -> None:
        """Refuse where ``If-Match`` names another state than this. Raises ``LostUpdate``."""
        tags = [tag.strip() for tag in self.request.headers.get("If-Match", "*").split(",")]
        if tags != ["*"] and self.etag_of(self.object) not in tags:
            raise LostUpdate

    def represent(self, row: Membership) -> Mapping[str, Any]:
        """Return a member as the API shows one."""
        user = {name: getattr(row.user, name) for name in ("email", "username", "full_name")}
        return {"user_id": row.user_id, **user, "role": row.role, "created_at": row.created_at}

    @extend_schema(
        summary="Invite somebody to a business",
        description=(
            "A mail with a link goes to the address; whoever opens it signs up or logs in, and joins. The answer is the "
            "same whether or not the address has an account. Who is a member or invited already: 409 "
            "(`already_member`, `already_invited`). The open invitations are under `/invitations`."
        ),
        request=NewInvitationSerializer,
        responses={201: InvitationSerializer},
        examples=[sent({"email": "books@example.com", "role": "member"}), answered(INVITATION, 201)],
    )
    @idempotent
    def create(self, request: Request, business_id: str) -> Response:
        """Offer a place in the business."""
        values = self.parse_body(NewInvitationSerializer)
        business = business_of(self.actor, business_id)
        row = invitations.invite(
            actor=self.actor,
            business=business,
            email=values.get("email", ""),
            role=values.get("role", Role.MEMBER),
            at=timezone.now(),
        )
        location = reverse("api-invitation", args=[business_id, row.pk])
        return Response(shown(row), status=201, headers={"Location": location})

    @extend_schema(
        summary="Change a member's role",
        description="Only an owner makes or unmakes owners; one owner must stay (409).",
        request=MemberSerializer,
        responses={200: MemberSerializer},
        examples=[sent({"role": "admin"}), answered(MEMBER | {"role": "admin"})],
    )
    def update(self, request: Request, business_id: str, user_id: str) -> Response:
        """Give the member another role."""
        self.expected_version()
        data = self.body(MemberSerializer, shows=MemberSerializer)
        membership = businesses.change_role(
            actor=self.actor, membership=self.object, role=data.get("role", ""), at=timezone.now()
        )
        return self.one(membership)

    @extend_schema(
        summary="Change a member's role",
        request=MemberSerializer(partial=True),
        responses={200: MemberSerializer},
        examples=[sent({"role": "admin"}), answered(MEMBER | {"role": "admin"})],
    )
    def partial_update(self, request: Request, business_id: str, user_id: str) -> Response:
        """Give the member another role."""
        return self.update(request, business_id, user_id)

    @extend_schema(
        summary="Remove a member",
        description=(
            "Owners and admins remove others; everybody may leave. The API keys that the member made for the business "
            "end in the same moment. The last owner cannot go (409)."
        ),
        responses={204: None},
    )
    def destroy(self, request: Request, business_id: str, user_id: str) -> Response:
        """End the membership."""
        self.expected_version()
        businesses.remove_member(actor=self.actor, membership=self.object, at=timezone.now())
        return Response(status=204)
