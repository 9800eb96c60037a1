"""What may happen to a business's documents, in an order that chance decides."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from accounts.errors import AppError
from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.choices import DocumentState
from invoicing.domain import lifecycle
from invoicing.domain.settling import settle
from invoicing.models import Invoice, Payment
from invoicing.services.corrections import cancel_invoice, write_note
from invoicing.services.sending import mark_sent, record_view
from invoicing.services.settlement import record_payment, record_refund
from tests.factories.invoicing import make_draft, make_issued


class History:
    """What may happen to a client's account, in an order that chance decides; ``further`` names more of it."""

    def __init__(self, business: Business, client: Client, chance: Random, *further: str) -> None:
        self.business, self.client, self.chance, self.further = business, client, chance, further
        self.actor = Actor.system(business.pk)

    def act(self) -> None:
        acts = [self.invoice, self.invoice, self.draft, self.credit, self.debit, self.pay, self.pay, self.pay]
        acts += [self.refund, self.refund, self.overpay, self.cancel]
        acts += [getattr(self, name) for name in self.further]
        with suppress(AppError):  # what is refused leaves no trace
            self.chance.choice(acts)()

    def one(self) -> Invoice:
        issued = list(
            Invoice.objects.filter(client=self.client).exclude(state=DocumentState.DRAFT).order_by("created_at")
        )
        return self.chance.choice(issued) if issued else make_issued(self.business, self.client)

    def amount(self) -> str:
        return self.chance.choice(["0.01", "50", "99.99", "150", "300"])

    def invoice(self) -> None:
        currency = self.chance.choice(["MAD", "MAD", "EUR"])
        make_issued(self.business, self.client, currency=currency, tax_rate=self.chance.choice([0, 20]))

    def draft(self) -> None:
        make_draft(self.business, self.client)

    def note(self, kind: str) -> None:
        quantity = self.chance.choice(["0.5", "1", "2"])
        data: dict[str, Any] = {"reason": "Chance", "issue": self.chance.random() < 0.9}
        data["items"] = [{"name": "Consulting", "quantity": quantity, "unit_price": 150}]
        write_note(parent=self.one(), kind=kind, actor=self.actor, at=timezone.now(), data=data)

    def credit(self) -> None:
        self.note("credit_note")

    def debit(self) -> None:
        self.note("debit_note")

    def pay(self) -> None:
        invoice, at = self.one(), timezone.now()
        amount = invoice.amount_due if self.chance.random() < 0.5 else self.amount()
        # What came in before the invoice, too.
        received = at - timedelta(days=self.chance.choice([0, 0, 3, 40]))
        data = {"amount": amount, "method": "cash", "received_at": received.isoformat()}
        record_payment(invoice=invoice, actor=self.actor, at=at, data=data)

    def overpay(self) -> None:
        """Book what came in whatever was due, as a gateway's money is."""
        invoice, at = self.one(), timezone.now()
        with lifecycle.change(invoice, "pay", event="payment_recorded", actor=self.actor, at=at) as locked:
            if not lifecycle.claims(locked):
                return
            Payment.objects.create(
                business=self.business,
                invoice=locked,
                amount=Decimal(self.amount()),
                currency=locked.currency,
                method="stripe",
                received_at=at,
            )
            settle(locked, at=at)

    def refund(self) -> None:
        payments = list(Payment.objects.filter(invoice__client=self.client).order_by("created_at"))
        if payments:
            data: dict[str, Any] = {"reopen": self.chance.random() < 0.5}
            data |= {"amount": self.amount()} if self.chance.random() < 0.5 else {}
            record_refund(payment=self.chance.choice(payments), actor=self.actor, at=timezone.now(), data=data)

    def cancel(self) -> None:
        cancel_invoice(invoice=self.one(), actor=self.actor, at=timezone.now())

    def send(self) -> None:
        mark_sent(invoice=self.one(), actor=self.actor, at=timezone.now())

    def view(self) -> None:
        record_view(token=self.one().token, actor=Actor(), at=timezone.now())
