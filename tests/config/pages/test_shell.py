from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client as Browser

from accounts.models import Plan
from tests.factories.accounts import make_business, owner_of
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db


def page(business: Any) -> str:
    browser = Browser()
    browser.force_login(owner_of(business))
    return browser.get("/settings/profile").content.decode()


def test_beside_invoices_stands_what_is_overdue() -> None:
    business = make_business()
    make_draft(business)
    assert 'class="c"' not in page(business)
    make_issued(business, at=datetime(2025, 1, 1, tzinfo=UTC))
    make_issued(make_business(), at=datetime(2025, 1, 1, tzinfo=UTC))
    assert '<span class="c">1 <span class="vh">overdue</span></span>' in page(business)


def test_the_foot_tells_how_much_of_the_plan_is_used() -> None:
    business = make_business()
    Plan.objects.update(invoices_per_month=100)
    make_issued(business)
    assert "1 of 100 invoices this month" in page(business)


def test_a_plan_without_a_limit_has_no_bar() -> None:
    business = make_business()
    Plan.objects.update(invoices_per_month=None)
    assert "invoices this month" not in page(business)
