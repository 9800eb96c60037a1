"""Businesses: making them, what is printed for them, and who belongs to them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import phonenumbers
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError, QuerySet
from django.utils.encoding import punycode
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from accounts import storage
from accounts.choices import Digits, Language, Look, PaperSize, Permission, Role, SecondLanguage
from accounts.errors import Conflict, Invalid, LostUpdate, NotAllowed, NotFound
from accounts.models import ApiKey, Business, Invitation, Membership, User
from accounts.schema import (
    Cleaner,
    FieldError,
    clean_address,
    clean_boolean,
    clean_choice,
    clean_country,
    clean_currency,
    clean_email,
    clean_phone,
    clean_rate,
    clean_tax_ids,
    clean_text,
    clean_timezone,
    clean_url,
    clean_vat_number,
    currency_of,
)
from accounts.services.beginnings import beginnings
from accounts.tenancy import PERMISSIONS, Actor, require

DEFAULT_CURRENCY = "USD"
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SHORTEST_SLUG = 3
LONGEST_SLUG = 60
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
# What a business has at first where its country is used to something else
PAPER_BY_COUNTRY: Mapping[str, Mapping[str, Any]] = {
    "US": {"paper_size": PaperSize.LETTER.value},
    "CA": {"paper_size": PaperSize.LETTER.value},
    "MA": {"signature_frame": True},
}
LOGO_BYTES = 2_000_000
LOGO_PIXELS = 25_000_000  # of the picture as uploaded
LOGO_SIDE = 1200  # pixels, of the longer side as kept
LOGO_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def clean_payment_link(value: Any) -> str:
    """Return the address where clients of a business pay: by https, and never fetched.

    Its host is kept in ASCII, as a PDF's link wants it, and so that a look-alike of another shows as what it is.
    """
    address = clean_url(value, 500)
    if not address:
        return ""
    if not address.lower().startswith("https://"):
        raise FieldError(_("A payment link begins with https://."))
    parts = urlsplit(address)
    if "@" in parts.netloc or "\\" in address:
        raise FieldError(_("A payment link has no name and password before its host."))
    try:
        port = f":{parts.port}" if parts.port is not None else ""
        host = punycode(parts.hostname or "")
    except (ValueError, UnicodeError):
        raise FieldError(_("This is not a web address, such as https://example.com.")) from None
    if ":" in host:
        host = f"[{host}]"
    return clean_text(parts._replace(scheme="https", netloc=f"{host}{port}").geturl(), 500)


# Fields that need nothing but the value, in the order of the form.
PLAIN_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "name": partial(clean_text, max_length=200, required=True),
    "legal_name": partial(clean_text, max_length=200),
    "legal_name_ar": partial(clean_text, max_length=200),
    "country": clean_country,
    "currency": partial(clean_currency, required=True),
    "language": partial(clean_choice, choices=Language.values, required=True),
    "timezone": partial(clean_timezone, required=True),
    "address": clean_address,
    "address_ar": clean_address,
    "cr_number": partial(clean_text, max_length=50),
    "tax_ids": clean_tax_ids,
    "email": clean_email,
    "website": clean_url,
    "payment_link": clean_payment_link,
    "bank_details": partial(clean_text, max_length=2000, multiline=True),
    "notes": partial(clean_text, max_length=5000, multiline=True),
    "footer": partial(clean_text, max_length=1000, multiline=True),
    "payment_terms": partial(clean_text, max_length=200),
    "tax_rate": partial(clean_rate, required=True),
    "look": partial(clean_choice, choices=Look.values, required=True),
    "paper_size": partial(clean_choice, choices=PaperSize.values, required=True),
    "digits": partial(clean_choice, choices=Digits.values, required=True),
    "second_language": partial(clean_choice, choices=SecondLanguage.values, required=True),
    "signature_frame": clean_boolean,
}
FIELDS = (
    *PLAIN_FIELDS, "vat_number", "phone", "slug", "brand_colour", "number_formats", "next_numbers",
)  # fmt: skip


# What a value must look like


def clean_slug(value: Any, business: Business) -> str:
    """Return a short name for addresses that no other business has."""
    slug = clean_text(value, LONGEST_SLUG, required=True).lower()
    if len(slug) < SHORTEST_SLUG or not SLUG.fullmatch(slug):
        raise FieldError(_("Use at least three small letters (a to z) and digits, with single hyphens between them."))
    if Business.objects.filter(slug=slug).exclude(pk=business.pk).exists():
        raise FieldError(_("This short name is taken."))
    return slug


def clean_colour(value: Any) -> str:
    """Return a colour as ``#RRGGBB``."""
    colour = clean_text(value, 100, required=True)
    if not COLOUR.fullmatch(colour):
        raise FieldError(_("Write a colour as # and six digits or letters from A to F, such as #0B6B50."))
    return colour.upper()


def clean_business(business: Business, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a business that were given, cleaned. Raises ``Invalid`` naming the fields.

    What upper apps keep in it is cleaned by the functions that ``settings.BUSINESS_CLEANERS`` names.
    """
    cleaner = Cleaner(data)
    for name in data:
        if name not in FIELDS:
            cleaner.refuse(name, _("A business has no such field."))
    for name, clean in PLAIN_FIELDS.items():
        cleaner.take(name, clean)
    country = cleaner.values.get("country", business.country)
    cleaner.take("vat_number", clean_vat_number, country)
    cleaner.take("phone", clean_phone, country)
    cleaner.take("slug", clean_slug, business)
    cleaner.take("brand_colour", clean_colour)
    for name, dotted in settings.BUSINESS_CLEANERS.items():
        if name in data:
            cleaner.take(name, partial(import_string(dotted), business))
    return cleaner.done(Invalid)


def country_of_phone(phone: str) -> str:
    """Return the country of a number in E.164, or nothing where it belongs to none."""
    region = phonenumbers.region_code_for_number(phonenumbers.parse(phone)) if phone else ""
    return region if region and region.isalpha() else ""


@dataclass(frozen=True, slots=True)
class Numbering:
    """How documents of a kind are numbered. ``example`` is the number that one issued today would get."""

    kind: str
    format: str
    next_number: int
    example: str


def numbering(business: Business, at: datetime) -> list[Numbering]:
    """Return the numbering of each kind, as the functions in ``settings.BUSINESS_NUMBERING`` tell it."""
    day = at.astimezone(ZoneInfo(business.timezone)).date()
    next_numbers = import_string(settings.BUSINESS_NUMBERING["next_numbers"])(business, on=day)
    format_of = import_string(settings.BUSINESS_NUMBERING["format_of"])
    formats = {kind: format_of(business, kind) for kind in next_numbers}
    return [
        Numbering(kind, formats[kind].text, number, formats[kind].render(number, day))
        for kind, number in next_numbers.items()
    ]


# Commands


def create_business(*, actor: Actor, data: Mapping[str, Any], at: datetime) -> Business:
    """Make a business that the actor owns. Its currency is by default that of its country.

    Raises ``Invalid`` naming the fields, and ``NotAllowed`` for an API key, which belongs to one business.
    """
    if actor.user_id is None or actor.api_key_id is not None:
        raise NotAllowed(_("Only a person can open a business."))
    with transaction.atomic():
        return open_business(User.objects.get(pk=actor.user_id), {"name": "", **data}, at)


def joined(actor: Actor, business: Business) -> Actor:
    """Return the actor as it is after opening a business: its owner."""
    return replace(actor, roles={**actor.roles, business.pk: Role.OWNER.value})


def open_first(
    *, user: User, name: str, phone: str, address: Any, language: str, at: datetime, country: str = ""
) -> Business:
    """Make a new user's first business. Raises ``Invalid`` naming ``address``.

    A country that is told brings what is usual there; without one it is the phone's.
    """
    data = {"name": name, "phone": phone, "address": address, "language": language, "country": country_of_phone(phone)}
    return open_business(user, data | (beginnings(country, language) if country else {}), at)


def open_business(user: User, data: Mapping[str, Any], at: datetime) -> Business:
    """Write a business with its owner, in the caller's transaction."""
    business = Business()
    values = paper_of_country(business, clean_business(business, data))
    values.setdefault("currency", currency_of(values.get("country", "")) or DEFAULT_CURRENCY)
    store(business, values)
    Membership.objects.create(user=user, business=business, role=Role.OWNER)
    make_default(user, business)
    return business


def make_default(user: User, business: Business) -> None:
    """Let this be a user's default business, unless another is that is not archived."""
    if user.default_business is None or user.default_business.archived_at:
        user.default_business = business
        user.save(update_fields=["default_business"])


def paper_of_country(business: Business, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return new values of a business, with the paper its country is used to where this tells the country first.

    What was chosen stays.
    """
    usual = {} if business.country else PAPER_BY_COUNTRY.get(values.get("country", ""), {})
    blank = Business()
    untouched = {name: value for name, value in usual.items() if getattr(business, name) == getattr(blank, name)}
    return untouched | dict(values)


def store(business: Business, values: Mapping[str, Any]) -> None:
    """Save clean values; a short name that was taken in the same moment is refused like any other."""
    for name, value in values.items():
        setattr(business, name, value)
    try:
        with transaction.atomic():
            business.save()
    except IntegrityError as error:
        if "slug" not in str(error):
            raise
        raise Invalid(errors={"slug": [_("This short name is taken.")]}) from error


def locked(business: Business, version: int | None = None) -> Business:
    """Return the business read again and held until the transaction ends.

    Raises ``LostUpdate`` when it is no longer at ``version``.
    """
    row = Business.objects.select_for_update(of=("self",)).get(pk=business.pk)
    if version is not None and row.version != version:
        raise LostUpdate
    return row


def update_business(
    *, actor: Actor, business: Business, data: Mapping[str, Any], at: datetime, version: int | None = None
) -> Business:
    """Change the fields that are given. What was issued keeps what was printed on it.

    Raises ``Invalid`` naming the fields, and ``LostUpdate`` when it is no longer at ``version``.
    """
    require(actor, business, Permission.MANAGE)
    with transaction.atomic():
        row = locked(business, version)
        values = paper_of_country(row, clean_business(row, data))
        row.version += 1
        store(row, values)
    return row


def set_logo(*, actor: Actor, business: Business, upload: bytes, at: datetime, version: int | None = None) -> Business:
    """Keep a picture as the logo, written anew as PNG.

    Raises ``Invalid`` naming ``logo``, and ``LostUpdate`` when the business is no longer at ``version``.
    """
    require(actor, business, Permission.MANAGE)
    try:
        content = redrawn(upload)
    except FieldError as error:
        raise Invalid(errors={"logo": [str(error)]}) from error
    return change_logo(business, storage.store("logos", content, ".png"), version)


def remove_logo(*, actor: Actor, business: Business, at: datetime, version: int | None = None) -> Business:
    """Print no logo any more. The file stays: papers that were issued may show it. Raises ``LostUpdate``."""
    require(actor, business, Permission.MANAGE)
    return change_logo(business, "", version)


def change_logo(business: Business, key: str, version: int | None = None) -> Business:
    """Store the key of a logo. Raises ``LostUpdate``."""
    with transaction.atomic():
        row = locked(business, version)
        row.logo_key = key
        row.version += 1
        row.save(update_fields=["logo_key", "version", "updated_at"])
    return row


def redrawn(upload: bytes) -> bytes:
    """Return a picture as PNG of at most 1200 pixels a side, without whatever else the file carried."""
    if len(upload) > LOGO_BYTES:
        raise FieldError(_("The picture may have at most 2 MB."))
    try:
        with Image.open(io.BytesIO(upload), formats=LOGO_FORMATS) as picture:
            if picture.width * picture.height > LOGO_PIXELS:
                raise FieldError(_("The picture may have at most 25 million pixels."))
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except FieldError:
        raise
    except Image.DecompressionBombError as error:
        raise FieldError(_("The picture may have at most 25 million pixels.")) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise FieldError(_("This is not a picture in PNG, JPEG, WebP or GIF.")) from error
    upright.thumbnail((LOGO_SIDE, LOGO_SIDE))
    clean = Image.new("RGBA", upright.size)
    clean.paste(upright)
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()


def archive_business(*, actor: Actor, business: Business, at: datetime, version: int | None = None) -> Business:
    """Put a business away with everything in it, to be read only; an owner or staff can bring it back.

    Whose default business it is, must name another from now on: nothing is written into one that nobody meant. Raises ``LostUpdate`` when it is no longer at ``version``.
    """
    require(actor, business, Permission.OWN)
    with transaction.atomic():
        row = locked(business, version)
        row.archived_at = row.archived_at or at
        row.version += 1
        row.save(update_fields=["archived_at", "version", "updated_at"])
    return row


def restore_business(*, user: User, business_id: str, at: datetime) -> Business:
    """Bring back a business that its owner put away; one that is not away stays as it is.

    Raises ``NotFound`` for strangers, ``NotAllowed`` for members who do not own it.
    """
    member = Membership.objects.filter(user=user, business_id=business_id).first()
    if member is None:
        raise NotFound
    if member.role != Role.OWNER:
        raise NotAllowed
    bring_back(Business.objects.filter(pk=business_id), at=at)
    return Business.objects.get(pk=business_id)


def bring_back(rows: QuerySet[Business], *, at: datetime) -> int:
    """Take businesses out of the archive, as staff may. Return how many."""
    return rows.exclude(archived_at=None).update(archived_at=None, version=F("version") + 1, updated_at=at)


def delete_business(*, actor: Actor, business: Business, version: int | None = None) -> None:
    """Delete a business in which nothing is kept, with its drafts. Raises ``Conflict`` when something is: archive it.

    What upper apps throw away with it, the functions do that ``settings.BUSINESS_EMPTIERS`` names. Raises ``LostUpdate`` when it is no longer at ``version``.
    """
    require(actor, business, Permission.OWN)
    try:
        with transaction.atomic():
            row = locked(business, version)
            for dotted in settings.BUSINESS_EMPTIERS:
                import_string(dotted)(row)
            row.delete()
    except ProtectedError as error:
        raise Conflict(_("This business has documents that must be kept. Archive it instead.")) from error


# Members


def require_to_give(actor: Actor, business_id: str, role: str) -> None:
    """Refuse to give a role that may do more than the actor's own. Raises ``NotAllowed``."""
    if not all(actor.may(business_id, permission) for permission in PERMISSIONS[role]):
        raise NotAllowed(_("You cannot give a role that may do more than your own."))


def change_role(*, actor: Actor, membership: Membership, role: str, at: datetime) -> Membership:
    """Give a member another role. Only an owner makes or unmakes owners, and one owner must stay.

    Raises ``Invalid`` naming ``role``, ``NotAllowed`` and ``Conflict``.
    """
    require(actor, membership.business_id, Permission.MANAGE)
    cleaner = Cleaner({"role": role})
    cleaner.take("role", clean_choice, Role.values, required=True)
    new_role = cleaner.done(Invalid)["role"]
    with transaction.atomic():
        row = member_locked(membership)
        if Role.OWNER in {row.role, new_role}:
            require(actor, row.business_id, Permission.OWN)
        if new_role != Role.OWNER:
            keep_an_owner(row)
        row.role = new_role
        row.save(update_fields=["role"])
        withdraw_invitations(row, at, beyond=new_role)
        end_keys(row, at, beyond=new_role)
    return row


def remove_member(*, actor: Actor, membership: Membership, at: datetime) -> None:
    """End a membership, with the API keys that the member made; everybody may leave by themselves. Raises ``NotAllowed``, and ``Conflict`` for the last owner."""
    leaving = actor.api_key_id is None and actor.user_id == membership.user_id
    require(actor, membership.business_id, Permission.READ if leaving else Permission.MANAGE)
    with transaction.atomic():
        row = member_locked(membership)
        if row.role == Role.OWNER and not leaving:
            require(actor, row.business_id, Permission.OWN)
        keep_an_owner(row)
        withdraw_invitations(row, at)
        end_keys(row, at)
        row.delete()
        User.objects.filter(pk=row.user_id, default_business=row.business_id).update(default_business=None)


def withdraw_invitations(membership: Membership, at: datetime, *, beyond: str | None = None) -> None:
    """Withdraw what a member offered others and may no longer offer: all, or what a role may not give."""
    given = PERMISSIONS[beyond] if beyond else frozenset()
    manages = Permission.MANAGE in given
    too_high = [role for role in Role.values if not (manages and PERMISSIONS[role] <= given)]
    offered = Invitation.objects.filter(business=membership.business_id, invited_by=membership.user_id)
    offered.filter(role__in=too_high, accepted_at=None, revoked_at=None).update(revoked_at=at)


def end_keys(membership: Membership, at: datetime, *, beyond: str | None = None) -> None:
    """Revoke the API keys that a member made and that may do more than the member now: all, or more than a role may."""
    given = PERMISSIONS[beyond] if beyond else frozenset()
    keys = ApiKey.objects.filter(business=membership.business_id, created_by=membership.user_id, revoked_at=None)
    too_much = [key.pk for key in keys if not given.issuperset(key.scopes)]
    ApiKey.objects.filter(pk__in=too_much).update(revoked_at=at)


def member_locked(membership: Membership) -> Membership:
    """Return the membership read again, while the business's members are held."""
    Business.objects.select_for_update(of=("self",)).get(pk=membership.business_id)
    return Membership.objects.get(pk=membership.pk)


def keep_an_owner(membership: Membership) -> None:
    """Refuse when this membership is the business's only owner's."""
    others = Membership.objects.filter(business=membership.business_id, role=Role.OWNER).exclude(pk=membership.pk)
    if membership.role == Role.OWNER and not others.exists():
        raise Conflict(_("A business needs an owner. Make somebody else an owner first."))
