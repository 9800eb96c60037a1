"""Many at once, each in a transaction of its own: what is counted, numbered or paid holds all the same."""

from __future__ import annotations

import hashlib
import time
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from threading import Event as Signal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum

from accounts.models import Business, Delivery, Plan, QuotaCounter
from accounts.queue import run_one
from accounts.tenancy import Actor
from invoicing.choices import NumberKind
from invoicing.domain.numbering import take_number
from invoicing.errors import MoreThanLeft
from invoicing.jobs import artifacts
from invoicing.models import Artifact, Event, Invoice, Line, Payment, Refund, Series
from invoicing.services import papers
from invoicing.services.corrections import cancel_invoice, write_note
from invoicing.services.drafts import edit_invoice
from invoicing.services.issuing import create_invoice, issue_invoice
from invoicing.services.sending import send_invoice
from invoicing.services.settlement import mark_paid, record_payment, record_refund
from tests.accounts.threads import at_once, raised, returned
from tests.factories.accounts import make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import ITEMS, make_draft, make_issued

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


class Interrupted(Exception):
    """What goes wrong after the invoice was issued, in the same transaction."""


@pytest.fixture
def business() -> Business:
    return make_business(currency="USD")


@pytest.fixture
def actor(business: Business) -> Actor:
    return Actor.system(business.pk)


def numbers(business: Business, prefix: str) -> list[str]:
    rows = Invoice.objects.filter(business=business, number__startswith=prefix).order_by("number")
    return [str(number) for number in rows.values_list("number", flat=True)]


def in_a_row(prefix: str, count: int) -> list[str]:
    return [f"{prefix}-2026-{number:04}" for number in range(1, count + 1)]


@pytest.mark.slow
def test_numbers_have_no_gap_and_no_repeat_when_half_of_the_transactions_roll_back(
    business: Business, actor: Actor
) -> None:
    client = make_client(business)
    data = {"client_id": client.pk, "items": [dict(item) for item in ITEMS], "issue": True}

    def issue_some(number: int) -> int:
        chance, kept = Random(number), 0
        for _turn in range(8):
            with suppress(Interrupted):
                with transaction.atomic():
                    create_invoice(actor=actor, business=business, data=data, at=AT)
                    if chance.random() < 0.5:
                        raise Interrupted
                kept += 1
        return kept

    results = at_once(12, issue_some)
    assert raised(results) == []
    kept = sum(returned(results))
    assert 20 < kept < 76
    assert numbers(business, "INV") == in_a_row("INV", kept)
    assert Series.objects.get(business=business).next_seq == kept + 1
    assert QuotaCounter.objects.get(business=business, metric="invoices").used == kept
    assert (Invoice.objects.count(), Artifact.objects.count()) == (kept, kept)
    assert Event.objects.filter(kind="issued").count() == kept


def test_series_alone_gives_each_number_once(business: Business) -> None:
    """The quota's counter queues those who issue too; the series does not lean on that."""

    def take_some(number: int) -> list[str]:
        chance, taken = Random(number), []
        for _turn in range(10):
            with suppress(Interrupted), transaction.atomic():
                given, _before = take_number(business=business, kind=NumberKind.INVOICE, on=AT.date())
                if chance.random() < 0.5:
                    raise Interrupted
                taken.append(given)
        return taken

    results = at_once(8, take_some)
    assert raised(results) == []
    taken = sorted(number for each in returned(results) for number in each)
    assert taken == in_a_row("INV", len(taken))


def test_two_businesses_count_each_for_itself(business: Business) -> None:
    businesses = [business, make_business(currency="USD")]
    drafts = [make_draft(businesses[number % 2], at=AT) for number in range(8)]

    def issue(number: int) -> Invoice:
        draft = drafts[number]
        return issue_invoice(invoice=draft, actor=Actor.system(draft.business_id), at=AT)

    assert raised(at_once(8, issue)) == []
    assert [numbers(each, "INV") for each in businesses] == [in_a_row("INV", 4)] * 2


def test_same_draft_is_issued_once(business: Business, actor: Actor) -> None:
    draft = make_draft(business, at=AT)
    results = at_once(4, lambda _number: issue_invoice(invoice=draft, actor=actor, at=AT))
    assert raised(results) == ["ImpossibleMove"] * 3
    assert numbers(business, "INV") == in_a_row("INV", 1)
    assert Series.objects.get(business=business).next_seq == 2
    assert QuotaCounter.objects.get(business=business, metric="invoices").used == 1
    assert list(draft.events.filter(kind="issued").values_list("data", flat=True)) == [{"number": "INV-2026-0001"}]


def test_number_of_ones_own_is_given_once(business: Business, actor: Actor) -> None:
    client = make_client(business)
    drafts = [make_draft(business, client, at=AT, invoice_number="OWN-1") for _draft in range(4)]
    results = at_once(4, lambda number: issue_invoice(invoice=drafts[number], actor=actor, at=AT))
    assert raised(results) == ["NumberTaken"] * 3
    assert numbers(business, "OWN") == ["OWN-1"]


def test_version_that_was_read_is_changed_once(business: Business, actor: Actor) -> None:
    draft = make_draft(business, at=AT)

    def edit(number: int) -> Invoice:
        return edit_invoice(actor=actor, invoice=draft, data={"notes": f"by {number}"}, at=AT, version=draft.version)

    results = at_once(4, edit)
    assert raised(results) == ["LostUpdate"] * 3
    [winner] = returned(results)
    draft.refresh_from_db()
    assert (draft.notes, draft.version) == (winner.notes, 2)


def test_full_amount_is_paid_once(business: Business, actor: Actor) -> None:
    invoice = make_issued(business, at=AT)
    order = {"amount": invoice.total, "method": "cash"}
    results = at_once(2, lambda _number: record_payment(invoice=invoice, actor=actor, at=AT, data=order))
    assert raised(results) == ["MoreThanDue"]
    invoice.refresh_from_db()
    assert (invoice.amount_paid, invoice.amount_due, invoice.settlement) == (Decimal(300), 0, "paid")
    assert Payment.objects.count() == 1


def test_parts_paid_at_once_never_exceed_the_amount_due(business: Business, actor: Actor) -> None:
    invoice = make_issued(business, at=AT)
    order = {"amount": 70, "method": "cash"}
    results = at_once(8, lambda _number: record_payment(invoice=invoice, actor=actor, at=AT, data=order))
    assert raised(results) == ["MoreThanDue"] * 4
    invoice.refresh_from_db()
    assert (invoice.amount_paid, invoice.amount_due, invoice.settlement) == (Decimal(280), Decimal(20), "open")


def test_mark_paid_books_one_payment(business: Business, actor: Actor) -> None:
    draft = make_draft(business, at=AT)
    issue_invoice(invoice=draft, actor=actor, at=AT)
    issued = Invoice.objects.get(pk=draft.pk)
    results = at_once(4, lambda _number: mark_paid(invoice=issued, actor=actor, at=AT))
    assert raised(results) == []
    assert [payment.amount for payment in Payment.objects.all()] == [Decimal(300)]


def test_payment_is_refunded_once(business: Business, actor: Actor) -> None:
    invoice = make_issued(business, at=AT)
    payment = record_payment(invoice=invoice, actor=actor, at=AT, data={"amount": 300, "method": "cash"})
    results = at_once(4, lambda _number: record_refund(payment=payment, actor=actor, at=AT, data={}))
    assert raised(results) == ["MoreThanLeft"] * 3
    assert [refund.amount for refund in Refund.objects.all()] == [Decimal(300)]


def test_invoice_is_either_paid_or_cancelled(business: Business, actor: Actor) -> None:
    invoice = make_issued(business, at=AT)
    order = {"amount": 300, "method": "cash"}

    def race(number: int) -> object:
        if number:
            return record_payment(invoice=invoice, actor=actor, at=AT, data=order)
        return cancel_invoice(invoice=invoice, actor=actor, at=AT)

    results = at_once(2, race)
    invoice.refresh_from_db()
    seen = (raised(results), invoice.state, invoice.amount_paid, Payment.objects.count())
    assert seen in [
        (["RefundFirst"], "issued", Decimal(300), 1),
        (["ImpossibleMove"], "cancelled", Decimal(0), 0),
    ]


@pytest.mark.slow
def test_credit_notes_together_take_what_there_is_and_no_more(business: Business, actor: Actor) -> None:
    items = [
        {"name": "Thing", "quantity": 5, "unit_price": "33.337", "tax_rate": "19.6", "discount_rate": "3"},
        {"name": "Other", "quantity": 5, "unit_price": "0.99", "tax_rate": "9.975"},
    ]
    parent = make_issued(business, items=items, discount_rate="12.5", at=AT)
    lines = list(parent.lines.values_list("pk", flat=True))

    def credit_some(number: int) -> int:
        chance, done = Random(number), 0
        for _turn in range(4):
            data = {
                "reason": "Returned",
                "issue": True,
                "items": [{"parent_item_id": chance.choice(lines), "quantity": 1}],
            }
            with suppress(MoreThanLeft):
                write_note(parent=parent, kind="credit_note", actor=actor, at=AT, data=data)
                done += 1
        return done

    results = at_once(8, credit_some)
    assert raised(results) == []
    assert sum(returned(results)) == 10
    notes = Invoice.objects.filter(parent=parent)
    assert numbers(business, "CN") == in_a_row("CN", 10)
    credited = Line.objects.filter(invoice__in=notes).values_list("parent_line").annotate(Sum("quantity"))
    assert dict(credited) == dict.fromkeys(lines, Decimal(5))
    parent.refresh_from_db()
    for name in ("taxable_amount", "tax_amount", "total"):
        assert sum(getattr(note, name) for note in notes) == getattr(parent, name)
    assert (parent.amount_credited, parent.amount_due, parent.settlement) == (parent.total, 0, "credited")


def test_full_credit_note_is_written_once(business: Business, actor: Actor) -> None:
    parent = make_issued(business, at=AT)
    order = {"reason": "Wrong", "issue": True}

    def credit(_number: int) -> Invoice:
        return write_note(parent=parent, kind="credit_note", actor=actor, at=AT, data=order)

    assert raised(at_once(4, credit)) == ["MoreThanLeft"] * 3
    parent.refresh_from_db()
    assert (parent.amount_credited, parent.settlement) == (Decimal(300), "credited")


def test_drafts_of_credit_notes_are_issued_within_their_parent(business: Business, actor: Actor) -> None:
    parent = make_issued(business, at=AT)
    order = {"reason": "Wrong"}
    drafts = [write_note(parent=parent, kind="credit_note", actor=actor, at=AT, data=order) for _draft in range(4)]
    results = at_once(4, lambda number: issue_invoice(invoice=drafts[number], actor=actor, at=AT))
    assert raised(results) == ["MoreThanLeft"] * 3
    parent.refresh_from_db()
    assert parent.amount_credited == Decimal(300)


def test_quota_of_invoices_is_never_exceeded(actor: Actor, business: Business) -> None:
    business.plan = Plan.objects.create(code="five", name="Five", invoices_per_month=5)
    business.save()
    client = make_client(business)
    drafts = [make_draft(business, client, at=AT) for _draft in range(8)]
    results = at_once(8, lambda number: issue_invoice(invoice=drafts[number], actor=actor, at=AT))
    assert raised(results) == ["QuotaExceeded"] * 3
    assert QuotaCounter.objects.get(business=business, metric="invoices").used == 5
    assert numbers(business, "INV") == in_a_row("INV", 5)


def test_quota_is_given_back_by_those_who_roll_back(actor: Actor, business: Business) -> None:
    business.plan = Plan.objects.create(code="five", name="Five", invoices_per_month=5)
    business.save()
    client = make_client(business)
    drafts = [make_draft(business, client, at=AT) for _draft in range(5)]

    def issue_at_the_third_try(number: int) -> None:
        for turn in range(3):
            with suppress(Interrupted), transaction.atomic():
                issue_invoice(invoice=drafts[number], actor=actor, at=AT)
                if turn < 2:
                    raise Interrupted

    assert raised(at_once(5, issue_at_the_third_try)) == []
    assert QuotaCounter.objects.get(business=business, metric="invoices").used == 5
    assert numbers(business, "INV") == in_a_row("INV", 5)


def test_quota_of_mails_is_never_exceeded(actor: Actor, business: Business, settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"email": "100/h"}
    business.plan = Plan.objects.create(code="three", name="Three", emails_per_day=3)
    business.save()
    invoices = [make_issued(business, at=AT) for _invoice in range(6)]
    results = at_once(6, lambda number: send_invoice(invoice=invoices[number], actor=actor, at=AT, data={}))
    assert raised(results) == ["QuotaExceeded"] * 3
    assert Delivery.objects.count() == 3


@pytest.mark.slow
def test_worker_and_reader_keep_one_file_without_waiting_for_each_other(business: Business, monkeypatch) -> None:
    """Whoever asks for a PDF that the worker is about to store keeps it first, or waits; neither is turned away."""
    invoice = make_issued(business, at=AT)
    storing = Signal()

    def keep_slowly(*arguments: Any) -> None:
        storing.set()
        time.sleep(0.5)
        papers.keep(*arguments)

    monkeypatch.setattr(artifacts, "keep", keep_slowly)

    def race(number: int) -> object:
        if number == 0:
            return run_one("artifact")
        assert storing.wait(30)
        return papers.pdf_of(Invoice.objects.select_related("business").get(pk=invoice.pk))

    results = at_once(3, race)
    assert raised(results) == []
    assert results[1] == results[2]
    [file] = Artifact.objects.all()
    assert (file.state, file.attempts, file.last_error) == ("done", 1, "")
    assert file.sha256 == hashlib.sha256(results[1]).hexdigest()
