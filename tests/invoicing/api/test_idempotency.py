"""The same order twice at the same time has one effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from invoicing.models import Invoice, Payment
from tests.accounts.threads import at_once
from tests.factories.accounts import make_business
from tests.factories.invoicing import make_issued
from tests.invoicing.api.conftest import Caller, key_of, read

pytestmark = pytest.mark.django_db(transaction=True)
BODY = {"client_name": "Atlas", "items": [{"name": "A", "unit_price": 10}], "issue": True}


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    """Let time pass: a frozen clock would hold locks and waits of other threads, too."""
    with time_machine.travel("2026-11-20T09:00:00Z", tick=True):
        yield


def outcomes(answers: list[Any]) -> list[Any]:
    """Return the answers that carry the effect, after looking at the others."""
    effects = [answer for answer in answers if answer.status_code == 201]
    for answer in answers:
        if answer.status_code != 201:
            assert read(answer, 409)["code"] == "in_progress"
    return effects


def test_two_creations_at_once_make_one_invoice() -> None:
    business = make_business()
    program = key_of(business, "read", "write")
    answers = at_once(4, lambda _number: program.post("/invoices", BODY, Idempotency_Key="k"))
    effects = outcomes(answers)
    assert {answer.content for answer in effects} == {effects[0].content}
    assert list(Invoice.objects.values_list("number", flat=True)) == ["INV-2026-0001"]
    again = program.post("/invoices", BODY, Idempotency_Key="k")
    assert (again.content, again["Idempotent-Replayed"]) == (effects[0].content, "true")


def test_two_payments_at_once_are_one() -> None:
    business = make_business()
    invoice = make_issued(business)
    program = key_of(business, "read", "write")
    order = {"amount": 200, "method": "cash"}
    answers = at_once(3, lambda _number: program.post(f"/invoices/{invoice.pk}/payments", order, Idempotency_Key="k"))
    assert len({answer.content for answer in outcomes(answers)}) == 1
    assert Payment.objects.count() == 1


def test_two_callers_with_the_same_key_do_not_meet() -> None:
    callers: list[Caller] = [key_of(make_business(), "read", "write") for _ in range(2)]
    created = [read(caller.post("/invoices", BODY, Idempotency_Key="k"), 201) for caller in callers]
    assert created[0]["id"] != created[1]["id"]
