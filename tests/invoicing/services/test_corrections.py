"""Cancellation, credit and debit notes."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Business
from accounts.tenancy import Actor
from invoicing.errors import CreditNoteRequired, ImpossibleMove, InvalidInvoice, MoreThanLeft, RefundFirst
from invoicing.models import Invoice
from invoicing.services.corrections import cancel_invoice, write_note
from invoicing.services.issuing import issue_invoice
from invoicing.services.sending import mark_sent
from invoicing.services.settlement import record_payment, record_refund
from invoicing.web.offers import cancelling
from tests.factories.accounts import make_business
from tests.factories.clients import SAUDI, make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
THIRDS: list[dict[str, Any]] = [
    {"name": "Thing", "quantity": 3, "unit_price": "33.33", "tax_rate": "19.6"},
    {"name": "Other", "unit_price": "0.99"},
]


@pytest.fixture
def business() -> Business:
    return make_business(currency="USD")


def actor(business: Business) -> Actor:
    return Actor.system(business.pk)


def credit(parent: Invoice, **data: Any) -> Invoice:
    data = {"reason": "Wrong", "issue": True} | data
    return write_note(parent=parent, kind="credit_note", actor=actor(parent.business), at=AT, data=data)


def test_unsent_invoice_is_cancelled_and_keeps_its_number(business: Business) -> None:
    invoice = make_issued(business, at=AT)
    done = cancel_invoice(invoice=invoice, actor=actor(business), at=AT)
    assert (done.credit_note, done.invoice.state, done.invoice.number) == (None, "cancelled", "INV-2026-0001")
    assert (done.invoice.amount_due, done.invoice.cancelled_at) == (0, AT)
    with pytest.raises(ImpossibleMove):
        cancel_invoice(invoice=invoice, actor=actor(business), at=AT)


def test_sent_invoice_is_taken_back_by_a_full_credit_note(business: Business) -> None:
    invoice = make_issued(business, discount_rate=10, tax_rate="9.975", at=AT)
    mark_sent(invoice=invoice, actor=actor(business), at=AT)
    done = cancel_invoice(invoice=invoice, actor=actor(business), at=AT)
    note = done.credit_note
    assert note is not None
    assert (note.number, note.total, note.parent_id) == ("CN-2026-0001", invoice.total, invoice.pk)
    assert (done.invoice.state, done.invoice.settlement, done.invoice.amount_due) == ("issued", "credited", 0)


def test_paid_invoice_is_refunded_first(business: Business) -> None:
    invoice = make_issued(business, at=AT)
    record_payment(invoice=invoice, actor=actor(business), at=AT, data={"amount": 1, "method": "cash"})
    with pytest.raises(RefundFirst):
        cancel_invoice(invoice=invoice, actor=actor(business), at=AT)


def test_saudi_tax_invoice_is_corrected_only_by_notes() -> None:
    address = SAUDI["address"]
    business = make_business(
        country="SA", currency="SAR", legal_name="Test Co", vat_number="300000000000003", address=address
    )
    for kind in ("standard", "general"):
        invoice = make_issued(business, make_client(business, **SAUDI), tax_rate=15, type=kind, at=AT)
        with pytest.raises(CreditNoteRequired):
            cancel_invoice(invoice=invoice, actor=actor(business), at=AT)
        assert cancelling(invoice).allowed is False
        assert credit(invoice).total == 345
    untaxed = make_issued(business, make_client(business, **SAUDI), type="general", at=AT)
    assert cancelling(untaxed).allowed
    assert cancel_invoice(invoice=untaxed, actor=actor(business), at=AT).invoice.state == "cancelled"


def test_note_needs_a_reason(business: Business) -> None:
    with pytest.raises(InvalidInvoice) as error:
        credit(make_issued(business, at=AT), reason=" ")
    assert set(error.value.errors) == {"reason"}


def test_part_of_a_line_is_credited_by_its_id_or_its_likeness(business: Business) -> None:
    invoice = make_issued(business, items=THIRDS, at=AT)
    thing = invoice.lines.get(name="Thing")
    first = credit(invoice, items=[{"parent_item_id": thing.pk, "quantity": 1}])
    second = credit(invoice, items=[{"name": "Thing", "unit_price": "33.33", "quantity": "1.5"}])
    assert [first.total, second.total] == [Decimal("39.86"), Decimal("59.80")]
    invoice.refresh_from_db()
    assert invoice.amount_due == invoice.total - Decimal("99.66")
    with pytest.raises(MoreThanLeft) as error:
        credit(invoice, items=[{"parent_item_id": thing.pk, "quantity": "0.6"}])
    assert set(error.value.errors) == {"items[0].quantity"}


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("unit_price", "33.34", "33.33"),
        ("discount_rate", 50, 0),
        ("tax_rate", 5, "19.60"),
        ("tax_category", "E", "S"),
    ],
)
def test_line_is_credited_as_it_was_billed(business: Business, name: str, other: Any, same: Any) -> None:
    invoice = make_issued(business, items=THIRDS, at=AT)
    item = {"parent_item_id": invoice.lines.get(name="Thing").pk, "quantity": 1}
    for wrong in (other, [other]):
        with pytest.raises(InvalidInvoice) as error:
            credit(invoice, items=[item | {name: wrong}])
        assert set(error.value.errors) == {f"items[0].{name}"}
    assert credit(invoice, items=[item | {name: same}]).total == Decimal("39.86")


def test_draft_note_is_bound_when_it_is_issued(business: Business) -> None:
    invoice = make_issued(business, at=AT)
    late = credit(invoice, issue=False)
    credit(invoice)
    with pytest.raises(MoreThanLeft):
        issue_invoice(invoice=late, actor=actor(business), at=AT)
    invoice.refresh_from_db()
    assert invoice.amount_credited == invoice.total


def test_debit_note_is_a_claim_of_its_own(business: Business) -> None:
    invoice = make_issued(business, at=AT)
    data = {"reason": "More work", "issue": True, "items": [{"name": "Extra", "unit_price": 50}]}
    note = write_note(parent=invoice, kind="debit_note", actor=actor(business), at=AT, data=data)
    invoice.refresh_from_db()
    assert (note.number, note.total, note.amount_due) == ("DN-2026-0001", 50, 50)
    assert (invoice.amount_due, invoice.amount_credited) == (300, 0)


def test_note_of_a_draft_or_of_a_note_is_refused(business: Business) -> None:
    with pytest.raises(ImpossibleMove):
        credit(make_draft(business, at=AT))
    with pytest.raises(ImpossibleMove):
        credit(credit(make_issued(business, at=AT)))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    prices=st.lists(
        st.tuples(
            st.decimals("0.01", "999.99", places=2), st.integers(1, 4), st.sampled_from(["0", "5.5", "9.975", "20"])
        ),
        min_size=1,
        max_size=4,
    ),
    discount=st.sampled_from(["0", "3.33", "10"]),
    inclusive=st.booleans(),
    currency=st.sampled_from(["USD", "JPY", "BHD"]),
)
def test_all_notes_together_equal_the_parent(
    business: Business, prices: list[tuple[Decimal, int, str]], discount: str, inclusive: bool, currency: str
) -> None:
    items = [
        {"name": f"Line {index}", "unit_price": price, "quantity": quantity, "tax_rate": rate}
        for index, (price, quantity, rate) in enumerate(prices)
    ]
    invoice = make_issued(
        business, items=items, discount_rate=discount, prices_include_tax=inclusive, currency=currency, at=AT
    )
    notes = []
    for line in invoice.lines.all():
        for _unit in range(int(line.quantity)):
            notes.append(credit(invoice, items=[{"parent_item_id": line.pk, "quantity": 1}]))  # noqa: PERF401 -- one by one
    for column in ("taxable_amount", "tax_amount", "total"):
        assert sum(getattr(note, column) for note in notes) == getattr(invoice, column)
    for note in (invoice, *notes):
        assert note.subtotal - note.discount_amount == (note.total if inclusive else note.taxable_amount)
    # The last note also takes what other groups have left, of which it has no line.
    for note in notes[:-1]:
        assert sum(line.tax_amount for line in note.lines.all()) == note.tax_amount
    invoice.refresh_from_db()
    assert (invoice.amount_due, invoice.amount_credited) == (0, invoice.total)
    with pytest.raises(MoreThanLeft):
        credit(invoice)


def test_invoice_whose_money_went_back_is_taken_back_by_a_note(business: Business) -> None:
    invoice = make_issued(business, at=AT)
    payment = record_payment(invoice=invoice, actor=actor(business), at=AT, data={"amount": 300, "method": "cash"})
    record_refund(payment=payment, actor=actor(business), at=AT, data={"amount": 299})
    with pytest.raises(RefundFirst):
        cancel_invoice(invoice=invoice, actor=actor(business), at=AT)
    record_refund(payment=payment, actor=actor(business), at=AT, data={})
    done = cancel_invoice(invoice=invoice, actor=actor(business), at=AT)
    assert done.credit_note is not None
    assert (done.invoice.settlement, done.credit_note.total) == ("refunded", 300)
