"""A thousand events of a hundred payments, shuffled, each sent up to five times at once, while the worker is killed."""

from __future__ import annotations

import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from payments.gateways.sandbox.forms import Refused
from payments.gateways.sandbox.server import signature
from payments.gateways.sandbox.store import Store
from tests.config.processes import until
from tests.e2e.test_kill import BROKER, Place, place
from tests.fakes.stripe import KEY, SECRET

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.timeout(500)]

PAYMENTS = 100
SENDERS = 8
KILLS = 5
SCALE = 10_000  # of amounts on SQLite
SETUP = f"""
import json
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0)
from accounts.models import Business
from payments.models import PaymentRequest
from tests.factories.invoicing import make_issued
business = Business.objects.create(name="Studio", currency="USD")
at, made = timezone.now(), []
for number in range({PAYMENTS}):
    invoice = make_issued(business)
    made.append(PaymentRequest.objects.create(business=business, invoice=invoice, kind="link", state="open", amount=300,
        currency="USD", external_id=f"plink_{{number}}", expires_at=at + timedelta(days=60), created_at=at))
print(json.dumps([(request.pk, request.invoice_id) for request in made]))
"""
LOOK = """
SELECT payment_requests.invoice_id, invoices.amount_paid, invoices.amount_refunded, invoices.settlement
FROM payments_paymentrequest payment_requests JOIN invoicing_invoice invoices ON invoices.id = payment_requests.invoice_id
"""


def history(store: Store, number: int, request: str) -> tuple[Decimal, str]:
    """Let one payment happen, with what follows it; return what went back in the end, and how the invoice stands."""
    price = {"currency": "usd", "unit_amount": 30000, "product_data": {"name": "Work"}}
    marks = {"metadata": {"request": request}, "payment_intent_data": {"metadata": {"request": request}}}
    values = {"line_items": [{"quantity": 1, "price_data": price}], "success_url": "http://localhost/", **marks}
    session = store.create_session(values)
    with suppress(Refused):
        store.pay(session, "4000000000000002")
    intent = store.pay(session)
    if number % 4 == 0:
        dispute = store.dispute(intent)
        store.dispute(intent, "won", dispute["id"])
        for _ in range(4):
            store.emit("charge.updated", store.get("ch", intent["latest_charge"]))
        return Decimal(0), "paid"
    if number % 4 == 1:
        for amount in (10000, 5000, 1):
            store.refund({"payment_intent": intent["id"], "amount": amount})
        return Decimal("150.01"), "paid"
    if number % 4 == 2:
        for amount in (29900, 100):
            store.refund({"payment_intent": intent["id"], "amount": amount})
        for _ in range(2):
            store.emit("customer.created", {"id": "cus_1", "object": "customer"})
        return Decimal(300), "refunded"
    store.refund({"payment_intent": intent["id"], "amount": 7000})
    failed = store.refund({"payment_intent": intent["id"], "amount": 2000})
    store.fail_refund(failed)
    store.emit("charge.updated", store.get("ch", intent["latest_charge"]))
    return Decimal(70), "paid"


def sent(here: Place, event: dict[str, Any]) -> bool:
    """Send an event once, and return whether it was taken."""
    body = json.dumps(event).encode()
    address = f"http://127.0.0.1:{here.listener.getsockname()[1]}/webhooks/stripe"
    headers = {"Content-Type": "application/json", "Stripe-Signature": signature(body, SECRET)}
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=60) as answer:
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return False


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path, with_mailbox=False) as made:
        made.given |= {"STRIPE_API_KEY": KEY, "STRIPE_WEBHOOK_SECRET": SECRET}
        yield made


def test_every_invoice_ends_right(here: Place) -> None:
    requests = json.loads(here.shell(SETUP))
    store, events = Store(), list[dict[str, Any]]()
    moments = count(1_800_000_000)
    store.tell = lambda event: events.append({**event, "created": next(moments)})
    expected = {invoice: history(store, number, request) for number, (request, invoice) in enumerate(requests)}
    assert len(events) >= 1000
    chance = random.Random(7)
    posts = [event for event in events for _ in range(chance.randint(1, 5))]
    chance.shuffle(posts)

    worker = "celery" if BROKER else "work"
    names = ["web", worker, *(["beat"] if BROKER else [])]
    for name in names:
        here.start(name)
    assert until(lambda: sent(here, {**events[0], "id": "evt_first", "type": "none", "data": {"object": {}}}), 60)
    with ThreadPoolExecutor(SENDERS) as pool:
        taken = [pool.submit(sent, here, event) for event in posts]
        # Here, not in a thread: what a thread has started ends with it.
        for _ in range(KILLS):
            time.sleep(3)
            here.kill(worker)
            lapse(here)
            here.start(worker)
        assert all(each.result() for each in taken)
    lapse(here)
    waiting = "SELECT count(*) FROM payments_webhookevent WHERE state <> 'done'"
    assert until(lambda: here.select(waiting)[0][0] == 0, 300), here.select(
        "SELECT state, attempts, last_error FROM payments_webhookevent WHERE state <> 'done'"
    )
    found = {invoice: (scaled(refunded), stands) for invoice, _paid, refunded, stands in here.select(LOOK)}
    assert found == expected
    assert {scaled(paid) for _invoice, paid, _refunded, _stands in here.select(LOOK)} == {Decimal(300)}
    assert here.select("SELECT count(*), count(DISTINCT external_id) FROM invoicing_payment") == [(100, 100)]
    assert here.select("SELECT count(*) FROM payments_webhookevent") == [(len(events) + 1,)]
    odd = "SELECT DISTINCT outcome FROM payments_webhookevent"
    assert {outcome for (outcome,) in here.select(odd)} == {"applied", "ignored"}


def lapse(here: Place) -> None:
    """Do as if five minutes had passed since the worker was killed."""
    here.let_leases_lapse()
    now = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=1)
    here.select("UPDATE payments_webhookevent SET lease_until = :now WHERE state = 'running'", now=now)


def scaled(amount: Any) -> Decimal:
    """Return an amount as it is, from either database."""
    return Decimal(amount) / SCALE if isinstance(amount, int) else Decimal(amount)
