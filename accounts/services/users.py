"""People who sign in: the one place that makes them, and that changes what they sign in with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import filter_users_by_email
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import Language
from accounts.errors import Invalid, NotAllowed, RegistrationClosed
from accounts.identifiers import new_token
from accounts.mail import queue_mail
from accounts.models import TokenFamily, User
from accounts.queries import default_business, is_text
from accounts.schema import (
    LONGEST_PASSWORD,
    Cleaner,
    FieldError,
    check_length,
    clean_choice,
    clean_country,
    clean_email,
    clean_phone,
    clean_text,
)
from accounts.services import businesses
from accounts.tenancy import Actor

USERNAME_LENGTH = 150
ID_PREFIX = "usr_"
# What a user's own record shows of the default business, and what it is called there.
WRITTEN_THROUGH = {"company_name": "name", "phone": "phone", "address": "address", "payment_link": "payment_link"}


# What a value must look like


def clean_own_email(value: Any, user: User | None = None) -> str:
    """Return an address in lower case that nobody else has, as allauth keeps it."""
    email = clean_email(value, required=True).lower()
    users = User.objects.filter(email__iexact=email)
    # Somebody who only claims an address keeps nobody else from it.
    addresses = EmailAddress.objects.filter(email=email, verified=True)
    if user is not None:
        users, addresses = users.exclude(pk=user.pk), addresses.exclude(user_id=user.pk)
    if users.exists() or addresses.exists():
        raise FieldError(_("This e-mail address is taken."))
    return email


def clean_username(value: Any, user: User | None = None) -> str:
    """Return a user name that nobody else has, whatever its case; empty when none is given."""
    username = User.normalize_username(clean_text(value, USERNAME_LENGTH))
    if not username:
        return ""
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise FieldError(error.messages[0]) from None
    if User.objects.filter(username__iexact=username).exclude(pk=user.pk if user else None).exists():
        raise FieldError(_("This user name is taken."))
    return username


def clean_password(value: Any, user: User) -> str:
    """Return a password that Django's validators let pass, no longer than a log-in reads."""
    if not isinstance(value, str) or not value:
        raise FieldError(_("This is needed."))
    check_length(value, LONGEST_PASSWORD)
    try:
        validate_password(value, user)
    except ValidationError as error:
        raise FieldError(errors={"": error.messages}) from None
    return value


def clean_names(cleaner: Cleaner, user: User | None) -> None:
    """Clean what identifies a user. A user name that looks like an address must be the user's own."""
    cleaner.take("email", clean_own_email, user)
    cleaner.take("username", clean_username, user)
    cleaner.take("full_name", clean_text, 200)
    cleaner.take("language", clean_choice, Language.values, required=True)
    username = str(cleaner.values.get("username", ""))
    email = cleaner.values.get("email") or (user.email if user else "")
    if "@" in username and username.lower() != str(email).lower():
        cleaner.refuse("username", _("A user name with @ can only be your own e-mail address."))


def clean_registration(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ``register`` needs, cleaned. Raises ``Invalid`` with everything that is wrong."""
    cleaner = Cleaner(data)
    clean_names(cleaner, None)
    cleaner.take("company_name", clean_text, 200)
    cleaner.take("phone", clean_phone)
    cleaner.take("country", clean_country)
    named = {name: cleaner.values.get(name, "") for name in ("email", "username", "full_name")}
    cleaner.take("password", clean_password, User(**named))
    return cleaner.done(Invalid)


def free_username(email: str) -> str:
    """Return a user name made of an address, with a random end where the plain one is taken."""
    base = re.sub(r"[^\w.+-]", "", email.partition("@")[0])[:100] or "user"
    if User.objects.filter(username__iexact=base).exists():
        return f"{base}-{new_token(6).lower()}"
    return base


def taken(error: IntegrityError) -> Invalid:
    """Return the refusal for a name that somebody else took in the same moment."""
    if "username" in str(error).split("DETAIL")[0]:
        return Invalid(errors={"username": [_("This user name is taken.")]})
    return Invalid(errors={"email": [_("This e-mail address is taken.")]})


# Commands


def register(
    *,
    email: str,
    username: str = "",
    password: str,
    full_name: str = "",
    company_name: str = "",
    phone: str = "",
    address: Any = "",
    country: str = "",
    language: str = Language.ENGLISH,
    at: datetime,
    by_staff: bool = False,
) -> User:
    """Make a user with the first business, owned by them, and queue the mail that verifies the address.

    The one way to make users: for the sign-up page, the API and the admin. Without ``username`` one is made of the
    address. Raises ``RegistrationClosed`` unless staff asks, and ``Invalid`` naming the fields.
    """
    if settings.REGISTRATION != "open" and not by_staff:
        raise RegistrationClosed
    values = clean_registration(
        {
            "email": email, "username": username, "password": password, "full_name": full_name,
            "company_name": company_name, "phone": phone, "language": language, "country": country,
        }
    )  # fmt: skip
    try:
        with transaction.atomic():
            user = make_user(values, at)
            name = values["company_name"] or values["full_name"] or values["username"] or user.username
            businesses.open_first(
                user=user, name=name, phone=values["phone"], address=address, language=values["language"], at=at,
                country=values["country"],
            )  # fmt: skip
            send_verification(user=user)
    except IntegrityError as error:
        raise taken(error) from error
    return user


def register_invited(*, email: str, password: str, full_name: str, language: str, at: datetime) -> User:
    """Make a user whose address a mailed link has verified, in the caller's transaction; they open no business.

    Raises ``Invalid`` naming the fields, and ``IntegrityError`` where the address was taken in the same moment.
    """
    given = {"email": email, "password": password, "full_name": full_name, "language": language}
    user = make_user(clean_registration({"username": "", **given}), at)
    EmailAddress.objects.filter(user=user).update(verified=True)
    return user


def make_user(values: Mapping[str, Any], at: datetime) -> User:
    """Write the user and their address, not yet verified."""
    user = User(
        email=values["email"],
        username=values["username"] or free_username(values["email"]),
        full_name=values["full_name"],
        language=values["language"],
        date_joined=at,
    )
    user.set_password(values["password"])
    user.save(force_insert=True)
    drop_claims(user)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    return user


def drop_claims(user: User) -> None:
    """Forget that others claimed this user's address without ever verifying it."""
    EmailAddress.objects.filter(email=user.email, verified=False).exclude(user=user).delete()


def update_user(*, actor: Actor, user: User, data: Mapping[str, Any], at: datetime) -> User:
    """Change what a user gives of themselves.

    That is ``email, username, full_name, language`` and, written through to the default business, ``company_name,
    phone, address, payment_link``. A new address is not verified: a mail asks to verify it, and the old address is told. Raises ``Invalid`` naming
    the fields, and ``NotAllowed`` where the role in the business is not enough.
    """
    if actor.user_id != user.pk:
        raise NotAllowed
    cleaner = Cleaner(data)
    clean_names(cleaner, user)
    if cleaner.values.get("username") == "":
        cleaner.refuse("username", _("This is needed."))
    values = cleaner.done(Invalid)
    through = {WRITTEN_THROUGH[name]: data[name] for name in WRITTEN_THROUGH if name in data}
    try:
        with transaction.atomic():
            if through:
                write_through(actor, through, at)
            change_names(user, values)
    except IntegrityError as error:
        raise taken(error) from error
    return user


def write_through(actor: Actor, data: Mapping[str, Any], at: datetime) -> None:
    """Write to the default business, with errors under the names that a user's record has for its fields."""
    names = {own: name for name, own in WRITTEN_THROUGH.items()}
    try:
        businesses.update_business(actor=actor, business=default_business(actor), data=data, at=at)
    except Invalid as refused:
        fields = {re.sub(r"^\w+", lambda part: names[part[0]], key): texts for key, texts in refused.errors.items()}
        raise Invalid(errors=fields) from refused


def change_names(user: User, values: Mapping[str, Any]) -> None:
    """Store clean values; a new address takes the place of the old one."""
    old_email = user.email
    for name, value in values.items():
        setattr(user, name, value)
    user.save(update_fields=[*values])
    if user.email.lower() != old_email.lower():
        replace_address(user, old_email)


def replace_address(user: User, old_email: str) -> None:
    """Make the user's email their primary address, ask to verify it, and tell the old one."""
    EmailAddress.objects.filter(user=user, email=old_email.lower()).delete()
    EmailAddress.objects.filter(user=user).update(primary=False)
    drop_claims(user)
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"primary": True})
    context = {"user": user, "from_email": old_email, "to_email": user.email}
    queue_mail(template="email_changed", to=old_email, context=context, language=user.language)
    send_verification(user=user)


def send_verification(*, user: User) -> bool:
    """Queue the mail that verifies the user's address. Return whether there was something to verify."""
    address = EmailAddress.objects.filter(user=user, primary=True).first()
    if address is None or address.verified:
        return False
    url = verification_url(EmailConfirmationHMAC(address).key)
    queue_mail(
        template="verify_email", to=address.email, context={"user": user, "url": url}, language=user.language
    )  # fmt: skip
    return True


def verify_email(*, key: str) -> User:
    """Mark the address as verified for which a mailed ``key`` was made. Raises ``Invalid`` when it is no longer good."""
    confirmation = EmailConfirmationHMAC.from_key(key)
    if confirmation is None or not confirmation.email_address.set_verified():
        raise Invalid(errors={"key": [_("This link is no longer good. Ask for a new one.")]})
    user: User = confirmation.email_address.user
    return user


def verification_url(key: str) -> str:
    """Return the page on which an address is verified."""
    return settings.PUBLIC_URL + reverse("account_confirm_email", args=[key])


# Passwords


def set_password(*, user: User, password: str, at: datetime, keep_session: str | None = None) -> None:
    """Store a password, and end every token and every session but the one kept. The password is taken as checked."""
    user.set_password(password)
    user.token_version = F("token_version") + 1
    user.save(update_fields=["password", "token_version"])
    user.refresh_from_db(fields=["token_version"])
    TokenFamily.objects.filter(user=user, revoked_at=None).update(revoked_at=at)
    for session in UserSession.objects.filter(user=user).exclude(session_key=keep_session or ""):
        session.end()


def change_password(
    *, user: User, current_password: str, new_password: str, at: datetime, keep_session: str | None = None
) -> None:
    """Change a password on showing the current one; a mail tells the user.

    Ends all tokens and all other sessions. Raises ``Invalid`` naming ``current_password`` or ``new_password``.
    """
    cleaner = Cleaner({"new_password": new_password})
    if not user.check_password(current_password):
        cleaner.refuse("current_password", _("This is not your current password."))
    cleaner.take("new_password", clean_password, user)
    values = cleaner.done(Invalid)
    with transaction.atomic():
        set_password(user=user, password=values["new_password"], at=at, keep_session=keep_session)
        queue_mail(template="password_changed", to=user.email, context={"user": user}, language=user.language)


def request_password_reset(*, email: str, language: str = Language.ENGLISH) -> None:
    """Queue a mail with a link to a new password, or one that says there is no such account.

    Nothing that the caller sees tells which. Raises ``Invalid`` when it is no address.
    """
    cleaner = Cleaner({"email": email})
    cleaner.take("email", clean_email, required=True)
    to = cleaner.done(Invalid)["email"]
    users = filter_users_by_email(to, is_active=True, prefer_verified=True)
    with transaction.atomic():
        if not users:
            url = settings.PUBLIC_URL + reverse("account_signup")
            queue_mail(template="account_unknown", to=to, context={"email": to, "url": url}, language=language)
        for user in users:
            context = {"user": user, "url": reset_url(reset_key(user)), "username": user.username}
            queue_mail(template="password_reset", to=to, context=context, language=user.language)


def reset_key(user: User) -> str:
    """Return what a reset link proves itself with: ``<id without its prefix>-<token>``, good once and for three days."""
    return f"{user.pk.removeprefix(ID_PREFIX)}-{default_token_generator.make_token(user)}"


def reset_url(key: str) -> str:
    """Return the page on which a new password is set."""
    uid, _sep, token = key.partition("-")
    return settings.PUBLIC_URL + reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})


def confirm_password_reset(*, key: str, password: str, at: datetime) -> User:
    """Set a new password by a mailed ``key``; ends all tokens and sessions.

    Raises ``Invalid`` naming ``key`` or ``password``.
    """
    uid, _sep, token = key.partition("-")
    user = User.objects.filter(pk=f"{ID_PREFIX}{uid}", is_active=True).first() if is_text(uid) else None
    if user is None or not default_token_generator.check_token(user, token):
        raise Invalid(errors={"key": [_("This link is no longer good. Ask for a new one.")]})
    cleaner = Cleaner({"password": password})
    cleaner.take("password", clean_password, user)
    values = cleaner.done(Invalid)
    with transaction.atomic():
        set_password(user=user, password=values["password"], at=at)
        queue_mail(template="password_changed", to=user.email, context={"user": user}, language=user.language)
    return user
