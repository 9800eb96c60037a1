from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.models import User
from accounts.web.context import shell
from tests.factories.accounts import make_business, make_member, make_user, owner_of

pytestmark = pytest.mark.django_db


def request_of(user: Any, **cookies: str) -> HttpRequest:
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    request.user = user
    request.session = {}  # type: ignore[assignment]  # as a dictionary is enough
    return request


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("<x>", "system"), ("", "system")])
def test_theme_is_one_of_three(cookie: str, theme: str) -> None:
    assert shell(request_of(AnonymousUser(), theme=cookie))["theme"] == theme


def test_a_visitor_costs_no_query(settings: Settings, django_assert_num_queries: Any) -> None:
    settings.REGISTRATION = "closed"
    with django_assert_num_queries(0):
        assert shell(request_of(AnonymousUser())) == {"theme": "system", "registration_open": False, "embedded": True}


def test_a_request_without_a_user_is_a_visitor_s() -> None:
    assert "business" not in shell(RequestFactory().get("/"))


def test_nothing_is_read_until_a_template_asks_and_then_in_two_queries(django_assert_num_queries: Any) -> None:
    business = make_business(name="Studio")
    second = make_business(owner=owner_of(business), name="Second")
    user = User.objects.get(pk=owner_of(business).pk)
    with django_assert_num_queries(0):
        context = shell(request_of(user))
    with django_assert_num_queries(2):
        assert (context["business"].name, list(context["businesses"])) == (
            "Studio", [(business.pk, "Studio"), (second.pk, "Second")],
        )  # fmt: skip
        assert (bool(context["can_write"]), bool(context["can_manage"])) == (True, True)
    assert context["actor_name"] == str(user)


@pytest.mark.parametrize(
    ("role", "write", "manage"),
    [(Role.OWNER, True, True), (Role.ADMIN, True, True), (Role.MEMBER, True, False), (Role.VIEWER, False, False)],
)
def test_the_frame_offers_what_the_role_may_do(role: str, write: bool, manage: bool) -> None:
    context = shell(request_of(make_member(make_business(), role)))
    assert (bool(context["can_write"]), bool(context["can_manage"])) == (write, manage)


def test_a_person_without_a_business_has_none() -> None:
    context = shell(request_of(make_user()))
    assert (bool(context["business"]), list(context["businesses"]), bool(context["can_write"])) == (False, [], False)
