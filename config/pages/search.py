"""Search over everything of a business: the page, and what the command palette shows while one types."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.choices import Permission
from accounts.search import normalise
from accounts.templatetags.ui import figure_text
from accounts.web.base import DashboardMixin
from accounts.web.settings import SECTIONS
from clients.queries import clients_found
from extraction.queries import papers_found
from invoicing.models import Invoice
from invoicing.queries import statuses_of
from invoicing.queries.search import amounts_meant, documents_found, documents_of_amount

LONGEST_TERM: Final = 200
ON_PAGE: Final = 10
IN_PALETTE: Final = 5
COUNTED: Final = 1000  # no search counts further
SHORT: Final = 2  # letters: no index helps to find so few
NEWEST: Final = 1000  # documents that the palette looks through for them
PALETTE: Final = "palette-found"
EXAMPLE: Final = Decimal(22680)  # of an amount


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind: the first rows, how many there are (at most ``COUNTED``), and where all are listed."""

    name: str
    label: Promise
    rows: list[Any]
    count: int
    url: str
    all_label: Promise

    @property
    def more(self) -> bool:
        """Whether there are more than the rows."""
        return self.count > len(self.rows)


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do: an address, or a button of a form that stands on every page."""

    label: Promise | str
    icon: str
    url: str = ""
    form: str = ""
    name: str = ""
    value: str = ""
    dialog: str = ""
    key: str = ""
    writes: bool = False
    detail: Promise | str = ""  # what it is among
    words: str = ""  # others that it is found by

    @property
    def text(self) -> str:
        """The normalised words it is found by."""
        return normalise(f"{self.label} {self.detail} {self.words}")


COMMANDS: Final = (
    Command(gettext_lazy("New invoice"), "plus", url="invoicing:invoice_new", key="N", writes=True),
    Command(gettext_lazy("New client"), "plus", url="clients:client_new", writes=True),
    Command(gettext_lazy("Add a document"), "upload", url="extraction:document_new", writes=True),
    Command(gettext_lazy("Home"), "home", url="home", key="G H"),
    Command(gettext_lazy("Invoices"), "invoice", url="invoicing:invoice_list", key="G I"),
    Command(gettext_lazy("Clients"), "clients", url="clients:client_list", key="G C"),
    Command(gettext_lazy("Documents"), "documents", url="extraction:document_list", key="G D"),
    Command(gettext_lazy("Verify the next document"), "tick", url="extraction:verify_next", writes=True),
    Command(gettext_lazy("Shortcuts"), "keyboard", dialog="shortcuts", key="?", words="keyboard help"),
    *(Command(label, "settings", url=url, detail=gettext_lazy("Settings")) for url, label in SECTIONS),
    *(
        Command(
            label, icon, form="palette-theme", name="theme", value=value, detail=pgettext_lazy("light or dark", "Theme")
        )
        for value, label, icon in (
            ("light", gettext_lazy("Light"), "sun"),
            ("dark", gettext_lazy("Dark"), "moon"),
            ("system", gettext_lazy("System"), "screen"),
        )
    ),
    *(
        Command(label, "globe", form="palette-language", name="language", value=code, detail=gettext_lazy("Language"))
        for code, label in (("ar", "العربية"), ("en", "English"), ("fr", "Français"))
    ),
    Command(gettext_lazy("Guide to the API"), "documents", url="guide"),
    Command(gettext_lazy("Log out"), "log-out", form="palette-logout"),
)


class Search(DashboardMixin):
    """Documents and clients of the business, by words or by an amount."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what was found, as a page or as entries of the palette."""
        term = " ".join(request.GET.get("q", "")[:LONGEST_TERM].split())
        if request.headers.get("HX-Target") == PALETTE:
            return render(request, "components/palette_found.html", self.palette(term))
        groups = self.groups(term, ON_PAGE) if term else []
        context = {
            "term": term,
            "groups": [group for group in groups if group.rows],
            "total": sum(group.count for group in groups),
            "example": figure_text(EXAMPLE, self.business.currency),
        }
        return render(request, "search.html", self.get_context_data(**context))

    def palette(self, term: str) -> dict[str, Any]:
        """Return the palette's entries: what was found, then what can be done."""
        groups = self.groups(term, IN_PALETTE) if term else []
        found = [group for group in groups if group.rows]
        client = next((group.rows[0] for group in found if group.name == "clients"), None)
        return {
            "term": term,
            "groups": found,
            "commands": commands_for(term, writes=self.may_write),
            "client": client if self.may_write else None,
        }

    @property
    def may_write(self) -> bool:
        """Whether this person may write invoices and clients."""
        return self.actor.may(self.business.pk, Permission.WRITE)

    def groups(self, term: str, limit: int) -> list[Group]:
        """Return what was found of each kind, an amount that was typed first. Each kind takes two queries."""
        groups = [self.clients(term, limit), self.invoices(term, limit), self.documents(term, limit)]
        amounts = amounts_meant(term)
        return [self.amounts(amounts, limit), *groups] if amounts else groups

    def clients(self, term: str, limit: int) -> Group:
        """Return the clients in which the words stand."""
        rows = clients_found(business=self.business, term=term)
        url = address("clients:client_list", search=term)
        return Group("clients", gettext_lazy("Clients"), *first(rows, limit), url, gettext_lazy("All in clients"))

    def invoices(self, term: str, limit: int) -> Group:
        """Return the documents in which the words stand."""
        too_short = all(len(word) <= SHORT for word in normalise(term).split())
        newest = NEWEST if too_short and limit == IN_PALETTE else None
        rows = documents_found(business=self.business, term=term, newest=newest)
        url = address("invoicing:invoice_list", search=term)
        return invoice_group("invoices", gettext_lazy("Invoices"), rows, limit, url)

    def documents(self, term: str, limit: int) -> Group:
        """Return the suppliers' documents in which the words stand."""
        rows = papers_found(business_id=self.business.pk, term=term)
        url = address("extraction:document_list", search=term)
        return Group("documents", gettext_lazy("Documents"), *first(rows, limit), url, gettext_lazy("All in documents"))

    def amounts(self, amounts: list[Decimal], limit: int) -> Group:
        """Return the documents of which this is the total or what is due."""
        rows = documents_of_amount(business=self.business, amounts=amounts)
        url = address("invoicing:invoice_list", min_amount=amounts[0], max_amount=amounts[0])
        return invoice_group("amounts", gettext_lazy("Invoices of this amount"), rows, limit, url)


def first(rows: QuerySet[Any], limit: int) -> tuple[list[Any], int]:
    """Return the first rows and how many there are, counted to ``COUNTED``."""
    return list(rows[:limit]), rows.order_by()[:COUNTED].count()


def invoice_group(name: str, label: Promise, rows: QuerySet[Invoice], limit: int, url: str) -> Group:
    """Return a group of documents, each with its status."""
    shown, count = first(rows, limit)
    with_status = list(zip(shown, statuses_of(shown, at=timezone.now()), strict=True))
    return Group(name, label, with_status, count, url, gettext_lazy("All in invoices"))


def address(name: str, **query: object) -> str:
    """Return the address of a list with what it is narrowed by."""
    return f"{reverse(name)}?{urlencode(query)}"


def commands_for(term: str, *, writes: bool) -> list[Command]:
    """Return the commands in whose name each word of a term stands, or a word begins if it is of one or two letters."""
    words = [word if len(word) > SHORT else f" {word}" for word in normalise(term).split()]
    return [
        command
        for command in COMMANDS
        if (writes or not command.writes) and all(word in f" {command.text}" for word in words)
    ]


search = Search.as_view()
