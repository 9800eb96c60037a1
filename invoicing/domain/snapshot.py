"""Both parties as printed: copied at issue, so that later changes do not touch what was issued."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import Business
from clients.choices import ClientType
from clients.models import Client

BUYER_FIELDS = ("type", "name", "name_ar", "contact_name", "email", "phone", "vat_number", "cr_number", "tax_ids")


def seller_of(business: Business) -> dict[str, Any]:
    """Return the seller as printed."""
    return {
        "name": business.name,
        "legal_name": business.printed_name,
        "legal_name_ar": business.legal_name_ar,
        "country": business.country,
        "address": business.address,
        "address_ar": business.address_ar,
        "vat_number": business.vat_number,
        "cr_number": business.cr_number,
        "tax_ids": business.tax_ids,
        "email": business.email,
        "phone": business.phone,
        "website": business.website,
        "bank_details": business.bank_details,
        "logo_key": business.logo_key,
        "brand_colour": business.brand_colour,
        "timezone": business.timezone,
    }


def seller_name(seller: Mapping[str, Any], language: str) -> str:
    """Return the seller's name for papers, pages and mails in a language."""
    return str(
        (language == "ar" and seller.get("legal_name_ar")) or seller.get("legal_name") or seller.get("name") or ""
    )


def buyer_of(client: Client | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the buyer as printed: what the invoice says by itself, else what the client is known by."""
    known: dict[str, Any] = {"type": ClientType.BUSINESS, "vat_registered": True, "address": {}, "tax_ids": []}
    known |= dict.fromkeys(("name", "name_ar", "contact_name", "email", "phone", "vat_number", "cr_number"), "")
    if client is not None:
        known |= {name: getattr(client, name) for name in (*BUYER_FIELDS, "address", "vat_registered")}
    return known | {name: value for name, value in given.items() if name in known}
