"""What persons say of what was read: their corrections, kept beside it, and their verification."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.choices import Permission
from accounts.errors import NotAllowed, NotFound
from accounts.models import Business, User
from accounts.schema import Cleaner, FieldError, clean_boolean
from accounts.tenancy import Actor, require
from extraction import schema
from extraction.domain.confidence import Evidence
from extraction.domain.locating.sheet import Sheet
from extraction.domain.parties import compact, name_key, same_number, telling_domain
from extraction.errors import BeingRead, InvalidDocument, NothingRead, StaleVersion
from extraction.models import Document, Extraction, Vendor
from extraction.models.document import ACTIVE
from extraction.queries import vendor_numbered
from extraction.reconcile import Check
from extraction.services.pages import page_words
from extraction.services.standing import set_known_by
from extraction.services.trusting import OF_READING, Judging

LONGEST_IBAN: Final = 34
TAUGHT: Final = ("vendor_name", "vendor_tax_id", "vendor_iban")
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
    pages = page_words(document)
    with transaction.atomic():
        # What is learnt of a vendor is one after the other's; and a run that ends locks in this order, too.
        Business.objects.select_for_update(no_key=True).get(pk=document.business_id)
        locked = Document.objects.select_for_update().filter(pk=document.pk).first()
        if locked is None:
            raise NotFound
        run = Extraction.objects.select_for_update().filter(pk=locked.latest_id).first()
        if run is None:
            raise NothingRead
        if run.state in ACTIVE:
            raise BeingRead
        if version is not None and version != run.version:
            raise StaleVersion(version=run.version)
        keep_corrections(run, given)
        corrected = current(run)
        judging = Judging(locked, schema.loaded(corrected), pages, Sheet(pages))
        checks = [*judging.checks(), *of_reading(run)]
        run.checks = [check.stored() for check in checks]
        run.confidence = judging.confidence(checks, Evidence.loaded(run.source.evidence), by_person=by_persons(run))
        run.version += 1
        if verified is not None:
            taught = locked.verified_data
            mark(locked, run, actor if verified else None, at)
            if not verified and taught:
                forget(locked, schema.loaded(taught))
        if verified:
            locked.verified_data = corrected
            learn(judging, at)
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
    extracted, merged = schema.loaded(beginning(run)), {**run.corrections, **given}
    values = schema.loaded(merged)
    run.corrections = {name: value for name, value in merged.items() if values[name] != extracted.get(name)}


def beginning(run: Extraction) -> dict[str, Any]:
    """Return what a run's corrections begin with, as stored: what it read, else what counted before it failed."""
    if run.data is None and run.earlier is not None:
        return current(run.earlier)
    return {**EMPTY, **(run.data or {})}


def current(run: Extraction) -> dict[str, Any]:
    """Return a run's data with its corrections, as stored; a run that came to none takes nothing away."""
    return {**beginning(run), **run.corrections}


def by_persons(run: Extraction) -> list[str]:
    """Return the fields in which persons wrote something else than was read."""
    read, values = schema.loaded(run.source.data or EMPTY), schema.loaded(current(run))
    return [name for name, value in values.items() if value != read.get(name)]


def judged(document: Document, data: Mapping[str, Any]) -> tuple[list[Check], dict[str, Any]]:
    """Return checks and confidence of a document's newest run, were its data as given, as stored. Nothing is kept."""
    pages, run, values = page_words(document), document.latest, schema.loaded(data)
    judging = Judging(document, values, pages, Sheet(pages))
    if run is None:
        return judging.checks(), {}
    read = schema.loaded(run.source.data or EMPTY)
    by_person = [name for name, value in values.items() if value != read.get(name)]
    checks = [*judging.checks(), *of_reading(run)]
    return checks, judging.confidence(checks, Evidence.loaded(run.source.evidence), by_person=by_person)


def of_reading(run: Extraction) -> list[Check]:
    """Return the checks that say something of the reading itself whose data a run shows."""
    return [Check(each["name"], each["ok"], each["values"]) for each in run.source.checks if each["name"] in OF_READING]


def mark(document: Document, run: Extraction, actor: Actor | None, at: datetime) -> None:
    """Note who verified, or that the verification was taken back."""
    who = User.objects.filter(pk=actor.user_id).first() if actor else None
    document.verified_by = run.verified_by = who
    document.verified_at = run.verified_at = at if actor else None
    if actor is None:
        document.verified_data = None


def learn(judging: Judging, at: datetime) -> None:
    """Remember the vendor of a verified document, by tax number, IBAN and domain. Our own business is never one."""
    values, us, business_id = judging.values, judging.us, judging.document.business_id
    name, iban = values["vendor_name"] or "", compact(values["vendor_iban"])
    tax_id = compact(values["vendor_tax_id"])[: schema.LONGEST]  # one letter may stand for several
    if not name_key(name) or us.has_name(name) or us.has_number(tax_id):
        return
    iban = "" if iban in us.ibans else iban[:LONGEST_IBAN]
    rows = Vendor.objects.filter(business_id=business_id)
    vendor = (
        vendor_numbered(rows, tax_id)
        or unnumbered(rows, name, iban, has_number=bool(tax_id))
        or Vendor(business_id=business_id)
    )
    vendor.name, vendor.updated_at = name, at
    vendor.tax_id, vendor.iban = tax_id or vendor.tax_id, iban or vendor.iban
    vendor.domain = telling_domain(judging.domains, name) or vendor.domain
    vendor.save()


def forget(document: Document, taught: Mapping[str, Any]) -> None:
    """Forget the vendor of a document that is verified no more, where no other verified one is of that vendor."""
    rows = Vendor.objects.filter(business_id=document.business_id)
    name, iban = taught["vendor_name"] or "", compact(taught["vendor_iban"])
    tax_id = compact(taught["vendor_tax_id"])[: schema.LONGEST]
    vendor = vendor_numbered(rows, tax_id) or unnumbered(rows, name, iban, has_number=bool(tax_id))
    others = Document.objects.filter(business_id=document.business_id, verified_at__isnull=False)
    marks = others.exclude(pk=document.pk).values_list(*(f"verified_data__{mark}" for mark in TAUGHT))
    if vendor is not None and not any(is_taught_by(vendor, *each) for each in marks.iterator()):
        vendor.delete()


def is_taught_by(vendor: Vendor, name: str | None, tax_id: str | None, iban: str | None) -> bool:
    """Return whether what a person verified names a vendor, by any of its marks."""
    is_iban = bool(vendor.iban) and compact(iban) == vendor.iban
    return is_iban or same_number(tax_id, vendor.tax_id) or name_key(name) == name_key(vendor.name)


def unnumbered(rows: QuerySet[Vendor], name: str, iban: str, *, has_number: bool) -> Vendor | None:
    """Return the vendor of a paper by its IBAN or name; one with a tax number only for a paper that has none."""
    rows = rows.filter(tax_id="") if has_number else rows
    same = rows.filter(iban=iban).order_by("pk")[:2] if iban else rows.none()
    if len(found := list(same)) == 1 and (not found[0].tax_id or name_key(found[0].name) == name_key(name)):
        return found[0]
    return rows.filter(name=name).order_by("pk").first()
