from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests.factories.accounts import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make_user(username="staff", is_staff=True, is_superuser=True)


@pytest.fixture
def production(settings):
    settings.EMBEDDED = False
    return settings


def test_a_visitor_is_sent_to_the_one_sign_in_page(client):
    answer = client.get("/admin/")
    assert (answer.status_code, answer.url) == (302, "/admin/login/?next=/admin/")
    answer = client.get(answer.url)
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/admin/")


def test_the_admins_own_form_takes_no_password(client, staff):
    answer = client.post("/admin/login/", {"username": staff.username, "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/admin/")
    assert "_auth_user_id" not in client.session


def test_staff_come_in_with_a_password_in_the_embedded_mode(client, staff):
    client.force_login(staff)
    assert client.get("/admin/").status_code == 200


def test_staff_without_a_second_factor_are_sent_to_set_one_up(client, staff, production):
    client.force_login(staff)
    answer = client.get("/admin/")
    assert (answer.status_code, answer.url) == (302, "/admin/login/?next=/admin/")
    answer = client.get(answer.url)
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/")


def test_staff_with_a_second_factor_come_in(client, staff, production):
    TOTP.activate(staff, generate_totp_secret())
    client.force_login(staff)
    assert client.get("/admin/").status_code == 200


def test_a_recovery_code_alone_is_no_second_factor(client, staff, production):
    Authenticator.objects.create(user=staff, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(staff)
    assert client.get("/admin/").status_code == 302


def test_others_are_sent_home(client):
    client.force_login(make_user())
    answer = client.get("/admin/login/?next=/admin/")
    assert (answer.status_code, answer.url) == (302, "/")


def test_the_address_works_without_its_slash(client):
    answer = client.get("/admin")
    assert (answer.status_code, answer.url) == (302, "/admin/")
