"""Payment links, refunds and the inbox over the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import Business
from invoicing.models import Invoice, Payment
from payments.gateways.sandbox.server import Fault, Sandbox
from payments.models import InboxMessage
from tests.factories.accounts import make_business, make_member, owner_of
from tests.factories.invoicing import make_draft, make_issued
from tests.invoicing.api.conftest import Caller
from tests.payments.telling import pay_link, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(business: Business) -> Caller:
    return Caller(owner_of(business))


def test_a_link_is_made_and_read(box: Sandbox, owner: Caller, invoice: Invoice) -> None:
    path = f"/invoices/{invoice.pk}/payment-link"
    assert owner.get(path).status_code == 404
    made = owner.post(path)
    assert made.status_code == 201
    assert made.json().keys() == {"payment_link_url", "stripe_invoice_id", "expires_at"}
    assert owner.get(path).json() == made.json()
    again = owner.post(path)
    assert (again.status_code, again.json()["code"]) == (409, "payment_link_open")


def test_a_draft_is_issued_first(box: Sandbox, owner: Caller, business: Business) -> None:
    draft = make_draft(business)
    assert owner.post(f"/invoices/{draft.pk}/payment-link").status_code == 201
    draft.refresh_from_db()
    assert draft.number


def test_the_same_key_makes_one_link(box: Sandbox, owner: Caller, invoice: Invoice) -> None:
    path = f"/invoices/{invoice.pk}/payment-link"
    first = owner.post(path, {}, idempotency_key="k1")
    again = owner.post(path, {}, idempotency_key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")
    assert len(box.store.all("payment_link")) == 1


def test_a_gateway_that_is_down_is_a_502(box: Sandbox, owner: Caller, invoice: Invoice) -> None:
    box.faults += [Fault(drop=True)] * 3
    path = f"/invoices/{invoice.pk}/payment-link"
    answer = owner.post(path, {}, idempotency_key="k1")
    assert (answer.status_code, answer.json()["code"]) == (502, "gateway_failed")
    assert owner.post(path, {}, idempotency_key="k1").status_code == 201  # a failure is not kept


def test_without_a_key_it_is_a_503(owner: Caller, invoice: Invoice) -> None:
    answer = owner.post(f"/invoices/{invoice.pk}/payment-link")
    assert (answer.status_code, answer.json()["code"]) == (503, "stripe_not_configured")


def test_a_viewer_reads_and_a_stranger_finds_nothing(box: Sandbox, business: Business, invoice: Invoice) -> None:
    path = f"/invoices/{invoice.pk}/payment-link"
    viewer = Caller(make_member(business, "viewer"))
    assert viewer.post(path).status_code == 403
    stranger = Caller(owner_of(make_business()))
    assert stranger.post(path).status_code == stranger.get(path).status_code == 404


def test_a_refund_goes_through_stripe(box: Sandbox, owner: Caller, invoice: Invoice) -> None:
    link = owner.post(f"/invoices/{invoice.pk}/payment-link").json()["payment_link_url"]
    pay_link(box, link.rpartition("/")[2])
    tell(box)
    payment = Payment.objects.get()
    path = f"/payments/{payment.pk}/refunds"
    first = owner.post(path, {"amount": 20}, idempotency_key="k2")
    assert first.status_code == 201, first.content
    assert owner.post(path, {"amount": 20}, idempotency_key="k2").json() == first.json()
    assert [refund["amount"] for refund in box.store.all("refund")] == [2000]
    more = owner.post(path, {"amount": 281})
    assert (more.status_code, more.json()["code"]) == (409, "more_than_left")


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_the_inbox_keeps_any_method(business: Business, owner: Caller, method: str) -> None:
    send = getattr(Browser(), method)
    answer = send(
        f"/webhooks/inbox/{business.inbox_token}?source=shop&token=abc",
        **({} if method == "get" else {"data": b'{"a": 1}', "content_type": "application/json"}),
        headers={"Authorization": "Bearer abc", "X-Shop": "1"},
    )
    assert answer.status_code == 200
    entry = owner.get("/webhooks/inbox").json()["results"][0]
    assert (entry["id"], entry["method"]) == (answer.json()["id"], method.upper())
    assert (entry["headers"]["Authorization"], entry["headers"]["X-Shop"]) == ("***", "1")
    assert entry["query"] == "source=shop&token=***"
    assert entry["body"] == ("" if method == "get" else '{"a": 1}')


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("member", 403), ("viewer", 403)])
def test_who_may_not_see_the_inbox_on_its_page_does_not_read_it_here(
    business: Business, role: str, status: int
) -> None:
    Browser().post(f"/webhooks/inbox/{business.inbox_token}", b"1042", content_type="text/plain")
    person = make_member(business, role)
    answer = Caller(person).get("/webhooks/inbox")
    assert (answer.status_code, "1042" in answer.content.decode()) == (status, status == 200)
    make_member(make_business(), "owner", user=person)
    assert ("1042" in Caller(person).get("/webhooks/inbox").content.decode()) == (status == 200)


def test_the_inbox_is_bounded(business: Business, settings: Any) -> None:
    url = f"/webhooks/inbox/{business.inbox_token}"
    assert Browser().post(url, b"x" * 262_145, content_type="text/plain").status_code == 413
    assert Browser().post("/webhooks/inbox/wrong", b"x", content_type="text/plain").status_code == 404
    assert Browser().post(url, b"\xff\x00", content_type="text/plain").status_code == 200
    assert InboxMessage.objects.get().is_base64
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "inbox": "1/h"}
    assert Browser().post(url, b"x", content_type="text/plain").status_code == 200
    limited = Browser().post(url, b"x", content_type="text/plain")
    assert (limited.status_code, "Retry-After" in limited.headers) == (429, True)


def test_a_large_event_is_refused(box: Sandbox, business: Business) -> None:
    make_issued(business)
    answer = Browser().post("/webhooks/stripe", b"x" * 1_000_001, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    small = Browser().post("/webhooks/stripe", b"\xff", content_type="text/plain")
    assert (small.status_code, small.json()["code"]) == (400, "bad_signature")
