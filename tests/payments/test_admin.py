"""What staff see of payments."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.queue import run_due
from accounts.tenancy import Actor
from invoicing.models import Invoice
from payments.gateways.sandbox.server import Sandbox
from payments.models import Account, WebhookEvent
from payments.services.refunds import refund_payment
from payments.services.requests import create_link
from tests.factories.accounts import make_user
from tests.payments.telling import pay_link, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Browser:
    browser = Browser()
    browser.force_login(make_user(is_staff=True, is_superuser=True))
    return browser


@pytest.fixture
def history(box: Sandbox, invoice: Invoice) -> None:
    actor = Actor.system(invoice.business_id)
    link = create_link(invoice=invoice, actor=actor, at=timezone.now())
    intent = pay_link(box, str(link.external_id))
    box.store.dispute(intent)
    tell(box)
    refund_payment(payment=invoice.payments.get(), actor=actor, at=timezone.now(), data={"amount": "5"})
    Account.objects.create(business=invoice.business)
    Browser().post(f"/webhooks/inbox/{invoice.business.inbox_token}", b"x", content_type="text/plain")


def test_every_list_and_row_opens(staff: Browser, history: None) -> None:
    for model in [model for model in admin.site._registry if model._meta.app_label == "payments"]:
        name = f"admin:payments_{model._meta.model_name}"
        assert staff.get(reverse(f"{name}_changelist") + "?q=x").status_code == 200
        for row in model._default_manager.all():
            page = staff.get(reverse(f"{name}_change", args=[quote(row.pk)]))
            assert page.status_code == 200
            assert b"whsec" not in page.content


def test_what_was_set_aside_is_applied_again(staff: Browser, history: None) -> None:
    event = WebhookEvent.objects.filter(outcome="applied").first()
    assert event is not None
    WebhookEvent.objects.filter(pk=event.pk).update(outcome="parked")
    staff.post(
        reverse("admin:payments_webhookevent_changelist"), {"action": "try_again", "_selected_action": [event.pk]}
    )
    event.refresh_from_db()
    assert event.state == "queued"
    run_due()
    event.refresh_from_db()
    assert event.outcome == "applied"
