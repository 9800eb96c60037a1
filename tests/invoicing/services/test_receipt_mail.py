"""The receipt of a payment by mail: when it cannot go, the owner sees it where they see it of an invoice."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Delivery
from accounts.queue import Lease, fail, run_due
from accounts.tenancy import Actor
from invoicing.models import Invoice
from invoicing.queries.mails import mails_about
from invoicing.services.sending import send_again
from invoicing.services.settlement import record_payment
from invoicing.web.timeline import timeline
from tests.factories.accounts import make_business
from tests.factories.invoicing import make_issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice() -> Invoice:
    invoice = make_issued(make_business())
    actor, at = Actor.system(invoice.business_id), timezone.now()
    data = {"amount": "10", "method": "cash", "send_receipt": True}
    record_payment(invoice=invoice, actor=actor, at=at, data=data)
    return invoice


def titles(invoice: Invoice) -> list[str]:
    return [str(entry["title"]) for entry in timeline(invoice, deliveries=list(mails_about(invoice)))]


def failed(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state="running", lease_token="mine", attempts=6)
    delivery.refresh_from_db()
    fail("delivery", Lease(Delivery, delivery.pk, "mine"), delivery, OSError("no route"))
    delivery.refresh_from_db()


def test_one_that_cannot_go_is_noted_and_can_be_sent_again(invoice: Invoice) -> None:
    delivery = Delivery.objects.get(topic="receipt")
    failed(delivery)
    [entry] = [each for each in timeline(invoice, deliveries=[delivery]) if each["tone"] == "r"]
    assert (entry["title"], entry["retry"]) == ("The receipt could not be sent", delivery.pk)
    assert "no route" in entry["detail"]
    actor = Actor.system(invoice.business_id)
    send_again(invoice=invoice, delivery_id=delivery.pk, actor=actor, at=timezone.now())
    assert titles(invoice)[0] == "Receipt is on its way"
    run_due()
    told = titles(invoice)
    assert (told[0], "Receipt is on its way" in told) == ("Receipt sent by mail", False)
    invoice.refresh_from_db()
    assert (invoice.sent_at, invoice.email_sent_at) == (None, None)


def test_one_that_went_is_told_by_its_payment_alone(invoice: Invoice) -> None:
    before = titles(invoice)
    run_due()
    assert titles(invoice) == before
