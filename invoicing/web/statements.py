"""A client's statement of account as a page, a PDF and a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.choices import Language
from accounts.errors import Invalid
from accounts.tables import table_response
from accounts.templatetags.ui import money
from clients.web.views import ClientPage
from invoicing.choices import PaymentMethod
from invoicing.domain.lifecycle import today
from invoicing.domain.statement import Account, Row
from invoicing.services.statements import (
    Period,
    clean_period,
    file_name,
    statement_of,
    statement_pdf,
    table_of,
)
from invoicing.web.files import download

KINDS: Final[Mapping[str, Promise]] = {
    "invoice": gettext_lazy("Invoice"),
    "debit_note": gettext_lazy("Debit note"),
    "credit_note": gettext_lazy("Credit note"),
    "payment": gettext_lazy("Payment"),
    "refund": gettext_lazy("Refund"),
}
# What the part of an entry is called that changed nothing of what is due
PARTS: Final[Mapping[str, Promise]] = {
    "invoice": gettext_lazy("{} of it was settled in advance"),
    "debit_note": gettext_lazy("{} of it was settled in advance"),
    "credit_note": gettext_lazy("{} of it is held for the client"),
    "payment": gettext_lazy("{} of it is held for the client"),
    "refund": gettext_lazy("{} of it is not due again"),
}
ENDS: Final[Mapping[str, Promise]] = {"from": pgettext_lazy("period", "From"), "to": pgettext_lazy("period", "To")}
ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Choice:
    """A period on offer: from which to which day it goes on a day."""

    label: Promise
    days: Callable[[date], tuple[date, date]]


def last_month(day: date) -> tuple[date, date]:
    """Return the first and the last day of the month before a day's."""
    end = day.replace(day=1) - timedelta(days=1)
    return end.replace(day=1), end


CHOICES: Final = (
    Choice(gettext_lazy("This month"), lambda day: (day.replace(day=1), day)),
    Choice(gettext_lazy("Last month"), last_month),
    Choice(gettext_lazy("This quarter"), lambda day: (day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), day)),
    Choice(gettext_lazy("This year"), lambda day: (day.replace(month=1, day=1), day)),
)


class StatementPage(ClientPage):
    """What the statement's page and files share. Without a period it is of this year."""

    def period(self, query: QueryDict) -> Period:
        """Return the period that was asked for. Raises ``Invalid``."""
        at = timezone.now()
        if query.get("period") == ALL:
            return clean_period({}, business=self.business, at=at)
        asked = {name: query[name] for name in ("from", "to") if query.get(name)}
        if not asked:
            first, last = CHOICES[-1].days(today(self.business.timezone, at=at))
            return Period(first, last)
        return clean_period(asked, business=self.business, at=at)


class ClientStatement(StatementPage):
    """The page."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show it; a wrong period shows what is wrong above that of this year."""
        client = self.client_or_404(pk)
        problems: list[str] = []
        try:
            period = self.period(request.GET)
        except Invalid as error:
            problems = [f"{ENDS[name]}: {' '.join(map(str, said))}" for name, said in error.errors.items()]
            period = self.period(QueryDict())
        statement = statement_of(client, period)
        query = "?" + urlencode(parameters(period))
        context = {
            "client": client,
            "first": statement.first,
            "last": period.last,
            "accounts": [shown(account) for account in statement.accounts],
            "several": len(statement.accounts) > 1,
            "tabs": self.tabs(period),
            "problems": problems,
            "paper_language": Language(client.language or self.business.language).label,
            "pdf_url": reverse("invoicing:client_statement_pdf", args=[client.pk]) + query,
            "csv_url": reverse("invoicing:client_statement_csv", args=[client.pk]) + query,
        }
        return self.page("clients/client_statement.html", context, status=400 if problems else 200)

    def tabs(self, period: Period) -> list[dict[str, Any]]:
        """Return the periods on offer."""
        day = today(self.business.timezone, at=timezone.now())
        offered = [(str(choice.label), Period(*choice.days(day))) for choice in CHOICES]
        offered.append((str(pgettext_lazy("period", "All")), Period(None, day)))
        # Early in a year several periods are the same days; the shortest is marked.
        current = next((each for _label, each in offered if each == period), None)
        tabs = []
        for label, each in offered:
            tabs.append({"label": label, "url": "?" + urlencode(parameters(each)), "current": each is current})
        return tabs


class ClientStatementPdf(StatementPage):
    """The PDF."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Return it."""
        statement = statement_of(self.client_or_404(pk), self.period(request.GET))
        return download(statement_pdf(statement), f"{file_name(statement)}.pdf")


class ClientStatementCsv(StatementPage):
    """The table."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponseBase:
        """Return it."""
        statement = statement_of(self.client_or_404(pk), self.period(request.GET))
        return table_response(table_of(statement), "csv", name=file_name(statement))


def parameters(period: Period) -> dict[str, str]:
    """Return a period as the page's address has it."""
    if period.first is None:
        return {"period": ALL}
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def shown(account: Account) -> dict[str, Any]:
    """Return an account as the page shows it."""
    return {
        "currency": account.currency,
        "opening": account.opening_balance,
        "closing": account.closing_balance,
        "overdue": account.overdue,
        "held": account.held,
        "debit": account.debit,
        "credit": account.credit,
        "rows": [shown_row(row) for row in account.rows],
        "open_items": account.open_items,
    }


def shown_row(row: Row) -> dict[str, Any]:
    """Return an entry as the page shows it: its words, where it leads, and what of it moved nothing."""
    entry, part = row.entry, row.without_effect
    return {
        "entry": entry,
        "kind": KINDS[entry.kind],
        "method": dict(PaymentMethod.choices).get(entry.method, entry.method),
        "url": reverse("invoicing:invoice_detail", args=[entry.claim if entry.method else entry.id]),
        "part": format_html(str(PARTS[entry.kind]), money(part, entry.currency)) if part else "",
        "debit": row.debit or None,
        "credit": row.credit or None,
        "balance": row.balance,
    }
