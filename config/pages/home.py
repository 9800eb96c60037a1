"""The first page: money by currency, the months, what waits to be done, and the invoices last written."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from accounts.web.base import DashboardMixin
from config.pages.money import money, written
from config.pages.todo import SHOWN, ToDo
from invoicing.queries import Beginning, beginning, recent_invoices, statuses_of

NOON, EVENING = 12, 18
GREETINGS = (
    (NOON, gettext_lazy("Good morning, %(name)s")),
    (EVENING, gettext_lazy("Good afternoon, %(name)s")),
    (24, gettext_lazy("Good evening, %(name)s")),
)


class Home(DashboardMixin):
    """Money by currency, what waits, the invoices last written and, for a newcomer, three steps."""

    nav_active = "home"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        at = timezone.now()
        now = at.astimezone(ZoneInfo(self.business.timezone))
        so_far = beginning(self.business)
        recent = recent_invoices(self.business)
        todo = ToDo(self.actor, self.business, at=at)
        is_whole = request.GET.get("todo") == "all"
        context: dict[str, Any] = {
            "greeting": greeting(now.hour) % {"name": self.actor.name.split(" ", 1)[0]},
            "today": capfirst(written(now.date(), "EEEE d MMMM")),
            "steps": [] if so_far.has_issued else steps(so_far),
            "todo": todo.items if is_whole else todo.items[:SHOWN],
            "waiting": len(todo.items),
            "more": 0 if is_whole else len(todo.items[SHOWN:]),
            "recent": list(zip(recent, statuses_of(recent, at=at), strict=True)),
        }
        if so_far.has_issued:
            context |= money(self.business, at=at, asked=request.GET.get("currency", ""))
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
