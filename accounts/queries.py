"""Reads over several models of accounts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.errors import NotFound
from accounts.models import Business, Membership, User
from accounts.tenancy import Actor


def actor_for(user: User, *, channel: str, ip: str | None = None) -> Actor:
    """Return a user as an actor, with the businesses that are not archived, the oldest membership first; one query."""
    memberships = Membership.objects.filter(user=user, business__archived_at=None).order_by("created_at", "pk")
    roles = dict(memberships.values_list("business_id", "role"))
    default = user.default_business_id if user.default_business_id in roles else next(iter(roles), None)
    return Actor(
        roles=roles, user_id=user.pk, name=str(user), default_business_id=default, channel=channel, ip=ip
    )  # fmt: skip


def default_business(actor: Actor) -> Business:
    """Return the business that is meant where none is named. Raises ``NotFound`` for an actor without any."""
    business = Business.objects.for_actor(actor).filter(pk=actor.default_business_id).first()
    if business is None:
        raise NotFound(_("You belong to no business yet."))
    return business
