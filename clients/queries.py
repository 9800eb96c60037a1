"""What is read about clients by pages and other apps."""

from __future__ import annotations

from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client


def find_clients(*, actor: Actor, term: str, business: Business | None = None, limit: int = 10) -> list[Client]:
    """Return the first clients, by name, that match each word of a term; archived ones are left out.

    Without ``business`` all the actor's businesses are searched.
    """
    rows = Client.objects.for_actor(actor).active().matching(term)
    if business is not None:
        rows = rows.filter(business=business)
    return list(rows.order_by("name", "id")[:limit])


def known_categories(*, business: Business, limit: int = 200) -> list[str]:
    """Return the categories that the business's clients bear, in alphabetical order."""
    lists = Client.objects.filter(business=business).exclude(categories=[]).values_list("categories", flat=True)
    words = {word for words in lists.iterator() for word in words}
    return sorted(words, key=str.casefold)[:limit]
