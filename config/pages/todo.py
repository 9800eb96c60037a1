"""What waits to be done, over all apps: each with one button that goes to the act, what weighs most first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.choices import Metric, Permission, QueueState
from accounts.models import Business
from accounts.queries import unverified_address
from accounts.quotas import QuotaUsage, usage
from accounts.templatetags.ui import count, long_day, money_text
from accounts.tenancy import Actor
from extraction.queries import work_waiting
from invoicing.models import Invoice
from invoicing.queries import late_invoices, stale_drafts, unsent_invoices

SHOWN: Final = 5
MOST: Final = 50  # of each kind
NEARLY: Final = 80  # per cent of a quota


@dataclass(frozen=True, slots=True)
class Item:
    """Something to do. ``number`` is a code, which reads left to right everywhere."""

    weight: int
    icon: str
    title: str
    detail: str
    action: str
    url: str
    tone: str = ""
    number: str = ""


class ToDo:
    """What waits for a person in a business at a moment, found in six queries."""

    def __init__(self, actor: Actor, business: Business, *, at: datetime) -> None:
        self.actor, self.business, self.at = actor, business, at
        self.may_write = actor.may(business.pk, Permission.WRITE)

    @cached_property
    def items(self) -> list[Item]:
        """Everything, the weightiest first."""
        found = [*self.address(), *self.quotas(), *self.late(), *self.unsent(), *self.documents(), *self.drafts()]
        return sorted(found, key=lambda item: -item.weight)

    def address(self) -> Iterator[Item]:
        """Yield the person's own address where nobody has shown yet that it is theirs."""
        if address := unverified_address(self.actor.user_id or ""):
            yield Item(
                70, "mail", _("Verify your e-mail address"), "", _("Verify"), reverse("account_email"), "a", address
            )

    def quotas(self) -> Iterator[Item]:
        """Yield the quotas that are nearly used up."""
        for each in usage(self.business, self.at) if self.may_write else []:
            if each.limit is not None and each.used * 100 >= each.limit * NEARLY:
                yield self.quota(each, each.limit)

    def quota(self, each: QuotaUsage, limit: int) -> Item:
        """Return what to say of a quota."""
        words = {"used": count(each.used), "limit": count(limit)}
        if each.metric == Metric.INVOICES:
            title = _("%(used)s of %(limit)s invoices of this month are used") % words
        else:
            title = _("%(used)s of %(limit)s mails of today are used") % words
        is_over = each.used >= limit
        return Item(
            weight=100 if is_over else 60,
            icon="warning",
            title=title,
            detail=_("Renews on %(date)s") % {"date": long_day(each.renews_at)},
            action=_("See the plan"),
            url=reverse("accounts:settings_usage"),
            tone="r" if is_over else "a",
        )

    def late(self) -> Iterator[Item]:
        """Yield what is overdue."""
        today = self.at.astimezone(ZoneInfo(self.business.timezone)).date()
        for invoice in late_invoices(self.business, at=self.at, limit=MOST):
            days = (today - invoice.due_date).days if invoice.due_date else 0
            words = {"client": isolated(invoice.client_name), "n": count(days)}
            title = ngettext("%(client)s is %(n)s day late", "%(client)s is %(n)s days late", days) % words
            if invoice.sent_at is None:
                yield self.of_invoice(invoice, 80, "clock", title, _("Send"), tone="r")
            else:
                remind = pgettext("act", "Remind")
                yield self.of_invoice(invoice, 80, "clock", title, remind, tone="r", query="?as=reminder")

    def unsent(self) -> Iterator[Item]:
        """Yield what was issued and that the client was never sent, or whose mail failed."""
        for invoice in unsent_invoices(self.business, at=self.at, limit=MOST):
            client = {"client": isolated(invoice.client_name)}
            if invoice.mail == QueueState.FAILED:  # type: ignore[attr-defined]  # annotated
                title = _("The mail to %(client)s could not be sent") % client
                yield self.of_invoice(invoice, 90, "warning", title, _("Send"), tone="r")
            else:
                title = _("%(client)s has no mail yet") % client
                yield self.of_invoice(invoice, 50, "plane", title, _("Send"))

    def drafts(self) -> Iterator[Item]:
        """Yield drafts that were left lying."""
        for invoice in stale_drafts(self.business, at=self.at, limit=MOST):
            days = (self.at - invoice.updated_at).days
            left = ngettext("Untouched for %(n)s day", "Untouched for %(n)s days", days) % {"n": count(days)}
            yield Item(
                weight=30,
                icon="pencil",
                title=_("Draft for %(client)s") % {"client": isolated(invoice.client_name)},
                detail=f"{left} · {money_text(invoice.total, invoice.currency)}",
                action=pgettext("draft", "Finish") if self.may_write else pgettext("act", "Open"),
                url=reverse(f"invoicing:invoice_{'edit' if self.may_write else 'detail'}", args=[invoice.pk]),
            )

    def documents(self) -> Iterator[Item]:
        """Yield the documents that wait to be verified, and those that no engine could read: one entry for each kind."""
        read, failed = work_waiting(self.business.pk) if self.may_write else (0, 0)
        list_url = reverse("extraction:document_list")
        if read:
            title = ngettext("%(n)s document to verify", "%(n)s documents to verify", read) % {"n": count(read)}
            detail = _("Look over what was read.")
            yield Item(55, "documents", title, detail, pgettext("act", "Verify"), reverse("extraction:verify_next"))
        if failed:
            title = ngettext("%(n)s document could not be read", "%(n)s documents could not be read", failed)
            detail, url = _("Fill it in by hand, or delete it."), f"{list_url}?status=failed"
            yield Item(45, "warning", title % {"n": count(failed)}, detail, pgettext("act", "Open"), url, "a")

    def of_invoice(
        self, invoice: Invoice, weight: int, icon: str, title: str, action: str, *, tone: str = "", query: str = ""
    ) -> Item:
        """Return what is to be done about an issued invoice: by mail where there is an address, else on its page."""
        mailed = self.may_write and bool(invoice.client_email)
        return Item(
            weight=weight,
            icon=icon,
            title=title,
            detail=money_text(invoice.amount_due, invoice.currency),
            action=action if mailed else pgettext("act", "Open"),
            url=reverse("invoicing:invoice_send", args=[invoice.pk]) + query
            if mailed
            else reverse("invoicing:invoice_detail", args=[invoice.pk]),
            tone=tone,
            number=invoice.number or "",
        )


def isolated(text: str) -> str:
    """Return a text that keeps its own direction inside a sentence of the other (FSI and PDI of UAX 9)."""
    return f"\u2068{text}\u2069"
