from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Business, Delivery, TokenFamily, User
from accounts.schema import LONGEST_PASSWORD
from accounts.services import users
from tests.factories.accounts import PASSWORD, make_business, make_user

pytestmark = pytest.mark.django_db
SIGNUP = "/accounts/signup/"
LOGIN = "/accounts/login/"
NEW = "eight loud lamps"


def signup(browser: Client, **fields: str) -> Any:
    data = {"email": "new@example.com", "password1": PASSWORD, "company_name": "Studio"}
    return browser.post(SIGNUP, data | fields)


def login(browser: Client, name: str, password: str = PASSWORD) -> Any:
    return browser.post(LOGIN, {"login": name, "password": password})


def signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(texts) for name, texts in response.context["form"].errors.items()}


def link(template: str) -> str:
    """Return the path of the link in the newest mail of a kind."""
    text = Delivery.objects.filter(template=template).latest("created_at").text
    found = re.search(r"http://localhost:8000(/\S+)", text)
    assert found is not None
    return found[1]


# Sign-up


def test_signup_makes_user_and_business_by_the_service_and_signs_in(client: Client) -> None:
    response = signup(client, full_name="Studio Person")
    user, business = User.objects.get(), Business.objects.get()
    assert (response.status_code, response["Location"], signed_in(client)) == (302, "/", True)
    assert (user.email, user.username, user.full_name) == ("new@example.com", "new", "Studio Person")
    assert (business.name, user.default_business, business.memberships.get().role) == ("Studio", business, "owner")
    assert list(EmailAddress.objects.values_list("email", "primary", "verified")) == [("new@example.com", True, False)]
    assert [mail.template for mail in Delivery.objects.all()] == ["verify_email"]


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_signup_is_in_the_language_of_the_page(client: Client, language: str) -> None:
    client.cookies["django_language"] = language
    signup(client)
    assert (User.objects.get().language, Business.objects.get().language, Delivery.objects.get().language) == (
        language, language, language,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "taken@example.com"}, ["email"]),
        ({"email": "x"}, ["email"]),
        ({"password1": "1234"}, ["password1"]),
        ({"company_name": ""}, ["company_name"]),
        ({"company_name": "x\x07y"}, ["company_name"]),
        ({"email": "TAKEN@example.com", "password1": "password"}, ["email", "password1"]),
    ],
)
def test_signup_shows_what_is_wrong_at_the_field(client: Client, fields: dict[str, str], wrong: list[str]) -> None:
    make_user(email="taken@example.com")
    response = signup(client, **fields)
    assert (response.status_code, sorted(errors(response)), User.objects.count()) == (200, wrong, 1)


def test_signup_tells_all_that_is_wrong_at_once(client: Client) -> None:
    response = signup(client, email="nobody", password1="12345", company_name="", country="")
    errors = response.context["form"].errors
    assert list(errors) == ["email", "company_name", "password1"]
    assert all(len(set(words)) == len(words) for words in errors.values())
    response = signup(client, company_name="", password1="12345")
    assert sorted(response.context["form"].errors) == ["company_name", "password1"]
    assert not User.objects.exists()


def test_signup_tells_at_the_field_of_somebody_who_came_first(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(email="new@example.com")
    checked = users.clean_registration
    monkeypatch.setattr(users, "clean_registration", lambda data: None)
    register = users.register

    def late(**values: Any) -> User:
        monkeypatch.setattr(users, "clean_registration", checked)
        return register(**values)

    monkeypatch.setattr(users, "register", late)
    response = signup(client)
    assert (errors(response), signed_in(client)) == ({"email": ["This e-mail address is taken."]}, False)
    assert "login_url" in response.context


def test_signup_is_closed_when_registration_is(client: Client, settings: Settings) -> None:
    settings.REGISTRATION = "closed"
    assert next(template.name for template in client.get(SIGNUP).templates) == "account/signup_closed.html"
    assert (signup(client).status_code, User.objects.count()) == (200, 0)


def test_signup_has_a_limit(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"register": "2/h"}
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False):
        statuses = [signup(client, email="x").status_code for _attempt in range(3)]
    assert statuses == [200, 200, 429]


# Log-in


@pytest.mark.parametrize("name", ["mine@example.com", "Mine@Example.com", "nora", "NORA"])
def test_login_takes_email_or_user_name_whatever_the_case(client: Client, name: str) -> None:
    make_user(email="mine@example.com", username="nora")
    assert (login(client, name)["Location"], signed_in(client)) == ("/", True)


def test_login_of_an_unverified_user_works(client: Client) -> None:
    make_user(email="mine@example.com", verified=False)
    login(client, "mine@example.com")
    assert signed_in(client) is True


@pytest.mark.parametrize("name", ["mine@example.com", "nobody@example.com"])
def test_login_with_a_wrong_password_tells_nothing_of_the_account(client: Client, name: str) -> None:
    make_user(email="mine@example.com")
    response = login(client, name, "wrong")
    assert errors(response) == {"__all__": ["The email address and/or password you specified are not correct."]}
    assert signed_in(client) is False


def test_login_of_a_user_who_was_switched_off_is_refused(client: Client) -> None:
    make_user(email="mine@example.com", is_active=False)
    assert (login(client, "mine@example.com")["Location"], signed_in(client)) == ("/accounts/inactive/", False)


def test_login_counts_failures_alone(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"login": "3/m"}
    make_user(email="mine@example.com")
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False) as clock:
        for _attempt in range(5):
            assert login(Client(), "mine@example.com").status_code == 302
        statuses = [login(client, "mine@example.com", "wrong").status_code for _attempt in range(4)]
        locked = login(client, "mine@example.com")
        clock.shift(61)
        after = login(client, "mine@example.com")
    assert (statuses, locked.status_code, after.status_code) == ([200, 200, 200, 429], 429, 302)
    assert int(locked["Retry-After"]) > 0


def test_login_asks_for_the_second_factor(client: Client) -> None:
    user = make_user(email="mine@example.com")
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    assert (login(client, "mine@example.com")["Location"], signed_in(client)) == ("/accounts/2fa/authenticate/", False)
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert signed_in(client) is True


def test_a_recovery_code_stands_for_the_second_factor_once(client: Client) -> None:
    user = make_user(email="mine@example.com")
    TOTP.activate(user, generate_totp_secret())
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    login(client, "mine@example.com")
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert signed_in(client) is True
    other = Client()
    login(other, "mine@example.com")
    other.post("/accounts/2fa/authenticate/", {"code": code})
    assert signed_in(other) is False


def test_guessing_the_second_factor_has_a_limit(client: Client) -> None:
    user = make_user(email="mine@example.com")
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    login(client, "mine@example.com")
    for _attempt in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert signed_in(client) is False


# Reset and change


def test_reset_by_the_mailed_link_ends_sessions_and_tokens(client: Client) -> None:
    user = make_user(email="mine@example.com")
    TokenFamily.objects.create(user=user, current_jti="x", expires_at="2027-01-01T00:00Z")
    elsewhere = Client()
    login(elsewhere, "mine@example.com")
    assert client.post("/accounts/password/reset/", {"email": "Mine@example.com"}).status_code == 302
    page = client.get(link("password_reset"), follow=True)
    response = client.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert (response.status_code, user.check_password(NEW), user.token_version) == (302, True, 1)
    assert TokenFamily.objects.filter(revoked_at=None).count() == 0
    assert elsewhere.get("/settings/profile").status_code == 302
    assert [mail.template for mail in Delivery.objects.order_by("created_at")] == ["password_reset", "password_changed"]
    assert "token_fail" in client.get(link("password_reset"), follow=True).context


def test_reset_refuses_a_password_that_could_not_log_in(client: Client) -> None:
    user = make_user(email="mine@example.com")
    client.post("/accounts/password/reset/", {"email": "mine@example.com"})
    page = client.get(link("password_reset"), follow=True)
    long = "y" * (LONGEST_PASSWORD + 1)
    response = client.post(page.redirect_chain[-1][0], {"password1": long, "password2": long})
    assert errors(response) == {"password1": ["At most 4096 characters fit; this has 4097."]}
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_reset_answers_alike_for_known_and_unknown_addresses(client: Client) -> None:
    make_user(email="mine@example.com")
    answers = [
        client.post("/accounts/password/reset/", {"email": name}) for name in ("mine@example.com", "no@example.com")
    ]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, "/accounts/password/reset/done/")
    ] * 2
    assert sorted(mail.template for mail in Delivery.objects.all()) == ["account_unknown", "password_reset"]


def test_reset_has_a_limit(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"reset": "1/h"}
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False):
        statuses = [client.post("/accounts/password/reset/", {"email": "a@example.com"}).status_code for _ in range(2)]
    assert statuses == [302, 429]


def test_links_name_our_own_address_whatever_host_was_asked_for(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    make_user(email="mine@example.com")
    client.post("/accounts/password/reset/", {"email": "mine@example.com"}, headers={"host": "evil.example"})
    assert "evil.example" not in Delivery.objects.get().text


def test_changing_the_password_keeps_this_browser_and_ends_others(client: Client) -> None:
    user = make_user(email="mine@example.com")
    elsewhere = Client()
    login(elsewhere, "mine@example.com")
    login(client, "mine@example.com")
    response = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert (response.status_code, user.check_password(NEW), user.token_version) == (302, True, 1)
    assert (signed_in(client), elsewhere.get("/settings/profile").status_code) == (True, 302)
    assert UserSession.objects.filter(user=user, session_key=elsewhere.cookies["sessionid"].value).exists() is False
    [mail] = Delivery.objects.all()
    assert (mail.template, "127.0.0.1" in mail.text) == ("password_changed", True)


# Addresses


def test_verifying_by_the_mailed_link(client: Client) -> None:
    signup(client)
    path = link("verify_email")
    assert client.get(path).status_code == 200
    client.post(path)
    assert EmailAddress.objects.get().verified is True


def test_adding_an_address_mails_a_link_and_making_it_primary_moves_the_account(client: Client) -> None:
    user = make_user(email="mine@example.com")
    client.force_login(user)
    client.post("/accounts/email/", {"action_add": "", "email": "Second@example.com"})
    client.post(link("verify_email"))
    client.post("/accounts/email/", {"action_primary": "", "email": "second@example.com"})
    user.refresh_from_db()
    assert user.email == "second@example.com"
    assert Delivery.objects.filter(template="email_changed", to=["mine@example.com"]).count() == 1


def test_another_s_address_cannot_be_added(client: Client) -> None:
    make_user(email="taken@example.com")
    client.force_login(make_user())
    response = client.post("/accounts/email/", {"action_add": "", "email": "taken@example.com"})
    assert errors(response) == {"email": ["This e-mail address is taken."]}


def test_sessions_are_listed_and_ended(client: Client) -> None:
    user = owner = make_user(email="mine@example.com")
    make_business(owner=owner)
    elsewhere = Client()
    login(elsewhere, "mine@example.com")
    login(client, "mine@example.com")
    assert len(client.get("/accounts/sessions/").context["sessions"]) == 2
    client.post("/accounts/sessions/")
    assert (UserSession.objects.filter(user=user).count(), elsewhere.get("/settings/profile").status_code) == (1, 302)


# What the forms offer to browsers and password managers


@pytest.mark.parametrize(
    ("languages", "country"),
    [
        ("ar-MA,ar;q=0.9", "MA"),
        ("en-US,en;q=0.9", ""),
        ("en-US,fr-FR;q=0.5", "FR"),
        ("fr", ""),
        ("x-ZZ,*", ""),
        ("", ""),
    ],
)
def test_signup_proposes_the_country_of_the_browser(client: Client, languages: str, country: str) -> None:
    form = client.get(SIGNUP, headers={"Accept-Language": languages}).context["form"]
    assert form["country"].value() == country


def test_the_country_settles_what_the_first_business_begins_with(client: Client) -> None:
    assert signup(client, country="SA").status_code == 302
    made = Business.objects.get()
    assert (made.country, made.currency, made.timezone, made.tax_rate) == ("SA", "SAR", "Asia/Riyadh", 15)


def test_a_country_that_there_is_not_is_refused_and_nothing_typed_is_lost(client: Client) -> None:
    page = signup(client, country="ZZ")
    assert (list(errors(page)), page.context["form"]["company_name"].value()) == (["country"], "Studio")
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("address", "completed"),
    [
        (
            SIGNUP,
            {
                "email": "username", "password1": "new-password", "company_name": "organization", "country": "country",
                "full_name": "name",
            },
        ),
        (LOGIN, {"login": "username", "password": "current-password"}),
        ("/accounts/password/reset/", {"email": "email"}),
    ],
)  # fmt: skip
def test_fields_are_named_for_password_managers(client: Client, address: str, completed: dict[str, str]) -> None:
    form = client.get(address).context["form"]
    fields = {field.name: field.field.widget.attrs.get("autocomplete") for field in form.visible_fields()}
    assert {name: said for name, said in fields.items() if name != "remember"} == completed
    assert [field.name for field in form if field.field.widget.attrs.get("placeholder")] == []


def test_passwords_can_be_looked_at(client: Client) -> None:
    for address in (SIGNUP, LOGIN):
        page = client.get(address).content.decode()
        assert ('<template id="see-password">' in page, "/account.js" in page or "/account." in page) == (True, True)


def test_codes_are_asked_for_as_codes(client: Client) -> None:
    user = make_user()
    TOTP.activate(user, generate_totp_secret())
    login(client, user.email)
    attrs = client.get("/accounts/2fa/authenticate/").context["form"].fields["code"].widget.attrs
    assert {name: attrs.get(name) for name in ("autocomplete", "inputmode", "placeholder")} == {
        "autocomplete": "one-time-code", "inputmode": "numeric", "placeholder": None,
    }  # fmt: skip


def test_sessions_are_named_by_their_browser(client: Client) -> None:
    user = make_user()
    make_business(owner=user)
    client.force_login(user)
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    client.get("/settings/security", headers={"User-Agent": firefox})
    UserSession.objects.update(user_agent=firefox)
    assert "Firefox · Linux" in client.get("/accounts/sessions/").content.decode()
