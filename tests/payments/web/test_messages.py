from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import Business
from payments.models import InboxMessage
from payments.services import inbox
from payments.services.inbox import forget_old
from payments.web.messages import pretty
from tests.payments.web.conftest import Sit

pytestmark = pytest.mark.django_db
PAGE = "/settings/inbox"


def send(business: Business, body: bytes | str = b'{"order": 1042}', kind: str = "application/json") -> None:
    answer = Browser().post(f"/webhooks/inbox/{business.inbox_token}?source=shop", body, content_type=kind)
    assert answer.status_code == 200


def test_what_came_shows_newest_first_and_harmless(business: Business, sit: Sit) -> None:
    send(business)
    send(business, "<script>alert(1)</script>", "text/html")
    page = sit().get(PAGE)
    text = page.content.decode()
    assert [each["kind"] for each in page.context["messages_shown"]] == ["text/html", "application/json"]
    assert ("<script>alert" in text, "&lt;script&gt;alert(1)" in text, "source=shop" in text) == (False, True, True)
    assert "{\n  &quot;order&quot;: 1042\n}" in text
    assert business.inbox_token in text


@pytest.mark.parametrize("text", ["[" * 4000, "[" * 3000 + "]" * 3000, '{"a": ', "9" * 5000, ""])
def test_what_cannot_be_set_out_stays_as_it_is(text: str) -> None:
    assert pretty(text) == text


def test_a_new_address_takes_the_place_of_the_old_one(business: Business, sit: Sit) -> None:
    old = business.inbox_token
    assert "renew" in sit().get(f"{PAGE}?renew").content.decode()
    sit().post(PAGE, {"renew": "1"})
    business.refresh_from_db()
    assert business.inbox_token != old
    assert Browser().post(f"/webhooks/inbox/{old}", b"x", content_type="text/plain").status_code == 404
    send(business)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_below_an_admin_neither_address_nor_messages_show(business: Business, sit: Sit, role: str) -> None:
    send(business)
    browser = sit(role)
    text = browser.get(PAGE).content.decode()
    assert (business.inbox_token in text, "1042" in text, browser.post(PAGE).status_code) == (False, False, 403)


def test_a_full_page_takes_as_many_queries_as_an_empty_one(business: Business, sit: Sit) -> None:
    browser = sit()
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as empty:
        browser.get(PAGE)
    for _ in range(25):
        send(business)
    with CaptureQueriesContext(connection) as full:
        page = browser.get(PAGE)
    assert len(page.context["messages_shown"]) == 20
    assert len(browser.get(f"{PAGE}?page=2").context["messages_shown"]) == 5
    assert len(full) - len(empty) <= 1  # the rows themselves


def test_an_inbox_has_room_for_so_much(business: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST_ROOM", 1000)
    for _ in range(5):
        send(business, "x" * 400, "text/plain")
    forget_old()
    assert InboxMessage.objects.count() == 2


@pytest.mark.parametrize(
    "name", ["key", "sig", "auth", "pwd", "jwt", "hmac", "access_key", "X-Amz-Signature", "client_secret", "api-key"]
)
def test_what_is_secret_in_a_query_or_a_header_is_masked(business: Business, name: str) -> None:
    address = f"/webhooks/inbox/{business.inbox_token}?{name}=hush-hush&monkey=1&author=me&design=2"
    headers = {f"X-{name}".replace("_", "-"): "hush-hush", "X-Author": "me", "Idempotency-Key": "again"}
    assert Browser().post(address, b"x", content_type="text/plain", headers=headers).status_code == 200
    message = InboxMessage.objects.get()
    assert message.query == f"{name}=***&monkey=1&author=me&design=2"
    assert "hush" not in str(message.headers)
    assert (message.headers["X-Author"], message.headers["Idempotency-Key"]) == ("me", "again")


def test_a_query_of_many_fields_is_kept(business: Business) -> None:
    query = "&".join(f"a{number}=1" for number in range(300))
    answer = Browser().post(f"/webhooks/inbox/{business.inbox_token}?{query}", b"x", content_type="text/plain")
    assert (answer.status_code, InboxMessage.objects.get().query) == (200, query)
