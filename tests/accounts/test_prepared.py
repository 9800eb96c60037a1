"""Prepared statements say and do what the querysets do that they are made of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Count, F, QuerySet
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import prepared
from accounts.choices import Metric
from accounts.models import Business, QuotaCounter
from invoicing.domain import lifecycle
from invoicing.models import Artifact, Event, Invoice, Line
from tests.accounts.threads import at_once
from tests.factories.accounts import make_business
from tests.factories.invoicing import make_draft, make_issued

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def values(instance: object) -> dict[str, object]:
    return {name: value for name, value in vars(instance).items() if name != "_state"}


def counter(business: Business, **fields: object) -> QuotaCounter:
    return QuotaCounter.objects.create(business=business, **({"metric": Metric.EMAILS, "period": DAY} | fields))


def test_rows_are_those_of_the_queryset_with_related_ones() -> None:
    invoice = make_issued(make_business(currency="KWD", tax_ids=[{"type": "ICE", "value": "1"}]), discount_rate="2.5")

    @prepared.rows
    def found(pk: str) -> QuerySet[Invoice]:
        return Invoice.objects.select_related("business__plan", "client", "parent").filter(pk=pk)

    expected = Invoice.objects.select_related("business__plan", "client", "parent").get(pk=invoice.pk)
    with CaptureQueriesContext(connection) as seen:
        [row] = found(invoice.pk)
        pairs = [
            (row, expected),
            (row.business, expected.business),
            (row.business.plan, expected.business.plan),
            (row.client, expected.client),
        ]
        assert row.parent is None
    assert len(seen) == 1
    for one, other in pairs:
        assert type(one) is type(other)
        assert values(one) == values(other)
        assert (one._state.adding, one._state.db) == (False, "default")


def test_rows_come_in_the_models_order_and_may_be_none() -> None:
    draft = make_draft(make_business(), items=[{"name": name, "quantity": 1, "unit_price": 1} for name in "abc"])

    @prepared.rows
    def lines(pk: str) -> QuerySet[Line]:
        return Line.objects.filter(invoice_id=pk)

    assert [line.name for line in lines(draft.pk)] == ["a", "b", "c"]
    assert lines("inv_none") == []


def test_columns_that_were_not_read_are_read_when_asked_for() -> None:
    draft = make_draft(make_business())

    @prepared.rows
    def lines(pk: str) -> QuerySet[Line]:
        return Line.objects.filter(invoice_id=pk).only("name")

    [line] = lines(draft.pk)
    assert line.get_deferred_fields() == {
        field.attname for field in Line._meta.concrete_fields if field.attname not in {"id", "name"}
    }
    with CaptureQueriesContext(connection) as seen:
        assert (line.name, line.unit_price) == ("Consulting", Decimal(150))
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("metric", Metric.EMAILS), ("metric", "emails"), ("period", DAY), ("used__gte", 3), ("used__lt", 4)],
)
def test_values_are_compared_as_a_queryset_compares_them(name: str, value: object) -> None:
    business = make_business()
    wanted = counter(business, used=3)
    counter(business, metric=Metric.INVOICES, period=date(2026, 11, 1), used=4 if name == "used__lt" else 2)

    @prepared.rows
    def found(business_id: str, given: object) -> QuerySet[QuotaCounter]:
        return QuotaCounter.objects.filter(**{"business_id": business_id, name: given})

    assert found(business.pk, value) == [wanted] == list(QuotaCounter.objects.filter(**{name: value}))


def test_moments_are_compared_as_a_queryset_compares_them() -> None:
    business = make_business()
    early, late = (make_draft(business, at=AT.replace(hour=hour)) for hour in (8, 10))

    @prepared.rows
    def since(moment: datetime) -> QuerySet[Invoice]:
        return Invoice.objects.filter(created_at__gte=moment).order_by("created_at")

    assert since(AT) == [late]
    assert since(AT.astimezone(timezone.get_fixed_timezone(180)).replace(minute=0, hour=11)) == [early, late]


@pytest.mark.parametrize("value", [None, Decimal(1), 1.5, ["emails"]])
def test_values_that_columns_may_store_their_own_way_are_refused(value: object) -> None:
    @prepared.rows
    def found(metric: str) -> QuerySet[QuotaCounter]:
        return QuotaCounter.objects.filter(metric=metric)

    with pytest.raises(TypeError, match="metric must be a text, a whole number, a day or a moment"):
        found(value)  # type: ignore[arg-type]  # that is the point


def test_values_are_as_many_as_the_arguments() -> None:
    @prepared.rows
    def found(metric: str, period: date) -> QuerySet[QuotaCounter]:
        return QuotaCounter.objects.filter(metric=metric, period=period)

    with pytest.raises(ValueError, match="shorter"):
        found("emails")  # type: ignore[call-arg]  # that is the point


def test_only_plain_rows_can_be_prepared() -> None:
    @prepared.rows
    def counted() -> QuerySet[Invoice]:
        return Invoice.objects.annotate(count=Count("lines"))

    @prepared.rows
    def fetched() -> QuerySet[Invoice]:
        return Invoice.objects.prefetch_related("lines")

    @prepared.rows
    def named() -> QuerySet[Invoice]:
        return Invoice.objects.values_list("number")  # type: ignore[return-value]  # that is the point

    for wrong in (counted, fetched, named):
        with pytest.raises(TypeError, match="only plain rows of a model can be prepared"):
            wrong()


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_in_a_transaction_alone() -> None:
    draft = make_draft(make_business())
    with pytest.raises(TransactionManagementError, match="select_for_update cannot be used outside of a transaction"):
        lifecycle.lock(draft.pk)
    with transaction.atomic():
        assert lifecycle.lock(draft.pk) == draft
    with pytest.raises(TransactionManagementError, match="select_for_update cannot be used outside of a transaction"):
        lifecycle.lock(draft.pk)


@pytest.mark.django_db(transaction=True)
def test_locked_rows_wait_for_each_other() -> None:
    business = make_business()
    row = counter(business)

    @prepared.rows
    def locked(pk: int) -> QuerySet[QuotaCounter]:
        return QuotaCounter.objects.select_for_update().filter(pk=pk)

    def add(_number: int) -> None:
        for _turn in range(10):
            with transaction.atomic():
                [found] = locked(row.pk)
                found.used += 1
                prepared.save(found, ["used"])

    at_once(6, add)
    row.refresh_from_db()
    assert row.used == 60


def test_sql_is_made_once_and_each_thread_runs_it() -> None:
    made = []

    @prepared.rows
    def found(business_id: str) -> QuerySet[QuotaCounter]:
        made.append(business_id)
        return QuotaCounter.objects.filter(business_id=business_id)

    one, other = make_business(), make_business()
    mine, theirs = counter(one), counter(other)
    assert [found(one.pk), found(other.pk), found(one.pk)] == [[mine], [theirs], [mine]]
    assert len(made) == 1


def test_update_writes_what_the_queryset_would_and_counts_the_rows() -> None:
    @prepared.update
    def use(business_id: str, period: date, most: int, amount: int):
        rows = QuotaCounter.objects.filter(business_id=business_id, period=period, used__lte=most)
        return rows, {"used": F("used") + amount, "metric": Metric.INVOICES}

    mine, other = counter(make_business(), used=1), counter(make_business(), used=1)
    assert [use(mine.business_id, DAY, 3, 2), use(mine.business_id, DAY, 3, 2), use(mine.business_id, DAY, 2, 2)] == [
        1,
        1,
        0,
    ]
    mine.refresh_from_db()
    other.refresh_from_db()
    assert [(row.used, row.metric) for row in (mine, other)] == [(5, "invoices"), (1, "emails")]


def test_insert_stores_what_save_would() -> None:
    invoice = make_draft(make_business())
    fields = {"invoice": invoice, "run_after": AT, "last_error": "100 % \u2019 é"}
    ours = prepared.insert(Artifact(**fields, kind="pdf"))
    theirs = Artifact(**fields, kind="other")
    theirs.save(force_insert=True)
    assert (ours._state.adding, ours._state.db) == (False, "default")
    stored, expected = Artifact.objects.get(pk=ours.pk), Artifact.objects.get(pk=theirs.pk)
    assert values(stored) | {"id": "", "kind": "", "created_at": ""} == values(expected) | {
        "id": "",
        "kind": "",
        "created_at": "",
    }
    assert stored.created_at == ours.created_at


def test_insert_does_not_write_over_a_row() -> None:
    invoice = make_draft(make_business())
    first = prepared.insert(Artifact(invoice=invoice))
    with pytest.raises(IntegrityError), transaction.atomic():
        prepared.insert(Artifact(pk=first.pk, invoice=make_draft(invoice.business)))
    assert Artifact.objects.get().invoice_id == invoice.pk


def test_events_keep_their_data() -> None:
    invoice = make_draft(make_business())
    data = {"text": "é %s ’", "list": [1, None, {"a": 1.5}]}
    event = prepared.insert(
        Event(business_id=invoice.business_id, invoice=invoice, version=9, kind="x", at=AT, ip="::1", data=data)
    )
    stored = Event.objects.get(pk=event.pk)
    assert (stored.data, stored.at, stored.ip, stored.actor_id) == (data, AT, "::1", "")


def test_save_writes_the_columns_named_and_no_other() -> None:
    invoice = make_draft(make_business())
    changes = {
        "amount_paid": Decimal("1.2345"),
        "due_date": DAY,
        "sent_at": AT,
        "exchange_rate": None,
        "warnings": [{"code": "é"}],
        "due_date_given": True,
        "client_id": make_draft(invoice.business).client_id,
    }
    for name, value in (changes | {"notes": "not named"}).items():
        setattr(invoice, name, value)
    prepared.save(invoice, changes)
    stored = Invoice.objects.get(pk=invoice.pk)
    assert {name: getattr(stored, name) for name in changes} == changes
    assert stored.notes == ""


def test_save_refuses_a_row_that_is_gone() -> None:
    invoice = make_draft(make_business())
    Invoice.objects.filter(pk=invoice.pk).delete()
    with pytest.raises(DatabaseError, match="The row is not there"), transaction.atomic():
        prepared.save(invoice, ["notes"])


def test_failed_write_ends_the_transaction_it_is_in() -> None:
    invoice = make_draft(make_business())
    prepared.insert(Artifact(invoice=invoice, kind="pdf"))
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            prepared.insert(Artifact(invoice=invoice, kind="pdf"))
        assert connection.needs_rollback
        with pytest.raises(TransactionManagementError):
            Artifact.objects.count()
