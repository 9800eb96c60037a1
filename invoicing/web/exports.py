"""The lists of invoices and clients as files, as they are filtered and sorted on their pages."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotFound
from accounts.tables import TableFormat, table_response
from clients.filters import ClientFilter
from clients.web.views import ORDERS, ClientPage
from invoicing.domain.lifecycle import today
from invoicing.services.exports import client_sheet, invoice_sheet
from invoicing.web.base import InvoicePage
from invoicing.web.lists import in_order, narrowed, ordering_of
from invoicing.web.narrowing import asked_of, problems_of, without


class InvoiceExport(InvoicePage):
    """The invoices that a list shows, on all its pages."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the file, or go back to the list, which says what is wrong with its filters."""
        form, at, asked = form_of(request.GET), timezone.now(), asked_of(request.GET)
        filters = narrowed(self, asked, at=at)
        if problems_of(filters, asked):
            return back("invoicing:invoice_list", request.GET)
        rows = in_order(filters.qs, ordering_of(asked))
        table = invoice_sheet(rows, at=at, business=self.business)
        return table_response(table, form, name=f"invoices-{today(self.business.timezone, at=at)}")


class ClientExport(ClientPage):
    """The clients that a list shows, on all its pages."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the file, or go back to the list."""
        form, at = form_of(request.GET), timezone.now()
        filters = ClientFilter(request.GET, queryset=self.clients())
        if not filters.form.is_valid():
            return back("clients:client_list", request.GET)
        asked = request.GET.get("ordering", "")
        ordering = asked if asked in ORDERS else "name"
        rows = filters.qs.order_by(ordering, "-id" if ordering.startswith("-") else "id")
        table = client_sheet(rows, business=self.business, at=at)
        return table_response(table, form, name=f"clients-{today(self.business.timezone, at=at)}")


def form_of(query: QueryDict) -> str:
    """Return the kind of file that is asked for. Raises ``NotFound``."""
    form = query.get("format", "")
    if form not in list(TableFormat):
        raise NotFound
    return form


def back(name: str, query: QueryDict) -> HttpResponseBase:
    """Go to a list with what was asked of it."""
    return redirect(f"{reverse(name)}?{without(query, 'format').urlencode()}")
