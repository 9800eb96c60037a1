"""What is printed: plain values, already reckoned and frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

DocumentType = Literal["general", "standard", "simplified", "credit_note", "debit_note"]
Language = Literal["ar", "en", "fr"]
Mark = Literal["draft", "cancelled", "copy"]
QrKind = Literal["payment", "zatca"]


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer as printed.

    `ids` are (key, value) pairs; the key is one of `labels.IDS` (vat, cr, ice, if, tp, rc, siren, …),
    any other key is printed as it is. `name_ar` stands for the name on an Arabic page.
    """

    name: str
    name_ar: str = ""
    address_lines: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class LineItem:
    """One line; rates are in percent (20 is 20 %), amounts in the document's currency."""

    name: str
    quantity: Decimal
    unit_price: Decimal
    net_amount: Decimal
    tax_rate: Decimal
    description: str = ""
    sku: str = ""
    unit: str = ""
    discount_rate: Decimal = Decimal(0)
    tax_category: str = "S"
    tax_amount: Decimal = Decimal(0)
    total: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """The tax of one category (EN 16931: S, Z, E, O, AE, K, G) and rate in percent."""

    category: str
    rate: Decimal
    taxable_amount: Decimal
    tax_amount: Decimal
    exemption_reason: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or note as it is printed.

    `currency_digits` is the currency's number of decimals (ISO 4217). `brand_colour` is `#RRGGBB`;
    `logo` a PNG; `qr_payload` the content of the code, none on a draft. `exchange_rate` tells how much
    of `tax_currency` one unit of `currency` is.
    """

    type: DocumentType
    seller_country: str
    language: Language
    number: str | None
    issue_date: date | None
    seller: Party
    buyer: Party
    currency: str
    currency_digits: int
    items: tuple[LineItem, ...]
    subtotal: Decimal
    discount_amount: Decimal
    taxable_amount: Decimal
    tax_amount: Decimal
    total: Decimal
    amount_paid: Decimal
    amount_due: Decimal
    tax_groups: tuple[TaxGroup, ...]
    discount_rate: Decimal = Decimal(0)
    due_date: date | None = None
    supply_date: date | None = None
    reference: str = ""
    payment_terms: str = ""
    parent_number: str | None = None
    parent_issue_date: date | None = None
    reason: str = ""
    tax_currency: str | None = None
    exchange_rate: Decimal | None = None
    tax_amount_in_tax_currency: Decimal | None = None
    amount_in_words: str = ""
    notes: str = ""
    footer: str = ""
    bank_details: str = ""
    prices_include_tax: bool = False
    logo: bytes | None = None
    brand_colour: str = "#C2512F"
    mark: Mark | None = None
    qr_payload: str | None = None
    qr_kind: QrKind = "payment"

    @property
    def is_note(self) -> bool:
        """Return whether this is a credit or debit note."""
        return self.type in ("credit_note", "debit_note")
