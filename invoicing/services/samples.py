"""A document to look at before its look is chosen: nothing of it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.choices import Language
from accounts.models import Business
from accounts.services.businesses import clean_business, numbering
from accounts.tenancy import Actor, require
from invoicing.choices import DocumentState
from invoicing.domain.lifecycle import today
from invoicing.domain.snapshot import second_language_of, seller_of
from invoicing.models import Invoice
from invoicing.pdf.content import Document
from invoicing.services.drafts import build
from invoicing.services.printing import document_of


def latest_issued(business: Business) -> Invoice | None:
    """Return the invoice that the business issued last, or None. Notes are no invoices."""
    rows = Invoice.objects.filter(business=business, state=DocumentState.ISSUED, parent=None)
    return rows.select_related("business", "parent").order_by("-created_at", "-id").first()


def sample_of(
    *,
    actor: Actor,
    business: Business,
    data: Mapping[str, Any],
    at: datetime,
    invoice: Invoice | None = None,
    language: str = "",
) -> Document:
    """Return ``invoice``, or a made-up one, as it would print with changed settings of the business.

    ``data`` is what ``update_business`` takes, ``language`` that of the paper, else its own. Raises ``Invalid``
    naming the fields.
    """
    require(actor, business, "read")
    trial = copy(business)
    for name, value in clean_business(business, data).items():
        setattr(trial, name, value)
    seller = seller_of(trial)
    if invoice is None:
        return made_up(trial, seller, language or business.language, at)
    shown = copy(invoice)
    shown.language = language or invoice.language
    return document_of(shown, seller=seller)


def made_up(business: Business, seller: Mapping[str, Any], language: str, at: datetime) -> Document:
    """Return an invoice of a business that has issued none yet, as if it were issued now."""
    second = second_language_of(seller, language)
    first = second if second and language == Language.ARABIC else language
    arabic = texts(Language.ARABIC)
    draft = build(
        business=business,
        at=at,
        data={
            "language": language,
            "client_name": texts(first)["client"],
            "client_address": {"street": texts(first)["street"], "country": business.country},
            "reference": "PO-1042",
            "items": [
                {
                    "name": texts(first)[name],
                    "description": texts(first).get(f"{name}_more", ""),
                    "name_ar": arabic[name],
                    "description_ar": arabic.get(f"{name}_more", ""),
                    "quantity": quantity,
                    "unit_price": price,
                }
                for name, quantity, price in (("design", 1, 1500), ("care", 3, 200))
            ],
        },
    )
    invoice = draft.invoice
    invoice.number = numbering(business, at)[0].example
    invoice.issue_date = today(business.timezone, at=at)
    invoice.issued_at, invoice.state = at, DocumentState.ISSUED
    invoice.seller, invoice.buyer = dict(seller), invoice.client_details | {"name_ar": arabic["client"]}
    document = document_of(invoice, lines=draft.lines)
    # There is no page to pay it on.
    if document.qr_kind == "payment":
        return replace(document, qr_payload=settings.PUBLIC_URL)
    return replace(document, payment_payload=settings.PUBLIC_URL)


def texts(language: str) -> dict[str, str]:
    """Return what stands on the made-up invoice, in a language."""
    with translation.override(language):
        return {
            "client": _("Sample Client Ltd"),
            "street": _("1 Example Street"),
            "design": _("Website design"),
            "design_more": _("Home page and three inner pages, for phones and large screens"),
            "care": _("Monthly care"),
        }
