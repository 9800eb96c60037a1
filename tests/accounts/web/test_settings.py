from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Business, Plan, QuotaCounter, User
from accounts.queries import actor_for
from accounts.services.api_keys import create_api_key
from tests.factories.accounts import make_business, make_member, make_user, owner_of
from tests.factories.invoicing import make_issued

pytestmark = pytest.mark.django_db
BUSINESS = "/settings/business"
LOGO = "/settings/business/logo"
MEMBERS = "/settings/members"
KEYS = "/settings/api-keys"
LOOK = "/settings/look"
DEFAULTS = "/settings/defaults"
PAYMENT = "/settings/payment"
NUMBERING = "/settings/numbering"
TAXES = "/settings/taxes"
PAGES = [
    "/settings/profile", "/settings/security", "/settings/businesses", BUSINESS, MEMBERS, LOOK, DEFAULTS, NUMBERING,
    TAXES, PAYMENT, "/settings/cards", KEYS, "/settings/inbox", "/settings/usage",
]  # fmt: skip
FORMS = [BUSINESS, DEFAULTS, NUMBERING, TAXES, PAYMENT]


@pytest.fixture
def business() -> Business:
    return make_business(name="Studio", country="MA", currency="MAD", timezone="Africa/Casablanca")


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def browser_as(business: Business, role: str) -> Client:
    return browser_of(owner_of(business) if role == Role.OWNER else make_member(business, role))


def fields_of(browser: Client, address: str = BUSINESS) -> dict[str, Any]:
    """Return what a form of the business holds, as a browser would send it."""
    form = browser.get(address).context["form"]
    return {field.html_name: field.value() for field in form if field.value() is not None}


@pytest.mark.parametrize("address", ["/settings", *PAGES, LOGO, "/settings/businesses/new"])
def test_visitors_are_asked_to_log_in(client: Client, address: str) -> None:
    assert client.get(address)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("role", Role.values)
def test_every_member_sees_the_settings(business: Business, role: str, address: str) -> None:
    response = browser_as(business, role).get(address)
    assert (response.status_code, response.context["nav_active"]) == (200, "settings")
    assert [section.url for section in response.context["sections"] if section.current] == [address]


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_renders_in_every_language(business: Business, address: str, language: str) -> None:
    User.objects.update(language=language)
    page = browser_as(business, Role.OWNER).get(address).content.decode()
    assert f'<html lang="{language}' in page


def test_the_list_leads_to_every_page(business: Business) -> None:
    page = browser_as(business, Role.VIEWER).get("/settings")
    assert [section.url for section in page.context["sections"]] == PAGES
    assert all(f'href="{address}"' in page.content.decode() for address in PAGES)


# The business


@pytest.mark.parametrize("address", FORMS)
def test_saving_a_form_as_it_stands_changes_nothing_but_the_version(business: Business, address: str) -> None:
    Business.objects.update(
        address={"street": "Rue", "city": "Casablanca", "country": "MA"},
        tax_ids=[{"type": "ICE", "value": "001561191000066"}, {"type": "Patente", "value": "9"}],
        tax_rate="20.5000",
    )
    before: dict[str, Any] = dict(Business.objects.values().get())
    browser = browser_as(business, Role.OWNER)
    response = browser.post(address, fields_of(browser, address))
    after: dict[str, Any] = dict(Business.objects.values().get())
    changed = {name for name in before if before[name] != after[name]}
    assert (response.status_code, response["Location"], changed) == (302, address, {"version", "updated_at"})


@pytest.mark.parametrize(
    ("address", "given", "kept"),
    [
        (
            BUSINESS,
            {
                "name": "New", "legal_name": "New SARL", "legal_name_ar": "جديد", "country": "SA", "cr_number": "1010",
                "vat_number": "300000000000003", "phone": "0501234567", "email": "new@example.com",
                "website": "https://new.example", "address_street": "King", "address_ar_city": "الرياض",
                "tax_ids_5_type": "RC", "tax_ids_5_value": "77",
            },
            {
                "name": "New", "legal_name": "New SARL", "legal_name_ar": "جديد", "country": "SA", "cr_number": "1010",
                "vat_number": "300000000000003", "phone": "+966501234567", "email": "new@example.com",
                "website": "https://new.example", "address": {"street": "King", "country": "SA"},
                "address_ar": {"city": "الرياض", "country": "SA"}, "tax_ids": [{"type": "RC", "value": "77"}],
            },
        ),
        (
            DEFAULTS,
            given := {
                "currency": "SAR", "language": "ar", "timezone": "Asia/Riyadh", "payment_terms": "Net 15", "notes": "N",
                "footer": "F",
            },
            given,
        ),
        (PAYMENT, given := {"bank_details": "B", "payment_link": "https://pay.example", "slug": "new-name"}, given),
        (TAXES, {"rate": "other", "tax_rate": "15,5 %"}, {"tax_rate": Decimal("15.5")}),
        (TAXES, {"rate": "10", "tax_rate": "x"}, {"tax_rate": Decimal(10)}),
        (TAXES, {"rate": "0", "tax_rate": ""}, {"tax_rate": Decimal(0)}),
    ],
)  # fmt: skip
def test_a_form_changes_its_fields(
    business: Business, address: str, given: dict[str, str], kept: dict[str, Any]
) -> None:
    browser = browser_as(business, Role.ADMIN)
    assert browser.post(address, fields_of(browser, address) | given).status_code == 302
    row = Business.objects.get()
    assert {name: getattr(row, name) for name in kept} == kept


@pytest.mark.parametrize(
    ("address", "wrong", "fields"),
    [
        # What has no form of its own kind is found first; the service is asked about the rest.
        (BUSINESS, {"name": "", "vat_number": "x" * 31}, ["name"]),
        (
            BUSINESS,
            {
                "vat_number": "x" * 31, "phone": "1", "email": "x", "address_building_number": "x" * 21,
                "tax_ids_0_value": "2", "tax_ids_6_type": "", "tax_ids_6_value": "5",
            },
            ["address_building_number", "email", "phone", "tax_ids_0_value", "tax_ids_6_type", "vat_number"],
        ),
        (DEFAULTS, {"currency": "XXX"}, ["currency"]),
        (PAYMENT, {"slug": "!", "payment_link": "x"}, ["payment_link", "slug"]),
        (TAXES, {"rate": "other", "tax_rate": "abc"}, ["tax_rate"]),
        (TAXES, {"rate": "other", "tax_rate": "101"}, ["tax_rate"]),
    ],
)  # fmt: skip
def test_what_is_refused_shows_at_its_field_and_stays_typed(
    business: Business, address: str, wrong: dict[str, str], fields: list[str]
) -> None:
    browser = browser_as(business, Role.OWNER)
    response = browser.post(address, fields_of(browser, address) | wrong)
    form = response.context["form"]
    assert (response.status_code, sorted(form.errors)) == (422, fields)
    assert {name: form[name].value() for name in wrong} == wrong
    assert Business.objects.get().version == 1


def test_a_wrong_tax_number_is_named_where_errors_are_listed(business: Business) -> None:
    browser = browser_as(business, Role.OWNER)
    form = browser.post(BUSINESS, fields_of(browser) | {"tax_ids_0_value": "2"}).context["form"]
    assert form["tax_ids_0_value"].label == form["tax_ids_0_type"].value()


def test_another_country_asks_for_its_own_numbers_and_loses_none(business: Business) -> None:
    browser = browser_as(business, Role.OWNER)
    typed = fields_of(browser) | {"tax_ids_0_value": "001561191000066", "name": "Typed", "country": "FR"}
    page = browser.post(BUSINESS, typed | {"act": "country"})
    form = page.context["form"]
    assert (page.status_code, form["name"].value(), Business.objects.get().version) == (200, "Typed", 1)
    assert [kind for _type, _value, kind, _about in form.known_tax_ids] == ["SIREN", "SIRET"]
    assert next((kind.value(), value.value()) for kind, value in form.other_tax_ids) == ("ICE", "001561191000066")
    part = browser.post(BUSINESS, typed | {"act": "country"}, headers={"HX-Request": "true"}).content.decode()
    assert (part.count("<form"), "SIRET" in part) == (0, True)


def test_a_change_made_meanwhile_is_not_overwritten(business: Business) -> None:
    browser = browser_as(business, Role.OWNER)
    stale = fields_of(browser)
    browser.post(BUSINESS, stale | {"name": "First"})
    response = browser.post(BUSINESS, stale | {"name": "Second"})
    assert (response.status_code, Business.objects.get().name) == (422, "First")
    assert list(response.context["form"].errors) == ["__all__"]


@pytest.mark.parametrize("address", FORMS)
@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_others_see_the_business_and_cannot_change_it(business: Business, role: str, address: str) -> None:
    data = fields_of(browser_as(business, Role.OWNER), address)
    browser = browser_as(business, role)
    page = browser.get(address)
    fields = [field.field.disabled for field in page.context["form"]]
    assert (page.context["editable"], all(fields)) == (False, True)
    assert (browser.post(address, data).status_code, Business.objects.get().version) == (403, 1)


def test_the_form_is_the_current_business_s(business: Business) -> None:
    other = make_business(owner=owner_of(business), name="Other")
    browser = browser_as(business, Role.OWNER)
    browser.post("/settings/switch", {"business": other.pk})
    browser.post(BUSINESS, fields_of(browser) | {"name": "Renamed"})
    assert sorted(Business.objects.values_list("name", flat=True)) == ["Renamed", "Studio"]


# Usage, the person, security


def test_usage_shows_what_the_plan_leaves(business: Business) -> None:
    Business.objects.update(plan=Plan.objects.get(code="free"))
    business.refresh_from_db()
    make_issued(business)
    page = browser_as(business, Role.VIEWER).get("/settings/usage")
    assert [(each.metric, each.used, each.limit) for each in page.context["usage"]] == [
        ("invoices", 1, 10), ("emails", 0, 5),
    ]  # fmt: skip
    assert "1 of 10" in page.content.decode()


@pytest.mark.parametrize(
    ("used", "percent", "word"),
    [(0, 0, "Counts anew on"), (8, 80, "Nearly used"), (10, 100, "Drafts can still be written"), (12, 100, "Drafts can still be written")],
)  # fmt: skip
def test_usage_says_when_it_renews_and_what_can_still_be_done(
    business: Business, used: int, percent: int, word: str
) -> None:
    Business.objects.update(plan=Plan.objects.get(code="free"))
    now = timezone.now()
    today = now.astimezone(ZoneInfo(business.timezone)).date()
    QuotaCounter.objects.create(business=business, metric="invoices", period=today.replace(day=1), used=used)
    page = browser_as(business, Role.VIEWER).get("/settings/usage")
    meter = page.context["usage"][0]
    first_of_next = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    assert (meter.percent, meter.renews_on) == (percent, first_of_next)
    assert word in page.content.decode()


def test_usage_without_bound_has_no_bar(business: Business) -> None:
    page = browser_as(business, Role.OWNER).get("/settings/usage")
    assert [each.percent for each in page.context["usage"]] == [None, None]
    assert 'class="prog' not in page.content.decode()


def test_the_person_changes_name_and_language(business: Business) -> None:
    browser = browser_as(business, Role.VIEWER)
    response = browser.post("/settings/profile", {"full_name": "New Name", "username": "new", "language": "fr"})
    user = User.objects.get(username="new")
    assert (response.status_code, user.full_name, user.language) == (302, "New Name", "fr")


def test_a_taken_user_name_shows_at_its_field(business: Business) -> None:
    make_user(username="taken")
    browser = browser_as(business, Role.OWNER)
    response = browser.post("/settings/profile", {"full_name": "", "username": "Taken", "language": "en"})
    assert (response.status_code, response.context["form"].errors) == (422, {"username": ["This user name is taken."]})


def test_security_tells_how_the_login_stands(business: Business) -> None:
    context = browser_as(business, Role.OWNER).get("/settings/security").context
    assert (context["verified"], context["second_factor"], context["email"]) == (
        True, False, owner_of(business).email,
    )  # fmt: skip


def test_an_iban_that_does_not_add_up_is_pointed_at_and_kept(business: Business) -> None:
    browser = browser_as(business, Role.OWNER)
    page = browser.post(
        PAYMENT, fields_of(browser, PAYMENT) | {"bank_details": "IBAN GB82 WEST 1234 5698 7654 33"}, follow=True
    )
    assert (page.context["wrong_ibans"], Business.objects.get().version) == (["GB82 WEST 1234 5698 7654 33"], 2)
    assert "its digits do not add up" in page.content.decode()


@pytest.mark.parametrize("address", [MEMBERS, KEYS, "/settings/businesses"])
def test_a_list_asks_as_often_for_many_rows_as_for_one(business: Business, address: str) -> None:
    owner = owner_of(business)
    browser, actor = browser_of(owner), actor_for(owner)

    def row(name: str) -> None:
        make_member(business, Role.MEMBER)
        create_api_key(actor=actor, business=business, data={"name": name}, at=timezone.now())
        make_business(owner=owner, name=name)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        return len(queries)

    row("One")
    browser.get(address)
    few = asked()
    for number in range(4):
        row(f"More {number}")
    assert asked() == few
