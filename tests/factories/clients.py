"""Clients for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import Business
from accounts.search import search_text
from clients.models import Client

numbers = count(1)

# A Saudi business client with all that its tax invoice must say.
SAUDI: dict[str, Any] = {
    "vat_number": "300000000000003",
    "cr_number": "1010000000",
    "address": {
        "building_number": "8228",
        "street": "Example Street",
        "district": "Olaya",
        "city": "Riyadh",
        "postal_code": "12611",
        "country": "SA",
    },
}


def make_client(business: Business, **fields: Any) -> Client:
    """Return a client of the business, with an email of its own, stored as the service stores it."""
    number = next(numbers)
    fields = {"name": f"Client {number}", "email": f"client{number}@example.com"} | fields
    client = Client(business=business, **fields)
    client.country = client.address.get("country", "")
    client.search_text = search_text(client.name, client.name_ar, client.email, client.phone, client.vat_number)
    client.save(force_insert=True)
    return client
