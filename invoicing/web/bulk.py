"""What is done with several invoices at once: first what will happen is shown, then it is done, then told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Permission
from accounts.errors import NotFound
from accounts.identifiers import new_token
from accounts.tables import TableFormat, table_response
from accounts.templatetags.ui import count
from accounts.tenancy import require
from invoicing.domain.lifecycle import today
from invoicing.models import Invoice
from invoicing.services.bundles import bundle_of, make_again, zip_chunks
from invoicing.services.exports import invoice_sheet
from invoicing.services.selection import MOST, Act, Outcome, Outlook, Refusal, carry_out_each, foresee
from invoicing.web.base import InvoicePage
from invoicing.web.lists import in_order, narrowed, ordering_of
from invoicing.web.narrowing import asked_of, without

ZIP: Final = "zip"
TOLD: Final = 20  # refusals by name


class SelectedPage(InvoicePage):
    """A page about the invoices that were ticked in the list, or all that it shows."""

    def rows(self, data: QueryDict) -> QuerySet[Invoice]:
        """Return the invoices that are meant."""
        if data.get("all"):
            asked = asked_of(QueryDict(data.get("query", "")))
            return in_order(narrowed(self, asked, at=timezone.now()).qs, ordering_of(asked))
        ids = [pk for pk in data.getlist("selected") if "\0" not in pk]
        return self.invoices().filter(pk__in=ids[: MOST + 1]).order_by("-created_at", "-id")

    def chosen(self, data: QueryDict) -> list[Invoice]:
        """Return at most one more than can be dealt with at once, each with its client and business."""
        invoices = list(self.rows(data).select_related("client", "parent")[: MOST + 1])
        for invoice in invoices:
            invoice.business = self.business
        return invoices

    def list_url(self, data: QueryDict) -> str:
        """Return the list as it was."""
        query = without(asked_of(QueryDict(data.get("query", ""))), "page").urlencode()
        return reverse("invoicing:invoice_list") + (f"?{query}" if query else "")

    def common(self, data: QueryDict, act: str, invoices: Sequence[Invoice]) -> dict[str, Any]:
        """Return what every page about ticked invoices needs."""
        return {
            "act": act,
            "chosen": len(invoices),
            "most": MOST,
            "too_many": len(invoices) > MOST,
            "back_url": self.list_url(data),
            "query": data.get("query", ""),
        }


class Selected(SelectedPage):
    """One act on the ticked invoices: ``GET`` shows what will happen or hands over a file, ``POST`` does it."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show it. Raises ``NotFound`` for an act that there is not."""
        act, data = request.GET.get("act", ""), request.GET
        if act in list(TableFormat):
            return self.table(data, act)
        if act != ZIP and act not in list(Act):
            raise NotFound
        if act != ZIP:
            require(self.actor, self.business, Permission.WRITE)
        invoices = self.chosen(data)
        if not invoices:
            messages.info(request, _("Tick the invoices first."))
            return redirect(self.list_url(data))
        if act == ZIP:
            return self.files(data, invoices)
        return self.question(data, Act(act), invoices)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it, and go back to the list with what was done and what was refused."""
        act, data = request.POST.get("act", ""), request.POST
        if act == ZIP:
            make_again(bundle_of(self.chosen(data)[:MOST]), actor=self.actor, at=timezone.now())
            return redirect(f"{request.path}?{without(data, 'csrfmiddlewaretoken', 'once').urlencode()}")
        if act not in list(Act):
            raise NotFound
        require(self.actor, self.business, Permission.WRITE)
        return self.once(lambda: self.carry_out(data, Act(act)), otherwise=self.list_url(data))

    def carry_out(self, data: QueryDict, act: Act) -> str:
        """Do it and tell; return where to go."""
        invoices = self.chosen(data)[:MOST]
        outcome = carry_out_each(act, invoices, actor=self.actor, at=timezone.now())
        if outcome.done:
            messages.success(self.request, DONE[act](len(outcome.done)))
        if outcome.refused:
            messages.warning(self.request, told(outcome))
        return self.list_url(data)

    def question(self, data: QueryDict, act: Act, invoices: Sequence[Invoice]) -> HttpResponse:
        """Show what the act would do."""
        outlook = (
            Outlook() if len(invoices) > MOST else foresee(act, invoices, business=self.business, at=timezone.now())
        )
        context = self.common(data, act, invoices) | {
            "outlook": outlook,
            "title": TITLES[act](len(outlook.possible)) if outlook.possible else str(NONE[act]()),
            "sums": sums_of(outlook.possible) if act != Act.DELETE else [],
            "once": new_token(16),
        }
        return self.page("invoicing/selected.html", context)

    def files(self, data: QueryDict, invoices: Sequence[Invoice]) -> HttpResponseBase:
        """Hand over the ZIP where all is there, else show how far it is."""
        bundle = bundle_of(invoices[:MOST])
        url = f"{reverse('invoicing:selected_files')}?{without(data, 'act').urlencode()}"
        part = self.request.headers.get("HX-Request") == "true"
        if len(bundle.ready) == len(invoices) <= MOST and not part:
            return redirect(url)
        context = self.common(data, ZIP, invoices) | {"bundle": bundle, "files_url": url, "part": part}
        context["again"] = [(name, value) for name, values in data.lists() for value in values]
        context["self_url"] = self.request.get_full_path()
        return self.page(f"invoicing/selected_{'files' if part else 'zip'}.html", context)

    def table(self, data: QueryDict, form: str) -> HttpResponseBase:
        """Hand over the ticked invoices as a table."""
        at = timezone.now()
        table = invoice_sheet(self.rows(data), at=at, business=self.business)
        return table_response(table, form, name=f"invoices-{today(self.business.timezone, at=at)}")


class SelectedFiles(SelectedPage):
    """The stored PDFs of the ticked invoices as one ZIP."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Hand it over, or go to the page that says what is missing."""
        invoices = self.chosen(request.GET)
        bundle = bundle_of(invoices)
        if not bundle.ready or bundle.making or len(invoices) > MOST:
            data = without(request.GET, "act").urlencode()
            return redirect(f"{reverse('invoicing:selected')}?act={ZIP}&{data}")
        name = f"invoices-{today(self.business.timezone, at=timezone.now())}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Accel-Buffering": "no"}
        return StreamingHttpResponse(zip_chunks(bundle.ready), content_type="application/zip", headers=headers)


def sums_of(invoices: Sequence[Invoice]) -> list[tuple[str, Decimal]]:
    """Return what invoices ask for by currency, never added over unlike ones."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for invoice in invoices:
        sums[invoice.currency] += invoice.total if invoice.is_draft else invoice.amount_due
    return sorted(sums.items())


def told(outcome: Outcome) -> SafeString:
    """Return what was refused, each by its number with the reason."""
    refused, shown = outcome.refused, outcome.refused[:TOLD]
    head = ngettext("%(n)s was refused:", "%(n)s were refused:", len(refused)) % {"n": count(len(refused))}
    items = format_html_join("", "<li><bdi>{}</bdi>: {}</li>", ((name_of(each), each.reason) for each in shown))
    more = len(refused) - len(shown)
    rest = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": count(more)} if more else ""
    return format_html("{}<ul>{}</ul>{}", head, items, rest)


def name_of(refusal: Refusal) -> str:
    """Return what people call an invoice: its number, or a draft's client."""
    return refusal.invoice.number or _("Draft for %(client)s") % {"client": refusal.invoice.client_name}


def _counted(number: int) -> dict[str, str]:
    return {"n": count(number)}


TITLES: Final[dict[Act, Callable[[int], str]]] = {
    Act.SEND: lambda n: ngettext("Send %(n)s invoice?", "Send %(n)s invoices?", n) % _counted(n),
    Act.REMIND: lambda n: ngettext("Remind of %(n)s invoice?", "Remind of %(n)s invoices?", n) % _counted(n),
    Act.PAY: lambda n: ngettext("Mark %(n)s invoice as paid?", "Mark %(n)s invoices as paid?", n) % _counted(n),
    Act.DELETE: lambda n: ngettext("Delete %(n)s draft?", "Delete %(n)s drafts?", n) % _counted(n),
}
NONE: Final[dict[Act, Callable[[], str]]] = {
    Act.SEND: lambda: _("None of these can be sent"),
    Act.REMIND: lambda: _("There is nothing to remind of"),
    Act.PAY: lambda: _("None of these can be marked as paid"),
    Act.DELETE: lambda: _("None of these can be deleted"),
}
DONE: Final[dict[Act, Callable[[int], str]]] = {
    Act.SEND: lambda n: ngettext("%(n)s mail is on its way.", "%(n)s mails are on their way.", n) % _counted(n),
    Act.REMIND: lambda n: (
        ngettext("%(n)s reminder is on its way.", "%(n)s reminders are on their way.", n) % _counted(n)
    ),
    Act.PAY: lambda n: (
        ngettext("%(n)s invoice is marked as paid.", "%(n)s invoices are marked as paid.", n) % _counted(n)
    ),
    Act.DELETE: lambda n: ngettext("%(n)s draft was deleted.", "%(n)s drafts were deleted.", n) % _counted(n),
}
