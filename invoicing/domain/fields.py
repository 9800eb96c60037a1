"""What may stand in an invoice's fields, as the API names them. Both skins pass what they were given through here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from accounts.choices import Language
from accounts.models import Business
from accounts.schema import (
    Cleaner,
    FieldError,
    check_year,
    clean_address,
    clean_boolean,
    clean_choice,
    clean_currency,
    clean_date,
    clean_decimal,
    clean_email,
    clean_rate,
    clean_tax_ids,
    clean_text,
)
from clients.choices import ClientType
from invoicing.choices import InvoiceType, ItemType, TaxCategory
from invoicing.domain.numbering import LONGEST_NUMBER, format_of
from invoicing.domain.totals import InvoiceTotals, default_category
from invoicing.models import Invoice, Line

MAX_ITEMS = 1000
MAX_DECIMALS = 6
MIN_EXCHANGE_RATE = Decimal("0.00000001")
LINE_AMOUNTS = ["subtotal", "discount_amount", "net_amount", "tax_amount", "total"]
AMENDABLE = frozenset({"notes", "due_date", "reference", "client_email", "client_phone"})
# Amounts that follow from the rest: they may be sent back.
RECKONED = ("subtotal", "discount_amount", "taxable_amount", "tax_amount", "total")
# Notes are written through their parent.
INVOICE_TYPES = (InvoiceType.SIMPLIFIED.value, InvoiceType.STANDARD.value, InvoiceType.GENERAL.value)
# Given empty, these stay what they are or would be by default.
NEVER_EMPTY = frozenset({"type", "language", "currency", "tax_rate", "discount_rate", "prices_include_tax"})
ITEM_DEFAULTS: Mapping[str, Any] = {
    "description": "",
    "name_ar": "",
    "description_ar": "",
    "sku": "",
    "type": ItemType.SERVICE.value,
    "quantity": Decimal(1),
    "unit": "",
    "discount_rate": Decimal(0),
    "exemption_reason": "",
}
# How the API's names of wishes are stored
STORED_AS = {"issue_date": "issue_date_wish", "invoice_number": "number_wish"}
CLIENT_FIELDS = {
    "client_type": "type",
    "client_name": "name",
    "client_email": "email",
    "client_phone": "phone",
    "client_address": "address",
    "client_vat_number": "vat_number",
    "client_cr_number": "cr_number",
    "client_tax_ids": "tax_ids",
}


def clean_moment(value: Any, *, at: datetime, timezone: str) -> datetime | None:
    """Return a moment in the past, from a moment or a day (its noon in the business's time zone)."""
    if value in (None, ""):
        return None
    try:
        # A bare day would pass for its first moment.
        written = value if isinstance(value, str) and parse_date(value) is None else ""
        moment = value if isinstance(value, datetime) else parse_datetime(written)
    except ValueError:
        moment = None
    if moment is None:
        day = clean_date(value)
        moment = datetime.combine(day, time(12)) if day else at
    check_year(moment)
    zone = ZoneInfo(timezone)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    # Later today passes, for a day means all of it: today is the day where the business is.
    if moment > at and moment.astimezone(zone).date() > at.astimezone(zone).date():
        raise FieldError(_("This must not be in the future."))
    return min(moment, at)


def clean_quantity(value: Any) -> Decimal | None:
    """Return how many: more than zero, of at most six decimals."""
    quantity = clean_decimal(value, places=MAX_DECIMALS)
    if quantity is not None and quantity <= 0:
        raise FieldError(_("This must be more than zero."))
    return quantity


def clean_price(value: Any, *, required: bool = False) -> Decimal | None:
    """Return a price: not negative, of at most six decimals."""
    return clean_decimal(value, places=MAX_DECIMALS, low=0, required=required)


def clean_phone_as_given(value: Any) -> str:
    """Return a phone number as it is to be printed."""
    phone = clean_text(value, 40)
    if phone and not re.fullmatch(r"\+?[\d\s().\-/]{4,40}", phone):
        raise FieldError(_("This is no phone number."))
    return phone


def clean_header(cleaner: Cleaner, business: Business, *, today: date) -> None:
    """Clean the fields of an invoice that stand beside its lines and its client."""
    take = cleaner.take
    take("type", clean_choice, INVOICE_TYPES)
    take("language", clean_choice, Language.values)
    take("currency", clean_currency)
    for name in ("issue_date", "due_date", "supply_date"):
        take(name, clean_date)
    take("payment_terms", clean_text, 200)
    take("notes", clean_text, 5000, multiline=True)
    take("footer", clean_text, 1000, multiline=True)
    take("reference", clean_text, 200)
    take("reason", clean_text, 500)
    take("tax_rate", clean_rate)
    take("discount_rate", clean_rate)
    take("prices_include_tax", clean_boolean)
    take("exchange_rate", clean_decimal, places=8, low=MIN_EXCHANGE_RATE)
    take("invoice_number", lambda value: clean_number(value, business))
    values = cleaner.values
    for name in NEVER_EMPTY & values.keys():
        if values[name] in (None, ""):
            del values[name]
    issue_date = values.get("issue_date")
    if issue_date and issue_date > today:
        cleaner.refuse("issue_date", _("The issue date must not be in the future."))
    for api_name, stored in STORED_AS.items():
        if api_name in values:
            values[stored] = values.pop(api_name)


def clean_number(value: Any, business: Business) -> str:
    """Return a number of the caller's own: one that the business's series will never give."""
    wish = clean_text(value, LONGEST_NUMBER)
    if not wish:
        return ""
    if any(format_of(business, kind).could_make(wish) for kind in business_kinds()):
        raise FieldError(_("Your own series could give this number. Leave it out, or choose another form."))
    return wish


def business_kinds() -> tuple[str, ...]:
    """Return the kinds of series a business has."""
    return ("invoice", "credit_note", "debit_note")


def clean_items(cleaner: Cleaner, *, default_rate: Decimal) -> list[dict[str, Any]] | None:
    """Return the lines given, cleaned; None where none were named. Errors name ``items[0].quantity``."""
    if "items" not in cleaner.data:
        return None
    items = cleaner.data["items"]
    if not isinstance(items, Sequence) or isinstance(items, str) or not items:
        cleaner.refuse("items", _("Add at least one line."))
        return None
    if len(items) > MAX_ITEMS:
        cleaner.refuse("items", _("At most %(count)d lines fit on an invoice.") % {"count": MAX_ITEMS})
        return None
    return [clean_item(cleaner, index, item, default_rate=default_rate) for index, item in enumerate(items)]


def clean_item(cleaner: Cleaner, index: int, item: Any, *, default_rate: Decimal) -> dict[str, Any]:
    """Return one line given, cleaned, with its defaults."""
    if not isinstance(item, Mapping):
        cleaner.refuse(f"items[{index}]", _("A line is an object."))
        return {}
    line = Cleaner({"name": None, "unit_price": None} | dict(item))
    line.take("name", clean_text, 200, required=True)
    line.take("description", clean_text, 2000, multiline=True)
    line.take("name_ar", clean_text, 200)
    line.take("description_ar", clean_text, 2000, multiline=True)
    line.take("sku", clean_text, 100)
    line.take("type", clean_choice, ItemType.values)
    line.take("quantity", clean_quantity)
    line.take("unit", clean_text, 30)
    line.take("unit_price", clean_price, required=True)
    line.take("discount_rate", clean_rate)
    line.take("tax_rate", clean_rate)
    line.take("tax_category", clean_choice, TaxCategory.values)
    line.take("exemption_reason", clean_text, 300)
    values = dict(ITEM_DEFAULTS) | {"tax_rate": default_rate}
    values |= {name: value for name, value in line.values.items() if value not in (None, "")}
    values["tax_category"] = default_category(values["tax_rate"], values.get("tax_category"))
    if values["tax_rate"] and values["tax_category"] != TaxCategory.STANDARD:
        line.refuse("tax_rate", _("Only the standard category has a rate above 0."))
    for name, sentences in line.errors.items():
        for sentence in sentences:
            cleaner.refuse(f"items[{index}].{name}", sentence)
    return values


def clean_client(cleaner: Cleaner) -> dict[str, Any]:
    """Return what an invoice says of its client by itself, under the client's own names of fields."""
    buyer = Cleaner({name: cleaner.data[name] for name in CLIENT_FIELDS if name in cleaner.data})
    buyer.take("client_type", clean_choice, ClientType.values)
    buyer.take("client_name", clean_text, 200)
    buyer.take("client_email", clean_email)
    buyer.take("client_phone", clean_phone_as_given)
    buyer.take("client_address", clean_address)
    buyer.take("client_vat_number", clean_text, 30)
    buyer.take("client_cr_number", clean_text, 50)
    buyer.take("client_tax_ids", clean_tax_ids)
    for name, sentences in buyer.errors.items():
        for sentence in sentences:
            cleaner.refuse(name, sentence)
    named = {CLIENT_FIELDS[name]: value for name, value in buyer.values.items()}
    return {name: value for name, value in named.items() if value or name != "type"}


def default_type(business: Business, client_type: str) -> InvoiceType:
    """Return the type an invoice has where none is given: in Saudi Arabia a tax invoice by the kind of client."""
    if business.country != "SA":
        return InvoiceType.GENERAL
    return InvoiceType.STANDARD if client_type == ClientType.BUSINESS else InvoiceType.SIMPLIFIED


def apply_totals(invoice: Invoice, lines: Sequence[Line], totals: InvoiceTotals) -> None:
    """Put reckoned amounts on an invoice and its lines."""
    for name in ("subtotal", "discount_amount", "taxable_amount", "tax_amount", "total"):
        setattr(invoice, name, getattr(totals, name))
    invoice.amount_due = totals.total if invoice.type != InvoiceType.CREDIT_NOTE else Decimal(0)
    invoice.tax_breakdown = [
        {
            "category": str(group.category),
            "rate": str(group.rate),
            "taxable_amount": str(group.taxable_amount),
            "tax_amount": str(group.tax_amount),
            "exemption_reason": group.exemption_reason,
        }
        for group in totals.groups
    ]
    for line, amounts in zip(lines, totals.lines, strict=True):
        for name in LINE_AMOUNTS:
            setattr(line, name, getattr(amounts, name))


def differences(
    invoice: Invoice, values: Mapping[str, Any], given: Mapping[str, Any], items: Sequence[Mapping[str, Any]] | None
) -> list[str]:
    """Return the API's names of the fields that would change on an issued document and must not."""
    now: dict[str, Any] = {"issue_date_wish": invoice.issue_date, "number_wish": invoice.number}
    api_names = {stored: api for api, stored in STORED_AS.items()}
    wanted = {
        api_names.get(name, name): (value, now.get(name, getattr(invoice, name))) for name, value in values.items()
    }
    buyer = invoice.buyer or {}
    wanted |= {f"client_{name}": (value, buyer.get(name, "")) for name, value in given.items()}
    changed = [name for name, (value, old) in wanted.items() if value != old and name not in AMENDABLE]
    if items is not None and not same_items(list(invoice.lines.all()), items):
        changed.append("items")
    return changed


def other_amounts(invoice: Invoice, data: Mapping[str, Any]) -> list[str]:
    """Return the names of what was reckoned at issue and is not sent back as it was."""
    return [name for name in RECKONED if name in data and not is_amount(data[name], getattr(invoice, name))]


def is_amount(value: Any, amount: Decimal) -> bool:
    """Return whether a value, of whatever type, says an amount."""
    try:
        return Decimal(str(value)) == amount
    except InvalidOperation:
        return False


def same_items(lines: Sequence[Line], items: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether items, as given, say what lines hold already."""
    return len(lines) == len(items) and all(
        getattr(line, name) == value for line, item in zip(lines, items, strict=True) for name, value in item.items()
    )


def amend(invoice: Invoice, values: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    """Change on an issued document what may change. Return the names of what did."""
    wanted = {name: value for name, value in values.items() if name in AMENDABLE}
    wanted |= {f"client_{name}": value for name, value in given.items() if f"client_{name}" in AMENDABLE}
    changed = [name for name, value in wanted.items() if getattr(invoice, name) != value]
    for name in changed:
        setattr(invoice, name, wanted[name])
    return changed
