from __future__ import annotations

import time
from decimal import Decimal

import pytest
import time_machine
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.utils import timezone

from accounts.models import ApiKey, Business, Delivery, User
from accounts.services.users import reset_key
from tests.accounts.conftest import Api, make_key, signed_in
from tests.factories.accounts import PASSWORD, make_business, make_user

pytestmark = pytest.mark.django_db

NEW = {
    "email": "studio@example.com",
    "username": "studio",
    "password": "eight quiet lamps",
    "full_name": "Studio Atlas",
    "company_name": "Atlas",
    "phone": "+212522000000",
    "address": "12 Rue des Orangers",
}


def code(answer):
    return answer.status_code, answer.json()["code"]


def log_in(username="studio", password=PASSWORD, **more):
    return Api().post("/auth/login", {"username": username, "password": password} | more)


# Register


def test_register_makes_a_user_with_a_business():
    answer = Api().post("/auth/register", NEW)
    assert answer.status_code == 201
    user, business = User.objects.get(), Business.objects.get()
    assert answer.json() == {
        "id": user.pk,
        "email": "studio@example.com",
        "username": "studio",
        "full_name": "Studio Atlas",
        "company_name": "Atlas",
        "phone": "+212522000000",
        "address": "12 Rue des Orangers",
        "language": "en",
        "payment_link": "",
        "is_active": True,
        "is_verified": False,
        "businesses": [{"id": business.pk, "name": "Atlas", "role": "owner", "is_default": True}],
    }
    assert (business.country, business.currency, business.timezone, business.tax_rate) == (
        "MA",
        "MAD",
        "UTC",
        Decimal(0),
    )
    assert log_in(password=NEW["password"]).status_code == 200


def test_register_without_a_phone_has_no_country():
    Api().post("/auth/register", {name: NEW[name] for name in ("email", "username", "password", "full_name")})
    assert list(Business.objects.values_list("country", "currency", "language")) == [("", "USD", "en")]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"email": "Taken@Example.com"}, ["email"]),
        ({"username": "TAKEN"}, ["username"]),
        ({"password": "12345678"}, ["password"]),
        ({"password": ""}, ["password"]),
        ({"email": "nonsense", "phone": "12", "password": "x"}, ["email", "phone", "password"]),
        ({"email": 7}, ["email"]),
        ({"email": None}, ["email"]),
        ({"company_name": 0, "full_name": 1.5}, ["company_name", "full_name"]),
        ({"address": {"nonsense": "x"}}, ["address.nonsense"]),
        ({"username": "a\u0000b"}, ["username"]),
    ],
)
def test_register_refuses(change, fields):
    make_user(username="taken", email="taken@example.com")
    answer = Api().post("/auth/register", NEW | change)
    assert (answer.status_code, sorted(answer.json()["errors"])) == (400, sorted(fields))
    assert User.objects.count() == 1


def test_register_with_nothing_names_what_is_needed():
    answer = Api().post("/auth/register", {})
    assert (answer.status_code, sorted(answer.json()["errors"])) == (400, ["email", "password"])


def test_register_when_it_is_closed(settings):
    settings.REGISTRATION = "closed"
    assert code(Api().post("/auth/register", NEW)) == (403, "registration_closed")


def test_register_has_a_limit_for_the_address(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"register": "2/h"}
    answers = [Api().post("/auth/register", {}).status_code for _ in range(3)]
    assert answers == [400, 400, 429]


# Login


def test_login_by_json_and_by_form():
    make_user(username="studio")
    form = f"username=studio&password={PASSWORD.replace(' ', '+')}"
    by_form = Api().post("/auth/login", data=form, content_type="application/x-www-form-urlencoded")
    for answer in (by_form, log_in()):
        assert answer.status_code == 200
        assert sorted(answer.json()) == ["access_token", "expires_in", "refresh_token", "token_type"]
        assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("bearer", 1800)


def test_login_token_opens_the_api():
    user = make_user(username="studio")
    api = Api(authorization=f"Bearer {log_in().json()['access_token']}")
    assert api.get("/auth/me").json()["id"] == user.pk


@pytest.mark.parametrize("body", [{}, {"username": "a"}, {"password": "a"}, {"username": ["a"], "password": "a"}])
def test_login_without_what_it_needs_is_a_400(body):
    assert code(Api().post("/auth/login", body)) == (400, "invalid")


def test_login_refusals():
    make_user(username="studio")
    make_user(username="closed", is_active=False)
    wrong = log_in(password="wrong")
    assert (code(wrong), wrong["WWW-Authenticate"]) == ((401, "wrong_credentials"), "Bearer")
    assert code(log_in("closed")) == (403, "account_inactive")
    assert code(log_in("closed", "wrong")) == (401, "wrong_credentials")


def test_login_does_not_look_at_other_credentials():
    make_user(username="studio")
    api = Api(authorization="Bearer nonsense")
    assert api.post("/auth/login", {"username": "studio", "password": PASSWORD}).status_code == 200


def test_login_with_a_second_factor():
    user = make_user(username="studio")
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    with time_machine.travel(timezone.now(), tick=False):
        otp = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
        asked = log_in()
        assert (code(asked), asked["WWW-Authenticate"]) == ((401, "mfa_required"), "Bearer")
        assert log_in(otp=otp).status_code == 200
        assert code(log_in(otp=otp)) == (401, "wrong_credentials")


def test_login_too_often_wrong(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"login": "2/m"}
    make_user(username="studio")
    with time_machine.travel(1_800_000_000, tick=False):
        answers = [log_in(password="wrong").status_code for _ in range(3)]
        assert answers == [401, 401, 429]
        refused = log_in()
        assert (code(refused), "Retry-After" in refused) == ((429, "rate_limited"), True)


# Refresh, logout


def test_refresh_and_replay():
    make_user(username="studio")
    first = log_in().json()["refresh_token"]
    second = Api().post("/auth/refresh", {"refresh_token": first})
    assert (second.status_code, second.json()["expires_in"]) == (200, 1800)
    for token in (first, second.json()["refresh_token"], "nonsense"):
        assert code(Api().post("/auth/refresh", {"refresh_token": token})) == (401, "invalid_token")
    assert code(Api().post("/auth/refresh", {})) == (400, "invalid")


def test_logout_ends_every_token():
    make_user(username="studio")
    pairs = [log_in().json(), log_in().json()]
    api = Api(authorization=f"Bearer {pairs[0]['access_token']}")
    assert api.post("/auth/logout").status_code == 204
    for pair in pairs:
        assert Api(authorization=f"Bearer {pair['access_token']}").get("/auth/me").status_code == 401
        assert Api().post("/auth/refresh", {"refresh_token": pair["refresh_token"]}).status_code == 401


def test_logout_is_for_persons():
    _key, text = make_key(make_business())
    assert code(Api(x_api_key=text).post("/auth/logout")) == (403, "forbidden")
    assert code(Api().post("/auth/logout")) == (401, "not_authenticated")


# API keys


def test_validate_api_key():
    business = make_business(name="Atlas")
    key, text = make_key(business, scopes=["read"])
    answer = Api().post("/auth/validate-api-key", {"api_key": text})
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "id": key.pk,
            "name": "Shop",
            "business": {"id": business.pk, "name": "Atlas"},
            "scopes": ["read"],
            "expires_at": None,
        },
    )
    assert code(Api().post("/auth/validate-api-key", {"api_key": text + "x"})) == (401, "invalid_api_key")
    assert code(Api().post("/auth/validate-api-key", {})) == (400, "invalid")
    assert ApiKey.objects.get().last_used_at is None


# Addresses and passwords


def test_verify_email():
    user = make_user(verified=False)
    make_business(owner=user)
    key = EmailConfirmationHMAC(EmailAddress.objects.get(user=user)).key
    assert Api().post("/auth/verify-email", {"key": key}).status_code == 200
    assert signed_in(user).get("/auth/me").json()["is_verified"] is True
    assert code(Api().post("/auth/verify-email", {"key": "nonsense"})) == (400, "invalid")


def test_verify_email_sends_another_mail_to_whoever_is_signed_in():
    user = make_user(verified=False)
    assert signed_in(user).post("/auth/verify-email", {}).status_code == 200
    assert [mail.to for mail in Delivery.objects.all()] == [[user.email]]
    assert code(Api().post("/auth/verify-email", {})) == (401, "not_authenticated")


def test_password_reset_answers_the_same_whether_or_not_there_is_an_account():
    make_user(email="studio@example.com")
    answers = [Api().post("/auth/password/reset", {"email": f"{name}@example.com"}) for name in ("studio", "nobody")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert Delivery.objects.count() == 2


def test_password_confirm_ends_every_token():
    user = make_user(username="studio")
    pair = log_in().json()
    user.refresh_from_db()
    body = {"key": reset_key(user), "password": "nine quiet lamps"}
    assert Api().post("/auth/password/confirm", body).status_code == 200
    assert code(Api().post("/auth/password/confirm", body)) == (400, "invalid")
    assert Api().post("/auth/refresh", {"refresh_token": pair["refresh_token"]}).status_code == 401
    assert log_in(password="nine quiet lamps").status_code == 200


def test_password_change_ends_every_token():
    user = make_user(username="studio")
    api = signed_in(user)
    wrong = api.post("/auth/password/change", {"current_password": "x", "new_password": "nine quiet lamps"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["current_password"])
    body = {"current_password": PASSWORD, "new_password": "nine quiet lamps"}
    assert api.post("/auth/password/change", body).status_code == 200
    assert api.get("/auth/me").status_code == 401
    assert (log_in().status_code, log_in(password="nine quiet lamps").status_code) == (401, 200)


def test_a_repeated_sign_up_makes_one_user(db: None) -> None:
    body = {"email": "me@studio.example", "username": "studio", "password": "seven quiet lamps"}
    first, second = (Api().post("/auth/register", body, headers={"Idempotency-Key": "k1"}) for _ in range(2))
    assert (first.status_code, second.status_code, second["Idempotent-Replayed"]) == (201, 201, "true")
    assert (second.content, User.objects.count()) == (first.content, 1)
    other = Api().post("/auth/register", body | {"username": "other"}, headers={"Idempotency-Key": "k1"})
    assert code(other) == (409, "idempotency_key_reused")


def test_login_takes_the_form_that_clients_of_oauth_2_send():
    make_user(username="studio")
    form = f"grant_type=password&username=studio&password={PASSWORD.replace(' ', '+')}"
    answer = Api().post("/auth/login", data=form, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["token_type"]) == (200, "bearer")
