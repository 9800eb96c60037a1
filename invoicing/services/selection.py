"""One act on several invoices: what of it is possible, and doing it, each by its own service with its own refusal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Metric
from accounts.errors import AppError
from accounts.models import Business
from accounts.quotas import usage
from accounts.tenancy import Actor
from invoicing.choices import Settlement
from invoicing.domain import lifecycle
from invoicing.errors import ImpossibleMove, NoRecipient
from invoicing.models import Invoice, Line
from invoicing.services.drafts import delete_draft
from invoicing.services.issuing import prepare, what_stops
from invoicing.services.sending import send_invoice
from invoicing.services.settlement import mark_paid

MOST: Final = 200  # invoices at once


class Act(StrEnum):
    """What can be done with several invoices at once."""

    SEND = "send"
    REMIND = "remind"
    PAY = "pay"
    DELETE = "delete"


MAILED: Final = frozenset({Act.SEND, Act.REMIND})


@dataclass(frozen=True, slots=True)
class Refusal:
    """An invoice that is left as it is, with the reason."""

    invoice: Invoice
    reason: str


@dataclass(slots=True)
class Outlook:
    """What an act would do: with which invoices, which it would leave out, and what the plan does not allow."""

    possible: list[Invoice] = field(default_factory=list)
    left_out: list[Refusal] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)

    @property
    def drafts(self) -> int:
        """How many are issued first."""
        return sum(invoice.is_draft for invoice in self.possible)

    @property
    def again(self) -> int:
        """How many were sent before."""
        return sum(invoice.sent_at is not None for invoice in self.possible)


@dataclass(slots=True)
class Outcome:
    """What an act did, and what it was refused."""

    done: list[Invoice] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def foresee(act: Act, invoices: Sequence[Invoice], *, business: Business, at: datetime) -> Outlook:
    """Return what an act on invoices would do, in two queries; each has its client."""
    outlook = Outlook()
    stops = stops_of([each for each in invoices if each.is_draft], business=business, at=at)
    for invoice in invoices:
        if reason := WHY_NOT[act](invoice, stops.get(invoice.pk, "")):
            outlook.left_out.append(Refusal(invoice, reason))
        else:
            outlook.possible.append(invoice)
    if act != Act.DELETE and outlook.possible:
        outlook.limits = limits_of(outlook, act, business=business, at=at)
    return outlook


def carry_out_each(act: Act, invoices: Sequence[Invoice], *, actor: Actor, at: datetime) -> Outcome:
    """Do it to each; what a service refuses is said of that invoice and leaves the others alone."""
    outcome = Outcome()
    for invoice in invoices:
        try:
            DOERS[act](invoice, actor, at)
        except AppError as refused:
            details = [str(text) for texts in refused.errors.values() for text in texts]
            outcome.refused.append(Refusal(invoice, " ".join(details) or str(refused.detail)))
        else:
            outcome.done.append(invoice)
    return outcome


# What stands in the way


def stops_of(drafts: Sequence[Invoice], *, business: Business, at: datetime) -> dict[str, str]:
    """Return by the invoice's id what stops drafts from being issued, in one query."""
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in Line.objects.filter(invoice_id__in=[draft.pk for draft in drafts]):
        lines[line.invoice_id].append(line)
    found = {}
    for draft in drafts:
        draft.business = business
        prepare(draft, lines[draft.pk], at=at)
        stops = what_stops(draft, lines[draft.pk], at=at)
        found[draft.pk] = " ".join(sentence for sentences in stops.values() for sentence in sentences)
    return found


def why_not_send(invoice: Invoice, stops: str) -> str:
    """Return why an invoice cannot be mailed."""
    if reason := forbidden(invoice, "issue" if invoice.is_draft else "send"):
        return reason
    if not invoice.is_draft and lifecycle.claims(invoice) and invoice.settlement != Settlement.OPEN:
        return _("It is settled. Where it is to go out again, send it from its own page.")
    return stops if invoice.client_email else " ".join(filter(None, [str(NoRecipient.default), stops]))


def why_not_remind(invoice: Invoice, stops: str) -> str:
    """Return why a client cannot be reminded of an invoice."""
    if invoice.is_draft:
        return _("It is a draft: issue and send it first.")
    if reason := forbidden(invoice, "send"):
        return reason
    if not lifecycle.claims(invoice) or not invoice.amount_due:
        return _("Nothing is due, so there is nothing to remind of.")
    if invoice.sent_at is None:
        return _("The client was never sent it. Send it first.")
    return "" if invoice.client_email else str(NoRecipient.default)


def why_not_pay(invoice: Invoice, stops: str) -> str:
    """Return why an invoice cannot be marked as paid."""
    if reason := forbidden(invoice, "issue" if invoice.is_draft else "pay"):
        return reason
    if not lifecycle.claims(invoice):
        return _("A credit note is not paid.")
    if invoice.settlement == Settlement.PAID:
        return _("It is paid already.")
    if not invoice.is_draft and not invoice.amount_due:
        return _("Nothing is due on this document.")
    return stops


def why_not_delete(invoice: Invoice, stops: str) -> str:
    """Return why an invoice cannot be thrown away."""
    return "" if invoice.is_draft else _("It was issued. Only drafts are deleted.")


def forbidden(invoice: Invoice, act: str) -> str:
    """Return why the document's state does not allow an act."""
    try:
        lifecycle.check(invoice, act)
    except ImpossibleMove as refused:
        return str(refused.detail)
    return ""


def limits_of(outlook: Outlook, act: Act, *, business: Business, at: datetime) -> list[str]:
    """Return what the plan does not allow of it, in one query."""
    wanted = {Metric.INVOICES: outlook.drafts, Metric.EMAILS: len(outlook.possible) if act in MAILED else 0}
    found = []
    for each in usage(business, at):
        count = wanted.get(Metric(each.metric), 0)
        left = count if each.limit is None else max(each.limit - each.used, 0)
        if left >= count:
            continue
        if each.metric == Metric.EMAILS:
            sentence = ngettext(
                "Today %(left)d more mail can go by your plan; what is beyond it is refused.",
                "Today %(left)d more mails can go by your plan; what is beyond it is refused.",
                left,
            )
        else:
            sentence = ngettext(
                "This month %(left)d more invoice can be issued by your plan; what is beyond it is refused.",
                "This month %(left)d more invoices can be issued by your plan; what is beyond it is refused.",
                left,
            )
        found.append(sentence % {"left": left})
    return found


def _send(invoice: Invoice, actor: Actor, at: datetime) -> None:
    send_invoice(invoice=invoice, actor=actor, at=at, data={})


def _remind(invoice: Invoice, actor: Actor, at: datetime) -> None:
    send_invoice(invoice=invoice, actor=actor, at=at, data={}, reminder=True)


def _pay(invoice: Invoice, actor: Actor, at: datetime) -> None:
    mark_paid(invoice=invoice, actor=actor, at=at)


def _delete(invoice: Invoice, actor: Actor, at: datetime) -> None:
    delete_draft(actor=actor, invoice=invoice)


WHY_NOT: Final[dict[Act, Callable[[Invoice, str], str]]] = {
    Act.SEND: why_not_send,
    Act.REMIND: why_not_remind,
    Act.PAY: why_not_pay,
    Act.DELETE: why_not_delete,
}
DOERS: Final[dict[Act, Callable[[Invoice, Actor, datetime], None]]] = {
    Act.SEND: _send,
    Act.REMIND: _remind,
    Act.PAY: _pay,
    Act.DELETE: _delete,
}
