from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import get_language

from accounts.models import User
from tests.factories.accounts import make_business, make_user, owner_of

pytestmark = pytest.mark.django_db
LANGUAGE = "/settings/language"
THEME = "/settings/theme"
SWITCH = "/settings/switch"


def test_set_language_of_a_visitor_is_a_cookie(client: Client) -> None:
    response = client.post(LANGUAGE, {"language": "ar", "next": "/accounts/login/?next=/x"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/x")
    cookie = response.cookies["django_language"]
    assert (cookie.value, cookie["max-age"], cookie["samesite"], cookie["httponly"]) == ("ar", 31_536_000, "Lax", True)
    assert b'<html lang="ar"' in client.get("/accounts/login/").content


def test_set_language_of_a_user_is_kept_with_the_user(client: Client) -> None:
    user = make_user(language="en")
    client.force_login(user)
    client.post(LANGUAGE, {"language": "fr"})
    assert User.objects.get(pk=user.pk).language == "fr"


def test_set_language_leaves_an_unknown_language(client: Client) -> None:
    response = client.post(LANGUAGE, {"language": "de"})
    assert ("django_language" in response.cookies, get_language()) == (False, "en")


@pytest.mark.parametrize(
    "following", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "\\\\evil"]
)
@pytest.mark.parametrize("address", [LANGUAGE, THEME])
def test_a_choice_leads_nowhere_else(client: Client, address: str, following: str) -> None:
    assert client.post(address, {"language": "fr", "theme": "dark", "next": following})["Location"] == "/"


def test_set_theme_is_a_cookie_and_system_removes_it(client: Client) -> None:
    cookie = client.post(THEME, {"theme": "dark"}).cookies["theme"]
    assert (cookie.value, cookie["max-age"]) == ("dark", 31_536_000)
    assert b'data-theme="dark"' in client.get("/accounts/login/").content
    client.post(THEME, {"theme": "system"})
    assert b"data-theme" not in client.get("/accounts/login/").content


def test_switch_business_goes_on_in_another(client: Client) -> None:
    first = make_business()
    second = make_business(owner=owner_of(first))
    client.force_login(owner_of(first))
    assert client.post(SWITCH, {"business": second.pk})["Location"] == "/"
    assert client.session["business_id"] == second.pk


def test_switch_business_knows_nothing_of_a_stranger_s(client: Client) -> None:
    client.force_login(owner_of(make_business()))
    assert client.post(SWITCH, {"business": make_business().pk}).status_code == 404
    assert "business_id" not in client.session


def test_switch_business_asks_visitors_to_log_in(client: Client) -> None:
    assert client.post(SWITCH, {"business": "biz_x"})["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("address", [LANGUAGE, THEME, SWITCH])
def test_a_choice_is_a_post_with_a_token(address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert (client.get(address).status_code, client.post(address).status_code) == (405, 403)
