from __future__ import annotations

import io

import pytest
from django.test import Client as Browser
from PIL import Image

from accounts.choices import Role
from accounts.models import Business
from clients.models import Client
from invoicing.models import Invoice
from tests.factories.accounts import make_member
from tests.factories.invoicing import make_draft
from tests.invoicing.web.conftest import line

pytestmark = pytest.mark.django_db
PICTURE = "/invoices/picture"


def test_the_picture_shows_what_is_typed_and_stores_nothing(browser: Browser, customer: Client) -> None:
    answer = browser.post(PICTURE, {"client_id": customer.pk, "currency": "MAD"} | line(0, "Identity", "100"))
    assert (answer.status_code, answer["Content-Type"], answer["X-Page"], answer["X-Pages"]) == (
        200, "image/png", "1", "1",
    )  # fmt: skip
    assert Image.open(io.BytesIO(answer.content)).width == 1000
    assert Invoice.objects.count() == 0


def test_a_page_beyond_the_last_is_the_last(browser: Browser, customer: Client) -> None:
    rows: dict[str, str] = {}
    for number in range(60):
        rows |= line(number, f"Line {number}", "1")
    answer = browser.post(PICTURE, {"client_id": customer.pk, "currency": "MAD", "page": "99"} | rows)
    assert (answer["X-Page"], int(answer["X-Pages"]) > 1) == (answer["X-Pages"], True)


def test_there_is_no_picture_of_nothing(browser: Browser, customer: Client) -> None:
    sent = {"client_id": customer.pk, "currency": "MAD"}
    assert [
        browser.post(PICTURE, sent | line(0, name, price)).status_code for name, price in (("", ""), ("X", "dear"))
    ] == [204, 204]


def test_only_who_may_write_sees_it(browser: Browser, stranger: Browser, business: Business) -> None:
    viewer = Browser()
    viewer.force_login(make_member(business, Role.VIEWER))
    sent = {"invoice": make_draft(business).pk} | line(0, "Identity", "100")
    assert [each.post(PICTURE, sent).status_code for each in (viewer, stranger)] == [403, 404]
