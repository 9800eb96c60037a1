from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.choices import InvitationStatus, Role
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound, RateLimited
from accounts.models import Business, Delivery, Invitation, Membership, User
from accounts.services import businesses
from accounts.services.invitations import (
    VALID_FOR,
    accept_invitation,
    find_invitation,
    hash_token,
    invite,
    resend_invitation,
    revoke_invitation,
    sign_up_invited,
)
from accounts.tenancy import Actor
from tests.accounts.threads import at_once, raised
from tests.factories.accounts import PASSWORD, make_actor, make_business, make_member, make_user, owner_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LINK = re.compile(r"/invitations/(\w+)")


@pytest.fixture
def business() -> Business:
    return make_business(name="Studio", email="studio@example.com")


@pytest.fixture
def owner(business: Business) -> Actor:
    return make_actor(user=owner_of(business))


def token_of(email: str) -> str:
    """Return the token that the newest mail to an address carries."""
    found = LINK.search(Delivery.objects.filter(template="invitation", to=[email]).latest("created_at", "pk").text)
    assert found
    return found[1]


def offered(actor: Actor, business: Business, email: str = "new@example.com", **more: Any) -> tuple[Invitation, str]:
    row = invite(actor=actor, business=business, email=email, at=NOW, **more)
    return row, token_of(row.email)


def role_of(user: User, business: Business) -> str | None:
    return Membership.objects.filter(user=user, business=business).values_list("role", flat=True).first()


# Inviting


def test_an_invitation_is_mailed_and_its_token_is_stored_hashed(business: Business, owner: Actor) -> None:
    row, token = offered(owner, business, "New@Example.com", role="viewer")
    assert (row.email, row.role, row.expires_at, row.invited_by_id, row.token_hash) == (
        "new@example.com", "viewer", NOW + VALID_FOR, owner.user_id, hash_token(token),
    )  # fmt: skip
    mail = Delivery.objects.get()
    assert (mail.to, mail.business, mail.reply_to, mail.language) == (
        ["new@example.com"], business, owner_of(business).email, "en",
    )  # fmt: skip
    assert not any(token in str(value) for value in Invitation.objects.values().get().values())


@pytest.mark.parametrize(("email", "language"), [("known@example.com", "ar"), ("second@example.com", "ar"), ("x@example.com", "fr")])  # fmt: skip
def test_the_mail_is_in_its_readers_language_else_the_inviters(
    business: Business, owner: Actor, email: str, language: str
) -> None:
    User.objects.filter(pk=owner.user_id).update(language="fr")
    known = make_user(email="known@example.com", language="ar")
    EmailAddress.objects.create(user=known, email="second@example.com", verified=True)
    offered(owner, business, email)
    assert Delivery.objects.get().language == language


@pytest.mark.parametrize(("own", "given"), [(Role.OWNER, Role.values), (Role.ADMIN, ["admin", "member", "viewer"])])
def test_nobody_gives_a_role_above_their_own(business: Business, own: str, given: list[str]) -> None:
    actor = make_actor(business, own)
    allowed = []
    for role in Role.values:
        try:
            invite(actor=actor, business=business, email=f"{role}@example.com", role=role, at=NOW)
            allowed.append(role)
        except NotAllowed:
            assert not Invitation.objects.filter(email=f"{role}@example.com").exists()
    assert allowed == given


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_only_who_manages_the_business_invites(business: Business, owner: Actor, role: str) -> None:
    row, _token = offered(owner, business)
    actor, outsider = make_actor(business, role), make_actor()
    for who, refusal in ((actor, NotAllowed), (outsider, NotFound)):
        with pytest.raises(refusal):
            invite(actor=who, business=business, email="b@example.com", at=NOW)
        with pytest.raises(refusal):
            resend_invitation(actor=who, invitation=row, at=NOW)
        with pytest.raises(refusal):
            revoke_invitation(actor=who, invitation=row, at=NOW)
    assert (Invitation.objects.count(), Delivery.objects.count(), Invitation.objects.get().revoked_at) == (1, 1, None)


@pytest.mark.parametrize(("data", "field"), [({"email": "x"}, "email"), ({"email": ""}, "email"), ({"role": "boss"}, "role"), ({"role": None}, "role")])  # fmt: skip
def test_what_is_wrong_is_named(business: Business, owner: Actor, data: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        invite(actor=owner, business=business, at=NOW, **({"email": "a@example.com"} | data))
    assert list(refused.value.errors) == [field]


def test_a_member_is_not_invited(business: Business, owner: Actor) -> None:
    colleague = make_member(business, email="Colleague@example.com")
    with pytest.raises(Conflict) as refused:
        invite(actor=owner, business=business, email=colleague.email.upper(), at=NOW)
    assert (refused.value.machine_code, list(refused.value.errors)) == ("already_member", ["email"])


def test_an_open_invitation_is_not_made_twice_and_one_that_ran_out_is_made_anew(
    business: Business, owner: Actor
) -> None:
    row, old = offered(owner, business)
    with pytest.raises(Conflict) as refused:
        invite(actor=owner, business=business, email=row.email, role="admin", at=NOW + VALID_FOR - timedelta(seconds=1))
    assert (refused.value.machine_code, Delivery.objects.count()) == ("already_invited", 1)
    again = invite(actor=owner, business=business, email=row.email, role="admin", at=NOW + VALID_FOR)
    assert (again.pk, again.role, again.expires_at) == (row.pk, "admin", NOW + 2 * VALID_FOR)
    assert (find_invitation(old), find_invitation(token_of(row.email))) == (None, again)


def test_one_address_has_one_open_invitation_in_the_database(business: Business, owner: Actor) -> None:
    row, _token = offered(owner, business)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            business=business, email=row.email, token_hash="x", sent_at=NOW, expires_at=NOW + VALID_FOR
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(role="boss")


def test_what_is_answered_does_not_tell_whether_there_is_an_account(business: Business, owner: Actor) -> None:
    make_user(email="known@example.com")
    known, _token = offered(owner, business, "known@example.com")
    unknown, _token = offered(owner, business, "other@example.com")
    names = ("role", "expires_at", "accepted_at", "accepted_by_id", "revoked_at", "invited_by_id")
    assert [getattr(known, name) for name in names] == [getattr(unknown, name) for name in names]


# Sending again, withdrawing


def test_sending_again_ends_the_old_link(business: Business, owner: Actor) -> None:
    row, old = offered(owner, business)
    later = NOW + timedelta(days=8)
    again = resend_invitation(actor=owner, invitation=row, at=later)
    assert (again.expires_at, again.status(later)) == (later + VALID_FOR, InvitationStatus.PENDING)
    with pytest.raises(NotFound):
        accept_invitation(user=make_user(email=row.email), token=old, at=later)


def test_an_address_is_not_flooded(business: Business, owner: Actor) -> None:
    row, _token = offered(owner, business)
    for _each in range(2):
        resend_invitation(actor=owner, invitation=row, at=NOW)
    with pytest.raises(RateLimited):
        resend_invitation(actor=make_actor(business, Role.ADMIN), invitation=row, at=NOW)
    assert Delivery.objects.count() == 3
    assert find_invitation(token_of(row.email)) == row


def test_a_person_does_not_invite_without_end(business: Business, owner: Actor, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"invite": "2/h"}
    offered(owner, business, "a@example.com")
    offered(owner, business, "b@example.com")
    with pytest.raises(RateLimited):
        offered(owner, business, "c@example.com")
    assert Invitation.objects.count() == 2


def test_an_admin_does_not_send_an_owners_place_again(business: Business, owner: Actor) -> None:
    row, _token = offered(owner, business, role=Role.OWNER)
    with pytest.raises(NotAllowed):
        resend_invitation(actor=make_actor(business, Role.ADMIN), invitation=row, at=NOW)


def test_a_withdrawn_invitation_opens_nothing(business: Business, owner: Actor) -> None:
    row, token = offered(owner, business)
    revoke_invitation(actor=owner, invitation=row, at=NOW)
    for act in (resend_invitation, revoke_invitation):
        with pytest.raises(Conflict):
            act(actor=owner, invitation=row, at=NOW)
    with pytest.raises(Conflict) as refused:
        accept_invitation(user=make_user(email=row.email), token=token, at=NOW)
    assert refused.value.machine_code == "invitation_over"
    assert invite(actor=owner, business=business, email=row.email, at=NOW).pk != row.pk


# Accepting


def test_who_has_the_address_joins_and_the_address_is_verified(business: Business, owner: Actor) -> None:
    row, token = offered(owner, business, role="viewer")
    user = make_user(email="New@example.com", verified=False)
    assert accept_invitation(user=user, token=token, at=NOW) == business
    row.refresh_from_db()
    assert (role_of(user, business), row.accepted_by, row.accepted_at) == ("viewer", user, NOW)
    assert EmailAddress.objects.get(user=user).verified is True
    assert user.default_business == business


def test_a_further_address_of_the_user_is_good_too(business: Business, owner: Actor) -> None:
    _row, token = offered(owner, business)
    user = make_user()
    EmailAddress.objects.create(user=user, email="new@example.com")
    accept_invitation(user=user, token=token, at=NOW)
    assert (role_of(user, business), EmailAddress.objects.get(email="new@example.com").verified) == ("member", True)


def test_somebody_else_is_refused(business: Business, owner: Actor) -> None:
    row, token = offered(owner, business)
    with pytest.raises(NotAllowed) as refused:
        accept_invitation(user=make_user(), token=token, at=NOW)
    assert (refused.value.machine_code, Membership.objects.count()) == ("wrong_address", 1)
    row.refresh_from_db()
    assert row.status(NOW) == InvitationStatus.PENDING


def test_accepting_again_is_harmless_and_brings_nobody_back(business: Business, owner: Actor) -> None:
    row, token = offered(owner, business)
    user = make_user(email=row.email)
    for _each in range(2):
        accept_invitation(user=user, token=token, at=NOW)
    membership = Membership.objects.get(user=user)
    businesses.change_role(actor=owner, membership=membership, role="viewer", at=NOW)
    accept_invitation(user=user, token=token, at=NOW)
    assert role_of(user, business) == "viewer"
    businesses.remove_member(actor=owner, membership=membership, at=NOW)
    with pytest.raises(Conflict):
        accept_invitation(user=user, token=token, at=NOW)
    assert role_of(user, business) is None


def test_a_member_by_another_address_keeps_their_role(business: Business, owner: Actor) -> None:
    colleague = make_member(business, Role.VIEWER)
    EmailAddress.objects.create(user=colleague, email="new@example.com", verified=True)
    _row, token = offered(owner, business, role="admin")
    accept_invitation(user=colleague, token=token, at=NOW)
    assert role_of(colleague, business) == "viewer"


def test_what_is_over_is_not_accepted(business: Business, owner: Actor) -> None:
    row, token = offered(owner, business)
    user = make_user(email=row.email)
    with pytest.raises(Conflict):
        accept_invitation(user=user, token=token, at=NOW + VALID_FOR)
    businesses.archive_business(actor=owner, business=business, at=NOW)
    with pytest.raises(Conflict):
        accept_invitation(user=user, token=token, at=NOW)
    with pytest.raises(NotFound):
        accept_invitation(user=user, token="unknown", at=NOW)
    with pytest.raises(NotFound):
        accept_invitation(user=user, token="\0", at=NOW)
    assert role_of(user, business) is None


def test_what_a_member_offered_ends_with_their_right_to_offer_it(business: Business, owner: Actor) -> None:
    second = make_actor(business, Role.OWNER)
    rows = {role: offered(second, business, f"{role}@example.com", role=role)[0] for role in Role.values}
    kept = offered(owner, business, "kept@example.com")[0]

    def open_roles() -> list[str]:
        pks = [row.pk for row in rows.values()]
        return sorted(Invitation.objects.filter(pk__in=pks, revoked_at=None).values_list("role", flat=True))

    membership = Membership.objects.get(user=second.user_id)
    businesses.change_role(actor=owner, membership=membership, role=Role.ADMIN, at=NOW)
    assert open_roles() == ["admin", "member", "viewer"]
    businesses.change_role(actor=owner, membership=membership, role=Role.MEMBER, at=NOW)
    assert open_roles() == []
    kept.refresh_from_db()
    assert kept.revoked_at is None


def test_who_is_sent_away_leaves_no_offer_behind(business: Business, owner: Actor) -> None:
    admin = make_actor(business, Role.ADMIN)
    row, _token = offered(admin, business)
    businesses.remove_member(actor=owner, membership=Membership.objects.get(user=admin.user_id), at=NOW)
    row.refresh_from_db()
    assert row.status(NOW) == InvitationStatus.REVOKED


# Signing up


def test_signing_up_makes_a_verified_user_without_a_business_of_their_own(
    business: Business, owner: Actor, settings: Any
) -> None:
    settings.REGISTRATION = "closed"
    _row, token = offered(owner, business, role="admin")
    user = sign_up_invited(token=token, password=PASSWORD, full_name="New Person", language="ar", at=NOW)
    assert (user.email, user.full_name, user.language, user.check_password(PASSWORD)) == (
        "new@example.com", "New Person", "ar", True,
    )  # fmt: skip
    assert list(user.memberships.values_list("business", "role")) == [(business.pk, "admin")]
    assert (user.default_business, EmailAddress.objects.get(user=user).verified) == (business, True)
    assert Delivery.objects.exclude(template="invitation").exists() is False


def test_signing_up_says_what_is_wrong_and_leaves_the_invitation_open(business: Business, owner: Actor) -> None:
    row, token = offered(owner, business)
    with pytest.raises(Invalid) as refused:
        sign_up_invited(token=token, password="1", at=NOW)
    assert list(refused.value.errors) == ["password"]
    make_user(email=row.email)
    with pytest.raises(Invalid) as refused:
        sign_up_invited(token=token, password=PASSWORD, at=NOW)
    assert list(refused.value.errors) == ["email"]
    row.refresh_from_db()
    assert row.status(NOW) == InvitationStatus.PENDING


def test_signing_up_needs_an_invitation_that_is_good(business: Business, owner: Actor) -> None:
    _row, token = offered(owner, business)
    with pytest.raises(Conflict):
        sign_up_invited(token=token, password=PASSWORD, at=NOW + VALID_FOR)
    with pytest.raises(NotFound):
        sign_up_invited(token="unknown", password=PASSWORD, at=NOW)
    assert User.objects.filter(email="new@example.com").exists() is False


# At once


@pytest.mark.django_db(transaction=True)
def test_inviting_at_once_is_one_invitation_and_one_mail() -> None:
    business = make_business()
    actor = make_actor(user=owner_of(business))
    results = at_once(4, lambda _n: invite(actor=actor, business=business, email="new@example.com", at=NOW))
    assert (raised(results), Invitation.objects.count(), Delivery.objects.count()) == (["Conflict"] * 3, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_accepting_at_once_is_one_membership() -> None:
    business = make_business()
    _row, token = offered(make_actor(user=owner_of(business)), business)
    user = make_user(email="new@example.com")
    results = at_once(4, lambda _n: accept_invitation(user=user, token=token, at=NOW))
    assert (raised(results), role_of(user, business), business.memberships.count()) == ([], "member", 2)


@pytest.mark.django_db(transaction=True)
def test_signing_up_at_once_is_one_user() -> None:
    business = make_business()
    _row, token = offered(make_actor(user=owner_of(business)), business)
    results = at_once(3, lambda _n: sign_up_invited(token=token, password=PASSWORD, at=NOW))
    assert (raised(results), User.objects.filter(email="new@example.com").count()) == (["Conflict"] * 2, 1)
