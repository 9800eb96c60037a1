from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Business, Delivery, Invitation, Membership, User
from accounts.services.invitations import invite
from tests.factories.accounts import make_actor, make_business, make_member, owner_of

pytestmark = pytest.mark.django_db
MEMBERS = "/settings/members"


@pytest.fixture
def business() -> Business:
    return make_business(name="Studio")


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def browser_as(business: Business, role: str) -> Client:
    return browser_of(owner_of(business) if role == Role.OWNER else make_member(business, role))


def membership(business: Business, role: str) -> Membership:
    return Membership.objects.get(business=business, user=make_member(business, role))


def offered(business: Business, email: str = "new@example.com") -> Invitation:
    return invite(actor=make_actor(user=owner_of(business)), business=business, email=email, at=timezone.now())


# Members


def test_an_owner_changes_roles_and_sends_members_away(business: Business) -> None:
    browser, colleague = browser_as(business, Role.OWNER), membership(business, Role.MEMBER)
    browser.post(MEMBERS, {"membership": colleague.pk, "role": Role.ADMIN})
    assert Membership.objects.get(pk=colleague.pk).role == Role.ADMIN
    browser.post(MEMBERS, {"remove": colleague.pk})
    assert Membership.objects.filter(pk=colleague.pk).exists() is False


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_others_only_read_the_members_and_may_leave(business: Business, role: str) -> None:
    colleague = membership(business, Role.ADMIN)
    user = make_member(business, role)
    browser = browser_of(user)
    assert b"<select" not in browser.get(MEMBERS).content
    assert browser.post(MEMBERS, {"membership": colleague.pk, "role": Role.VIEWER}).status_code == 403
    own = Membership.objects.get(user=user)
    assert browser.post(MEMBERS, {"remove": own.pk})["Location"] == "/"
    assert (user.memberships.count(), Membership.objects.get(pk=colleague.pk).role) == (0, Role.ADMIN)


@pytest.mark.parametrize("number", ["", "x", "999999", "9" * 30])
def test_a_member_of_elsewhere_is_not_there(business: Business, number: str) -> None:
    elsewhere = membership(make_business(), Role.MEMBER)
    browser = browser_as(business, Role.OWNER)
    for key in (number, str(elsewhere.pk)):
        assert browser.post(MEMBERS, {"membership": key, "role": Role.VIEWER}).status_code == 404
        assert browser.post(MEMBERS, {"remove": key}).status_code == 404
    assert Membership.objects.filter(pk=elsewhere.pk).exists() is True


def test_sending_somebody_away_asks_first(business: Business) -> None:
    colleague = membership(business, Role.MEMBER)
    browser = browser_as(business, Role.OWNER)
    page = browser.get(MEMBERS, {"remove": colleague.pk})
    assert (page.context["asked"], Membership.objects.count()) == (colleague, 2)
    assert f'id="remove-{colleague.pk}"' in page.content.decode()
    assert browser.get(MEMBERS, {"remove": "x"}).context["asked"] is None


def test_the_last_owner_cannot_leave(business: Business) -> None:
    own = business.memberships.get()
    response = browser_as(business, Role.OWNER).post(MEMBERS, {"remove": own.pk})
    assert (response.status_code, business.memberships.count()) == (409, 1)


def test_more_members_take_no_more_queries(business: Business) -> None:
    browser = browser_as(business, Role.OWNER)
    counts = []
    for _each in range(3):
        make_member(business)
        with CaptureQueriesContext(connection) as queries:
            browser.get(MEMBERS)
        counts.append(len(queries))
    assert counts[1] == counts[2]


# Invitations


def test_somebody_is_invited_and_waits_in_the_list(business: Business) -> None:
    browser = browser_as(business, Role.ADMIN)
    answer = browser.post(MEMBERS, {"invite": "1", "email": "new@example.com", "role": "viewer"})
    row = Invitation.objects.get()
    assert (answer.status_code, answer["Location"], row.role) == (302, MEMBERS, "viewer")
    assert [(each.pk, status) for each, status in browser.get(MEMBERS).context["invited"]] == [(row.pk, "pending")]


@pytest.mark.parametrize(
    ("email", "role", "fields"),
    [("", "member", ["email"]), ("x", "member", ["email"]), ("a@example.com", "boss", ["role"]), ("taken@example.com", "member", ["email"]), ("open@example.com", "member", ["email"])],
)  # fmt: skip
def test_what_is_wrong_with_an_invitation_shows_at_its_field(
    business: Business, email: str, role: str, fields: list[str]
) -> None:
    make_member(business, email="taken@example.com")
    offered(business, "open@example.com")
    page = browser_as(business, Role.OWNER).post(MEMBERS, {"invite": "1", "email": email, "role": role})
    assert (page.status_code, list(page.context["form"].errors), Invitation.objects.count()) == (422, fields, 1)
    assert page.context["form"]["email"].value() == email


@pytest.mark.parametrize(("own", "given"), [(Role.OWNER, Role.values), (Role.ADMIN, ["admin", "member", "viewer"])])
def test_the_form_offers_no_role_above_ones_own(business: Business, own: str, given: list[str]) -> None:
    page = browser_as(business, own).get(MEMBERS)
    assert [value for value, _label in page.context["form"].fields["role"].widget.choices] == given


def test_an_admin_is_offered_nothing_to_do_to_an_owner(business: Business) -> None:
    page = browser_as(business, Role.ADMIN).get(MEMBERS)
    assert {row.role: row.may_be_changed for row in page.context["memberships"]} == {"owner": False, "admin": True}


def test_the_last_owner_is_offered_no_way_out(business: Business) -> None:
    browser, owner = browser_as(business, Role.OWNER), business.memberships.get()
    assert f"?remove={owner.pk}" not in browser.get(MEMBERS).content.decode()
    make_member(business, Role.OWNER)
    assert f"?remove={owner.pk}" in browser.get(MEMBERS).content.decode()


def test_an_invitation_is_sent_again_and_withdrawn(business: Business) -> None:
    row, browser = offered(business), browser_as(business, Role.OWNER)
    browser.post(MEMBERS, {"resend": row.pk})
    assert Delivery.objects.count() == 2
    page = browser.get(MEMBERS, {"revoke": row.pk})
    assert (page.context["asked_invitation"], f'id="revoke-{row.pk}"' in page.content.decode()) == (row, True)
    browser.post(MEMBERS, {"revoke": row.pk})
    assert (browser.get(MEMBERS).context["invited"], browser.post(MEMBERS, {"revoke": row.pk}).status_code) == ([], 404)


def test_too_many_mails_are_refused_in_a_sentence(business: Business) -> None:
    row, browser = offered(business), browser_as(business, Role.OWNER)
    for _each in range(2):
        browser.post(MEMBERS, {"resend": row.pk})
    page = browser.post(MEMBERS, {"resend": row.pk}, follow=True)
    assert [str(message) for message in page.context["messages"]][-1] == (
        "new@example.com was mailed often enough in the last hour. Try again later."
    )
    assert Delivery.objects.count() == 3


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_others_see_no_invitations_and_send_none(business: Business, role: str) -> None:
    row, browser = offered(business), browser_as(business, role)
    page = browser.get(MEMBERS)
    assert (page.context["invited"], row.email in page.content.decode()) == ([], False)
    for data in ({"invite": "1", "email": "b@example.com", "role": "viewer"}, {"resend": row.pk}, {"revoke": row.pk}):
        assert browser.post(MEMBERS, data).status_code == 403
    assert (Invitation.objects.get().revoked_at, Delivery.objects.count()) == (None, 1)


@pytest.mark.parametrize("pk", ["", "x"])
def test_an_invitation_of_elsewhere_is_not_there(business: Business, pk: str) -> None:
    elsewhere, browser = offered(make_business()), browser_as(business, Role.OWNER)
    for chosen in (pk, elsewhere.pk):
        assert browser.post(MEMBERS, {"resend": chosen}).status_code == 404
        assert browser.post(MEMBERS, {"revoke": chosen}).status_code == 404
    assert Invitation.objects.get().revoked_at is None
