"""The ledger: payments and refunds by hand, and the status that follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.errors import LostUpdate, NotAllowed, NotFound, RateLimited
from accounts.models import Business, Delivery
from accounts.tenancy import Actor
from invoicing.domain.lifecycle import Status, status, status_condition
from invoicing.errors import ImpossibleMove, InvalidInvoice, MoreThanDue, MoreThanLeft
from invoicing.models import Invoice, Payment, Refund
from invoicing.services.corrections import write_note
from invoicing.services.receipt_mail import ReceiptMail
from invoicing.services.receipts import file_name
from invoicing.services.settlement import mark_paid, record_payment, record_refund
from tests.factories.accounts import make_actor, make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LATE = AT + timedelta(days=60)


@pytest.fixture
def business() -> Business:
    return make_business(currency="USD")


@pytest.fixture
def invoice(business: Business) -> Invoice:
    return make_issued(business, at=AT)  # 300.00


def pay(invoice: Invoice, amount: str, **data: Any) -> Payment:
    data = {"amount": amount, "method": "cash"} | data
    return record_payment(invoice=invoice, actor=Actor.system(invoice.business_id), at=AT, data=data)


@pytest.mark.parametrize(
    ("timezone", "at", "today", "tomorrow"),
    [
        ("Asia/Riyadh", "2026-11-20T21:30:00Z", "2026-11-21", "2026-11-22"),
        ("Asia/Riyadh", "2026-11-21T02:30:00Z", "2026-11-21", "2026-11-22"),
        ("America/New_York", "2026-11-21T02:30:00Z", "2026-11-20", "2026-11-21"),
    ],
)
def test_a_payment_is_of_today_where_the_business_is(timezone: str, at: str, today: str, tomorrow: str) -> None:
    now = datetime.fromisoformat(at)
    invoice = make_issued(make_business(currency="USD", timezone=timezone), at=now)
    actor, data = Actor.system(invoice.business_id), {"amount": 1, "method": "cash"}
    for received_at in (today, f"{today}T12:00:00"):
        payment = record_payment(invoice=invoice, actor=actor, at=now, data=data | {"received_at": received_at})
        assert payment.received_at <= now
        assert payment.received_at.astimezone(ZoneInfo(timezone)).date().isoformat() == today
    with pytest.raises(InvalidInvoice) as error:
        record_payment(invoice=invoice, actor=actor, at=now, data=data | {"received_at": tomorrow})
    assert set(error.value.errors) == {"received_at"}


def give_back(payment: Payment, **data: Any) -> None:
    record_refund(payment=payment, actor=Actor.system(payment.business_id), at=AT, data=data)


def facts(invoice: Invoice, at: datetime = AT) -> tuple[str, Decimal, Decimal, Decimal]:
    invoice.refresh_from_db()
    label = status(invoice, at=at)
    found = [word for word in Status if Invoice.objects.filter(status_condition(word, at=at), pk=invoice.pk).exists()]
    assert found == [label]
    return label.value, invoice.amount_paid, invoice.amount_refunded, invoice.amount_due


def test_payment_in_part_then_in_full(invoice: Invoice) -> None:
    pay(invoice, "100.10")
    assert facts(invoice) == ("partially_paid", Decimal("100.10"), 0, Decimal("199.90"))
    assert facts(invoice, LATE)[0] == "overdue"
    pay(invoice, "199.90", reference="TR-1", received_at="2026-11-19")
    assert facts(invoice, LATE) == ("paid", 300, 0, 0)
    assert invoice.paid_at == AT
    assert [event.kind for event in invoice.events.all()].count("payment_recorded") == 2


@pytest.mark.parametrize(
    ("data", "error", "field"),
    [
        ({"amount": "300.01"}, MoreThanDue, "amount"),
        ({"amount": "0"}, InvalidInvoice, "amount"),
        ({"amount": "-5"}, InvalidInvoice, "amount"),
        ({"amount": "1.001"}, InvalidInvoice, "amount"),
        ({"amount": None}, InvalidInvoice, "amount"),
        ({"method": "magic"}, InvalidInvoice, "method"),
        ({"received_at": "2026-11-25"}, InvalidInvoice, "received_at"),
        ({"received_at": 20261119}, InvalidInvoice, "received_at"),
    ],
)
def test_bad_payment_names_the_field_and_books_nothing(
    invoice: Invoice, data: dict[str, Any], error: type[InvalidInvoice], field: str
) -> None:
    with pytest.raises(error) as refusal:
        pay(invoice, **({"amount": "10"} | data))
    assert set(refusal.value.errors) == {field}
    assert Payment.objects.count() == 0


def test_draft_is_not_paid_but_marking_paid_issues_it(business: Business) -> None:
    draft = make_draft(business, at=AT)
    with pytest.raises(ImpossibleMove):
        pay(draft, "1")
    paid = mark_paid(invoice=draft, actor=Actor.system(business.pk), at=AT)
    assert (paid.number, paid.amount_due, paid.settlement) == ("INV-2026-0001", 0, "paid")
    mark_paid(invoice=paid, actor=Actor.system(business.pk), at=AT)
    assert Payment.objects.count() == 1


def test_refund_of_all_on_a_paid_invoice_is_refunded(invoice: Invoice) -> None:
    payment = pay(invoice, "300")
    give_back(payment, amount="100", reason="Goodwill")
    assert facts(invoice) == ("paid", 300, 100, 0)
    give_back(payment)
    assert facts(invoice) == ("refunded", 300, 300, 0)
    with pytest.raises(MoreThanLeft):
        give_back(payment, amount="0.01")


def test_refund_that_reopens_makes_it_due_again(invoice: Invoice) -> None:
    payment = pay(invoice, "300")
    give_back(payment, amount="50", reopen=True)
    assert facts(invoice) == ("partially_paid", 250, 50, 50)
    assert invoice.paid_at is None


def test_refund_before_it_is_paid_in_full_lowers_what_is_paid(invoice: Invoice) -> None:
    give_back(pay(invoice, "200"), amount="200")
    assert facts(invoice) == ("issued", 0, 200, 300)


def test_credit_of_all_without_a_payment_is_credited(invoice: Invoice) -> None:
    data = {"reason": "Not delivered", "issue": True}
    write_note(parent=invoice, kind="credit_note", actor=Actor.system(invoice.business_id), at=AT, data=data)
    assert facts(invoice, LATE) == ("credited", 0, 0, 0)


def test_labels_follow_the_facts_in_their_order(business: Business) -> None:
    draft = make_draft(business, at=AT)
    assert facts(draft)[0] == "draft"
    invoice = make_issued(business, at=AT)
    for column, label in (("sent_at", "sent"), ("viewed_at", "viewed")):
        Invoice.objects.filter(pk=invoice.pk).update(**{column: AT})
        assert facts(invoice)[0] == label
    assert facts(invoice, datetime(2026, 12, 20, 23, 59, tzinfo=UTC))[0] == "viewed"
    assert facts(invoice, datetime(2026, 12, 21, tzinfo=UTC))[0] == "overdue"


def test_money_is_booked_by_members_not_by_viewers_or_outsiders(invoice: Invoice, business: Business) -> None:
    data = {"amount": "1", "method": "cash"}
    record_payment(invoice=invoice, actor=make_actor(business, "member"), at=AT, data=data)
    with pytest.raises(NotAllowed):
        record_payment(invoice=invoice, actor=make_actor(business, "viewer"), at=AT, data=data)
    with pytest.raises(NotFound):
        record_payment(invoice=invoice, actor=make_actor(), at=AT, data=data)
    assert Payment.objects.count() == 1


def test_money_is_not_booked_on_what_was_not_read(invoice: Invoice) -> None:
    actor, at = Actor.system(invoice.business_id), AT
    with pytest.raises(LostUpdate):
        record_payment(
            invoice=invoice, actor=actor, at=at, data={"amount": 1, "method": "cash"}, version=invoice.version + 1
        )
    payment = record_payment(
        invoice=invoice, actor=actor, at=at, data={"amount": 300, "method": "cash"}, version=invoice.version
    )
    record_refund(payment=payment, actor=actor, at=at, data={"amount": 100}, version=1)
    with pytest.raises(LostUpdate):
        record_refund(payment=payment, actor=actor, at=at, data={"amount": 100}, version=1)
    assert Refund.objects.get().amount == 100


def test_the_receipt_is_mailed_where_it_is_asked_for(invoice: Invoice) -> None:
    pay(invoice, "100")
    assert not Delivery.objects.exists()
    payment = pay(invoice, "50", send_receipt=True)
    mail = Delivery.objects.get()
    assert (mail.template, mail.to, mail.state) == ("receipt", [invoice.client_email], "queued")
    assert "50.00" in mail.text
    assert "150.00" in mail.text  # still due
    [attachment] = ReceiptMail.attachments(mail)
    assert (attachment.name, attachment.content_type) == (file_name(payment), "application/pdf")
    assert attachment.content.startswith(b"%PDF-")


def test_without_an_address_there_is_no_receipt_to_mail(business: Business) -> None:
    invoice = make_issued(business, make_client(business, email=""), at=AT)
    with pytest.raises(InvalidInvoice) as refusal:
        pay(invoice, "100", send_receipt=True)
    assert list(refusal.value.errors) == ["send_receipt"]
    assert not Payment.objects.exists()


def test_a_receipt_over_the_plan_is_refused_with_its_payment(business: Business, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"email": "1/h"}
    invoice = make_issued(business, at=AT)
    pay(invoice, "1", send_receipt=True)
    with pytest.raises(RateLimited):
        pay(invoice, "1", send_receipt=True)
    assert Payment.objects.count() == 1
