from __future__ import annotations

import pytest

from accounts.choices import Role
from accounts.models import Business, Membership
from tests.accounts.web.test_settings import browser_as, browser_of
from tests.factories.accounts import make_business, make_user, owner_of

pytestmark = pytest.mark.django_db
BUSINESS = "/settings/business"
BUSINESSES = "/settings/businesses"
NEW = "/settings/businesses/new"


@pytest.fixture
def business() -> Business:
    return make_business(name="Studio", country="MA", currency="MAD", timezone="Africa/Casablanca")


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


@pytest.mark.parametrize(
    ("country", "language", "begins"),
    [
        ("MA", "fr", ("MAD", "Africa/Casablanca", "20.0000", "fr", True)),
        ("SA", "en", ("SAR", "Asia/Riyadh", "15.0000", "ar", False)),
        ("US", "en", ("USD", "America/New_York", "0.0000", "en", False)),
        ("", "ar", ("USD", "UTC", "0.0000", "ar", False)),
    ],
)
def test_the_country_settles_what_a_business_begins_with(
    country: str, language: str, begins: tuple[str, str, str, str, bool]
) -> None:
    browser = browser_of(make_user(language=language))
    assert browser.post(NEW, {"name": "First", "country": country}).status_code == 302
    made = Business.objects.get()
    assert (made.currency, made.timezone, str(made.tax_rate), made.language, made.signature_frame) == begins


def test_a_country_that_there_is_not_is_refused() -> None:
    response = browser_of(make_user()).post(NEW, {"name": "First", "country": "ZZ"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["country"])


def test_an_owner_puts_a_business_away_and_takes_it_back(business: Business) -> None:
    browser = browser_as(business, Role.OWNER)
    other = make_business(owner=owner_of(business), name="Other")
    page = browser.post(f"{BUSINESSES}/{business.pk}/archive", follow=True)
    undo = f"{BUSINESSES}/{business.pk}/restore"
    assert [(str(each), each.extra_tags) for each in page.context["messages"]] == [("Studio is archived.", undo)]
    assert [each.pk for each, _role, _owns in page.context["mine"]] == [other.pk]
    assert f'action="{undo}"' in page.content.decode()
    page = browser.post(undo, follow=True)
    assert (page.context["business"], len(page.context["mine"]), list(page.context["archived"])) == (business, 2, [])


def test_the_last_business_that_was_put_away_can_be_taken_back(business: Business) -> None:
    browser = browser_as(business, Role.OWNER)
    page = browser.post(f"{BUSINESSES}/{business.pk}/archive", follow=True)
    assert (page.redirect_chain[-1][0], list(page.context["archived"])) == (NEW, [business])
    assert browser.post(f"{BUSINESSES}/{business.pk}/restore").status_code == 302
    assert browser.get(BUSINESS).status_code == 200


@pytest.mark.parametrize(("role", "status"), [(Role.ADMIN, 403), (Role.MEMBER, 403), (Role.VIEWER, 403), (None, 404)])
def test_others_can_not_put_a_business_away_nor_take_it_back(business: Business, role: str | None, status: int) -> None:
    browser = browser_as(business, role) if role else browser_of(make_user())
    assert browser.post(f"{BUSINESSES}/{business.pk}/archive").status_code == status
    browser_as(business, Role.OWNER).post(f"{BUSINESSES}/{business.pk}/archive")
    assert browser.post(f"{BUSINESSES}/{business.pk}/restore").status_code == status
    assert Business.objects.get(pk=business.pk).archived_at is not None


def test_the_list_asks_before_putting_away_what_one_owns(business: Business) -> None:
    browser = browser_as(business, Role.OWNER)
    foreign = make_business(name="Foreign")
    Membership.objects.create(user=owner_of(business), business=foreign, role=Role.ADMIN)
    page = browser.get(BUSINESSES, {"archive": business.pk})
    assert page.context["asked"] == business
    assert [owns for _each, _role, owns in page.context["mine"]] == [True, False]
    assert browser.get(BUSINESSES, {"archive": foreign.pk}).context["asked"] is None
