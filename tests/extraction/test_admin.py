"""Staff's pages of extraction."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts import queue
from accounts.models import Business
from accounts.tenancy import Actor
from extraction.models import Budget, Document, EngineCall, Extraction, ModelPrice, Vendor
from extraction.services.runs import Order, add_run
from tests.extraction import papers
from tests.factories.accounts import make_user
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
    assert staff.get(reverse(f"{name}_change", args=[model.objects.all()[0].pk])).status_code == 200


def test_of_a_document_its_newest_run_alone_is_tried_again(staff: Browser, business: Business) -> None:
    document = make_read(business, papers.plain())
    add_run(document=document, actor=Actor.system(business.pk), at=timezone.now(), order=Order())
    queue.run_due()
    first, second = Extraction.objects.order_by("version")
    data = {"action": "try_again", "_selected_action": [first.pk, second.pk]}
    answer = staff.post(reverse("admin:extraction_extraction_changelist"), data)
    assert answer.status_code == 302
    assert list(Extraction.objects.order_by("version").values_list("state", flat=True)) == ["failed", "queued"]
