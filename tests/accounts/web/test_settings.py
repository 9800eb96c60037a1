from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.choices import Role
from accounts.models import Business, Plan, QuotaCounter, User
from accounts.services import businesses
from accounts.storage import forget
from tests.factories.accounts import make_business, make_member, make_user, owner_of
from tests.factories.invoicing import make_issued

pytestmark = pytest.mark.django_db
BUSINESS = "/settings/business"
LOGO = "/settings/business/logo"
MEMBERS = "/settings/members"
KEYS = "/settings/api-keys"
LOOK = "/settings/look"
PAGES = [BUSINESS, LOOK, MEMBERS, KEYS, "/settings/usage", "/settings/profile", "/settings/security"]


@pytest.fixture
def business() -> Business:
    return make_business(name="Studio", country="MA", currency="MAD", timezone="Africa/Casablanca")


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def browser_as(business: Business, role: str) -> Client:
    return browser_of(owner_of(business) if role == Role.OWNER else make_member(business, role))


def fields_of(browser: Client) -> dict[str, Any]:
    """Return what the form of the business holds, as a browser would send it."""
    form = browser.get(BUSINESS).context["form"]
    return {field.html_name: field.value() for field in form if field.value() is not None}


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "JPEG")
    return SimpleUploadedFile("logo.jpg", out.getvalue(), "image/jpeg")


@pytest.mark.parametrize("address", [*PAGES, LOGO, "/settings/businesses/new"])
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


# The business


def test_saving_the_form_as_it_stands_changes_nothing_but_the_version(business: Business) -> None:
    Business.objects.update(
        address={"street": "Rue", "city": "Casablanca", "country": "MA"},
        tax_ids=[{"type": "ICE", "value": "001561191000066"}, {"type": "Patente", "value": "9"}],
        tax_rate="20.5000",
    )
    before: dict[str, Any] = dict(Business.objects.values().get())
    browser = browser_as(business, Role.OWNER)
    response = browser.post(BUSINESS, fields_of(browser))
    after: dict[str, Any] = dict(Business.objects.values().get())
    changed = {name for name in before if before[name] != after[name]}
    assert (response.status_code, response["Location"], changed) == (302, BUSINESS, {"version", "updated_at"})


def test_the_form_changes_every_field(business: Business) -> None:
    browser = browser_as(business, Role.ADMIN)
    given = {
        "name": "New", "legal_name": "New SARL", "legal_name_ar": "جديد", "country": "SA", "vat_number": "300000000000003",
        "cr_number": "1010", "phone": "0501234567", "email": "new@example.com", "website": "https://new.example",
        "currency": "SAR", "language": "ar", "timezone": "Asia/Riyadh", "tax_rate": "15,5", "payment_terms": "Net 15",
        "notes": "N", "footer": "F", "bank_details": "B", "payment_link": "https://pay.example", "slug": "new-name",
        "address_street": "King", "address_city": "Riyadh", "address_ar_city": "الرياض",
        "tax_ids_1_type": "RC", "tax_ids_1_value": "77", "number_formats_invoice": "F-{seq}", "next_numbers_invoice": "9",
    }  # fmt: skip
    assert browser.post(BUSINESS, fields_of(browser) | given).status_code == 302
    row = Business.objects.get()
    plain = {name: str(getattr(row, name)) for name in given if hasattr(row, name)}
    assert plain == {name: value for name, value in given.items() if hasattr(row, name)} | {
        "phone": "+966501234567", "tax_rate": "15.5000",
    }  # fmt: skip
    assert row.address == {"street": "King", "city": "Riyadh", "country": "SA"}
    assert row.address_ar == {"city": "الرياض", "country": "SA"}
    assert row.tax_ids == [{"type": "RC", "value": "77"}]
    assert (row.number_formats["invoice"], row.next_numbers) == ("F-{seq}", {"invoice": 9})


def test_what_the_service_refuses_shows_at_its_field(business: Business) -> None:
    browser = browser_as(business, Role.OWNER)
    wrong = {
        "name": "", "vat_number": "x" * 31, "phone": "1", "email": "x", "tax_rate": "abc", "slug": "!",
        "tax_ids_0_type": "RC", "tax_ids_0_value": "1", "tax_ids_2_type": "ICE", "tax_ids_2_value": "2",
        "address_building_number": "x" * 21, "number_formats_invoice": "X", "currency": "XXX",
    }  # fmt: skip
    response = browser.post(BUSINESS, fields_of(browser) | wrong)
    # What has no form of its own kind is found first; the service is asked about the rest.
    assert (response.status_code, sorted(response.context["form"].errors)) == (422, ["currency", "name"])
    response = browser.post(BUSINESS, fields_of(browser) | wrong | {"name": "Studio", "currency": "MAD"})
    assert sorted(response.context["form"].errors) == sorted(
        ["vat_number", "phone", "email", "tax_rate", "slug", "tax_ids_2_value", "address_building_number", "number_formats_invoice"]
    )  # fmt: skip
    assert Business.objects.get().version == 1


def test_the_form_shows_the_number_that_comes_next(business: Business) -> None:
    make_issued(business)
    issued = make_issued(business).issue_date
    assert issued is not None
    fields = browser_as(business, Role.OWNER).get(BUSINESS).context["form"].numbering_fields
    assert [example for _format, _next, example in fields] == [
        f"INV-{issued.year}-0003", f"CN-{issued.year}-0001", f"DN-{issued.year}-0001",
    ]  # fmt: skip


def test_a_number_that_came_on_meanwhile_does_not_hinder_saving(business: Business) -> None:
    browser = browser_as(business, Role.OWNER)
    stale = fields_of(browser)
    make_issued(business)
    stale["version"] = Business.objects.get().version
    assert browser.post(BUSINESS, stale | {"name": "New"}).status_code == 302


def test_a_change_made_meanwhile_is_not_overwritten(business: Business) -> None:
    browser = browser_as(business, Role.OWNER)
    stale = fields_of(browser)
    browser.post(BUSINESS, stale | {"name": "First"})
    response = browser.post(BUSINESS, stale | {"name": "Second"})
    assert (response.status_code, Business.objects.get().name) == (422, "First")
    assert list(response.context["form"].errors) == ["__all__"]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_others_see_the_business_and_cannot_change_it(business: Business, role: str) -> None:
    manager = browser_as(business, Role.OWNER)
    data = fields_of(manager) | {"name": "New"}
    browser = browser_as(business, role)
    page = browser.get(BUSINESS)
    assert (page.context["editable"], page.context["form"]["name"].field.disabled) == (False, True)
    assert (browser.post(BUSINESS, data).status_code, Business.objects.get().name) == (403, "Studio")


def test_the_form_is_the_current_business_s(business: Business) -> None:
    other = make_business(owner=owner_of(business), name="Other")
    browser = browser_as(business, Role.OWNER)
    browser.post("/settings/switch", {"business": other.pk})
    browser.post(BUSINESS, fields_of(browser) | {"name": "Renamed"})
    assert sorted(Business.objects.values_list("name", flat=True)) == ["Renamed", "Studio"]


# The logo


def test_the_logo_is_uploaded_shown_and_removed(business: Business) -> None:
    browser = browser_as(business, Role.ADMIN)
    assert browser.get(LOGO).status_code == 404
    assert browser.post(LOGO, {"logo": picture()})["Location"] == LOOK
    chosen = {"logo": picture(), "chosen": "look=classic&own_colour=%23AA3300"}
    assert browser.post(LOGO, chosen)["Location"] == f"{LOOK}?look=classic&own_colour=%23AA3300"
    shown = browser.get(LOGO)
    assert (shown.status_code, shown["Content-Type"], shown.content[:4]) == (200, "image/png", b"\x89PNG")
    assert (shown["X-Content-Type-Options"], shown["Content-Disposition"], shown["Content-Security-Policy"]) == (
        "nosniff", 'inline; filename="logo.png"', "default-src 'none'; sandbox",
    )  # fmt: skip
    assert b"/settings/business/logo?v=" in browser.get(LOOK).content
    browser.post(LOGO, {"remove": "1"})
    assert (browser.get(LOGO).status_code, Business.objects.get().logo_key) == (404, "")


@pytest.mark.parametrize("files", [{}, {"logo": SimpleUploadedFile("x.png", b"<svg/>")}, {"logo": "text"}])
def test_what_is_no_picture_is_refused_in_a_sentence(business: Business, files: dict[str, Any]) -> None:
    browser = browser_as(business, Role.OWNER)
    page = browser.post(LOGO, files, follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "This is not a picture in PNG, JPEG, WebP or GIF."
    ]
    assert Business.objects.get().logo_key == ""


def test_a_logo_whose_file_is_lost_is_not_there(business: Business) -> None:
    browser = browser_as(business, Role.OWNER)
    browser.post(LOGO, {"logo": picture()})
    forget(Business.objects.get().logo_key)
    assert browser.get(LOGO).status_code == 404


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_others_see_the_logo_and_cannot_change_it(business: Business, role: str) -> None:
    browser_as(business, Role.OWNER).post(LOGO, {"logo": picture()})
    browser = browser_as(business, role)
    assert (browser.get(LOGO).status_code, browser.post(LOGO, {"remove": "1"}).status_code) == (200, 403)


def test_an_outsider_does_not_see_the_logo(business: Business) -> None:
    browser_as(business, Role.OWNER).post(LOGO, {"logo": picture()})
    assert browser_of(owner_of(make_business())).get(LOGO).status_code == 404


# Further businesses


def test_a_new_business_is_opened_and_gone_on_with(business: Business) -> None:
    browser = browser_as(business, Role.VIEWER)
    assert browser.get("/settings/businesses/new").status_code == 200
    assert browser.post("/settings/businesses/new", {"name": "Second"})["Location"] == BUSINESS
    second = Business.objects.get(name="Second")
    assert (browser.session["business_id"], second.memberships.get().role) == (second.pk, Role.OWNER)


def test_a_person_without_a_business_can_open_one() -> None:
    browser = browser_of(make_user())
    assert browser.get(BUSINESS)["Location"] == "/settings/businesses/new"
    browser.post("/settings/businesses/new", {"name": "First"})
    assert browser.get(BUSINESS).status_code == 200


def test_a_new_business_needs_a_name(business: Business) -> None:
    response = browser_as(business, Role.OWNER).post("/settings/businesses/new", {"name": "\u200b"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["name"])


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


def test_the_numbering_is_asked_of_the_apps_above(business: Business) -> None:
    kinds = {each.kind for each in businesses.numbering(business, business.created_at)}
    fields = browser_as(business, Role.OWNER).get(BUSINESS).context["form"].fields
    assert {name.removeprefix("number_formats_") for name in fields if name.startswith("number_formats_")} == kinds
