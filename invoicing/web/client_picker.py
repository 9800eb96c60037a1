"""Choosing a client while an invoice is written, or making one on the spot."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from accounts.choices import Permission
from accounts.errors import AppError
from accounts.schema import address_lines
from accounts.web.forms import put_errors
from clients.models import Client
from clients.queries import find_clients
from clients.services import client_for
from invoicing.queries.lately import clients_billed_lately
from invoicing.web.base import UNPROCESSABLE, InvoicePage
from invoicing.web.editor_form import NewClientForm

SUGGESTIONS = 8


class ClientChoices(InvoicePage):
    """Clients that match what is typed, as entries of a list; before anything is typed, those billed last."""

    permission = Permission.WRITE

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the first few."""
        term = request.GET.get("q", "")[:200].strip()
        found: list[Client] = []
        if not term:
            found = clients_billed_lately(actor=self.actor, business=self.business, limit=SUGGESTIONS)
        if len(found) < SUGGESTIONS:
            others = find_clients(actor=self.actor, term=term, business=self.business, limit=SUGGESTIONS)
            found += [each for each in others if each not in found]
        cards = [card_of(client) for client in found[:SUGGESTIONS]]
        return render(request, "invoicing/client_choices.html", {"cards": cards, "term": term})


class ClientOnTheSpot(InvoicePage):
    """A new client with the little that is known while an invoice is written."""

    permission = Permission.WRITE

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make it and return its card, or the fields with what is wrong."""
        form = NewClientForm(request.POST)
        form.is_valid()
        given = form.cleaned_data
        try:
            client = client_for(
                actor=self.actor,
                business=self.business,
                name=given["client_name"],
                email=given["client_email"],
                data={"type": given["client_type"]} if given["client_type"] else {},
                at=timezone.now(),
            )
        except AppError as refused:
            if not refused.errors:
                raise
            put_errors(form, refused)
            return render(request, "invoicing/client_new.html", {"form": form}, status=UNPROCESSABLE)
        return render(request, "invoicing/client_made.html", {"card": card_of(client)}, status=201)


def card_of(client: Client) -> dict[str, Any]:
    """Return what is shown of a client: name, where it is, and the numbers it is taxed by."""
    numbers = [("VAT", client.vat_number)] + [(each["type"], each["value"]) for each in client.tax_ids]
    return {
        "client": client,
        "initials": initials(client.name),
        "place": ", ".join(address_lines(client.address, (get_language() or "en")[:2])),
        "numbers": [(kind, value) for kind, value in numbers if value],
    }


def initials(name: str) -> str:
    """Return the first letters of the first two words; a space between Arabic ones, which would join."""
    letters = [word[0].upper() for word in name.split() if word[0].isalnum()][:2]
    return (" " if any("\u0600" <= letter <= "\u06ff" for letter in letters) else "").join(letters)
