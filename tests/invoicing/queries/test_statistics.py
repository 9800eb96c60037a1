from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Business
from accounts.tenancy import Actor
from invoicing.choices import DocumentState, InvoiceType
from invoicing.domain import lifecycle
from invoicing.domain.lifecycle import Status
from invoicing.models import Invoice, Payment, Refund
from invoicing.queries import MonthSum, Standing, Statistics, figures_by_currency, last_months, same_day
from invoicing.services.corrections import cancel_invoice, write_note
from invoicing.services.settlement import record_payment, record_refund
from tests.factories.accounts import make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued
from tests.invoicing.histories import History

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
NOTES = (InvoiceType.CREDIT_NOTE, InvoiceType.DEBIT_NOTE)
ZERO = Decimal(0)


@pytest.fixture
def business() -> Business:
    return make_business(currency="MAD", timezone="Africa/Casablanca")


def pay(invoice: Invoice, amount: int, at: datetime) -> Payment:
    actor = Actor.system(invoice.business_id)
    data = {"amount": amount, "method": "cash", "received_at": at.isoformat()}
    return record_payment(invoice=invoice, actor=actor, at=max(at, NOW), data=data)


def refund(payment: Payment, amount: int, at: datetime, **data: Any) -> Refund:
    with time_machine.travel(at, tick=False):
        actor = Actor.system(payment.business_id)
        return record_refund(payment=payment, actor=actor, at=at, data={"amount": amount} | data)


def note(invoice: Invoice, kind: str, quantity: str = "1") -> Invoice:
    items = [{"name": "Consulting", "quantity": quantity, "unit_price": 150}]
    data = {"reason": "A reason", "items": items, "issue": True}
    return write_note(parent=invoice, kind=kind, actor=Actor.system(invoice.business_id), at=NOW, data=data)


def months_of(statistics: Statistics) -> list[tuple[str, str, Decimal, Decimal]]:
    """Return the months in which something moved."""
    rows = statistics.by_month
    return [(f"{row.month:%Y-%m}", row.currency, row.invoiced, row.paid) for row in rows if row.invoiced or row.paid]


# Documents by status


def test_by_status_names_every_status_and_leaves_out_notes(business: Business) -> None:
    make_draft(business, at=NOW)
    parent = make_issued(business, at=NOW)
    note(parent, "credit_note")
    note(parent, "debit_note")
    cancel_invoice(invoice=make_issued(business, at=NOW), actor=Actor.system(business.pk), at=NOW)
    make_issued(business, at=NOW - timedelta(days=60))
    make_draft(make_business(), at=NOW)
    counts = Statistics([business], at=NOW).by_status
    assert counts == dict.fromkeys(Status.values, 0) | {"draft": 1, "issued": 1, "cancelled": 1, "overdue": 1}


def test_an_invoice_is_overdue_when_the_next_day_begins_where_the_business_is(business: Business) -> None:
    make_issued(business, at=NOW, due_date="2026-11-30")  # in Casablanca midnight is 23:00 UTC
    for moment, label in (
        (datetime(2026, 11, 30, 22, 59, tzinfo=UTC), "issued"),
        (NOW + timedelta(days=11), "overdue"),
    ):
        assert Counter(Statistics([business], at=moment).by_status) == Counter({label: 1})
    assert Statistics([business], at=datetime(2026, 11, 30, 23, tzinfo=UTC)).by_status["overdue"] == 1


# Money


def test_revenue_is_payments_less_refunds_and_due_is_all_that_is_open(business: Business) -> None:
    late = make_issued(business, at=NOW - timedelta(days=60))
    partly = make_issued(business, at=NOW)
    payment = pay(partly, 200, NOW)
    refund(payment, 50, NOW)
    paid = make_issued(business, at=NOW)
    refund(pay(paid, 300, NOW), 100, NOW)
    credited = make_issued(business, at=NOW)
    note(credited, "credit_note")
    claim = note(credited, "debit_note")
    cancel_invoice(invoice=make_issued(business, at=NOW), actor=Actor.system(business.pk), at=NOW)
    make_draft(business, at=NOW)
    make_issued(business, at=NOW, currency="EUR")
    make_issued(make_business(currency="MAD"), at=NOW)
    claim.refresh_from_db()
    assert (claim.amount_due, Statistics([business], at=NOW).by_currency) == (
        150,
        [
            Standing(
                "MAD", revenue=Decimal(350), due=Decimal(750), due_count=4, overdue=Decimal(300), overdue_count=1,
                oldest_due_date=late.due_date,
            ),
            Standing("EUR", due=Decimal(300), due_count=1),
        ],
    )  # fmt: skip


def test_a_business_without_documents_stands_at_nothing_in_its_currency(business: Business) -> None:
    statistics = Statistics([business], at=NOW)
    assert statistics.by_currency == [Standing("MAD")]
    assert statistics.by_month == [MonthSum(month, "MAD") for month in last_months(date(2026, 11, 20), 12)]
    assert statistics.by_status == dict.fromkeys(Status.values, 0)


# Months


def test_last_months_end_with_the_present_one() -> None:
    assert last_months(date(2026, 3, 31), 4) == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
        date(2026, 3, 1),
    ]


def test_by_month_goes_by_the_time_zone_of_the_business(business: Business) -> None:
    begins = datetime(2026, 10, 31, 23, tzinfo=UTC)  # November in Casablanca
    invoice = make_issued(business, at=begins, issue_date="2026-10-31")
    pay(invoice, 10, begins - timedelta(seconds=1))
    payment = pay(invoice, 20, begins)
    refund(payment, 5, begins - timedelta(seconds=1))
    refund(payment, 7, begins)
    assert months_of(Statistics([business], at=NOW)) == [("2026-10", "MAD", 300, 5), ("2026-11", "MAD", 0, 13)]


def test_by_month_shows_twelve_months_in_each_currency_in_which_something_moved(business: Business) -> None:
    first = datetime(2025, 12, 1, 12, tzinfo=UTC)
    make_issued(business, at=first - timedelta(days=1), currency="USD")
    pay(make_issued(business, at=first - timedelta(days=1)), 300, first - timedelta(days=1))
    pay(make_issued(business, at=first, currency="EUR"), 40, NOW)
    note(make_issued(business, at=first), "credit_note")
    statistics = Statistics([business], at=NOW)
    assert [(row.month, row.currency) for row in statistics.by_month] == [
        (month, currency) for month in last_months(NOW.date(), 12) for currency in ("MAD", "EUR")
    ]
    assert months_of(statistics) == [
        ("2025-12", "MAD", 150, 0), ("2025-12", "EUR", 300, 0), ("2026-11", "EUR", 0, 40),
    ]  # fmt: skip
    assert [(each.currency, each.revenue) for each in statistics.by_currency] == [("MAD", 300), ("EUR", 40), ("USD", 0)]


def test_several_businesses_count_together_each_by_its_own_calendar(business: Business) -> None:
    other = make_business(currency="EUR", timezone="Pacific/Auckland")
    moment = datetime(2026, 10, 31, 12, tzinfo=UTC)  # November in Auckland, October in Casablanca
    pay(make_issued(business, at=moment), 10, moment)
    pay(make_issued(other, at=moment, currency="MAD"), 100, moment)
    statistics = Statistics([business, other], at=NOW)
    assert months_of(statistics) == [("2026-10", "MAD", 300, 10), ("2026-11", "MAD", 300, 100)]
    assert [(each.currency, each.revenue, each.due) for each in statistics.by_currency] == [("MAD", 110, 490)]
    assert [each.currency for each in Statistics([other, business], at=NOW).by_currency] == ["EUR", "MAD"]


def test_the_months_end_where_it_is_latest(business: Business) -> None:
    other = make_business(currency="MAD", timezone="Pacific/Auckland")
    moment = datetime(2026, 11, 30, 12, tzinfo=UTC)  # December in Auckland
    make_issued(business, at=moment)
    make_issued(other, at=moment)
    statistics = Statistics([business, other], at=moment)
    assert months_of(statistics) == [("2026-11", "MAD", 300, 0), ("2026-12", "MAD", 300, 0)]
    assert Statistics([business], at=moment).months[-1] == date(2026, 11, 1)


# Against what a patient clerk would add up


def clerk(businesses: Sequence[Business], at: datetime) -> tuple[Any, Any, Any]:
    """Return the counts, sums and months of businesses, reckoned one document at a time."""
    zones = {business.pk: ZoneInfo(business.timezone) for business in businesses}
    counts = dict.fromkeys(Status.values, 0)
    sums: dict[str, list[Decimal]] = {businesses[0].currency: [ZERO, ZERO, ZERO]}
    months: dict[tuple[date, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for invoice in Invoice.objects.filter(business__in=businesses):
        label = lifecycle.status(invoice, at=at)
        if invoice.type not in NOTES:
            counts[label] += 1
        if invoice.state != DocumentState.ISSUED or invoice.type == InvoiceType.CREDIT_NOTE:
            continue
        assert invoice.issue_date is not None
        months[invoice.issue_date.replace(day=1), invoice.currency][0] += invoice.total - invoice.amount_credited
        if invoice.amount_due:
            found = sums.setdefault(invoice.currency, [ZERO, ZERO, ZERO])
            found[1] += invoice.amount_due
            found[2] += invoice.amount_due if label == Status.OVERDUE else 0
    moved = [(each, each.received_at, each.amount) for each in Payment.objects.filter(business__in=businesses)]
    refunds = Refund.objects.filter(business__in=businesses).select_related("payment")
    moved += [(each.payment, each.created_at, -each.amount) for each in refunds]
    for payment, moment, amount in moved:
        sums.setdefault(payment.currency, [ZERO, ZERO, ZERO])[0] += amount
        day = moment.astimezone(zones[payment.business_id]).date()
        months[day.replace(day=1), payment.currency][1] += amount
    return counts, sums, months


@pytest.mark.parametrize("seed", range(8))
def test_statistics_are_what_a_clerk_adds_up(seed: int) -> None:
    chance = Random(seed)
    zones = chance.choice([["Africa/Casablanca"], ["Asia/Riyadh", "Asia/Riyadh"], ["UTC", "Pacific/Auckland"]])
    businesses = [make_business(currency="MAD", timezone=zone) for zone in zones]
    stranger = make_business(currency="MAD")
    histories = [History(each, make_client(each), chance, "send", "view", "view") for each in (*businesses, stranger)]
    at = datetime(2026, 1, 31, 20, tzinfo=UTC)
    for _step in range(90):
        at += timedelta(hours=chance.choice([1, 13, 30, 400]))
        with time_machine.travel(at, tick=False):
            chance.choice(histories).act()
    statistics = Statistics(businesses, at=at)
    counts, sums, months = clerk(businesses, at)
    assert statistics.by_status == counts
    found = {each.currency: [each.revenue, each.due, each.overdue] for each in statistics.by_currency}
    assert {code: amounts for code, amounts in found.items() if any(amounts)} == {
        code: amounts for code, amounts in sums.items() if any(amounts)
    }
    shown = {(row.month, row.currency): [row.invoiced, row.paid] for row in statistics.by_month}
    assert {place: amounts for place, amounts in shown.items() if any(amounts)} == {
        place: amounts for place, amounts in months.items() if any(amounts) and place[0] >= statistics.months[0]
    }
    assert len(shown) == len(statistics.by_month) == 12 * len({currency for _month, currency in shown})


def test_a_history_brings_about_every_status() -> None:
    """What the clerk's test would be empty without."""
    business, chance, at = make_business(currency="MAD"), Random(1), NOW
    history, seen = History(business, make_client(business), chance, "send", "view", "view"), Counter[str]()
    for _step in range(250):
        at += timedelta(hours=chance.choice([1, 13, 30]))
        with time_machine.travel(at, tick=False):
            history.act()
        seen.update(label for label, count in Statistics([business], at=at).by_status.items() if count)
    assert set(seen) == set(Status.values)


# Queries


def test_everything_is_answered_in_seven_queries(business: Business, django_assert_num_queries: Any) -> None:
    other = make_business(timezone="Asia/Tokyo")
    for _each in range(3):
        refund(pay(make_issued(business, at=NOW), 300, NOW), 1, NOW)
        make_issued(other, at=NOW)
    for businesses in ([business], [business, other]):
        statistics = Statistics(businesses, at=NOW)
        with django_assert_num_queries(7):
            _all = (statistics.by_status, statistics.by_currency, statistics.by_month)
        with django_assert_num_queries(2):
            _some = Statistics(businesses, at=NOW).by_status
        with django_assert_num_queries(4):
            _others = Statistics(businesses, at=NOW).by_month
    with django_assert_num_queries(5):
        figures_by_currency(business, at=NOW)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the other database plans by other rules")
@pytest.mark.django_db(transaction=True)
def test_invoices_and_payments_are_read_from_indexes_alone(business: Business) -> None:
    pay(make_issued(business, at=NOW), 300, NOW)
    make_issued(business, at=NOW)
    with CaptureQueriesContext(connection) as asked:
        statistics = Statistics([business], at=NOW)
        _all = (statistics.by_status, statistics.by_currency, statistics.by_month)
    found = set()
    with connection.cursor() as cursor:
        for table in ("invoicing_invoice", "invoicing_payment", "invoicing_refund"):
            # What other tests left would weigh on the choice; the second one says which pages all may see.
            cursor.execute(f"VACUUM FULL {table}")
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN (COSTS OFF) {query['sql']}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            found |= set(re.findall(r"(\w[\w ]*) using (\w+) on (?:invoicing_invoice|invoicing_payment)\b", plan))
        cursor.execute("RESET enable_seqscan; RESET enable_bitmapscan")
    names = ("invoice_claims", "invoice_counts", "invoice_open", "payment_newest_amounts")
    # Refunds find the currency of their payment by its key.
    by_key = {index for scan, index in found if scan == "Index Scan"}
    assert all(index.startswith("invoicing_payment_") for index in by_key), found
    assert found - {("Index Scan", index) for index in by_key} == {("Index Only Scan", name) for name in names}


def test_figures_compare_the_month_with_as_many_days_of_the_last(business: Business) -> None:
    pay(make_issued(business, at=NOW, currency="USD"), 300, NOW - timedelta(days=400))
    pay(make_issued(business, at=NOW, currency="EUR"), 300, datetime(2026, 10, 20, 21, tzinfo=UTC))
    euros = make_issued(business, at=NOW - timedelta(days=400), currency="EUR")
    pay(euros, 200, datetime(2026, 10, 20, 23, tzinfo=UTC))  # the 21st in Casablanca
    pay(make_issued(business, at=NOW - timedelta(days=31)), 100, NOW)
    found = [
        (each.currency, each.present.paid, each.before.paid, each.before.invoiced, each.months[-2].paid)
        for each in figures_by_currency(business, at=NOW)
    ]
    assert found == [("MAD", 100, 0, 300, 0), ("EUR", 0, 300, 0, 500), ("USD", 0, 0, 0, 0)]
    assert figures_by_currency(business, at=NOW)[0].standing.due == 200


@pytest.mark.parametrize(
    ("day", "same"),
    [
        ("2026-11-20", "2026-10-20"),
        ("2026-03-31", "2026-02-28"),
        ("2028-03-31", "2028-02-29"),
        ("2026-01-01", "2025-12-01"),
    ],
)
def test_the_same_day_of_the_month_before(day: str, same: str) -> None:
    assert str(same_day(date.fromisoformat(day))) == same


def test_comparing_leaves_the_months_as_they_are(business: Business) -> None:
    for days in (0, 20, 31, 40, 70):
        pay(make_issued(business, at=NOW - timedelta(days=days)), 100, NOW - timedelta(days=days))
    assert Statistics([business], at=NOW, compared=True).by_month == Statistics([business], at=NOW).by_month
