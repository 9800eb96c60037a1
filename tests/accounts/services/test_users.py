from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module

import pytest
import time_machine
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.choices import Role
from accounts.errors import Invalid, NotAllowed, RegistrationClosed
from accounts.models import Business, Delivery, Membership, TokenFamily, User
from accounts.schema import LONGEST_PASSWORD
from accounts.services import users
from tests.accounts.threads import at_once
from tests.factories.accounts import PASSWORD, make_actor, make_business, make_member, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def register(**fields: object) -> User:
    return users.register(**{"email": "new@example.com", "password": PASSWORD, "at": NOW} | fields)  # type: ignore[arg-type]


def refused(**fields: object) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        register(**fields)
    return {name: [str(text) for text in texts] for name, texts in caught.value.errors.items()}


def mails() -> list[tuple[str, list[str]]]:
    return [(mail.template, mail.to) for mail in Delivery.objects.order_by("created_at", "pk")]


# Sign-up


def test_register_makes_user_address_business_and_mail() -> None:
    user = register(
        email="New@Example.COM", username="Nora", full_name="Studio Person", company_name="Studio", phone=""
    )
    business = Business.objects.get()
    address = EmailAddress.objects.get()
    assert (user.email, user.username, user.full_name, user.language) == (
        "new@example.com",
        "Nora",
        "Studio Person",
        "en",
    )
    assert (user.check_password(PASSWORD), user.date_joined, user.default_business) == (True, NOW, business)
    assert (address.user, address.email, address.primary, address.verified) == (user, "new@example.com", True, False)
    assert (business.name, business.country, business.currency, business.language) == ("Studio", "", "USD", "en")
    assert (business.timezone, business.tax_rate) == ("UTC", Decimal(0))
    assert [(each.user, each.role) for each in business.memberships.all()] == [(user, Role.OWNER)]
    assert mails() == [("verify_email", ["new@example.com"])]


@pytest.mark.parametrize(
    ("phone", "country", "currency"),
    [
        ("+212612345678", "MA", "MAD"),
        ("+966501234567", "SA", "SAR"),
        ("+33612345678", "FR", "EUR"),
        ("+12025550123", "US", "USD"),
        ("+80012345678", "", "USD"),  # an international free number belongs to no country
    ],
)
def test_register_takes_country_and_currency_from_the_phone(phone: str, country: str, currency: str) -> None:
    register(phone=phone)
    business = Business.objects.get()
    assert (business.phone, business.country, business.currency) == (phone, country, currency)


def test_register_keeps_the_address_as_text_and_as_parts() -> None:
    register(address="12 Example Street")
    register(email="other@example.com", address={"city": "Riyadh"})
    addresses = [each.address for each in Business.objects.order_by("created_at", "pk")]
    assert sorted(addresses, key=str) == [{"city": "Riyadh"}, {"text": "12 Example Street"}]


def test_register_names_the_business_after_the_person_or_the_user() -> None:
    register(full_name="Atelier Person")
    register(email="solo@example.com")
    assert sorted(Business.objects.values_list("name", flat=True)) == ["Atelier Person", "solo"]


def test_register_makes_a_user_name_of_the_address() -> None:
    first = register(email="sol.o+x@example.com")
    second = register(email="sol.o+x@example.org")
    assert first.username == "sol.o+x"
    assert (second.username.startswith("sol.o+x-"), len(second.username)) == (True, len("sol.o+x-") + 6)


def test_register_refuses_everything_that_is_wrong_at_once() -> None:
    errors = refused(email="x", username="a b", password="12345", phone="12", language="de")
    assert sorted(errors) == ["email", "language", "password", "phone", "username"]


def test_register_refuses_a_wrong_address_and_makes_nothing() -> None:
    assert list(refused(address={"planet": "Mars"})) == ["address.planet"]
    assert (User.objects.count(), Business.objects.count(), Delivery.objects.count()) == (0, 0, 0)


def test_register_refuses_a_taken_email_whatever_its_case() -> None:
    make_user(email="taken@example.com")
    assert refused(email="TAKEN@example.com") == {"email": ["This e-mail address is taken."]}


def test_register_refuses_a_taken_user_name_whatever_its_case() -> None:
    make_user(username="Taken")
    assert refused(username="tAKEN") == {"username": ["This user name is taken."]}


def test_register_refuses_another_s_verified_second_address() -> None:
    EmailAddress.objects.create(user=make_user(), email="second@example.com", verified=True)
    assert refused(email="second@example.com") == {"email": ["This e-mail address is taken."]}


def test_register_lets_nobody_keep_an_address_by_claiming_it() -> None:
    EmailAddress.objects.create(user=make_user(), email="new@example.com", verified=False)
    user = register()
    assert [each.user for each in EmailAddress.objects.filter(email="new@example.com")] == [user]


def test_register_refuses_another_s_address_as_user_name() -> None:
    assert refused(username="else@example.com") == {
        "username": ["A user name with @ can only be your own e-mail address."]
    }
    assert register(username="new@example.com").username == "new@example.com"


def test_register_refuses_a_password_like_the_user_name() -> None:
    assert refused(username="lanternfish", password="lanternfish1") == {
        "password": ["The password is too similar to the username."]
    }


def test_registration_closed_stops_visitors_but_not_staff(settings: Settings) -> None:
    settings.REGISTRATION = "closed"
    with pytest.raises(RegistrationClosed):
        register()
    assert register(by_staff=True).email == "new@example.com"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize("field", ["email", "username"])
def test_register_tells_the_second_of_two_at_the_same_moment(field: str) -> None:
    same = {"email": "same@example.com"} if field == "email" else {"username": "same"}

    def one(number: int) -> User:
        return register(**{"email": f"one{number}@example.com", "username": f"one{number}"} | same)

    results = at_once(4, one)
    assert sorted(type(result).__name__ for result in results) == ["Invalid", "Invalid", "Invalid", "User"]
    assert [list(result.errors) for result in results if isinstance(result, Invalid)] == [[field]] * 3
    assert (User.objects.count(), Business.objects.count()) == (1, 1)


def test_taken_tells_which_name_by_the_database_s_words(monkeypatch: pytest.MonkeyPatch) -> None:
    make_user(email="email@example.com", username="first")
    make_user(email="second@example.com", username="email_unique")
    monkeypatch.setattr(users, "clean_own_email", lambda value, user=None: value)
    monkeypatch.setattr(users, "clean_username", lambda value, user=None: value)
    assert list(refused(email="email@example.com", username="username")) == ["email"]
    assert list(refused(email="x@example.com", username="email_unique")) == ["username"]


# One's own record


def test_update_user_changes_the_names() -> None:
    user = make_user()
    users.update_user(
        actor=make_actor(user=user),
        user=user,
        data={"full_name": "New Name", "username": "new", "language": "ar"},
        at=NOW,
    )
    user.refresh_from_db()
    assert (user.full_name, user.username, user.language) == ("New Name", "new", "ar")
    assert mails() == []


def test_update_user_with_a_new_email_unverifies_and_mails_both() -> None:
    user = make_user(email="old@example.com")
    users.update_user(actor=make_actor(user=user), user=user, data={"email": "New@example.com"}, at=NOW)
    rows = EmailAddress.objects.values_list("user", "email", "primary", "verified")
    assert list(rows) == [(user.pk, "new@example.com", True, False)]
    assert User.objects.get().email == "new@example.com"
    assert sorted(mails()) == [("email_changed", ["old@example.com"]), ("verify_email", ["new@example.com"])]


def test_update_user_to_an_own_verified_address_keeps_it_verified() -> None:
    user = make_user(email="old@example.com")
    EmailAddress.objects.create(user=user, email="second@example.com", verified=True)
    users.update_user(actor=make_actor(user=user), user=user, data={"email": "second@example.com"}, at=NOW)
    rows = EmailAddress.objects.values_list("email", "primary", "verified")
    assert (list(rows), mails()) == ([("second@example.com", True, True)], [("email_changed", ["old@example.com"])])


def test_update_user_with_the_same_email_changes_nothing() -> None:
    user = make_user(email="same@example.com")
    users.update_user(actor=make_actor(user=user), user=user, data={"email": "SAME@example.com"}, at=NOW)
    assert (EmailAddress.objects.get().verified, mails()) == (True, [])


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"email": "Taken@example.com"}, {"email": ["This e-mail address is taken."]}),
        ({"username": "TAKEN"}, {"username": ["This user name is taken."]}),
        ({"username": ""}, {"username": ["This is needed."]}),
        ({"email": ""}, {"email": ["This is needed."]}),
        ({"language": "de"}, {"language": ["Choose one of: ar, en, fr."]}),
        ({"phone": "1", "company_name": ""}, {"company_name": ["This is needed."], "phone": ["Begin with + and the country's code, such as +212."]}),
        ({"address": {"planet": "x"}}, {"address.planet": None}),
    ],
)  # fmt: skip
def test_update_user_refuses_and_changes_nothing(data: dict[str, object], errors: dict[str, list[str] | None]) -> None:
    make_user(email="taken@example.com", username="taken")
    business = make_business(name="Studio")
    user = business.memberships.get().user
    before = (user.email, user.username)
    with pytest.raises(Invalid) as caught:
        users.update_user(actor=make_actor(user=user), user=user, data={"full_name": "New"} | data, at=NOW)
    assert list(caught.value.errors) == list(errors) or sorted(caught.value.errors) == sorted(errors)
    assert all(texts is None or caught.value.errors[name] == texts for name, texts in errors.items())
    user.refresh_from_db()
    business.refresh_from_db()
    assert (user.email, user.username, user.full_name, business.name) == (*before, "", "Studio")


def test_update_user_writes_through_to_the_default_business() -> None:
    business = make_business(country="MA")
    user = business.memberships.get().user
    data = {"company_name": "New name", "phone": "0612345678", "address": "1 Example Street"}
    users.update_user(actor=make_actor(user=user), user=user, data=data, at=NOW)
    business.refresh_from_db()
    assert (business.name, business.phone, business.address) == (
        "New name",
        "+212612345678",
        {"text": "1 Example Street"},
    )


def test_update_user_may_not_write_through_as_a_viewer() -> None:
    user = make_member(make_business(name="Studio"), Role.VIEWER)
    with pytest.raises(NotAllowed):
        users.update_user(
            actor=make_actor(user=user), user=user, data={"company_name": "Mine", "full_name": "New"}, at=NOW
        )
    assert (Business.objects.get().name, User.objects.get(pk=user.pk).full_name) == ("Studio", "")


def test_update_user_is_for_oneself() -> None:
    with pytest.raises(NotAllowed):
        users.update_user(actor=make_actor(), user=make_user(), data={"full_name": "X"}, at=NOW)


# Verification


def test_verify_email_verifies_by_the_mailed_key() -> None:
    user = register()
    key = Delivery.objects.get().text.split("/confirm-email/")[1].split("/")[0]
    assert users.verify_email(key=key) == user
    assert EmailAddress.objects.get().verified is True
    with pytest.raises(Invalid) as caught:
        users.verify_email(key=key)
    assert list(caught.value.errors) == ["key"]


@pytest.mark.parametrize("key", ["", "x", "MQ:1:x"])
def test_verify_email_refuses_what_is_no_key(key: str) -> None:
    register()
    with pytest.raises(Invalid):
        users.verify_email(key=key)


def test_verify_email_refuses_a_key_older_than_three_days() -> None:
    with time_machine.travel(NOW, tick=False):
        register()
        key = EmailConfirmationHMAC(EmailAddress.objects.get()).key
    with time_machine.travel(NOW.replace(day=24), tick=False), pytest.raises(Invalid):
        users.verify_email(key=key)


def test_send_verification_has_nothing_to_do_once_verified() -> None:
    user = make_user(verified=True)
    assert (users.send_verification(user=user), mails()) == (False, [])


# Passwords


def session_of(user: User) -> Client:
    """Return a browser in which the user is signed in, known to the list of sessions."""
    browser = Client()
    browser.force_login(user)
    UserSession.objects.create(user=user, session_key=browser.session.session_key, ip="127.0.0.1", user_agent="Browser")
    return browser


def is_alive(browser: Client) -> bool:
    engine = import_module(django_settings.SESSION_ENGINE)
    return bool(engine.SessionStore().exists(browser.cookies["sessionid"].value))


def test_password_that_could_not_log_in_is_refused() -> None:
    longest = "seven quiet lamps".ljust(LONGEST_PASSWORD, "x")
    assert register(password=longest).check_password(longest)
    assert refused(email="other@example.com", password=longest + "x") == {
        "password": ["At most 4096 characters fit; this has 4097."]
    }


def test_change_password_ends_tokens_and_other_sessions() -> None:
    user = make_user()
    here, there = session_of(user), session_of(user)
    family = TokenFamily.objects.create(user=user, current_jti="x", expires_at=NOW)
    users.change_password(
        user=user, current_password=PASSWORD, new_password="eight loud lamps", at=NOW,
        keep_session=here.session.session_key,
    )  # fmt: skip
    user.refresh_from_db()
    family.refresh_from_db()
    assert (user.check_password("eight loud lamps"), user.token_version, family.revoked_at) == (True, 1, NOW)
    assert (is_alive(here), is_alive(there), UserSession.objects.count()) == (True, False, 1)
    assert mails() == [("password_changed", [user.email])]


@pytest.mark.parametrize(
    ("current", "new", "fields"),
    [("wrong", "eight loud lamps", ["current_password"]), (PASSWORD, "1234", ["new_password"]),
     ("wrong", "", ["current_password", "new_password"])],
)  # fmt: skip
def test_change_password_refuses(current: str, new: str, fields: list[str]) -> None:
    user = make_user()
    with pytest.raises(Invalid) as caught:
        users.change_password(user=user, current_password=current, new_password=new, at=NOW)
    user.refresh_from_db()
    assert (sorted(caught.value.errors), user.check_password(PASSWORD), user.token_version) == (fields, True, 0)


def test_reset_sets_a_password_by_the_mailed_key_once() -> None:
    user = make_user(email="mine@example.com", language="fr")
    users.request_password_reset(email="Mine@Example.com")
    mail = Delivery.objects.get()
    key = mail.text.split("/password/reset/key/")[1].split("/")[0]
    assert (mail.template, mail.language, mail.to) == ("password_reset", "fr", ["Mine@example.com"])
    assert users.confirm_password_reset(key=key, password="eight loud lamps", at=NOW) == user
    user.refresh_from_db()
    assert (user.check_password("eight loud lamps"), user.token_version) == (True, 1)
    with pytest.raises(Invalid) as caught:
        users.confirm_password_reset(key=key, password="nine loud lamps", at=NOW)
    assert list(caught.value.errors) == ["key"]


def test_reset_refuses_a_weak_password_and_leaves_the_key_good() -> None:
    user = make_user()
    key = users.reset_key(user)
    with pytest.raises(Invalid) as caught:
        users.confirm_password_reset(key=key, password="1", at=NOW)
    assert list(caught.value.errors) == ["password"]
    assert users.confirm_password_reset(key=key, password="eight loud lamps", at=NOW) == user


@pytest.mark.parametrize("key", ["", "-", "x-y", "\0-y"])
def test_reset_refuses_what_is_no_key(key: str) -> None:
    with pytest.raises(Invalid):
        users.confirm_password_reset(key=key, password="eight loud lamps", at=NOW)


def test_reset_of_an_unknown_address_mails_that_there_is_no_account() -> None:
    users.request_password_reset(email="nobody@example.com", language="ar")
    mail = Delivery.objects.get()
    assert (mail.template, mail.to, mail.language) == ("account_unknown", ["nobody@example.com"], "ar")


def test_reset_knows_nothing_of_a_user_who_was_switched_off() -> None:
    user = make_user(email="off@example.com", is_active=False)
    users.request_password_reset(email="off@example.com")
    assert mails() == [("account_unknown", ["off@example.com"])]
    with pytest.raises(Invalid):
        users.confirm_password_reset(key=users.reset_key(user), password="eight loud lamps", at=NOW)


def test_membership_of_the_owner_is_the_only_one() -> None:
    register()
    assert list(Membership.objects.values_list("role", flat=True)) == [Role.OWNER]
