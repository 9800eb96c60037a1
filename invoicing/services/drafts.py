"""Drafts: writing, reckoning, duplicating and throwing them away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Business
from accounts.schema import EU_COUNTRIES, Cleaner, currency_of
from accounts.search import normalise, search_text
from accounts.tenancy import Actor, require
from clients.models import Client
from clients.services import client_for, client_with_email
from invoicing.choices import InvoiceType, TaxCategory
from invoicing.domain import fields, lifecycle
from invoicing.domain.snapshot import buyer_of
from invoicing.domain.terms import DEFAULT_DAYS, due_date
from invoicing.domain.totals import InvoiceTotals, LineInput, reckon, tax_in_currency
from invoicing.errors import Immutable, InvalidInvoice
from invoicing.models import Invoice, Line
from invoicing.money import AmountTooLarge

LINE_COPY = (
    "name", "description", "name_ar", "description_ar", "sku", "type", "quantity", "unit", "unit_price",
    "discount_rate", "tax_rate", "tax_category", "exemption_reason",
)  # fmt: skip
HEADER_COPY = (
    "client_id", "type", "client_given", "language", "currency", "payment_terms", "notes", "footer", "tax_rate",
    "discount_rate", "prices_include_tax", "exchange_rate",
)  # fmt: skip
# What describe_buyer() and searchable() write
DESCRIBED = (
    "client_details", "client_type", "client_name", "client_name_search", "client_email", "client_phone", "search_text",
)  # fmt: skip
# What a note takes from its invoice for good
OF_THE_PARENT = {
    InvoiceType.CREDIT_NOTE: ("type", "currency", "prices_include_tax", "tax_rate", "discount_rate", "exchange_rate"),
    InvoiceType.DEBIT_NOTE: ("type", "currency", "prices_include_tax"),
}
WAYS_TO_REACH = frozenset({"email", "phone"})  # of the buyer: a note may go elsewhere
BUSINESS_DEFAULTS = ("currency", "language", "tax_rate", "notes", "footer", "payment_terms")


@dataclass
class Draft:
    """An invoice as it would be stored, with its lines; nothing of it is stored yet."""

    invoice: Invoice
    lines: list[Line]
    client: Client | None
    changed: set[str] = field(default_factory=set)


def save_draft(
    *,
    actor: Actor,
    business: Business,
    data: Mapping[str, Any],
    at: datetime,
    invoice: Invoice | None = None,
    version: int | None = None,
    source: Mapping[str, str] | None = None,
) -> Invoice:
    """Write a new draft, or change one: what ``data`` does not name stays, lines are replaced as given.

    ``source`` says in the timeline of a new draft what it was made of, such as a supplier's document.

    Raises ``InvalidInvoice`` with the fields by their names in the API, ``NotFound``, ``NotAllowed``,
    ``LostUpdate``, and ``ImpossibleMove`` for what was issued.
    """
    require(actor, business, "write")
    if invoice is None:
        return _create(actor=actor, business=business, data=data, at=at, source=source)
    details: dict[str, Any] = {}
    with lifecycle.change(
        invoice, "edit", event="updated", actor=actor, at=at, version=version, data=details
    ) as locked:
        draft = build(business=locked.business, data=data, at=at, invoice=locked)
        details["fields"] = sorted(draft.changed)
        if not draft.changed:
            return lifecycle.lock(locked.pk)
        _attach_client(draft, actor=actor, at=at)
        if "items" in draft.changed:
            locked.lines.all().delete()
            Line.objects.bulk_create(draft.lines)
        else:
            Line.objects.bulk_update(draft.lines, fields.LINE_AMOUNTS)
    return locked


def _create(
    *, actor: Actor, business: Business, data: Mapping[str, Any], at: datetime, source: Mapping[str, str] | None
) -> Invoice:
    draft = build(business=business, data=data, at=at)
    with transaction.atomic():
        _attach_client(draft, actor=actor, at=at)
        draft.invoice.created_by_id = actor.user_id  # type: ignore[assignment]  # none for an API key
        draft.invoice.save(force_insert=True)
        Line.objects.bulk_create(draft.lines)
        lifecycle.log(draft.invoice, "created", actor=actor, at=at, data=dict(source or {}))
    return draft.invoice


def _attach_client(draft: Draft, *, actor: Actor, at: datetime) -> None:
    """Give the draft its client: the one named, one known by the same address, or a new one."""
    invoice = draft.invoice
    if draft.client is None:
        given = invoice.client_given
        draft.client = client_for(
            actor=actor,
            business=invoice.business,
            name=str(given.get("name") or given.get("email") or ""),
            email=str(given.get("email") or ""),
            data={name: value for name, value in given.items() if name not in {"name", "email"}},
            at=at,
        )
        describe_buyer(invoice, draft.client)
        invoice.search_text = searchable(invoice)
    invoice.client = draft.client


@dataclass
class Given:
    """What was given about an invoice, clean: fields, lines (None: none, or none other) and what it says of its client."""

    values: dict[str, Any]
    items: list[dict[str, Any]] | None
    buyer: dict[str, Any]
    client: Client | None
    names_client: bool


def build(*, business: Business, data: Mapping[str, Any], at: datetime, invoice: Invoice | None = None) -> Draft:
    """Return a draft as ``data`` makes it, checked and reckoned, without storing anything.

    Raises ``InvalidInvoice``.
    """
    given = _clean(business=business, data=data, at=at, invoice=invoice)
    target = invoice or _blank(business, given.client, at)
    changed = {name for name, value in given.values.items() if getattr(target, name) != value}
    for name, value in given.values.items():
        setattr(target, name, value)
    if _take_client(target, given):
        changed.add("client")
    target.updated_at = at
    describe_buyer(target, given.client)
    if "type" not in given.values and not target.is_note and (invoice is None or "client" in changed):
        target.type = fields.default_type(business, target.client_type)
    if given.items is None:
        lines = list(target.lines.all())
    else:
        lines = [Line(invoice=target, position=position, **item) for position, item in enumerate(given.items)]
        changed.add("items")
    if target.type == InvoiceType.CREDIT_NOTE:
        target.due_date = None  # its amounts are bound by its invoice, and none of them is due
    else:
        reckon_draft(target, lines)
        _date_due(target, is_given="due_date" in changed, at=at)
    target.search_text = searchable(target)
    return Draft(target, lines, given.client, changed)


def _clean(*, business: Business, data: Mapping[str, Any], at: datetime, invoice: Invoice | None) -> Given:
    cleaner = Cleaner(data if invoice is None else without_own(data, invoice))
    fields.clean_header(cleaner, business, today=lifecycle.today(business.timezone, at=at))
    items = fields.clean_items(cleaner, default_rate=_default_rate(cleaner, business, invoice))
    buyer = fields.clean_client(cleaner)
    if invoice is None:
        if "items" not in data:
            cleaner.refuse("items", _("Add at least one line."))
    elif invoice.is_note:
        items = _hold_to_parent(cleaner, invoice, items, buyer)
    elif items is not None and fields.same_items(list(invoice.lines.all()), items):
        items = None  # sent back as they are: the lines keep their ids
    client = _client(cleaner, business, data, buyer, invoice)
    return Given(cleaner.done(InvalidInvoice), items, buyer, client, names_client="client_id" in data)


def _date_due(target: Invoice, *, is_given: bool, at: datetime) -> None:
    """Put on a draft the due date that was given, else the one that follows."""
    if is_given:
        target.due_date_given = bool(target.due_date)
    if not target.due_date_given:
        target.due_date = default_due_date(target, at=at)


def _take_client(target: Invoice, given: Given) -> bool:
    """Put on a draft what it says of its client by itself. Return whether the client or that has changed."""
    if not given.buyer and not given.names_client:
        return False
    kept = {} if given.names_client and not target.is_note else target.client_given
    # A note says by itself all of its buyer, as its invoice does.
    known = buyer_of(given.client, {}) if given.client and not target.is_note else {}
    own = {name: value for name, value in (kept | given.buyer).items() if value != known.get(name)}
    is_new = own != target.client_given or (given.client and given.client.pk) != target.client_id
    target.client_given = own
    return is_new


def _hold_to_parent(
    cleaner: Cleaner, note: Invoice, items: list[dict[str, Any]] | None, buyer: Mapping[str, Any]
) -> list[dict[str, Any]] | None:
    """Refuse what would part a note from its invoice. Return the lines to replace, None for none."""
    follow_parent(cleaner, note, buyer)
    if cleaner.values.get("reason") == "":
        cleaner.refuse("reason", _("This is needed."))
    if items is None or note.type != InvoiceType.CREDIT_NOTE:
        return items
    if not fields.same_items(list(note.lines.all()), items):
        cleaner.refuse(
            "items", _("A credit note takes its lines from its invoice. Delete this draft and write another.")
        )
    return None


def follow_parent(cleaner: Cleaner, note: Invoice, buyer: Mapping[str, Any]) -> None:
    """Refuse each header field of a note, and what it says of its ``buyer``, that differs from its invoice's."""
    now = {name: getattr(note, name) for name in OF_THE_PARENT[InvoiceType(note.type)]}
    wanted = {name: cleaner.values[name] for name in now.keys() & cleaner.values.keys()}
    now |= {f"client_{name}": note.client_details.get(name, "") for name in buyer if name not in WAYS_TO_REACH}
    wanted |= {f"client_{name}": value for name, value in buyer.items() if name not in WAYS_TO_REACH}
    now["client_id"] = note.client_id
    wanted["client_id"] = cleaner.data.get("client_id") or note.client_id
    for name, value in wanted.items():
        if value != now[name]:
            cleaner.refuse(name, _("In this a note follows its invoice."))


def without_own(data: Mapping[str, Any], invoice: Invoice) -> Mapping[str, Any]:
    """Return a body without the document's own number, or its own type of note: they may be sent back, not chosen."""
    own = {"invoice_number": invoice.number} | ({"type": invoice.type} if invoice.is_note else {})
    return {name: value for name, value in data.items() if name not in own or value != own[name]}


def _default_rate(cleaner: Cleaner, business: Business, invoice: Invoice | None) -> Decimal:
    given = cleaner.values.get("tax_rate")
    if given is not None:
        return Decimal(given)
    return invoice.tax_rate if invoice else business.tax_rate


def _blank(business: Business, client: Client | None, at: datetime) -> Invoice:
    defaults = {name: getattr(business, name) for name in BUSINESS_DEFAULTS}
    if client is not None:
        defaults |= {name: value for name in ("currency", "language") if (value := getattr(client, name))}
    return Invoice(business=business, created_at=at, **defaults)


def _client(
    cleaner: Cleaner, business: Business, data: Mapping[str, Any], given: Mapping[str, Any], invoice: Invoice | None
) -> Client | None:
    client_id = data.get("client_id")
    if client_id:
        client = Client.objects.filter(business=business, pk=str(client_id)).first()
        if client is None:
            cleaner.refuse("client_id", _("There is no client with this id."))
        return client
    if invoice is not None and "client_id" not in data:
        return invoice.client
    if not given.get("name") and not given.get("email"):
        cleaner.refuse("client_id", _("Say who is billed: choose a client, or give a name or an email."))
        return None
    return client_with_email(business, str(given.get("email") or ""))


def describe_buyer(invoice: Invoice, client: Client | None) -> None:
    """Copy onto a draft what it would print of the buyer now."""
    buyer = buyer_of(client, invoice.client_given)
    invoice.client_details = buyer
    invoice.client_type = buyer["type"]
    invoice.client_name = buyer["name"] or buyer["email"]
    invoice.client_name_search = normalise(invoice.client_name)
    invoice.client_email = buyer["email"]
    invoice.client_phone = buyer["phone"]


def refresh_drafts_of(client: Client) -> int:
    """Copy a changed client onto its drafts, so that lists and search show it. Return how many there were."""
    drafts = list(Invoice.objects.drafts().filter(client=client))
    for draft in drafts:
        describe_buyer(draft, client)
        draft.search_text = searchable(draft)
    Invoice.objects.bulk_update(drafts, DESCRIBED)
    return len(drafts)


def searchable(invoice: Invoice) -> str:
    """Return the normalised text an invoice is found by."""
    return search_text(
        invoice.number or invoice.number_wish,
        invoice.reference,
        invoice.client_name,
        invoice.client_email,
        invoice.client_phone,
    )


def reckon_draft(invoice: Invoice, lines: list[Line]) -> InvoiceTotals:
    """Reckon a draft and put the amounts on it and its lines.

    Raises ``InvalidInvoice`` for what does not fit, also of the tax in the currency of the law.
    """
    inputs = [
        LineInput(
            line.quantity,
            line.unit_price,
            line.discount_rate,
            line.tax_rate,
            TaxCategory(line.tax_category),
            line.exemption_reason,
        )
        for line in lines
    ]
    try:
        totals = reckon(
            inputs,
            currency=invoice.currency,
            discount_rate=invoice.discount_rate,
            prices_include_tax=invoice.prices_include_tax,
        )
    except AmountTooLarge as error:
        raise InvalidInvoice(errors={"items": [str(error)]}) from None
    fields.apply_totals(invoice, lines, totals)
    stated_tax(invoice)
    return totals


def stated_tax(invoice: Invoice) -> tuple[str, Decimal | None]:
    """Return the currency of the seller's country and the tax in it, where the law asks for that (SA, EU).

    Empty and None where it does not; None without an exchange rate. Raises ``InvalidInvoice`` for what does not fit.
    Sources: Saudi VAT Implementing Regulations, article 53; directive 2006/112/EC, article 230.
    """
    country = invoice.business.country
    own = currency_of(country) if country == "SA" or country in EU_COUNTRIES else ""
    if not own or own == invoice.currency or (country != "SA" and invoice.tax_amount <= 0):
        return "", None
    if invoice.exchange_rate is None:
        return own, None
    try:
        return own, tax_in_currency(invoice.tax_amount, invoice.exchange_rate, own)
    except AmountTooLarge as error:
        raise InvalidInvoice(errors={"exchange_rate": [str(error)]}) from None


def default_due_date(invoice: Invoice, *, at: datetime) -> date:
    """Return the due date that follows from the payment terms, else 30 days from the issue date."""
    start = invoice.date or lifecycle.today(invoice.business.timezone, at=at)
    by_terms = due_date(start, invoice.payment_terms) if invoice.payment_terms else None
    return by_terms or start + timedelta(days=DEFAULT_DAYS)


def amend_issued(
    *, actor: Actor, invoice: Invoice, data: Mapping[str, Any], at: datetime, version: int | None = None
) -> Invoice:
    """Change what may still change once issued: notes, due date, reference, the client's email and phone.

    These show on pages and in the timeline; the issued PDF stays as it was. Raises ``Immutable`` when anything
    else would change, ``InvalidInvoice``, ``LostUpdate``.
    """
    require(actor, invoice.business_id, "write")
    details: dict[str, Any] = {}
    with lifecycle.change(
        invoice, "amend", event="amended", actor=actor, at=at, version=version, data=details
    ) as locked:
        cleaner = Cleaner(without_own(data, locked))
        fields.clean_header(cleaner, locked.business, today=lifecycle.today(locked.business.timezone, at=at))
        items = fields.clean_items(cleaner, default_rate=locked.tax_rate)
        given = fields.clean_client(cleaner)
        due = cleaner.values.get("due_date")
        if due and locked.issue_date and due < locked.issue_date:
            cleaner.refuse("due_date", _("The due date must not lie before the issue date."))
        if "due_date" in cleaner.values:
            cleaner.values["due_date"] = (due or default_due_date(locked, at=at)) if lifecycle.claims(locked) else None
        cleaner.done(InvalidInvoice)
        refused = fields.differences(locked, cleaner.values, given, items) + fields.other_amounts(locked, data)
        if data.get("client_id") not in (None, locked.client_id):
            refused.append("client_id")
        if refused:
            raise Immutable(errors={name: [str(Immutable.default)] for name in refused})
        changed = fields.amend(locked, cleaner.values, given)
        if "due_date" in changed:
            locked.overdue_at = lifecycle.overdue_from(locked.due_date, locked.business.timezone)
        locked.search_text = searchable(locked)
        details["fields"] = changed
    return locked


def edit_invoice(
    *,
    actor: Actor,
    invoice: Invoice,
    data: Mapping[str, Any],
    at: datetime,
    version: int | None = None,
) -> Invoice:
    """Change a draft as ``save_draft`` does, an issued document as ``amend_issued`` does."""
    if invoice.is_draft:
        return save_draft(actor=actor, business=invoice.business, data=data, at=at, invoice=invoice, version=version)
    return amend_issued(actor=actor, invoice=invoice, data=data, at=at, version=version)


def duplicate_invoice(*, actor: Actor, invoice: Invoice, at: datetime) -> Invoice:
    """Write a new draft like a document of any state. Number, dates and reference are not copied."""
    require(actor, invoice.business_id, "write")
    business = invoice.business
    copy = Invoice(business=business, created_at=at, updated_at=at, created_by_id=actor.user_id)
    for name in HEADER_COPY:
        setattr(copy, name, getattr(invoice, name))
    describe_buyer(copy, copy.client)
    if copy.is_note:
        copy.type = fields.default_type(business, copy.client_type)
    lines = [
        Line(invoice=copy, position=line.position, **{name: getattr(line, name) for name in LINE_COPY})
        for line in invoice.lines.all()
    ]
    reckon_draft(copy, lines)
    copy.due_date = default_due_date(copy, at=at)
    copy.search_text = searchable(copy)
    with transaction.atomic():
        copy.save(force_insert=True)
        Line.objects.bulk_create(lines)
        lifecycle.log(copy, "created", actor=actor, at=at, data={"copy_of": invoice.pk, "number": invoice.number})
    return copy


def throw_drafts_away(business: Business) -> None:
    """Throw away all drafts of a business that is deleted, in the caller's transaction."""
    Invoice.objects.drafts().filter(business=business).delete()


def delete_draft(*, actor: Actor, invoice: Invoice, version: int | None = None) -> None:
    """Throw a draft away with its lines. Raises ``ImpossibleMove`` for what was issued, ``LostUpdate``."""
    require(actor, invoice.business_id, "write")
    with transaction.atomic():
        locked = lifecycle.lock(invoice.pk)
        lifecycle.check_version(locked, version)
        lifecycle.check(locked, "delete")
        locked.delete()
