from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Business
from invoicing.jobs.carrying import carry_sums_forward
from invoicing.models import CarriedForward, Invoice, Payment
from invoicing.queries import Statistics
from invoicing.services import carrying
from invoicing.services.carrying import carry_forward, last_settled
from invoicing.services.corrections import cancel_invoice, write_note
from tests.factories.accounts import make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_issued
from tests.invoicing.histories import History

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 6, 28, 22, 30, tzinfo=UTC)


@pytest.fixture
def business() -> Business:
    return make_business(country="MA", currency="MAD", timezone="UTC")


def figures(businesses: list[Business], at: datetime) -> tuple[object, ...]:
    seen = Statistics(businesses, at=at, compared=True)
    return seen.by_month, seen.by_currency, [seen.so_far(code) for code in ("MAD", "EUR")]


def by_rows(businesses: list[Business], at: datetime) -> tuple[object, ...]:
    kept = list(CarriedForward.objects.all())
    CarriedForward.objects.all().delete()
    found = figures(businesses, at)
    CarriedForward.objects.bulk_create(kept)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_what_is_carried_forward_and_what_came_since_are_what_all_rows_add_up_to(seed: int) -> None:
    chance = Random(seed)
    zones = [make_business(country="MA", currency="MAD", timezone=zone) for zone in ("Asia/Tokyo", "UTC")]
    histories = [History(each, make_client(each), chance) for each in zones]
    with time_machine.travel(BEGIN, tick=False) as clock:
        for _ in range(120):
            chance.choice(histories).act()
            clock.shift(timedelta(hours=chance.choice([1, 7, 30])))
            now = timezone.now()
            if chance.random() < 0.1:
                carry_forward(business=chance.choice(zones), until=last_settled(now))
            if chance.random() < 0.1:
                assert figures(zones, now) == by_rows(zones, now)
        now = timezone.now()
        for each in zones:
            carry_forward(business=each, until=last_settled(now))
        assert figures(zones, now) == by_rows(zones, now)
        kept = {row.pk: row.sums for row in CarriedForward.objects.all()}
        for each in zones:
            carry_forward(business=each, until=last_settled(now), anew=True)
        assert {row.pk: row.sums for row in CarriedForward.objects.all()} == kept


def test_a_note_and_a_cancellation_lower_a_day_that_was_carried(business: Business) -> None:
    with time_machine.travel(BEGIN, tick=False) as clock:
        credited, cancelled = make_issued(business), make_issued(business)
        clock.shift(timedelta(days=40))
        before = carry_forward(business=business, until=last_settled(timezone.now()))
        actor = History(business, credited.client, Random(1)).actor
        write_note(
            parent=credited, kind="credit_note", actor=actor, at=timezone.now(), data={"reason": "x", "issue": True}
        )
        cancel_invoice(invoice=cancelled, actor=actor, at=timezone.now())
        at = timezone.now()
        assert figures([business], at) == by_rows([business], at)
        clock.shift(timedelta(days=3))
        after = carry_forward(business=business, until=last_settled(timezone.now()))
    [day] = before.sums["invoiced"]
    amounts = [row.sums["invoiced"][day][business.currency] for row in (before, after)]
    assert (float(amounts[0]), float(amounts[1])) == (2 * float(credited.total), 0.0)


def test_another_time_zone_makes_the_sums_anew(business: Business) -> None:
    with time_machine.travel(BEGIN, tick=False) as clock:
        invoice = make_issued(business)
        Payment.objects.create(
            business=business, invoice=invoice, amount=5, currency="MAD", method="cash", received_at=timezone.now()
        )
        clock.shift(timedelta(days=9))
        until = last_settled(timezone.now())
        first = carry_forward(business=business, until=until)
        business.timezone = "Asia/Tokyo"
        business.save()
        at = timezone.now()
        assert figures([business], at) == by_rows([business], at)
        second = carry_forward(business=business, until=until)
    assert [list(row.sums["received"]) for row in (first, second)] == [["2026-06-28"], ["2026-06-29"]]


def test_months_before_the_last_two_stand_under_their_first_day(business: Business) -> None:
    with time_machine.travel(BEGIN, tick=False) as clock:
        for _ in range(4):
            make_issued(business)
            clock.shift(timedelta(days=31))
        row = carry_forward(business=business, until=last_settled(timezone.now()))
    assert list(row.sums["invoiced"]) == ["2026-06-01", "2026-07-01", "2026-08-01", "2026-09-29"]


def test_only_large_businesses_are_carried_once_a_day(business: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(carrying, "WORTH", 2)
    other = make_business()
    for each in (business, business, other):
        make_issued(each)
    at = timezone.now()
    carry_sums_forward(at)
    assert list(CarriedForward.objects.values_list("pk", flat=True)) == [business.pk]
    CarriedForward.objects.all().delete()
    carry_sums_forward(at)
    assert not CarriedForward.objects.exists()


def test_the_command_adds_up_anew(business: Business, monkeypatch: pytest.MonkeyPatch, capsys: object) -> None:
    monkeypatch.setattr(carrying, "WORTH", 1)
    make_issued(business)
    wrong = {"invoiced": {"2026-01-01": {"MAD": "1"}}, "received": {}}
    until = last_settled(timezone.now())
    CarriedForward.objects.create(business=business, until=until, timezone=business.timezone, sums=wrong)
    call_command("carry_forward", "--anew")
    assert CarriedForward.objects.get().sums == {"invoiced": {}, "received": {}}
    assert Invoice.objects.count() == 1
