"""Reads over several models of accounts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import prepared
from accounts.choices import Channel, Role
from accounts.errors import NotFound
from accounts.models import ApiKey, Business, Membership, User
from accounts.tenancy import Actor


@prepared.rows
def memberships_of(user_id: str) -> QuerySet[Membership]:
    """Return a user's roles in businesses that are not archived: asked for by each request."""
    rows = Membership.objects.filter(user_id=user_id, business__archived_at=None)
    return rows.only("business_id", "role").order_by("id")


def actor_for(user: User, *, channel: str = Channel.API, ip: str | None = None) -> Actor:
    """Return the actor that a user is, with the roles in businesses that are not archived (one query).

    The default business is the one the user chose, else the one joined first. That is nobody's choice where the
    chosen one is away, or where there are several to choose from.
    """
    roles = {row.business_id: row.role for row in memberships_of(user.pk)}
    chosen = user.default_business_id
    return Actor(
        roles=roles,
        user_id=user.pk,
        name=str(user),
        default_business_id=chosen if chosen in roles else next(iter(roles), None),
        default_is_chosen=chosen in roles or (not chosen and len(roles) < 2),
        channel=channel,
        ip=ip,
    )


def with_archived(actor: Actor) -> Actor:
    """Return a person as an actor that also has the roles in archived businesses; a key has none."""
    if actor.user_id is None or actor.api_key_id is not None:
        return actor
    archived = Membership.objects.filter(user_id=actor.user_id).exclude(business__archived_at=None).order_by("id")
    return replace(actor, roles={**actor.roles, **dict(archived.values_list("business_id", "role"))})


def actor_for_key(key: ApiKey, *, ip: str | None = None) -> Actor:
    """Return the actor that an API key is: its business alone, bounded by its scopes."""
    return Actor(
        roles={key.business_id: Role.OWNER.value},
        api_key_id=key.pk,
        name=key.name,
        default_business_id=key.business_id,
        scopes=frozenset(key.scopes),
        channel=Channel.API,
        ip=ip,
    )


def default_business(actor: Actor) -> Business:
    """Return the business an actor means when it names none. Raises ``NotFound`` for whoever has none."""
    business = Business.objects.for_actor(actor).filter(pk=actor.default_business_id or "").first()
    if business is None:
        raise NotFound(_("You do not belong to any business yet."))
    return business


def business_of(actor: Actor, business_id: str) -> Business:
    """Return one of the actor's businesses. Raises ``NotFound``, also for a stranger's."""
    business = Business.objects.for_actor(actor).filter(pk=business_id).first() if is_text(business_id) else None
    if business is None:
        raise NotFound(_("There is no such business."))
    return business


def is_text(value: object) -> bool:
    """Return whether a value can be looked up: a text without NUL, which PostgreSQL refuses."""
    return isinstance(value, str) and "\0" not in value


def locked_user(pk: str) -> User:
    """Return a user's row, locked in the caller's transaction."""
    return User.objects.select_for_update().get(pk=pk)


def unverified_address(user_id: str) -> str:
    """Return a user's main address where nobody has shown yet that it is theirs, else an empty text."""
    rows = EmailAddress.objects.filter(user_id=user_id, primary=True, verified=False)
    return rows.values_list("email", flat=True).first() or ""


def address_as_given(address: dict[str, Any]) -> str | dict[str, Any]:
    """Return an address as its owner wrote it: a text comes back as a text."""
    parts = {name: value for name, value in address.items() if value}
    return str(parts.get("text", "")) if set(parts) <= {"text"} else address


def profile(user: User, actor: Actor) -> dict[str, Any]:
    """Return a user as the API shows it, with the contact of the default business and all businesses."""
    businesses = {business.pk: business for business in Business.objects.for_actor(actor)}
    default = businesses.get(actor.default_business_id or "")
    return {
        "id": user.pk,
        "email": user.email,
        "username": user.username,
        "full_name": user.full_name,
        "company_name": default.name if default else "",
        "phone": default.phone if default else "",
        "address": address_as_given(default.address) if default else "",
        "language": user.language,
        "payment_link": default.payment_link if default else "",
        "is_active": user.is_active,
        "is_verified": EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists(),
        "businesses": [
            {
                "id": pk,
                "name": businesses[pk].name,
                "role": role,
                "is_default": pk == actor.default_business_id,
            }
            for pk, role in actor.roles.items()
            if pk in businesses
        ],
    }
