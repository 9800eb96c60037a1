"""What waits to be done, in its order, each with the button that goes to the act."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress

from accounts.choices import Channel, QueueState, Role
from accounts.models import Business, Delivery, Plan, User
from accounts.queries import actor_for
from config.pages.todo import ToDo
from invoicing.services.sending import mark_sent, send_invoice
from tests.factories.accounts import make_business, make_member, make_user
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def user() -> User:
    return make_user()


@pytest.fixture
def business(user: User) -> Business:
    return make_business(owner=user, timezone="Africa/Casablanca", currency="MAD")


def waiting(user: User, business: Business) -> list[tuple[str, str]]:
    actor = actor_for(user, channel=Channel.BROWSER)
    items = ToDo(actor, Business.objects.select_related("plan").get(pk=business.pk), at=NOW).items
    return [(item.title.replace("\u2068", "").replace("\u2069", ""), item.action) for item in items]


def test_everything_waits_in_the_order_of_its_weight(user: User, business: Business) -> None:
    client = make_client(business, name="Kasbah", email="k@example.com")
    with time_machine.travel(NOW, tick=False):
        make_draft(business, client, at=NOW - timedelta(days=6))
        make_draft(business, client, at=NOW - timedelta(days=1))  # still warm
        make_issued(business, client, at=NOW)
        late = make_issued(business, client, at=NOW - timedelta(days=60), due_date="2026-10-27")
        mark_sent(invoice=late, actor=actor_for(user), at=NOW)
        make_issued(business, client, at=NOW - timedelta(days=50), due_date="2026-11-19")
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"primary": True, "verified": False}
        )
        Plan.objects.update(invoices_per_month=1)
    assert waiting(user, business) == [
        ("1 of 1 invoices of this month are used", "See the plan"),
        ("Kasbah is 24 days late", "Remind"),
        ("Kasbah is 1 day late", "Send"),
        ("Verify your e-mail address", "Verify"),
        ("Kasbah has no mail yet", "Send"),
        ("Draft for Kasbah", "Finish"),
    ]


def test_a_mail_on_its_way_does_not_wait_and_one_that_failed_does(user: User, business: Business) -> None:
    client = make_client(business, name="Kasbah", email="k@example.com")
    invoice = make_issued(business, client, at=NOW)
    send_invoice(invoice=invoice, actor=actor_for(user), at=NOW, data={})
    assert waiting(user, business) == []
    Delivery.objects.update(state=QueueState.FAILED)
    assert waiting(user, business) == [("The mail to Kasbah could not be sent", "Send")]


def test_who_only_reads_is_led_to_the_page(business: Business) -> None:
    client = make_client(business, name="Kasbah", email="k@example.com")
    make_issued(business, client, at=NOW)
    make_draft(business, client, at=NOW - timedelta(days=6))
    viewer = make_member(business, Role.VIEWER)
    assert waiting(viewer, business) == [("Kasbah has no mail yet", "Open"), ("Draft for Kasbah", "Open")]


def test_without_an_address_the_page_is_opened(user: User, business: Business) -> None:
    make_issued(business, make_client(business, name="Kasbah", email=""), at=NOW)
    assert waiting(user, business) == [("Kasbah has no mail yet", "Open")]


def test_nothing_waits_in_another_business(user: User, business: Business) -> None:
    make_issued(make_business(), at=NOW - timedelta(days=90))
    assert waiting(user, business) == []
