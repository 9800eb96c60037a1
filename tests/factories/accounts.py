"""Users, businesses, members and actors for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from accounts.choices import Channel, Role
from accounts.models import Business, Membership, User
from accounts.tenancy import Actor

PASSWORD = "seven quiet lamps"

numbers = count(1)


def make_user(*, password: str = PASSWORD, verified: bool = True, **fields: Any) -> User:
    """Return a user with an ``EmailAddress``, and without a business."""
    number = next(numbers)
    fields = {"username": f"user{number}", "email": f"user{number}@example.com", "language": "en"} | fields
    user = User.objects.create_user(password=password, **fields)
    EmailAddress.objects.create(user=user, email=user.email.lower(), primary=True, verified=verified)
    return user


def make_business(*, owner: User | None = None, **fields: Any) -> Business:
    """Return a business with an owner, a new user unless one is given; the owner's default one if it is the first."""
    owner = owner or make_user()
    business = Business.objects.create(**({"name": f"Studio {next(numbers)}"} | fields))
    Membership.objects.create(user=owner, business=business, role=Role.OWNER)
    if owner.default_business is None:
        owner.default_business = business
        owner.save(update_fields=["default_business"])
    return business


def make_member(business: Business, role: str = Role.MEMBER, *, user: User | None = None, **fields: Any) -> User:
    """Return a user who belongs to the business in the role."""
    user = user or make_user(**fields)
    Membership.objects.create(user=user, business=business, role=role)
    return user


def make_actor(
    business: Business | None = None,
    role: str = Role.OWNER,
    *,
    user: User | None = None,
    channel: str = Channel.BROWSER,
    ip: str | None = "127.0.0.1",
) -> Actor:
    """Return an actor: the given user as they are, or a new member of the business in the role.

    Without a business the actor is an outsider: the owner of a new business of their own.
    """
    if user is None:
        user = make_member(business, role) if business else make_business().memberships.get().user
    roles = dict(Membership.objects.filter(user=user).values_list("business_id", "role"))
    return Actor(
        roles=roles,
        user_id=user.pk,
        name=str(user),
        default_business_id=user.default_business_id or next(iter(roles), None),
        channel=channel,
        ip=ip,
    )


def owner_of(business: Business) -> User:
    """Return the business's first owner."""
    return User.objects.filter(memberships__business=business, memberships__role=Role.OWNER).earliest("date_joined")
