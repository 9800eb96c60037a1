"""Invoices and credit notes in UBL 2: Peppol, XRechnung and others."""

from __future__ import annotations

from typing import Any

from extraction.engines.cii import day, difference, for_one
from extraction.engines.xml import Element, every, local, one, text

ROOTS = frozenset({"Invoice", "CreditNote"})


def understands(root: Element) -> bool:
    """Return whether this is such an invoice."""
    return local(root) in ROOTS and "ubl" in str(root.tag)


def data_of(root: Element) -> dict[str, Any]:
    """Return what the invoice says, numbers as they are written."""
    seller, buyer = one(root, "AccountingSupplierParty/Party"), one(root, "AccountingCustomerParty/Party")
    totals, currency = one(root, "LegalMonetaryTotal"), text(root, "DocumentCurrencyCode")
    taxes = list(every(root, "TaxTotal"))
    of_currency = [
        tax for tax in taxes if (each := one(tax, "TaxAmount")) is not None and each.get("currencyID") == currency
    ]
    tax = (of_currency or taxes or [None])[0]
    return {
        "type": "computerized",
        "vendor_name": name(seller),
        "vendor_address": address(one(seller, "PostalAddress")),
        "vendor_tax_id": text(seller, "PartyTaxScheme/CompanyID") or text(seller, "PartyLegalEntity/CompanyID"),
        "vendor_iban": text(root, "PaymentMeans/PayeeFinancialAccount/ID"),
        "buyer_name": name(buyer),
        "buyer_tax_id": text(buyer, "PartyTaxScheme/CompanyID"),
        "invoice_number": text(root, "ID"),
        "invoice_date": day(text(root, "IssueDate")),
        "due_date": day(text(root, "DueDate") or text(root, "PaymentMeans/PaymentDueDate")),
        "purchase_order": text(root, "OrderReference/ID"),
        "currency": currency,
        "subtotal": text(totals, "TaxExclusiveAmount") or text(totals, "LineExtensionAmount"),
        "discount": difference(text(totals, "AllowanceTotalAmount"), text(totals, "ChargeTotalAmount")),
        "tax": text(tax, "TaxAmount"),
        "tax_breakdown": [
            {
                "rate": text(each, "TaxCategory/Percent"),
                "taxable_amount": text(each, "TaxableAmount"),
                "tax_amount": text(each, "TaxAmount"),
            }
            for each in every(tax, "TaxSubtotal")
        ],
        "total": text(totals, "TaxInclusiveAmount") or text(totals, "PayableAmount"),
        "items": [line(each) for each in every(root, "InvoiceLine|CreditNoteLine")],
    }


def line(each: Element) -> dict[str, Any]:
    """Return an item."""
    quantity = one(each, "InvoicedQuantity|CreditedQuantity")
    return {
        "description": text(each, "Item/Name") or text(each, "Item/Description"),
        "sku": text(each, "Item/SellersItemIdentification/ID"),
        "quantity": text(quantity),
        "unit": quantity.get("unitCode") if quantity is not None else None,
        "unit_price": for_one(text(each, "Price/PriceAmount"), text(each, "Price/BaseQuantity")),
        "tax_rate": text(each, "Item/ClassifiedTaxCategory/Percent"),
        "amount": text(each, "LineExtensionAmount"),
    }


def name(party: Element | None) -> str | None:
    """Return a party's legal name, else the one it trades under."""
    return text(party, "PartyLegalEntity/RegistrationName") or text(party, "PartyName/Name")


def address(found: Element | None) -> str | None:
    """Return an address as lines."""
    city = " ".join(filter(None, (text(found, "PostalZone"), text(found, "CityName"))))
    country = text(found, "Country/IdentificationCode")
    lines = (text(found, "StreetName"), text(found, "AdditionalStreetName"), city, country)
    return "\n".join(filter(None, lines)) or None
