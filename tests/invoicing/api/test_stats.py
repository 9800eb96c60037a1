"""The figures of the caller's businesses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Business, Membership
from accounts.tenancy import Actor
from invoicing.domain.lifecycle import Status
from invoicing.services.corrections import cancel_invoice, write_note
from invoicing.services.settlement import record_payment, record_refund
from tests.factories.accounts import make_business, make_user
from tests.factories.invoicing import make_draft, make_issued
from tests.invoicing.api.conftest import Caller, key_of, read

pytestmark = pytest.mark.django_db
NOTHING = dict.fromkeys(Status.values, 0)


def book(business: Business) -> None:
    """Let a business have some of everything."""
    at, actor = timezone.now(), Actor.system(business.pk)
    make_draft(business)
    late = make_issued(business, at=at - timedelta(days=40))
    paid = make_issued(business)
    payment = record_payment(invoice=paid, actor=actor, at=at, data={"amount": 300, "method": "cash"})
    record_refund(payment=payment, actor=actor, at=at, data={"amount": 20})
    record_payment(invoice=late, actor=actor, at=at, data={"amount": 40, "method": "cash"})
    items = [{"name": "Consulting", "quantity": 1, "unit_price": 150}]
    data = {"reason": "Less", "items": items, "issue": True}
    write_note(parent=make_issued(business), kind="credit_note", actor=actor, at=at, data=data)
    cancel_invoice(invoice=make_issued(business), actor=actor, at=at)
    make_issued(business, currency="EUR")


def test_statistics_tell_how_the_business_stands(business: Business, member: Caller) -> None:
    business.payment_link = "https://pay.example/argan"
    business.save()
    book(business)
    found = read(member.get("/users/me/stats"))
    months = found.pop("by_month")
    assert found == {
        "total_invoices": 5,
        "status_breakdown": NOTHING | {"draft": 1, "overdue": 1, "paid": 1, "issued": 2, "cancelled": 1},
        "total_revenue": 320,
        "pending_amount": 410,
        "overdue_amount": 260,
        "by_currency": [
            {"currency": "MAD", "revenue": 320, "pending": 410, "overdue": 260},
            {"currency": "EUR", "revenue": 0, "pending": 300, "overdue": 0},
        ],
        "payment_link": "https://pay.example/argan",
    }
    assert [(each["month"], each["currency"]) for each in months[:3]] == [
        ("2025-12", "MAD"), ("2025-12", "EUR"), ("2026-01", "MAD"),
    ]  # fmt: skip
    assert (len(months), months[-4:]) == (
        24,
        [
            {"month": "2026-10", "currency": "MAD", "invoiced": 300, "paid": 0},
            {"month": "2026-10", "currency": "EUR", "invoiced": 0, "paid": 0},
            {"month": "2026-11", "currency": "MAD", "invoiced": 450, "paid": 320},
            {"month": "2026-11", "currency": "EUR", "invoiced": 300, "paid": 0},
        ],
    )


def test_statistics_are_over_all_businesses_of_the_caller_or_one() -> None:
    user = make_user()
    first, second = make_business(owner=user, currency="MAD"), make_business(owner=user, currency="EUR")
    user.default_business = second
    user.save()
    make_issued(first)
    make_issued(second)
    make_issued(make_business(currency="MAD"))
    caller = Caller(user)
    whole = read(caller.get("/users/me/stats"))
    assert (whole["total_invoices"], whole["pending_amount"]) == (2, 300)
    assert [(each["currency"], each["pending"]) for each in whole["by_currency"]] == [("EUR", 300), ("MAD", 300)]
    part = read(caller.get(f"/users/me/stats?business_id={first.pk}"))
    assert (part["total_invoices"], part["by_currency"]) == (
        1,
        [{"currency": "MAD", "revenue": 0, "pending": 300, "overdue": 0}],
    )


def test_statistics_are_for_all_who_may_read(
    business: Business, viewer: Caller, outsider: Caller, nobody: Caller
) -> None:
    make_issued(business)
    one = f"/users/me/stats?business_id={business.pk}"
    assert read(viewer.get(one))["total_invoices"] == 1
    assert read(key_of(business, "read").get("/users/me/stats"))["total_invoices"] == 1
    assert read(outsider.get("/users/me/stats"))["total_invoices"] == 0
    assert outsider.get(one).status_code == 404
    assert nobody.get("/users/me/stats").status_code == 401


def test_who_belongs_to_no_business_has_no_statistics() -> None:
    user = make_user()
    Membership.objects.filter(user=user).delete()
    assert read(Caller(user).get("/users/me/stats"), 404)["code"] == "not_found"


@pytest.mark.parametrize("query", ["buisness_id=biz_1", "page=1", "fields=totl", "status=paid"])
def test_unknown_parameters_are_refused(member: Caller, query: str) -> None:
    name = query.partition("=")[0]
    assert list(read(member.get(f"/users/me/stats?{query}"), 400)["errors"]) == [name]


def test_what_is_not_asked_for_is_not_queried(business: Business, member: Caller) -> None:
    book(business)

    def queries(fields: str) -> tuple[set[str], int]:
        with CaptureQueriesContext(connection) as asked:
            found = read(member.get(f"/users/me/stats?fields={fields}"))
        tables = [query["sql"] for query in asked.captured_queries if '"invoicing_' in query["sql"]]
        return set(found), len(tables)

    assert queries("payment_link") == ({"payment_link"}, 0)
    assert queries("pending_amount,overdue_amount") == ({"pending_amount", "overdue_amount"}, 1)
    assert queries("total_invoices,status_breakdown") == ({"total_invoices", "status_breakdown"}, 2)
    assert queries("by_month") == ({"by_month"}, 4)
    assert queries("total_revenue,by_month,status_breakdown")[1] == 7


def test_a_member_of_many_sees_each_in_the_role_they_have(business: Business) -> None:
    user = make_user()
    for role, one in ((Role.VIEWER, business), (Role.OWNER, make_business(currency="MAD"))):
        Membership.objects.create(user=user, business=one, role=role)
        make_issued(one)
    found: Any = read(Caller(user).get("/users/me/stats"))
    assert found["total_invoices"] == 2
