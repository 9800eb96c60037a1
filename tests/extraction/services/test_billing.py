"""Lines of suppliers' documents billed on to clients."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Business
from accounts.tenancy import Actor
from extraction.errors import InvalidDocument, NothingRead
from extraction.models import Billing, Document
from extraction.services.billing import bill_document, billable_of
from extraction.services.verifying import EMPTY
from invoicing.errors import InvalidInvoice
from invoicing.models import Invoice
from tests.extraction import papers
from tests.factories.accounts import make_business
from tests.factories.clients import make_client
from tests.factories.extraction import make_document, make_read

pytestmark = pytest.mark.django_db
LINE: dict[str, Any] = dict.fromkeys(
    ("description", "sku", "quantity", "unit", "unit_price", "tax_rate", "amount"), None
)


@pytest.fixture
def business() -> Business:
    return make_business(currency="MAD", name="Studio", tax_rate=20)


def holding(business: Business, *lines: dict[str, Any], **data: Any) -> Document:
    """Return a document whose verified data are these."""
    document = make_document(business, papers.plain(mark=str(data) + str(lines)))
    document.verified_data = {**EMPTY, "currency": "EUR", **data, "items": [{**LINE, **line} for line in lines]}
    document.verified_at = timezone.now()
    document.save()
    return document


def bill(document: Document, **data: Any) -> Invoice:
    if "client_id" not in data and "client_name" not in data:
        data["client_name"] = "Riad"
    return bill_document(document=document, actor=Actor.system(document.business_id), data=data, at=timezone.now())


def lines_of(invoice: Invoice) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    return [(line.name, line.quantity, line.unit_price, line.tax_rate) for line in invoice.lines.order_by("position")]


def test_all_lines_become_a_draft_in_the_documents_currency_at_our_own_rate(business: Business) -> None:
    document = make_read(business)
    client = make_client(business, name="Riad")
    invoice = bill(document, client_id=client.pk, markup="10")
    assert lines_of(invoice) == [("Paper", Decimal(20), Decimal("5.5"), Decimal(20))]
    assert (invoice.currency, invoice.total, invoice.client_id) == ("EUR", Decimal(132), client.pk)
    assert invoice.is_draft
    event = invoice.events.get()
    assert event.data == {"document": document.pk, "document_number": "2026-118"}
    billing = Billing.objects.get()
    assert (billing.document_id, billing.invoice_id, billing.lines, billing.markup) == (
        document.pk,
        invoice.pk,
        [0],
        Decimal(10),
    )


def test_chosen_lines_keep_the_documents_order(business: Business) -> None:
    names = [{"description": name, "quantity": "1", "unit_price": "2", "amount": "2"} for name in "abc"]
    assert [line[0] for line in lines_of(bill(holding(business, *names), lines=[2, 0]))] == ["a", "c"]


def test_verified_data_count_before_what_was_read(business: Business) -> None:
    document = make_read(business)
    assert document.latest is not None
    document.verified_data = {**(document.latest.data or {}), "items": [{**LINE, "description": "Ours", "amount": "7"}]}
    document.save()
    assert lines_of(bill(document)) == [("Ours", Decimal(1), Decimal(7), Decimal(20))]


@pytest.mark.parametrize(
    ("line", "quantity", "price"),
    [
        ({"quantity": "3", "unit_price": "2.5", "amount": "7.5"}, "3", "2.5"),
        ({"quantity": "3", "amount": "7.5"}, "3", "2.5"),
        # A discount of the line is in its amount.
        ({"quantity": "4", "unit_price": "10", "amount": "36"}, "4", "9"),
        ({"quantity": "0.0000001", "unit_price": "10", "amount": "5"}, "1", "5"),
        ({"quantity": "0", "amount": "5"}, "1", "5"),
        ({"unit_price": "8"}, "1", "8"),
        # A third of a cent each would not come to the amount.
        ({"quantity": "700000", "amount": "1000"}, "1", "1000"),
    ],
)
def test_the_amount_counts_where_price_and_quantity_do_not_make_it(
    business: Business, line: dict[str, Any], quantity: str, price: str
) -> None:
    found = billable_of(holding(business, {"description": "x", **line})).lines[0]
    assert (found.quantity, found.unit_price) == (Decimal(quantity), Decimal(price))


def test_tax_within_the_lines_is_taken_out(business: Business) -> None:
    document = holding(
        business,
        {"description": "a", "amount": "120", "tax_rate": "20"},
        {"description": "b", "amount": "60"},
        subtotal="150",
        tax="30",
        total="180",
    )
    assert [line.unit_price for line in billable_of(document).lines] == [Decimal(100), Decimal(50)]


def test_a_document_without_lines_is_one_line(business: Business) -> None:
    document = holding(business, total="120", tax="20")
    document.vendor, document.number = "Example Paper Ltd", "A-1"
    assert [(line.name, line.unit_price) for line in billable_of(document).lines] == [
        ("Example Paper Ltd, A-1", Decimal(100))
    ]


def test_a_long_description_keeps_its_rest(business: Business) -> None:
    long = "word " * 60
    invoice = bill(holding(business, {"description": f"{long}\nsecond", "amount": "1"}))
    line = invoice.lines.get()
    assert len(line.name) <= 200
    assert f"{line.name} {line.description}".split() == [*long.split(), "second"]


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"lines": []}, {"lines"}),
        ({"lines": "0"}, {"lines"}),
        ({"lines": [0, 0]}, {"lines[1]"}),
        ({"lines": [5, True]}, {"lines[0]", "lines[1]"}),
        ({"lines": [1]}, {"lines[0]"}),  # a discount
        ({"markup": -1}, {"markup"}),
        ({"markup": "many"}, {"markup"}),
    ],
)
def test_what_is_wrong_is_named(business: Business, data: dict[str, Any], errors: set[str]) -> None:
    document = holding(business, {"description": "a", "amount": "5"}, {"description": "b", "amount": "-1"})
    with pytest.raises(InvalidDocument) as refused:
        bill(document, **data)
    assert set(refused.value.errors) == errors
    assert not Invoice.objects.exists()


def test_what_cannot_be_billed_is_left_out_by_default(business: Business) -> None:
    document = holding(business, {"description": "a", "amount": "5"}, {"description": "b", "amount": "-1"})
    assert [line[0] for line in lines_of(bill(document))] == ["a"]


def test_nothing_read_unknown_currency_and_no_client_are_refused(business: Business) -> None:
    with pytest.raises(NothingRead):
        bill(make_document(business))
    with pytest.raises(InvalidDocument) as refused:
        bill(holding(business, {"description": "a", "amount": "5"}, currency=None))
    assert set(refused.value.errors) == {"currency"}
    with pytest.raises(InvalidInvoice):
        bill(holding(business, {"description": "b", "amount": "5"}), client_name="")
    assert not Billing.objects.exists()


def test_another_business_has_no_such_client(business: Business) -> None:
    stranger = make_client(make_business(), name="Elsewhere")
    with pytest.raises(InvalidInvoice) as refused:
        bill(holding(business, {"description": "a", "amount": "5"}), client_id=stranger.pk)
    assert set(refused.value.errors) == {"client_id"}
