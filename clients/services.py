"""What is ordered about clients: save, archive, restore, delete, and find or make one for an invoice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.deletion import ProtectedError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Language, Permission
from accounts.errors import LostUpdate, NotFound
from accounts.models import Business
from accounts.schema import (
    Cleaner,
    FieldError,
    clean_address,
    clean_boolean,
    clean_choice,
    clean_currency,
    clean_email,
    clean_latitude,
    clean_longitude,
    clean_phone,
    clean_tax_ids,
    clean_text,
    clean_vat_number,
)
from accounts.search import search_text
from accounts.tenancy import Actor, require
from clients.choices import ClientType
from clients.errors import InvalidClient
from clients.models import Client

MOST_CATEGORIES = 20
CATEGORY_LENGTH = 50
# The Saudi national address, as ZATCA wants it of a buyer (BR-KSA-63).
NATIONAL_ADDRESS = ("building_number", "street", "district", "city", "postal_code")
SAUDI_FIELDS = frozenset({"type", "vat_number", "vat_registered", "cr_number", "tax_ids", "address"})


def save_client(
    *,
    actor: Actor,
    business: Business,
    data: Mapping[str, Any],
    client: Client | None = None,
    version: int | None = None,
    at: datetime,
) -> Client:
    """Make a client, or change the given one; what ``data`` does not name stays. ``archived`` hides or restores.

    A Saudi seller's business clients in Saudi Arabia must be complete whenever what that needs is touched.
    Raises ``InvalidClient`` naming the fields, and ``LostUpdate`` when ``version`` is no longer the client's.
    """
    require(actor, business, Permission.WRITE)
    with transaction.atomic():
        kept = Client(business=business, created_at=at) if client is None else locked(client, business, version)
        return store(kept, clean_values(data, business, kept), at)


def clean_values(data: Mapping[str, Any], business: Business, kept: Client) -> dict[str, Any]:
    """Return what ``data`` says of a client, clean and allowed. Raises ``InvalidClient`` naming the fields."""
    new = is_new(kept)
    cleaner = clean_client({"name": None, **data} if new else data, business, kept)
    if new or SAUDI_FIELDS & data.keys():
        require_saudi_details(cleaner, business, kept)
    require_free_email(cleaner, kept)
    return cleaner.done(InvalidClient)


def is_new(client: Client) -> bool:
    """Return whether a client is not in the database yet."""
    return client._state.adding  # Django has no public word for it


def archive_client(*, actor: Actor, client: Client, at: datetime) -> Client:
    """Hide a client from lists. Its invoices stay."""
    return save_client(actor=actor, business=client.business, client=client, data={"archived": True}, at=at)


def restore_client(*, actor: Actor, client: Client, at: datetime) -> Client:
    """Bring an archived client back."""
    return save_client(actor=actor, business=client.business, client=client, data={"archived": False}, at=at)


def delete_client(*, actor: Actor, client: Client, version: int | None = None, at: datetime) -> bool:
    """Delete a client for which nothing was written, else archive it. Return whether it was deleted.

    Raises ``LostUpdate`` when ``version`` is no longer the client's.
    """
    require(actor, client.business_id, Permission.WRITE)
    with transaction.atomic():
        kept = locked(client, client.business, version)
        try:
            with transaction.atomic():
                kept.delete()
        except ProtectedError:
            archive_client(actor=actor, client=client, at=at)
            return False
    return True


def client_for(
    *,
    actor: Actor,
    business: Business,
    name: str = "",
    email: str = "",
    data: Mapping[str, Any] | None = None,
    prefix: str = "client_",
    at: datetime,
) -> Client:
    """Return the client with this email, unaltered, archived or not; else make one of what was given.

    For an invoice that gives its client inline: what Saudi law wants of a client is asked when the invoice is
    issued. Raises ``InvalidClient``; ``prefix`` goes before the names of its fields.
    """
    require(actor, business, Permission.WRITE)
    cleaner = clean_client({**(data or {}), "name": name or email, "email": email}, business, Client())
    known = client_with_email(business, cleaner.values.get("email", ""))
    if known is not None:
        return known
    cleaner.errors = {prefix + field: sentences for field, sentences in cleaner.errors.items()}
    values = cleaner.done(InvalidClient)
    try:
        with transaction.atomic():
            return store(Client(business=business, created_at=at), values, at)
    except InvalidClient:
        # Somebody made a client with this email since we looked.
        winner = client_with_email(business, values["email"])
        if winner is None:
            raise
        return winner


def locked(client: Client, business: Business, version: int | None) -> Client:
    """Return the client as it is now, locked until the transaction ends."""
    kept = Client.objects.select_for_update().filter(pk=client.pk, business=business).first()
    if kept is None:
        raise NotFound
    if version is not None and version != kept.version:
        raise LostUpdate
    return kept


def clean_client(data: Mapping[str, Any], business: Business, kept: Client) -> Cleaner:
    """Clean what was given about a client, in the light of what is kept of it."""
    cleaner = Cleaner(data)
    cleaner.take("type", clean_choice, ClientType.values, required=True)
    cleaner.take("name", clean_text, 200, required=True)
    cleaner.take("name_ar", clean_text, 200)
    cleaner.take("contact_name", clean_text, 200)
    cleaner.take("email", clean_email)
    cleaner.take("address", clean_address)
    country = merged(cleaner, kept, "address").get("country", "")
    cleaner.take("phone", clean_phone, country or business.country)
    clean_vat(cleaner, business, kept)
    cleaner.take("cr_number", clean_text, 50)
    cleaner.take("tax_ids", clean_tax_ids)
    cleaner.take("vat_registered", clean_boolean)
    cleaner.take("latitude", clean_latitude)
    cleaner.take("longitude", clean_longitude)
    cleaner.take("categories", clean_categories)
    cleaner.take("currency", clean_currency)
    cleaner.take("language", clean_choice, Language.values)
    cleaner.take("send_mail", clean_boolean)
    cleaner.take("notes", clean_text, 5000, multiline=True)
    cleaner.take("archived", clean_boolean)
    return cleaner


def merged(cleaner: Cleaner, kept: Client, field: str) -> Any:
    """Return a field's value as it would be saved."""
    return cleaner.values.get(field, getattr(kept, field))


def clean_vat(cleaner: Cleaner, business: Business, kept: Client) -> None:
    """Check the VAT number by the client's country, also the kept one when the country changes."""
    country = merged(cleaner, kept, "address").get("country", "")
    if is_saudi_business(cleaner, business, kept):
        country = "SA"
    if "vat_number" in cleaner.data:
        cleaner.take("vat_number", clean_vat_number, country)
    elif kept.vat_number and "address" in cleaner.data:
        try:
            cleaner.values["vat_number"] = clean_vat_number(kept.vat_number, country)
        except FieldError as error:
            cleaner.refuse("vat_number", str(error))


def clean_categories(value: Any) -> list[str]:
    """Return words by which a business sorts its clients, each once. Errors are named ``[0]``."""
    entries = [] if value is None else value
    if not isinstance(entries, list | tuple):
        raise FieldError(_("A list is needed here."))
    if len(entries) > MOST_CATEGORIES:
        sentence = ngettext("At most %(limit)d category.", "At most %(limit)d categories.", MOST_CATEGORIES)
        raise FieldError(sentence % {"limit": MOST_CATEGORIES})
    cleaned: dict[str, None] = {}
    errors: dict[str, list[str]] = {}
    for index, entry in enumerate(entries):
        try:
            cleaned[clean_text(entry, CATEGORY_LENGTH, required=True)] = None
        except FieldError as error:
            errors[f"[{index}]"] = [str(error)]
    if errors:
        raise FieldError(errors=errors)
    return list(cleaned)


def is_saudi_business(cleaner: Cleaner, business: Business, kept: Client) -> bool:
    """Return whether a Saudi seller's client is a business in Saudi Arabia, or says no country."""
    return (
        business.country == "SA"
        and merged(cleaner, kept, "type") == ClientType.BUSINESS
        and merged(cleaner, kept, "address").get("country", "SA") == "SA"
    )


def require_saudi_details(cleaner: Cleaner, business: Business, kept: Client) -> None:
    """Refuse a Saudi business client without what its tax invoice must say (ZATCA, BR-KSA-46, -63, -81)."""
    if not is_saudi_business(cleaner, business, kept):
        return
    registered = merged(cleaner, kept, "vat_registered")
    needed = ["vat_number", "cr_number"] if registered else ["cr_number"]
    missing = [field for field in needed if not merged(cleaner, kept, field)]
    if not any(field.startswith("address") for field in cleaner.errors):
        address = merged(cleaner, kept, "address")
        missing += [f"address.{part}" for part in NATIONAL_ADDRESS if not address.get(part)]
    for field in missing:
        if field not in cleaner.errors:
            cleaner.refuse(field, _("A business in Saudi Arabia needs this."))
    if not registered and not merged(cleaner, kept, "vat_number") and not merged(cleaner, kept, "tax_ids"):
        cleaner.refuse("tax_ids", _("Without a VAT number, one other tax number is needed."))


def client_with_email(business: Business, email: str) -> Client | None:
    """Return the business's client with this email, whatever its case."""
    if not email:
        return None
    return Client.objects.filter(business=business, email__iexact=email).first()


def require_free_email(cleaner: Cleaner, kept: Client) -> None:
    """Refuse an email that another client of the business has."""
    other = client_with_email(kept.business, cleaner.values.get("email", ""))
    if other is not None and other.pk != kept.pk:
        cleaner.refuse("email", taken_sentence(other))


def taken_sentence(other: Client) -> str:
    """Say who has an email already."""
    if other.archived_at:
        return _("An archived client has this address: %(name)s. Restore it instead.") % {"name": other.name}
    return _("Another client has this address: %(name)s.") % {"name": other.name}


def store(kept: Client, values: Mapping[str, Any], at: datetime) -> Client:
    """Write clean values, and a new version if they change anything."""
    values = dict(values)
    if "archived" in values:
        values["archived_at"] = (kept.archived_at or at) if values.pop("archived") else None
    new = is_new(kept)
    if not new and all(getattr(kept, name) == value for name, value in values.items()):
        return kept
    for name, value in values.items():
        setattr(kept, name, value)
    kept.country = kept.address.get("country", "")
    kept.search_text = search_text(kept.name, kept.name_ar, kept.email, kept.phone, kept.vat_number)
    kept.version = 1 if new else kept.version + 1
    kept.updated_at = at
    try:
        with transaction.atomic():
            kept.save(force_insert=new, force_update=not new)
    except IntegrityError as error:
        other = client_with_email(kept.business, kept.email)
        if other is None or other.pk == kept.pk:
            raise
        raise InvalidClient(errors={"email": [taken_sentence(other)]}) from error
    if not new:
        for follower in settings.CLIENT_FOLLOWERS:
            import_string(follower)(kept)
    return kept
