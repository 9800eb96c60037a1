"""The timeline of an invoice in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.choices import Channel, QueueState
from accounts.models import Delivery
from accounts.templatetags.ui import clock, money
from invoicing.choices import PaymentMethod
from invoicing.models import Event, Invoice


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of event shows."""

    title: Promise
    icon: str = "clock"
    tone: str = ""


LOOKS: Final[Mapping[str, Look]] = {
    "created": Look(gettext_lazy("Draft begun"), "pencil"),
    "updated": Look(gettext_lazy("Draft changed"), "pencil"),
    "amended": Look(gettext_lazy("Details changed"), "pencil"),
    "issued": Look(pgettext_lazy("timeline", "Issued"), "lock"),
    "email_queued": Look(gettext_lazy("Mail is on its way"), "mail"),
    "email_waiting": Look(gettext_lazy("The mail could not be sent yet"), "clock"),
    "email_sent": Look(gettext_lazy("Sent by mail"), "plane", "nf"),
    "email_failed": Look(gettext_lazy("The mail could not be sent"), "warning", "r"),
    "marked_sent": Look(gettext_lazy("Marked as sent"), "plane", "nf"),
    "viewed": Look(gettext_lazy("Opened by the client"), "eye"),
    "payment_recorded": Look(gettext_lazy("Payment recorded"), "bank", "g"),
    "payment_received": Look(gettext_lazy("Payment received"), "card", "g"),
    "refund_recorded": Look(gettext_lazy("Refund recorded"), "return"),
    "refund_reopened": Look(gettext_lazy("What was refunded is due again"), "return"),
    "refund_failed": Look(gettext_lazy("A refund did not arrive"), "warning", "r"),
    "payment_link_created": Look(gettext_lazy("Payment link made"), "link"),
    "payment_failed": Look(gettext_lazy("A payment by card failed"), "card"),
    "disputed": Look(gettext_lazy("Payment disputed"), "warning", "r"),
    "dispute_won": Look(gettext_lazy("Dispute won"), "tick", "g"),
    "dispute_lost": Look(gettext_lazy("Dispute lost, the money went back"), "return", "r"),
    "credited": Look(gettext_lazy("Credit note issued"), "return"),
    "cancelled": Look(pgettext_lazy("timeline", "Cancelled"), "cross"),
}
OF_REMINDERS: Final[Mapping[str, Promise]] = {
    "email_queued": gettext_lazy("Reminder is on its way"),
    "email_waiting": gettext_lazy("The reminder could not be sent yet"),
    "email_sent": gettext_lazy("Reminder sent by mail"),
    "email_failed": gettext_lazy("The reminder could not be sent"),
}
OF_RECEIPTS: Final[Mapping[str, Promise]] = {
    "email_queued": gettext_lazy("Receipt is on its way"),
    "email_waiting": gettext_lazy("The receipt could not be sent yet"),
    "email_sent": gettext_lazy("Receipt sent by mail"),
    "email_failed": gettext_lazy("The receipt could not be sent"),
}
# What may be named of what was changed; the rest of a draft is too much
FIELDS: Final[Mapping[str, Promise]] = {
    "due_date": gettext_lazy("Due date"),
    "reference": gettext_lazy("Client’s reference"),
    "client_email": gettext_lazy("Client’s email"),
    "client_phone": gettext_lazy("Client’s phone"),
    "notes": gettext_lazy("Notes"),
}
ERROR_NAME: Final = re.compile(r"^[A-Za-z.]*(Error|Exception): ")
SOON: Final = timedelta(seconds=60)
WITH_AMOUNT: Final[Mapping[str, Promise]] = {
    "payment_recorded": gettext_lazy("Payment of {} recorded"),
    "payment_received": gettext_lazy("Payment of {} received"),
    "refund_recorded": gettext_lazy("Refund of {} recorded"),
    "refund_reopened": gettext_lazy("Of what was refunded, {} is due again"),
    "refund_failed": gettext_lazy("A refund of {} did not arrive"),
    "disputed": gettext_lazy("Payment of {} disputed"),
    "dispute_lost": gettext_lazy("Dispute lost, {} went back"),
    "credited": gettext_lazy("Credit note over {} issued"),
    "payment_link_created": gettext_lazy("Payment link over {} made"),
}
OUTCOMES: Final = frozenset({"email_sent", "email_failed"})
WITH_REASON: Final = frozenset({"email_failed", "payment_failed"})


@dataclass(slots=True)
class Happening:
    """An event as the timeline tells it: what ordered it is not told apart, nor is what became of a mail."""

    event: Event
    kind: str
    ordered: Event | None = None
    delivery: Delivery | None = None

    @property
    def retry(self) -> str:
        """The mail that can be sent once more, or nothing."""
        failed = self.kind == "email_failed" and self.delivery and self.delivery.state == QueueState.FAILED
        return self.delivery.pk if failed and self.delivery else ""


def timeline(invoice: Invoice, *, deliveries: Sequence[Delivery] = ()) -> list[dict[str, Any]]:
    """Return what happened, newest first; changes of a draft that follow each other are one, and so is a mail."""
    return [entry(happening, invoice) for happening in happenings(list(invoice.events.all()), deliveries)]


def happenings(events: Sequence[Event], deliveries: Sequence[Delivery]) -> list[Happening]:
    """Return events, newest first, without what a later one says as well."""
    rows = {delivery.pk: delivery for delivery in deliveries}
    told: list[Happening] = []
    for event in reversed(events):
        happening = Happening(event, event.kind, delivery=rows.get(event.data.get("delivery", "")))
        if event.kind in OUTCOMES:
            happening.ordered = take_order(told, event)
        if event.kind == "updated" and told and told[-1].kind == "updated":
            told.pop()
        told.append(happening)
    for happening in told:
        if happening.kind == "email_queued" and is_waiting(happening.delivery):
            happening.kind = "email_waiting"
    return told[::-1]


def take_order(told: list[Happening], outcome: Event) -> Event | None:
    """Take out the event that ordered a mail, and return it; the last one to the same address, where it has no name."""
    name = outcome.data.get("delivery")
    for place in range(len(told) - 1, -1, -1):
        event = told[place].event
        same = event.data.get("delivery") == name if name else event.data.get("to") == outcome.data.get("to")
        if event.kind == "email_queued" and same:
            return told.pop(place).event
    return None


def is_waiting(delivery: Delivery | None) -> bool:
    """Return whether a mail failed once and will be tried again."""
    return delivery is not None and delivery.state == QueueState.QUEUED and delivery.attempts > 0


def is_under_way(delivery: Delivery, *, at: datetime) -> bool:
    """Return whether a mail may be sent any moment."""
    if delivery.state == QueueState.QUEUED:
        return delivery.run_after <= at + SOON
    return bool(delivery.state == QueueState.RUNNING)


def entry(happening: Happening, invoice: Invoice) -> dict[str, Any]:
    """Return one happening as the page shows it."""
    event, look = happening.event, LOOKS.get(happening.kind, Look(gettext_lazy("Changed")))
    return {
        "icon": look.icon,
        "tone": look.tone,
        "title": title_of(happening, look, invoice),
        "at": event.at,
        "detail": detail_of(happening),
        "retry": happening.retry,
    }


def title_of(happening: Happening, look: Look, invoice: Invoice) -> SafeString | str:
    """Return what happened, with the amount or number it is about."""
    kind, data = happening.kind, happening.event.data
    amount = amount_of(data)
    if kind in WITH_AMOUNT and amount is not None:
        return format_html(str(WITH_AMOUNT[kind]), money(amount, data.get("currency", invoice.currency)))
    if kind == "issued" and data.get("number"):
        return format_html(_("Issued as {}"), code(data["number"]))
    if kind in OF_REMINDERS and data.get("reminder"):
        return str(OF_REMINDERS[kind])
    if kind in OF_RECEIPTS and data.get("receipt"):
        return str(OF_RECEIPTS[kind])
    return str(look.title)


def amount_of(data: Mapping[str, Any]) -> Decimal | None:
    """Return the amount an event is about."""
    try:
        return Decimal(str(data["amount"]))
    except (KeyError, InvalidOperation):
        return None


def code(number: str) -> SafeString:
    """Return a number that keeps its direction."""
    return format_html('<bdi class="code" dir="ltr">{}</bdi>', number)


def detail_of(happening: Happening) -> SafeString:
    """Return who, when and how."""
    event, data = happening.event, happening.event.data
    parts: list[Any] = [clock(event.at), actor_of(happening.ordered or event)]
    if recipients := data.get("to"):
        parts.append(format_html('<bdi dir="ltr">{}</bdi>', recipients))
    if method := data.get("method"):
        parts.append(dict(PaymentMethod.choices).get(method, method))
    if event.kind == "created" and data.get("number"):
        words = _("To {}") if data.get("parent") else _("From a copy of {}")
        parts.append(format_html(words, code(data["number"])))
    if event.kind == "created" and data.get("document"):
        parts.append(format_html(_("From lines of the supplier’s document {}"), code(data["document_number"])))
    changed = data.get("fields", ()) if event.kind == "amended" else ()
    if names := [str(label) for name, label in FIELDS.items() if name in changed]:
        parts.append(_(", ").join(names))
    parts += problems_of(happening)
    return format_html_join(" · ", "{}", ((part,) for part in parts if part))


def problems_of(happening: Happening) -> list[Any]:
    """Return why a mail did not go, and when it is tried again."""
    if happening.kind in WITH_REASON and (reason := happening.event.data.get("reason")):
        return [plain(reason)]
    delivery = happening.delivery
    if happening.kind != "email_waiting" or delivery is None:
        return []
    again = _("tried again at %(time)s") % {"time": clock(delivery.run_after)}
    return [again, plain(delivery.last_error[:200])]


def plain(reason: str) -> SafeString:
    """Return what another program said, without the name of the error that brought it."""
    return format_html('<span dir="auto">{}</span>', ERROR_NAME.sub("", reason))


def actor_of(event: Event) -> SafeString | str:
    """Return who did it, where that is somebody."""
    if event.channel == Channel.PUBLIC:
        return pgettext("timeline", "on the public page")
    if event.channel == Channel.SYSTEM or not event.actor_name:
        return ""
    name = format_html("<bdi>{}</bdi>", event.actor_name)
    return format_html(_("{} by the API"), name) if event.channel == Channel.API else name
