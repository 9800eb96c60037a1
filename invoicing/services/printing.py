"""From stored rows to the plain values that are printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import phonenumbers
from django.conf import settings
from django.urls import reverse

from accounts import storage
from accounts.choices import Language
from accounts.schema import address_lines, country_name
from clients.choices import ClientType
from invoicing.domain.lifecycle import claims
from invoicing.domain.snapshot import look_of, second_language_of, seller_of
from invoicing.domain.terms import in_words_of
from invoicing.models import Invoice, Line
from invoicing.money import minor_digits, round_money
from invoicing.pdf import Document, LineItem, Party, TaxGroup, zatca_tlv
from invoicing.pdf.content import Mark, QrKind
from invoicing.pdf.two_languages import reads_from_right
from invoicing.pdf.words import amount_in_words

ARABIC_LETTER = re.compile("[\u0620-\u064a]")
QR_CURRENCY = "SAR"  # ZATCA's code states total and tax in riyals


def public_url(invoice: Invoice) -> str:
    """Return the address of the page where the client sees and pays the invoice."""
    return page_url(invoice.token)


def page_url(token: str) -> str:
    """Return the address of a public page by its token."""
    return f"{settings.PUBLIC_URL}{pages()}{token}"


@cache
def pages() -> str:
    """Return the path that the token of a public page follows."""
    return reverse("invoicing:pay", args=["-"]).removesuffix("-")


def qr_of(invoice: Invoice, *, payment: bool = False) -> tuple[str, QrKind]:
    """Return the content of an issued document's QR code: ZATCA's for Saudi sellers, else the public page.

    ``payment``: always the page.
    """
    seller = invoice.seller or {}
    if payment or seller.get("country") != "SA" or invoice.issued_at is None or not seller.get("vat_number"):
        return public_url(invoice), "payment"
    rate = Decimal(1) if invoice.currency == QR_CURRENCY else invoice.exchange_rate or Decimal(1)
    tax = invoice.tax_amount if invoice.currency == QR_CURRENCY else invoice.tax_amount_in_tax_currency
    total = round_money(invoice.total * rate, QR_CURRENCY)
    return zatca_tlv(
        str(seller["legal_name"]),
        str(seller["vat_number"]),
        invoice.issued_at,
        total,
        round_money(tax or Decimal(0), QR_CURRENCY),
    ), "zatca"


def document_of(
    invoice: Invoice,
    *,
    lines: list[Line] | None = None,
    mark: Mark | None = None,
    seller: Mapping[str, Any] | None = None,
) -> Document:
    """Return what is printed of an invoice. A draft shows both parties as they are now, and no code.

    ``seller`` is printed in place of the one that was frozen, with its look.
    """
    seller = seller or invoice.seller or seller_of(invoice.business)
    second = second_language_of(seller, invoice.language)
    buyer: Mapping[str, Any] = invoice.buyer or invoice.client_details
    code = None if invoice.is_draft else qr_of(invoice)
    if code and code[1] == "payment" and not claims(invoice):
        code = None  # there is nothing to pay on a credit note
    parent = invoice.parent
    return Document(
        **letterhead(seller, buyer, invoice.language, second=second),
        type=invoice.type,  # type: ignore[arg-type]  # a column of text that holds the literal's words
        number=invoice.number,
        issue_date=invoice.date,
        currency=invoice.currency,
        currency_digits=minor_digits(invoice.currency),
        items=tuple(_item(line, invoice) for line in (invoice.lines.all() if lines is None else lines)),
        subtotal=invoice.subtotal,
        discount_amount=invoice.discount_amount,
        discount_rate=invoice.discount_rate,
        taxable_amount=invoice.taxable_amount,
        tax_amount=invoice.tax_amount,
        total=invoice.total,
        # The paper states the claim as issued; what is paid later shows on the pages.
        amount_paid=Decimal(0),
        amount_due=invoice.total,
        tax_groups=tuple(_group(group) for group in invoice.tax_breakdown),
        due_date=invoice.due_date,
        supply_date=invoice.supply_date,
        reference=invoice.reference,
        payment_terms=in_words_of(invoice.language, invoice.payment_terms),
        parent_number=parent.number if parent else None,
        parent_issue_date=parent.issue_date if parent else None,
        reason=invoice.reason,
        tax_currency=invoice.tax_currency or None,
        exchange_rate=invoice.exchange_rate,
        tax_amount_in_tax_currency=invoice.tax_amount_in_tax_currency,
        amount_in_words=_in_words(invoice, invoice.language, seller),
        second_amount_in_words=_in_words(invoice, second, seller) if second else "",
        notes=invoice.notes,
        footer=invoice.footer,
        bank_details=seller["bank_details"],
        prices_include_tax=invoice.prices_include_tax,
        signature_frame=look_of(seller)["signature_frame"],
        mark=mark,
        qr_payload=code[0] if code else None,
        qr_kind=code[1] if code else "payment",
        payment_payload=public_url(invoice) if code and code[1] == "zatca" and claims(invoice) else None,
    )


def letterhead(
    seller: Mapping[str, Any], buyer: Mapping[str, Any], language: str, *, second: str | None = None
) -> dict[str, Any]:
    """Return what every paper says of who sells and who is billed, and how it looks, by the names of ``Printed``."""
    look = look_of(seller)
    return {
        "seller_country": seller["country"],
        "language": language,
        "second_language": second,
        "seller": _party(seller, language, second, name=seller["legal_name"], name_ar=seller["legal_name_ar"]),
        "buyer": _party(buyer, language, second, name=buyer["name"] or buyer["email"], name_ar=buyer["name_ar"]),
        "logo": _logo(seller["logo_key"]),
        "brand_colour": seller["brand_colour"],
        **{name: look[name] for name in ("look", "paper_size", "digits")},
    }


def _party(party: Mapping[str, Any], language: str, second: str | None, *, name: str, name_ar: str) -> Party:
    """Return a party as printed; on a page in two languages each of its addresses stands on its own side."""
    address, address_ar = party.get("address") or {}, party.get("address_ar") or {}
    if second:
        language = second if language == Language.ARABIC else language
    elif language == Language.ARABIC and address_ar:
        address = address_ar
    lines = _place(address, language)
    if second and not address_ar and reads_from_right(" ".join(lines)):
        lines, address_ar = [], address
    numbers = [("vat", party["vat_number"]), ("cr", party["cr_number"])]
    numbers += [(str(entry["type"]).lower(), str(entry["value"])) for entry in party["tax_ids"]]
    return Party(
        name=name,
        name_ar=name_ar,
        address_lines=tuple(lines),
        address_lines_ar=tuple(_place(address_ar, Language.ARABIC)) if second else (),
        ids=tuple((key, value) for key, value in numbers if value),
        email=party["email"],
        phone=_telephone(party["phone"]),
        is_business=party.get("type") == ClientType.BUSINESS,
    )


def _place(address: Mapping[str, Any], language: str) -> list[str]:
    """Return the lines of an address: the country, once, behind the town where both read in one direction."""
    lines = address_lines(address, language)
    # An Arabic comma would turn what is in Western letters around.
    lines = [line if ARABIC_LETTER.search(line) else line.replace("، ", ", ") for line in lines]
    country = country_name(address["country"], language) if address.get("country") else ""
    if country and lines and lines[-1].casefold().endswith(country.casefold()):
        return lines
    if country and lines and reads_from_right(lines[-1]) == reads_from_right(country):
        return [*lines[:-1], lines[-1] + ("، " if reads_from_right(country) else ", ") + country]
    return [*lines, country] if country else lines


@lru_cache(maxsize=1024)
def _telephone(number: str) -> str:
    """Return a telephone number (E.164) in the groups that its country writes."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _item(line: Line, invoice: Invoice) -> LineItem:
    # Where prices include tax, a line shows what was priced: the invoice's discount stands below.
    priced = line.subtotal - line.discount_amount
    return LineItem(
        name=line.name,
        description=line.description,
        name_ar=line.name_ar,
        description_ar=line.description_ar,
        sku=line.sku,
        unit=line.unit,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_rate=line.discount_rate,
        tax_rate=line.tax_rate,
        tax_category=line.tax_category,
        net_amount=line.net_amount,
        tax_amount=line.tax_amount,
        total=priced if invoice.prices_include_tax else line.total,
    )


def _in_words(invoice: Invoice, language: str, seller: Mapping[str, Any]) -> str:
    return amount_in_words(
        invoice.total, invoice.currency, minor_digits(invoice.currency), language, str(seller["country"])
    )


def _group(group: Mapping[str, Any]) -> TaxGroup:
    return TaxGroup(
        category=group["category"],
        rate=Decimal(group["rate"]),
        taxable_amount=Decimal(group["taxable_amount"]),
        tax_amount=Decimal(group["tax_amount"]),
        exemption_reason=group["exemption_reason"],
    )


def _logo(key: str) -> bytes | None:
    return storage.read(key) if key else None
