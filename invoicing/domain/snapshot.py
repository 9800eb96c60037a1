"""Both parties as printed: copied at issue, so that later changes do not touch what was issued."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.choices import Digits, Language, Look, PaperSize, SecondLanguage
from accounts.models import Business
from clients.choices import ClientType
from clients.models import Client

BUYER_FIELDS = ("type", "name", "name_ar", "contact_name", "email", "phone", "vat_number", "cr_number", "tax_ids")
# What papers looked like before a business could choose: as snapshots that do not say were printed
PLAIN_LOOK: Mapping[str, Any] = {
    "look": Look.MODERN.value,
    "paper_size": PaperSize.A4.value,
    "digits": Digits.WESTERN.value,
    "second_language": SecondLanguage.NONE.value,
    "signature_frame": False,
}


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
        **{name: getattr(business, name) for name in PLAIN_LOOK},
    }


def look_of(seller: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a seller's papers look like, by the names of ``PLAIN_LOOK``."""
    return {name: seller.get(name, plain) for name, plain in PLAIN_LOOK.items()}


def second_language_of(seller: Mapping[str, Any], language: str) -> str | None:
    """Return the language that stands beside ``language`` on a seller's papers, or None. One of the two is Arabic.

    Left to itself it is Arabic beside English or French for sellers in Saudi Arabia (VAT Implementing Regulations,
    article 53: tax invoices are issued in Arabic).
    """
    chosen = look_of(seller)["second_language"]
    if chosen == SecondLanguage.AUTO:
        chosen = Language.ARABIC.value if seller.get("country") == "SA" else SecondLanguage.NONE.value
    pair = {chosen, language}
    return chosen if Language.ARABIC in pair and len(pair & set(Language.values)) == 2 else None


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
