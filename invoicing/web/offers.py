"""What can be done with an invoice now and, where a person would look for it, why something else cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from invoicing.choices import DocumentState
from invoicing.domain.lifecycle import claims
from invoicing.errors import CreditNoteRequired, RefundFirst
from invoicing.models import Invoice
from invoicing.services.corrections import handed_over, is_saudi_tax_invoice
from invoicing.web.base import Link, detail_url


@dataclass(frozen=True, slots=True)
class Look:
    """How an act shows: its verb, icon, page, the dialog that asks in its place, and its key."""

    label: Promise
    icon: str
    page: str
    query: str = ""
    dialog: str = ""
    key: str = ""
    danger: bool = False


LOOKS: Final[Mapping[str, Look]] = {
    "edit": Look(gettext_lazy("Edit"), "pencil", "edit", key="E"),
    "amend": Look(gettext_lazy("Change details"), "pencil", "edit", key="E"),
    "issue": Look(gettext_lazy("Issue"), "lock", "issue", dialog="issue-dialog", key="I"),
    "send": Look(gettext_lazy("Send"), "plane", "send", key="S"),
    "send_again": Look(gettext_lazy("Send again"), "plane", "send", key="S"),
    "remind": Look(pgettext_lazy("act", "Remind"), "mail", "send", query="?as=reminder", key="R"),
    "pay": Look(gettext_lazy("Record payment"), "bank", "payment", dialog="payment-dialog", key="P"),
    "mark_sent": Look(gettext_lazy("Mark as sent"), "tick", "mark", query="?as=sent", dialog="sent-dialog"),
    "mark_paid": Look(gettext_lazy("Mark as paid"), "tick", "mark", query="?as=paid", dialog="paid-dialog"),
    "duplicate": Look(gettext_lazy("Duplicate"), "copy", "duplicate", dialog="duplicate-dialog", key="D"),
    "credit": Look(gettext_lazy("Issue a credit note"), "return", "credit", key="C"),
    "debit": Look(gettext_lazy("Issue a debit note"), "plus", "debit"),
    "cancel": Look(gettext_lazy("Cancel the invoice"), "cross", "cancel", dialog="cancel-dialog", danger=True),
    "delete": Look(gettext_lazy("Delete the draft"), "trash", "delete", dialog="delete-dialog", danger=True),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """An act on a document; ``reason`` says why it cannot be done now, ``way_on`` what can be done instead."""

    name: str
    look: Look
    url: str
    reason: str = ""
    way_on: Link | None = None


@dataclass(frozen=True, slots=True)
class Cancelling:
    """What cancelling would do now, or why it cannot be done."""

    text: str
    allowed: bool = True
    way_on: Link | None = None


def cancelling(invoice: Invoice) -> Cancelling:
    """Say what cancelling an issued document would do. The service decides; this only tells beforehand."""
    if not claims(invoice):
        return Cancelling(_("A credit note is not cancelled. Issue a debit note instead."), allowed=False)
    if invoice.amount_paid > 0:
        return Cancelling(
            str(RefundFirst.default),
            allowed=False,
            way_on=Link(f"{detail_url(invoice)}#payments", _("See its payments")),
        )
    if is_saudi_tax_invoice(invoice):
        credit = Link(page_of(invoice, "credit"), str(LOOKS["credit"].label))
        return Cancelling(str(CreditNoteRequired.default), allowed=False, way_on=credit)
    if handed_over(invoice):
        return Cancelling(
            _(
                "The client has this invoice, so a credit note over all that is left of it is issued. Both stay in your books."
            )
        )
    return Cancelling(
        _("Nobody has seen this invoice, so it is cancelled. Its number stays used. This cannot be undone.")
    )


def offers_of(invoice: Invoice, *, was_sent: bool) -> dict[str, Offer]:
    """Return by name what can be done with a document, and what cannot with the reason, in the order of the menu."""
    if invoice.is_draft:
        found = _of_draft()
    elif invoice.state == DocumentState.CANCELLED:
        found = _of_cancelled()
    else:
        found = _of_issued(invoice, was_sent=was_sent)
    return {
        name: Offer(name, LOOKS[name], page_of(invoice, LOOKS[name].page) + LOOKS[name].query, reason, way_on)
        for name, reason, way_on in found
    }


Found = Iterator[tuple[str, str, Link | None]]


def _of_draft() -> Found:
    for name in ("send", "issue", "edit", "mark_sent", "duplicate"):
        yield name, "", None
    yield "pay", _("A draft asks for nothing yet. Issue it first."), None
    yield "delete", "", None


def _of_cancelled() -> Found:
    yield "duplicate", "", None
    yield "send_again", _("It was cancelled, so it is not sent any more."), None
    yield "pay", _("It was cancelled. Nothing is due."), None


def _of_issued(invoice: Invoice, *, was_sent: bool) -> Found:
    owed = claims(invoice)
    settled = "" if invoice.amount_due else _("Nothing is due any more.")
    if owed:
        yield "pay", settled, None
        if not settled:
            yield "mark_paid", "", None
        if was_sent:
            yield "remind", settled, None
    yield ("send_again" if was_sent else "send"), "", None
    if not was_sent and invoice.sent_at is None:
        yield "mark_sent", "", None
    yield "amend", "", None
    yield "duplicate", "", None
    if owed:
        yield from _corrections(invoice)
    elif invoice.parent_id:
        yield "cancel", _("A credit note is not cancelled. Issue a debit note instead."), debit_of_parent(invoice)


def _corrections(invoice: Invoice) -> Found:
    is_left = invoice.amount_credited < invoice.total
    yield "credit", "" if is_left else _("All of it is credited already."), None
    if invoice.is_note:
        yield "debit", _("A note corrects an invoice, not another note."), debit_of_parent(invoice)
    else:
        yield "debit", "", None
    outcome = cancelling(invoice)
    yield "cancel", "" if outcome.allowed else outcome.text, outcome.way_on


def debit_of_parent(note: Invoice) -> Link:
    """Return the way to a further claim on the invoice that a note belongs to."""
    return Link(reverse("invoicing:invoice_debit", args=[note.parent_id]), str(LOOKS["debit"].label))


def head_of(offers: Mapping[str, Offer], *, is_late: bool) -> list[Offer]:
    """Return what stands in the head of the page, the primary act first."""
    able = {name for name, offer in offers.items() if not offer.reason}
    if "issue" in able:
        names = ["send", "issue", "edit"]
    elif "send" in able:
        names = ["send", "pay"]
    elif "pay" in able:
        names = ["pay", "remind" if is_late and "remind" in able else "send_again"]
    else:
        names = ["send_again"]
    return [offers[name] for name in names if name in able]


def page_of(invoice: Invoice, page: str) -> str:
    """Return the address of an act's page."""
    return reverse(f"invoicing:invoice_{page}", args=[invoice.pk])
