"""The life of a document: what may be done in which state, the one way to change it, and its status as a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import prepared
from accounts.errors import LostUpdate, NotFound
from accounts.tenancy import Actor
from invoicing.choices import DocumentState, InvoiceType, Settlement
from invoicing.errors import ImpossibleMove
from invoicing.models import Event, Invoice

COLUMNS: Final = tuple(field.attname for field in Invoice._meta.concrete_fields if not field.primary_key)
DRAFT, ISSUED, CANCELLED = DocumentState.DRAFT, DocumentState.ISSUED, DocumentState.CANCELLED

# Each act with the states it may begin in. What else an act needs, such as money received, its service checks.
MOVES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "edit": frozenset({DRAFT}),
        "delete": frozenset({DRAFT}),
        "issue": frozenset({DRAFT}),
        "amend": frozenset({ISSUED}),
        "send": frozenset({ISSUED}),
        "mark_sent": frozenset({ISSUED}),
        "view": frozenset({ISSUED}),
        "pay": frozenset({ISSUED}),
        "refund": frozenset({ISSUED, CANCELLED}),
        "receive": frozenset({ISSUED, CANCELLED}),
        "credit": frozenset({ISSUED}),
        "debit": frozenset({ISSUED}),
        "cancel": frozenset({ISSUED}),
        "store": frozenset({ISSUED, CANCELLED}),
        "note": frozenset({ISSUED, CANCELLED}),
    }
)


# What happens to a document by itself; nobody is told to do it.
INNER_ACTS: Final = frozenset({"view", "store", "note", "receive"})


class Status(models.TextChoices):
    """The one label of a document, derived from stored facts; the first that fits."""

    DRAFT = "draft", gettext_lazy("Draft")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")
    REFUNDED = "refunded", gettext_lazy("Refunded")
    CREDITED = "credited", gettext_lazy("Credited")
    PAID = "paid", gettext_lazy("Paid")
    OVERDUE = "overdue", gettext_lazy("Overdue")
    PARTIALLY_PAID = "partially_paid", gettext_lazy("Partly paid")
    VIEWED = "viewed", gettext_lazy("Viewed")
    SENT = "sent", gettext_lazy("Sent")
    ISSUED = "issued", pgettext_lazy("status", "Issued")


def status(row: Invoice | Mapping[str, Any], *, at: datetime) -> Status:
    """Return the label of a document, given as a model or as a row of its columns, at a moment.

    Says the same as ``status_condition``, which is the form for the database.
    """
    get = row.get if isinstance(row, Mapping) else lambda name: getattr(row, name)
    if get("state") != ISSUED:
        return Status(str(get("state")))
    if get("settlement") != Settlement.OPEN:
        return Status(str(get("settlement")))
    overdue_at = get("overdue_at")
    facts = (
        (Status.OVERDUE, overdue_at is not None and overdue_at <= at),
        (Status.PARTIALLY_PAID, bool(get("amount_paid"))),
        (Status.VIEWED, get("viewed_at") is not None),
        (Status.SENT, get("sent_at") is not None),
    )
    return next((label for label, holds in facts if holds), Status.ISSUED)


def status_condition(label: str, *, at: datetime) -> Q:
    """Return the label as a plain condition on stored, indexed columns."""
    if label in {Status.DRAFT, Status.CANCELLED}:
        return Q(state=label)
    if label in {Status.REFUNDED, Status.CREDITED, Status.PAID}:
        return Q(state=ISSUED, settlement=label)
    return Q(state=ISSUED, settlement=Settlement.OPEN) & open_condition(label, at=at)


def open_condition(label: str, *, at: datetime) -> Q:
    """Return what tells a label apart among issued documents that are open."""
    if label == Status.OVERDUE:
        return Q(overdue_at__lte=at)
    condition = Q(overdue_at=None) | Q(overdue_at__gt=at)
    if label == Status.PARTIALLY_PAID:
        return condition & Q(amount_paid__gt=0)
    condition &= Q(amount_paid=0)
    if label == Status.VIEWED:
        return condition & Q(viewed_at__isnull=False)
    condition &= Q(viewed_at=None)
    return condition & Q(sent_at__isnull=label == Status.ISSUED)


def today(timezone_name: str, *, at: datetime) -> date:
    """Return the day it is at a moment in a time zone."""
    return at.astimezone(ZoneInfo(timezone_name)).date()


def overdue_from(due_date: date | None, timezone_name: str) -> datetime | None:
    """Return the moment when the day after ``due_date`` begins in the seller's time zone."""
    if due_date is None or due_date >= date.max - timedelta(days=2):
        return None
    return datetime.combine(due_date + timedelta(days=1), time(), ZoneInfo(timezone_name)).astimezone(UTC)


def possible(invoice: Invoice) -> list[str]:
    """Return the acts that the document's state allows."""
    return [act for act, states in MOVES.items() if invoice.state in states and act not in INNER_ACTS]


def check(invoice: Invoice, act: str) -> None:
    """Refuse an act that the document's state does not allow. Raises ``ImpossibleMove``."""
    if invoice.state in MOVES[act]:
        return
    state = DocumentState(invoice.state).label
    raise ImpossibleMove(
        _("This document is in the state “%(state)s”, which does not allow that.") % {"state": state},
        state=invoice.state,
        possible=possible(invoice),
    )


@contextmanager
def change(
    invoice: Invoice,
    act: str,
    *,
    event: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
    data: dict[str, Any] | None = None,
) -> Iterator[Invoice]:
    """Lock a document, check the act, let the caller change it, then save it with its event: all or nothing.

    ``version`` is the one the caller has read, ``data`` goes into the event and may be filled by the caller. Where
    that names the ``fields`` that were changed, and there are none, nothing is written.
    Raises ``NotFound``, ``LostUpdate``, ``ImpossibleMove``.
    """
    details = {} if data is None else data
    with transaction.atomic():
        locked = lock(invoice.pk)
        check_version(locked, version)
        check(locked, act)
        before = {name: getattr(locked, name) for name in COLUMNS}
        yield locked
        if details.get("fields") == []:
            return
        locked.version += 1
        locked.updated_at = at
        prepared.save(locked, [name for name in COLUMNS if is_new(before[name], getattr(locked, name))])
        log(locked, event, actor=actor, at=at, data=details)


def is_new(before: object, value: object) -> bool:
    """Return whether a column's value has changed, or may have: a list or an object is changed in its place."""
    return isinstance(value, dict | list) or value != before


def lock(pk: str) -> Invoice:
    """Read a document for update, with its business, plan and client. Raises ``NotFound``."""
    for found in _for_update(pk):
        return found
    raise NotFound


@prepared.rows
def _for_update(pk: str) -> models.QuerySet[Invoice]:
    return Invoice.objects.select_related("business__plan", "client").select_for_update(of=("self",)).filter(pk=pk)


def check_version(invoice: Invoice, version: int | None) -> None:
    """Refuse when the document is not as the caller has read it. Raises ``LostUpdate``."""
    if version is not None and version != invoice.version:
        raise LostUpdate


def log(invoice: Invoice, kind: str, *, actor: Actor, at: datetime, data: dict[str, Any] | None = None) -> Event:
    """Append to the timeline who did what, when and from where."""
    return prepared.insert(
        Event(
            business_id=invoice.business_id,
            invoice=invoice,
            version=invoice.version,
            kind=kind,
            at=at,
            actor_id=actor.api_key_id or actor.user_id or "",
            actor_name=actor.name[:200],
            channel=actor.channel,
            ip=actor.ip,
            data=data or {},
        )
    )


def claims(invoice: Invoice) -> bool:
    """Return whether the document asks for money: every one but a credit note."""
    return invoice.type != InvoiceType.CREDIT_NOTE
