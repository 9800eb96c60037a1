from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken

from accounts.errors import AccountInactive, RateLimited, SecondFactorRequired, WrongCredentials
from accounts.models import TokenFamily, User
from accounts.services import tokens
from accounts.services.tokens import rotate, sign_in
from tests.accounts.threads import at_once
from tests.factories.accounts import PASSWORD, make_user

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def sign(login, password=PASSWORD, ip="192.0.2.7", **options):
    return sign_in(login=login, password=password, ip=ip, at=timezone.now(), **options)


@pytest.mark.django_db
@pytest.mark.parametrize("login", ["Studio", "studio", " studio ", "studio@example.com", "STUDIO@example.com"])
def test_sign_in_by_user_name_or_address(login):
    user = make_user(username="Studio", email="studio@example.com")
    pair = sign(login)
    access = AccessToken(pair.access_token)
    assert (access["sub"], access["ver"], access["fam"]) == (user.pk, 0, TokenFamily.objects.get().pk)
    assert (pair.token_type, pair.expires_in) == ("bearer", 1800)
    user.refresh_from_db()
    assert user.last_login is not None


@pytest.mark.django_db
@pytest.mark.parametrize(("login", "password"), [("studio", "wrong"), ("nobody", PASSWORD), ("studio", ""), ("", "")])
def test_sign_in_with_something_wrong(login, password):
    make_user(username="studio")
    with pytest.raises(WrongCredentials) as refused:
        sign(login, password)
    assert refused.value.machine_code == "wrong_credentials"


@pytest.mark.django_db
def test_address_comes_before_a_like_user_name():
    User.objects.create_user(username="b@example.com", email="a@example.com", password="other quiet lamps")
    owner = User.objects.create_user(username="b", email="b@example.com", password=PASSWORD)
    assert AccessToken(sign("b@example.com").access_token)["sub"] == owner.pk


@pytest.mark.django_db
def test_password_is_hashed_also_for_nobody(monkeypatch):
    hashed: list[str] = []
    monkeypatch.setattr(tokens, "make_password", hashed.append)
    with pytest.raises(WrongCredentials):
        sign("nobody", "guess")
    assert hashed == ["guess"]


@pytest.mark.django_db
def test_inactive_account_is_told_to_whoever_knows_the_password_alone():
    make_user(username="studio", is_active=False)
    with pytest.raises(WrongCredentials):
        sign("studio", "wrong")
    with pytest.raises(AccountInactive):
        sign("studio")


@pytest.mark.django_db
def test_failures_alone_are_counted(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"login": "3/m"}
    make_user(username="studio")
    with time_machine.travel(AT, tick=False):
        for _ in range(5):
            sign("studio")
        for _ in range(3):
            with pytest.raises(WrongCredentials):
                sign("studio", "wrong")
        with pytest.raises(RateLimited):
            sign("studio")


@pytest.mark.django_db
def test_an_owner_who_signed_in_before_is_not_locked_out_by_others(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"login": "3/m"}
    make_user(username="studio")
    with time_machine.travel(AT, tick=False):
        sign("studio", ip="192.0.2.50")
        for last in (1, 2, 3):
            with pytest.raises(WrongCredentials):
                sign("studio", "wrong", ip=f"192.0.2.{last}")
        with pytest.raises(RateLimited):
            sign("studio", ip="192.0.2.51")
        assert sign("studio", ip="192.0.2.50").token_type == "bearer"


@pytest.mark.django_db(transaction=True)
def test_threads_fail_exactly_as_often_as_the_limit_allows(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"login": "5/m"}
    make_user(username="studio")
    results = [type(each) for each in at_once(12, lambda number: sign("studio", "wrong"))]
    assert (results.count(WrongCredentials), results.count(RateLimited)) == (5, 7)


# The second factor


def with_totp(user):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return lambda: format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.mark.django_db
def test_second_factor_is_asked_for_after_the_password():
    user = make_user(username="studio")
    with_totp(user)
    with pytest.raises(WrongCredentials):
        sign("studio", "wrong")
    with pytest.raises(SecondFactorRequired):
        sign("studio")
    with pytest.raises(SecondFactorRequired):
        sign("studio", otp=" ")


@pytest.mark.django_db
def test_one_time_code_is_good_once():
    user = make_user(username="studio")
    code = with_totp(user)
    with time_machine.travel(AT, tick=False):
        assert sign("studio", otp=code()).expires_in == 1800
        with pytest.raises(WrongCredentials):
            sign("studio", otp=code())


@pytest.mark.django_db
def test_recovery_code_is_good_once():
    user = make_user(username="studio")
    with_totp(user)
    recovery = RecoveryCodes.activate(user)
    code = recovery.generate_codes()[3]
    assert sign("studio", otp=code).expires_in == 1800
    with pytest.raises(WrongCredentials):
        sign("studio", otp=code)


@pytest.mark.django_db
def test_wrong_code_counts_as_a_failure(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"login": "2/m"}
    code = with_totp(make_user(username="studio"))
    with time_machine.travel(AT, tick=False):
        for _ in range(2):
            with pytest.raises(WrongCredentials):
                sign("studio", otp="000000" if code() != "000000" else "111111")
        with pytest.raises(RateLimited):
            sign("studio", otp=code())


# Refresh tokens


@pytest.mark.django_db
def test_refresh_token_gives_the_next_pair():
    make_user(username="studio")
    first = sign("studio")
    second = rotate(refresh_token=first.refresh_token, at=timezone.now())
    third = rotate(refresh_token=second.refresh_token, at=timezone.now())
    assert len({first.refresh_token, second.refresh_token, third.refresh_token}) == 3
    assert TokenFamily.objects.count() == 1


@pytest.mark.django_db
def test_replayed_refresh_token_ends_its_family_and_no_other():
    make_user(username="studio")
    first, other = sign("studio"), sign("studio")
    second = rotate(refresh_token=first.refresh_token, at=timezone.now())
    for used in (first, second, first):
        with pytest.raises(WrongCredentials):
            rotate(refresh_token=used.refresh_token, at=timezone.now())
    assert rotate(refresh_token=other.refresh_token, at=timezone.now()).expires_in == 1800


@pytest.mark.django_db
def test_refresh_token_lives_thirty_days_from_its_making():
    make_user(username="studio")
    with time_machine.travel(AT, tick=False) as clock:
        first = sign("studio")
        clock.shift(timedelta(days=29))
        second = rotate(refresh_token=first.refresh_token, at=timezone.now())
        clock.shift(timedelta(days=30))
        with pytest.raises(WrongCredentials):
            rotate(refresh_token=second.refresh_token, at=timezone.now())


@pytest.mark.django_db
def test_access_token_is_no_refresh_token():
    make_user(username="studio")
    with pytest.raises(WrongCredentials):
        rotate(refresh_token=sign("studio").access_token, at=timezone.now())


@pytest.mark.django_db
def test_refresh_token_of_an_inactive_user():
    user = make_user(username="studio")
    pair = sign("studio")
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(AccountInactive):
        rotate(refresh_token=pair.refresh_token, at=timezone.now())


@pytest.mark.django_db
def test_refresh_tokens_end_with_the_logout():
    user = make_user(username="studio")
    pairs = [sign("studio"), sign("studio")]
    tokens.revoke_all(user=user, at=timezone.now())
    for pair in pairs:
        with pytest.raises(WrongCredentials):
            rotate(refresh_token=pair.refresh_token, at=timezone.now())
    assert sign("studio").expires_in == 1800


@pytest.mark.django_db(transaction=True)
def test_threads_use_a_refresh_token_once():
    make_user(username="studio")
    pair = sign("studio")
    results = at_once(6, lambda number: rotate(refresh_token=pair.refresh_token, at=timezone.now()))
    assert [type(each).__name__ for each in results].count("Tokens") == 1
    assert TokenFamily.objects.get().revoked_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "x", "a.b.c"])
def test_refresh_token_that_is_none(text):
    with pytest.raises(WrongCredentials) as refused:
        rotate(refresh_token=text, at=AT)
    assert refused.value.machine_code == "invalid_token"
