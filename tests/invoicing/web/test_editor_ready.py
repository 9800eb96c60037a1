from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Business
from clients.models import Client
from tests.factories.invoicing import make_issued
from tests.invoicing.web.conftest import line

pytestmark = pytest.mark.django_db


def points(browser: Browser, **sent: str) -> list[Any]:
    found: list[Any] = browser.post("/invoices/preview", {"currency": "MAD"} | sent).context["points"]
    return found


def test_what_stops_the_issue_leads_to_its_field(browser: Browser, customer: Client) -> None:
    rows = line(3, "Identity", "dear") | {"client_id": customer.pk}
    assert [(point.state, point.url) for point in points(browser, **rows)] == [("stop", "#id_items-3-unit_price")]
    late = line(3, "Identity", "5") | {"client_id": customer.pk, "issue_date": "5/12/2025", "due_date": "1/12/2025"}
    assert [point.url for point in points(browser, **late) if point.state == "stop"] == ["#id_due_date"]
    assert [point.url for point in points(browser)] == ["#id_client_id", "#add-line"]


def test_the_number_is_the_next_one_of_the_day_of_issue(browser: Browser, business: Business, customer: Client) -> None:
    make_issued(business)
    rows = line(0, "Identity", "5") | {"client_id": customer.pk}
    numbers = [points(browser, **rows | more)[0].number for more in ({}, {"issue_date": "5/12/2025"})]
    assert numbers == [f"INV-{timezone.now().year}-0002", "INV-2025-0001"]
    own = points(browser, **rows, invoice_number="MINE/7")
    assert own[0].number == "MINE/7"


def test_a_client_without_an_address_for_mail_is_said(browser: Browser, customer: Client) -> None:
    Client.objects.update(email="")
    said = points(browser, **line(0, "Identity", "5"), client_id=customer.pk)
    assert [(point.state, point.text, point.url) for point in said if point.state == "advice"] == [
        ("advice", "The client has no email address", f"/clients/{customer.pk}/edit")
    ]


def test_what_the_paper_cannot_print_is_said_at_its_line(browser: Browser, customer: Client) -> None:
    said = points(browser, **line(7, "Δοκιμή", "5"), client_id=customer.pk)
    assert [point.url for point in said if point.state == "advice"][-1] == "#id_items-7-name"
