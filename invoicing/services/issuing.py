"""Issuing: the moment a draft becomes a legal document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import prepared
from accounts.choices import Metric
from accounts.models import Business
from accounts.queue import nudge
from accounts.quotas import consume
from accounts.tenancy import Actor, require
from clients.choices import ClientType
from invoicing.choices import DocumentState, InvoiceType, Settlement
from invoicing.domain import lifecycle
from invoicing.domain.fields import LINE_AMOUNTS
from invoicing.domain.notes import bound_by_parent
from invoicing.domain.numbering import is_taken, take_number
from invoicing.domain.settling import settle
from invoicing.domain.snapshot import seller_of
from invoicing.domain.totals import REASON_REQUIRED, VAT_NUMBERS_REQUIRED
from invoicing.errors import DateBeforeSeries, NotReadyToIssue, NumberTaken
from invoicing.models import Artifact, Invoice, Line
from invoicing.services.drafts import (
    build,
    default_due_date,
    describe_buyer,
    reckon_draft,
    save_draft,
    searchable,
    stated_tax,
)
from invoicing.services.lettering import LINE_TEXTS, lettering_warnings
from invoicing.services.printing import ARABIC_LETTER

MOROCCAN_TAX_IDS = ("ICE", "IF", "TP")
NATIONAL_ADDRESS = ("building_number", "street", "district", "city", "postal_code")
# Where a document may not be dated before the last one of its series
DATES_IN_ORDER = frozenset({"SA", "MA"})


def create_invoice(*, actor: Actor, business: Business, data: Mapping[str, Any], at: datetime) -> Invoice:
    """Write a draft and, where ``data["issue"]`` is true, issue it in the same transaction.

    Raises what ``save_draft`` and ``issue_invoice`` raise.
    """
    with transaction.atomic():
        invoice = save_draft(actor=actor, business=business, data=data, at=at)
        return issue_invoice(invoice=invoice, actor=actor, at=at) if data.get("issue") is True else invoice


@dataclass(frozen=True)
class Preview:
    """An invoice as it would be, reckoned and checked, with nothing stored.

    ``stops`` says by field why it could not be issued.
    """

    invoice: Invoice
    lines: list[Line]
    stops: dict[str, list[str]]
    warnings: list[dict[str, str]]


def preview_invoice(
    *, actor: Actor, business: Business, data: Mapping[str, Any], at: datetime, invoice: Invoice | None = None
) -> Preview:
    """Reckon and check an invoice without storing anything. Raises ``InvalidInvoice`` for what no draft may hold."""
    require(actor, business, "read")
    draft = build(business=business, data=data, at=at, invoice=invoice)
    if draft.client is not None:
        draft.invoice.client = draft.client
    state_tax(draft.invoice)
    stops = what_stops(draft.invoice, draft.lines, at=at)
    return Preview(draft.invoice, draft.lines, stops, warnings_of(draft.invoice, draft.lines))


def issue_invoice(*, invoice: Invoice, actor: Actor, at: datetime, version: int | None = None) -> Invoice:
    """Give a draft its number and issue date, and freeze both parties onto it.

    Raises ``NotReadyToIssue`` naming each field that stands in the way, ``QuotaExceeded``, ``DateBeforeSeries``,
    ``NumberTaken``, ``ImpossibleMove``, ``LostUpdate``.
    """
    require(actor, invoice.business_id, "write")
    details: dict[str, Any] = {}
    try:
        with lifecycle.change(
            invoice, "issue", event="issued", actor=actor, at=at, version=version, data=details
        ) as locked:
            lines = list(locked.lines.select_related("parent_line")) if locked.is_note else _checked_lines(locked.pk)
            prepare(locked, lines, at=at)
            if stops := what_stops(locked, lines, at=at):
                raise NotReadyToIssue(errors=stops)
            _freeze(locked, lines, at=at)
            if locked.type == InvoiceType.CREDIT_NOTE:
                _credit_parent(locked, lines, actor=actor, at=at)
            artifact = prepared.insert(Artifact(invoice=locked, run_after=at))
            nudge("artifact", artifact.pk)
            # All who issue for a business wait for these two rows: they come last.
            if locked.type != InvoiceType.CREDIT_NOTE:
                consume(business=locked.business, metric=Metric.INVOICES, at=at)
            _number(locked)
            locked.search_text = searchable(locked)
            details["number"] = locked.number
    except IntegrityError as error:
        if "invoice_number_unique" in str(error) or "number" in str(error):
            raise NumberTaken from None
        raise
    return locked


@prepared.rows
def _checked_lines(invoice_id: str) -> QuerySet[Line]:
    """Read of an invoice's lines what is checked at its issue; a note's are reckoned again, and read whole."""
    return Line.objects.filter(invoice_id=invoice_id).only("tax_category", "exemption_reason", *LINE_TEXTS)


def prepare(invoice: Invoice, lines: list[Line], *, at: datetime) -> None:
    """Bring a draft up to date before it is checked: its buyer, its dates, and its tax in the tax currency."""
    describe_buyer(invoice, invoice.client)
    if not lifecycle.claims(invoice):
        invoice.due_date = None
    elif not invoice.due_date_given:
        invoice.due_date = default_due_date(invoice, at=at)
    state_tax(invoice)


def _credit_parent(note: Invoice, lines: list[Line], *, actor: Actor, at: datetime) -> None:
    """Take a credit note's amounts off its parent, within what is left of it now. Raises ``MoreThanLeft``."""
    if note.parent is None:
        raise AssertionError("a note has a parent")
    details: dict[str, Any] = {"credit_note": note.pk, "currency": note.currency}
    with lifecycle.change(note.parent, "credit", event="credited", actor=actor, at=at, data=details) as parent:
        reckon_draft(note, lines)
        bound_by_parent(note, lines, parent)
        state_tax(note)
        Line.objects.bulk_update(lines, LINE_AMOUNTS)
        details["amount"] = str(note.total)
        # The note counts from here on; its row is saved with its number at the end of this transaction.
        settle(parent, at=at, credited_now=note.total)


def state_tax(invoice: Invoice) -> None:
    """Put on a document its tax in the currency of the law, as ``stated_tax`` reckons it. Raises ``InvalidInvoice``."""
    invoice.tax_currency, invoice.tax_amount_in_tax_currency = stated_tax(invoice)


def what_stops(invoice: Invoice, lines: list[Line], *, at: datetime) -> dict[str, list[str]]:
    """Return by field why a draft cannot be issued; empty when it can. ``business.…`` and ``client.…`` lie elsewhere."""
    stops: dict[str, list[str]] = {}

    def stop(name: str, sentence: str) -> None:
        stops.setdefault(name, []).append(sentence)

    today = lifecycle.today(invoice.business.timezone, at=at)
    issue_date = invoice.date or today
    if issue_date > today:
        stop("issue_date", _("The issue date must not be in the future."))
    if invoice.due_date and invoice.due_date < issue_date:
        stop("due_date", _("The due date must not lie before the issue date."))
    if not lines:
        stop("items", _("Add at least one line."))
    if invoice.tax_currency and invoice.exchange_rate is None:
        sentence = _("The tax must also be stated in %(currency)s: give the exchange rate.")
        stop("exchange_rate", sentence % {"currency": invoice.tax_currency})
    for check in (_seller_stops, _buyer_stops, _line_stops):
        for name, sentence in check(invoice, lines):
            stop(name, sentence)
    return stops


def _seller_stops(invoice: Invoice, lines: list[Line]) -> list[tuple[str, str]]:
    business, stops = invoice.business, []
    if business.country == "MA" and invoice.tax_amount > 0:
        missing = [kind for kind in MOROCCAN_TAX_IDS if not business.tax_id(kind)]
        if missing:
            sentence = _("To invoice with tax, enter %(numbers)s in the settings of the business.")
            stops.append(("business.tax_ids", sentence % {"numbers": ", ".join(missing)}))
    if business.country == "SA" and invoice.is_tax_invoice:
        needed = {
            "legal_name": _("A tax invoice needs the legal name of the business. Enter it in the settings."),
            "vat_number": _("A tax invoice needs the VAT number of the business. Enter it in the settings."),
            "address": _("A tax invoice needs the address of the business. Enter it in the settings."),
        }
        stops += [(f"business.{name}", sentence) for name, sentence in needed.items() if not getattr(business, name)]
    return stops


def _buyer_stops(invoice: Invoice, lines: list[Line]) -> list[tuple[str, str]]:
    buyer, stops = invoice.client_details, []
    if invoice.type == InvoiceType.STANDARD and invoice.client_type != ClientType.BUSINESS:
        stops.append(("type", _("A tax invoice is for a business. For an individual, choose the simplified one.")))
    if invoice.type == InvoiceType.SIMPLIFIED and invoice.client_type != ClientType.INDIVIDUAL:
        stops.append(
            ("type", _("A simplified tax invoice is for an individual. For a business, choose a tax invoice."))
        )
    address = buyer.get("address") or {}
    if (
        invoice.business.country == "SA"
        and invoice.type == InvoiceType.STANDARD
        and address.get("country", "") in {"", "SA"}
    ):
        if not buyer.get("vat_number") and (buyer.get("vat_registered", True) or not buyer.get("tax_ids")):
            stops.append(("client_vat_number", _("A tax invoice to a business needs its VAT number.")))
        missing = [part for part in NATIONAL_ADDRESS if not address.get(part)]
        if missing:
            sentence = _(
                "A tax invoice needs the client's national address: building number, street, district, city, postal code."
            )
            stops.append(("client_address", sentence))
    return stops


def _line_stops(invoice: Invoice, lines: list[Line]) -> list[tuple[str, str]]:
    stops = []
    for index, line in enumerate(lines):
        if line.tax_category in REASON_REQUIRED and not line.exemption_reason:
            stops.append(
                (f"items[{index}].exemption_reason", _("Say why no tax is charged: this category needs a reason."))
            )
    if any(line.tax_category in VAT_NUMBERS_REQUIRED for line in lines):
        sentence = _("This tax category needs the VAT numbers of both sides.")
        if not invoice.business.vat_number:
            stops.append(("business.vat_number", sentence))
        if not invoice.client_details.get("vat_number"):
            stops.append(("client_vat_number", sentence))
    return stops


def in_arabic(text: str) -> bool:
    """Return whether a text is written in Arabic, at least in part."""
    return ARABIC_LETTER.search(text) is not None


def warnings_of(invoice: Invoice, lines: Iterable[Line]) -> list[dict[str, str]]:
    """Return what the law, or a reader, would like better on a document that can be issued all the same."""
    business, found = invoice.business, []
    if business.country == "SA":
        parts = (
            (
                "business.legal_name_ar",
                business.legal_name_ar or in_arabic(business.legal_name),
                _("Saudi law wants the legal name of the business in Arabic too."),
            ),
            (
                "business.address_ar",
                business.address_ar or in_arabic(" ".join(map(str, business.address.values()))),
                _("Saudi law wants the address of the business in Arabic too."),
            ),
            (
                "client.name_ar",
                invoice.client_details.get("name_ar") or in_arabic(invoice.client_name),
                _("Saudi law wants the client’s name in Arabic too."),
            ),
        )
        found += [
            {"code": "arabic_missing", "field": name, "detail": sentence}
            for name, value, sentence in parts
            if not value
        ]
    if invoice.tax_amount > 0 and invoice.tax_amount_in_tax_currency == 0:
        sentence = _(
            "By this exchange rate no tax is left in %(currency)s: it says what 1 %(own)s costs in %(currency)s."
        )
        detail = sentence % {"currency": invoice.tax_currency, "own": invoice.currency}
        found.append({"code": "tax_rounded_away", "field": "exchange_rate", "detail": detail})
    return found + lettering_warnings(invoice, lines)


def _freeze(invoice: Invoice, lines: Iterable[Line], *, at: datetime) -> None:
    """Put on the document what stands together from its issue on, but for the number."""
    business = invoice.business
    invoice.issue_date = invoice.date or lifecycle.today(business.timezone, at=at)
    invoice.issued_at = at
    invoice.state = DocumentState.ISSUED
    invoice.seller = seller_of(business)
    invoice.buyer = invoice.client_details
    invoice.warnings = warnings_of(invoice, lines)
    if lifecycle.claims(invoice):
        invoice.amount_due = invoice.total
        invoice.overdue_at = lifecycle.overdue_from(invoice.due_date, business.timezone)
        if not invoice.total:
            invoice.settlement = Settlement.PAID
            invoice.paid_at = at


def _number(invoice: Invoice) -> None:
    """Take the number, last of all, so that the series is locked for as short as can be."""
    on, business = _issue_date(invoice), invoice.business
    if invoice.number_wish:
        if is_taken(business, invoice.number_wish):
            raise NumberTaken(errors={"invoice_number": [str(NumberTaken.default)]})
        invoice.number = invoice.number_wish
        return
    invoice.number, before = take_number(business=business, kind=invoice.number_kind, on=on)
    if before and on < before:
        if business.country in DATES_IN_ORDER:
            raise DateBeforeSeries(errors={"issue_date": [str(DateBeforeSeries.default)]})
        invoice.warnings.append(
            {"code": DateBeforeSeries.code, "field": "issue_date", "detail": str(DateBeforeSeries.default)}
        )


def _issue_date(invoice: Invoice) -> date:
    if invoice.issue_date is None:
        raise AssertionError("the document is not frozen")
    return invoice.issue_date
