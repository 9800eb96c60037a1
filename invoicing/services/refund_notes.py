"""The credit note that goes with a refund: over what went back, in whole or in proportion to what was billed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.tenancy import Actor
from invoicing.choices import InvoiceType
from invoicing.domain.notes import quantities_left
from invoicing.models import Invoice, Line, Refund
from invoicing.services.corrections import build_note, write_note

Quantities = dict[str, Decimal]
STEP: Final = Decimal("0.000001")  # what a quantity is kept to
MOST_TRIES: Final = 5


def matching_quantities(invoice: Invoice, amount: Decimal, *, actor: Actor, at: datetime) -> Quantities:
    """Return by line how much of it to credit, so that the credit note comes to an amount, tax included.

    All that is left of the lines where the amount is no less; else the one line that comes to it; else the same part
    of each line, as near to the amount as quantities allow. Empty where nothing is left to credit.
    """
    lines = {line.pk: line for line in invoice.lines.all()}
    left = {pk: quantity for pk, quantity in quantities_left(invoice).items() if quantity > 0}
    open_amount = invoice.total - invoice.amount_credited
    if not left or open_amount <= 0 or amount >= open_amount:
        return left
    for pk, quantity in left.items():
        whole = {pk: quantity}
        if share(lines[pk], quantity) == amount and total_of(invoice, whole, actor=actor, at=at) == amount:
            return whole
    parts = {pk: (quantity * amount / open_amount).quantize(STEP) for pk, quantity in left.items()}
    fine = min((pk for pk in left if lines[pk].total), key=lambda pk: lines[pk].total / lines[pk].quantity)
    for _try in range(MOST_TRIES):
        wanted = {pk: quantity for pk, quantity in parts.items() if quantity}
        gap = amount - total_of(invoice, wanted, actor=actor, at=at) if wanted else amount
        if not gap:
            break
        step = (gap * lines[fine].quantity / lines[fine].total).quantize(STEP)
        parts[fine] = min(max(parts[fine] + (step or STEP.copy_sign(gap)), Decimal(0)), left[fine])
    return {pk: quantity for pk, quantity in parts.items() if quantity}


def share(line: Line, quantity: Decimal) -> Decimal:
    """Return what a part of a line comes to, tax included."""
    whole: Decimal = line.total
    return whole * quantity / line.quantity


def total_of(invoice: Invoice, quantities: Quantities, *, actor: Actor, at: datetime) -> Decimal:
    """Return what a credit note over parts of the lines comes to."""
    data = {"reason": "-", "items": items_of(quantities)}
    note, _lines = build_note(parent=invoice, kind=InvoiceType.CREDIT_NOTE, actor=actor, at=at, data=data)
    return Decimal(note.total)


def items_of(quantities: Quantities) -> list[dict[str, Any]]:
    """Return parts of lines as the items of a note."""
    return [{"parent_item_id": pk, "quantity": quantity} for pk, quantity in quantities.items()]


def note_data(
    invoice: Invoice, amount: Decimal, reason: str, items: list[Any] | None, *, actor: Actor, at: datetime
) -> Mapping[str, Any]:
    """Return what the credit note of a refund is written from: the lines that were chosen, else those that match."""
    with translation.override(invoice.language):
        words = reason or _("Refund")
    if not items:
        items = items_of(matching_quantities(invoice, amount, actor=actor, at=at))
    return {"reason": words} | ({"items": items} if items else {})


def check_note(
    invoice: Invoice, amount: Decimal, reason: str, items: list[Any] | None, *, actor: Actor, at: datetime
) -> None:
    """Raise what ``write_refund_note`` would raise, before any money moves."""
    data = note_data(invoice, amount, reason, items, actor=actor, at=at)
    build_note(parent=invoice, kind=InvoiceType.CREDIT_NOTE, actor=actor, at=at, data=data)


def write_refund_note(refund: Refund, items: list[Any] | None, *, actor: Actor, at: datetime) -> Invoice:
    """Write the draft of the credit note that goes with a refund, over ``items`` or over the lines that match.

    Raises what ``write_note`` raises.
    """
    invoice = refund.payment.invoice
    with transaction.atomic():
        data = note_data(invoice, refund.amount, refund.reason, items, actor=actor, at=at)
        note = write_note(parent=invoice, kind=InvoiceType.CREDIT_NOTE, actor=actor, at=at, data=data)
        refund.credit_note = note
        refund.save(update_fields=["credit_note"])
    return note
