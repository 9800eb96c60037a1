"""What people keep of the list of invoices."""

from __future__ import annotations

from accounts.models import Business
from accounts.tenancy import Actor
from invoicing.models import SavedView


def views_of(actor: Actor, business: Business) -> list[SavedView]:
    """Return the views that a person has saved in a business, the oldest first."""
    return list(SavedView.objects.for_actor(actor).filter(business=business, user_id=actor.user_id))
