"""Invoices in UN/CEFACT's Cross Industry Invoice: Factur-X, ZUGFeRD 1 and 2, XRechnung."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from extraction.engines.xml import Element, every, local, one, text

ROOTS = frozenset({"CrossIndustryInvoice", "CrossIndustryDocument"})
DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
SUMS = "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
RATES = "RateApplicablePercent|ApplicablePercent"


def understands(root: Element) -> bool:
    """Return whether this is such an invoice."""
    return local(root) in ROOTS


def data_of(root: Element) -> dict[str, Any]:
    """Return what the invoice says, numbers as they are written."""
    head = one(root, "ExchangedDocument|HeaderExchangedDocument")
    trade = one(root, "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction")
    agreement = one(trade, "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement")
    settlement = one(trade, "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement")
    seller, buyer = one(agreement, "SellerTradeParty"), one(agreement, "BuyerTradeParty")
    currency = text(settlement, "InvoiceCurrencyCode")
    account = "SpecifiedTradeSettlementPaymentMeans/PayeePartyCreditorFinancialAccount"
    return {
        "type": "computerized",
        "language": text(head, "LanguageID"),
        "vendor_name": text(seller, "Name"),
        "vendor_address": address(one(seller, "PostalTradeAddress")),
        "vendor_tax_id": tax_number(seller),
        "vendor_iban": text(settlement, f"{account}/IBANID"),
        "buyer_name": text(buyer, "Name"),
        "buyer_tax_id": tax_number(buyer),
        "invoice_number": text(head, "ID"),
        "invoice_date": day(text(head, "IssueDateTime/DateTimeString|DateTime")),
        "due_date": day(text(settlement, "SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString|DateTime")),
        "purchase_order": text(agreement, "BuyerOrderReferencedDocument/IssuerAssignedID|ID"),
        "currency": currency,
        **sums(one(settlement, SUMS), currency),
        "tax_breakdown": [
            {
                "rate": text(tax, RATES),
                "taxable_amount": text(tax, "BasisAmount"),
                "tax_amount": text(tax, "CalculatedAmount"),
            }
            for tax in every(settlement, "ApplicableTradeTax")
        ],
        "items": [item for each in every(trade, "IncludedSupplyChainTradeLineItem") if (item := line(each))],
    }


def sums(found: Element | None, currency: str | None) -> dict[str, Any]:
    """Return the sums; the subtotal is what is taxed, after discounts, which is also what stands before the tax."""
    taxes = list(every(found, "TaxTotalAmount"))
    of_currency = [tax for tax in taxes if tax.get("currencyID") in {None, currency}]
    return {
        "subtotal": text(found, "TaxBasisTotalAmount") or text(found, "LineTotalAmount"),
        "discount": difference(text(found, "AllowanceTotalAmount"), text(found, "ChargeTotalAmount")),
        "tax": text((of_currency or taxes or [None])[0]),
        "total": text(found, "GrandTotalAmount"),
    }


def difference(allowance: str | None, charge: str | None) -> str | None:
    """Return discounts less further charges, None where there are none of either."""
    if not (allowance or charge):
        return None
    try:
        return f"{Decimal(allowance or 0) - Decimal(charge or 0):f}"
    except InvalidOperation:
        return None


def line(each: Element) -> dict[str, Any] | None:
    """Return an item, None for a line that is a mere note."""
    product, delivery = (
        one(each, "SpecifiedTradeProduct"),
        one(each, "SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery"),
    )
    agreement = one(each, "SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement")
    settlement = one(each, "SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement")
    prices = (one(agreement, "NetPriceProductTradePrice"), one(agreement, "GrossPriceProductTradePrice"))
    price = next((each for each in prices if each is not None), None)
    quantity = one(delivery, "BilledQuantity")
    amount = text(
        settlement,
        "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation/LineTotalAmount",
    )
    if amount is None and quantity is None:
        return None
    return {
        "description": text(product, "Name") or text(product, "Description"),
        "sku": text(product, "SellerAssignedID"),
        "quantity": text(quantity),
        "unit": quantity.get("unitCode") if quantity is not None else None,
        "unit_price": for_one(text(price, "ChargeAmount"), text(price, "BasisQuantity")),
        "tax_rate": text(settlement, f"ApplicableTradeTax/{RATES}"),
        "amount": amount,
    }


def for_one(price: str | None, basis: str | None) -> str | None:
    """Return the price of one where it is given for several."""
    try:
        if price is None or basis is None or Decimal(basis) in {0, 1}:
            return price
        return f"{round(Decimal(price) / Decimal(basis), 10).normalize():f}"
    except InvalidOperation:
        return None


def day(written: str | None) -> str | None:
    """Return a day as ISO 8601 writes it, of 20261120 or the begin of a moment."""
    found = DAY.match(written or "")
    return "-".join(found.groups()) if found else None


def tax_number(party: Element | None) -> str | None:
    """Return a party's VAT number, else its other tax number."""
    numbers = {each.get("schemeID"): text(each) for each in every(party, "SpecifiedTaxRegistration/ID")}
    return numbers.get("VA") or numbers.get("FC") or next(filter(None, numbers.values()), None)


def address(found: Element | None) -> str | None:
    """Return an address as lines."""
    city = " ".join(filter(None, (text(found, "PostcodeCode"), text(found, "CityName"))))
    lines = (text(found, "LineOne"), text(found, "LineTwo"), text(found, "LineThree"), city, text(found, "CountryID"))
    return "\n".join(filter(None, lines)) or None
