"""The pages of clients: a skin over ``clients.services``."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.choices import Permission
from accounts.errors import LostUpdate, NotFound
from accounts.schema import address_lines, country_name
from accounts.search import normalise
from accounts.web.base import DashboardMixin
from accounts.web.tax_fields import rearranged
from clients.errors import InvalidClient
from clients.filters import ClientFilter
from clients.models import Client, ClientQuerySet
from clients.queries import is_unused, similar_clients
from clients.services import save_client
from clients.web.forms import ClientForm

PAGE_SIZE = 25
ORDERS = ("name", "-name", "created_at", "-created_at")
UNPROCESSABLE = 422  # the status of a form that is shown again, which htmx swaps in too


class ClientPage(DashboardMixin):
    """What the pages of clients share."""

    nav_active = "clients"

    def clients(self) -> ClientQuerySet:
        """Return the clients of the business that is looked at."""
        return Client.objects.for_actor(self.actor).filter(business=self.business)

    def client_or_404(self, pk: str) -> Client:
        """Return one client of the business. Raises ``NotFound``."""
        client = self.clients().filter(pk=pk).first()
        if client is None:
            raise NotFound
        client.business = self.business
        return client

    def page(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Render a page of this app."""
        return render(self.request, template, self.get_context_data(**context), status=status)


class ClientList(ClientPage):
    """All clients, searched, filtered and sorted. An upper app may narrow it further and show more of each."""

    template_name = "clients/client_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the list."""
        query = request.GET
        filters = ClientFilter(query, queryset=self.clients())
        asked = query.get("ordering", "")
        ordering = asked if asked in ORDERS else "name"
        rows = self.narrowed(filters.qs)
        in_order = rows.order_by(ordering, "-id" if ordering.startswith("-") else "id")
        page = Paginator(in_order, PAGE_SIZE).get_page(query.get("page"))
        shown: list[Any] = list(page.object_list)
        for client in shown:
            client.country_name = country_name(client.country, short_language()) if client.country else ""
        archived = query.get("archived") == "true"
        context = {
            "page": page,
            "clients": shown,
            "query": without_page(query),
            "ordering": ordering,
            "name_order": "-name" if ordering == "name" else "name",
            "date_order": "created_at" if ordering == "-created_at" else "-created_at",
            "term": query.get("search", ""),
            "country": query.get("country", ""),
            "countries": self.countries(),
            "kept": [(name, query[name]) for name in ("archived", "standing") if query.get(name)],
            "archived": archived,
            "any_client": bool(shown) or self.clients().exists(),
            "filters": chosen(query),
            "tabs": self.tabs(query),
        }
        return self.page(self.template_name, context | self.further(shown, rows))

    def narrowed(self, rows: ClientQuerySet) -> ClientQuerySet:
        """Return the clients that the list shows, of those that the filters leave."""
        return rows

    def tabs(self, query: QueryDict) -> list[dict[str, Any]]:
        """Return the tabs over the list. Search and country stay when the tab changes."""
        archived = query.get("archived") == "true"
        return [
            tab(pgettext("clients", "Active"), query, current=not archived),
            tab(pgettext("clients", "Archived"), query, current=archived, archived="true"),
        ]

    def countries(self) -> list[tuple[str, str]]:
        """Return the countries that clients are in, by name."""
        codes = self.clients().exclude(country="").order_by("country").values_list("country", flat=True).distinct()
        names = [(code, country_name(code, short_language())) for code in codes]
        return sorted(names, key=lambda each: normalise(each[1]))

    def further(self, clients: list[Client], rows: ClientQuerySet) -> dict[str, Any]:
        """Return what an upper app adds: ``clients`` are those of the page, ``rows`` all that the list shows."""
        return {}


class ClientDetail(ClientPage):
    """One client. An upper app may show more of it by a template that extends ours."""

    template_name = "clients/client_detail.html"

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show the client."""
        client = self.client_or_404(pk)
        return self.page(self.template_name, {"client": client, **self.shown(client), **self.further(client)})

    def shown(self, client: Client) -> dict[str, Any]:
        """Return what the page needs beside the client."""
        lines = address_lines(client.address, short_language(), with_country=True)
        return {"address_lines": lines, "type_label": client.get_type_display(), "unused": is_unused(client)}

    def further(self, client: Client) -> dict[str, Any]:
        """Return what an upper app adds to the page."""
        return {}


class ClientNew(ClientPage):
    """A new client."""

    permission = Permission.WRITE

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the empty form."""
        return self.form_page(ClientForm(business=self.business))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the client, or show the form again with what is wrong."""
        if request.POST.get("act") == "country":
            return self.other_country()
        return self.save(ClientForm(request.POST, business=self.business))

    def other_country(self, client: Client | None = None) -> HttpResponse:
        """Show the tax numbers of another country, with all that is typed so far; to htmx they alone."""
        data = rearranged(self.request.POST, self.request.POST.get("address_country") or self.business.country)
        form = ClientForm(data, business=self.business, client=client)
        if self.request.headers.get("HX-Request") == "true":
            return render(self.request, "accounts/tax_numbers.html", {"form": form})
        return self.form_page(form, client)

    def save(self, form: ClientForm, client: Client | None = None) -> HttpResponse:
        """Let the service save what was typed."""
        if form.is_valid():
            try:
                saved = save_client(
                    actor=self.actor,
                    business=self.business,
                    data=form.values(),
                    client=client,
                    version=form.cleaned_data["version"] if client else None,
                    at=timezone.now(),
                )
            except (InvalidClient, LostUpdate) as error:
                form.refuse(error)
            else:
                messages.success(self.request, _("Saved."))
                return redirect("clients:client_detail", saved.pk)
        return self.form_page(form, client, status=UNPROCESSABLE)

    def form_page(self, form: ClientForm, client: Client | None = None, status: int = 200) -> HttpResponse:
        """Show the form."""
        return self.page("clients/client_form.html", {"form": form, "client": client}, status=status)


class ClientEdit(ClientNew):
    """Changes to a client."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:  # type: ignore[override]  # its address names one
        """Show the form with what is kept."""
        client = self.client_or_404(pk)
        return self.form_page(ClientForm(business=self.business, client=client), client)

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:  # type: ignore[override]  # likewise
        """Save the changes, or show the form again with what is wrong."""
        client = self.client_or_404(pk)
        if request.POST.get("act") == "country":
            return self.other_country(client)
        return self.save(ClientForm(request.POST, business=self.business, client=client), client)


class SimilarClients(ClientPage):
    """Clients who may be the one that is being written, so that nobody is kept twice."""

    permission = Permission.WRITE

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return them as a hint."""
        query = request.GET
        found = similar_clients(
            business=self.business, name=query.get("name", ""), vat_number=query.get("vat_number", ""),
            email=query.get("email", ""), but=query.get("client", ""),
        )  # fmt: skip
        return self.page("clients/similar.html", {"similar": found})


def short_language() -> str:
    """Return the reader's language as Babel names it."""
    return (get_language() or "en").replace("-", "_")


def without_page(query: QueryDict) -> str:
    """Return a query without its page, encoded."""
    rest = query.copy()
    rest.pop("page", None)
    return rest.urlencode()


def tab(label: str, query: QueryDict, *, current: bool, count: int | None = None, **parameters: str) -> dict[str, Any]:
    """Return a tab over the list: what is searched and filtered stays, and ``parameters`` come to it."""
    target = query.copy()
    for name in ("page", "archived", "standing"):
        target.pop(name, None)
    for name, value in parameters.items():
        target[name] = value
    address = reverse("clients:client_list") + (f"?{target.urlencode()}" if target else "")
    return {"label": label, "url": address, "current": current, "count": count}


def chosen(query: QueryDict) -> list[str]:
    """Return what the list was narrowed by, in words to show."""
    words = [str(query[name]) for name in ("search", "type", "category") if query.get(name)]
    country = query.get("country", "")
    return words + ([country_name(country, short_language())] if country else [])
