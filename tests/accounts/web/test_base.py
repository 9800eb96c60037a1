from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.cache import SessionStore
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from django.views.generic import FormView, TemplateView

from accounts.choices import Permission, Role
from accounts.errors import AppError, Conflict, Invalid, NotAllowed, QuotaExceeded
from accounts.models import Business, User
from accounts.web.base import DashboardMixin, ServiceFormMixin, desk_of, to_login
from accounts.web.forms import put_errors
from tests.factories.accounts import make_business, make_member, make_user, owner_of

pytestmark = pytest.mark.django_db


class Page(DashboardMixin, TemplateView):
    """A page that says what was settled."""

    nav_active = "home"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(f"{self.business.name} {self.actor.channel} {self.actor.ip} {translation.get_language()}")


class WritersPage(Page):
    """A page for those who write."""

    permission = Permission.WRITE


class Form(forms.Form):
    name = forms.CharField(required=False)


class FormPage(ServiceFormMixin, FormView[Form]):
    """A form whose service refuses."""

    template_name = "components/form_errors.html"
    form_class = Form
    success_url = "/done"
    refusal: Exception | None = None

    def save(self, form: forms.Form) -> None:
        if self.refusal:
            raise self.refusal


def request_of(user: Any, method: str = "get", **session: str) -> HttpRequest:
    request: HttpRequest = getattr(RequestFactory(), method)("/page?x=1")
    request.user = user
    request.session = SessionStore()
    request.session.update(session)
    return request


def answer(view: type[Page], user: Any, **session: str) -> str:
    response = view.as_view()(request_of(user, **session))
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def test_a_page_knows_person_and_business() -> None:
    business = make_business(name="Studio")
    assert answer(Page, owner_of(business)) == "Studio browser 127.0.0.1 en"


def test_a_page_is_of_the_business_that_was_switched_to() -> None:
    first = make_business(name="First")
    second = make_business(owner=owner_of(first), name="Second")
    assert answer(Page, owner_of(first)).startswith("First ")
    assert answer(Page, owner_of(first), business_id=second.pk).startswith("Second ")


def test_a_business_that_is_not_one_s_own_cannot_be_switched_to() -> None:
    business = make_business(name="Mine")
    assert answer(Page, owner_of(business), business_id=make_business().pk).startswith("Mine ")


def test_arabic_is_spoken_as_in_the_country_of_the_business() -> None:
    business = make_business(country="MA")
    with translation.override("ar"):
        assert answer(Page, owner_of(business)).endswith(" ar-ma")
    with translation.override("fr"):
        assert answer(Page, owner_of(business)).endswith(" fr")


def test_visitors_are_sent_to_the_login_and_back() -> None:
    response = Page.as_view()(request_of(AnonymousUser()))
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/page%3Fx%3D1")


def test_a_part_of_a_page_sends_the_whole_page_to_the_login() -> None:
    request = RequestFactory().get("/page", headers={"HX-Request": "true"})
    assert (to_login(request).status_code, to_login(request)["HX-Redirect"]) == (204, "/accounts/login/?next=%2Fpage")


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("http://testserver/clients?page=2", "/clients%3Fpage%3D2"),
        ("https://evil.example/x", "/invoices/1/issue"),
        ("", "/invoices/1/issue"),
    ],
)
def test_a_form_sent_without_a_session_comes_back_to_its_page(address: str, page: str) -> None:
    form = RequestFactory().post("/invoices/1/issue", headers={"Referer": address})
    assert to_login(form)["Location"] == f"/accounts/login/?next={page}"
    part = RequestFactory().post("/invoices/1/issue", headers={"HX-Request": "true", "HX-Current-URL": address})
    assert to_login(part)["HX-Redirect"].replace("%2F", "/") == f"/accounts/login/?next={page}"


def test_a_person_without_a_business_is_sent_to_open_one() -> None:
    assert Page.as_view()(request_of(make_user()))["Location"] == "/settings/businesses/new"


def test_an_archived_business_is_as_good_as_none() -> None:
    business = make_business()
    user = owner_of(business)
    Business.objects.update(archived_at="2026-11-20T09:00Z")
    assert Page.as_view()(request_of(user))["Location"] == "/settings/businesses/new"


def test_permission_of_a_page_holds() -> None:
    business = make_business(name="Studio")
    assert answer(WritersPage, make_member(business, Role.MEMBER)).startswith("Studio ")
    with pytest.raises(NotAllowed):
        answer(WritersPage, make_member(business, Role.VIEWER))


def test_desk_takes_two_queries_and_lists_businesses_as_joined(django_assert_num_queries: Any) -> None:
    first = make_business(name="Zebra")
    make_business(owner=owner_of(first), name="Ant")
    user = User.objects.get(pk=owner_of(first).pk)
    request = request_of(user)
    with django_assert_num_queries(2):
        desk = desk_of(request)
        assert desk_of(request) is desk
    assert ([each.name for each in desk.businesses], desk.business) == (["Zebra", "Ant"], first)
    assert (desk.may(Permission.MANAGE), desk.may(Permission.OWN)) == (True, True)


def submit(refusal: Exception | None) -> Any:
    view = FormPage.as_view(refusal=refusal)
    return view(request_of(make_user(), "post"))


def test_a_form_saves_and_goes_on() -> None:
    assert (submit(None).status_code, submit(None)["Location"]) == (302, "/done")


@pytest.mark.parametrize(
    ("refusal", "errors"),
    [
        (Invalid(errors={"name": ["Wrong."]}), {"name": ["Wrong."]}),
        (Invalid(errors={"other": ["Wrong."]}), {"__all__": ["Wrong."]}),
        (Conflict("Not now."), {"__all__": ["Not now."]}),
    ],
)
def test_a_refusal_shows_on_the_form(refusal: Exception, errors: dict[str, list[str]]) -> None:
    response = submit(refusal)
    assert (response.status_code, response.context_data["form"].errors) == (422, errors)


def test_a_refusal_that_concerns_no_field_is_left_to_its_page() -> None:
    with pytest.raises(QuotaExceeded):
        submit(QuotaExceeded())


def test_put_errors_finds_the_field_of_a_part() -> None:
    class Wide(forms.Form):
        address_city = forms.CharField()
        tax_ids_0_value = forms.CharField()
        tax_ids = forms.CharField()
        password1 = forms.CharField()

    form = Wide({})
    form.full_clean()
    form.errors.clear()
    wrong = {
        "address.city": ["a"],
        "tax_ids[0].value": ["b"],
        "tax_ids[9].type": ["c"],
        "password": ["d"],
        "else": ["e"],
    }
    put_errors(form, Invalid(errors=wrong), {"password": "password1"})
    assert form.errors == {
        "address_city": ["a"], "tax_ids_0_value": ["b"], "tax_ids": ["c"], "password1": ["d"], "__all__": ["e"],
    }  # fmt: skip


def test_the_frame_asks_nothing_of_the_database_for_a_visitor(client: Client, django_assert_num_queries: Any) -> None:
    client.get("/accounts/login/")
    with django_assert_num_queries(0):
        assert client.get("/accounts/login/").status_code == 200


@pytest.mark.django_db
def test_page_of_a_business_is_kept_nowhere(client: Client) -> None:
    client.force_login(owner_of(make_business()))
    assert client.get("/settings/business").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("refusal", "sentences"),
    [
        (Invalid(errors={"name": ["At the field."]}), ["Some fields need your attention."]),
        (Conflict("Over the form."), ["Over the form."]),
    ],
)
def test_short_errors_always_say_something(refusal: AppError, sentences: list[str]) -> None:
    form = Form({})
    put_errors(form, refusal)
    page = render_to_string("components/form_errors.html", {"form": form, "short": True})
    assert re.findall("<p>(.*?)</p>", page) == sentences
