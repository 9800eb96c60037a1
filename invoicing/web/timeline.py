"""The timeline of an invoice in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from accounts.choices import Channel
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
    "email_sent": Look(gettext_lazy("Sent by mail"), "plane", "nf"),
    "email_failed": Look(gettext_lazy("The mail could not be sent"), "warning", "r"),
    "marked_sent": Look(gettext_lazy("Marked as sent"), "plane", "nf"),
    "viewed": Look(gettext_lazy("Opened by the client"), "eye"),
    "payment_recorded": Look(gettext_lazy("Payment recorded"), "bank", "g"),
    "refund_recorded": Look(gettext_lazy("Refund recorded"), "return"),
    "credited": Look(gettext_lazy("Credit note issued"), "return"),
    "cancelled": Look(pgettext_lazy("timeline", "Cancelled"), "cross"),
}
WITH_AMOUNT: Final[Mapping[str, Promise]] = {
    "payment_recorded": gettext_lazy("Payment of {} recorded"),
    "refund_recorded": gettext_lazy("Refund of {} recorded"),
    "credited": gettext_lazy("Credit note over {} issued"),
}


def timeline(invoice: Invoice) -> list[dict[str, Any]]:
    """Return what happened, newest first; changes of a draft that follow each other are one."""
    shown: list[Event] = []
    for event in invoice.events.all():
        if not (event.kind == "updated" and shown and shown[-1].kind == "updated"):
            shown.append(event)
    return [entry(event, invoice) for event in shown]


def entry(event: Event, invoice: Invoice) -> dict[str, Any]:
    """Return one event as the component shows it."""
    look = LOOKS.get(event.kind, Look(gettext_lazy("Changed")))
    return {
        "icon": look.icon,
        "tone": look.tone,
        "title": title_of(event, look, invoice),
        "at": event.at,
        "detail": detail_of(event),
    }


def title_of(event: Event, look: Look, invoice: Invoice) -> SafeString | str:
    """Return what happened, with the amount or number it is about."""
    data = event.data
    amount = amount_of(data)
    if event.kind in WITH_AMOUNT and amount is not None:
        return format_html(str(WITH_AMOUNT[event.kind]), money(amount, data.get("currency", invoice.currency)))
    if event.kind == "issued" and data.get("number"):
        return format_html(_("Issued as {}"), code(data["number"]))
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


def detail_of(event: Event) -> SafeString:
    """Return who, when and how."""
    parts: list[Any] = [clock(event.at)]
    if who := actor_of(event):
        parts.append(who)
    data = event.data
    if recipients := data.get("to"):
        parts.append(format_html('<bdi dir="ltr">{}</bdi>', recipients))
    if method := data.get("method"):
        parts.append(dict(PaymentMethod.choices).get(method, method))
    if event.kind == "created" and data.get("number"):
        words = _("To {}") if data.get("parent") else _("From a copy of {}")
        parts.append(format_html(words, code(data["number"])))
    if event.kind == "email_failed" and data.get("reason"):
        parts.append(data["reason"])
    detail = format_html("{}", parts[0])
    for part in parts[1:]:
        detail = format_html("{} · {}", detail, part)
    return detail


def actor_of(event: Event) -> SafeString | str:
    """Return who did it, where that is somebody."""
    if event.channel == Channel.PUBLIC:
        return pgettext("timeline", "on the public page")
    if event.channel == Channel.SYSTEM or not event.actor_name:
        return ""
    name = format_html("<bdi>{}</bdi>", event.actor_name)
    return format_html(_("{} by the API"), name) if event.channel == Channel.API else name
