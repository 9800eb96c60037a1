"""What a business may spend on models: kept also where many spend at once, and where a worker is stopped."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Business
from accounts.tenancy import Actor
from extraction.choices import CallState, Failure
from extraction.engines.base import Answer, Question, Usage
from extraction.errors import BudgetUsedUp
from extraction.models import Budget, Document, EngineCall, Extraction, ModelPrice
from extraction.queries import spent_since
from extraction.services.budgets import check_budget, limit_of, month_began, reserve
from extraction.services.calls import abandon_stale, settle_call
from extraction.services.pricing import row_of
from extraction.services.runs import Order, add_run, refetch
from tests.accounts.threads import at_once, raised, returned
from tests.extraction import papers
from tests.factories.accounts import make_business
from tests.factories.extraction import make_document
from tests.fakes.gemini import Gemini

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prices")]
# A million tokens in and a hundred thousand out, of gemini-2.5-flash
MOST = Question("gemini-2.5-flash", "standard", Usage(1_000_000, 100_000), None)
PRICE = Decimal("0.55")


def price() -> ModelPrice:
    row = row_of("gemini-2.5-flash", day=date(2026, 11, 20))
    assert row is not None
    return row


@pytest.fixture
def run(business: Business) -> Extraction:
    document = make_document(business, papers.plain())
    return add_run(document=document, actor=Actor.system(business.pk), at=timezone.now(), order=Order())


def note(run: Extraction, *, at: datetime | None = None) -> EngineCall:
    return reserve(run=run, engine="gemini", row=price(), question=MOST, at=at or timezone.now())


def spent(business: Business, at: datetime | None = None) -> Decimal:
    return spent_since(business_id=business.pk, since=month_began(business, at or timezone.now()))


def test_the_installation_allows_so_much_and_staff_set_another(business: Business, settings: Any) -> None:
    settings.EXTRACTION_BUDGET_USD = Decimal(3)
    assert limit_of(business.pk) == 3
    Budget.objects.create(business=business, monthly_usd="0.50")
    assert (limit_of(business.pk), limit_of(make_business().pk)) == (Decimal("0.50"), 3)


def test_a_call_is_noted_with_the_most_it_can_cost(business: Business, run: Extraction) -> None:
    call = note(run)
    assert (call.state, call.is_estimate, call.price_usd, call.price_display) == (
        CallState.BEGUN,
        True,
        PRICE,
        PRICE * 90,
    )
    assert (call.display_currency, call.display_rate, call.price_row) == ("INR", 90, price())
    assert spent(business) == PRICE


def test_what_would_pass_the_budget_is_refused_before_it_is_spent(business: Business, run: Extraction) -> None:
    Budget.objects.create(business=business, monthly_usd=2 * PRICE - Decimal("0.01"))
    note(run)
    with pytest.raises(BudgetUsedUp) as refused:
        note(run)
    assert str(refused.value.detail) == "What may be spent on models this month is used up: 0.55 of 1.09 USD."
    assert spent(business) == PRICE


def test_a_budget_may_be_spent_to_the_last(business: Business, run: Extraction) -> None:
    Budget.objects.create(business=business, monthly_usd=2 * PRICE)
    note(run)
    check_budget(business, at=timezone.now())
    note(run)
    with pytest.raises(BudgetUsedUp):
        check_budget(business, at=timezone.now())


def test_what_a_call_did_not_cost_is_free_again(business: Business, run: Extraction) -> None:
    Budget.objects.create(business=business, monthly_usd=PRICE)
    call = note(run)
    answer = Answer({}, reason="model", score=0.5, usage=Usage(1000, 100))
    settle_call(call, MOST, price(), answer, milliseconds=5)
    call.refresh_from_db()
    assert (call.price_usd, call.is_estimate, call.state) == (Decimal("0.00055"), False, CallState.DONE)
    assert spent(business) == Decimal("0.00055")


def test_a_worker_that_is_killed_leaves_its_call_and_what_it_may_have_cost(business: Business, run: Extraction) -> None:
    call = note(run)
    lost = note(run, at=timezone.now() - timedelta(minutes=6))
    Document.objects.all().delete()  # nobody will begin that run anew
    abandon_stale(timezone.now())
    states = list(EngineCall.objects.order_by("pk").values_list("pk", "state", "failure", "is_estimate", "price_usd"))
    assert states == [
        (call.pk, CallState.BEGUN, "", True, PRICE),
        (lost.pk, CallState.FAILED, Failure.GAVE_UP, True, PRICE),
    ]
    assert spent(business) == 2 * PRICE


def test_a_month_is_that_of_the_business(business: Business, run: Extraction) -> None:
    Business.objects.filter(pk=business.pk).update(timezone="Asia/Riyadh")
    business.refresh_from_db()
    # In Riyadh December has begun, in London it has not.
    late = datetime(2026, 11, 30, 21, 30, tzinfo=UTC)
    note(run, at=late - timedelta(hours=1))
    note(run, at=late)
    assert spent(business, late) == PRICE
    assert month_began(business, late) == datetime(2026, 11, 30, 21, tzinfo=UTC)
    business.timezone = "Europe/London"
    assert spent(business, late) == 2 * PRICE


def test_another_business_has_its_own(business: Business, run: Extraction) -> None:
    note(run)
    assert spent(make_business()) == 0


def test_a_model_that_is_ordered_by_name_is_refused_when_all_is_spent(
    business: Business, gemini: Gemini, run: Extraction
) -> None:
    Budget.objects.create(business=business, monthly_usd=0)
    document = make_document(business, papers.plain())
    with pytest.raises(BudgetUsedUp):
        refetch(document=document, actor=Actor.system(business.pk), at=timezone.now(), data={"engine": "gemini"})
    assert not Extraction.objects.filter(document=document).exists()
    # Who leaves it to us is read by what costs nothing.
    refetch(document=document, actor=Actor.system(business.pk), at=timezone.now(), data={})


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_cannot_pass_the_budget_together(business: Business, run: Extraction) -> None:
    Budget.objects.create(business=business, monthly_usd=3 * PRICE)
    results = at_once(8, lambda number: note(run))
    assert (raised(results), len(returned(results))) == (["BudgetUsedUp"] * 5, 3)
    assert spent(business) == 3 * PRICE


@time_machine.travel("2026-12-01T00:00:00Z", tick=False)
def test_a_new_month_begins_with_nothing_spent(business: Business, run: Extraction) -> None:
    note(run, at=timezone.now() - timedelta(seconds=1))
    assert spent(business) == 0
