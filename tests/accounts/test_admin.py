from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.sites import site
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.choices import Metric, QueueState, Role
from accounts.mail import queue_mail
from accounts.models import ApiKey, Business, Delivery, Invitation, Membership, Plan, QuotaCounter, TokenFamily, User
from accounts.services.invitations import invite
from tests.accounts.conftest import make_key
from tests.factories.accounts import PASSWORD, make_actor, make_business, make_member, make_user, owner_of

pytestmark = pytest.mark.django_db
READ_ONLY = ["apikey", "delivery", "invitation", "quotacounter", "tokenfamily"]


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(make_user(email="staff@example.com", is_staff=True, is_superuser=True))
    return client


def path(model: str, row: Any = None, rest: str = "") -> str:
    """Return the address of a model's list, or of a row's page."""
    part = f"{quote(row.pk)}/" if row else ""
    return f"/admin/accounts/{model}/{part}{rest}"


def queued(**fields: Any) -> Delivery:
    values = {"template": "verify_email", "to": "client@example.com", "context": {"url": "https://x.example/secret"}}
    return queue_mail(**values | {"language": "en"} | fields)


def one_of_each() -> dict[str, Any]:
    """Return a row of each model, by its name in addresses."""
    business = make_business(name="Studio Findme")
    user = owner_of(business)
    return {
        "user": user,
        "business": business,
        "plan": Plan.objects.get(code="free"),
        "apikey": make_key(business)[0],
        "delivery": queued(business=business),
        "invitation": Invitation.objects.create(
            business=business,
            email="new@example.com",
            token_hash="secret-token",
            sent_at=timezone.now(),
            expires_at=timezone.now(),
        ),
        "quotacounter": QuotaCounter.objects.create(
            business=business, metric=Metric.EMAILS, period="2026-11-20", used=3
        ),
        "tokenfamily": TokenFamily.objects.create(user=user, current_jti="secret-jti", expires_at=timezone.now()),
    }


def act(staff: Client, model: str, action: str, *rows: Any) -> Any:
    return staff.post(path(model), {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_everything_can_be_listed_searched_and_read(staff: Client) -> None:
    for model, row in one_of_each().items():
        assert staff.get(path(model)).status_code == 200, model
        assert staff.get(path(model), {"q": "Findme é ١"}).status_code == 200, model
        assert staff.get(path(model, row, "change/")).status_code == 200, model


def test_every_filter_answers(staff: Client) -> None:
    rows = one_of_each()
    for model, row in rows.items():
        admin = site._registry[type(row)]  # the very options of the page
        changes = staff.get(path(model)).context["cl"]
        assert len(changes.filter_specs) == len(admin.list_filter), model


def test_filter_names_rows_without_a_country(staff: Client) -> None:
    row = one_of_each()["business"]
    type(row).objects.update(country="")
    assert '<a href="?country="' in (page := staff.get(path("business")).content.decode())
    assert re.search(r'href="\?country="[^>]*>\s*-\s*</a>', page)


@pytest.mark.parametrize("model", READ_ONLY)
def test_what_is_there_to_be_read_cannot_be_written(staff: Client, model: str) -> None:
    row = one_of_each()[model]
    addresses = [path(model, rest="add/"), path(model, row, "change/"), path(model, row, "delete/")]
    statuses = [staff.post(address, {}).status_code for address in addresses]
    assert (statuses, type(row).objects.filter(pk=row.pk).exists()) == ([403, 403, 403], True)


def test_no_page_tells_a_secret(staff: Client) -> None:
    rows = one_of_each()
    mail = queued()
    pages = [staff.get(path(model, row, "change/")).content.decode() for model, row in rows.items()]
    pages += [staff.get(path(model)).content.decode() for model in rows]
    pages.append(staff.get(path("delivery", mail, "change/")).content.decode())
    secrets = [
        rows["apikey"].secret_hash,
        "secret-jti",
        "secret-token",
        rows["business"].inbox_token,
        rows["user"].password.split("$")[2],
    ]
    assert [secret for secret in secrets for page in pages if secret in page] == []
    assert "https://x.example/secret" not in pages[-1]


def test_no_page_shows_the_link_of_an_invitation(staff: Client) -> None:
    business = make_business()
    actor = make_actor(user=owner_of(business))
    invite(actor=actor, business=business, email="new@example.com", at=timezone.now())
    mail = Delivery.objects.get()
    assert "/invitations/" in mail.text
    assert "/invitations/" not in staff.get(path("delivery", mail, "change/")).content.decode()


# Users


def new_user(staff: Client, **fields: str) -> Any:
    data = {"email": "New@example.com", "username": "", "full_name": "New Person", "language": "fr"}
    return staff.post(path("user", rest="add/"), data | {"password": PASSWORD, "company_name": "Studio"} | fields)


def test_staff_make_users_through_the_service(staff: Client, settings: Any) -> None:
    settings.REGISTRATION = "closed"
    response = new_user(staff)
    user = User.objects.get(email="new@example.com")
    assert (response.status_code, response["Location"]) == (302, path("user", user, "change/"))
    assert (user.username, user.language, user.check_password(PASSWORD)) == ("new", "fr", True)
    assert [each.business.name for each in user.memberships.all()] == ["Studio"]
    assert EmailAddress.objects.filter(user=user, primary=True, verified=False).count() == 1
    assert Delivery.objects.filter(template="verify_email").count() == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "STAFF@example.com"}, ["email"]),
        ({"password": "1234"}, ["password"]),
        ({"username": "a b"}, ["username"]),
        ({"email": ""}, ["email"]),
    ],
)
def test_what_sign_up_refuses_the_admin_refuses(staff: Client, fields: dict[str, str], wrong: list[str]) -> None:
    response = new_user(staff, **fields)
    assert (response.status_code, list(response.context["adminform"].form.errors), User.objects.count()) == (
        200,
        wrong,
        1,
    )


def change_user(staff: Client, user: User, **fields: str) -> Any:
    data = {"email": user.email, "username": user.username, "full_name": user.full_name, "language": user.language}
    inline = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    return staff.post(path("user", user, "change/"), data | {"is_active": "on"} | inline | fields)


def test_a_changed_address_is_to_be_verified_again(staff: Client) -> None:
    user = make_user(email="old@example.com")
    assert change_user(staff, user, email="fresh@example.com", full_name="Renamed").status_code == 302
    user.refresh_from_db()
    assert (user.email, user.full_name) == ("fresh@example.com", "Renamed")
    assert list(EmailAddress.objects.filter(user=user).values_list("email", "verified")) == [
        ("fresh@example.com", False)
    ]
    assert sorted(mail.template for mail in Delivery.objects.all()) == ["email_changed", "verify_email"]


def test_a_taken_address_is_refused(staff: Client) -> None:
    response = change_user(staff, make_user(), email="Staff@example.com")
    assert response.context["adminform"].form.errors == {"email": ["This e-mail address is taken."]}


def test_a_password_set_by_staff_ends_what_is_signed_in(staff: Client) -> None:
    user = make_user()
    family = TokenFamily.objects.create(user=user, current_jti="x", expires_at=timezone.now())
    staff.post(path("user", user, "password/"), {"password1": "eight loud lamps", "password2": "eight loud lamps"})
    user.refresh_from_db()
    family.refresh_from_db()
    assert (user.check_password("eight loud lamps"), user.token_version) == (True, 1)
    assert family.revoked_at is not None


def test_users_are_not_deleted(staff: Client) -> None:
    user = make_user()
    assert staff.post(path("user", user, "delete/"), {"post": "yes"}).status_code == 403


# Businesses


def members_form(
    business: Business, *rows: tuple[Membership | None, User, str], delete: int | None = None
) -> dict[str, Any]:
    """Return the form of a business as the page sends it."""
    known = sum(1 for membership, _user, _role in rows if membership)
    data = {
        "plan": business.plan_id,
        "memberships-TOTAL_FORMS": str(len(rows)),
        "memberships-INITIAL_FORMS": str(known),
    }
    for index, (membership, user, role) in enumerate(rows):
        prefix = f"memberships-{index}"
        data |= {f"{prefix}-id": str(membership.pk) if membership else "", f"{prefix}-business": business.pk}
        data |= {f"{prefix}-user": user.pk, f"{prefix}-role": role}
        data |= {f"{prefix}-DELETE": "on"} if delete == index else {}
    return data


def test_staff_give_a_plan_and_a_member(staff: Client) -> None:
    business, user = make_business(name="Studio"), make_user()
    own = business.memberships.get()
    data = members_form(business, (own, own.user, Role.OWNER), (None, user, Role.VIEWER))
    response = staff.post(path("business", business, "change/"), data | {"plan": "pro", "name": "Other"})
    business.refresh_from_db()
    assert (response.status_code, business.plan_id, business.name) == (302, "pro", "Studio")
    assert Membership.objects.get(user=user).role == Role.VIEWER


@pytest.mark.parametrize("delete", [None, 0])
def test_staff_leave_no_business_without_an_owner(staff: Client, delete: int | None) -> None:
    business = make_business()
    own = business.memberships.get()
    data = members_form(business, (own, own.user, Role.VIEWER if delete is None else Role.OWNER), delete=delete)
    response = staff.post(path("business", business, "change/"), data)
    assert (response.status_code, business.memberships.get().role) == (200, Role.OWNER)


def test_businesses_are_neither_made_nor_deleted_here(staff: Client) -> None:
    business = make_business()
    assert staff.get(path("business", rest="add/")).status_code == 403
    assert staff.post(path("business", business, "delete/"), {"post": "yes"}).status_code == 403


def test_an_archived_business_is_brought_back(staff: Client) -> None:
    business = make_business(archived_at=timezone.now())
    assert said(act(staff, "business", "bring_back", business)) == ["1 business is back."]
    business.refresh_from_db()
    assert business.archived_at is None


def test_a_business_is_found_by_a_member_s_address_once(staff: Client) -> None:
    business = make_business(name="Studio")
    make_member(business, email="one@findme.example")
    make_member(business, email="two@findme.example")
    assert staff.get(path("business"), {"q": "findme.example"}).context["cl"].result_count == 1


# The rest


def test_a_key_is_revoked(staff: Client) -> None:
    key, _text = make_key(make_business())
    assert said(act(staff, "apikey", "revoke", key)) == ["1 key ended."]
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert said(act(staff, "apikey", "revoke", key)) == ["0 keys ended."]


def test_failed_mails_are_tried_again_and_others_left(staff: Client) -> None:
    failed, sent = queued(), queued()
    Delivery.objects.filter(pk=failed.pk).update(state=QueueState.FAILED, attempts=6, last_error="550")
    Delivery.objects.filter(pk=sent.pk).update(state=QueueState.DONE)
    assert said(act(staff, "delivery", "try_again", failed, sent)) == ["1 is tried again."]
    rows = Delivery.objects.order_by("created_at").values_list("pk", "state", "attempts", "last_error")
    assert set(rows) == {(failed.pk, "queued", 0, ""), (sent.pk, "done", 0, "")}


def test_mails_are_found_by_recipient(staff: Client) -> None:
    queued(to="findme@example.com")
    queued(to="other@example.com")
    found = staff.get(path("delivery"), {"q": "findme"}).context["cl"].queryset
    assert [mail.to for mail in found] == [["findme@example.com"]]


def test_the_code_of_a_plan_stays(staff: Client) -> None:
    staff.post(
        path("plan", Plan(code="free"), "change/"), {"code": "other", "name": "Free", "invoices_per_month": "20"}
    )
    plan = Plan.objects.get(code="free")
    assert (plan.invoices_per_month, plan.emails_per_day, Plan.objects.count()) == (20, None, 4)


@pytest.mark.parametrize(("permission", "offered"), [("view", False), ("change", True)])
def test_staff_who_only_look_are_offered_no_acts(permission: str, offered: bool) -> None:
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_delivery", f"{permission}_delivery"]))
    client = Client()
    client.force_login(user)
    queued()
    page = client.get(path("delivery"))
    form = page.context["action_form"]
    assert (page.status_code, "try_again" in dict(form.fields["action"].choices) if form else False) == (200, offered)


def test_others_have_no_admin() -> None:
    client = Client()
    client.force_login(make_user())
    assert client.get(path("user")).status_code == 302
    assert ApiKey.objects.count() == 0


def test_second_factors_are_listed_without_their_secrets(staff: Client) -> None:
    factor = Authenticator.objects.create(
        user=make_user(), type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    pages = [staff.get(f"/admin/mfa/authenticator/{rest}") for rest in ("", f"{factor.pk}/change/")]
    assert [page.status_code for page in pages] == [200, 200]
    assert [b"JBSWY3DPEHPK3PXP" in page.content for page in pages] == [False, False]
    written = staff.post(f"/admin/mfa/authenticator/{factor.pk}/change/", {"data": "{}"})
    added = staff.get("/admin/mfa/authenticator/add/")
    assert (written.status_code, added.status_code) == (403, 403)


def test_a_lost_second_factor_can_be_removed(staff: Client) -> None:
    factor = Authenticator.objects.create(user=make_user(), type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DP"})
    removed = staff.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"})
    assert (removed.status_code, Authenticator.objects.count()) == (302, 0)


def test_signed_in_places_are_read_only(staff: Client) -> None:
    place = UserSession.objects.create(user=make_user(), ip="127.0.0.1", user_agent="Browser", session_key="k")
    pages = [staff.get(f"/admin/usersessions/usersession/{rest}") for rest in ("", f"{place.pk}/change/", "add/")]
    written = staff.post(f"/admin/usersessions/usersession/{place.pk}/change/", {"ip": "127.0.0.2"})
    assert ([page.status_code for page in pages], written.status_code) == ([200, 200, 403], 403)
