"""Receipts: their numbers, what they state, and that nothing later changes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Business
from accounts.tenancy import Actor
from invoicing.models import Invoice, Payment
from invoicing.pdf.content import PaidInvoice
from invoicing.services.corrections import write_note
from invoicing.services.receipts import description_of, file_name, receipt_number, receipt_of, receipt_pdf
from invoicing.services.settlement import record_payment, record_refund
from tests.factories.accounts import make_business
from tests.factories.invoicing import make_issued
from tests.invoicing.pdf import reading

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MOROCCAN: dict[str, Any] = {
    "country": "MA",
    "currency": "MAD",
    "timezone": "Africa/Casablanca",
    "tax_ids": [
        {"type": "ICE", "value": "001525713000097"},
        {"type": "IF", "value": "12345678"},
        {"type": "TP", "value": "87654321"},
    ],
}


@pytest.fixture
def business() -> Business:
    return make_business(legal_name="Studio Argan SARL", **MOROCCAN)


@pytest.fixture
def invoice(business: Business) -> Invoice:
    items = [{"name": "Website", "unit_price": 200}, {"name": "Training", "unit_price": 100, "quantity": 1}]
    with time_machine.travel(AT, tick=False):
        return make_issued(business, items=items, at=AT, language="fr", due_date="2026-12-20")


def pay(invoice: Invoice, amount: str, *, days: int, **data: Any) -> Payment:
    with time_machine.travel(AT + timedelta(days=days), tick=False):
        actor, values = Actor.system(invoice.business_id), {"amount": amount, "method": "cash"} | data
        return record_payment(invoice=invoice, actor=actor, at=timezone.now(), data=values)


def test_number_is_the_invoices_with_the_payments_ordinal(invoice: Invoice, business: Business) -> None:
    first, second = pay(invoice, "100", days=1), pay(invoice, "50", days=2, received_at="2026-11-20")
    assert [receipt_number(payment) for payment in (first, second)] == ["RC-INV-2026-0001-1", "RC-INV-2026-0001-2"]
    assert receipt_number(pay(make_issued(business), "1", days=3)) == "RC-INV-2026-0002-1"
    assert file_name(first) == "receipt_RC-INV-2026-0001-1.pdf"


def test_file_name_is_safe_whatever_the_number(business: Business) -> None:
    invoice = make_issued(business, invoice_number='فاتورة/7 "x"')
    assert file_name(pay(invoice, "1", days=0)) == "receipt_RC-7-x-1.pdf"


def test_receipt_states_what_was_received_and_what_is_left(invoice: Invoice) -> None:
    pay(invoice, "100", days=1)
    payment = pay(invoice, "60.50", days=2, method="bank_transfer", reference="VIR 88", received_at="2026-11-21")
    receipt = receipt_of(payment)
    assert (receipt.number, receipt.issue_date, receipt.language) == ("RC-INV-2026-0001-2", date(2026, 11, 21), "fr")
    assert (receipt.method, receipt.transaction, receipt.amount) == ("bank_transfer", "VIR 88", Decimal("60.50"))
    assert receipt.invoices == (
        PaidInvoice(
            number="INV-2026-0001",
            issue_date=date(2026, 11, 20),
            description="Website, Training",
            total=Decimal(300),
            paid_before=Decimal(100),
            credited=Decimal(0),
            amount=Decimal("60.50"),
        ),
    )
    assert (receipt.balance, receipt.balance_due_date) == (Decimal("139.50"), date(2026, 12, 20))
    assert receipt.amount_in_words == "Soixante dirhams marocains et cinquante centimes."
    assert receipt.seller.name == "Studio Argan SARL"


def test_receipt_stays_as_it_was_whatever_comes_later(invoice: Invoice) -> None:
    payment = pay(invoice, "100", days=1)
    before, content = receipt_of(payment), receipt_pdf(payment)
    pay(invoice, "50", days=2)
    actor = Actor.system(invoice.business_id)
    with time_machine.travel(AT + timedelta(days=3), tick=False):
        record_refund(payment=payment, actor=actor, at=timezone.now(), data={"reopen": True})
        note = {"reason": "Less", "items": [{"name": "Training"}], "issue": True}
        write_note(parent=invoice, kind="credit_note", actor=actor, at=timezone.now(), data=note)
    later = pay(invoice, "70", days=4)
    Business.objects.update(legal_name="Another name")
    payment = Payment.objects.get(pk=payment.pk)
    assert (receipt_of(payment), receipt_pdf(payment)) == (before, content)
    (paid,) = receipt_of(later).invoices
    assert (paid.paid_before, paid.credited, receipt_of(later).balance) == (50, 100, 80)


def test_receipt_of_an_overdue_invoice_names_no_day_that_is_over(invoice: Invoice) -> None:
    assert receipt_of(pay(invoice, "100", days=31)).balance_due_date is None


def test_receipt_of_too_much_leaves_nothing_due(invoice: Invoice) -> None:
    payment = Payment.objects.create(
        business_id=invoice.business_id,
        invoice=invoice,
        amount=Decimal(350),
        currency="MAD",
        method="stripe",
        received_at=AT,
        external_id="pi_3QK8Zt2eZvKYlo2Cx7Fd",
    )
    receipt = receipt_of(payment)
    assert (receipt.balance, receipt.transaction) == (0, "pi_3QK8Zt2eZvKYlo2Cx7Fd")
    read = " ".join(reading.text(receipt_pdf(payment)).split())
    assert "Trop-perçu en votre faveur 50,00" in read


def test_description_of_many_lines_is_cut_short(business: Business) -> None:
    invoice = make_issued(business, items=[{"name": f"Workshop number {at}", "unit_price": 1} for at in range(20)])
    found = description_of(invoice)
    assert (len(found) <= 120, found.startswith("Workshop number 0, Workshop number 1"), found[-1]) == (True, True, "…")


def test_pdf_names_payment_and_balance(invoice: Invoice) -> None:
    read = reading.text(receipt_pdf(pay(invoice, "100", days=1)))
    for text in (
        "Reçu de paiement",
        "RC-INV-2026-0001-1",
        "INV-2026-0001",
        "Espèces",
        "200,00",
        "n’est pas une facture",
    ):
        assert text in read, text
