"""The pages of clients: a skin over ``clients.services``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from accounts.choices import Permission
from accounts.errors import AppError, LostUpdate, NotFound
from accounts.schema import address_lines, country_name
from accounts.web.base import DashboardMixin
from clients.errors import InvalidClient
from clients.filters import ClientFilter
from clients.models import Client, ClientQuerySet
from clients.services import archive_client, delete_client, restore_client, save_client
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
    """All clients, searched, filtered and sorted."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the list."""
        filters = ClientFilter(request.GET, queryset=self.clients())
        asked = request.GET.get("ordering", "")
        ordering = asked if asked in ORDERS else "name"
        rows = filters.qs.order_by(ordering, "-id" if ordering.startswith("-") else "id")
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        for client in page.object_list:
            client.country_name = country_name(client.country, short_language()) if client.country else ""
        archived = request.GET.get("archived") == "true"
        context = {
            "page": page,
            "query": without_page(request.GET),
            "ordering": ordering,
            "name_order": "-name" if ordering == "name" else "name",
            "date_order": "created_at" if ordering == "-created_at" else "-created_at",
            "term": request.GET.get("search", ""),
            "archived": archived,
            "any_client": bool(page.object_list) or self.clients().exists(),
            "filters": chosen(request.GET),
            "tabs": [
                tab(pgettext("clients", "Active"), "", current=not archived),
                tab(pgettext("clients", "Archived"), "?archived=true", current=archived),
            ],
        }
        return self.page("clients/client_list.html", context)


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
        return {"address_lines": lines, "type_label": client.get_type_display()}

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
        return self.save(ClientForm(request.POST, business=self.business))

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
        return self.save(ClientForm(request.POST, business=self.business, client=client), client)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before something is done to a client."""

    title: Promise
    text: Promise
    button: Promise
    danger: bool = False


class ClientAct(ClientPage):
    """A page that asks, and then does."""

    permission = Permission.WRITE
    question: Question

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Ask."""
        return self.page("clients/client_question.html", {"client": self.client_or_404(pk), "question": self.question})

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Do it, and say so."""
        client = self.client_or_404(pk)
        try:
            return self.act(client)
        except AppError as error:
            messages.error(request, str(error.detail))
            return redirect("clients:client_detail", pk)

    def act(self, client: Client) -> HttpResponse:
        """Do it and return where to go."""
        raise NotImplementedError


class ClientArchive(ClientAct):
    """Hide a client from lists."""

    question = Question(
        gettext_lazy("Archive this client?"),
        gettext_lazy("It leaves the lists. Its invoices stay as they are, and you can restore it at any time."),
        gettext_lazy("Archive"),
    )

    def act(self, client: Client) -> HttpResponse:
        """Archive the client."""
        archive_client(actor=self.actor, client=client, at=timezone.now())
        messages.success(self.request, _("Archived."))
        return redirect("clients:client_detail", client.pk)


class ClientRestore(ClientAct):
    """Bring a client back to the lists."""

    question = Question(
        gettext_lazy("Restore this client?"),
        gettext_lazy("It is in the lists again, and can be billed."),
        gettext_lazy("Restore"),
    )

    def act(self, client: Client) -> HttpResponse:
        """Restore the client."""
        restore_client(actor=self.actor, client=client, at=timezone.now())
        messages.success(self.request, _("Restored."))
        return redirect("clients:client_detail", client.pk)


class ClientDelete(ClientAct):
    """Delete a client for good, or archive it when it was billed."""

    question = Question(
        gettext_lazy("Delete this client?"),
        gettext_lazy("It is gone for good. A client with invoices is archived instead, and its invoices stay whole."),
        gettext_lazy("Delete"),
        danger=True,
    )

    def act(self, client: Client) -> HttpResponse:
        """Delete the client."""
        if delete_client(actor=self.actor, client=client, at=timezone.now()):
            messages.success(self.request, _("Deleted."))
            return redirect("clients:client_list")
        messages.info(self.request, _("It has invoices, so it was archived."))
        return redirect("clients:client_detail", client.pk)


def short_language() -> str:
    """Return the reader's language as Babel names it."""
    return (get_language() or "en").replace("-", "_")


def without_page(query: QueryDict) -> str:
    """Return a query without its page, encoded."""
    rest = query.copy()
    rest.pop("page", None)
    return rest.urlencode()


def tab(label: str, query: str, *, current: bool) -> dict[str, Any]:
    """Return a tab over the list."""
    return {"label": label, "url": reverse("clients:client_list") + query, "current": current, "count": None}


def chosen(query: QueryDict) -> list[str]:
    """Return what the list was narrowed by, in words to show."""
    return [str(query[name]) for name in ("search", "type", "category", "country") if query.get(name)]
