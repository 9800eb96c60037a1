from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from accounts.choices import Metric
from accounts.errors import QuotaExceeded
from accounts.models import Business, Plan, QuotaCounter
from accounts.quotas import QuotaUsage, consume, usage
from tests.accounts.threads import at_once
from tests.factories.accounts import make_business

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)


def make_limited(**fields) -> Business:
    Plan.objects.get_or_create(code="tiny", defaults={"name": "Tiny", "invoices_per_month": 3, "emails_per_day": 2})
    return make_business(plan_id="tiny", **fields)


@pytest.mark.django_db
def test_consume_counts_up_to_the_limit_and_says_when_it_renews():
    business = make_limited()
    for _ in range(3):
        consume(business=business, metric=Metric.INVOICES, at=AT)
    with pytest.raises(QuotaExceeded) as refused:
        consume(business=business, metric=Metric.INVOICES, at=AT)
    assert refused.value.extra == {"metric": "invoices", "used": 3, "limit": 3, "renews_at": DECEMBER}


@pytest.mark.django_db
def test_consume_refuses_an_amount_that_does_not_fit_and_counts_nothing_of_it():
    business = make_limited()
    consume(business=business, metric=Metric.INVOICES, at=AT, amount=2)
    with pytest.raises(QuotaExceeded):
        consume(business=business, metric=Metric.INVOICES, at=AT, amount=2)
    consume(business=business, metric=Metric.INVOICES, at=AT)
    assert QuotaCounter.objects.get(business=business).used == 3


@pytest.mark.django_db
def test_consume_more_than_the_whole_quota():
    business = make_limited()
    with pytest.raises(QuotaExceeded) as refused:
        consume(business=business, metric=Metric.EMAILS, at=AT, amount=5)
    assert refused.value.extra["used"] == 0


@pytest.mark.django_db
def test_consume_without_a_limit_counts_all_the_same():
    business = make_business()
    for _ in range(5):
        consume(business=business, metric=Metric.INVOICES, at=AT)
    assert usage(business, AT)[0] == QuotaUsage("invoices", 5, None, DECEMBER)


@pytest.mark.django_db
def test_month_begins_in_the_time_zone_of_the_business():
    business = make_limited(timezone="Asia/Riyadh")
    before = datetime(2026, 11, 30, 20, 59, tzinfo=UTC)
    after = datetime(2026, 11, 30, 21, 0, tzinfo=UTC)
    consume(business=business, metric=Metric.INVOICES, at=before, amount=3)
    consume(business=business, metric=Metric.INVOICES, at=after, amount=3)
    assert [row.period.isoformat() for row in QuotaCounter.objects.order_by("period")] == ["2026-11-01", "2026-12-01"]


@pytest.mark.django_db
def test_day_begins_in_the_time_zone_of_the_business():
    business = make_limited(timezone="America/New_York")
    consume(business=business, metric=Metric.EMAILS, at=datetime(2026, 11, 20, 4, 59, tzinfo=UTC), amount=2)
    consume(business=business, metric=Metric.EMAILS, at=datetime(2026, 11, 20, 5, 0, tzinfo=UTC), amount=2)
    with pytest.raises(QuotaExceeded) as refused:
        consume(business=business, metric=Metric.EMAILS, at=datetime(2026, 11, 20, 5, 1, tzinfo=UTC))
    assert refused.value.extra["renews_at"] == datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_december_renews_in_january():
    business = make_limited()
    renews = usage(business, datetime(2026, 12, 31, 23, 0, tzinfo=UTC))[0].renews_at
    assert renews == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.django_db
def test_usage_of_metrics_in_one_query(django_assert_num_queries):
    business = make_limited()
    consume(business=business, metric=Metric.EMAILS, at=AT)
    with django_assert_num_queries(1):
        found = usage(business, AT)
    assert found == [
        QuotaUsage("invoices", 0, 3, DECEMBER),
        QuotaUsage("emails", 1, 2, datetime(2026, 11, 21, tzinfo=UTC)),
    ]


@pytest.mark.django_db
def test_businesses_are_counted_apart():
    one, other = make_limited(), make_limited()
    consume(business=one, metric=Metric.INVOICES, at=AT, amount=3)
    consume(business=other, metric=Metric.INVOICES, at=AT, amount=3)
    assert [row.used for row in QuotaCounter.objects.all()] == [3, 3]


@pytest.mark.django_db(transaction=True)
def test_rollback_gives_the_quota_back(transactional_db):
    business = make_limited()
    with transaction.atomic():
        consume(business=business, metric=Metric.INVOICES, at=AT)
        transaction.set_rollback(True)
    assert usage(business, AT)[0].used == 0


@pytest.mark.django_db(transaction=True)
def test_threads_use_exactly_the_quota(transactional_db):
    business = make_limited()

    def use(number):
        with transaction.atomic():
            consume(business=business, metric=Metric.INVOICES, at=AT)
        return "used"

    results = [result if result == "used" else type(result) for result in at_once(8, use)]
    assert (results.count("used"), results.count(QuotaExceeded)) == (3, 5)
    assert QuotaCounter.objects.get().used == 3
