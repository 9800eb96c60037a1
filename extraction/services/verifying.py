"""What persons say of what was read: their corrections, kept beside it, and their verification."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Permission
from accounts.errors import NotAllowed
from accounts.models import User
from accounts.schema import SEPARATORS, Cleaner, FieldError, clean_boolean
from accounts.search import normalise
from accounts.tenancy import Actor, require
from extraction import reconcile, schema
from extraction.errors import BeingRead, InvalidDocument, NothingRead, StaleVersion
from extraction.models import Document, Extraction, Vendor
from extraction.models.document import ACTIVE
from extraction.queries import checks_against_others, compact
from extraction.services.standing import set_known_by

EMPTY: dict[str, Any] = schema.stored(schema.read({}).values)


def correct(*, document: Document, actor: Actor, at: datetime, data: Mapping[str, Any]) -> Document:
    """Keep a person's ``data`` for the newest run, and verify it by ``manual_verified: true``.

    Raises ``InvalidDocument``, ``StaleVersion`` where ``version`` is no longer the run's, ``NothingRead`` without a
    run, ``BeingRead`` during one, and ``NotAllowed`` for a program that would verify.
    """
    require(actor, document.business_id, Permission.WRITE)
    given, verified, version = clean_correction(data)
    if verified is not None and (actor.user_id is None or actor.api_key_id is not None):
        raise NotAllowed(_("Only a person verifies."))
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        run = Extraction.objects.select_for_update().filter(pk=locked.latest_id).first()
        if run is None:
            raise NothingRead
        if run.state in ACTIVE:
            raise BeingRead
        if version is not None and version != run.version:
            raise StaleVersion(version=run.version)
        keep_corrections(run, given)
        corrected = current(run)
        run.checks = [each.stored() for each in checked(locked, corrected)]
        run.version += 1
        if verified is not None:
            mark(locked, run, actor if verified else None, at)
        if verified:
            locked.verified_data = corrected
            learn(locked, corrected, at)
        run.save()
        set_known_by(locked, corrected)
        locked.version += 1
        locked.updated_at = at
        locked.save()
    return locked


def clean_correction(data: Mapping[str, Any]) -> tuple[dict[str, Any], bool | None, int | None]:
    """Return the fields that were given, as stored, whether they are verified, and the version. Raises ``InvalidDocument``."""
    given = data.get("data")
    given = {} if given is None else given
    cleaner = Cleaner(data)
    cleaner.take("manual_verified", clean_boolean)
    cleaner.take("version", clean_version)
    if not isinstance(given, Mapping):
        cleaner.refuse("data", _("An object is needed here."))
        given = {}
    unknown = [name for name in given if name not in schema.FIELDS]
    for name in unknown:
        cleaner.refuse(f"data.{name[:100]}", _("This field is not known here."))
    read = schema.read(given)
    for name, sentences in read.errors.items():
        for sentence in sentences:
            cleaner.refuse(f"data.{name}", sentence)
    values = cleaner.done(InvalidDocument)
    fields = {name: value for name, value in schema.stored(read.values).items() if name in given}
    return fields, values.get("manual_verified"), values.get("version")


def clean_version(value: Any) -> int:
    """Return a version. Raises ``FieldError``."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise FieldError(_("A whole number is needed here."))
    return value


def keep_corrections(run: Extraction, given: Mapping[str, Any]) -> None:
    """Keep beside what was read what differs from it; a field set back to what was read is corrected no more."""
    extracted, merged = schema.loaded(run.data or EMPTY), {**run.corrections, **given}
    values = schema.loaded(merged)
    run.corrections = {name: value for name, value in merged.items() if values[name] != extracted.get(name)}


def current(run: Extraction) -> dict[str, Any]:
    """Return a run's data with its corrections, as stored."""
    return {**EMPTY, **(run.data or {}), **run.corrections}


def checked(document: Document, corrected: Mapping[str, Any]) -> list[reconcile.Check]:
    """Return all checks of corrected data."""
    values = schema.loaded(corrected)
    return [*reconcile.checks_of(values), *checks_against_others(document, values)]


def mark(document: Document, run: Extraction, actor: Actor | None, at: datetime) -> None:
    """Note who verified, or that the verification was taken back."""
    who = User.objects.filter(pk=actor.user_id).first() if actor else None
    document.verified_by = run.verified_by = who
    document.verified_at = run.verified_at = at if actor else None
    if actor is None:
        document.verified_data = None


def learn(document: Document, corrected: Mapping[str, Any], at: datetime) -> None:
    """Remember the vendor of a verified document. Our own business is never one."""
    name = corrected["vendor_name"] or ""
    tax_id, iban = compact(corrected["vendor_tax_id"]), compact(corrected["vendor_iban"])
    business = document.business
    own = {normalise(business.name), normalise(business.legal_name)}
    own_number = SEPARATORS.sub("", business.vat_number).upper()
    if not name or normalise(name) in own or (tax_id and tax_id == own_number):
        return
    rows = Vendor.objects.select_for_update().filter(business=business)
    vendor = rows.filter(tax_id=tax_id).first() if tax_id else rows.filter(tax_id="", name=name).first()
    vendor = vendor or Vendor(business=business, tax_id=tax_id)
    vendor.name, vendor.updated_at = name, at
    vendor.iban = iban[:34] or vendor.iban
    vendor.save()
