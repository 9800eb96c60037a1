"""Billing on: a draft for a client, made of lines of a supplier's document, with an optional mark-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Permission
from accounts.schema import Cleaner, clean_decimal
from accounts.tenancy import Actor, require
from extraction.errors import InvalidDocument, NothingRead
from extraction.models import Billing, Document
from extraction.schema import loaded
from extraction.services.verifying import current
from invoicing.models import Invoice
from invoicing.money import round_money
from invoicing.services.drafts import save_draft

HUNDRED: Final = Decimal(100)
MOST_MARKUP: Final = 1000  # per cent
MARKUP_PLACES: Final = 4
PRICE_PLACES: Final = Decimal("0.000001")  # what a unit price of an invoice holds
LONGEST_NAME, LONGEST_SKU, LONGEST_UNIT = 200, 100, 30  # of an invoice's line
# What the body says of the draft itself, under the names of invoices
OF_THE_DRAFT: Final = ("client_id", "client_name", "client_email", "reference", "notes", "language", "payment_terms")


@dataclass(frozen=True, slots=True)
class BillableLine:
    """A line of a document as it can be billed on: without tax, in the document's currency.

    ``place`` counts from 0 in the document's data. ``reason`` says why it cannot be billed, if so.
    """

    place: int
    name: str
    description: str
    sku: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    reason: str = ""

    @property
    def amount(self) -> Decimal:
        """What it comes to before the mark-up, not rounded."""
        return self.quantity * self.unit_price

    def item(self, markup: Decimal) -> dict[str, Any]:
        """Return the draft's line with the mark-up on its price; the tax is the business's own."""
        price = fine(self.unit_price * (HUNDRED + markup) / HUNDRED)
        return {
            "name": self.name,
            "description": self.description,
            "sku": self.sku,
            "quantity": self.quantity,
            "unit": self.unit,
            "unit_price": price,
        }


@dataclass(frozen=True, slots=True)
class Billable:
    """What of a document can be billed on."""

    currency: str
    lines: list[BillableLine]
    is_verified: bool


def bill_document(*, document: Document, actor: Actor, data: Mapping[str, Any], at: datetime) -> Invoice:
    """Write a draft of chosen ``lines`` (by default all that can be billed) with a ``markup`` in per cent.

    Raises ``NothingRead`` without data, ``InvalidDocument``, and what ``save_draft`` raises.
    """
    require(actor, document.business_id, Permission.WRITE)
    billable = billable_of(document)
    cleaner = Cleaner(data)
    markup = cleaner.take("markup", clean_decimal, places=MARKUP_PLACES, low=0, high=MOST_MARKUP) or Decimal(0)
    lines = chosen_lines(cleaner, billable)
    if not billable.currency:
        cleaner.refuse("currency", _("The currency of this document is not known. Fill it in first, then bill on."))
    cleaner.done(InvalidDocument)
    order = {name: data[name] for name in OF_THE_DRAFT if data.get(name) not in (None, "")}
    items = [line.item(markup) for line in lines]
    source = {"document": document.pk, "document_number": document.number or document.file_name}
    with transaction.atomic():
        invoice = save_draft(
            actor=actor,
            business=document.business,
            data={**order, "currency": billable.currency, "items": items},
            at=at,
            source=source,
        )
        Billing.objects.create(
            business_id=document.business_id,
            document=document,
            invoice=invoice,
            lines=[line.place for line in lines],
            markup=markup,
            created_at=at,
        )
    return invoice


def billable_of(document: Document) -> Billable:
    """Return what can be billed on: of verified data, else of what was read last. Raises ``NothingRead``."""
    data = document.verified_data
    if data is None:
        run = document.latest
        if run is None or run.source.data is None:
            raise NothingRead
        data = current(run)
    values = loaded(data)
    rate = rate_within(values)
    lines = [line_of(place, item, rate) for place, item in enumerate(values["items"])]
    return Billable(values["currency"] or "", lines or whole(document, values), document.verified_at is not None)


def chosen_lines(cleaner: Cleaner, billable: Billable) -> list[BillableLine]:
    """Return the lines that were chosen, in the document's order; what cannot be billed is refused by its name."""
    given = cleaner.data.get("lines")
    possible = [line for line in billable.lines if not line.reason]
    if given is None:
        if not possible:
            cleaner.refuse("lines", _("No line of this document can be billed on."))
        return possible
    if not isinstance(given, Sequence) or isinstance(given, str) or not given:
        cleaner.refuse("lines", _("Choose at least one line."))
        return []
    by_place = {line.place: line for line in billable.lines}
    chosen: dict[int, BillableLine] = {}
    for place, number in enumerate(given):
        found = by_place.get(number) if isinstance(number, int) and not isinstance(number, bool) else None
        if found is None:
            cleaner.refuse(f"lines[{place}]", _("This document has no such line. Lines count from 0."))
        elif found.reason:
            cleaner.refuse(f"lines[{place}]", found.reason)
        elif number in chosen:
            cleaner.refuse(f"lines[{place}]", _("This line is chosen twice."))
        else:
            chosen[number] = found
    return [chosen[place] for place in sorted(chosen)]


def rate_within(values: Mapping[str, Any]) -> Decimal | None:
    """Return the rate of the tax that lines hold, in per cent; None where they are without tax.

    They are, unless they add up to the total and not to what is taxed.
    """
    amounts, tax, total = [item["amount"] for item in values["items"]], values["tax"], values["total"]
    if not tax or total is None or total == tax or any(amount is None for amount in amounts):
        return None
    together = sum(amounts, Decimal(0))
    if together != total or together == values["subtotal"]:
        return None
    rate: Decimal = tax * HUNDRED / (total - tax)
    return rate


def line_of(place: int, item: Mapping[str, Any], rate: Decimal | None) -> BillableLine:
    """Return a line of the data as it can be billed; its amount counts where price and quantity do not make it."""
    quantity, price, amount = item["quantity"], item["unit_price"], item["amount"]
    if quantity is None or quantity <= 0 or quantity != fine(quantity):
        quantity, price = Decimal(1), amount if amount is not None else price
    elif amount is not None and (price is None or not makes(quantity, price, amount)):
        each = fine(amount / quantity)
        quantity, price = (quantity, each) if makes(quantity, each, amount) else (Decimal(1), amount)
    if price is not None and rate is not None:
        own = item["tax_rate"] if item["tax_rate"] is not None else rate
        price = price * HUNDRED / (HUNDRED + own)
    reason = "" if price is not None and price > 0 else _("This line has no price above 0.")
    name, rest = named(item["description"] or item["sku"] or _("Line %(n)d") % {"n": place + 1})
    return BillableLine(
        place=place,
        name=name,
        description=rest,
        sku=(item["sku"] or "")[:LONGEST_SKU],
        quantity=quantity,
        unit=(item["unit"] or "")[:LONGEST_UNIT],
        unit_price=fine(price or Decimal(0)),
        reason=reason,
    )


def whole(document: Document, values: Mapping[str, Any]) -> list[BillableLine]:
    """Return a document of which no lines are known as one line: what is taxed, else the total without its tax."""
    amount = values["subtotal"]
    if amount is None and values["total"] is not None:
        amount = values["total"] - (values["tax"] or 0)
    if amount is None:
        return []
    name = ", ".join(filter(None, (document.vendor, document.number))) or document.file_name
    reason = "" if amount > 0 else _("This line has no price above 0.")
    return [BillableLine(0, name[:LONGEST_NAME], "", "", Decimal(1), "", fine(amount), reason)]


def named(text: str) -> tuple[str, str]:
    """Return a description as a line's name, and the rest of it."""
    first, _newline, rest = text.strip().partition("\n")
    if len(first) <= LONGEST_NAME:
        return first.strip(), rest.strip()
    cut = first.rfind(" ", 0, LONGEST_NAME)
    place = cut if cut > 0 else LONGEST_NAME
    return first[:place].strip(), f"{first[place:].strip()}\n{rest}".strip()


def makes(quantity: Decimal, price: Decimal, amount: Decimal) -> bool:
    """Return whether a quantity at a price comes to an amount, to a cent."""
    return abs(quantity * price - amount) < Decimal("0.01")


def fine(value: Decimal) -> Decimal:
    """Return a number with the decimals that a line of an invoice holds, without zeros at its end."""
    return Decimal(format(value.quantize(PRICE_PLACES, ROUND_HALF_UP).normalize(), "f"))


def billed_places(document: Document) -> Mapping[int, list[Billing]]:
    """Return by its place which drafts a line was billed on."""
    found: dict[int, list[Billing]] = {}
    for billing in Billing.objects.filter(document=document).select_related("invoice").order_by("pk"):
        for place in billing.lines:
            found.setdefault(place, []).append(billing)
    return found


def shown_amount(line: BillableLine, currency: str) -> Decimal:
    """Return what a line comes to before the mark-up, rounded to its currency."""
    return round_money(line.amount, currency) if currency else line.amount
