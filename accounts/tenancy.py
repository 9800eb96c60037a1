"""Who acts, and what they may touch: the only way from a request to a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from accounts.choices import Channel, Permission, Role
from accounts.errors import NotAllowed, NotFound

PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        Role.OWNER: frozenset(Permission.values),
        Role.ADMIN: frozenset({Permission.READ, Permission.WRITE, Permission.MANAGE}),
        Role.MEMBER: frozenset({Permission.READ, Permission.WRITE}),
        Role.VIEWER: frozenset({Permission.READ}),
    }
)
ALL_SCOPES = frozenset({Permission.READ.value, Permission.WRITE.value})


@dataclass(frozen=True, slots=True)
class Actor:
    """A user or an API key, with the businesses it may see and its role in each.

    ``roles`` maps a business's id to a role. ``scopes`` bound a key: without ``write`` it only reads. Where
    ``default_is_chosen`` is false, the default business only stands in for one that was chosen and is away.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    user_id: str | None = None
    api_key_id: str | None = None
    name: str = ""
    default_business_id: str | None = None
    default_is_chosen: bool = True
    scopes: frozenset[str] = ALL_SCOPES
    channel: str = Channel.SYSTEM
    ip: str | None = None

    @classmethod
    def system(cls, *business_ids: str) -> Self:
        """Return the actor of the application's own work, such as a job or a command."""
        return cls(roles=dict.fromkeys(business_ids, Role.OWNER.value), name="system")

    @property
    def key(self) -> str:
        """The name under which this actor is counted and its idempotency keys are kept."""
        return self.api_key_id or self.user_id or f"ip:{self.ip}"

    @property
    def business_ids(self) -> list[str]:
        """The ids of all businesses this actor may see."""
        return list(self.roles)

    def may(self, business_id: str, permission: str) -> bool:
        """Return whether role and scopes allow ``permission`` in a business."""
        if permission not in PERMISSIONS.get(self.roles.get(business_id, ""), frozenset()):
            return False
        # A key manages nothing: it reads and, with the scope, writes.
        return self.api_key_id is None or permission in self.scopes


def require(actor: Actor, business: models.Model | str, permission: str) -> None:
    """Refuse unless the actor may do this in the business.

    Raises ``NotFound`` for a stranger, who must not learn that the business exists, else ``NotAllowed``.
    """
    business_id = business if isinstance(business, str) else str(business.pk)
    if business_id not in actor.roles:
        raise NotFound
    if not actor.may(business_id, permission):
        if actor.api_key_id and permission not in ALL_SCOPES:
            raise NotAllowed(_("This needs a person's login: an API key has no user."))
        if actor.api_key_id:
            raise NotAllowed(_("This API key's scopes do not allow this."))
        raise NotAllowed


M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class ScopedQuerySet(models.QuerySet[M_co]):
    """Rows that belong to a business. Whoever answers a request begins with ``for_actor``."""

    business_field = "business"

    def for_actor(self, actor: Actor, business_id: str | None = None) -> Self:
        """Keep the rows of the actor's businesses, or of the one of them that is named."""
        ids = [each for each in actor.business_ids if business_id in {None, each}]
        lookup: dict[str, Any] = (
            {f"{self.business_field}_id": ids[0]} if len(ids) == 1 else {f"{self.business_field}_id__in": ids}
        )
        return self.filter(**lookup)
