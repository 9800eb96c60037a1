"""What is read about clients by pages and other apps."""

from __future__ import annotations

from django.db.models import PROTECT, Q

from accounts.models import Business
from accounts.schema import SEPARATORS
from accounts.search import normalise
from accounts.tenancy import Actor
from clients.models import Client, ClientQuerySet

SHORTEST_NAME = 3  # characters from which a name is looked for
SHORTEST_NUMBER = 6


def find_clients(*, actor: Actor, term: str, business: Business | None = None, limit: int = 10) -> list[Client]:
    """Return the first clients, by name, that match each word of a term; archived ones are left out.

    Without ``business`` all the actor's businesses are searched.
    """
    rows = Client.objects.for_actor(actor).active().matching(term)
    if business is not None:
        rows = rows.filter(business=business)
    return list(rows.order_by("name", "id")[:limit])


def clients_found(*, business: Business, term: str) -> ClientQuerySet:
    """Return the business's clients that match each word of a term, by name; archived ones are left out."""
    return Client.objects.filter(business=business).active().matching(term).order_by("name", "id")


def known_categories(*, business: Business, limit: int = 200) -> list[str]:
    """Return the categories that the business's clients bear, in alphabetical order."""
    lists = Client.objects.filter(business=business).exclude(categories=[]).values_list("categories", flat=True)
    words = {word for words in lists.iterator() for word in words}
    return sorted(words, key=str.casefold)[:limit]


def similar_clients(
    *, business: Business, name: str = "", vat_number: str = "", email: str = "", but: str = "", limit: int = 3
) -> list[Client]:
    """Return clients, archived ones too, whose name begins alike or whose VAT number or email is the same."""
    words, number = normalise(name), SEPARATORS.sub("", vat_number)
    alike = Q()
    if len(words) >= SHORTEST_NAME:
        alike |= Q(search_text__startswith=words)
    if len(number) >= SHORTEST_NUMBER:
        alike |= Q(vat_number__iexact=number)
    if "@" in email:
        alike |= Q(email__iexact=email.strip())
    if not alike:
        return []
    rows = Client.objects.filter(alike, business=business).exclude(pk=but)
    return list(rows.order_by("name", "id")[:limit])


def is_unused(client: Client) -> bool:
    """Return whether nothing refers to a client, so that it can be deleted: one query for each kind of row that could."""
    relations = [each for each in Client._meta.related_objects if each.on_delete is PROTECT]
    return not any(each.related_model._base_manager.filter(**{each.field.name: client}).exists() for each in relations)
