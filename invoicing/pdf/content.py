"""What is printed: plain values, already reckoned and frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

DocumentType = Literal["general", "standard", "simplified", "credit_note", "debit_note"]
Language = Literal["ar", "en", "fr"]
LookName = Literal["modern", "classic", "compact"]
PaperSize = Literal["a4", "letter"]
Digits = Literal["latn", "arab"]
Mark = Literal["draft", "cancelled", "copy"]
QrKind = Literal["payment", "zatca"]


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer as printed.

    `ids` are (key, value) pairs; the key is one of `labels.IDS` (vat, cr, ice, if, tp, rc, siren, …),
    any other key is printed as it is. `name_ar` stands for the name on an Arabic page, `address_lines_ar`
    beside the other language on a page in two. `is_business` tells a buyer from a private person.
    """

    name: str
    name_ar: str = ""
    address_lines: tuple[str, ...] = ()
    address_lines_ar: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    email: str = ""
    phone: str = ""
    is_business: bool = False


@dataclass(frozen=True, slots=True)
class LineItem:
    """One line; rates are in percent (20 is 20 %), amounts in the document's currency.

    `name_ar` and `description_ar` are printed on the Arabic side of a page in two languages.
    """

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
    name_ar: str = ""
    description_ar: str = ""


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """The tax of one category (EN 16931: S, Z, E, O, AE, K, G) and rate in percent."""

    category: str
    rate: Decimal
    taxable_amount: Decimal
    tax_amount: Decimal
    exemption_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What every paper of a business has, whatever it states.

    `currency_digits` is the currency's number of decimals (ISO 4217). `brand_colour` is `#RRGGBB`, `logo` a
    PNG. `second_language` puts Arabic and another language beside each other; `digits` says which digits
    an Arabic page writes amounts, quantities and dates with.
    """

    seller_country: str
    language: Language
    number: str | None
    issue_date: date | None
    seller: Party
    buyer: Party
    currency: str
    currency_digits: int
    footer: str = ""
    logo: bytes | None = None
    brand_colour: str = "#C2512F"
    look: LookName = "modern"
    paper_size: PaperSize = "a4"
    digits: Digits = "latn"
    second_language: Language | None = None
    mark: Mark | None = None

    @property
    def states_tax(self) -> bool:
        """Return whether tax is stated, for which some laws have a title of its own."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Printed):
    """An invoice or note as it is printed.

    `qr_payload` is the content of the code, none on a draft, `payment_payload` that of a second one, to pay.
    `exchange_rate` tells how much of `tax_currency` one unit of `currency` is. `signature_frame` leaves room
    for signature and stamp.
    """

    type: DocumentType
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
    second_amount_in_words: str = ""
    notes: str = ""
    bank_details: str = ""
    prices_include_tax: bool = False
    signature_frame: bool = False
    qr_payload: str | None = None
    qr_kind: QrKind = "payment"
    payment_payload: str | None = None

    @property
    def is_note(self) -> bool:
        """Return whether this is a credit or debit note."""
        return self.type in ("credit_note", "debit_note")

    @property
    def states_tax(self) -> bool:
        """Return whether a group bears tax, be it at a rate of zero by a seller who is registered for it."""
        registered = any(key == "vat" for key, _ in self.seller.ids)
        return any(group.category not in ("E", "O") and (group.tax_amount or registered) for group in self.tax_groups)

    @property
    def mentions_tax(self) -> bool:
        """Return whether tax is spoken of: not by who is not registered for it and has no reason to give."""
        return self.states_tax or any(
            group.exemption_reason.strip() or group.category in ("AE", "K", "G") for group in self.tax_groups
        )


@dataclass(frozen=True, slots=True)
class PaidInvoice:
    """An invoice that a payment was for; `paid_before` and `credited` are what had settled of it by then."""

    number: str
    issue_date: date | None
    description: str
    total: Decimal
    paid_before: Decimal
    credited: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Printed):
    """A receipt of a payment. `issue_date` is the day the money came in, `method` a key of `labels.METHODS`.

    `balance` is what was left to pay of the invoices after it, by `balance_due_date`.
    """

    method: str
    transaction: str
    amount: Decimal
    invoices: tuple[PaidInvoice, ...]
    balance: Decimal
    balance_due_date: date | None = None
    amount_in_words: str = ""


@dataclass(frozen=True, slots=True)
class StatementRow:
    """An entry of an account; `kind` is a key of `labels.ENTRIES`, `method` one of `labels.METHODS` or empty.

    What stands on both sides did not change what is due.
    """

    date: date
    kind: str
    number: str
    reference: str
    method: str
    debit: Decimal
    credit: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A document of which something is due; `kind` is a key of `labels.ENTRIES`."""

    kind: str
    number: str
    issue_date: date
    due_date: date | None
    total: Decimal
    amount_due: Decimal
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class StatementAccount:
    """A statement in one currency. `held` is what came in beyond what was due."""

    currency: str
    currency_digits: int
    opening_balance: Decimal
    rows: tuple[StatementRow, ...]
    total_debit: Decimal
    total_credit: Decimal
    closing_balance: Decimal
    overdue: Decimal
    held: Decimal
    open_items: tuple[OpenItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Printed):
    """A statement of account from `first` to `last`. `currency` is that of the account that is being drawn."""

    first: date
    last: date
    accounts: tuple[StatementAccount, ...]
    bank_details: str = ""
