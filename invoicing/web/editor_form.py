"""The form an invoice is written with: its head, and its lines in the order in which they were sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Language
from accounts.errors import AppError
from accounts.models import Business
from accounts.web.forms import put_errors
from clients.choices import ClientType
from clients.models import Client
from invoicing.choices import InvoiceType
from invoicing.domain.snapshot import second_language_of, seller_of
from invoicing.models import Invoice, Line
from invoicing.web.days import TypedDayField
from invoicing.web.editor_lines import COLUMN_NAMES, COLUMNS, LineForm, fields_of
from invoicing.web.forms import (
    NumberField,
    OnceForm,
    VersionField,
    choice_field,
    code_field,
    currency_choices,
    email_field,
    lines_field,
    text_field,
)

BLANK_ROWS: Final = 3
MOST_CLIENTS_LISTED: Final = 200
ROW_KEY: Final = re.compile(r"items-(\d{1,6})-name", re.ASCII)
ITEM_ERROR: Final = re.compile(r"items\[(\d+)\](?:\.(\w+))?")
INVOICE_TYPES: Final = (InvoiceType.GENERAL, InvoiceType.STANDARD, InvoiceType.SIMPLIFIED)
TERMS: Final = (
    gettext_lazy("Due on receipt"), gettext_lazy("Net 7"), gettext_lazy("Net 15"), gettext_lazy("Net 30"),
    gettext_lazy("Net 60"),
)  # fmt: skip
# What the service takes as it was typed
PLAIN_FIELDS: Final = (
    "language", "currency", "issue_date", "due_date", "supply_date", "payment_terms", "reference", "discount_rate",
    "notes", "footer", "invoice_number", "exchange_rate",
)  # fmt: skip
# Where on the page something may stand that is in the way of issuing
HINT_PLACES: Final = (
    "client_id", "issue_date", "due_date", "exchange_rate", "type", "lines", "currency", "discount_rate", "reason",
    "invoice_number", "payment_terms", "reference", "supply_date", "notes", "footer", "language",
)  # fmt: skip
NEW_CLIENT_FIELDS: Final = ("client_name", "client_email", "client_type")


class NewClientForm(forms.Form):
    """The little that is known of a client who is made while an invoice is written."""

    use_required_attribute = False

    client_name = text_field(gettext_lazy("Name"))
    client_email = email_field(gettext_lazy("Email"))
    client_type = choice_field(gettext_lazy("Kind"), ClientType.choices)


class InvoiceForm(NewClientForm, OnceForm):
    """Everything an invoice says beside its lines."""

    version = VersionField()
    client_id = choice_field(gettext_lazy("Client"))
    type = choice_field(gettext_lazy("Type of document"))
    reason = text_field(gettext_lazy("Reason"))
    language = choice_field(
        gettext_lazy("Language of the invoice"),
        Language.choices,
        help_text=gettext_lazy("The mail and the public page follow it."),
    )
    currency = choice_field(gettext_lazy("Currency"))
    issue_date = TypedDayField(label=gettext_lazy("Issue date"))
    payment_terms = text_field(gettext_lazy("Payment terms"))
    due_date = TypedDayField(label=gettext_lazy("Due date"))
    supply_date = TypedDayField(label=gettext_lazy("Supply date"))
    reference = code_field(gettext_lazy("Client’s reference"))
    discount_rate = NumberField(label=gettext_lazy("Discount on everything"), percent=True)
    prices_include_tax = choice_field(
        gettext_lazy("Prices"),
        [("", gettext_lazy("Prices without tax")), ("yes", gettext_lazy("Prices with tax"))],
    )
    notes = lines_field(gettext_lazy("Note on the invoice"), 3)
    footer = lines_field(gettext_lazy("Footer"), 2)
    invoice_number = code_field(
        gettext_lazy("Number of your own"), help_text=gettext_lazy("Empty: the next one of your series.")
    )
    exchange_rate = NumberField(
        label=gettext_lazy("Exchange rate"),
        help_text=gettext_lazy("Only where the tax must also be stated in your country’s currency."),
    )

    def __init__(self, data: QueryDict | None, *, business: Business, invoice: Invoice | None, client: Client | None):
        self.business, self.invoice, self.named_client = business, invoice, client
        super().__init__(data, initial=initial_of(business, invoice, client))
        self.fields["payment_terms"].widget.attrs["list"] = "terms"
        self.fields["issue_date"].widget.attrs["placeholder"] = _("When issued")
        for name in HINT_PLACES:
            if name in self.fields:
                field = self.fields[name]
                help_id = f"id_{name}_helptext " if field.help_text else ""
                field.widget.attrs["aria-describedby"] = f"{help_id}hint-{name}"

    def fill_choices(self) -> None:
        """Fill the lists to choose from, for a page that shows them."""
        client = self.named_client
        rows = Client.objects.filter(business=self.business).active().order_by("name", "id")
        named = dict(rows.values_list("pk", "name")[:MOST_CLIENTS_LISTED])
        chosen = self["client_id"].value()
        if chosen and chosen not in named:
            named |= dict(Client.objects.filter(business=self.business, pk=chosen).values_list("pk", "name"))
        self.choose("client_id", [("", _("A new client")), *named.items()])
        self.has_clients = bool(named)
        own = [self.business.currency, *(each.currency for each in (self.invoice, client) if each and each.currency)]
        self.choose("currency", currency_choices(*own))
        types = [(each.value, each.label) for each in INVOICE_TYPES]
        self.choose("type", types if self.invoice else [("", _("By country and client")), *types])

    def choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Offer choices in a field."""
        self.fields[name].widget.choices = choices

    def given(self) -> dict[str, Any]:
        """Return what was typed, by the API's names."""
        cleaned, invoice = self.cleaned_data, self.invoice
        data: dict[str, Any] = {name: cleaned[name] for name in PLAIN_FIELDS}
        data["prices_include_tax"] = bool(cleaned["prices_include_tax"])
        if cleaned["client_id"]:
            # Naming the client anew would forget what a draft says of it by itself.
            if invoice is None or cleaned["client_id"] != invoice.client_id:
                data["client_id"] = cleaned["client_id"]
        else:
            data |= {"client_id": ""} | {name: cleaned[name] for name in NEW_CLIENT_FIELDS}
        if invoice is not None and invoice.is_note:
            data["reason"] = cleaned["reason"]
        elif cleaned["type"] and (invoice is None or cleaned["type"] != invoice.type):
            data["type"] = cleaned["type"]
        return data


def initial_of(business: Business, invoice: Invoice | None, client: Client | None) -> dict[str, Any]:
    """Return what the form shows at first: the invoice, or the business's defaults."""
    if invoice is None:
        kept: Any = business
        initial: dict[str, Any] = {
            "client_id": client.pk if client else "",
            "currency": (client and client.currency) or business.currency,
            "language": (client and client.language) or business.language,
        }
    else:
        kept = invoice
        names = ("version", "client_id", "type", "reason", "currency", "language", "supply_date", "reference")
        initial = {name: getattr(invoice, name) for name in names}
        initial |= {
            "issue_date": invoice.issue_date_wish,
            "due_date": invoice.due_date if invoice.due_date_given else None,
            "discount_rate": invoice.discount_rate or None,
            "prices_include_tax": "yes" if invoice.prices_include_tax else "",
            "invoice_number": invoice.number_wish,
            "exchange_rate": invoice.exchange_rate,
        }
    return initial | {name: getattr(kept, name) for name in ("payment_terms", "notes", "footer")}


class Editor:
    """Head and lines together: from what is stored, or from what was sent."""

    def __init__(
        self,
        *,
        business: Business,
        invoice: Invoice | None = None,
        client: Client | None = None,
        data: QueryDict | None = None,
    ) -> None:
        self.business, self.invoice = business, invoice
        self.in_the_way: dict[str, str] = {}  # by line, the first field that is in the way of issuing
        self.form = InvoiceForm(data, business=business, invoice=invoice, client=client)
        self.rate = invoice.tax_rate if invoice else business.tax_rate
        self.currency = str(self.form["currency"].value() or business.currency)
        seller = seller_of(business)
        self.languages_in_two = [each for each in Language.values if second_language_of(seller, each)]
        self.rows = self.sent_rows(data) if data is not None else self.stored_rows()
        if data is not None:
            self.form.is_valid()
            for row in self.rows:
                row.is_valid()
        self.asked = set(data.getlist("columns")) & COLUMNS.keys() if data is not None else set()

    @property
    def in_use(self) -> set[str]:
        """The columns that something stands in, or that go without saying: the tax of whoever charges it."""
        used = set().union(*(row.in_use for row in self.rows))
        if self.rate or self.business.vat_number:
            used.add("tax")
        if str(self.form["language"].value() or self.business.language) in self.languages_in_two:
            used.add("arabic")
        return used

    @property
    def columns(self) -> list[str]:
        """The columns that show, in their order."""
        used = self.in_use
        return [column for column in COLUMNS if column in used or column in self.asked]

    @property
    def column_choices(self) -> list[tuple[str, Any, bool, bool]]:
        """The columns to choose from: word, name, whether it shows and whether it must, since it is used."""
        used, shown = self.in_use, self.columns
        offered = [column for column in COLUMNS if column != "arabic" or self.languages_in_two or column in used]
        return [(column, COLUMN_NAMES[column], column in shown, column in used) for column in offered]

    @cached_property
    def client(self) -> Client | None:
        """The client that is chosen, if it is one of the business's."""
        chosen, invoice = self.form["client_id"].value(), self.invoice
        for known in (self.form.named_client, invoice.client if invoice else None):
            if known is not None and known.pk == chosen:
                return known
        return Client.objects.filter(business=self.business, pk=chosen).first() if chosen else None

    def row(self, index: int | str, data: QueryDict | None = None, line: Line | None = None) -> LineForm:
        """Return one row."""
        return LineForm(data, index=str(index), rate=self.rate, line=line, currency=self.currency)

    def stored_rows(self) -> list[LineForm]:
        """Return the rows of what is stored, and blank ones."""
        lines = list(self.invoice.lines.all()) if self.invoice else []
        rows = [self.row(index, line=line) for index, line in enumerate(lines)]
        return rows + [self.row(len(rows) + number) for number in range(1 if lines else BLANK_ROWS)]

    def sent_rows(self, data: QueryDict) -> list[LineForm]:
        """Return the rows as they were sent: their order is that of the page."""
        return [self.row(match[1], data) for key in data if (match := ROW_KEY.fullmatch(key))]

    @property
    def template_row(self) -> tuple[LineForm, list[Any]]:
        """The row that scripts copy, with every field there is."""
        row = self.row("__row__")
        return row, fields_of(row, COLUMNS)

    @property
    def filled(self) -> list[LineForm]:
        """The rows in which something was written: the invoice's lines."""
        return [row for row in self.rows if not row.is_blank]

    @property
    def next_index(self) -> int:
        """A number that no row has."""
        return max([int(row.index) for row in self.rows], default=-1) + 1

    def rearrange(self, act: str) -> bool:
        """Add, remove or move a row, as a button asks that works without scripts. Return whether one did."""
        verb, _sep, index = act.partition(":")
        place = next((at for at, row in enumerate(self.rows) if row.index == index), None)
        if verb == "add":
            blank = self.row(self.next_index, QueryDict())
            blank.is_valid()
            self.rows.append(blank)
        elif verb == "remove" and place is not None:
            del self.rows[place]
        elif verb == "up" and place:
            self.rows.insert(place - 1, self.rows.pop(place))
        elif verb == "down" and place is not None:
            self.rows.insert(place + 1, self.rows.pop(place))
        return verb in {"add", "remove", "up", "down", "reckon"}

    def given(self) -> dict[str, Any]:
        """Return what was typed, by the API's names."""
        return self.form.given() | {"items": [row.item() for row in self.filled]}

    def given_so_far(self) -> dict[str, Any]:
        """Return what was typed while more is still to come: what is missing does not stand in the way of a preview."""
        data = self.given()
        data["items"] = [{"name": "–", "unit_price": "0"} | item for item in data["items"]]
        if data.get("client_id") == "" and not data["client_name"] and not data["client_email"]:
            data["client_name"] = "–"
        return data

    def put(self, refused: AppError) -> None:
        """Show a refusal at the fields and lines it concerns."""
        head: dict[str, list[Any]] = {}
        for name, sentences in refused.errors.items():
            row, field = self.place_of(name)
            if row is None:
                head[name] = sentences
            else:
                row.add_error(field if field in row.fields else None, [str(sentence) for sentence in sentences])
        if head or not refused.errors:
            put_errors(self.form, AppError(refused.detail, errors=head))

    def place_of(self, name: str) -> tuple[LineForm | None, str]:
        """Return the row and the field that a name such as ``items[0].quantity`` means."""
        match = ITEM_ERROR.fullmatch(name)
        if match is None or int(match[1]) >= len(self.filled):
            return None, name
        return self.filled[int(match[1])], match[2] or ""

    def hints(self, sentences: Mapping[str, list[str]]) -> dict[str, list[str]]:
        """Return what stands in the way of issuing by the place on the page where it is shown."""
        places: dict[str, list[str]] = {}
        for name, texts in sentences.items():
            row, field = self.place_of(name)
            if row is not None:
                place = f"items-{row.index}"
                self.in_the_way.setdefault(place, field)
            elif name.startswith("client"):
                place = "client_id"
            else:
                place = {"items": "lines"}.get(name, name.partition(".")[0])
            places.setdefault(place, []).extend(str(text) for text in texts)
        return places
