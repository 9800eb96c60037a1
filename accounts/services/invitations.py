"""Invitations: a place in a business is offered by mail, and taken by whoever has the link and the address."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import InvitationStatus, Language, Permission, Role
from accounts.errors import Conflict, Invalid, NotAllowed, NotFound
from accounts.identifiers import new_token
from accounts.mail import queue_mail
from accounts.models import Business, Invitation, Membership, User
from accounts.queries import is_text
from accounts.ratelimits import enforce
from accounts.schema import Cleaner, clean_choice, clean_email
from accounts.services import businesses, users
from accounts.tenancy import Actor, require

VALID_FOR = timedelta(days=7)
TOKEN_LENGTH = 40  # 238 bits: a fast hash is enough, nobody guesses it


def hash_token(token: str) -> str:
    """Return how the secret part of a link is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


# For those who manage a business


def invite(*, actor: Actor, business: Business, email: Any, role: Any = Role.MEMBER, at: datetime) -> Invitation:
    """Offer a place in a business by mail; an offer that ran out is made anew.

    What is answered does not tell whether the address has an account. Raises ``Invalid`` naming ``email`` or
    ``role``, ``NotAllowed`` for a role above the actor's own, ``Conflict`` for a member and for whoever is invited
    already, and ``RateLimited``.
    """
    require(actor, business, Permission.MANAGE)
    cleaner = Cleaner({"email": email, "role": role})
    cleaner.take("email", partial(clean_email, required=True))
    cleaner.take("role", clean_choice, Role.values, required=True)
    values = cleaner.done(Invalid)
    address = values["email"].lower()
    businesses.require_to_give(actor, business.pk, values["role"])
    with transaction.atomic():
        held = businesses.locked(business)
        refuse_members(held, address)
        row = Invitation.objects.filter(business=held, email=address, accepted_at=None, revoked_at=None).first()
        if row is not None and row.expires_at > at:
            sentence = _("This address is invited already. The invitation can be sent again.")
            raise Conflict(sentence, code="already_invited", errors={"email": [sentence]})
        row = row or Invitation(business=held, email=address)
        row.business, row.role = held, values["role"]
        offer(row, actor, at)
    return row


def refuse_members(business: Business, email: str) -> None:
    """Refuse an address that a member has: its members are no secret to those who manage a business."""
    if Membership.objects.filter(business=business, user__email__iexact=email).exists():
        sentence = _("Somebody with this address belongs to the business already.")
        raise Conflict(sentence, code="already_member", errors={"email": [sentence]})


def resend_invitation(*, actor: Actor, invitation: Invitation, at: datetime) -> Invitation:
    """Mail an invitation again, under a new link and for another week; the old link ends.

    Raises ``Conflict`` for one that was accepted or withdrawn, ``NotAllowed`` for a role above the actor's own, and
    ``RateLimited``.
    """
    require(actor, invitation.business_id, Permission.MANAGE)
    with transaction.atomic():
        row = held_for(invitation)
        refuse_closed(row, at)
        businesses.require_to_give(actor, row.business_id, row.role)
        refuse_members(row.business, row.email)
        offer(row, actor, at)
    return row


def revoke_invitation(*, actor: Actor, invitation: Invitation, at: datetime) -> Invitation:
    """Withdraw an invitation: its link opens nothing from now on. Raises ``Conflict`` for one that was accepted."""
    require(actor, invitation.business_id, Permission.MANAGE)
    with transaction.atomic():
        row = held_for(invitation)
        refuse_closed(row, at)
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
    return row


def held_for(invitation: Invitation) -> Invitation:
    """Return an invitation read again while its business is held. Raises ``NotFound`` where it is gone."""
    business = businesses.locked(invitation.business)
    row = Invitation.objects.filter(pk=invitation.pk).first()
    if row is None:
        raise NotFound
    row.business = business
    return row


def refuse_closed(row: Invitation, at: datetime) -> None:
    """Refuse to change an invitation that has its answer. Raises ``Conflict``."""
    if row.status(at) == InvitationStatus.ACCEPTED:
        raise Conflict(_("This invitation was accepted already."), code="already_member")
    if row.status(at) == InvitationStatus.REVOKED:
        raise Conflict(_("This invitation was withdrawn."), code="invitation_over")


def offer(row: Invitation, actor: Actor, at: datetime) -> None:
    """Store an invitation under a new token, and queue its mail. Raises ``RateLimited``."""
    enforce("invite", actor.key)
    enforce("invite_address", f"{row.business_id}:{row.email}")
    token = new_token(TOKEN_LENGTH)
    inviter = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    row.token_hash, row.invited_by = hash_token(token), inviter
    row.sent_at, row.expires_at = at, at + VALID_FOR
    row.save()
    context = {
        "invitation": row,
        "inviter": str(inviter) if inviter else row.business.name,
        "role": Role(row.role),
        "url": settings.PUBLIC_URL + reverse("accounts:invitation", args=[token]),
    }
    queue_mail(
        template="invitation", to=row.email, context=context, language=language_for(row, inviter),
        business=row.business, reply_to=inviter.email if inviter else "",
    )  # fmt: skip


def language_for(row: Invitation, inviter: User | None) -> str:
    """Return the language of an invitation: its reader's where they are known, else the inviter's."""
    readers = filter_users_by_email(row.email, is_active=True, prefer_verified=True)
    known = [readers[0].language] if readers else []
    return str([*known, inviter.language if inviter else row.business.language][0])


# For those who are invited


def find_invitation(token: str) -> Invitation | None:
    """Return the invitation that a link opens, also one that is over; None where there is none."""
    rows = Invitation.objects.select_related("business", "invited_by")
    return rows.filter(token_hash=hash_token(token)).first() if is_text(token) else None


def is_for(invitation: Invitation, user: User) -> bool:
    """Return whether an invitation goes to an address of this user."""
    own = EmailAddress.objects.filter(user=user, email__iexact=invitation.email)
    return user.email.lower() == invitation.email or own.exists()


def accept_invitation(*, user: User, token: str, at: datetime) -> Business:
    """Join the business that a link is for; the link shows that its address is the user's.

    Once accepted, it does nothing more. Raises ``NotFound``, ``Conflict`` (``invitation_over``) and ``NotAllowed``
    (``wrong_address``) for somebody else.
    """
    with transaction.atomic():
        row = held_by_token(token)
        if row.accepted_by_id == user.pk and Membership.objects.filter(user=user, business=row.business).exists():
            return row.business
        refuse_over(row, at)
        if not is_for(row, user):
            sentence = _("This invitation goes to another address than yours.")
            raise NotAllowed(sentence, code="wrong_address")
        return join(row, user, at)


def sign_up_invited(
    *, token: str, password: str, full_name: str = "", language: str = Language.ENGLISH, at: datetime
) -> User:
    """Make a user with the invited address and no business of their own, who joins the one that invites.

    An invitation is no open sign-up: it also works where that is closed. Raises ``Invalid`` naming the fields,
    ``NotFound`` and ``Conflict``.
    """
    try:
        with transaction.atomic():
            row = held_by_token(token)
            refuse_over(row, at)
            user = users.register_invited(
                email=row.email, password=password, full_name=full_name, language=language, at=at
            )
            join(row, user, at)
    except IntegrityError as error:
        raise users.taken(error) from error
    return user


def held_by_token(token: str) -> Invitation:
    """Return the invitation that a link opens, while its business is held. Raises ``NotFound``."""
    found = find_invitation(token)
    if found is None:
        raise NotFound(_("This link opens no invitation. Ask for a new one."))
    row = held_for(found)
    if row.token_hash != found.token_hash:
        raise NotFound(_("This link opens no invitation. Ask for a new one."))
    return row


def refuse_over(row: Invitation, at: datetime) -> None:
    """Refuse what can no longer be accepted. Raises ``Conflict``."""
    if row.status(at) != InvitationStatus.PENDING or row.business.archived_at:
        raise Conflict(_("This invitation is no longer good. Ask for a new one."), code="invitation_over")


def join(row: Invitation, user: User, at: datetime) -> Business:
    """Write the membership; who belongs to the business already keeps their role."""
    Membership.objects.get_or_create(user=user, business=row.business, defaults={"role": row.role})
    row.accepted_at, row.accepted_by = at, user
    row.save(update_fields=["accepted_at", "accepted_by"])
    for address in EmailAddress.objects.filter(user=user, email__iexact=row.email, verified=False):
        address.set_verified()
    businesses.make_default(user, row.business)
    return row.business
