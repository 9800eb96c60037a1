"""Staff's pages of extraction."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.utils import quote
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import queue
from accounts.models import Business
from accounts.tenancy import Actor
from extraction.models import Budget, Document, EngineCall, Extraction, ModelPrice, Vendor
from extraction.services.runs import Order, add_run
from tests.extraction import papers
from tests.factories.accounts import make_business, make_user
from tests.factories.extraction import make_read

pytestmark = pytest.mark.django_db
MODELS = (Budget, Document, EngineCall, Extraction, ModelPrice, Vendor)


@pytest.fixture
def staff() -> Browser:
    browser = Browser()
    browser.force_login(make_user(is_staff=True, is_superuser=True))
    return browser


@pytest.mark.parametrize("model", MODELS)
def test_each_list_and_each_row_opens(staff: Browser, business: Business, model: Any) -> None:
    make_read(business, papers.plain())
    Budget.objects.create(business=business, monthly_usd=5)
    Vendor.objects.create(business=business, name="Example")
    name = f"admin:extraction_{model._meta.model_name}"
    assert staff.get(reverse(f"{name}_changelist"), {"q": "x"}).status_code == 200
    assert staff.get(reverse(f"{name}_change", args=[quote(model.objects.all()[0].pk)])).status_code == 200


def test_of_a_document_its_newest_run_alone_is_tried_again(staff: Browser, business: Business) -> None:
    document = make_read(business, papers.plain())
    add_run(document=document, actor=Actor.system(business.pk), at=timezone.now(), order=Order())
    queue.run_due()
    first, second = Extraction.objects.order_by("version")
    data = {"action": "try_again", "_selected_action": [first.pk, second.pk]}
    answer = staff.post(reverse("admin:extraction_extraction_changelist"), data)
    assert answer.status_code == 302
    assert list(Extraction.objects.order_by("version").values_list("state", flat=True)) == ["failed", "queued"]


def test_what_is_tried_again_has_not_failed_any_more(staff: Browser, business: Business) -> None:
    run = make_read(business, papers.plain()).latest
    assert run is not None
    assert (run.failure, run.finished_at is not None) == ("unreadable", True)
    data = {"action": "try_again", "_selected_action": [run.pk]}
    staff.post(reverse("admin:extraction_extraction_changelist"), data)
    run.refresh_from_db()
    assert (run.state, run.failure, run.finished_at) == ("queued", "", None)


@pytest.mark.parametrize("model", [Document, Extraction, EngineCall, Budget, ModelPrice])
def test_lists_ask_the_same_whatever_their_length(staff: Browser, model: Any, django_assert_num_queries: Any) -> None:
    def add() -> None:
        business = make_business()
        make_read(business, papers.plain())
        Budget.objects.create(business=business, monthly_usd=5)

    add()
    address = reverse(f"admin:extraction_{model._meta.model_name}_changelist")
    staff.get(address)  # the first page of a session asks more
    with CaptureQueriesContext(connection) as before:
        staff.get(address)
    for _ in range(3):
        add()
    with django_assert_num_queries(len(before)):
        staff.get(address)


def test_calls_are_there_to_be_read_alone(staff: Browser, business: Business) -> None:
    make_read(business, papers.plain())
    call = EngineCall.objects.all()[0]
    address = reverse("admin:extraction_enginecall_change", args=[quote(call.pk)])
    assert staff.post(address, {"engine": "other"}).status_code == 403
    assert staff.get(reverse("admin:extraction_enginecall_add")).status_code == 403
    assert staff.post(reverse("admin:extraction_enginecall_delete", args=[quote(call.pk)])).status_code == 403


def paid_by(business: Business) -> ModelPrice:
    row = ModelPrice.objects.get(name="gemini-2.5-flash")
    EngineCall.objects.create(business=business, engine="gemini", price_row=row, price_usd="0.25")
    return row


def test_a_price_by_which_something_was_paid_stays(staff: Browser, business: Business, prices: None) -> None:
    row = paid_by(business)
    address = reverse("admin:extraction_modelprice_change", args=[row.pk])
    data = {"name": row.name, "input_price": 9, "output_price": 9, "capabilities": "{}", "retired_at": "2026-12-31"}
    assert staff.post(address, data).status_code == 302
    before = row.input_price
    row.refresh_from_db()
    assert (row.input_price, str(row.retired_at)) == (before, "2026-12-31")
    assert staff.post(reverse("admin:extraction_modelprice_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_a_model_is_described_so_that_engines_understand(staff: Browser, prices: None) -> None:
    data = {"name": "gemini-9", "valid_from": "2026-12-01", "input_price": 1, "output_price": 2}
    address = reverse("admin:extraction_modelprice_add")
    answer = staff.post(address, {**data, "capabilities": '{"thinks": 1}'})
    assert answer.status_code == 200
    assert "These are not understood: thinks." in answer.content.decode()
    assert staff.post(address, {**data, "capabilities": '{"thinking": "level"}'}).status_code == 302
    assert ModelPrice.objects.get(name="gemini-9").capabilities == {"thinking": "level"}


def test_a_budget_shows_what_is_spent_of_it(staff: Browser, business: Business, prices: None) -> None:
    paid_by(business)
    Budget.objects.create(business=business, monthly_usd=5)
    page = staff.get(reverse("admin:extraction_budget_change", args=[quote(business.pk)])).content.decode()
    assert "0.2500" in page
    assert staff.get(reverse("admin:extraction_budget_add")).status_code == 200
