from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.choices import Role
from accounts.models import Business
from accounts.services import businesses
from tests.accounts.web.test_settings import NUMBERING, browser_as, fields_of
from tests.factories.accounts import make_business
from tests.factories.invoicing import make_issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def business() -> Business:
    return make_business(country="MA", currency="MAD", timezone="Africa/Casablanca")


@pytest.fixture
def browser(business: Business) -> Client:
    return browser_as(business, Role.OWNER)


def coming(page: Any) -> list[Any]:
    return [each["coming"] and each["coming"].coming for each in page.context["kinds"]]


def test_the_numbers_to_come_are_shown(business: Business, browser: Client) -> None:
    make_issued(business)
    year = (make_issued(business).issue_date or business.created_at).year
    page = browser.get(NUMBERING)
    assert coming(page)[0] == (f"INV-{year}-0003", f"INV-{year}-0004", f"INV-{year}-0005")
    assert page.context["kinds"][0]["coming"].after == f"INV-{year + 1}-0001"
    assert f"INV-{year}-0003" in page.content.decode()


def test_a_format_is_changed_and_a_first_number_set(business: Business, browser: Client) -> None:
    given = {"number_formats_invoice": "F-{seq}", "next_numbers_invoice": "9"}
    assert browser.post(NUMBERING, fields_of(browser, NUMBERING) | given)["Location"] == NUMBERING
    row = Business.objects.get()
    assert (row.number_formats["invoice"], row.next_numbers) == ("F-{seq}", {"invoice": 9})


@pytest.mark.parametrize(
    ("given", "field", "word"),
    [
        ({"number_formats_invoice": "X"}, "number_formats_invoice", "exactly once"),
        ({"number_formats_invoice": "CN-{YYYY}-{seq:04}"}, "number_formats_credit_note", "the same number"),
        ({"next_numbers_invoice": "x"}, "next_numbers_invoice", "whole number"),
    ],
)
@pytest.mark.parametrize("act", ["", "preview"])
def test_what_could_not_be_told_apart_is_refused_while_typing_too(
    browser: Client, given: dict[str, str], field: str, word: str, act: str
) -> None:
    page = browser.post(NUMBERING, fields_of(browser, NUMBERING) | given | {"act": act})
    assert (list(page.context["form"].errors), Business.objects.get().version) == ([field], 1)
    assert word in page.context["form"].errors[field][0]


def test_typing_shows_what_would_come_and_saves_nothing(business: Business, browser: Client) -> None:
    given = {"number_formats_invoice": "{YY}{MM}-{seq:03}", "next_numbers_invoice": "41", "act": "preview"}
    page = browser.post(NUMBERING, fields_of(browser, NUMBERING) | given, headers={"HX-Request": "true"})
    shown = page.context["kinds"][0]["coming"]
    assert ([number[4:] for number in shown.coming], shown.restarts) == (["-041", "-042", "-043"], "month")
    assert (page.content.decode().count("hx-swap-oob"), Business.objects.get().version) == (3, 1)


def test_a_number_that_came_on_meanwhile_does_not_hinder_saving(business: Business, browser: Client) -> None:
    stale = fields_of(browser, NUMBERING)
    make_issued(business)
    stale["version"] = Business.objects.get().version
    given = {"number_formats_credit_note": "AV-{seq}"}
    assert browser.post(NUMBERING, stale | given).status_code == 302


def test_the_numbering_is_asked_of_the_apps_above(business: Business, browser: Client) -> None:
    kinds = {each.kind for each in businesses.numbering(business, business.created_at)}
    fields = browser.get(NUMBERING).context["form"].fields
    assert {name.removeprefix("number_formats_") for name in fields if name.startswith("number_formats_")} == kinds
