"""Pages over several apps, composed of each app's queries alone."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.web.base import DashboardMixin
from invoicing.queries import (
    Beginning,
    beginning,
    figures_by_currency,
    last_months,
    recent_invoices,
    statuses_of,
)

NOON, EVENING = 12, 18
GREETINGS = (
    (NOON, gettext_lazy("Good morning, %(name)s")),
    (EVENING, gettext_lazy("Good afternoon, %(name)s")),
    (24, gettext_lazy("Good evening, %(name)s")),
)


class Home(DashboardMixin):
    """Money by currency, the invoices last written and, for a newcomer, three steps."""

    nav_active = "home"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        at = timezone.now()
        so_far = beginning(self.business)
        now = at.astimezone(ZoneInfo(self.business.timezone))
        last_month, this_month = last_months(now.date(), 2)
        recent = recent_invoices(self.business)
        context: dict[str, Any] = {
            "greeting": greeting(now.hour) % {"name": self.actor.name.split(" ", 1)[0]},
            "today": now.date(),
            "steps": [] if so_far.has_issued else steps(so_far),
            "figures": figures_by_currency(self.business, at=at) if so_far.has_issued else [],
            "this_month": this_month,
            "last_month": last_month,
            "recent": list(zip(recent, statuses_of(recent, at=at), strict=True)),
        }
        return render(request, "home.html", self.get_context_data(**context))


home = Home.as_view()


def greeting(hour: int) -> Promise:
    """Return the words that fit the time of day."""
    return next(words for until, words in GREETINGS if hour < until)


def steps(so_far: Beginning) -> list[dict[str, Any]]:
    """Return the three steps to the first invoice: done, now or later."""
    found = [
        {
            "title": gettext_lazy("Say who you are"),
            "text": gettext_lazy("Name, country, address and tax numbers, as your invoices print them."),
            "done": so_far.has_details,
            "url": "accounts:settings_business",
            "action": gettext_lazy("Fill in"),
        },
        {
            "title": gettext_lazy("Add your first client"),
            "text": gettext_lazy("Or make it on the spot while you write the invoice."),
            "done": so_far.has_client,
            "url": "clients:client_new",
            "action": gettext_lazy("Add client"),
        },
        {
            "title": gettext_lazy("Write your first invoice"),
            "text": gettext_lazy("It stays a draft until you issue it."),
            "done": so_far.has_issued,
            "url": "invoicing:invoice_new",
            "action": gettext_lazy("Write it"),
        },
    ]
    now = next((step for step in found if not step["done"]), None)
    return [step | {"now": step is now, "number": number} for number, step in enumerate(found, 1)]
