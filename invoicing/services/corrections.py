"""Correcting what was issued: credit notes, debit notes, cancellation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.choices import QueueState
from accounts.models import Delivery
from accounts.schema import Cleaner, clean_choice, clean_rate, clean_text
from accounts.tenancy import Actor, require
from invoicing.choices import DocumentState, InvoiceType, TaxCategory
from invoicing.domain import fields, lifecycle
from invoicing.domain.notes import bound_by_parent, quantities_left
from invoicing.domain.settling import money_of, sum_of
from invoicing.errors import CreditNoteRequired, ImpossibleMove, InvalidInvoice, MoreThanLeft, RefundFirst
from invoicing.models import Invoice, Line, Refund
from invoicing.services.drafts import (
    LINE_COPY,
    default_due_date,
    describe_buyer,
    follow_parent,
    reckon_draft,
    searchable,
)
from invoicing.services.issuing import Preview, issue_invoice, state_tax, warnings_of, what_stops
from invoicing.services.received import LINKED

NOTE_COPY = (
    "client_id",
    "language",
    "currency",
    "footer",
    "tax_rate",
    "discount_rate",
    "prices_include_tax",
    "exchange_rate",
)
# What a line is credited at, whatever an item says.
AS_BILLED = ("unit_price", "discount_rate", "tax_rate", "tax_category")


@dataclass(frozen=True)
class Cancelled:
    """The outcome of a cancellation: the document, and the credit note where the law of the matter wanted one."""

    invoice: Invoice
    credit_note: Invoice | None = None


def cancel_invoice(*, invoice: Invoice, actor: Actor, at: datetime, version: int | None = None) -> Cancelled:
    """Take back an issued document of which nothing was paid.

    One that was never handed over is cancelled; otherwise a full credit note is issued in the same transaction.
    Raises ``RefundFirst``, ``CreditNoteRequired``, ``ImpossibleMove``, ``LostUpdate``.
    """
    require(actor, invoice.business_id, "write")
    with transaction.atomic():
        locked = lifecycle.lock(invoice.pk)
        lifecycle.check_version(locked, version)
        lifecycle.check(locked, "cancel")
        if locked.is_note and not lifecycle.claims(locked):
            raise ImpossibleMove(_("A credit note is not cancelled. Issue a debit note instead."), state=locked.state)
        if kept_of(locked) > 0:
            raise RefundFirst
        if is_saudi_tax_invoice(locked):
            raise CreditNoteRequired
        if handed_over(locked):
            with translation.override(locked.language):
                data = {"reason": _("Cancellation of the invoice"), "issue": True}
            note = write_note(parent=locked, kind=InvoiceType.CREDIT_NOTE, actor=actor, at=at, data=data)
            return Cancelled(lifecycle.lock(invoice.pk), note)
        with lifecycle.change(locked, "cancel", event="cancelled", actor=actor, at=at) as cancelled:
            cancelled.state = DocumentState.CANCELLED
            cancelled.cancelled_at = at
            cancelled.amount_due = Decimal(0)
            cancelled.overdue_at = None
    return Cancelled(cancelled)


def is_saudi_tax_invoice(invoice: Invoice) -> bool:
    """Return whether a document was issued as a Saudi tax invoice, which only a note takes back."""
    return (invoice.seller or {}).get("country") == "SA" and invoice.is_tax_invoice


def kept_of(invoice: Invoice) -> Decimal:
    """Return what was received for a document and has not gone back."""
    return money_of(invoice) - sum_of(Refund.objects.filter(payment__invoice=invoice))


def handed_over(invoice: Invoice) -> bool:
    """Return whether the client has, or is about to have, an issued document."""
    if invoice.sent_at or invoice.viewed_at or invoice.amount_credited or invoice.amount_refunded:
        return True
    if invoice.events.filter(kind=LINKED).exists():
        return True
    on_its_way = Delivery.objects.filter(topic="invoice", topic_id=invoice.pk).exclude(state=QueueState.FAILED)
    return on_its_way.exists()


def write_note(
    *,
    parent: Invoice,
    kind: str,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any],
    version: int | None = None,
) -> Invoice:
    """Write a credit or debit note to an issued document, and issue it where ``data["issue"]`` is true.

    ``data`` holds ``reason`` (required) and ``items``; without items a note takes the parent's, a credit note what
    is left of them. Amounts are positive. Raises ``InvalidInvoice``, ``MoreThanLeft``, ``ImpossibleMove``, and
    ``LostUpdate`` when the parent is no longer at ``version``.
    """
    require(actor, parent.business_id, "write")
    with transaction.atomic():
        origin = lifecycle.lock(parent.pk)
        lifecycle.check_version(origin, version)
        note, lines = build_note(parent=origin, kind=kind, actor=actor, at=at, data=data)
        note.save(force_insert=True)
        Line.objects.bulk_create(lines)
        lifecycle.log(note, "created", actor=actor, at=at, data={"parent": origin.pk, "number": origin.number})
        return issue_invoice(invoice=note, actor=actor, at=at) if data.get("issue") is True else note


def preview_note(*, parent: Invoice, kind: str, actor: Actor, at: datetime, data: Mapping[str, Any]) -> Preview:
    """Reckon and check a note without storing anything. Raises what ``write_note`` raises."""
    require(actor, parent.business_id, "read")
    note, lines = build_note(parent=parent, kind=kind, actor=actor, at=at, data=data)
    state_tax(note)
    return Preview(note, lines, what_stops(note, lines, at=at), warnings_of(note, lines))


def build_note(
    *, parent: Invoice, kind: str, actor: Actor, at: datetime, data: Mapping[str, Any]
) -> tuple[Invoice, list[Line]]:
    """Return a note as ``data`` makes it with its lines, checked and reckoned, without storing anything.

    Raises ``InvalidInvoice``, ``MoreThanLeft``, ``ImpossibleMove``.
    """
    lifecycle.check(parent, "credit" if kind == InvoiceType.CREDIT_NOTE else "debit")
    if not lifecycle.claims(parent) or (kind == InvoiceType.DEBIT_NOTE and parent.is_note):
        raise ImpossibleMove(_("A note corrects an invoice, not another note."), state=parent.state)
    cleaner = Cleaner({"reason": "", **data})
    today = lifecycle.today(parent.business.timezone, at=at)
    fields.clean_header(cleaner, parent.business, today=today)
    cleaner.take("reason", clean_text, 500, required=True)
    note = _blank_note(parent, kind, actor=actor, at=at)
    _take_header(cleaner, note)
    lines = (
        _credit_lines(cleaner, note, parent) if kind == InvoiceType.CREDIT_NOTE else _debit_lines(cleaner, note, parent)
    )
    cleaner.done(InvalidInvoice)
    for position, line in enumerate(lines):
        line.position = position
    reckon_draft(note, lines)
    if kind == InvoiceType.CREDIT_NOTE:
        note.due_date = None
        bound_by_parent(note, lines, parent)
    else:
        note.due_date_given = note.due_date is not None
        note.due_date = note.due_date or default_due_date(note, at=at)
    note.search_text = searchable(note)
    return note, lines


def _blank_note(parent: Invoice, kind: str, *, actor: Actor, at: datetime) -> Invoice:
    note = Invoice(
        business=parent.business, parent=parent, type=kind, created_at=at, updated_at=at, created_by_id=actor.user_id
    )
    for name in NOTE_COPY:
        setattr(note, name, getattr(parent, name))
    # A note names the buyer that its invoice names.
    note.client_given = parent.buyer or {}
    describe_buyer(note, note.client)
    return note


def _take_header(cleaner: Cleaner, note: Invoice) -> None:
    """Put on a note what is given of it beside its lines, and refuse what would part it from its invoice."""
    buyer = fields.clean_client(cleaner)
    follow_parent(cleaner, note, buyer)
    if note.type == InvoiceType.CREDIT_NOTE and cleaner.values.get("due_date"):
        cleaner.refuse("due_date", _("Nothing is due on a credit note: it has no due date."))
    for name, value in cleaner.values.items():
        setattr(note, name, value)
    note.client_given = {**note.client_given, **buyer}
    describe_buyer(note, note.client)


def _copy_of(line: Line, note: Invoice, quantity: Decimal) -> Line:
    copied = {name: getattr(line, name) for name in LINE_COPY}
    return Line(invoice=note, parent_line=line, **(copied | {"quantity": quantity}))


def _debit_lines(cleaner: Cleaner, note: Invoice, parent: Invoice) -> list[Line]:
    items = fields.clean_items(cleaner, default_rate=note.tax_rate)
    if items is None:
        return [_copy_of(line, note, line.quantity) for line in parent.lines.all()]
    return [Line(invoice=note, **item) for item in items]


def _credit_lines(cleaner: Cleaner, note: Invoice, parent: Invoice) -> list[Line]:
    """Return the lines of a credit note: of the parent's lines, each at the parent's price and rates."""
    left = quantities_left(parent)
    by_id = {line.pk: line for line in parent.lines.all()}
    if "items" not in cleaner.data:
        if not any(left.values()):
            raise MoreThanLeft(_("Nothing is left to credit on this invoice."))
        return [_copy_of(line, note, left[line.pk]) for line in by_id.values() if left[line.pk] > 0]
    items = cleaner.data["items"]
    if not isinstance(items, list) or not 0 < len(items) <= fields.MAX_ITEMS:
        cleaner.refuse("items", _("Add at least one line."))
        return []
    lines = []
    for index, item in enumerate(items):
        if not isinstance(item, Mapping):
            cleaner.refuse(f"items[{index}]", _("A line is an object."))
            continue
        line = _credit_line(cleaner, index, item, by_id, left, note)
        if line is not None:
            lines.append(line)
    return lines


def _credit_line(
    cleaner: Cleaner,
    index: int,
    item: Mapping[str, Any],
    by_id: Mapping[str, Line],
    left: dict[str, Decimal],
    note: Invoice,
) -> Line | None:
    given = Cleaner(item)
    given.take("quantity", fields.clean_quantity)
    given.take("unit_price", fields.clean_price)
    given.take("discount_rate", clean_rate)
    given.take("tax_rate", clean_rate)
    given.take("tax_category", clean_choice, TaxCategory.values)
    for name, sentences in given.errors.items():
        cleaner.refuse(f"items[{index}].{name}", " ".join(sentences))
    origin = _match(item, given.values, by_id, left)
    if origin is None:
        cleaner.refuse(f"items[{index}].parent_item_id", _("No line of the invoice with something left is like this."))
        return None
    for name in AS_BILLED:
        if given.values.get(name) not in (None, "", getattr(origin, name)):
            cleaner.refuse(
                f"items[{index}].{name}", _("A line is credited at its own price. Credit a part of its quantity.")
            )
    quantity = given.values.get("quantity") or left[origin.pk]
    left[origin.pk] -= quantity
    if left[origin.pk] < 0 or not quantity:
        sentence = _("This is more than is left to credit on the line.")
        raise MoreThanLeft(sentence, errors={f"items[{index}].quantity": [sentence]})
    return _copy_of(origin, note, quantity)


def _match(
    item: Mapping[str, Any], values: Mapping[str, Any], by_id: Mapping[str, Line], left: Mapping[str, Decimal]
) -> Line | None:
    """Return the parent's line an item means: the one it names, else one alike of which something is left."""
    if item.get("parent_item_id"):
        return by_id.get(str(item["parent_item_id"]))
    wanted = {name: item[name] for name in ("sku", "name") if item.get(name)} | {
        name: values[name] for name in ("unit_price", "tax_rate") if values.get(name) is not None
    }
    alike = (
        line
        for line in by_id.values()
        if left[line.pk] > 0 and all(getattr(line, name) == value for name, value in wanted.items())
    )
    return next(alike, None) if wanted else None
